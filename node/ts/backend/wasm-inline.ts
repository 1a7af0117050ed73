/**
 * The module from its bytes in JavaScript: for everywhere code may be compiled at run time. Nothing
 * is read or fetched.
 */
import { VERSION } from '../version.js';
import type { Backend } from './backend.js';
import { base64 } from './wasm-bytes.js';
import { openWasm } from './wasm.js';

function decode(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as {
    Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> };
  };
  if (Buffer !== undefined) return Buffer.from(text, 'base64');
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // Six times as fast as Uint8Array.from.
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function compile(): WebAssembly.Module {
  try {
    return new WebAssembly.Module(decode(base64));
  } catch (cause) {
    const isForbidden = (cause as { name?: string } | undefined)?.name === 'CompileError';
    const words = isForbidden
      ? `mastra-jwt may not compile its WebAssembly module here. Allow it: in a page, add 'wasm-unsafe-eval' to script-src of the Content-Security-Policy`
      : 'mastra-jwt cannot compile its WebAssembly module here';
    throw Object.assign(new Error(`${words} (${String(cause)})`, { cause }), { code: 'MJWT_WASM_FORBIDDEN' });
  }
}

export const openInline = (): Backend => openWasm(compile(), VERSION);
