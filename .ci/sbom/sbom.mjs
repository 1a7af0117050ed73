// Writes a bill of materials (CycloneDX 1.5) for each file that a release publishes into DEST/sbom.
//
//   node .ci/sbom/sbom.mjs DEST PLATFORM...
//
// What is known of each component comes from the ecosystems' own tools: cargo-cyclonedx
// ($CARGO_CYCLONEDX), `npm sbom`, cyclonedx-gomod. Crates that only run in the compiler are left
// out. The same release gives the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../..');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { version, license } = readJson(join(root, 'node/package.json'));
const platforms = readJson(join(root, 'node/platforms.json'));
const WASM = 'wasm32-unknown-unknown';
const GOMOD = 'github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0';
/** What cyclonedx-gomod takes for another licence. */
const GO_LICENCES = { 'golang.org/x/sys': 'BSD-3-Clause' };

const [destination, ...names] = process.argv.slice(2);
const cyclonedx = process.env.CARGO_CYCLONEDX;
const epoch = process.env.SOURCE_DATE_EPOCH;
if (!destination || names.length === 0 || !cyclonedx || !epoch) {
  console.error('usage: CARGO_CYCLONEDX=FILE SOURCE_DATE_EPOCH=SECONDS node sbom.mjs DEST PLATFORM...');
  process.exit(2);
}
const dest = resolve(destination);
const run = (command, args, options) =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });

/** One part of a bill: components by their purl, which of them depend on which, and who made it. */
const part = () => ({ components: new Map(), dependencies: new Map(), tools: [] });
const tool = (bill) =>
  bill.metadata.tools.map(({ vendor, name, version: of }) => ({
    name: name === 'cli' ? vendor : name,
    version: of,
  }));

/** What a binary has besides crates: the standard library, and what Zig links in as the linker. */
function runtimes(target, compiler, linked) {
  const [, rust] = /^rustc (\S+)/.exec(compiler);
  const found = [
    { name: 'rust-std', version: rust, from: 'https://www.rust-lang.org', expression: 'MIT OR Apache-2.0' },
  ];
  if (linked && /-linux-|-windows-/.test(target)) {
    const zig = { version: process.env.ZIG_VERSION, from: 'https://ziglang.org' };
    found.push({ ...zig, name: 'zig-compiler-rt', expression: 'MIT' });
    found.push({ ...zig, name: 'llvm-libunwind', expression: 'Apache-2.0 WITH LLVM-exception' });
    if (/-windows-/.test(target)) found.push({ ...zig, name: 'mingw-w64', expression: 'ZPL-2.1' });
  }
  return found.map(({ name, version: of, from, expression }) => ({
    type: 'library',
    'bom-ref': `pkg:generic/${name}@${of}`,
    name,
    version: of,
    scope: 'required',
    licenses: [{ expression }],
    purl: `pkg:generic/${name}@${of}`,
    externalReferences: [{ type: 'website', url: from }],
  }));
}

const folders = {
  'mastra-jwt-core': 'core',
  'mastra-jwt-ffi': 'ffi',
  'mastra-jwt-node': 'node',
  'mastra-jwt-wasm': 'node/wasm',
};
const described = new Map();
/** The bills of the whole workspace for a target, by crate, with all that cargo-cyclonedx lists. */
function workspace(target, features) {
  const key = [target, ...features].join(' ');
  if (!described.has(key)) {
    const name = '.sbom'; // It writes beside each manifest.
    const files = Object.entries(folders).map(([crate, folder]) => [
      crate,
      join(root, folder, `${name}.json`),
    ]);
    try {
      run(cyclonedx, [
        ...['cyclonedx', '--quiet', '--format', 'json', '--spec-version', '1.5', '--no-build-deps'],
        ...['--target', target, '--override-filename', name, ...features],
      ]);
      described.set(key, Object.fromEntries(files.map(([crate, file]) => [crate, readJson(file)])));
    } finally {
      for (const [, file] of files) rmSync(file, { force: true });
    }
  }
  return described.get(key);
}

