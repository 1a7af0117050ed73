// Required before each test file, and by what the tests start: takes the active mutant to child
// processes, whatever environment they are given, and brings back what they covered. The runner of
// StrykerJS sees only the process of the test file.
'use strict';
const childProcess = require('node:child_process');
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const ACTIVE = '__STRYKER_ACTIVE_MUTANT__';
const inherited = process.env.MUTANTS_COVERED;
const covered = inherited ?? (isMainThread ? mkdtempSync(join(tmpdir(), 'mutants-')) : undefined);

const REQUIRE = `--require ${__filename}`;

// The child keeps its own options: one test takes the addon away with `--no-addons`.
const withRequire = (options = '') => (options.includes(REQUIRE) ? options : `${options} ${REQUIRE}`.trim());

const withMutant = (env = process.env) => ({
  ...env,
  NODE_OPTIONS: withRequire(env.NODE_OPTIONS),
  MUTANTS_COVERED: covered,
  ...(process.env[ACTIVE] === undefined ? {} : { [ACTIVE]: process.env[ACTIVE] }),
});
for (const name of ['spawn', 'spawnSync', 'execFileSync']) {
  const original = childProcess[name];
  childProcess[name] = (file, args, options) =>
    original(file, args, { ...options, env: withMutant(options?.env) });
}
syncBuiltinESMExports();

process.on('exit', () => {
  const coverage = globalThis.__stryker__?.mutantCoverage?.static ?? {};
  if (inherited !== undefined) {
    writeFileSync(join(covered, `${process.pid}.json`), JSON.stringify(Object.keys(coverage)));
  } else if (isMainThread) {
    const ids = readdirSync(covered).flatMap((name) => JSON.parse(readFileSync(join(covered, name), 'utf8')));
    for (const id of ids) coverage[id] = (coverage[id] ?? 0) + 1;
    globalThis.__stryker__.mutantCoverage ??= { static: coverage, perTest: {} };
    rmSync(covered, { recursive: true });
  }
});
