// What the tests of runtimes share: projects with the packed package in them, programs that
// checkAll it there, and the table of tests/README.md, which says what they find.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { serve } from './registry.mjs';

const here = import.meta.dirname;
const vectorFolder = join(here, '..', 'vectors');
const FILES = ['verify', 'config', 'policy', 'sign', 'bearer', 'codes'];
export const vectors = Object.fromEntries(
  FILES.map((name) => [name, JSON.parse(readFileSync(join(vectorFolder, `${name}.json`), 'utf8'))]),
);

/** The folder of the packed tarballs. */
export const tarballs = process.env.TARBALLS ?? assert.fail('TARBALLS must name the folder of the tarballs');
export const { version } = JSON.parse(readFileSync(join(here, '..', '..', 'node', 'package.json'), 'utf8'));
/** The only platform that these tests know. */
export const PLATFORM = 'linux-x64-gnu';

export const work = mkdtempSync(join(tmpdir(), 'mastra-jwt-runtimes-'));
export const registry = await serve(tarballs);
after(() => {
  registry.close();
  rmSync(work, { recursive: true, force: true });
});

/** Runs a program with this environment alone. Never throws: a wrong end is a finding. */
export async function run(cwd, [command, ...args], env = {}) {
  const options = { cwd, env: { PATH: process.env.PATH, HOME: work, ...env }, maxBuffer: 64 << 20 };
  try {
    return { status: 0, ...(await promisify(execFile)(command, args, options)) };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { status: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

async function npm(cwd, ...args) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = await run(cwd, ['npm', ...args, ...quiet], process.env);
  assert.equal(status, 0, stderr);
}

/**
 * The programs of a project: each prints what the functions of tests/vectors/cases.cjs report of
 * the package `name`. `check` is `checkAll` for our own package, `checkReference` for the one whose
 * place it takes.
 */
const programs = (name, check) => ({
  'esm.mjs': `
    import * as library from '${name}';
    import { readFileSync } from 'node:fs';
    import cases from './cases.cjs';
    const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8'));
    console.log(JSON.stringify(await cases.${check}(library, vectors)));
  `,
  'cjs.cjs': `
    const library = require('${name}');
    const { ${check} } = require('./cases.cjs');
    ${check}(library, require('./vectors.json')).then((report) => console.log(JSON.stringify(report)));
  `,
  // Nothing is read at run time.
  'static.mjs': `
    import * as library from '${name}';
    import cases from './cases.cjs';
    import vectors from './vectors.json' with { type: 'json' };
    console.log(JSON.stringify(await cases.${check}(library, vectors)));
  `,
  'worker.mjs': `
    import * as library from '${name}';
    import cases from './cases.cjs';
    import vectors from './vectors.json';
    export default { fetch: async () => new Response(JSON.stringify(await cases.${check}(library, vectors))) };
  `,
  'jest.test.js': `
    const library = require('${name}');
    const { ${check} } = require('./cases.cjs');
    test('reports', async () => {
      const report = await ${check}(library, require('./vectors.json'));
      require('node:fs').writeFileSync('report.json', JSON.stringify({ hasWindow: typeof window === 'object', ...report }));
    });
  `,
  'vitest.spec.mjs': `
    import * as library from '${name}';
    import { writeFileSync } from 'node:fs';
    import cases from './cases.cjs';
    import vectors from './vectors.json';
    test('reports', async () => {
      const report = await cases.${check}(library, vectors);
      writeFileSync('report.json', JSON.stringify({ hasWindow: typeof window === 'object', ...report }));
    });
  `,
});

/** A new folder with the programs for the package that is imported as `name`. */
export function folderFor(label, name, check) {
  const folder = join(work, label);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, 'vectors.json'), JSON.stringify(vectors));
  cpSync(join(vectorFolder, 'cases.cjs'), join(folder, 'cases.cjs'));
  for (const [file, text] of Object.entries(programs(name, check))) writeFileSync(join(folder, file), text);
  return folder;
}

/** The folder of our package, or of the one whose place it takes, in a project. */
export const packageIn = (project) => join(project.folder, 'node_modules', project.name);

/** A project in which `npm install WANTED` made the package available as `name`. */
export async function install(label, name, wanted) {
  const folder = folderFor(label, name, 'checkAll');
  await npm(folder, 'install', wanted, `--registry=${registry.address}`);
  assert.deepEqual(readdirSync(join(folder, 'node_modules', '@mastra-jwt')), [PLATFORM]);
  return { folder, name };
}

/**
 * The same without the platform's package, as an installation leaves it that came from another
 * platform.
 */
export function without(label, { folder: from, name }) {
  const folder = join(work, label);
  cpSync(from, folder, { recursive: true });
  rmSync(join(folder, 'node_modules', '@mastra-jwt'), { recursive: true });
  return { folder, name };
}

/**
 * A project with the package whose place ours takes, in the version of the lock file in reference/.
 */
export async function installReference() {
  const folder = folderFor('reference', '@mastra/auth', 'checkReference');
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(here, 'reference', file), join(folder, file));
  await npm(folder, 'ci');
  return { folder, name: '@mastra/auth' };
}

/** Fails unless a report is of all cases, and all of them passed. */
export function checkReport(report, backend) {
  assert.deepEqual(report.failures, []);
  const { verify, config, policy } = vectors;
  assert.equal(report.backend, backend);
  assert.equal(report.ran.verify, verify.vectors.length);
  assert.equal(report.ran.config, config.vectors.length);
  assert.equal(report.ran.policy, policy.vectors.length);
  assert.ok(
    report.ran.sign >= 80 && report.ran.bearer >= 8 && report.ran.dropIn >= 200,
    JSON.stringify(report.ran),
  );
}

/** The last line that a program printed, as JSON. */
export function lastLine({ status, stdout, stderr }) {
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** What a program found of the reference: `works`, or the first line of what went wrong. */
export function reference({ status, stdout, stderr }) {
  if (status !== 0)
    return /^ *(\w*Error.*|error: .*|Must use import to load ES Module)/m.exec(stderr)?.[1] ?? stderr;
  const { ran, failures } = lastLine({ status, stdout, stderr });
  assert.ok(ran.dropIn >= 200, JSON.stringify(ran));
  return failures.length === 0 ? 'works' : failures[0];
}

/** Fails unless the table in tests/README.md has this row. */
export function documented(...cells) {
  const row = `| ${cells.join(' | ')} |`;
  const table = readFileSync(join(here, '..', 'README.md'), 'utf8');
  assert.ok(table.split('\n').includes(row), `tests/README.md lacks the row\n${row}`);
}

/** The package under both names, each also without its platform package, and the reference. */
export async function installAll() {
  const own = await install('own', 'mastra-jwt', 'mastra-jwt');
  const alias = await install('alias', '@mastra/auth', '@mastra/auth@npm:mastra-jwt');
  const theirs = await installReference();
  return { own, alias, bare: without('bare', own), bareAlias: without('bare-alias', alias), theirs };
}
