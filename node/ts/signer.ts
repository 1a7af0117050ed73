import { ALGORITHMS, type Algorithm } from './algorithms.js';
import type { BackendSign, Failure } from './backend/backend.js';
import { signingError, withCode } from './errors.js';
import { KEY_RULES, keysOf, openSigner, type KeyOptions } from './keys.js';
import {
  BOOLEAN,
  BYTES,
  isObject,
  readList,
  readOptions,
  readText,
  TEXT,
  toJson,
  type Read,
  type Rule,
} from './options.js';
import { clock, timeSpan } from './time.js';

/** The claims that a signer adds, worded as in `jsonwebtoken`. */
export interface SignOptions {
  /** Sets `exp`: that many whole seconds after `iat`, or a time span with a unit such as `'1h'`. */
  expiresIn?: number | string | undefined;
  /**
   * Sets `nbf`: that many whole seconds after `iat`, or a time span with a unit such as `'10s'`.
   */
  notBefore?: number | string | undefined;
  /** Sets `iss`. */
  issuer?: string | undefined;
  /** Sets `aud`. */
  audience?: string | readonly string[] | undefined;
  /** Sets `sub`. */
  subject?: string | undefined;
  /** Sets `jti`. */
  jwtid?: string | undefined;
  /** Sets the header's `kid`, instead of the key's own. */
  keyid?: string | undefined;
  /** Leaves `iat` out, also one in the claims. Default: false. */
  noTimestamp?: boolean | undefined;
}

/** The options of {@link createSigner}. */
export interface SignerOptions extends KeyOptions, SignOptions {
  /** Default: the `alg` of the key's JWK, else HS256. */
  algorithm?: Algorithm | undefined;
  /**
   * The longest token to make, in bytes, 1 to 16777216. Default: 16384, as much as a verifier takes
   * by default.
   */
  maxTokenBytes?: number | undefined;
}

/** Signs claims. They are not changed; `iat` is set to the system clock where they have none. */
export interface Signer {
  /**
   * @param claims - a plain object; each claim as `JSON.stringify` writes it
   * @param overrides - take the place of the signer's own options, for this token; what is not an
   *   object is ignored
   * @returns the token
   * @throws Error or TypeError with a stable `code`, worded as in `jsonwebtoken`
   */
  (claims: object, overrides?: SignOptions): string;
  /** As `map` of an array calls it: by the signer's own options. */
  (claims: object, index: number, list: readonly object[]): string;
}

/**
 * A time span in seconds; `text` where it was given as text, and the claim is then cut to whole
 * seconds.
 */
interface Span {
  readonly seconds: number;
  readonly text: boolean;
}

const SPAN: Rule<Span> = {
  mustBe: 'a whole number of seconds, or a time span with a unit such as "1h"',
  read: (value) => {
    const seconds = timeSpan(value);
    const text = typeof value === 'string';
    return seconds !== undefined && (text || Number.isInteger(seconds)) ? { seconds, text } : undefined;
  },
};

/** The rules of {@link SignOptions}. */
const SIGN_RULES = {
  expiresIn: SPAN,
  notBefore: SPAN,
  issuer: TEXT,
  audience: {
    mustBe: 'a string of well-formed text, or an array of such',
    read: (value: unknown) => readText(value) ?? readList(value, readText),
  },
  subject: TEXT,
  jwtid: TEXT,
  keyid: {
    mustBe: 'a non-empty string of well-formed text',
    read: (value: unknown) => readText(value) || undefined,
  },
  noTimestamp: BOOLEAN,
} as const satisfies Record<keyof SignOptions, Rule<unknown>>;

const SIGNER_RULES = {
  ...KEY_RULES,
  ...SIGN_RULES,
  algorithm: {
    mustBe: `one of ${ALGORITHMS.map((name) => `"${name}"`).join(', ')}`,
    read: (value: unknown) => ALGORITHMS.find((name) => name === value),
  },
  maxTokenBytes: BYTES,
} as const satisfies Record<keyof SignerOptions, Rule<unknown>>;

const SIGN_OPTIONS = Object.keys(SIGN_RULES) as (keyof SignOptions)[];

/** {@link SignOptions} that were read. */
export type Additions = Read<typeof SIGN_RULES>;

/** The claims that an option means, in the order in which the reference writes them. */
const OPTION_CLAIMS = [
  ['audience', 'aud'],
  ['issuer', 'iss'],
  ['subject', 'sub'],
  ['jwtid', 'jti'],
] as const;

const TIME_CLAIMS = ['iat', 'exp', 'nbf'] as const;

/**
 * Makes a signer from a secret. Its key lives in native memory.
 *
 * @example
 * ```ts
 * const sign = createSigner({ secret: process.env.JWT_AUTH_SECRET!, expiresIn: '1h' });
 * const token = sign({ sub: 'user-1' });
 * ```
 * @throws TypeError naming the option that is unknown or of the wrong type
 */
export function createSigner(options: SignerOptions): Signer {
  const given = readOptions('createSigner', options, SIGNER_RULES);
  const { secret: _secret, jwks: _jwks, algorithm, maxTokenBytes, ...rest } = given;
  const keys = keysOf('createSigner', given);
  const { sign } = openSigner('createSigner', keys, algorithm, true, maxTokenBytes);
  return signWith(sign, rest);
}

/** A {@link Signer} over one of the backend. */
export function signWith(sign: BackendSign, defaults: Additions): Signer {
  const own = additions(defaults);
  const named = namedClaims(own);
  return (claims: object, overrides?: unknown): string => {
    // The second argument is often not meant for us: `list.map(sign)` passes an index.
    if (!isObject(overrides)) return signed(sign(claimsText(claims, own, named), own.keyid));
    const options = additions(own, readOptions('sign', overrides, SIGN_RULES));
    return signed(sign(claimsText(claims, options), options.keyid));
  };
}

