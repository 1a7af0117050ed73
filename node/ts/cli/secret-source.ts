import { isUtf8 } from 'node:buffer';
import { parse } from 'dotenv';
import { Failure } from './args.js';
import { nameOf, readBytes, refuseUtf16 } from './input.js';

/** A secret, and where it was found. */
export interface FoundSecret {
  /** Text, whose UTF-8 bytes are the key, or the bytes of a file. */
  readonly secret: string | Uint8Array;
  /** How messages call its place. */
  readonly from: string;
  /** The file with the line end that was taken off, where one was. */
  readonly withLineEnd?: Uint8Array;
}

/** In the order in which they are looked for. */
const VARIABLES = ['MASTRA_JWT_SECRET', 'JWT_AUTH_SECRET'] as const;
/**
 * U+FFFD takes the place of bytes that are not UTF-8, so that two secrets that differ there would
 * be the same.
 */
const REPLACEMENT = '\ufffd';
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The secret, or undefined where there is none. `file` is `--secret-file`, which goes before
 * everything else.
 */
export async function findSecret(file: string | undefined): Promise<FoundSecret | undefined> {
  if (file !== undefined) return secretOfFile(file);
  return secretAmong(process.env, 'the environment') ?? secretAmong(await dotEnv(), '.env');
}

/**
 * The secret.
 *
 * @throws Failure where there is none
 */
export async function requireSecret(file: string | undefined): Promise<FoundSecret> {
  const found = await findSecret(file);
  if (found !== undefined) return found;
  throw new Failure(
    `no secret: set ${VARIABLES.join(' or ')}, in the environment or in the file .env here, or give --secret-file`,
  );
}

/** Bytes stay bytes: decoded, two keys that differ in what is not UTF-8 would be the same. */
async function secretOfFile(path: string): Promise<FoundSecret> {
  const bytes = await readBytes(path);
  const secret = isUtf8(bytes) ? withoutLineEnd(bytes) : bytes;
  if (secret.length === 0) throw new Failure(`${nameOf(path)} is empty`);
  return { secret, from: nameOf(path), ...(secret !== bytes && { withLineEnd: bytes }) };
}

function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== LINE_FEED) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}

/** An empty variable is as good as none. */
function secretAmong(
  variables: Readonly<Record<string, string | undefined>>,
  place: string,
): FoundSecret | undefined {
  for (const name of VARIABLES) {
    const secret = variables[name];
    if (!secret) continue;
    const from = `${name} in ${place}`;
    if (secret.includes(REPLACEMENT)) {
      throw new Failure(
        `${from} holds bytes that are not UTF-8; write them to a file and give --secret-file`,
      );
    }
    return { secret, from };
  }
  return undefined;
}

/**
 * The variables of `.env`, read by the package that Mastra reads them with. (`parseEnv` of Node is
 * not the same: it passes over `KEY: value` and takes the space after `export` into the name.)
 */
async function dotEnv(): Promise<Record<string, string>> {
  const bytes = await readBytes('.env', Buffer.alloc(0));
  refuseUtf16(bytes, '.env');
  if (bytes.subarray(0, 3).equals(Buffer.from('\ufeff'))) {
    throw new Failure(
      '.env begins with a byte order mark, which hides its first variable from Node and other tools; save it as UTF-8 ' +
        'without one',
    );
  }
  return parse(bytes);
}
