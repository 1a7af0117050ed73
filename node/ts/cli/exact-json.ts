/**
 * JSON whose numbers stay as they are written. `JSON.parse` makes doubles of them, so that
 * 9007199254740993 becomes 9007199254740992 and 1.0 becomes 1. (Node 20 has no `JSON.rawJSON`.)
 */
import { randomUUID } from 'node:crypto';

/** Marks the text of a number among strings. Random, so that no string can pass for a number. */
const MARK = `${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON; numbers that a double would change become marked strings. Give the value to {@link
 * writeJson}.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function readJson(text: string): unknown {
  JSON.parse(text);
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (isKept(token) ? token : `"${MARK}${token}"`)));
}

const isKept = (token: string): boolean => token.startsWith('"') || String(Number(token)) === token;

/** Writes what {@link readJson} parsed, on one line or indented. */
export const writeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(MARKED, '$1');

/** The first number of JSON text that no double can hold, such as 1e400. */
export const tooGreat = (text: string): string | undefined =>
  text.match(STRING_OR_NUMBER)?.find((token) => !token.startsWith('"') && !Number.isFinite(Number(token)));
