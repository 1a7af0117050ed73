// Packs what is published: mastra-jwt, and the package with the binary of one platform.
//
//   node pack.mjs DEST [--target linux-x64-gnu] [--binary FILE]
//
// Needs `npm run build` and `cargo build --release -p mastra-jwt-node` before. Writes two tarballs into DEST.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const here = import.meta.dirname;
const root = join(here, '..');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const fail = (message) => {
  process.stderr.write(`pack: ${message}\n`);
  process.exit(1);
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { target: { type: 'string', default: 'linux-x64-gnu' }, binary: { type: 'string' } },
});
if (positionals.length !== 1) fail('usage: node pack.mjs DEST [--target linux-x64-gnu] [--binary FILE]');
const destination = resolve(positionals[0]);

const targets = readdirSync(join(here, 'npm'));
const { target } = values;
if (!targets.includes(target)) fail(`no such target: ${target}; there are ${targets.join(', ')}`);
const library = target.startsWith('win32')
  ? 'mastra_jwt_node.dll'
  : `libmastra_jwt_node.${target.startsWith('darwin') ? 'dylib' : 'so'}`;
const binary = resolve(
  values.binary ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release', library),
);

const source = readJson(join(here, 'package.json'));
if (!existsSync(join(here, 'dist', 'index.js'))) fail('dist/ is missing: run npm run build');
if (!existsSync(binary)) fail(`${binary} is missing: run cargo build --release -p mastra-jwt-node`);

/** The manifest of the main package: what only development needs is left out, the platform packages come in. */
function mainManifest() {
  const {
    private: _private,
    scripts: _scripts,
    devDependencies: _development,
    napi: _napi,
    ...manifest
  } = source;
  const platforms = targets.map((name) => readJson(join(here, 'npm', name, 'package.json')));
  for (const platform of platforms) {
    if (platform.version !== manifest.version) fail(`${platform.name} is not at version ${manifest.version}`);
  }
  const optionalDependencies = Object.fromEntries(platforms.map(({ name, version }) => [name, version]));
  return { ...manifest, optionalDependencies };
}

/** Packs a folder that holds the given files, besides the licences. */
function pack(manifest, files) {
  const folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-pack-'));
  try {
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT'])
      cpSync(join(root, licence), join(folder, licence));
    for (const [name, from] of Object.entries(files)) cpSync(from, join(folder, name), { recursive: true });
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', destination], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.stdout.write(`${join(destination, `${manifest.name}-${manifest.version}.tgz`)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

mkdirSync(destination, { recursive: true });
const platform = readJson(join(here, 'npm', target, 'package.json'));
pack(platform, { [platform.main]: binary, 'README.md': join(here, 'npm', target, 'README.md') });
pack(mainManifest(), { dist: join(here, 'dist'), 'README.md': join(here, 'README.md') });

// A binary for this machine is tried: an addon of another version would be refused by the package that loads it.
if (target === `${process.platform}-${process.arch}-gnu`) {
  const trial = mkdtempSync(join(tmpdir(), 'mastra-jwt-pack-'));
  cpSync(binary, join(trial, platform.main));
  const { version } = createRequire(import.meta.url)(join(trial, platform.main));
  rmSync(trial, { recursive: true, force: true });
  if (version() !== source.version)
    fail(`the binary is version ${version()}, not ${source.version}: build it again`);
}
