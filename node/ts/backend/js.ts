/**
 * The core as JavaScript, which `wasm/build.sh` makes of the same code: for where no WebAssembly
 * may be compiled. Slow.
 */
import { VERSION } from '../version.js';
import type { Backend } from './backend.js';
import { instantiate } from './core.js';
import { open } from './wasm.js';

/**
 * What is not an error of this package is a trap, a stack that is full, or memory that cannot grow:
 * none leaves a state to go on with.
 */
const isTrap = (error: unknown): boolean =>
  !String((error as { code?: unknown } | undefined)?.code).startsWith('MJWT_');

export const openJs = (): Backend => open('js', instantiate, isTrap, VERSION);
