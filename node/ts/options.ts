/**
 * The options that verifying and signing share: their types, their checks, and their translation for the addon.
 */
import { types } from 'node:util';
import ms from 'ms';
import { argumentError, withCode, type Expectations } from './errors.js';
import { native, type NativeKey, type NativePolicy, type NativeSign, type NativeVerify } from './native.js';

/** The algorithms of a shared secret (RFC 7518 section 3.2). */
export type Algorithm = 'HS256' | 'HS384' | 'HS512';

/** A shared secret: text (its UTF-8 bytes are the key) or bytes. At least 32 random bytes for HS256. */
export type Secret = string | Uint8Array;

/** One of several secrets. */
export interface SecretKey {
  /** The key's id. A token that names a `kid` is checked with that key alone (RFC 7515 section 4.1.4). */
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

/** A JSON Web Key Set (RFC 7517 section 5). Keys other than `oct` are left aside. */
export interface OctJsonWebKeySet {
  keys: (OctJsonWebKey | { kty: string; [member: string]: unknown })[];
  [member: string]: unknown;
}

/** Where the keys come from: `secret`, `jwks`, or both. */
export interface KeyOptions {
  /** One secret, or several for rotation: the first signs, each verifies. */
  secret?: Secret | SecretKey | readonly SecretKey[] | undefined;
  /** A JSON Web Key Set of `oct` keys, as an object or as its JSON text. Its keys stand after those of `secret`. */
  jwks?: OctJsonWebKeySet | string | undefined;
}

/** What a token must fulfil besides a good signature, `exp` and `nbf`. */
export interface PolicyOptions {
  /** The algorithms that are accepted. Default: HS256, HS384 and HS512. */
  algorithms?: readonly Algorithm[] | undefined;
  /** The `iss` that is accepted, or several of which one must match (RFC 7519 section 4.1.1). */
  issuer?: string | readonly string[] | undefined;
  /** The `aud` that is accepted, or several; one match suffices (RFC 7519 section 4.1.3). */
  audience?: string | readonly string[] | undefined;
  /** The `sub` that is accepted (RFC 7519 section 4.1.2). */
  subject?: string | undefined;
  /** The `jti` that is accepted (RFC 7519 section 4.1.7). */
  jwtid?: string | undefined;
  /** The header's `typ` that is accepted, such as `at+jwt` (RFC 7515 section 4.1.9). Default: any. */
  typ?: string | undefined;
  /** How far clocks may be apart, in whole seconds, 0 to 86400. Default: 0. */
  clockTolerance?: number | undefined;
  /** The greatest age by `iat`: whole seconds, or a time span such as `'1h'`. `iat` is then required. Default: no limit. */
  maxTokenAge?: number | string | undefined;
  /** Claims that must be there, such as `['exp', 'sub']`. Default: none. */
  requiredClaims?: readonly string[] | undefined;
  /** Refuse a token whose `iat` lies ahead. Default: false. */
  checkIat?: boolean | undefined;
}

/** How one option is checked: the test, and what the error says it must be. */
export type Rule = readonly [test: (value: unknown) => boolean, mustBe: string];

const ALGORITHMS: readonly Algorithm[] = ['HS256', 'HS384', 'HS512'];
const MAX_TOLERANCE = 86_400;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);
const isWhole = (value: unknown): value is number => Number.isInteger(value);
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isSecret = (value: unknown): boolean => typeof value === 'string' || types.isUint8Array(value);
const isSecretKey = (value: unknown): boolean =>
  isObject(value) &&
  'secret' in value &&
  isSecret(value.secret) &&
  Object.keys(value).every((key) => key === 'secret' || key === 'kid') &&
  (!('kid' in value) || value.kid === undefined || typeof value.kid === 'string');

const TEXT: Rule = [isText, 'a non-empty string'];
const TEXT_OR_TEXTS: Rule = [
  (value) => isText(value) || isTexts(value),
  'a non-empty string, or a non-empty array of such',
];

/** The checks of {@link KeyOptions}. */
export const KEY_RULES: Readonly<Record<keyof KeyOptions, Rule>> = {
  secret: [
    (value) => isSecret(value) || isSecretKey(value) || (Array.isArray(value) && value.every(isSecretKey)),
    'a string, a Uint8Array, { kid?, secret }, or an array of { kid?, secret }',
  ],
  jwks: [
    (value) => isText(value) || (isObject(value) && 'keys' in value && Array.isArray(value.keys)),
    'a JSON Web Key Set: { keys: [...] } or its JSON text',
  ],
};

/** The checks of {@link PolicyOptions}. */
export const POLICY_RULES: Readonly<Record<keyof PolicyOptions, Rule>> = {
  algorithms: [
    (value) => isTexts(value) && (value as string[]).every((name) => (ALGORITHMS as string[]).includes(name)),
    'a non-empty array of "HS256", "HS384" and "HS512"',
  ],
  issuer: TEXT_OR_TEXTS,
  audience: TEXT_OR_TEXTS,
  subject: TEXT,
  jwtid: TEXT,
  typ: TEXT,
  clockTolerance: [
    (value) => isWhole(value) && value >= 0 && value <= MAX_TOLERANCE,
    `a whole number of seconds from 0 to ${MAX_TOLERANCE}`,
  ],
  maxTokenAge: [
    (value) => {
      const seconds = typeof value === 'number' || typeof value === 'string' ? timeSpan(value) : NaN;
      return isWhole(seconds) && seconds > 0;
    },
    'a whole number of seconds above 0, or a time span such as "1h"',
  ],
  requiredClaims: [isTexts, 'a non-empty array of claim names'],
  checkIat: [isBoolean, 'a boolean'],
};

