import {
  argumentError,
  JsonWebTokenError,
  refusal,
  signingError,
  TokenExpiredError,
  type Expectations,
  NotBeforeError,
  withCode,
} from './errors.js';
import { native, type NativeSign, type NativeVerify } from './native.js';
import {
  ALGORITHM_RULE,
  checkOptions,
  expectationsOf,
  KEY_RULES,
  openSigner,
  openVerifier,
  POLICY_RULES,
  timeSpan,
  withKeys,
  type Algorithm,
  type KeyOptions,
  type PolicyOptions,
  type Rule,
} from './options.js';

/** The claims of a token (RFC 7519 section 4). Times are seconds since 1970, fractions allowed. */
export interface JwtPayload {
  iss?: string | undefined;
  sub?: string | undefined;
  aud?: string | string[] | undefined;
  exp?: number | undefined;
  nbf?: number | undefined;
  iat?: number | undefined;
  jti?: string | undefined;
  // `any`, as in @types/jsonwebtoken: code written against it compiles on.
  [claim: string]: any;
}

/** The header of a token (RFC 7515 section 4). */
export interface JwtHeader {
  alg: string;
  typ?: string | undefined;
  kid?: string | undefined;
  [member: string]: any;
}

/** A token taken apart, not verified. */
export interface DecodedJwt {
  header: JwtHeader;
  payload: JwtPayload;
  /** The third segment as it stands, base64url. */
  signature: string;
}

/** The options of {@link createVerifier}. */
export interface VerifierOptions extends KeyOptions, PolicyOptions {}

/**
 * Verifies a token.
 *
 * @param token - the token alone, without `Bearer `
 * @param now - the time to check against, in seconds since 1970; default: the system clock, whole seconds
 * @returns the payload, a fresh object each time
 * @throws {@link JsonWebTokenError} or one of its subclasses, with a stable `code`
 */
export type Verifier = (token: string, now?: number) => JwtPayload;

/** The claims that a signer adds, worded as in `jsonwebtoken`. */
export interface SignOptions {
  /** Sets `exp`: that many seconds after `iat` (an integer), or a time span such as `'1h'` as `ms` reads it. */
  expiresIn?: number | string | undefined;
  /** Sets `nbf`: that many seconds after `iat` (an integer), or a time span such as `'10s'`. */
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
}

/**
 * Signs claims. They are not changed; `iat` is set to the system clock where they have none.
 *
 * @param claims - a plain object; each claim as `JSON.stringify` writes it
 * @param overrides - take the place of the signer's own options, for this token
 * @returns the token
 * @throws Error or TypeError with a stable `code`, worded as in `jsonwebtoken`
 */
export type Signer = (claims: object, overrides?: SignOptions) => string;

const SPAN: Rule = [
  (value) => Number.isInteger(value) || (typeof value === 'string' && !Number.isNaN(timeSpan(value))),
  'an integer number of seconds, or a time span such as "1h"',
];
const STRING: Rule = [(value) => typeof value === 'string', 'a string'];

/** The checks of {@link SignOptions}. */
const SIGN_RULES: Readonly<Record<keyof SignOptions, Rule>> = {
  expiresIn: SPAN,
  notBefore: SPAN,
  issuer: STRING,
  audience: [
    (value) => [value].flat().every((audience) => typeof audience === 'string'),
    'a string or an array of strings',
  ],
  subject: STRING,
  jwtid: STRING,
  keyid: STRING,
  noTimestamp: [(value) => typeof value === 'boolean', 'a boolean'],
};

/** The claims that an option stands for, in the order in which the reference writes them. */
const OPTION_CLAIMS = [
  ['audience', 'aud'],
  ['issuer', 'iss'],
  ['subject', 'sub'],
  ['jwtid', 'jti'],
] as const;

const TIME_CLAIMS = ['iat', 'exp', 'nbf'] as const;

const clock = (): number => Math.floor(Date.now() / 1000);

