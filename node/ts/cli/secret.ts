import { randomBytes } from 'node:crypto';
import { parse } from './args.js';
import { print } from './print.js';

/** Prints a fresh secret, long enough for every algorithm. */
export async function run(args: string[]): Promise<number> {
  parse({ args });
  await print(randomBytes(48).toString('base64url'));
  return 0;
}
