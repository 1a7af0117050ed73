// Packs what is published: mastra-jwt, and the package with the binary of one platform of
// platforms.json.
//
//   node pack.mjs DEST [--target linux-x64-gnu] [--binary FILE] [--only main|platform] [--notices
//   FILE]
//                                                         writes tarballs into DEST
//   node pack.mjs --place                                 puts the binary beside package.json, for
//                                                         development
//
// Needs `cargo build --release -p mastra-jwt-node` before, and for the tarballs `npm run build`.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { problems } from '../.ci/dist/binary.mjs';

const here = import.meta.dirname;
const root = join(here, '..');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const fail = (message) => {
  process.stderr.write(`pack: ${message}\n`);
  process.exit(1);
};

const platforms = readJson(join(here, 'platforms.json'));
/** The platform of this process. */
const host = () => {
  const { platform: os, arch } = process;
  if (os !== 'linux') return `${os}-${arch}`;
  return `linux-${arch}-${process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl'}`;
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    target: { type: 'string', default: host() },
    binary: { type: 'string' },
    only: { type: 'string' },
    notices: { type: 'string' }, // The licences of what is compiled in, which a release has.
    place: { type: 'boolean', default: false },
  },
});
const { target, only } = values;
if (positionals.length !== (values.place ? 0 : 1) || ![undefined, 'main', 'platform'].includes(only)) {
  fail(
    'usage: node pack.mjs DEST [--target linux-x64-gnu] [--binary FILE] [--only main|platform] [--notices FILE], or node pack.mjs --place',
  );
}

const source = readJson(join(here, 'package.json'));
const platform = platforms.find(({ name }) => name === target);
if (!platform) fail(`no such target: ${target}; there are ${platforms.map(({ name }) => name).join(', ')}`);
const NOTICES = 'THIRD-PARTY-NOTICES';
const addon = `mastra-jwt.${target}.node`;

/**
 * The binary, if it may be published for the platform. One that `--binary` does not name is of this
 * machine's own tools, for development: it may need a newer libc than a release does. It is tried
 * where it is for this machine: the package that loads it refuses one of another version.
 */
function checkedBinary() {
  const file = { linux: 'libmastra_jwt_node.so', darwin: 'libmastra_jwt_node.dylib' }[platform.os[0]];
  const release = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release');
  const binary = resolve(values.binary ?? join(release, file ?? 'mastra_jwt_node.dll'));
  if (!existsSync(binary)) fail(`${binary} is missing: run cargo build --release -p mastra-jwt-node`);
  const reasons = problems(readFileSync(binary), platform, 'addon', { development: !values.binary });
  if (reasons.length > 0) fail(`${binary} is not for ${target}: ${reasons.join('; ')}`);
  if (target !== host()) return binary;
  const trial = mkdtempSync(join(tmpdir(), 'mastra-jwt-pack-'));
  cpSync(binary, join(trial, addon));
  const version = createRequire(import.meta.url)(join(trial, addon)).version();
  rmSync(trial, { recursive: true, force: true });
  if (version !== source.version)
    fail(`the binary is version ${version}, not ${source.version}: build it again`);
  return binary;
}

/**
 * The name of a platform's package. A scope: an unpublished plain name could be taken by a
 * stranger.
 */
const packageOf = (name) => `@mastra-jwt/${name}`;

/**
 * The manifest of the main package: what only development needs is left out, the platform packages
 * come in.
 */
function mainManifest() {
  const { private: _private, scripts: _scripts, devDependencies: _development, ...manifest } = source;
  const optionalDependencies = Object.fromEntries(
    platforms.map(({ name }) => [packageOf(name), manifest.version]),
  );
  return { ...manifest, optionalDependencies };
}

/** The manifest of a platform's package. */
function platformManifest() {
  const { version, license, repository, homepage, bugs, engines } = source;
  const { os, cpu, libc } = platform;
  return {
    name: packageOf(target),
    version,
    description: `The native binary of mastra-jwt for ${target}`,
    license,
    repository,
    homepage,
    bugs,
    type: 'commonjs',
    main: addon,
    files: [addon, 'LICENSE-APACHE', 'LICENSE-MIT', NOTICES],
    engines,
    os,
    cpu,
    ...(libc && { libc }),
    publishConfig: { access: 'public' },
  };
}

const PLATFORM_README = `# ${packageOf(target)}

The native binary of [mastra-jwt](https://www.npmjs.com/package/mastra-jwt) for ${target}. It comes with that package, as an
optional dependency; there is nothing to do with it alone.
`;

/** Packs a folder of the given files and texts, and the licences, into the destination. */
function pack(destination, manifest, files, texts = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-pack-'));
  try {
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT']) {
      cpSync(join(root, licence), join(folder, licence));
    }
    if (values.notices) cpSync(resolve(values.notices), join(folder, NOTICES));
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    for (const [name, from] of Object.entries(files)) cpSync(from, join(folder, name), { recursive: true });
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', destination], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.stdout.write(
      `${join(destination, `${manifest.name.replace(/^@(.*)\//, '$1-')}-${manifest.version}.tgz`)}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.place) {
  // Moved into place, since a process may have the old one loaded.
  const fresh = join(here, `.${addon}`);
  cpSync(checkedBinary(), fresh);
  renameSync(fresh, join(here, addon));
} else {
  const destination = resolve(positionals[0]);
  mkdirSync(destination, { recursive: true });
  if (only !== 'main') {
    pack(destination, platformManifest(), { [addon]: checkedBinary() }, { 'README.md': PLATFORM_README });
  }
  if (only !== 'platform') {
    if (!existsSync(join(here, 'dist', 'index.js'))) fail('dist/ is missing: run npm run build');
    pack(destination, mainManifest(), {
      dist: join(here, 'dist'),
      'README.md': join(here, 'README.md'),
      'policy.schema.json': join(root, 'core', 'policy.schema.json'),
    });
  }
}
