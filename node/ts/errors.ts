import { native, type Failure, type FailureCode } from './native.js';

/**
 * A token was refused. Same name, messages and fields as the class of `jsonwebtoken`, and a stable `code`.
 *
 * `name` and `message` are enumerable, as they are there: `JSON.stringify(error)` shows both.
 * No error of this package holds the token or the secret.
 */
export class JsonWebTokenError extends Error {
  /** Stable code, such as `MJWT_SIGNATURE`. Only errors made by this package carry one. */
  declare code?: string;
  /** What caused the error, where something did. */
  declare inner?: unknown;

  constructor(message: string, inner?: unknown) {
    super();
    this.name = 'JsonWebTokenError';
    this.message = message;
    if (inner) this.inner = inner;
  }
}

/** The token's `exp` has passed (RFC 7519 section 4.1.4), or the token is older than `maxTokenAge`. */
export class TokenExpiredError extends JsonWebTokenError {
  /** When the token expired. */
  expiredAt: Date;

  constructor(message: string, expiredAt: Date) {
    super(message);
    this.name = 'TokenExpiredError';
    this.expiredAt = expiredAt;
  }
}

/** The token's `nbf` lies ahead (RFC 7519 section 4.1.5). */
export class NotBeforeError extends JsonWebTokenError {
  /** When the token becomes valid. */
  date: Date;

  constructor(message: string, date: Date) {
    super(message);
    this.name = 'NotBeforeError';
    this.date = date;
  }
}

/** What a verifier expects of a token, as the messages of its refusals show it. */
export interface Expectations {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  readonly jwtid: string;
}

/**
 * The reference's words for each failure of the native table. A test walks the table, so none is left without.
 * Where the words go on (what was expected, which claim), `refusal` adds the rest.
 */
const WORDS: Readonly<Record<string, string>> = {
  NO_BEARER: 'jwt must be provided',
  TOKEN_TOO_LONG: 'jwt malformed',
  TOKEN_FORMAT: 'jwt malformed',
  TOKEN_BASE64: 'invalid token',
  HEADER_JSON: 'invalid token',
  ALGORITHM: 'invalid algorithm',
  CRITICAL_HEADER: 'invalid token',
  TYPE_HEADER: 'jwt type invalid',
  UNKNOWN_KID: 'invalid signature',
  SIGNATURE_MISSING: 'jwt signature is required',
  SIGNATURE: 'invalid signature',
  CLAIMS_JSON: 'invalid token',
  EXPIRED: 'jwt expired',
  NOT_YET_VALID: 'jwt not active',
  ISSUED_IN_FUTURE: 'jwt issued in the future',
  TOO_OLD: 'maxAge exceeded',
  ISSUER: 'jwt issuer invalid. expected: ',
  AUDIENCE: 'jwt audience invalid. expected: ',
  SUBJECT: 'jwt subject invalid. expected: ',
  JWT_ID: 'jwt jwtid invalid. expected: ',
  MISSING_CLAIM: 'jwt claim required: ',
  CLAIM_MALFORMED: 'invalid ',
};

/** The native table by number. */
const failures: ReadonlyMap<number, FailureCode> = new Map(native.codes().map((row) => [row.code, row]));

/** The stable JavaScript code of a native failure's name. */
const jsCode = (name: string): string => `MJWT_${name}`;

/**
 * Builds the error of a refused token.
 *
 * No stack is captured: it would cost several times the verification, which makes a flood of bad tokens an attack,
 * and it would only lead back here. The code and the message say why the token was refused.
 */
export function refusal(token: unknown, failure: Failure, expected: Expectations): JsonWebTokenError {
  const { stackTraceLimit } = Error;
  // Reflect.set, for a process may have frozen Error.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return build(token, failure, expected);
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

function build(token: unknown, failure: Failure, expected: Expectations): JsonWebTokenError {
  const [number, detail] = typeof failure === 'number' ? [failure, undefined] : failure;
  const row = failures.get(number);
  const name = row?.name ?? 'UNKNOWN';
  const words = WORDS[name] ?? row?.message ?? `invalid token (${number})`;
  const error = worded(token, name, words, detail, expected);
  error.code = jsCode(name);
  return error;
}

function worded(
  token: unknown,
  name: string,
  words: string,
  detail: number | string | undefined,
  expected: Expectations,
): JsonWebTokenError {
  switch (name) {
    case 'TOKEN_FORMAT':
      if (!token) return new JsonWebTokenError('jwt must be provided');
      return new JsonWebTokenError(typeof token === 'string' ? words : 'jwt must be a string');
    case 'EXPIRED':
    case 'TOO_OLD':
      return new TokenExpiredError(words, new Date(Number(detail) * 1000));
    case 'NOT_YET_VALID':
      return new NotBeforeError(words, new Date(Number(detail) * 1000));
    case 'ISSUER':
      return new JsonWebTokenError(words + expected.issuer);
    case 'AUDIENCE':
      return new JsonWebTokenError(words + expected.audience);
    case 'SUBJECT':
      return new JsonWebTokenError(words + expected.subject);
    case 'JWT_ID':
      return new JsonWebTokenError(words + expected.jwtid);
    case 'MISSING_CLAIM':
      return new JsonWebTokenError(words + detail);
    case 'CLAIM_MALFORMED':
      return new JsonWebTokenError(`${words}${detail} value`);
    default:
      return new JsonWebTokenError(words);
  }
}

/** The error of a token that `isRevoked` turned down. */
export function revocation(): JsonWebTokenError {
  const error = new JsonWebTokenError('jwt revoked');
  error.code = 'MJWT_REVOKED';
  return error;
}

/** Gives an error its stable code. */
export function withCode<E extends Error>(error: E, name: string): E {
  return Object.assign(error, { code: jsCode(name) });
}

/** The caller passed something of the wrong kind; the message names it. Code `MJWT_INVALID_ARGUMENT`. */
export function argumentError(message: string): TypeError {
  return withCode(new TypeError(message), 'INVALID_ARGUMENT');
}

/** The error of claims that the native signer turned down. */
export function signingError(number: number): Error {
  const row = failures.get(number);
  return withCode(new Error(row?.message ?? `signing failed (${number})`), row?.name ?? 'UNKNOWN');
}
