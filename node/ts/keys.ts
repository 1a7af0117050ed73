/** The options that say where keys come from, and how they reach the backend. */
import { backend } from '#backend';
import type { Algorithm } from './algorithms.js';
import type { BackendSign, BackendVerify, Failure } from './backend/backend.js';
import { warnOnce } from './environment.js';
import { withCode } from './errors.js';
import {
  documentsOf,
  isObject,
  NO_POLICY,
  optionError,
  optionOf,
  readList,
  readText,
  toJson,
  unknownOption,
  type Policy,
  type Rule,
} from './options.js';
import { clock } from './time.js';

/**
 * A shared secret: text (its UTF-8 bytes are the key) or bytes. At least 32 random bytes for HS256.
 */
export type Secret = string | Uint8Array;

/** One of several secrets. */
export interface SecretKey {
  /**
   * The key's id. A token that names a `kid` is checked with that key alone (RFC 7515 section
   * 4.1.4).
   */
  kid?: string | undefined;
  /** The secret itself. */
  secret: Secret;
}

/** A symmetric JSON Web Key (RFC 7517, RFC 7518 section 6.4). */
export interface OctJsonWebKey {
  kty: 'oct';
  /** The secret, base64url. */
  k: string;
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  [member: string]: unknown;
}

/** A JSON Web Key Set (RFC 7517 section 5). Keys other than `oct` are passed over. */
export interface OctJsonWebKeySet {
  keys: (OctJsonWebKey | { kty: string; [member: string]: unknown })[];
  [member: string]: unknown;
}

/** Where the keys come from: `secret`, `jwks`, or both. */
export interface KeyOptions {
  /** One secret, or several for rotation: the first signs, each verifies. */
  secret?: Secret | SecretKey | readonly SecretKey[] | undefined;
  /**
   * A JSON Web Key Set of `oct` keys, as an object or as its JSON text. Its keys come after those
   * of `secret`.
   */
  jwks?: OctJsonWebKeySet | string | undefined;
}

/** A secret as the caller gave it; never copied on the way. */
interface NamedSecret {
  readonly secret: Secret;
  readonly kid: string | undefined;
}

/**
 * The keys as the backend takes them. Only for the length of a call: nothing may hold them longer.
 */
export interface Keys {
  readonly secrets: readonly NamedSecret[];
  /** Pieces of one JSON text, so that no string is made of the keys in it; none for no set. */
  readonly jwks: readonly string[];
}

/**
 * The getter that names the kind of a typed array, of any realm; it cannot be faked, and moves no
 * bytes.
 */
const kindOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)?.get as (this: unknown) => string | undefined;

export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'string' ? value.isWellFormed() : kindOf.call(value) === 'Uint8Array';

const SECRET_KEY = { secret: true, kid: true };

function readSecretKey(value: unknown): NamedSecret | undefined {
  if (!isObject(value) || unknownOption(value, SECRET_KEY) !== undefined) return undefined;
  const secret = optionOf(value, 'secret');
  const kid = optionOf(value, 'kid');
  if (!isSecret(secret) || (kid !== undefined && readText(kid) === undefined)) return undefined;
  return { secret, kid: kid as string | undefined };
}

function readSecrets(value: unknown): NamedSecret[] | undefined {
  if (isSecret(value)) return [{ secret: value, kid: undefined }];
  if (Array.isArray(value)) return readList(value, readSecretKey);
  const key = readSecretKey(value);
  return key && [key];
}

/**
 * Whether text is of the characters of base64 or base64url. No regular expression: it would hold on
 * to the text.
 */
function isBase64(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isAlphanumeric =
      (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
    if (!isAlphanumeric && !(unit === 43 || unit === 45 || unit === 47 || unit === 61 || unit === 95))
      return false;
  }
  return true;
}

/** The members of a key that the core looks at, besides `k`. */
const JWK_MEMBERS = ['kty', 'kid', 'alg', 'use', 'key_ops'];

/** The JSON of a key set in pieces. Each `k` is a piece of its own: the caller's own string. */
function readJwks(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value !== '' && value.isWellFormed() ? [value] : undefined;
  const keys = isObject(value) ? readList(optionOf(value, 'keys'), (key) => [key]) : undefined;
  if (keys === undefined) return undefined;
  const pieces = ['{"keys":['];
  for (const [at, [key]] of keys.entries()) {
    if (at > 0) pieces.push(',');
    if (!isObject(key)) {
      pieces.push('null');
      continue;
    }
    // What JSON has no words for is of the wrong type, as any object would be.
    const members = JWK_MEMBERS.map((name) => [name, optionOf(key, name)]).filter(
      ([, it]) => it !== undefined,
    );
    pieces.push(`{${members.map(([name, it]) => `"${name as string}":${toJson(it) ?? '{}'}`).join(',')}`);
    const k = optionOf(key, 'k');
    if (k !== undefined) {
      pieces.push(members.length > 0 ? ',"k":' : '"k":');
      // What is not base64url is refused by any other name too.
      if (typeof k === 'string') pieces.push('"', isBase64(k) ? k : '!', '"');
      else pieces.push(toJson(k) ?? '{}');
    }
    pieces.push('}');
  }
  pieces.push(']}');
  return pieces;
}

