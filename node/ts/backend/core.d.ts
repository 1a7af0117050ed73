/**
 * Made by build.mjs: the module of `wasm.ts`, translated to JavaScript. Each call makes an instance
 * with its own memory.
 */
import type { Exports } from './wasm.js';

export function instantiate(): Exports;
