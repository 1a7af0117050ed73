import { UsageError } from './args.js';
import { readBytes } from './input.js';

/**
 * The token of `verify` and `decode`, from the argument or standard input, without `Bearer` and
 * white space.
 */
export async function tokenFrom(positionals: readonly string[]): Promise<string> {
  const [argument, ...rest] = positionals;
  if (argument === undefined || rest.length > 0) {
    throw new UsageError('give one token, or - for standard input');
  }
  const text = argument === '-' ? (await readBytes('-')).toString() : argument;
  return text.trim().replace(/^bearer\s+/i, '');
}
