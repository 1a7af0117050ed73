/** The core that checks here: the one of the package, as WebAssembly. */
export { backend } from '../ts/backend/inline.js';
