import { isUtf8 } from 'node:buffer';
import { hasSigned } from './library.js';
import type { FoundSecret } from './secret-source.js';

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Whether a token that was refused for its signature fits another reading of the same secret: the
 * commonest mistakes when a secret is copied from one place to another. Returns what to tell the
 * user, or undefined.
 */
export function fittingReading(
  token: string,
  { secret, withLineEnd, from }: FoundSecret,
): string | undefined {
  const text = textOf(secret);
  const trimmed = text?.trim();
  const unquoted = trimmed?.replace(/^(["'`])(.*)\1$/s, '$2');
  const decoded =
    unquoted !== undefined && BASE64.test(unquoted) ? Buffer.from(unquoted, 'base64') : undefined;
  const readings: [reading: string | Uint8Array | undefined, hint: string][] = [
    [trimmed, `it fits the secret without the white space around it: remove the white space from ${from}`],
    [unquoted, `it fits the secret without the quotes around it: remove the quotes from ${from}`],
    [
      decoded,
      'it fits the base64-decoded secret: whoever signed it decodes the secret first. Write the decoded bytes to a file ' +
        'and name it with --secret-file',
    ],
    [withLineEnd, `it fits ${from} with the line end at its end: whoever signed it did not take it off`],
  ];
  const fits = ([reading]: (typeof readings)[number]): boolean =>
    reading !== undefined && reading.length > 0 && reading !== text && hasSigned(reading, token);
  return readings.find(fits)?.[1];
}

function textOf(secret: string | Uint8Array): string | undefined {
  if (typeof secret === 'string') return secret;
  return isUtf8(secret) ? Buffer.from(secret).toString() : undefined;
}
