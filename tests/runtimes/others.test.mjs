// The packed package on Bun and Deno.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  checkReport,
  documented,
  folderFor,
  installAll,
  lastLine,
  packageIn,
  PLATFORM,
  reference,
  registry,
  run,
  version,
  work,
} from './support.mjs';

const others = join(import.meta.dirname, 'others', 'node_modules');
const bun = [join(others, '@oven', 'bun-linux-x64-baseline', 'bin', 'bun')];
const deno = (...permissions) => [
  join(others, '@deno', 'linux-x64-glibc', 'deno'),
  'run',
  '--no-prompt',
  ...permissions,
];
const BASE = { NO_COLOR: '1', DENO_DIR: join(work, 'deno'), DENO_NO_UPDATE_CHECK: '1' };

let own, alias, bare, bareAlias, theirs;
before(async () => {
  ({ own, alias, bare, bareAlias, theirs } = await installAll());
});

const flows = [
  { flow: 'Bun', command: bun, programs: ['esm.mjs', 'cjs.cjs'], backend: 'native' },
  {
    flow: 'Bun, `MASTRA_JWT_BACKEND=wasm`',
    command: bun,
    programs: ['esm.mjs', 'cjs.cjs'],
    env: { MASTRA_JWT_BACKEND: 'wasm' },
    backend: 'wasm',
  },
  {
    flow: 'Bun, without the platform package',
    command: bun,
    programs: ['esm.mjs', 'cjs.cjs'],
    isBare: true,
    backend: 'wasm',
    warns: /Install again/,
  },
  { flow: 'Deno, `import`, no permission', command: deno(), programs: ['static.mjs'], backend: 'wasm' },
  {
    flow: 'Deno, `import`, `--allow-all`',
    command: deno('-A'),
    programs: ['esm.mjs', 'static.mjs'],
    backend: 'wasm',
  },
  { flow: 'Deno, `require`, `--allow-all`', command: deno('-A'), programs: ['cjs.cjs'], backend: 'native' },
  {
    flow: 'Deno, `require`, `--allow-read`',
    command: deno('--allow-read'),
    programs: ['cjs.cjs'],
    backend: 'wasm',
    warns: /add --allow-ffi/,
  },
];

for (const { flow, command, programs, env, isBare, backend, warns } of flows) {
  it(flow, async () => {
    for (const project of isBare ? [bare, bareAlias] : [own, alias]) {
      for (const program of programs) {
        const result = await run(project.folder, [...command, program], { ...BASE, ...env });
        checkReport(lastLine(result), backend);
        const fallbacks = result.stderr.split('\n').filter((line) => line.includes('[MJWT_WASM_FALLBACK]'));
        assert.equal(fallbacks.length, warns ? 1 : 0, result.stderr);
        if (warns) assert.match(fallbacks[0], warns);
      }
    }
    documented(flow, reference(await run(theirs.folder, [...command, programs[0]], BASE)), backend);
  });
}

describe('the command', () => {
  const doctor = (project, command, env) =>
    run(project.folder, [...command, join(packageIn(project), 'dist', 'cli', 'main.js'), 'doctor'], {
      ...BASE,
      ...env,
    });

  it('says on Bun and Deno which backend runs', async () => {
    const cases = [
      [own, bun, 'native'],
      [alias, bun, 'native'],
      [bare, bun, 'wasm'],
      [own, deno('-A'), 'wasm'],
      [alias, deno('-A'), 'wasm'],
    ];
    for (const [project, command, backend] of cases) {
      const { status, stdout, stderr } = await doctor(project, command);
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, new RegExp(`^backend +${backend}, version ${version}: `, 'm'));
    }
  });

  it('says on Bun that a forced backend cannot be had', async () => {
    const env = { MASTRA_JWT_BACKEND: 'native' };
    const { status, stderr } = await run(bare.folder, [...bun, 'cjs.cjs'], { ...BASE, ...env });
    assert.equal(status, 1);
    assert.match(stderr, /MJWT_NATIVE_MISSING/);
    const { status: wrong, stdout } = await doctor(bare, bun, env);
    assert.equal(wrong, 1);
    assert.match(stdout, /^backend +WRONG: mastra-jwt has no native binary/m);
  });
});

describe('the installers of others', () => {
  it('bun add takes the package of this platform alone', async () => {
    for (const [label, name, wanted] of [
      ['bun-own', 'mastra-jwt', 'mastra-jwt'],
      ['bun-alias', '@mastra/auth', '@mastra/auth@npm:mastra-jwt'],
    ]) {
      const folder = folderFor(label, name, 'checkAll');
      const added = await run(folder, [...bun, 'add', wanted, `--registry=${registry.address}`], BASE);
      assert.equal(added.status, 0, added.stderr);
      assert.deepEqual(readdirSync(join(folder, 'node_modules', '@mastra-jwt')), [PLATFORM]);
      checkReport(lastLine(await run(folder, [...bun, 'esm.mjs'], BASE)), 'native');
    }
  });

  it('deno add makes it available without a permission', async () => {
    const folder = folderFor('deno-own', 'mastra-jwt', 'checkAll');
    const [program] = deno();
    // The registry behind ours may have a certificate that the system knows, and Deno does not.
    const env = { ...BASE, NPM_CONFIG_REGISTRY: registry.address, DENO_TLS_CA_STORE: 'system' };
    const added = await run(folder, [program, 'add', 'npm:mastra-jwt'], env);
    assert.equal(added.status, 0, added.stderr);
    checkReport(lastLine(await run(folder, [...deno(), 'static.mjs'], env)), 'wasm');
    // Deno brings the packages of both C libraries; of the one without a binary nothing is loaded.
    checkReport(lastLine(await run(folder, [...deno('-A'), 'cjs.cjs'], env)), 'native');
  });
});
