// The packed tarballs, as a user installs them: in an empty folder, on each Node that is promised.
// Run: npm run build && npm run test:package
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const { version, name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const PLATFORM = 'linux-x64-gnu';
/** The oldest that is promised, and the newest of the others: pinned in tests/runtimes. */
const NODES = ['node-20', 'node-22', 'node-24'];
const runtimes = join(root, '..', 'tests', 'runtimes');
const binaryOf = (node) => join(runtimes, 'node_modules', node, 'bin', 'node');

let work, main, platform;

const npm = (cwd, ...args) =>
  execFileSync('npm', ['--ignore-scripts', '--no-audit', '--no-fund', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** An empty folder with these files, and these packages installed. */
function project(label, files, ...packages) {
  const folder = join(work, label);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  npm(folder, 'install', ...packages);
  return folder;
}

function run(node, cwd, ...args) {
  const env = { PATH: process.env.PATH, JWT_AUTH_SECRET: 'x'.repeat(32) };
  const { status, stdout, stderr } = spawnSync(node, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

before(() => {
  assert.equal(
    `${process.platform}-${process.arch}`,
    'linux-x64',
    'these tests need the binary of linux-x64',
  );
  work = mkdtempSync(join(tmpdir(), 'mastra-jwt-package-'));
  execFileSync(process.execPath, [join(root, 'pack.mjs'), work], { stdio: ['ignore', 'ignore', 'inherit'] });
  [main, platform] = [name, `${name}-${PLATFORM}`].map((it) => join(work, `${it}-${version}.tgz`)); // npm's names
  execFileSync(join(runtimes, 'install.sh'), { stdio: 'inherit' });
});
after(() => rmSync(work, { recursive: true, force: true }));

const script = (from) => ({
  'esm.mjs': `
    import { createRequire } from 'node:module';
    import * as esm from '${from}';
    const cjs = createRequire(import.meta.url)('${from}');
    const auth = new esm.MastraJwtAuth();
    const token = new cjs.MastraJwtAuth().sign({ sub: 'me' });
    const error = await auth.authenticateToken(token + 'x').catch((error) => error);
    console.log(JSON.stringify([(await auth.authenticateToken(token)).sub, auth instanceof cjs.MastraJwtAuth,
      error instanceof cjs.JsonWebTokenError, error.message, typeof esm.verifyJwks, process.versions.node.split('.')[0]]));
  `,
  'cjs.cjs': `
    const { MastraJwtAuth, createVerifier } = require('${from}');
    const auth = new MastraJwtAuth();
    const token = auth.sign({ sub: 'me' });
    auth.authenticateToken(token).then(({ sub }) => console.log(JSON.stringify([sub, createVerifier({ secret: 'x'.repeat(32) })(token).sub])));
  `,
});

function works(folder, node) {
  const esm = run(binaryOf(node), folder, 'esm.mjs');
  assert.equal(esm.stderr, '');
  assert.deepEqual(JSON.parse(esm.stdout), [
    'me',
    true,
    true,
    'invalid signature',
    'function',
    node.replace('node-', ''),
  ]);
  const cjs = run(binaryOf(node), folder, 'cjs.cjs');
  assert.equal(cjs.stderr, '');
  assert.deepEqual(JSON.parse(cjs.stdout), ['me', 'me']);
}

describe('the tarballs', () => {
  it('hold what is meant to be published, and no more', () => {
    const list = (tarball) =>
      execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n').sort();
    const licences = [
      'package/LICENSE-APACHE',
      'package/LICENSE-MIT',
      'package/README.md',
      'package/package.json',
    ];
    assert.deepEqual(list(platform), [...licences, `package/mastra-jwt.${PLATFORM}.node`].sort());
    const data = ['package/policy.schema.json', 'package/dist/mjwt.wasm', 'package/dist/page.html'];
    for (const file of data) assert.ok(list(main).includes(file), file);
    const others = list(main).filter((file) => ![...licences, ...data].includes(file));
    assert.ok(others.length > 10);
    for (const file of others)
      assert.match(file, /^package\/dist\/([a-z]+\/){0,2}[a-z-]+\.(js|d\.ts|mjs|d\.mts)$/);
  });

  it('need no script to install, and all platform packages at their own version', () => {
    const manifest = JSON.parse(
      execFileSync('tar', ['xzOf', main, 'package/package.json'], { encoding: 'utf8' }),
    );
    assert.equal(manifest.scripts, undefined);
    assert.equal(manifest.private, undefined);
    assert.deepEqual(Object.keys(manifest.dependencies).sort(), ['dotenv', 'jose']);
    const platforms = JSON.parse(readFileSync(join(root, 'platforms.json'), 'utf8'));
    assert.deepEqual(
      manifest.optionalDependencies,
      Object.fromEntries(platforms.map((it) => [`@mastra-jwt/${it.name}`, version])),
    );
    const {
      os,
      cpu,
      libc,
      main: entry,
    } = JSON.parse(execFileSync('tar', ['xzOf', platform, 'package/package.json'], { encoding: 'utf8' }));
    const row = platforms.find((it) => it.name === PLATFORM);
    assert.deepEqual([os, cpu, libc, entry], [row.os, row.cpu, row.libc, `mastra-jwt.${PLATFORM}.node`]);
  });

  it('satisfy publint', async () => {
    const { publint } = await import('publint');
    const { formatMessage } = await import('publint/utils');
    for (const tarball of [main, platform]) {
      const data = readFileSync(tarball);
      const { messages, pkg } = await publint({
        pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.length) },
      });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg, { color: false })),
        [],
      );
    }
  });

  it('have types that are right for every way to import (attw)', () => {
    const attw = join(root, 'node_modules', '.bin', 'attw');
    const { stdout } = spawnSync(attw, [main, '--format', 'json'], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    const { analysis } = JSON.parse(stdout);
    // The oldest resolution knows no subpaths.
    const problems = analysis.problems.filter(
      ({ resolutionKind, entrypoint }) => resolutionKind !== 'node10' || entrypoint === '.',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(analysis.types, { kind: 'included' });
  });
});

describe('installed in an empty folder', () => {
  it('works from ESM and CommonJS on every Node', () => {
    const folder = project('plain', script('mastra-jwt'), main, platform);
    for (const node of NODES) works(folder, node);
  });

  it('works as @mastra/auth on every Node', () => {
    const folder = project('alias', script('@mastra/auth'), `@mastra/auth@file:${main}`, platform);
    for (const node of NODES) works(folder, node);
  });

  it('works with the binary in view of bundlers', () => {
    const folder = project('native', script('mastra-jwt/native'), main, platform);
    for (const node of NODES) works(folder, node);
  });

  it('brings the command', () => {
    const folder = project('command', {}, main, platform);
    const bin = join(folder, 'node_modules', '.bin', 'mastra-jwt');
    const token = run(bin, folder, 'sign', '--sub', 'me');
    assert.deepEqual([token.status, token.stderr], [0, '']);
    const { status, stdout } = run(bin, folder, 'verify', token.stdout.trim());
    assert.deepEqual([status, JSON.parse(stdout).sub], [0, 'me']);
  });

  it('works without the binary, and says once that it is slower', () => {
    const folder = project('bare', script('mastra-jwt'), main);
    for (const file of ['esm.mjs', 'cjs.cjs']) {
      const { status, stdout, stderr } = run(process.execPath, folder, file);
      assert.equal(status, 0, stderr);
      assert.equal(JSON.parse(stdout)[0], 'me');
      assert.equal(stderr.match(/\[MJWT_WASM_FALLBACK\]/g).length, 1);
      assert.match(
        stderr,
        new RegExp(`no native binary for linux-x64 \\(libc: .*@mastra-jwt/${PLATFORM}@${version}`),
      );
      assert.match(stderr, /Install again on this machine/);
    }
    const env = { PATH: process.env.PATH, MASTRA_JWT_BACKEND: 'native' };
    const forced = spawnSync(process.execPath, ['cjs.cjs'], { cwd: folder, env, encoding: 'utf8' });
    assert.equal(forced.status, 1);
    assert.match(forced.stderr, /MJWT_NATIVE_MISSING/);
    const bin = join(folder, 'node_modules', '.bin', 'mastra-jwt');
    const token = run(bin, folder, 'sign', '--sub', 'me').stdout.trim();
    assert.equal(run(bin, folder, 'verify', token).status, 0);
  });

  it('leaves a binary of another version alone', () => {
    const folder = project('mixed', script('mastra-jwt'), main, platform);
    const file = join(folder, 'node_modules', '@mastra-jwt', PLATFORM, `mastra-jwt.${PLATFORM}.node`);
    const binary = readFileSync(file);
    const at = binary.indexOf(version);
    assert.ok(at > 0, 'the binary holds its version');
    for (let found = at; found >= 0; found = binary.indexOf(version, found + 1)) binary.write('9', found);
    writeFileSync(file, binary);
    const { status, stderr } = run(process.execPath, folder, 'cjs.cjs');
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`MJWT_WASM_FALLBACK.*@mastra-jwt/${PLATFORM} is version 9`));
  });
});