/** The rules of {@link KeyOptions}. */
export const KEY_RULES = {
  secret: {
    mustBe: 'a string of well-formed text, a Uint8Array, { kid?, secret }, or an array of { kid?, secret }',
    read: readSecrets,
  },
  jwks: { mustBe: 'a JSON Web Key Set: { keys: [...] } or its JSON text', read: readJwks },
} as const satisfies Record<keyof KeyOptions, Rule<unknown>>;

/**
 * The keys of options that were read.
 *
 * @throws Error with code `MJWT_NO_KEYS` where there are none
 */
export function keysOf(
  owner: string,
  options: { readonly secret?: NamedSecret[]; readonly jwks?: string[] },
): Keys {
  const { secret: secrets = [], jwks = [] } = options;
  if (secrets.length === 0 && jwks.length === 0) {
    throw withCode(new Error(`${owner}: a secret or jwks is required`), 'NO_KEYS');
  }
  warnOfSuspect(secrets.map(({ secret }) => secret));
  return { secrets, jwks };
}

const isSpace = (unit: number): boolean =>
  unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit === 0xa0 || unit === 0xfeff;
const QUOTES = ['"', "'", '`'].map((quote) => quote.charCodeAt(0));
const NOT_SECRETS = ['undefined', 'null'].map((text) => Array.from(text, (it) => it.charCodeAt(0)));

/**
 * Whether a secret looks as if it was read wrongly. Units are read one by one: nothing may copy or
 * hold on to it.
 */
function isSuspect(secret: Secret): boolean {
  const { length } = secret;
  const unit =
    typeof secret === 'string' ? (at: number) => secret.charCodeAt(at) : (at: number) => secret[at] ?? 0;
  let start = 0;
  if (typeof secret !== 'string') {
    const hasMark = unit(0) === 0xef && unit(1) === 0xbb && unit(2) === 0xbf;
    if (hasMark) start = 3;
    // Of random bytes, one in twenty begins or ends with what would be a space in text.
    for (let at = start; at < length; at++) {
      const it = unit(at);
      if (it > 0x7e || (it < 0x20 && !isSpace(it))) return false;
    }
    if (hasMark) return true;
  }
  if (length === 0) return false;
  const [first, last] = [unit(0), unit(length - 1)];
  if (isSpace(first) || isSpace(last)) return true;
  if (length > 1 && first === last && QUOTES.includes(first)) return true;
  return NOT_SECRETS.some((text) => text.length === length && text.every((it, at) => unit(at) === it));
}

/** Warns of a secret that was probably read wrongly. */
function warnOfSuspect(secrets: readonly Secret[]): void {
  if (!secrets.some(isSuspect)) return;
  warnOnce(
    'MJWT_SUSPECT_SECRET',
    'A JWT secret begins or ends with white space, is wrapped in quotes, or is the text "undefined" or "null". It is ' +
      'used as it is; if tokens are refused with "invalid signature", it was probably not read from its file or ' +
      'variable as it was meant to be.',
  );
}

/** Warns of a secret shorter than its algorithm's hash output. */
function warnOfShortKey(): void {
  warnOnce(
    'MJWT_SHORT_SECRET',
    'A JWT secret is shorter than the hash output of its algorithm (RFC 7518 section 3.2: 32 bytes for HS256), so it ' +
      'can be guessed from a single token. Make one with: npx mastra-jwt secret',
    'SecurityWarning',
  );
}

/** A verifier of the backend. `free` wipes its keys; it must not be used after that. */
export interface OpenVerifier {
  readonly verify: BackendVerify;
  readonly free: () => void;
}

/** A signer of the backend. */
export interface OpenSigner {
  readonly sign: BackendSign;
  readonly free: () => void;
}

/**
 * Makes a verifier of keys and options that were read. Its keys live in the backend's own memory.
 */
export function openVerifier(owner: string, { secrets, jwks }: Keys, policy: Policy): OpenVerifier {
  try {
    const opened = backend.createVerifier(
      secrets.map(({ secret }) => secret),
      secrets.map(({ kid }) => kid),
      jwks,
      documentsOf(policy),
    );
    if (opened.hasShortKey) warnOfShortKey();
    return opened;
  } catch (error) {
    throw optionError(owner, error, policy);
  }
}

/** Verifies once, by the system clock and without options. Nothing of the secret is kept. */
export function verifyOnce(owner: string, secret: Secret, token: unknown): string | Failure {
  warnOfSuspect([secret]);
  try {
    const [result, hasShortKey] = backend.verifyOnce(secret, documentsOf(NO_POLICY), token, clock());
    if (hasShortKey) warnOfShortKey();
    return result;
  } catch (error) {
    throw optionError(owner, error, undefined);
  }
}

/** Makes a signer of keys that were read: the first of them signs. */
export function openSigner(
  owner: string,
  { secrets: [first], jwks }: Keys,
  algorithm: Algorithm | undefined,
  allowShortKeys: boolean,
  maxTokenBytes: number | undefined,
): OpenSigner {
  try {
    const opened = backend.createSigner(
      first?.secret,
      first?.kid,
      first === undefined ? jwks : [],
      algorithm,
      allowShortKeys,
      maxTokenBytes,
    );
    if (opened.hasShortKey) warnOfShortKey();
    return opened;
  } catch (error) {
    throw optionError(owner, error, { maxTokenBytes: maxTokenBytes as number });
  }
}
