import { timeSpan } from '../time.js';
import { Failure, messageOf, parse, UsageError } from './args.js';
import { readJson, tooGreat, writeJson } from './exact-json.js';
import { nameOf, readText } from './input.js';
import { signText, timeClaims } from './library.js';
import { print } from './print.js';
import { requireSecret } from './secret-source.js';

/** Claims by name, each as JSON text, so that their numbers stay as they are written. */
type Claims = Map<string, string>;

/** Prints a token. */
export async function run(args: string[]): Promise<number> {
  const { values } = parse({
    args,
    options: {
      'secret-file': { type: 'string' },
      sub: { type: 'string' },
      'expires-in': { type: 'string' },
      claim: { type: 'string', multiple: true },
      json: { type: 'string' },
    },
  });
  const claims: Claims = values.json === undefined ? new Map() : await claimsOfFile(values.json);
  for (const argument of values.claim ?? []) claims.set(...claimOfArgument(argument));
  if (values.sub !== undefined) claims.set('sub', JSON.stringify(values.sub));
  const expiresIn = values['expires-in'] === undefined ? undefined : spanOf(values['expires-in']);
  const { secret } = await requireSecret(values['secret-file']);
  addTimes(claims, expiresIn);
  const members = Array.from(claims, ([name, value]) => `${JSON.stringify(name)}:${value}`);
  await print(signText(secret, `{${members.join(',')}}`));
  return 0;
}

async function claimsOfFile(path: string): Promise<Claims> {
  const [text, source] = [await readText(path), `--json ${nameOf(path)}`];
  const claims = jsonOf(text, source);
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new Failure(`${source} is not a JSON object`);
  }
  return new Map(Object.entries(claims).map(([name, value]) => [name, writeJson(value)]));
}

function claimOfArgument(argument: string): [name: string, value: string] {
  const at = argument.indexOf('=');
  if (at < 1) throw new UsageError(`--claim must be name=value, not ${argument}`);
  const [name, text] = [argument.slice(0, at), argument.slice(at + 1)];
  try {
    JSON.parse(text);
  } catch {
    return [name, JSON.stringify(text)];
  }
  return [name, writeJson(jsonOf(text, `--claim ${name}`))];
}

function jsonOf(text: string, source: string): unknown {
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    throw new Failure(`${source} is not JSON: ${messageOf(error)}`);
  }
  const number = tooGreat(text);
  if (number !== undefined)
    throw new Failure(`${source}: ${number} is greater than any JSON number that can be read`);
  return value;
}

/** Whole seconds, as people who know `exp` expect; else a number with a unit. */
function spanOf(text: string): number {
  const seconds = /^[+-]?\d+$/.test(text) ? Number(text) : timeSpan(text);
  if (seconds !== undefined && Math.abs(seconds) <= Number.MAX_SAFE_INTEGER) return seconds;
  throw new UsageError(
    `--expires-in must be whole seconds (3600) or a number with a unit (90s, 15m, 1h, 7d), not ${text || 'nothing'}`,
  );
}

/**
 * Adds `iat`, and `exp` where a span is given, as every signer does. What is there already keeps
 * its text.
 */
function addTimes(claims: Claims, expiresIn: number | undefined): void {
  const given = Object.fromEntries(
    Array.from(claims).map(([name, value]) => [name, JSON.parse(value) as unknown]),
  );
  for (const [name, value] of Object.entries(timeClaims(given, expiresIn))) {
    if (!claims.has(name)) claims.set(name, JSON.stringify(value));
  }
}
