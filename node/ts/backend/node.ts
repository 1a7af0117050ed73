/** The backend of Node and Bun: the native addon, else WebAssembly. */
import { environmentVariable, warnOnce } from '../environment.js';
import type { Backend } from './backend.js';
import { loadNative, NativeMissing } from './native.js';
import { openInline } from './wasm-inline.js';

/** `native` or `wasm`, where the environment forces one. */
function forcedBackend(): string | undefined {
  const name = environmentVariable('MASTRA_JWT_BACKEND');
  if (name === undefined || name === '' || name === 'native' || name === 'wasm') return name;
  throw Object.assign(
    new Error(
      `the environment variable MASTRA_JWT_BACKEND must be native or wasm, not ${JSON.stringify(name)}`,
    ),
    { code: 'MJWT_INVALID_ARGUMENT' },
  );
}

function select(): { readonly backend: Backend; readonly reason: string } {
  const forced = forcedBackend();
  if (forced === 'wasm') return { backend: openInline(), reason: 'MASTRA_JWT_BACKEND is wasm' };
  try {
    const backend = loadNative();
    return { backend, reason: forced ? 'MASTRA_JWT_BACKEND is native' : 'the native addon fits and loads' };
  } catch (error) {
    if (forced === 'native' || !(error instanceof NativeMissing)) throw error;
    if (error.isExpected) {
      warnOnce(
        'MJWT_WASM_FALLBACK',
        `WebAssembly is used instead of the native addon: the same checks, and slower. ${error.message}`,
      );
    }
    return { backend: openInline(), reason: error.message };
  }
}

const selected = select();

export const { backend } = selected;
/** Why this backend, for people. */
export const { reason } = selected;
