import { isUtf8 } from 'node:buffer';
import { SHORTEST_SECRET } from '../algorithms.js';
import type { FoundSecret } from './secret-source.js';

/** What a secret looks like, without showing it. */
export function describeSecret({ secret, from, withLineEnd }: FoundSecret): string[] {
  const bytes = Buffer.from(secret);
  const lines = [`${from}, ${bytes.length} bytes${isUtf8(bytes) ? '' : ', not UTF-8 text'}`];
  if (withLineEnd !== undefined) lines.push('the line end at the end of the file was taken off');
  for (const [algorithm, least] of Object.entries(SHORTEST_SECRET)) {
    if (bytes.length < least) lines.push(`too short for ${algorithm}, which needs ${least} bytes`);
  }
  return [...lines, ...suspicions(bytes).map((sign) => `suspicious: it ${sign}`)];
}

/** Signs that the secret is not what its owner thinks it is. */
function suspicions(bytes: Buffer): string[] {
  const start = bytes.subarray(0, 2).toString('latin1');
  if (start === '\xff\xfe' || start === '\xfe\xff') return ['begins with the byte order mark of UTF-16'];
  if (!isUtf8(bytes)) return [];
  const marked = bytes.toString();
  const text = marked.replace(/^\ufeff/, '');
  const trimmed = text.trim();
  const signs: [found: boolean, sign: string][] = [
    [text !== marked, 'begins with a byte order mark'],
    [text !== trimmed, 'begins or ends with white space'],
    [/^(["'`]).*\1$/s.test(trimmed), 'is wrapped in quotes'],
    [trimmed === 'undefined' || trimmed === 'null', `is the text "${trimmed}"`],
    [text.includes('\ufffd'), 'holds U+FFFD, which replaces bytes that are not UTF-8'],
  ];
  return signs.filter(([found]) => found).map(([, sign]) => sign);
}
