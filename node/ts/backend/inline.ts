/** The backend of browsers, of Deno, and of whatever else is not known by name. */
import type { Backend } from './backend.js';
import { openInline } from './wasm-inline.js';

export const backend: Backend = /* @__PURE__ */ openInline();
/** Why this backend, for people. */
export const reason = 'WebAssembly is what this kind of runtime gets';