/** The crates that are compiled into a crate of ours for a target, without the crate itself. */
function crates(crate, target, features = ['--no-default-features']) {
  const bill = workspace(target, features)[crate];
  // The tool takes the features of the whole workspace, and lists macros. Cargo knows what is
  // linked.
  const tree = run('cargo', [
    ...['tree', '--locked', '--package', crate, '--target', target, '--edges', 'normal,no-proc-macro'],
    ...['--prefix', 'none', '--format', '{p}', ...features],
  ]);
  const linked = new Set(
    [...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name, of]) => `pkg:cargo/${name}@${of}`),
  );
  const purl = ({ name, version: of }) => `pkg:cargo/${name}@${of}`;
  const refs = new Map(
    [bill.metadata.component, ...bill.components].map((each) => [each['bom-ref'], purl(each)]),
  );
  const found = part();
  found.tools = tool(bill);
  for (const { author: _author, components: _targets, ...each } of bill.components) {
    if (linked.has(purl(each)))
      found.components.set(purl(each), { ...each, 'bom-ref': purl(each), purl: purl(each) });
  }
  for (const { ref, dependsOn = [] } of bill.dependencies) {
    const kept = dependsOn.map((each) => refs.get(each)).filter((each) => linked.has(each));
    if (linked.has(refs.get(ref))) found.dependencies.set(refs.get(ref), kept);
  }
  const own = purl(bill.metadata.component);
  found.direct = found.dependencies.get(own);
  found.dependencies.delete(own);
  linked.delete(own);
  for (const each of linked) {
    if (!found.components.has(each))
      throw new Error(`cargo-cyclonedx does not describe ${each}, for ${target}`);
  }
  return found;
}

/** The crates and run-time libraries in a binary of ours; a static library is not linked yet. */
function binary(crate, target, compiler, linked = true) {
  const found = crates(crate, target);
  for (const each of runtimes(target, compiler, linked)) {
    found.components.set(each.purl, each);
    found.direct.push(each.purl);
  }
  return found;
}

/** What a tool of another ecosystem says, in the same form. */
function foreign(bill, direct) {
  const found = part();
  found.tools = tool(bill);
  const refs = new Map(bill.components.map((each) => [each['bom-ref'], each.purl]));
  for (const { properties: _properties, ...each } of bill.components) {
    found.components.set(each.purl, { ...each, 'bom-ref': each.purl });
  }
  for (const { ref, dependsOn = [] } of bill.dependencies) {
    if (refs.has(ref))
      found.dependencies.set(
        refs.get(ref),
        dependsOn.map((each) => refs.get(each)),
      );
    else found.direct = dependsOn.map((each) => refs.get(each));
  }
  found.direct ??= direct;
  return found;
}

/**
 * The dependencies of the npm package, and the packages of the platforms: npm installs one of them.
 */
