/**
 * The backend of Workers of other kinds than `workerd.ts` and `edge-light.ts` know: for a bundler
 * that does not carry a `.wasm` file, as that of Mastra's deployer for Cloudflare. Whether
 * WebAssembly may be compiled there is seen when it starts.
 */
import type { Backend } from './backend.js';
import { openJs } from './js.js';
import { openInline } from './wasm-inline.js';

function select(): { readonly backend: Backend; readonly reason: string } {
  try {
    return { backend: openInline(), reason: 'WebAssembly is what this kind of runtime gets' };
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MJWT_WASM_FORBIDDEN') throw error;
    return { backend: openJs(), reason: 'no WebAssembly may be compiled here' };
  }
}

const selected = /* @__PURE__ */ select();

export const backend: Backend = /* @__PURE__ */ (() => selected.backend)();
/** Why this backend, for people. */
export const reason: string = /* @__PURE__ */ (() => selected.reason)();
