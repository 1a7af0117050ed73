/**
 * The package for `import`: the same one implementation that `require` gets, so that `instanceof`
 * holds across both.
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
} from './index.js';
export type * from './index.js';
