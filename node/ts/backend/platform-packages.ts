/**
 * Loads the package of this platform where bundlers and file tracers see it. Only
 * `mastra-jwt/native` loads this file: a bundler must know what to do with a `.node` file.
 */
import { candidates, offer, type Addon } from './native.js';
import { REQUIRES } from './platform-requires.js';

for (const platform of candidates(process.platform, process.arch)) {
  try {
    offer(platform, REQUIRES[platform]() as Addon);
  } catch {
    // As if it had not been offered: `native.ts` tries it again, and names it.
  }
}