function npm() {
  const folder = mkdtempSync(join(tmpdir(), 'mjwt-sbom-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) {
      writeFileSync(join(folder, file), readFileSync(join(root, 'node', file)));
    }
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'dev'];
    const found = foreign(JSON.parse(run('npm', args, { cwd: folder })));
    for (const { name } of platforms) {
      const purl = `pkg:npm/%40mastra-jwt/${name}@${version}`;
      found.components.set(purl, {
        type: 'library',
        'bom-ref': purl,
        group: '@mastra-jwt',
        name,
        version,
        scope: 'optional',
        licenses: [{ expression: license }],
        purl,
      });
      found.direct.push(purl);
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function go() {
  const flags = ['-json', '-licenses', '-assert-licenses', '-noserial', '-notimestamp', '-short-purls'];
  const bill = JSON.parse(
    run(
      'go',
      ['run', GOMOD, 'mod', ...flags, '-type', 'library', '-output-version', '1.5', join(dest, 'go')],
      {
        env: { ...process.env, GOWORK: 'off' },
        stdio: ['ignore', 'pipe', 'pipe'], // It warns that ours has no version yet.
      },
    ),
  );
  for (const each of bill.components) {
    if (GO_LICENCES[each.name]) each.licenses = [{ license: { id: GO_LICENCES[each.name] } }];
  }
  return foreign(bill);
}

/** Writes the bill of a published file, which the parts are in. */
function write(name, component, ...parts) {
  const components = new Map(parts.flatMap((each) => [...each.components]));
  const dependsOn = (ref) => parts.flatMap((each) => each.dependencies.get(ref) ?? []);
  const by = (key) => (a, b) => (a[key] < b[key] ? -1 : 1);
  const sorted = (values) => [...new Set(values)].sort();
  const tools = new Map(parts.flatMap((each) => each.tools.map((one) => [one.name, one])));
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      tools: {
        components: [...tools.values()].sort(by('name')).map((each) => ({ type: 'application', ...each })),
      },
      component: {
        'bom-ref': component.purl,
        version,
        scope: 'required',
        licenses: [{ expression: license }],
        externalReferences: [{ type: 'vcs', url: 'https://github.com/mastra-jwt/mastra-jwt' }],
        ...component,
      },
    },
    components: [...components.values()].sort(by('purl')),
    dependencies: [
      { ref: component.purl, dependsOn: sorted(parts.flatMap((each) => each.direct)) },
      ...[...components.keys()].sort().map((ref) => ({ ref, dependsOn: sorted(dependsOn(ref)) })),
    ],
  };
  writeFileSync(join(dest, 'sbom', `${name}.cdx.json`), `${JSON.stringify(bill, undefined, 2)}\n`);
}
/** The digest of a published file, which says what a bill is of. */
const hashes = (file) => [
  {
    alg: 'SHA-256',
    content: createHash('sha256')
      .update(readFileSync(join(dest, file)))
      .digest('hex'),
  },
];

rmSync(join(dest, 'sbom'), { recursive: true, force: true });
mkdirSync(join(dest, 'sbom'));
const out = join(root, 'target/dist/out');
const compiler = (folder) => readFileSync(join(folder, 'rustc'), 'utf8');
const wasm = binary('mastra-jwt-wasm', WASM, compiler(join(root, 'target/wasm')));
const libraries = []; // Of the Go module.
for (const platform of platforms.filter(({ name }) => names.includes(name))) {
  const { name, target } = platform;
  const built = compiler(join(out, name));
  const addon = `mastra-jwt-${name}-${version}`;
  write(
    addon,
    {
      type: 'library',
      group: '@mastra-jwt',
      name,
      purl: `pkg:npm/%40mastra-jwt/${name}@${version}`,
      hashes: hashes(`npm/${addon}.tgz`),
    },
    binary('mastra-jwt-node', target, built),
  );
  const archive = `libmjwt-${version}-${target}`;
  libraries.push(binary('mastra-jwt-ffi', target, built, false));
  write(
    archive,
    {
      type: 'library',
      name: 'libmjwt',
      purl: `pkg:generic/libmjwt@${version}?target=${target}`,
      hashes: hashes(`c/${archive}.tar.gz`),
    },
    binary('mastra-jwt-ffi', target, built),
  );
}
const main = `mastra-jwt-${version}`;
write(
  main,
  {
    type: 'library',
    name: 'mastra-jwt',
    purl: `pkg:npm/mastra-jwt@${version}`,
    hashes: hashes(`npm/${main}.tgz`),
  },
  npm(),
  wasm,
);
for (const crate of ['mastra-jwt-core', 'mastra-jwt-ffi']) {
  const file = `${crate}-${version}`;
  write(
    file,
    {
      type: 'library',
      name: crate,
      purl: `pkg:cargo/${crate}@${version}`,
      hashes: hashes(`crates/${file}.crate`),
    },
    crates(crate, 'all', []),
  );
}
const module = 'github.com/mastra-jwt/mastra-jwt/ffi/go';
write(
  `go-${version}`,
  { type: 'library', name: module, version: `v${version}`, purl: `pkg:golang/${module}@v${version}` },
  go(),
  wasm,
  ...libraries,
);
