// The packed package in an empty folder, on each Node and with its flags.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  checkReport,
  documented,
  installAll,
  lastLine,
  packageIn,
  PLATFORM,
  reference,
  run,
  version,
} from './support.mjs';

const MAJORS = [20, 22, 24, 26];
const NODES = `Node ${MAJORS.join(', ')}`;
const node = (major) => join(import.meta.dirname, 'node_modules', `node-${major}`, 'bin', 'node');
/** Node 20 has it as an experiment. */
const permission = (major) => (major === 20 ? '--experimental-permission' : '--permission');

let own, alias, bare, bareAlias, theirs;
before(async () => {
  ({ own, alias, bare, bareAlias, theirs } = await installAll());
});

/** What a flow is started with. `flags` is a function of the major version and the project. */
const flows = [
  { flow: NODES, backend: 'native', flags: () => [] },
  {
    flow: `${NODES}, \`MASTRA_JWT_BACKEND=wasm\``,
    backend: 'wasm',
    flags: () => [],
    env: { MASTRA_JWT_BACKEND: 'wasm' },
  },
  {
    flow: `${NODES}, without the platform package`,
    backend: 'wasm',
    flags: () => [],
    isBare: true,
    warns: /Install again/,
  },
  {
    flow: `${NODES}, \`--no-addons\``,
    backend: 'wasm',
    flags: () => ['--no-addons'],
    warns: /runs with --no-addons/,
  },
  {
    flow: `${NODES}, \`--permission --allow-fs-read\``,
    backend: 'wasm',
    flags: (major, { folder }) => [permission(major), `--allow-fs-read=${folder}/*`],
    warns: /runs with --permission: add --allow-addons/,
  },
  {
    flow: `${NODES}, \`--permission --allow-fs-read --allow-addons\``,
    backend: 'native',
    flags: (major, { folder }) => [permission(major), `--allow-fs-read=${folder}/*`, '--allow-addons'],
  },
];

/** The warnings of the package that are about its backend. */
const fallbacks = ({ stderr }) => stderr.split('\n').filter((line) => line.includes('[MJWT_WASM_FALLBACK]'));

for (const { flow, backend, flags, env, isBare, warns } of flows) {
  describe(flow, () => {
    for (const major of MAJORS) {
      it(`on Node ${major}`, async () => {
        const projects = isBare ? [bare, bareAlias] : [own, alias];
        for (const project of projects) {
          const start = (...args) =>
            run(project.folder, [node(major), ...flags(major, project), ...args], env);
          for (const program of ['esm.mjs', 'cjs.cjs']) {
            const result = await start(program);
            checkReport(lastLine(result), backend);
            assert.equal(fallbacks(result).length, warns ? 1 : 0, result.stderr);
            if (warns) assert.match(fallbacks(result)[0], warns);
          }
          const doctor = await start(join(packageIn(project), 'dist', 'cli', 'main.js'), 'doctor');
          assert.equal(doctor.status, 0, doctor.stdout + doctor.stderr);
          assert.match(doctor.stdout, new RegExp(`^backend +${backend}, version ${version}: `, 'm'));
          assert.match(doctor.stdout, new RegExp(`^Node +v${major}\\.`, 'm'));
        }
        const args = [...flags(major, theirs), 'esm.mjs'];
        documented(flow, reference(await run(theirs.folder, [node(major), ...args])), backend);
      });
    }
  });
}

describe('Node, `MASTRA_JWT_BACKEND=native`, which cannot be had', () => {
  const causes = [
    {
      label: 'without the platform package',
      flags: () => [],
      isBare: true,
      words: `@mastra-jwt/${PLATFORM}@${version}`,
    },
    { label: 'with --no-addons', flags: () => ['--no-addons'], words: 'leave this option out' },
    {
      label: 'with --permission',
      flags: (major, { folder }) => [permission(major), `--allow-fs-read=${folder}/*`],
      words: 'add --allow-addons',
    },
  ];
  for (const { label, flags, isBare, words } of causes) {
    for (const major of MAJORS) {
      it(`${label} is an error that says so, on Node ${major}`, async () => {
        for (const project of isBare ? [bare, bareAlias] : [own, alias]) {
          const start = (...args) =>
            run(project.folder, [node(major), ...flags(major, project), ...args], {
              MASTRA_JWT_BACKEND: 'native',
            });
          for (const program of ['esm.mjs', 'cjs.cjs']) {
            const { status, stderr } = await start(program);
            assert.equal(status, 1);
            assert.match(stderr, /MJWT_NATIVE_MISSING/);
            assert.ok(stderr.includes(words), stderr);
          }
          const doctor = await start(join(packageIn(project), 'dist', 'cli', 'main.js'), 'doctor');
          assert.equal(doctor.status, 1);
          assert.match(doctor.stdout, /^backend +WRONG: mastra-jwt has no native binary for linux-x64/m);
          assert.ok(doctor.stdout.includes(words), doctor.stdout);
        }
      });
    }
  }
  it('is in the table', () =>
    documented(
      `${NODES}, \`MASTRA_JWT_BACKEND=native\` that cannot load`,
      'has no such variable',
      'error `MJWT_NATIVE_MISSING`',
    ));
});

describe('types', () => {
  const tsc = join(import.meta.dirname, '..', '..', 'node', 'node_modules', '.bin', 'tsc');
  /**
   * Compiles only where the package has types: with none, the line that is expected to be wrong
   * would be right.
   */
  const source = (name) => `
    import { MastraJwtAuth, verifyHmac } from '${name}';
    const auth = new MastraJwtAuth({ secret: 'x' });
    export const verified: Promise<{ sub?: string }> = auth.authenticateToken('token');
    export const checked: Promise<{ exp?: number }> = verifyHmac('token', 'secret');
    // @ts-expect-error
    new MastraJwtAuth({ secret: true });
  `;
  const compile = async ({ folder, name }, ...options) => {
    for (const file of ['types.mts', 'types.cts']) writeFileSync(join(folder, file), source(name));
    const strict = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom,dom.iterable',
      '--types',
      '',
    ];
    return run(folder, [tsc, ...strict, ...options, 'types.mts', 'types.cts']);
  };
  const settings = [
    ['nodenext', '--module', 'nodenext'],
    ['nodenext', '--module', 'nodenext', '--skipLibCheck'],
    ['bundler', '--module', 'esnext', '--moduleResolution', 'bundler'],
    ['bundler', '--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck'],
  ];
  for (const [resolution, ...options] of settings) {
    const flow = `TypeScript, \`${resolution}\`${options.includes('--skipLibCheck') ? ', `skipLibCheck`' : ''}`;
    it(`are found by ${flow}`, async () => {
      for (const project of [own, alias]) {
        const { status, stdout } = await compile(project, ...options);
        assert.equal(status, 0, stdout);
      }
      const { status, stdout } = await compile(theirs, ...options);
      const [code] = /error TS\d+/.exec(stdout) ?? [];
      documented(flow, status === 0 ? 'works' : `${code} in its declarations`, 'works');
    });
  }
});
