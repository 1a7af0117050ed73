/**
 * JSON Web Tokens with a shared secret (HS256, HS384, HS512), verified and signed by a native core.
 * Takes the place of `@mastra/auth`.
 *
 * @packageDocumentation
 */
export { JsonWebTokenError, NotBeforeError, TokenExpiredError } from './errors.js';
export { MastraJwtAuth } from './mastra-jwt-auth.js';
export {
  createSigner,
  createVerifier,
  decodeToken,
  getTokenIssuer,
  verifyHmac,
  verifyJwks,
} from './tokens.js';
export type { Logger, ParentLogger } from './logger.js';
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
export type {
  Algorithm,
  KeyOptions,
  OctJsonWebKey,
  OctJsonWebKeySet,
  PolicyOptions,
  Secret,
  SecretKey,
} from './options.js';
export type {
  DecodedJwt,
  JwtHeader,
  JwtPayload,
  Signer,
  SignerOptions,
  SignOptions,
  Verifier,
  VerifierOptions,
} from './tokens.js';
