import type { BackendVerify } from './backend/backend.js';
import { refusal, type Expectations } from './errors.js';
import { KEY_RULES, keysOf, openVerifier, type KeyOptions } from './keys.js';
import {
  requirementsOf,
  isObject,
  POLICY_RULES,
  readOptions,
  type PolicyOptions,
  type Rule,
} from './options.js';
import { clock } from './time.js';

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

/** The options of {@link createVerifier}. */
export interface VerifierOptions extends KeyOptions, PolicyOptions {}

/** The options of one verification. */
export interface VerifyOptions {
  /** The time to check against, in seconds since 1970. Default: the system clock, whole seconds. */
  clockTimestamp?: number | undefined;
}

/**
 * Verifies a token.
 *
 * @typeParam T - the claims that you expect. It is a promise of yours to the compiler: require them
 *   with
 * `requiredClaims`, or check the payload.
 */
export interface Verifier<T extends object = JwtPayload> {
  /**
   * @param token - the token alone, without `Bearer `
   * @param options - what is not an object is ignored
   * @returns the payload, a fresh object each time
   * @throws {@link JsonWebTokenError} or one of its subclasses, with a stable `code`
   */
  (token: string, options?: VerifyOptions): T & JwtPayload;
  /** As `map` and `filter` of an array call it: by the system clock. */
  (token: string, index: number, tokens: readonly string[]): T & JwtPayload;
}

const VERIFIER_RULES = { ...KEY_RULES, ...POLICY_RULES };

const CALL_RULES = {
  clockTimestamp: {
    mustBe: 'a finite number of seconds since 1970',
    read: (value) => (Number.isFinite(value) ? (value as number) : undefined),
  } satisfies Rule<number>,
};

/**
 * Makes a verifier for any Node server. Its keys live in native memory.
 *
 * @example
 * ```ts
 * const verify = createVerifier({
 *   secret: process.env.JWT_AUTH_SECRET!,
 *   issuer: 'https://login.example',
 * });
 * const claims = verify(token);
 * ```
 * @throws TypeError naming the option that is unknown or of the wrong type
 */
export function createVerifier<T extends object = JwtPayload>(options: VerifierOptions): Verifier<T> {
  const given = readOptions('createVerifier', options, VERIFIER_RULES);
  const { verify } = openVerifier('createVerifier', keysOf('createVerifier', given), given);
  return verifyWith(verify, requirementsOf(given).expected) as Verifier<T>;
}

/**
 * Apart from `createVerifier`, so that what it returns does not hold on to the options, and so to
 * the secret.
 */
function verifyWith(verify: BackendVerify, expected: Expectations) {
  return (token: string, options?: unknown): JwtPayload => {
    // The second argument is often not meant for us: `tokens.map(verify)` passes an index.
    const now = options === undefined ? clock() : timeOf(options);
    const result = verify(token, now);
    if (typeof result !== 'string') throw refusal(token, result, expected);
    return JSON.parse(result) as JwtPayload;
  };
}

function timeOf(options: unknown): number {
  return (
    (isObject(options) ? readOptions('verify', options, CALL_RULES).clockTimestamp : undefined) ?? clock()
  );
}
