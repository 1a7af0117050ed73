// What the tests of the command share: a working directory of their own, and runs of the built
// command in it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import { text } from 'node:stream/consumers';
import { SECRET } from './support.mjs';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
let folder;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const options = (env = { JWT_AUTH_SECRET: SECRET }) => ({
  cwd: folder,
  env: { PATH: process.env.PATH, ...env },
});

/** Runs the command to its end. */
export function run(args, { env, input = '' } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    ...options(env),
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}

/** Starts the command; `ended` waits for its end without stopping this process. */
export function start(args, { env, stdio = 'pipe' } = {}) {
  const child = spawn(process.execPath, [command, ...args], { ...options(env), stdio });
  const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  const ended = async () => {
    const [stdout, stderr, { code, signal }] = await Promise.all([
      child.stdout?.destroyed === false ? text(child.stdout) : '',
      text(child.stderr),
      closed,
    ]);
    return { status: code ?? signal, stdout, stderr };
  };
  return { child, ended };
}

/** Writes a file into the working directory; returns its name. */
export function write(name, content) {
  writeFileSync(join(folder, name), content);
  return name;
}

/** The path of a name in the working directory. */
export const inFolder = (name) => join(folder, name);

/** The payload of a token, as its text. */
export const payloadOf = (token) => Buffer.from(token.trim().split('.')[1], 'base64url').toString();
