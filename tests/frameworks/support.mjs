// What the tests of frameworks share: a project under both names, and a server that is asked for
// all cases and for a guarded answer.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkReport, PLATFORM, reference, registry, run, vectors, work } from '../runtimes/support.mjs';
import { SECRET, token } from '../mastra/suite/tokens.mjs';

/** Nothing is told to anybody, and nothing is coloured. */
export const QUIET = {
  CI: '1',
  NO_COLOR: '1',
  MASTRA_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  WRANGLER_SEND_METRICS: 'false',
  npm_config_ignore_scripts: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  XDG_CONFIG_HOME: work,
};

/**
 * Runs a program, and fails with what it printed. It may install, and has the settings for that.
 */
export async function must(cwd, command, env) {
  const { status, stdout, stderr } = await run(cwd, command, { ...process.env, ...QUIET, ...env });
  assert.equal(status, 0, `${command.join(' ')}\n${stdout}${stderr}`);
}

/**
 * A project with the package whose place ours takes, as its lock file says, and the same after
 * `npm install @mastra/auth@npm:mastra-jwt`: nothing else differs.
 */
export async function projects(name) {
  const [theirs, ours] = [`${name}-reference`, name].map((label) => ({ folder: join(work, label) }));
  mkdirSync(theirs.folder);
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(import.meta.dirname, name, file), join(theirs.folder, file));
  // It comes with what a build installs for itself.
  writeFileSync(join(theirs.folder, '.npmrc'), `registry=${registry.address}\n`);
  await must(theirs.folder, ['npm', 'ci']);
  // Links, for half a gigabyte. npm never changes a file in place.
  await must(work, ['cp', '-al', theirs.folder, ours.folder]);
  await must(ours.folder, ['npm', 'install', '@mastra/auth@npm:mastra-jwt']);
  assert.deepEqual(readdirSync(join(ours.folder, 'node_modules', '@mastra-jwt')), [PLATFORM]);
  return { ours: { ...ours, check: 'checkAll' }, theirs: { ...theirs, check: 'checkReference' } };
}

/** Writes files into a folder, with the cases and the vectors beside them. */
export function writeFiles(folder, files) {
  mkdirSync(folder, { recursive: true });
  // An ES module, since Mastra's build takes no other where it leaves packages outside.
  const cases = readFileSync(join(import.meta.dirname, '..', 'vectors', 'cases.cjs'), 'utf8');
  writeFileSync(join(folder, 'cases.mjs'), cases.replace('module.exports =', 'export default'));
  writeFileSync(join(folder, 'vectors.json'), JSON.stringify(vectors));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // Another file than that of the other project, of which it may be a link.
    rmSync(join(folder, file), { force: true });
    writeFileSync(join(folder, file), text);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/**
 * Starts a server, calls `ask` with its address, and ends it.
 *
 * @param command - of the port it is to listen on
 */
export async function served(cwd, command, ask) {
  const port = await freePort();
  const env = {
    ...QUIET,
    PATH: process.env.PATH,
    HOME: work,
    PORT: String(port),
    HOSTNAME: '127.0.0.1',
    MASTRA_HOST: '127.0.0.1',
    JWT_AUTH_SECRET: SECRET,
  };
  const [program, ...args] = command(port);
  // A process group of its own, since some programs start others.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  const ended = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  const isUp = async () => {
    for (;;) {
      if (
        await fetch(url).then(
          () => true,
          () => false,
        )
      )
        return;
      await sleep(100);
    }
  };
  let isOver = false;
  try {
    await Promise.race([
      isUp(),
      ended.then(() => {
        isOver = true;
        throw new Error(`the server ended:\n${printed}`);
      }),
    ]);
    return await ask(url);
  } catch (error) {
    error.message += `\n${printed}`;
    throw error;
  } finally {
    if (!isOver) {
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
  }
}

const good = token({ sub: 'ada' });
const [head, , signature] = good.split('.');
const other = token({ sub: 'root' }).split('.')[1];
/** What a request brings, and what its answer must be. */
const REQUESTS = [
  [undefined, 401],
  [good, 200],
  [`${head}.${other}.${signature}`, 401],
  [token({ sub: 'ada', exp: 1 }), 401],
];

/** Fails unless a guarded address refuses and accepts as it must. */
export async function checkGuarded(url, init) {
  for (const [bearer, status] of REQUESTS) {
    const headers = {
      'content-type': 'application/json',
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    };
    const response = await fetch(url, { ...init, headers });
    const text = await response.text();
    if (response.status === status) continue;
    const { error = text } = JSON.parse(text);
    throw new Error(`HTTP ${response.status}, not ${status}: ${error.split('\n')[0]}`);
  }
}

/** What an address reports of all cases. */
export async function reportOf(url) {
  const response = await fetch(url);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

/** What the reference does in a flow: `works`, or the first line of what went wrong. */
export async function referenceOf(flow) {
  try {
    return reference({ status: 0, stdout: JSON.stringify(await flow()), stderr: '' });
  } catch (error) {
    return reference({ status: 1, stdout: '', stderr: String(error) });
  }
}

export { checkReport };
