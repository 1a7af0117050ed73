/**
 * The platform packages by name, where bundlers and file tracers see them. Only `mastra-jwt/native` loads this file: a
 * bundler must know what to do with a `.node` file.
 */
import { offer, type Addon } from './native.js';

/** Those for the process, in the order in which they are tried: musl's first, as in `native.ts`. */
const PACKAGES: Readonly<Record<string, () => void>> = {
  'linux-x64': () => {
    attempt(() => offer('linux-x64-musl', require('@mastra-jwt/linux-x64-musl') as Addon));
    attempt(() => offer('linux-x64-gnu', require('@mastra-jwt/linux-x64-gnu') as Addon));
  },
  'linux-arm64': () => {
    attempt(() => offer('linux-arm64-musl', require('@mastra-jwt/linux-arm64-musl') as Addon));
    attempt(() => offer('linux-arm64-gnu', require('@mastra-jwt/linux-arm64-gnu') as Addon));
  },
  'darwin-x64': () => attempt(() => offer('darwin-x64', require('@mastra-jwt/darwin-x64') as Addon)),
  'darwin-arm64': () => attempt(() => offer('darwin-arm64', require('@mastra-jwt/darwin-arm64') as Addon)),
  'win32-x64': () => attempt(() => offer('win32-x64', require('@mastra-jwt/win32-x64') as Addon)),
  'win32-arm64': () => attempt(() => offer('win32-arm64', require('@mastra-jwt/win32-arm64') as Addon)),
};

/** What does not load here is tried, and named, by `native.ts` again. */
function attempt(load: () => void): void {
  try {
    load();
  } catch {
    // As if it had not been offered.
  }
}

PACKAGES[`${process.platform}-${process.arch}`]?.();
