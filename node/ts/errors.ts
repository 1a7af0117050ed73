import { backend } from '#backend';
import type { Failure, FailureCode } from './backend/backend.js';

/**
 * The words of the reference for each refusal. A test compares the names with those of the core, so
 * none is left without words. Where the words go on (what was expected, which claim), `refusal`
 * adds the rest.
 */
const WORDS = {
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
  CLAIMS_MISMATCH: 'jwt claims invalid',
} as const;

/** The names of the other errors: the caller's faults, and those that only this package knows. */
export type FaultName =
  | 'INVALID_ARGUMENT'
  | 'BUFFER_TOO_SMALL'
  | 'PANIC'
  | 'CLOCK'
  | 'KEY_TOO_SHORT'
  | 'NO_KEYS'
  | 'JWK_SYNTAX'
  | 'JWK_UNSUPPORTED'
  | 'DUPLICATE_KID'
  | 'CLAIMS_NOT_OBJECT'
  | 'CLAIM_TYPE'
  | 'REVOKED'
  | 'NATIVE_MISSING';

/** The name of a refusal in the core's table. */
export type RefusalName = keyof typeof WORDS;

/** The `code` of every error of this package. It never changes its meaning. */
export type ErrorCode = `MJWT_${RefusalName | FaultName}`;

/**
 * A token was refused. Same name, messages and fields as the class of `jsonwebtoken`, and a stable
 * `code`.
 *
 * `name` and `message` are enumerable, as they are there: `JSON.stringify(error)` shows both.
 * No error of this package holds the token or the secret.
 */
export class JsonWebTokenError extends Error {
  // Fields, which are defined and not assigned: a process may have frozen Error.prototype.
  override name = 'JsonWebTokenError';
  override message: string;
  /** Stable code, such as `MJWT_SIGNATURE`. Only errors made by this package carry one. */
  declare code?: ErrorCode;
  /** What caused the error, where something did. */
  declare inner?: unknown;

  constructor(message: string, inner?: unknown) {
    super();
    this.message = message;
    if (inner) this.inner = inner;
  }
}

/**
 * The token's `exp` has passed (RFC 7519 section 4.1.4), or the token is older than `maxTokenAge`.
 */
export class TokenExpiredError extends JsonWebTokenError {
  override name = 'TokenExpiredError';
  /** When the token expired. */
  expiredAt: Date;

  constructor(message: string, expiredAt: Date) {
    super(message);
    this.expiredAt = expiredAt;
  }
}

/** The token's `nbf` lies ahead (RFC 7519 section 4.1.5). */
export class NotBeforeError extends JsonWebTokenError {
  override name = 'NotBeforeError';
  /** When the token becomes valid. */
  date: Date;

  constructor(message: string, date: Date) {
    super(message);
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

/** A row of the core's table, with the code that JavaScript sees. */
interface Row extends FailureCode {
  readonly code: number;
  readonly name: RefusalName | FaultName;
  readonly jsCode: ErrorCode;
}

let rows: ReadonlyMap<number, Row> | undefined;

/** The row of the core's table for a failure. The table is read when one is needed first. */
export function rowOf(failure: Failure): Row | undefined {
  rows ??= new Map(
    (backend.codes() as readonly Row[]).map((row) => [row.code, { ...row, jsCode: `MJWT_${row.name}` }]),
  );
  return rows.get(typeof failure === 'number' ? failure : failure[0]);
}

/** In try, for a process may have frozen Error. */
function limitStackTraces(limit: number): void {
  try {
    Error.stackTraceLimit = limit;
  } catch {
    // The stack is captured then.
  }
}

/**
 * Builds the error of a refused token.
 *
 * No stack is captured: it would cost several times the verification, which makes a flood of bad
 * tokens an attack, and it would only lead back here. The code and the message say why the token
 * was refused.
 */
export function refusal(token: unknown, failure: Failure, expected: Expectations): JsonWebTokenError {
  const { stackTraceLimit } = Error;
  limitStackTraces(0);
  const row = rowOf(failure);
  const error = worded(token, row?.name, typeof failure === 'number' ? undefined : failure[1], expected);
  error.code = row?.jsCode ?? 'MJWT_PANIC';
  limitStackTraces(stackTraceLimit);
  return error;
}

function worded(
  token: unknown,
  name: RefusalName | FaultName | undefined,
  detail: number | string | undefined,
  expected: Expectations,
): JsonWebTokenError {
  const words = WORDS[name as RefusalName] ?? 'internal error';
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
export const revocation = (): JsonWebTokenError => withCode(new JsonWebTokenError('jwt revoked'), 'REVOKED');

/** Gives an error its stable code. */
export function withCode<E extends Error>(error: E, name: RefusalName | FaultName): E {
  return Object.assign(error, { code: `MJWT_${name}` });
}

/**
 * The caller passed something of the wrong kind; the message names it. Code
 * `MJWT_INVALID_ARGUMENT`.
 */
export function argumentError(message: string): TypeError {
  return withCode(new TypeError(message), 'INVALID_ARGUMENT');
}

/** The error of claims that the core does not sign. */
export function signingError(failure: Failure): Error {
  const row = rowOf(failure);
  const hint = row?.name === 'TOKEN_TOO_LONG' ? ': raise maxTokenBytes here and where it is verified' : '';
  return withCode(new Error((row?.message ?? 'internal error') + hint), row?.name ?? 'PANIC');
}