/**
 * Makes a verifier from a secret and what a token must fulfil. Its keys live in native memory.
 *
 * @example
 * ```ts
 * const verify = createVerifier({ secret: process.env.JWT_AUTH_SECRET!, issuer: 'https://login.example' });
 * const { sub } = verify(token);
 * ```
 * @throws TypeError naming the option that is unknown or of the wrong type
 */
export function createVerifier(options: VerifierOptions): Verifier {
  checkOptions('createVerifier', options, { ...KEY_RULES, ...POLICY_RULES });
  return verifyWith(
    withKeys('createVerifier', options, (keys) => openVerifier(keys, options)),
    expectationsOf(options),
  );
}

/** Apart from `createVerifier`, so that what it returns does not hold on to the options, and so to the secret. */
function verifyWith(verify: NativeVerify, expected: Expectations): Verifier {
  return (token, now = clock()) => {
    // NaN would compare false with any `exp`, and so let an expired token pass.
    if (!Number.isFinite(now)) throw argumentError('now must be a finite number of seconds since 1970');
    const result = verify(token, now);
    if (typeof result !== 'string') throw refusal(token, result, expected);
    return JSON.parse(result) as JwtPayload;
  };
}

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
  checkOptions('createSigner', options, { ...KEY_RULES, ...SIGN_RULES, algorithm: ALGORITHM_RULE });
  const { secret, jwks, algorithm, ...defaults } = options;
  const sign = withKeys('createSigner', { secret, jwks }, (keys) => openSigner(keys, algorithm));
  return signWith(sign, defaults);
}

/** A {@link Signer} over a native one; `defaults` are checked. */
export function signWith(sign: NativeSign, defaults: SignOptions): Signer {
  return (claims, overrides) => {
    let options = defaults;
    if (overrides !== undefined) {
      checkOptions('sign', overrides, SIGN_RULES);
      options = { ...defaults, ...overrides };
    }
    const text = JSON.stringify(claimsToSign(claims, options)) as string | undefined;
    const result = sign(text ?? '', options.keyid);
    if (typeof result !== 'string') throw signingError(result);
    return result;
  };
}

