// Builds dist/: the CommonJS modules that Node runs, with types, and ES modules for bundlers, Workers, browsers and Deno, and the token page.
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

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const run = (...args) => execFileSync(process.execPath, args, { cwd: here, stdio: 'inherit' });
const tsc = (project) => run(join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project);

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
const module = join(process.env.CARGO_TARGET_DIR ?? join(here, '..', 'target'), 'wasm', 'mjwt.wasm');
if (!existsSync(module)) throw new Error(`${module} is missing: run wasm/build.sh`);
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
run('page/build.mjs');
run('pack.mjs', '--place');