/** The rule of an option that is `HS256`, `HS384` or `HS512`. */
export const ALGORITHM_RULE: Rule = [
  (value) => (ALGORITHMS as unknown[]).includes(value),
  '"HS256", "HS384" or "HS512"',
];

/** A time span in seconds: a number as it is, a string as `ms` reads it. NaN where it is neither. */
export function timeSpan(value: number | string): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  const milliseconds: number | undefined = value === '' ? undefined : ms(value as ms.StringValue);
  return milliseconds === undefined ? NaN : milliseconds / 1000;
}

/**
 * Checks an options object: a TypeError names the first option that is unknown or of the wrong type.
 * `undefined` is as good as absent, everywhere.
 */
export function checkOptions(owner: string, options: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (!isObject(options)) throw argumentError(`${owner}: the options must be an object`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    throw argumentError(`${owner}: unknown option "${unknown}"; known are ${Object.keys(rules).join(', ')}`);
  }
  // Inherited ones too, for they are read the same way.
  for (const [name, [test, mustBe]] of Object.entries(rules)) {
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined && !test(value))
      throw argumentError(`${owner}: option "${name}" must be ${mustBe}`);
  }
}

/** The keys as the addon takes them. `secrets` are copies, wiped after use. */
interface NativeKeys {
  keys: NativeKey[];
  jwks?: string;
}

/**
 * Hands checked key options to the addon, and wipes the copies that this took. What `use` makes keeps the keys in
 * native memory; nothing on the JavaScript side holds them on.
 */
export function withKeys<T>(owner: string, options: KeyOptions, use: (keys: NativeKeys) => T): T {
  const { secret, jwks } = options;
  const list =
    secret === undefined ? [] : isSecret(secret) ? [{ secret: secret as Secret }] : [secret].flat();
  if (list.length === 0 && jwks === undefined) {
    throw withCode(new Error(`${owner}: a secret or jwks is required`), 'NO_KEYS');
  }
  const keys = (list as SecretKey[]).map(({ kid, secret: value }): NativeKey => {
    const copy = typeof value === 'string' ? new TextEncoder().encode(value) : Uint8Array.from(value);
    return kid === undefined ? { secret: copy } : { secret: copy, kid };
  });
  try {
    if (keys.some((key) => key.secret.length === 0)) {
      throw withCode(new Error(`${owner}: a secret is empty`), 'KEY_TOO_SHORT');
    }
    if (jwks === undefined) return use({ keys });
    return use({ keys, jwks: typeof jwks === 'string' ? jwks : JSON.stringify(jwks) });
  } finally {
    for (const key of keys) key.secret.fill(0);
  }
}

let warned = false;

/** Warns once per process of a secret shorter than its algorithm's hash output (RFC 7518 section 3.2). */
function warnOfShortKey(): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    'A JWT secret is shorter than the hash output of its algorithm (RFC 7518 section 3.2: 32 bytes for HS256), so it ' +
      'can be guessed from a single token. Make one with: npx mastra-jwt secret',
    { type: 'SecurityWarning', code: 'MJWT_SHORT_SECRET' },
  );
}

/** Builds the native verifier of checked options. */
export function openVerifier(keys: NativeKeys, options: PolicyOptions): NativeVerify {
  const policy: { -readonly [name in keyof NativePolicy]: NativePolicy[name] } = {
    algorithms: options.algorithms ?? ALGORITHMS,
  };
  if (options.issuer !== undefined) policy.issuer = [options.issuer].flat();
  if (options.audience !== undefined) policy.audience = [options.audience].flat();
  if (options.subject !== undefined) policy.subject = options.subject;
  if (options.jwtid !== undefined) policy.jwtId = options.jwtid;
  if (options.typ !== undefined) policy.type = options.typ;
  if (options.clockTolerance !== undefined) policy.leeway = options.clockTolerance;
  if (options.maxTokenAge !== undefined) policy.maxAge = timeSpan(options.maxTokenAge);
  if (options.requiredClaims !== undefined) policy.requiredClaims = options.requiredClaims;
  if (options.checkIat !== undefined) policy.checkIat = options.checkIat;
  const { verify, hasShortKey } = native.createVerifier({ ...keys, ...policy, allowShortKeys: true });
  if (hasShortKey) warnOfShortKey();
  return verify;
}

/** Builds the native signer of checked options: the first key signs. */
export function openSigner(keys: NativeKeys, algorithm: Algorithm | undefined): NativeSign {
  const [key] = keys.keys;
  const { sign, hasShortKey } = native.createSigner({
    ...(key !== undefined ? { key } : keys.jwks !== undefined && { jwks: keys.jwks }),
    ...(algorithm !== undefined && { algorithm }),
    allowShortKeys: true,
  });
  if (hasShortKey) warnOfShortKey();
  return sign;
}

/** The expectations as the reference's messages join them. */
export function expectationsOf(options: PolicyOptions): Expectations {
  return {
    issuer: [options.issuer ?? []].flat().join(','),
    audience: [options.audience ?? []].flat().join(' or '),
    subject: options.subject ?? '',
    jwtid: options.jwtid ?? '',
  };
}
