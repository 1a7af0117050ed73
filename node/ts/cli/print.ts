/**
 * What reaches the terminal. Part of it comes out of tokens that anybody can have written.
 */
import { Failure, messageOf } from './args.js';

/**
 * Characters that act on a terminal, or that change or hide what is around them: controls (C0, C1,
 * DEL), bidirectional and zero-width formatting, other line ends, lone surrogates. Not the line
 * feed: the printed text is made of lines, and in JSON a line feed of a claim is `\n` already.
 */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The text with every unsafe character written as JSON would escape it. JSON text keeps its
 * meaning.
 */
export const visible = (text: string): string =>
  text.replace(UNSAFE, (character) => character.split('').map(escapeUnit).join(''));

/**
 * Prints lines on standard output. A reader that has closed the pipe is not an error: it has what
 * it wanted.
 *
 * @throws Failure where the output cannot be written, such as on a full disk
 */
export async function print(text: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
    process.stdout.write(`${visible(text)}\n`, resolve);
  });
  if (error && error.code !== 'EPIPE') {
    throw new Failure(`cannot write to standard output: ${messageOf(error)}`);
  }
}

/** Says something about the work on standard error: standard output is for its result alone. */
export const say = (text: string): void => void process.stderr.write(`mastra-jwt: ${visible(text)}\n`);
