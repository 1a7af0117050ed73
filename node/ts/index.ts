/**
 * JSON Web Tokens with a shared secret (HS256, HS384, HS512), verified and signed by a native core.
 * Takes the place of `@mastra/auth`.
 *
 * @packageDocumentation
 */
import { backend as selected } from '#backend';

/** What verifies and signs here: the native addon, or the same core compiled to WebAssembly. */
export const backend: 'native' | 'wasm' | 'js' = selected.kind;

export { JsonWebTokenError, NotBeforeError, TokenExpiredError } from './errors.js';
export { decodeToken, getTokenIssuer, verifyHmac, verifyJwks } from './mastra-auth.js';
export { MastraJwtAuth } from './mastra-jwt-auth.js';
export { createSigner } from './signer.js';
export { createVerifier } from './verifier.js';
export type { ErrorCode } from './errors.js';
export type { KeyOptions, OctJsonWebKey, OctJsonWebKeySet, Secret, SecretKey } from './keys.js';
export type { Logger, ParentLogger } from './logger.js';
export type { DecodedJwt, JwtHeader } from './mastra-auth.js';
export type {
  HonoRequestLike,
  IMastraAuthProvider,
  MastraAuthProviderOptions,
  MastraAuthRequest,
  MastraJwtAuthOptions,
  Methods,
  PathRules,
  User,
} from './mastra-jwt-auth.js';
export type { Algorithm } from './algorithms.js';
export type { PolicyDocument, PolicyOptions } from './options.js';
export type { Signer, SignerOptions, SignOptions } from './signer.js';
export type { JwtPayload, Verifier, VerifierOptions, VerifyOptions } from './verifier.js';
