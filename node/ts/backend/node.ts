/** The backend of Node: the native addon. */
import type { Backend } from './backend.js';
import { loadNative } from './native.js';

export const backend: Backend = loadNative();
