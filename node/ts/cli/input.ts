import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Failure, messageOf, UsageError } from './args.js';

let standardInputIsRead = false;

async function readStandardInput(): Promise<Buffer> {
  if (standardInputIsRead) throw new UsageError('- means standard input, which can be read only once');
  standardInputIsRead = true;
  // Not readFileSync(0), which fails on a pipe that has nothing yet and does not block.
  return buffer(process.stdin);
}

/**
 * The bytes of a file; `-` is standard input. `absent` takes the place of a file that does not
 * exist.
 */
export async function readBytes(path: string, absent?: Buffer): Promise<Buffer> {
  try {
    return await (path === '-' ? readStandardInput() : readFile(path));
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (absent !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return absent;
    throw new Failure(`cannot read ${nameOf(path)}: ${messageOf(error)}`);
  }
}

/** The text of a file, which must be UTF-8; a byte order mark is left aside. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  refuseUtf16(bytes, nameOf(path));
  if (!isUtf8(bytes)) throw new Failure(`${nameOf(path)} is not UTF-8 text`);
  return new TextDecoder().decode(bytes);
}

/** How messages call a file. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

/** Refuses UTF-16: known by its byte order mark, else by the zero byte of each ASCII character. */
export function refuseUtf16(bytes: Buffer, name: string): void {
  const start = bytes.subarray(0, 2).toString('latin1');
  if (start === '\xff\xfe' || start === '\xfe\xff' || bytes.includes(0)) {
    throw new Failure(`${name} is UTF-16; save it as UTF-8`);
  }
}
