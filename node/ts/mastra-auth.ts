/** The helper functions of `@mastra/auth`. */
import type { JWTVerifyGetKey } from 'jose';
import { backend } from '#backend';
import {
  argumentError,
  JsonWebTokenError,
  NotBeforeError,
  refusal,
  rowOf,
  TokenExpiredError,
  withCode,
  type FaultName,
  type RefusalName,
} from './errors.js';
import { isSecret, verifyOnce, type Secret } from './keys.js';
import { NO_POLICY, requirementsOf } from './options.js';
import type { JwtPayload } from './verifier.js';

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
  /** The third segment as it is, base64url. */
  signature: string;
}

/**
 * The longest text that is taken apart without a signature: what nests 12 million levels deep would
 * end the process.
 */
const MAX_DECODED = 1 << 20;

/** The longest token that `verifyJwks` looks at, as the default of a verifier. */
const MAX_TOKEN = 16_384;

/**
 * Takes a token of up to 1 MiB apart. Nothing is verified: never trust what it returns.
 *
 * @returns header, payload and signature; null where they cannot be read
 */
export async function decodeToken(token: string): Promise<DecodedJwt | null> {
  const parts = typeof token === 'string' && token.length <= MAX_DECODED ? backend.decode(token) : null;
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
 * @throws Error `Invalid token` where there is none, `Invalid token payload` where the payload is
 *   not an object,
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

/** The error of the reference for what it cannot decode. */
const invalidToken = (name: RefusalName | FaultName): Error => withCode(new Error('Invalid token'), name);

/** The refusals of a token that cannot be decoded. */
const UNDECODABLE: readonly string[] = ['TOKEN_FORMAT', 'TOKEN_BASE64', 'HEADER_JSON', 'CLAIMS_JSON'];

/**
 * Whether text is of three segments in the alphabet of base64url, of which the last may be empty.
 * Decodes nothing.
 */
function hasThreeSegments(token: string): boolean {
  let dots = 0;
  let length = 0;
  for (let at = 0; at < token.length; at++) {
    const unit = token.charCodeAt(at);
    const isBase64Url =
      (unit >= 48 && unit <= 57) ||
      (unit >= 65 && unit <= 90) ||
      (unit >= 97 && unit <= 122) ||
      unit === 45 ||
      unit === 95;
    if (isBase64Url) {
      length++;
    } else if (unit === 46 && length > 0) {
      dots++;
      length = 0;
    } else {
      return false;
    }
  }
  return dots === 2;
}

/** Without options: what `createVerifier` does by default. */
const { expected: NOTHING_EXPECTED } = requirementsOf(NO_POLICY);

/**
 * Verifies a token with a shared secret. For more than a few tokens, {@link createVerifier}
 * prepares the key once. Nothing of the payload is looked at before the token's size and its
 * signature.
 *
 * @throws Error `Invalid token` where the token cannot be decoded; else {@link JsonWebTokenError}
 */
export async function verifyHmac(token: string, secret: Secret): Promise<JwtPayload> {
  if (!secret) throw withCode(new JsonWebTokenError('secret or public key must be provided'), 'NO_KEYS');
  if (!isSecret(secret)) {
    throw argumentError('verifyHmac: the secret must be a string of well-formed text or a Uint8Array');
  }
  const result = verifyOnce('verifyHmac', secret, token);
  if (typeof result === 'string') return JSON.parse(result) as JwtPayload;
  const name = rowOf(result)?.name as RefusalName | undefined;
  if (
    name !== undefined &&
    name !== 'TOKEN_TOO_LONG' &&
    (UNDECODABLE.includes(name) || !hasThreeSegments(token))
  ) {
    throw invalidToken(name);
  }
  throw refusal(token, result, NOTHING_EXPECTED);
}

type Jose = typeof import('jose');
type KeyFinder = ReturnType<Jose['createRemoteJWKSet']>;

/**
 * Key sets by address, oldest first. Bounded, so that addresses taken from tokens cannot fill the
 * memory.
 */
const keyFinders = new Map<string, KeyFinder>();
const MAX_KEY_FINDERS = 100;

/**
 * Verifies a token with the public keys at an address (RFC 7517), fetched when needed and cached.
 * Needs the dependency `jose`, which is loaded on first use.
 *
 * @param jwksUri - the address of the JSON Web Key Set; never take it from the token itself
 * @throws Error `Invalid token` where the token cannot be decoded; {@link JsonWebTokenError} or a
 *   subclass where it is
 * refused; the error of `jose` where the keys cannot be had
 */
export async function verifyJwks(token: string, jwksUri: string | URL): Promise<JwtPayload> {
  if (typeof token === 'string' && token.length > MAX_TOKEN) {
    throw withCode(new JsonWebTokenError('jwt malformed'), 'TOKEN_TOO_LONG');
  }
  if (typeof token !== 'string' || !hasThreeSegments(token)) throw invalidToken('TOKEN_FORMAT');
  const jose = await loadJose();
  const address = String(jwksUri);
  let finder = keyFinders.get(address);
  if (finder === undefined) {
    finder = jose.createRemoteJWKSet(new URL(address));
    const [oldest] = keyFinders.keys();
    if (keyFinders.size >= MAX_KEY_FINDERS && oldest !== undefined) keyFinders.delete(oldest);
    keyFinders.set(address, finder);
  }
  const found = finder;
  // jose reads the header, asks for the key, checks the signature, and only then reads the payload.
  let asked = false;
  const find: JWTVerifyGetKey = (...question) => {
    asked = true;
    return found(...question);
  };
  try {
    return (await jose.jwtVerify(token, find)).payload as JwtPayload;
  } catch (error) {
    if (error instanceof jose.errors.JWSInvalid && !asked) throw invalidToken('HEADER_JSON');
    throw reworded(error, jose.errors);
  }
}

/**
 * `jose` is an ES module alone. Where `import` is not at hand, as in the `vm` of Jest, Node itself
 * loads it, from outside.
 */
async function loadJose(): Promise<Jose> {
  try {
    return await import('jose');
  } catch (error) {
    const node = (globalThis.process as NodeJS.Process | undefined)?.getBuiltinModule?.('node:module');
    if (node === undefined || typeof __filename !== 'string') throw error;
    try {
      return node.createRequire(__filename)('jose') as Jose;
    } catch {
      throw error;
    }
  }
}

/** A refusal of `jose` in the words of `jsonwebtoken`; any other error as it is. */
function reworded(error: unknown, errors: Jose['errors']): unknown {
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
  if (error instanceof errors.JWTInvalid) return invalidToken('CLAIMS_JSON');
  if (error instanceof errors.JWSInvalid) {
    return withCode(new JsonWebTokenError('invalid token', error), 'TOKEN_BASE64');
  }
  return error;
}
