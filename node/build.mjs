// Builds dist/: the CommonJS modules that Node runs, with types, and ES modules for bundlers,
// Workers, browsers and Deno, and the token page.
//
//   node build.mjs
//
// Needs `cargo build --release -p mastra-jwt-node` and wasm/build.sh before.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const run = (...args) => execFileSync(process.execPath, args, { cwd: here, stdio: 'inherit' });
const tsc = (project) => run(join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project);

/** What wasm2js made, as a function that makes instances: by itself it makes a single one. */
function coreModule(source) {
  let code = source;
  const replace = (from, to) => {
    const [before, after, ...more] = code.split(from);
    if (after === undefined || more.length > 0) throw new Error(`wasm2js wrote not exactly one ${from}`);
    code = before + to + after;
  };
  code = code.slice(0, code.indexOf('\nvar retasmFunc = '));
  replace('function asmFunc(imports)', 'export function instantiate()');
  replace('initActiveSegments(imports);', 'initActiveSegments();');
  replace('function initActiveSegments(imports)', 'function initActiveSegments()');
  // There may be keys in the memory that is left behind.
  replace('newHEAP8.set(HEAP8);', 'newHEAP8.set(HEAP8);\n   HEAP8.fill(0);');
  return transformSync(code, { minify: true, format: 'esm', target: 'es2022' }).code;
}

rmSync(join(here, 'dist'), { recursive: true, force: true });
/** Writes a source that is not in the repository. */
const make = (file, text) => writeFileSync(join(here, 'ts', file), text);
make('version.ts', `/** Made by build.mjs from package.json. */\nexport const VERSION = '${version}';\n`);
const platforms = JSON.parse(readFileSync(join(here, 'platforms.json'), 'utf8')).map(({ name }) => name);
make(
  'backend/platforms.ts',
  `/** The platforms that have a package. Made by build.mjs from platforms.json. */
export const PLATFORMS = [${platforms.map((name) => `'${name}'`).join(', ')}] as const;
export type Platform = (typeof PLATFORMS)[number];
`,
);
make(
  'backend/platform-requires.ts',
  `/** The package of each platform, by name, for bundlers to see. Made by build.mjs from platforms.json. */
import type { Platform } from './platforms.js';

export const REQUIRES: Readonly<Record<Platform, () => unknown>> = {
${platforms.map((name) => `  '${name}': () => require('@mastra-jwt/${name}'),\n`).join('')}};
`,
);
const wasm = join(process.env.CARGO_TARGET_DIR ?? join(here, '..', 'target'), 'wasm');
const [module, core] = ['mjwt.wasm', 'mjwt.js'].map((file) => join(wasm, file));
for (const file of [module, core])
  if (!existsSync(file)) throw new Error(`${file} is missing: run wasm/build.sh`);
make(
  'backend/wasm-bytes.ts',
  `/** Made by build.mjs from mjwt.wasm. Used once: a bundler that inlines constants would copy it to each use. */
export const base64: string =
  '${readFileSync(module, 'base64')}';
`,
);
tsc('tsconfig.json');
tsc('tsconfig.esm.json');

// One package holds both kinds of modules: those for `import` end in .mjs.
for (const file of readdirSync(join(here, 'dist', 'esm'), { recursive: true })) {
  if (!file.endsWith('.js')) continue;
  const path = join(here, 'dist', 'esm', file);
  const code = readFileSync(path, 'utf8').replace(/((?:from|import\() ?'\.{1,2}\/[^']+)\.js'/g, "$1.mjs'");
  writeFileSync(path, code);
  renameSync(path, path.replace(/\.js$/, '.mjs'));
}
copyFileSync(module, join(here, 'dist', 'mjwt.wasm'));
writeFileSync(join(here, 'dist', 'esm', 'backend', 'core.mjs'), coreModule(readFileSync(core, 'utf8')));
run('page/build.mjs');
run('pack.mjs', '--place');
