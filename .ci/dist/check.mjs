// Looks at what `make dist` wrote as those see it who get it:
//   node .ci/dist/check.mjs DEST [PLATFORM...]
//
// Every file must be there for each of the platforms (all), the binaries in the archives and
// packages must be such as binary.mjs lets through, the archives laid out as their system wants it,
// the bills of materials about these files and with the same crates as the notices, and the sums
// right.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { declared, foreign, inspect, platforms, problems } from './binary.mjs';

const [destination, ...names] = process.argv.slice(2);
if (!destination) {
  console.error('usage: node check.mjs DEST [PLATFORM...]');
  process.exit(2);
}
const dest = resolve(destination);
const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'node/package.json'), 'utf8'));
const abi = /^#define MJWT_ABI_VERSION (\d+)$/m.exec(readFileSync(join(root, 'include/mjwt.h'), 'utf8'))[1];
const work = mkdtempSync(join(tmpdir(), 'mjwt-dist-'));
const bad = [];

/** Unpacks a tarball, without its first directory. */
function unpack(tarball) {
  const folder = mkdtempSync(join(work, 'a-'));
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  return folder;
}
const present = (folder, files, where) => {
  for (const file of files) if (!existsSync(join(folder, file))) bad.push(`${where} is without ${file}`);
};
/** Whether a file may be published, in the words of binary.mjs. */
function binary(file, platform, kind, where) {
  if (!existsSync(file)) return bad.push(`${where} is missing`);
  return bad.push(...problems(readFileSync(file), platform, kind).map((each) => `${where}: ${each}`));
}

/**
 * The global symbols that a library defines, by the tool that reads all three formats:
 * `{ member, name }`.
 */
