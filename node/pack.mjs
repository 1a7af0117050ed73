// Packs what is published: mastra-jwt, and the package with the binary of one platform.
//
//   node pack.mjs DEST [--target linux-x64-gnu] [--binary FILE]   writes two tarballs into DEST
//   node pack.mjs --place                                         puts the binary beside package.json, for development
//
// Needs `cargo build --release -p mastra-jwt-node` before, and for the tarballs `npm run build`.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
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

const { platform: os, arch } = process;
const host = { linux: `linux-${arch}-gnu`, win32: `win32-${arch}-msvc` }[os] ?? `${os}-${arch}`;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    target: { type: 'string', default: host },
    binary: { type: 'string' },
    place: { type: 'boolean', default: false },
  },
});
if (positionals.length !== (values.place ? 0 : 1)) {
  fail('usage: node pack.mjs DEST [--target linux-x64-gnu] [--binary FILE], or node pack.mjs --place');
}

const targets = readdirSync(join(here, 'npm'));
const { target } = values;
if (!targets.includes(target)) fail(`no such target: ${target}; there are ${targets.join(', ')}`);
const file = { linux: 'libmastra_jwt_node.so', darwin: 'libmastra_jwt_node.dylib' }[target.split('-')[0]];
const release = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release');
const binary = resolve(values.binary ?? join(release, file ?? 'mastra_jwt_node.dll'));
if (!existsSync(binary)) fail(`${binary} is missing: run cargo build --release -p mastra-jwt-node`);

const source = readJson(join(here, 'package.json'));
const platform = readJson(join(here, 'npm', target, 'package.json'));

// A binary for this machine is tried: one of another version would be refused by the package that loads it.
if (target === host) {
  const trial = mkdtempSync(join(tmpdir(), 'mastra-jwt-pack-'));
  cpSync(binary, join(trial, platform.main));
  const { version } = createRequire(import.meta.url)(join(trial, platform.main));
  rmSync(trial, { recursive: true, force: true });
  if (version() !== source.version) {
    fail(`the binary is version ${version()}, not ${source.version}: build it again`);
  }
}

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
  for (const { name, version } of platforms) {
    if (version !== manifest.version) fail(`${name} is not at version ${manifest.version}`);
  }
  const optionalDependencies = Object.fromEntries(platforms.map(({ name, version }) => [name, version]));
  return { ...manifest, optionalDependencies };
}

/** Packs a folder that holds the given files, besides the licences, into the destination. */
function pack(destination, manifest, files) {
  const folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-pack-'));
  try {
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT']) {
      cpSync(join(root, licence), join(folder, licence));
    }
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

if (values.place) {
  // Moved into place, since a process may have the old one loaded.
  const fresh = join(here, `.${platform.main}`);
  cpSync(binary, fresh);
  renameSync(fresh, join(here, platform.main));
} else {
  if (!existsSync(join(here, 'dist', 'index.js'))) fail('dist/ is missing: run npm run build');
  const destination = resolve(positionals[0]);
  mkdirSync(destination, { recursive: true });
  const readme = (...path) => ({ 'README.md': join(here, ...path, 'README.md') });
  pack(destination, platform, { [platform.main]: binary, ...readme('npm', target) });
  pack(destination, mainManifest(), { dist: join(here, 'dist'), ...readme() });
}
