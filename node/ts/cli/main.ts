#!/usr/bin/env node
/**
 * The command `mastra-jwt`. Exit codes: 0 done or valid, 1 refused, 2 wrong use or any other
 * failure.
 */
import { VERSION } from '../version.js';
import { messageOf, UsageError } from './args.js';
import { HELP } from './help.js';
import { print, say } from './print.js';

/** A command's module. It is loaded when the command runs, so that help needs no backend. */
interface Command {
  /** Returns the exit code. */
  run(args: string[]): Promise<number>;
}

const COMMANDS: Readonly<Record<Exclude<keyof typeof HELP, 'main'>, () => Promise<Command>>> = {
  secret: () => import('./secret.js'),
  sign: () => import('./sign.js'),
  verify: () => import('./verify.js'),
  decode: () => import('./decode.js'),
  doctor: () => import('./doctor.js'),
  ui: () => import('./ui.js'),
};

const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);
const asksForHelp = (argument: string): boolean => argument === '--help' || argument === '-h';

async function dispatch([name, ...args]: string[]): Promise<number> {
  if (name === undefined) throw new UsageError('no command given');
  if (asksForHelp(name) || name === 'help') {
    await print(HELP.main);
    return 0;
  }
  if (name === '--version') {
    await print(VERSION);
    return 0;
  }
  if (!isCommand(name)) throw new UsageError(`no such command: ${name}`);
  if (args.some(asksForHelp)) {
    await print(HELP[name]);
    return 0;
  }
  return (await COMMANDS[name]()).run(args);
}

async function main(args: string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    say(`${messageOf(error)}${stableCode(error)}`);
    if (error instanceof UsageError)
      say(`see mastra-jwt ${isCommand(args[0] ?? '') ? `${args[0]} ` : ''}--help`);
    return 2;
  }
}

/**
 * The package's code for an error, such as MJWT_KEY_TOO_SHORT; Node's own codes are in the message.
 */
function stableCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('MJWT_') ? ` (${code})` : '';
}

/**
 * Shows the warnings of this package as the command's own; Node's form speaks of traces and its own
 * options.
 */
function showWarnings(): void {
  const printers = process.listeners('warning');
  // None where warnings are switched off.
  if (printers.length === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error & { code?: string }) => {
    if (warning.code?.startsWith('MJWT_')) say(`warning: ${warning.message}`);
    else for (const printer of printers) printer(warning);
  });
}

showWarnings();
// `print` deals with an output that cannot be written; where standard error cannot, nobody is left
// to tell.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
