/**
 * Cloudflare Workers: the module is compiled when it is deployed; the platform forbids to compile
 * at run time.
 */
import module from '../../mjwt.wasm';
import { VERSION } from '../version.js';
import type { Backend } from './backend.js';
import { openWasm } from './wasm.js';

export const backend: Backend = /* @__PURE__ */ openWasm(module, VERSION);
/** Why this backend, for people. */
export const reason = 'WebAssembly is what an edge runtime gets';