/**
 * Options, of which the later win. Each is there, if only as undefined: none is looked for on
 * `Object.prototype`.
 */
function additions(...given: Additions[]): Additions {
  const all = Object.assign(Object.create(null) as object, ...given) as Additions;
  return Object.fromEntries(SIGN_OPTIONS.map((name) => [name, all[name]])) as Additions;
}

function signed(result: string | Failure): string {
  if (typeof result !== 'string') throw signingError(result);
  return result;
}

/**
 * The claims of options that are the same in every token, as members of JSON with a comma before
 * each.
 */
const namedClaims = (options: Additions): string =>
  OPTION_CLAIMS.filter(([name]) => options[name] !== undefined)
    .map(([name, claim]) => `,"${claim}":${toJson(options[name])}`)
    .join('');

/**
 * The JSON of the claims that go into the token, as `jsonwebtoken` makes it: same members, order
 * and conflicts.
 */
export function claimsText(claims: object, options: Additions, named = namedClaims(options)): string {
  if (claims === undefined) throw withCode(new Error('payload is required'), 'CLAIMS_NOT_OBJECT');
  if (!isPlainObject(claims)) {
    throw withCode(new Error('Expected "payload" to be a plain object.'), 'CLAIMS_NOT_OBJECT');
  }
  if ('toJSON' in claims && typeof claims.toJSON === 'function') {
    throw withCode(
      new Error('the claims have a method toJSON, which would sign something else'),
      'CLAIMS_NOT_OBJECT',
    );
  }
  const { expiresIn, notBefore, noTimestamp } = options;
  if (!isOrdinary(claims, options, named)) return stringify(merged(claims, options));
  // Nothing in the claims is changed: they need not be copied, and what is added comes last.
  const given = 'iat' in claims && Object.hasOwn(claims, 'iat') ? (claims.iat as number) : undefined;
  const issuedAt = given ?? clock();
  let added = given === undefined && noTimestamp !== true ? `,"iat":${issuedAt}` : '';
  if (notBefore !== undefined) added += `,"nbf":${after(issuedAt, notBefore)}`;
  if (expiresIn !== undefined) added += `,"exp":${after(issuedAt, expiresIn)}`;
  added += named;
  const text = stringify(claims);
  if (added === '') return text;
  return text === '{}' ? `{${added.slice(1)}}` : `${text.slice(0, -1)}${added}}`;
}

type Claims = { [claim: string]: any };

/**
 * Whether no claim is to be changed, taken away or refused. `in` is asked first, since it is the
 * cheaper question.
 */
function isOrdinary(claims: Claims, options: Additions, named: string): boolean {
  const { expiresIn, notBefore, noTimestamp } = options;
  if (
    'iat' in claims &&
    Object.hasOwn(claims, 'iat') &&
    (noTimestamp || !claims.iat || !Number.isFinite(claims.iat))
  )
    return false;
  if ('exp' in claims && Object.hasOwn(claims, 'exp') && (expiresIn || !Number.isFinite(claims.exp)))
    return false;
  if ('nbf' in claims && Object.hasOwn(claims, 'nbf') && (notBefore || !Number.isFinite(claims.nbf)))
    return false;
  return (
    named === '' ||
    !OPTION_CLAIMS.some(([name, claim]) => options[name] !== undefined && Object.hasOwn(claims, claim))
  );
}

function merged(claims: object, options: Additions): object {
  // Without a prototype: nobody's `toJSON` or claim is on it.
  const payload = written(() => ({ __proto__: null, ...claims }) as Claims);
  for (const name of TIME_CLAIMS) {
    if (name in payload && !Number.isFinite(payload[name])) {
      throw withCode(new Error(`"${name}" should be a number of seconds`), 'CLAIM_TYPE');
    }
  }
  const { expiresIn, notBefore } = options;
  if (expiresIn !== undefined && payload.exp !== undefined) throw conflict('expiresIn', 'option the', 'exp');
  if (notBefore !== undefined && payload.nbf !== undefined) throw conflict('notBefore', 'option the', 'nbf');
  const issuedAt: number = payload.iat || clock();
  if (options.noTimestamp) delete payload.iat;
  else payload.iat = issuedAt;
  if (notBefore !== undefined) payload.nbf = after(issuedAt, notBefore);
  if (expiresIn !== undefined) payload.exp = after(issuedAt, expiresIn);
  for (const [name, claim] of OPTION_CLAIMS) {
    const value = options[name];
    if (value === undefined) continue;
    if (payload[claim] !== undefined) throw conflict(name, 'option. The', claim);
    payload[claim] = value;
  }
  return payload;
}

const stringify = (claims: object): string => written(() => JSON.stringify(claims));

/**
 * What `write` makes, or an error with a code: of a BigInt, of an object that contains itself, or
 * of what a claim throws.
 */
function written<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw withCode(
      new TypeError(`the claims cannot be written as JSON: ${reason}`, { cause }),
      'CLAIMS_NOT_OBJECT',
    );
  }
}

/** `start` plus a time span, whole seconds where it was given as text. */
const after = (start: number, { seconds, text }: Span): number =>
  text ? Math.floor(start + seconds) : start + seconds;

/** True for what a literal, `JSON.parse` or `Object.create(null)` makes, also in another realm. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const conflict = (option: string, words: string, claim: string): Error =>
  withCode(
    new Error(`Bad "options.${option}" ${words} payload already has an "${claim}" property.`),
    'INVALID_ARGUMENT',
  );
