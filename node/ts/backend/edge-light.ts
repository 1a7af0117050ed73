/** Vercel Edge and the middleware of Next.js: as workerd, in their spelling. */
import module from '../../mjwt.wasm?module';
import { VERSION } from '../version.js';
import type { Backend } from './backend.js';
import { openWasm } from './wasm.js';

export const backend: Backend = /* @__PURE__ */ openWasm(module, VERSION);
/** Why this backend, for people. */
export const reason = 'WebAssembly is what an edge runtime gets';
