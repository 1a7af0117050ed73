import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The command cannot do what it was asked to; ends with exit code 2. */
export class Failure extends Error {}

/** The command was used wrongly; ends with exit code 2, and points to the help. */
export class UsageError extends Failure {}

/** `parseArgs`, with its complaints as usage errors. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** What an error says; anything may be thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
