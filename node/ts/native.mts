/**
 * `mastra-jwt/native` for `import`: the same one implementation that `require` gets, so that
 * `instanceof` holds across both.
 *
 * @packageDocumentation
 */
export {
  backend,
  createSigner,
  createVerifier,
  decodeToken,
  getTokenIssuer,
  JsonWebTokenError,
  MastraJwtAuth,
  NotBeforeError,
  TokenExpiredError,
  verifyHmac,
  verifyJwks,
} from './native.js';
export type * from './native.js';
