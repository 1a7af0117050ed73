// Builds dist/: the CommonJS modules that Node runs, with types, and ES modules for bundlers, Workers, browsers and Deno.
//
//   node build.mjs
//
// Needs `cargo build --release -p mastra-jwt-node` before.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const run = (...args) => execFileSync(process.execPath, args, { cwd: here, stdio: 'inherit' });
const tsc = (project) => run(join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project);

rmSync(join(here, 'dist'), { recursive: true, force: true });
writeFileSync(
  join(here, 'ts', 'version.ts'),
  `/** Made by build.mjs from package.json. */\nexport const VERSION = '${version}';\n`,
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
run('pack.mjs', '--place');
