// The packed package in the tests of its users: Jest and Vitest with their defaults, for Node and
// with jsdom.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, it } from 'node:test';
import { checkReport, documented, install, installReference, reference, run } from './support.mjs';

const here = import.meta.dirname;
const others = join(here, 'others', 'node_modules');
const node = join(here, 'node_modules', 'node-24', 'bin', 'node');
const jest = (folder, environment) => [
  ...[node, join(others, 'jest', 'bin', 'jest.js'), '--rootDir', folder],
  ...['--env', join(others, `jest-environment-${environment}`), 'jest.test.js'],
];
const vitest = (folder, environment) => [
  ...[node, join(others, 'vitest', 'vitest.mjs'), 'run', '--root', folder, '--globals'],
  ...['--environment', environment, 'vitest.spec.mjs'],
];

let own, alias, theirs;
before(async () => {
  own = await install('own', 'mastra-jwt', 'mastra-jwt');
  alias = await install('alias', '@mastra/auth', '@mastra/auth@npm:mastra-jwt');
  theirs = await installReference();
});

/** What the test of a project reports. */
async function reportOf({ folder }, command, environment) {
  const file = join(folder, 'report.json');
  rmSync(file, { force: true });
  const result = await run(folder, command(folder, environment), { CI: '1', NO_COLOR: '1' });
  if (result.status !== 0) return { result };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(report.hasWindow, environment === 'jsdom');
  return { result: { ...result, stdout: JSON.stringify(report) }, report };
}

const flows = [
  { flow: 'Jest, `node`', command: jest, environment: 'node', backend: 'native' },
  { flow: 'Jest, `jsdom`', command: jest, environment: 'jsdom', backend: 'wasm' },
  { flow: 'Vitest, `node`', command: vitest, environment: 'node', backend: 'native' },
  { flow: 'Vitest, `jsdom`', command: vitest, environment: 'jsdom', backend: 'native' },
];

for (const { flow, command, environment, backend } of flows) {
  it(flow, async () => {
    for (const project of [own, alias]) {
      const { result, report } = await reportOf(project, command, environment);
      assert.ok(report, result.stdout + result.stderr);
      checkReport(report, backend);
    }
    const { result } = await reportOf(theirs, command, environment);
    documented(flow, reference(result), backend);
  });
}