/** The claims that go into the token, as `jsonwebtoken` makes them: same members, same order, same conflicts. */
export function claimsToSign(claims: object, options: SignOptions): object {
  if (claims === undefined) throw withCode(new Error('payload is required'), 'CLAIMS_NOT_OBJECT');
  if (!isPlainObject(claims)) {
    throw withCode(new Error('Expected "payload" to be a plain object.'), 'CLAIMS_NOT_OBJECT');
  }
  const payload: { [claim: string]: any } = { ...claims };
  for (const name of TIME_CLAIMS) {
    if (name in payload && !Number.isFinite(payload[name])) {
      throw withCode(new Error(`"${name}" should be a number of seconds`), 'CLAIM_TYPE');
    }
  }
  const { expiresIn, notBefore } = options;
  if (expiresIn !== undefined && payload.exp !== undefined) throw conflict('expiresIn', 'option the', 'exp');
  if (notBefore !== undefined && payload.nbf !== undefined) throw conflict('notBefore', 'option the', 'nbf');
  const issuedAt = payload.iat || clock();
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

/** `start` plus a checked time span, whole seconds where it was given as text. */
function after(start: number, span: number | string): number {
  return typeof span === 'number' ? start + span : Math.floor(start + timeSpan(span));
}

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

/**
 * Takes a token apart. Nothing is verified: never trust what it returns.
 *
 * @returns header, payload and signature; null where they cannot be read
 */
export async function decodeToken(token: string): Promise<DecodedJwt | null> {
  return decode(token);
}

function decode(token: string): DecodedJwt | null {
  const parts = typeof token === 'string' ? native.decode(token) : null;
  if (parts === null) return null;
  return {
    header: JSON.parse(parts.header) as JwtHeader,
    payload: JSON.parse(parts.payload) as JwtPayload,
    signature: parts.signature,
  };
}

/**
 * The issuer (`iss`) of a decoded token.
 *
 * @throws Error `Invalid token` where there is none, `Invalid token payload` where the payload is no object,
 * `Invalid token header` where it has no `iss` (the words of `@mastra/auth`)
 */
export function getTokenIssuer(decoded: DecodedJwt | JwtPayload | null | undefined): string {
  if (!decoded) throw new Error('Invalid token');
  const payload: unknown = decoded.payload;
  if (!payload || typeof payload !== 'object') throw new Error('Invalid token payload');
  const { iss } = payload as JwtPayload;
  if (!iss) throw new Error('Invalid token header');
  return iss;
}

/**
 * Verifies a token with a shared secret. For more than a few tokens, {@link createVerifier} prepares the key once.
 *
 * @throws Error `Invalid token` where the token cannot be decoded; else {@link JsonWebTokenError}
 */
export async function verifyHmac(token: string, secret: string | Uint8Array): Promise<JwtPayload> {
  requireDecodable(token);
  if (!secret) throw withCode(new JsonWebTokenError('secret or public key must be provided'), 'NO_KEYS');
  return createVerifier({ secret })(token);
}

function requireDecodable(token: string): void {
  if (decode(token) === null) throw withCode(new Error('Invalid token'), 'TOKEN_FORMAT');
}

type KeyFinder = ReturnType<(typeof import('jose'))['createRemoteJWKSet']>;

/** Key sets by address, oldest first. Bounded, so that addresses taken from tokens cannot fill the memory. */
const keyFinders = new Map<string, KeyFinder>();
const MAX_KEY_FINDERS = 100;

/**
 * Verifies a token with the public keys at an address (RFC 7517), fetched when needed and cached.
 * Needs the dependency `jose`, which is loaded on first use.
 *
 * @param jwksUri - the address of the JSON Web Key Set; never take it from the token itself
 * @throws Error `Invalid token` where the token cannot be decoded; {@link JsonWebTokenError} or a subclass where it is
 * refused; the error of `jose` where the keys cannot be had
 */
export async function verifyJwks(token: string, jwksUri: string | URL): Promise<JwtPayload> {
  requireDecodable(token);
  const { createRemoteJWKSet, errors, jwtVerify } = await import('jose');
  const address = String(jwksUri);
  let finder = keyFinders.get(address);
  if (finder === undefined) {
    finder = createRemoteJWKSet(new URL(address));
    const [oldest] = keyFinders.keys();
    if (keyFinders.size >= MAX_KEY_FINDERS && oldest !== undefined) keyFinders.delete(oldest);
    keyFinders.set(address, finder);
  }
  try {
    return (await jwtVerify(token, finder)).payload as JwtPayload;
  } catch (error) {
    throw reworded(error, errors);
  }
}

/** A refusal of `jose` in the words of `jsonwebtoken`; any other error as it is. */
function reworded(error: unknown, errors: (typeof import('jose'))['errors']): unknown {
  if (error instanceof errors.JWTExpired) {
    return withCode(
      new TokenExpiredError('jwt expired', new Date(Number(error.payload.exp) * 1000)),
      'EXPIRED',
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'check_failed' && error.claim === 'nbf') {
      return withCode(
        new NotBeforeError('jwt not active', new Date(Number(error.payload.nbf) * 1000)),
        'NOT_YET_VALID',
      );
    }
    return withCode(new JsonWebTokenError(`invalid ${error.claim} value`, error), 'CLAIM_MALFORMED');
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return withCode(new JsonWebTokenError('invalid signature'), 'SIGNATURE');
  }
  if (error instanceof errors.JOSENotSupported) {
    return withCode(new JsonWebTokenError('invalid algorithm', error), 'ALGORITHM');
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return withCode(new JsonWebTokenError('invalid token', error), 'CLAIMS_JSON');
  }
  return error;
}
