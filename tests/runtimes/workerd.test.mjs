// The packed package in workerd, the runtime of Cloudflare Workers, built by wrangler with its
// defaults.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, it } from 'node:test';
import { checkReport, documented, install, installReference, reference, run } from './support.mjs';

const here = import.meta.dirname;
const others = join(here, 'others', 'node_modules');
const wrangler = [
  join(here, 'node_modules', 'node-24', 'bin', 'node'),
  join(others, 'wrangler', 'bin', 'wrangler.js'),
];
const workerd = join(others, '@cloudflare', 'workerd-linux-64', 'bin', 'workerd');

let own, alias, theirs;
before(async () => {
  own = await install('own', 'mastra-jwt', 'mastra-jwt');
  alias = await install('alias', '@mastra/auth', '@mastra/auth@npm:mastra-jwt');
  theirs = await installReference();
});

/** The worker of a project, built into the folder `out`. */
const build = ({ folder }, out, date, flags) =>
  run(
    folder,
    [
      ...[...wrangler, 'deploy', 'worker.mjs', '--name', 'test', '--dry-run', '--outdir', out],
      ...['--compatibility-date', date, ...flags.flatMap((flag) => ['--compatibility-flags', flag])],
    ],
    { WRANGLER_SEND_METRICS: 'false', CI: '1', NO_COLOR: '1' },
  );

/** What the built worker answers. */
async function serve({ folder }, out, date, flags) {
  const modules = readdirSync(join(folder, out))
    .filter((file) => /\.(?:js|wasm)$/.test(file))
    .sort((one) => (one === 'worker.js' ? -1 : 1)) // The first is the entry.
    .map((file) => `(name = "${file}", ${file.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed "${file}")`);
  const file = join(folder, out, 'config.capnp');
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (
       services = [(name = "main", worker = .worker)],
       sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
     );
     const worker :Workerd.Worker = (
       modules = [${modules.join(', ')}],
       compatibilityDate = "${date}",
       compatibilityFlags = [${flags.map((flag) => `"${flag}"`).join(', ')}]
     );`,
  );
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'];
  const child = spawn(workerd, ['serve', file, '--control-fd=3'], { stdio });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const ended = once(child, 'exit');
  try {
    const line = await Promise.race([
      once(createInterface(child.stdio[3]), 'line'),
      ended.then(() => undefined),
    ]);
    assert.ok(line, stderr);
    const response = await fetch(`http://127.0.0.1:${JSON.parse(line[0]).port}/`);
    const text = await response.text();
    assert.equal(response.status, 200, text + stderr);
    return JSON.parse(text);
  } finally {
    child.kill();
    await ended;
  }
}

const flows = [
  { flow: 'workerd by wrangler, of 2022', date: '2022-01-01', flags: [] },
  { flow: 'workerd by wrangler', date: '2026-11-01', flags: [] },
  { flow: 'workerd by wrangler, `nodejs_compat`', date: '2026-11-01', flags: ['nodejs_compat'] },
];

for (const [index, { flow, date, flags }] of flows.entries()) {
  it(flow, async () => {
    const out = `out-${index}`;
    for (const project of [own, alias]) {
      const { status, stdout, stderr } = await build(project, out, date, flags);
      assert.equal(status, 0, stdout + stderr);
      checkReport(await serve(project, out, date, flags), 'wasm');
    }
    const built = await build(theirs, out, date, flags);
    if (built.status !== 0) return documented(flow, 'cannot be built', 'wasm');
    const report = await serve(theirs, out, date, flags).catch((error) => ({ error }));
    const stdout = JSON.stringify(report);
    documented(
      flow,
      report.error ? 'cannot be started' : reference({ status: 0, stdout, stderr: '' }),
      'wasm',
    );
  });
}
