import { libc } from '../backend/native.js';
import { VERSION } from '../version.js';
import { messageOf } from './args.js';
import type { Finding } from './server-check.js';

/** What runs here, besides the backend. */
export const versions = (): [title: string, text: string][] => [
  ['mastra-jwt', VERSION],
  ['Node', process.version],
  ['platform', `${process.platform}-${process.arch}, libc: ${libc()}`],
];

/**
 * Which backend runs here, and why. It is loaded only now, so that one that does not load is a
 * finding too.
 */
export async function backendState(): Promise<Finding[]> {
  try {
    const { backend, reason } = await import('#backend');
    const addon = Object.keys(require.cache).find((path) => path.endsWith('.node'));
    return [
      `${backend.kind}, version ${backend.version()}: ${reason}`,
      ...(backend.kind === 'native' && addon !== undefined ? [`loaded from ${addon}`] : []),
    ].map((text) => ({ text, wrong: false }));
  } catch (error) {
    return [{ text: messageOf(error), wrong: true }];
  }
}
