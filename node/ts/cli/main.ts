#!/usr/bin/env node
/**
 * The command `mastra-jwt`. Exit codes: 0 done or valid, 1 refused, 2 wrong use (or no native binary).
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, parseEnv, type ParseArgsConfig } from 'node:util';

const SECRET_HELP = `The secret is MASTRA_JWT_SECRET, else JWT_AUTH_SECRET, from the environment; else the file named by
--secret-file (one line end at its end is left aside); else either variable in .env of the working folder.
It is never an argument: arguments are seen by every user of the machine.`;

const HELP = {
  main: `Usage: mastra-jwt <command> [options]

Commands
  secret            print a fresh secret
  sign              print a signed token
  verify <token|->  check a token and print its claims
  decode <token|->  print header and claims, without checking anything

mastra-jwt <command> --help tells more. Exit code: 0 done or valid, 1 refused, 2 wrong use.
`,
  secret: `Usage: mastra-jwt secret

Prints 48 random bytes as 64 base64url characters: long enough for HS256, HS384 and HS512.
`,
  sign: `Usage: mastra-jwt sign [options]

Prints a token, and nothing else, on standard output.

  --sub <text>          the subject (claim sub)
  --expires-in <span>   validity: seconds (3600) or a time span (1h, 7d); default: no end
  --claim <name=value>  one more claim; may be repeated. The value is taken as JSON where it is JSON
                        (true, 5, ["a"]), else as text; write '"5"' for the text 5
  --json <file|->       claims as a JSON object, from a file or standard input; the options above go on top
  --secret-file <file>  see below

${SECRET_HELP}
`,
  verify: `Usage: mastra-jwt verify [options] <token|->

Prints the claims of a valid token as JSON and exits with 0; says why a token is refused and exits with 1.
- reads the token from standard input.

  --secret-file <file>  see below

${SECRET_HELP}
`,
  decode: `Usage: mastra-jwt decode <token|->

Prints header and claims as JSON. Checks nothing: anyone can have written them. Exits with 1 where the token cannot be
read. - reads the token from standard input.
`,
} as const;

/** The command was used wrongly; ends with exit code 2. */
class UsageError extends Error {}

const HELP_OPTION = { help: { type: 'boolean', short: 'h' } } as const;
const SECRET_OPTION = { 'secret-file': { type: 'string' } } as const;
const SECRET_VARIABLES = ['MASTRA_JWT_SECRET', 'JWT_AUTH_SECRET'] as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`mastra-jwt: ${line}\n`);
const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read ${path === '-' ? 'standard input' : path}: ${(error as Error).message}`,
    );
  }
}

function secretFrom(file: string | undefined): string {
  const inEnvironment = SECRET_VARIABLES.find((name) => process.env[name]);
  if (inEnvironment !== undefined) {
    if (file !== undefined) say(`${inEnvironment} is set, so --secret-file is not read`);
    return process.env[inEnvironment] as string;
  }
  if (file !== undefined) {
    const secret = read(file).replace(/\r?\n$/, '');
    if (secret === '') throw new UsageError(`${file} is empty`);
    return secret;
  }
  const dotEnv = existsSync('.env') ? parseEnv(read('.env')) : {};
  for (const name of SECRET_VARIABLES) {
    const secret = dotEnv[name];
    if (secret) return secret;
  }
  throw new UsageError(
    `no secret: set MASTRA_JWT_SECRET or JWT_AUTH_SECRET, here or in .env, or give --secret-file`,
  );
}

function tokenFrom(positionals: readonly string[]): string {
  const [token, ...rest] = positionals;
  if (token === undefined || rest.length > 0) throw new UsageError('give one token, or - for standard input');
  return token === '-' ? read('-').trim() : token;
}

/** `parseArgs`, with its complaints as usage errors. */
function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function claimFrom(argument: string): [name: string, value: unknown] {
  const at = argument.indexOf('=');
  if (at < 1) throw new UsageError(`--claim wants name=value, not ${argument}`);
  const [name, text] = [argument.slice(0, at), argument.slice(at + 1)];
  try {
    return [name, JSON.parse(text)];
  } catch {
    return [name, text];
  }
}

function claimsFrom(source: string | undefined): object {
  if (source === undefined) return {};
  const text = read(source);
  let claims: unknown;
  try {
    claims = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--json ${source} is no JSON: ${(error as Error).message}`);
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new UsageError(`--json ${source} is no JSON object`);
  }
  return claims;
}

/** The library, loaded when a command needs it: help works without the native binary. */
const library = () => import('../index.js');

const COMMANDS: Readonly<Record<Exclude<keyof typeof HELP, 'main'>, (args: string[]) => Promise<number>>> = {
  async secret(args) {
    const { values } = parse({ args, options: HELP_OPTION });
    print(values.help ? HELP.secret : randomBytes(48).toString('base64url'));
    return 0;
  },

  async sign(args) {
    const { values } = parse({
      args,
      options: {
        ...HELP_OPTION,
        ...SECRET_OPTION,
        sub: { type: 'string' },
        'expires-in': { type: 'string' },
        claim: { type: 'string', multiple: true },
        json: { type: 'string' },
      },
    });
    if (values.help) {
      print(HELP.sign);
      return 0;
    }
    const claims = { ...claimsFrom(values.json), ...Object.fromEntries((values.claim ?? []).map(claimFrom)) };
    if (values.sub !== undefined) Object.assign(claims, { sub: values.sub });
    const span = values['expires-in'];
    const { createSigner } = await library();
    const secret = secretFrom(values['secret-file']);
    try {
      const expiresIn = span !== undefined && /^-?\d+$/.test(span) ? Number(span) : span;
      print(createSigner({ secret })(claims, { expiresIn }));
      return 0;
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  },

  async verify(args) {
    const { values, positionals } = parse({
      args,
      options: { ...HELP_OPTION, ...SECRET_OPTION },
      allowPositionals: true,
    });
    if (values.help) {
      print(HELP.verify);
      return 0;
    }
    const token = tokenFrom(positionals);
    const { createVerifier, JsonWebTokenError } = await library();
    const secret = secretFrom(values['secret-file']);
    try {
      print(pretty(createVerifier({ secret })(token)));
      return 0;
    } catch (error) {
      if (!(error instanceof JsonWebTokenError)) throw new UsageError((error as Error).message);
      say(`refused: ${error.message} (${error.code})`);
      return 1;
    }
  },

  async decode(args) {
    const { values, positionals } = parse({ args, options: HELP_OPTION, allowPositionals: true });
    if (values.help) {
      print(HELP.decode);
      return 0;
    }
    const token = tokenFrom(positionals);
    const { decodeToken } = await library();
    const decoded = await decodeToken(token);
    if (decoded === null) {
      say('refused: the token cannot be read');
      return 1;
    }
    print(pretty({ header: decoded.header, payload: decoded.payload }));
    say('nothing was verified');
    return 0;
  },
};

async function main([command, ...args]: string[]): Promise<number> {
  if (command === '--help' || command === '-h' || command === 'help') {
    print(HELP.main);
    return 0;
  }
  try {
    if (command === undefined || !Object.hasOwn(COMMANDS, command)) {
      throw new UsageError(command === undefined ? 'no command given' : `no such command: ${command}`);
    }
    return await COMMANDS[command as keyof typeof COMMANDS](args);
  } catch (error) {
    say((error as Error).message);
    if (error instanceof UsageError) say('see mastra-jwt --help');
    return 2;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
