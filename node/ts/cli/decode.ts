import { parse } from './args.js';
import { readJson, writeJson } from './exact-json.js';
import { decodeText } from './library.js';
import { print, say } from './print.js';
import { tokenFrom } from './token-argument.js';

/** Prints header and claims of any token that can be read. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parse({ args, allowPositionals: true });
  const parts = decodeText(await tokenFrom(positionals));
  if (parts === null) {
    say('refused: the token cannot be read');
    return 1;
  }
  await print(writeJson({ header: readJson(parts.header), payload: readJson(parts.payload) }, 2));
  say('nothing was verified');
  return 0;
}