function globals(file) {
  const listed = execFileSync('llvm-nm', ['--print-file-name', '--extern-only', '--defined-only', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return [...listed.matchAll(/^(?:.*[:/\\])?([^:/]+): *[0-9a-f]* [A-Z] (.*)$/gim)].map(
    ([, member, name]) => ({ member, name }),
  );
}

const layouts = {
  linux: {
    shared: `lib/libmjwt.so.${version}`,
    links: { 'lib/libmjwt.so': `libmjwt.so.${abi}`, [`lib/libmjwt.so.${abi}`]: `libmjwt.so.${version}` },
    symbols: `lib/.debug/libmjwt.so.${version}.debug`,
  },
  darwin: {
    shared: `lib/libmjwt.${abi}.dylib`,
    links: { 'lib/libmjwt.dylib': `libmjwt.${abi}.dylib` },
    symbols: `lib/libmjwt.${abi}.dylib.dSYM/Contents/Resources/DWARF/libmjwt.${abi}.dylib`,
  },
  win32: {
    shared: 'bin/mjwt.dll',
    links: {},
    more: ['lib/libmjwt.dll.a', 'lib/mjwt.lib'],
    symbols: 'bin/mjwt.dll.debug',
  },
};

/**
 * The archive with the debug symbols of a library, in which they must say where in the source a
 * function is.
 */
function debugSymbols(library, name, symbols) {
  const path = join(dest, 'c', `${name}.tar.gz`);
  if (!existsSync(path)) return bad.push(`c/${name}.tar.gz is missing`);
  const folder = unpack(path);
  const file = join(folder, symbols);
  if (!existsSync(file)) return bad.push(`${name} is without ${symbols}`);
  const found = foreign(readFileSync(library), readFileSync(file), basename(symbols));
  const told = execFileSync('llvm-dwarfdump', ['--name=mjwt_verify', file], { encoding: 'utf8' });
  if (!told.includes('"/mastra-jwt/ffi/src/verifier.rs"'))
    found.push('it does not know where mjwt_verify is');
  return bad.push(...found.map((each) => `${name}/${symbols}: ${each}`));
}

function archive(platform) {
  const name = `libmjwt-${version}-${platform.target}`;
  const path = join(dest, 'c', `${name}.tar.gz`);
  if (!existsSync(path)) return bad.push(`c/${name}.tar.gz is missing`);
  const folder = unpack(path);
  const { shared, links, more = [], symbols } = layouts[platform.os[0]];
  present(
    folder,
    [
      ...[
        'README.md',
        'LICENSE-MIT',
        'LICENSE-APACHE',
        'THIRD-PARTY-NOTICES',
        'CMakeLists.txt',
        'meson.build',
      ],
      ...['include/mjwt.h', 'lib/libmjwt.a', 'lib/pkgconfig/mjwt.pc', 'lib/cmake/mjwt/mjwt-config.cmake'],
      ...['share/man/man3/mjwt_verify.3', 'examples/verify.c', ...more],
    ],
    name,
  );
  binary(join(folder, shared), platform, 'library', `${name}/${shared}`);
  debugSymbols(join(folder, shared), `${name}-debug`, symbols);
  for (const [from, to] of Object.entries(links)) {
    const at = join(folder, from);
    if (!existsSync(at) || readlinkSync(at) !== to) bad.push(`${name}: ${from} is not a link to ${to}`);
  }
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES'), 'utf8');
  const zig = platform.os[0] === 'darwin' ? [] : ['pkg:generic/llvm-libunwind'];
  bill(name, `c/${name}.tar.gz`, notices, ['pkg:generic/rust-std', ...zig]);
  for (const crate of ['hmac', 'sha2', 'subtle']) {
    if (!notices.includes(`\n  ${crate} `)) bad.push(`${name}: THIRD-PARTY-NOTICES does not name ${crate}`);
  }

  // What a static library defines besides would clash with another Rust library in the same
  // program.
  const unprefixed = (symbol) => (platform.os[0] === 'darwin' ? symbol.replace(/^_/, '') : symbol);
  // On Windows the members called *.dll are what it imports.
  const found = globals(join(folder, 'lib/libmjwt.a')).filter(({ member }) => !member.endsWith('.dll'));
  const defined = found.map(({ name: symbol }) => unprefixed(symbol));
  const own = declared();
  const lacking = own.filter((each) => !defined.includes(each));
  const others = defined.filter((each) => !/^_?mjwt_/.test(each));
  if (lacking.length > 0) bad.push(`${name}/lib/libmjwt.a: without ${lacking.join(', ')}`);
  if (others.length > 0) {
    bad.push(`${name}/lib/libmjwt.a: defines ${others.slice(0, 5).join(', ')} (${others.length} in all)`);
  }
  if (platform.os[0] === 'win32') {
    const library = globals(join(folder, 'lib/mjwt.lib')).map((each) => each.name.replace('__imp_', ''));
    for (const each of own) {
      if (!library.includes(each)) bad.push(`${name}/lib/mjwt.lib: without ${each}`);
    }
  }
  return inspect(readFileSync(join(folder, shared)));
}

function npm(name, files) {
  const file = `mastra-jwt${name ? `-${name}` : ''}-${version}.tgz`;
  const path = join(dest, 'npm', file);
  if (!existsSync(path)) {
    bad.push(`npm/${file} is missing`);
    return undefined;
  }
  const folder = unpack(path);
  present(
    folder,
    ['package.json', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'THIRD-PARTY-NOTICES', ...files],
    file,
  );
  return { folder, file };
}

/** The digest of a file of DEST. */
const digest = (file) =>
  createHash('sha256')
    .update(readFileSync(join(dest, file)))
    .digest('hex');

/** Whether a crate of the notices is third-party code that runs: not a macro, or what one needs. */
const needs = ['proc-macro2', 'quote', 'syn', 'unicode-ident', 'convert_case', 'unicode-segmentation'];
const runs = (crate) =>
  !crate.startsWith('mastra-jwt') &&
  !/[-_](derive|macro|derive-backend)$/.test(crate) &&
  !needs.includes(crate);
const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
/**
 * Looks at the bill of materials of a published file (none for a directory). `notices` are the
 * licences that come with it: cargo-about collects these, and the names must be the same. `others`
 * are purls that must be in it too.
 */
function bill(name, published, notices, others) {
  const file = `sbom/${name}.cdx.json`;
  if (!existsSync(join(dest, file))) return bad.push(`${file} is missing`);
  const { metadata, components } = JSON.parse(readFileSync(join(dest, file), 'utf8'));
  const of = metadata.component;
  if (published && of.hashes?.[0]?.content !== digest(published)) {
    bad.push(`${file} is not about this ${published}`);
  }
  for (const each of [of, ...components]) {
    if (!each.version || !each.licenses?.length) bad.push(`${file}: ${each.purl} without version or licence`);
  }
  const crates = components.filter(
    ({ purl }) => purl.startsWith('pkg:cargo/') && !purl.includes('mastra-jwt'),
  );
  for (const each of crates) {
    const source = 'registry+https://github.com/rust-lang/crates.io-index';
    const locked = [`name = "${each.name}"`, `version = "${each.version}"`, `source = "${source}"`];
    locked.push(`checksum = "${each.hashes?.[0]?.content}"`);
    if (!lock.includes(`${locked.join('\n')}\n`))
      bad.push(`${file}: ${each.purl} is not what Cargo.lock has`);
  }
  if (notices) {
    const named = [...notices.matchAll(/^ {2}([\w-]+) (\d\S+)/gm)].map(([, one, at]) => `${one} ${at}`);
    const zig = components.filter(({ purl }) => /^pkg:generic\/(?!rust-std@)/.test(purl));
    const found = [...crates, ...zig].map((each) => `${each.name} ${each.version}`);
    for (const each of found.filter((one) => !named.includes(one))) {
      bad.push(`${file}: ${each} is not in THIRD-PARTY-NOTICES`);
    }
    for (const each of named.filter((one) => !found.includes(one) && runs(one.split(' ')[0]))) {
      bad.push(`${file} is without ${each}, which is in THIRD-PARTY-NOTICES`);
    }
  }
  for (const each of others) {
    if (!components.some(({ purl }) => purl.startsWith(each))) bad.push(`${file} is without ${each}`);
  }
  return undefined;
}

const listed = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => relative(folder, join(each.parentPath, each.name)));

try {
  const chosen = platforms.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const platform of chosen) {
    const addon = `mastra-jwt.${platform.name}.node`;
    const packed = npm(platform.name, [addon]);
    if (packed) {
      binary(join(packed.folder, addon), platform, 'addon', `${packed.file}/${addon}`);
      const notices = readFileSync(join(packed.folder, 'THIRD-PARTY-NOTICES'), 'utf8');
      bill(packed.file.slice(0, -4), `npm/${packed.file}`, notices, [
        'pkg:generic/rust-std',
        'pkg:cargo/mastra-jwt-core',
      ]);
    }
    const library = archive(platform);
    if (library?.floor > '0')
      console.log(`${platform.name}: libmjwt needs ${library.floor}, ${library.needed.join(' ')}`);
  }
  const main = npm('', ['dist/index.js', 'dist/mjwt.wasm', 'dist/page.html', 'policy.schema.json']);
  if (main) {
    const { dependencies } = JSON.parse(readFileSync(join(main.folder, 'package.json'), 'utf8'));
    const packages = Object.entries(dependencies).map(([each, at]) => `pkg:npm/${each}@${at}`);
    const notices = readFileSync(join(main.folder, 'THIRD-PARTY-NOTICES'), 'utf8');
    bill(main.file.slice(0, -4), `npm/${main.file}`, notices, ['pkg:generic/rust-std', ...packages]);
  }
  const page = readFileSync(join(dest, 'page/mastra-jwt.html'));
  const sum = createHash('sha256').update(page).digest('hex');
  if (main && !page.equals(readFileSync(join(main.folder, 'dist/page.html')))) {
    bad.push('page/mastra-jwt.html is not the page of the package');
  }
  if (readFileSync(join(dest, 'page/mastra-jwt.html.sha256'), 'utf8') !== `${sum}  mastra-jwt.html\n`) {
    bad.push('page/mastra-jwt.html.sha256 is of another page');
  }
  present(dest, ['go/go.mod', 'go/mjwt/mjwt.wasm', 'go/mjwt/link_bundled.go'], 'DEST');
  const required = readFileSync(join(dest, 'go/go.mod'), 'utf8').matchAll(/^(?:require)?\s+(\S+) (v\d\S+)/gm);
  const modules = [...required].map(([, module, at]) => `pkg:golang/${module}@${at}`);
  bill(`go-${version}`, undefined, undefined, [
    'pkg:generic/rust-std',
    'pkg:cargo/mastra-jwt-core',
    ...modules,
  ]);
  for (const crate of ['core', 'ffi']) {
    const file = `mastra-jwt-${crate}-${version}`;
    present(dest, [`crates/${file}.crate`], 'DEST');
    bill(file, `crates/${file}.crate`, undefined, ['pkg:cargo/hmac', 'pkg:cargo/sha2', 'pkg:cargo/subtle']);
  }

  const sums = new Map(
    readFileSync(join(dest, 'SHA256SUMS'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const file of listed(dest).filter((each) => each !== 'SHA256SUMS')) {
    if (sums.get(file) !== digest(file)) bad.push(`SHA256SUMS does not have the sum of ${file}`);
    sums.delete(file);
  }
  for (const file of sums.keys()) bad.push(`SHA256SUMS names ${file}, which is missing`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const each of bad) console.error(`dist: ${each}`);
if (bad.length > 0) process.exitCode = 1;
