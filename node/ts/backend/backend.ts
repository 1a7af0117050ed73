/**
 * What verifies and signs: the native addon, or the same core compiled to WebAssembly or to
 * JavaScript. All implement this interface, run the same vectors, and give the same claims, codes
 * and messages.
 *
 * Arguments are positional on purpose: no object with options crosses the border, so a polluted
 * `Object.prototype` has nothing to add. The requires of a verifier arrive as policy documents
 * (policy.schema.json), which the core reads.
 */

/** One row of the core's table of failures. */
export interface FailureCode {
  readonly code: number;
  readonly name: string;
  readonly message: string;
}

/**
 * Why a token was refused or not signed: a code; with a detail where one is needed: seconds since
 * 1970 for `EXPIRED`, `NOT_YET_VALID` and `TOO_OLD`, the claim's name for `MISSING_CLAIM` and
 * `CLAIM_MALFORMED`.
 */
export type Failure = number | readonly [code: number, detail: number | string];

/**
 * Verifies at the time `now`, in seconds since 1970. Returns the claims as JSON text, or why not.
 * Never throws.
 */
export type BackendVerify = (token: unknown, now: number) => string | Failure;

/**
 * Signs claims given as JSON text. `kid` takes the place of the key's own. Returns the token, or
 * why not. Never throws.
 */
export type BackendSign = (claims: string, kid?: string) => string | Failure;

/** A token taken apart, its parts as they were found. */
export interface TokenParts {
  /** The header's JSON text. */
  readonly header: string;
  /** The payload's JSON text. */
  readonly payload: string;
  /** The signature segment. */
  readonly signature: string;
}

/**
 * Text that arrives here is well-formed UTF-16: who calls has refused lone surrogates. Construction
 * errors are thrown as `Error` with the core's message and `code: 'MJWT_<NAME>'`.
 */
export interface Backend {
  readonly kind: 'native' | 'wasm' | 'js';

  /** The version of the compiled core; it must be that of the package. */
  version(): string;

  /** Every failure that the core knows, in the order of its code. */
  codes(): readonly FailureCode[];

  /**
   * Builds a verifier.
   *
   * @param secrets - text (its UTF-8 bytes are the key) or bytes; copied into memory that the
   *   backend wipes
   * @param kids - `kids[i]` names `secrets[i]`; as long as `secrets`
   * @param jwks - the pieces of one JSON text, none for no JWK Set; joined in memory that the
   *   backend wipes, so that no
   * JavaScript string is made of the keys in it
   * @param policies - policy documents; a member set in two of them is an error that names it
   * @returns `free` wipes the keys now, instead of when the garbage collector comes by. `verify`
   *   must not be called after it
   */
  createVerifier(
    secrets: readonly (string | Uint8Array)[],
    kids: readonly (string | undefined)[],
    jwks: readonly string[],
    policies: readonly string[],
  ): { verify: BackendVerify; hasShortKey: boolean; free: () => void };

  /**
   * Verifies once with one secret, and keeps nothing: no function is made that the garbage
   * collector would have to find, since many tokens may be verified in one turn of the event loop.
   *
   * @returns what `verify` returns, and whether the secret is short; a tuple, for no object crosses
   *   the border
   */
  verifyOnce(
    secret: string | Uint8Array,
    policies: readonly string[],
    token: unknown,
    now: number,
  ): readonly [result: string | Failure, hasShortKey: boolean];

  /**
   * Builds a signer.
   *
   * @param secret - as for a verifier; undefined where the key comes from `jwks`, whose first
   *   usable key signs
   * @param algorithm - default: the `alg` of the key's JWK, else HS256
   * @param maxTokenBytes - the length of the longest token to make; default: the core's
   */
  createSigner(
    secret: string | Uint8Array | undefined,
    kid: string | undefined,
    jwks: readonly string[],
    algorithm: string | undefined,
    allowShortKeys: boolean,
    maxTokenBytes: number | undefined,
  ): { sign: BackendSign; hasShortKey: boolean; free: () => void };

  /** Takes a token apart **without checking its signature**; null where that cannot be done. */
  decode(token: string): TokenParts | null;
}
