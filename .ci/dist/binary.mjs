// Reads ELF, Mach-O and PE files, without dependencies, and says why one must not be published for
// a platform.
//
//   node .ci/dist/binary.mjs PLATFORM addon|library FILE...    prints what each file is; status 1
//                                                              if one is refused
//
// The parts of `problems` are tested in binary.test.mjs with wrong binaries.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const root = join(import.meta.dirname, '../..');

/** A NUL-terminated text. */
const text = (bytes, at) => bytes.toString('latin1', at, bytes.indexOf(0, at));

const newer = (version, floor) => {
  const [a, b] = [version, floor].map((each) => each.split('.').map(Number));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
  }
  return false;
};

const libcs = { 'libc.so.6': 'glibc', 'libc.so': 'musl', 'libc.musl.so.1': 'musl' };

/**
 * What all three formats are read into: `imports` are `{ name, from? }`, `from` being a library
 * where the format tells.
 */
function elf(bytes) {
  if (bytes[4] !== 2 || bytes[5] !== 1) throw new Error('an ELF file, but not of 64 bits, little-endian');
  const number = (at) => Number(bytes.readBigUInt64LE(at));
  const machine =
    { 62: 'x64', 183: 'arm64' }[bytes.readUInt16LE(18)] ?? `ELF machine ${bytes.readUInt16LE(18)}`;
  const shared = bytes.readUInt16LE(16) === 3;
  const sections = [];
  for (let i = 0; i < bytes.readUInt16LE(60); i++) {
    const at = number(40) + i * bytes.readUInt16LE(58);
    sections.push({
      type: bytes.readUInt32LE(at + 4),
      offset: number(at + 24),
      size: number(at + 32),
      link: bytes.readUInt32LE(at + 40),
      info: bytes.readUInt32LE(at + 44),
    });
  }
  const section = (type) => sections.find((each) => each.type === type);
  const [dynamic, symbols, wants] = [section(6), section(11), section(0x6ffffffe)];
  if (!dynamic || !symbols) throw new Error('an ELF file without dynamic section or symbols');
  const strings = (of) => (at) => text(bytes, sections[of.link].offset + at);

  const found = { needed: [], flags: 0, flags1: 0 };
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const [tag, value] = [number(at), number(at + 8)];
    if (tag === 0) break;
    if (tag === 1) found.needed.push(strings(dynamic)(value));
    if (tag === 14) found.id = strings(dynamic)(value);
    if (tag === 15 || tag === 29) found.searches = strings(dynamic)(value);
    if (tag === 22) found.textRelocations = true;
    if (tag === 24) found.flags |= 8;
    if (tag === 30) found.flags |= value;
    if (tag === 0x6ffffffb) found.flags1 = value;
  }
  const versions = [];
  for (let at = wants?.offset, i = 0; i < (wants?.info ?? 0); i++, at += bytes.readUInt32LE(at + 12)) {
    let entry = at + bytes.readUInt32LE(at + 8);
    for (let k = 0; k < bytes.readUInt16LE(at + 2); k++, entry += bytes.readUInt32LE(entry + 12)) {
      versions.push(strings(wants)(bytes.readUInt32LE(entry + 8)));
    }
  }
  const [exports, imports] = [[], []];
  for (let at = symbols.offset + 24; at < symbols.offset + symbols.size; at += 24) {
    const name = strings(symbols)(bytes.readUInt32LE(at));
    const weak = bytes[at + 4] >> 4 === 2;
    if (bytes.readUInt16LE(at + 6) !== 0) exports.push(name);
    else if (!weak) imports.push({ name });
  }
  let executableStack = true;
  let readOnly = false;
  for (let i = 0; i < bytes.readUInt16LE(56); i++) {
    const at = number(32) + i * bytes.readUInt16LE(54);
    if (bytes.readUInt32LE(at) === 0x6474e551) executableStack = (bytes.readUInt32LE(at + 4) & 1) === 1;
    if (bytes.readUInt32LE(at) === 0x6474e552) readOnly = true;
  }
  const glibc = versions.flatMap((each) => (each.startsWith('GLIBC_') ? [each.slice(6)] : []));
  return {
    os: 'linux',
    machine,
    shared,
    libc:
      glibc.length > 0
        ? 'glibc'
        : (found.needed.map((each) => libcs[each.replace(/musl-\w+/, 'musl')]).find(Boolean) ?? 'none'),
    needed: found.needed,
    id: found.id,
    searches: found.searches,
    versions,
    floor: glibc.reduce((most, each) => (newer(each, most) ? each : most), '0'),
    exports,
    imports,
    weaknesses: [
      ...(executableStack ? ['its stack is executable'] : []),
      ...(found.textRelocations ? ['its code is relocated (DT_TEXTREL)'] : []),
      ...(readOnly && found.flags & 8 ? [] : ['its relocations stay writable (no RELRO with BIND_NOW)']),
    ],
    unloadable: (found.flags1 & 8) === 0,
  };
}

function machO(bytes) {
  const machine =
    { 0x1000007: 'x64', 0x100000c: 'arm64' }[bytes.readUInt32LE(4)] ?? 'Mach-O of another machine';
  const version = (value) => `${value >>> 16}.${(value >>> 8) & 255}`;
  const file = {
    os: 'darwin',
    machine,
    needed: [],
    exports: [],
    imports: [],
    weaknesses: [],
    signature: 'none',
  };
  file.shared = [6, 8].includes(bytes.readUInt32LE(12));
  let symbols;
  let exported;
  for (let at = 32, i = 0; i < bytes.readUInt32LE(16); i++, at += bytes.readUInt32LE(at + 4)) {
    const command = bytes.readUInt32LE(at);
    const word = (k) => bytes.readUInt32LE(at + k);
    if (command === 0x32) {
      file.floor = version(word(12));
      if (word(8) !== 1) file.weaknesses.push(`it is for Apple's platform ${word(8)}, not for macOS`);
    }
    if (command === 0x24) file.floor = version(word(8));
    if ([0xc, 0x80000018, 0x8000001f].includes(command)) file.needed.push(text(bytes, at + word(8)));
    if (command === 0xd) file.id = text(bytes, at + word(8));
    if (command === 0x8000001c) file.searches = text(bytes, at + word(8));
    if (command === 0x2) symbols = { offset: word(8), count: word(12), strings: word(16) };
    if (command === 0x22 || command === 0x80000022) exported = { offset: word(40), size: word(44) };
    if (command === 0x80000033) exported = { offset: word(8), size: word(12) };
    if (command === 0x1d) file.signature = signature(bytes, word(8));
  }
  for (let i = 0; i < (symbols?.count ?? 0); i++) {
    const at = symbols.offset + i * 16;
    const kind = bytes[at + 4];
    const name = text(bytes, symbols.strings + bytes.readUInt32LE(at)).replace(/^_/, '');
    if (kind & 0xe0 || !(kind & 1)) continue; // of a debugger, or local
    if ((kind & 0xe) === 0) {
      const weak = bytes.readUInt16LE(at + 6) & 0x40;
      const ordinal = bytes.readUInt16LE(at + 6) >> 8;
      if (!weak) file.imports.push({ name, from: file.needed[ordinal - 1] ?? `library ordinal ${ordinal}` });
    }
  }
  // dyld looks exports up in a trie.
  const walk = (at, prefix) => {
    const start = exported.offset;
    const leb = () => {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[start + at++];
        value += (byte & 127) * 2 ** shift;
        if (byte < 128) return value;
      }
    };
    const size = leb();
    if (size > 0) file.exports.push(prefix.replace(/^_/, ''));
    at += size;
    for (let left = bytes[start + at++]; left > 0; left--) {
      const label = text(bytes, start + at);
      at += label.length + 1;
      walk(leb(), prefix + label);
    }
  };
  if (exported?.size > 0) walk(0, '');
  return file;
}

/**
 * Whether the code signature says what the file holds: macOS on Arm kills a process where it does
 * not.
 */
function signature(bytes, at) {
  if (bytes.readUInt32BE(at) !== 0xfade0cc0) return 'not a signature';
  for (let i = 0; i < bytes.readUInt32BE(at + 8); i++) {
    if (bytes.readUInt32BE(at + 12 + 8 * i) !== 0) continue;
    const directory = at + bytes.readUInt32BE(at + 16 + 8 * i);
    const [hashes, , , pages, limit] = [16, 20, 24, 28, 32].map((k) => bytes.readUInt32BE(directory + k));
    const [size, kind, , shift] = bytes.subarray(directory + 36, directory + 40);
    if (kind !== 2) return `signed with hash ${kind}, not SHA-256`;
    if (limit !== at) return `signed up to byte ${limit} of ${at}`;
    if (pages !== Math.ceil(limit / 2 ** shift)) return `signed in ${pages} pages`;
    for (let page = 0; page < pages; page++) {
      const content = bytes.subarray(page * 2 ** shift, Math.min((page + 1) * 2 ** shift, limit));
      const hash = createHash('sha256').update(content).digest().subarray(0, size);
      if (
        !hash.equals(bytes.subarray(directory + hashes + page * size, directory + hashes + (page + 1) * size))
      ) {
        return `broken at page ${page}`;
      }
    }
    return 'good';
  }
  return 'without a code directory';
}

function pe(bytes) {
  const header = bytes.readUInt32LE(60);
  if (bytes.readUInt32LE(header) !== 0x4550) throw new Error('a DOS program');
  const kind = bytes.readUInt16LE(header + 4);
  const machine = { 0x8664: 'x64', 0xaa64: 'arm64' }[kind] ?? `PE machine ${kind.toString(16)}`;
  const optional = header + 24;
  if (bytes.readUInt16LE(optional) !== 0x20b) throw new Error('a PE file, but not of 64 bits');
  const sections = [];
  for (let i = 0; i < bytes.readUInt16LE(header + 6); i++) {
    const at = optional + bytes.readUInt16LE(header + 20) + 40 * i;
    const [size, address, stored, offset] = [8, 12, 16, 20].map((k) => bytes.readUInt32LE(at + k));
    sections.push({ address, end: address + Math.max(size, stored), offset });
  }
  const where = (address) => {
    const section = sections.find((each) => address >= each.address && address < each.end);
    if (!section) throw new Error('a PE file with an address outside of its sections');
    return address - section.address + section.offset;
  };
  const [exported, imported] = [112, 120].map((k) => bytes.readUInt32LE(optional + k));
  const file = { os: 'win32', machine, needed: [], exports: [], imports: [], weaknesses: [] };
  file.shared = (bytes.readUInt16LE(header + 22) & 0x2000) !== 0;
  file.floor = `${bytes.readUInt16LE(optional + 48)}.${bytes.readUInt16LE(optional + 50)}`;
  const missing = Object.entries({ 'ASLR with high entropy': 0x60, 'no-execute': 0x100 });
  for (const [name, bits] of missing) {
    if ((bytes.readUInt16LE(optional + 70) & bits) !== bits) file.weaknesses.push(`it is without ${name}`);
  }
  if (exported) {
    const at = where(exported);
    const names = bytes.readUInt32LE(at + 32);
    file.id = text(bytes, where(bytes.readUInt32LE(at + 12)));
    for (let i = 0; i < bytes.readUInt32LE(at + 24); i++) {
      file.exports.push(text(bytes, where(bytes.readUInt32LE(where(names) + 4 * i))));
    }
  }
  for (let at = imported && where(imported); at && bytes.readUInt32LE(at + 12); at += 20) {
    const from = text(bytes, where(bytes.readUInt32LE(at + 12)));
    file.needed.push(from);
    for (let entry = where(bytes.readUInt32LE(at)); bytes.readBigUInt64LE(entry) !== 0n; entry += 8) {
      const value = bytes.readBigUInt64LE(entry);
      const name = value >> 63n ? `#${value & 0xffffn}` : text(bytes, where(Number(value)) + 2);
      file.imports.push({ name, from });
    }
  }
  return file;
}

/** What a file is: throws where it is none of the three, or is cut short. */
export function inspect(bytes) {
  try {
    if (bytes.length > 64) {
      if (bytes.readUInt32BE(0) === 0x7f454c46) return elf(bytes);
      if (bytes.readUInt32LE(0) === 0xfeedfacf) return machO(bytes);
      if (bytes.readUInt16LE(0) === 0x5a4d) return pe(bytes);
    }
  } catch (error) {
    throw new Error(`not a sound shared library: ${error.message}`, { cause: error });
  }
  throw new Error('not an ELF, Mach-O (64 bits) or PE file');
}

// The libraries that every machine of the kind has.
const present = {
  glibc: /^(lib(c|m|dl|rt|util|pthread)\.so\.\d|ld-linux[-\w]*\.so\.\d)$/,
  musl: /^(libc\.so|libc\.musl-\w+\.so\.1)$/,
  darwin: /^\/usr\/lib\/lib(System\.B|iconv\.2|c\+\+\.1)\.dylib$/,
  win32:
    /^(kernel32|ntdll|ws2_32|userenv|advapi32|bcrypt|bcryptprimitives|ucrtbase|api-ms-win-[-\w]+)\.dll$/i,
};

/** A path of the machine that built it. */
const place =
  /(?:\/(?:home|root|Users|tmp|build|builds|work|runner|opt)\/|[A-Z]:[\\/])[\w.@+-]+[\\/][\w.@+\\/-]*/g;

const some = (names) =>
  names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

/** The functions that include/mjwt.h declares. */
export function declared(header = readFileSync(join(root, 'include/mjwt.h'), 'utf8')) {
  return [...new Set([...header.matchAll(/[ *](mjwt_[a-z0-9_]*)\(/g)].map(([, name]) => name))];
}

export const platforms = JSON.parse(readFileSync(join(root, 'node/platforms.json'), 'utf8'));

/**
 * Why the bytes must not be published for a platform (an entry of node/platforms.json) as an
 * 'addon' or as a 'library'; nothing if they may. `development` is for a build with the machine's
 * own tools: its floor and paths are let through.
 */
export function problems(bytes, platform, kind, { development = false, functions } = {}) {
  let file;
  try {
    file = inspect(bytes);
  } catch (error) {
    return [error.message];
  }
  const found = [];
  const [os, cpu, libc] = [platform.os[0], platform.cpu[0], platform.libc?.[0]];
  if (file.os !== os) return [`it is for ${file.os}, not ${os}`];
  if (file.machine !== cpu) return [`it is for ${file.machine}, not ${cpu}`];
  if (!file.shared) found.push('it is not a shared library');
  if (libc && file.libc !== libc) return [`it is for ${file.libc}, not ${libc}`];

  for (const each of file.needed) {
    if (!present[libc ?? os].test(each) && !(development && each === 'libgcc_s.so.1')) {
      found.push(`it needs ${each}, which not every machine has`);
    }
  }
  if (file.searches) found.push(`it looks for libraries in ${file.searches}`);
  for (const { name, from } of file.imports) {
    if (/^_?(napi|node|uv|v8)_/.test(name)) found.push(`it links to ${name}: to be looked up at run time`);
    else if (from?.startsWith('library ordinal')) found.push(`it takes ${name} from no library (${from})`);
  }

  const own = kind === 'addon' ? ['napi_register_module_v1'] : (functions ?? declared());
  const lacking = own.filter((each) => !file.exports.includes(each));
  const more = file.exports.filter((each) => !own.includes(each));
  if (lacking.length > 0) found.push(`it does not export ${some(lacking)}`);
  if (more.length > 0) found.push(`it exports ${some(more)}`);
  if (kind === 'addon' && libc === 'glibc' && file.unloadable) {
    found.push('it may be unloaded while a thread runs its destructors (no NODELETE)');
  }
  if (kind === 'library' && file.id !== identity(os))
    found.push(`its name is ${file.id}, not ${identity(os)}`);
  if (os === 'darwin' && (cpu === 'arm64' || file.signature !== 'none') && file.signature !== 'good') {
    found.push(`its code signature is ${file.signature}`);
  }

  if (!development) {
    found.push(...file.weaknesses);
    const floor = platform.glibc ?? platform.macos ?? platform.windows;
    const what = { glibc: 'glibc', musl: 'musl', darwin: 'macOS', win32: 'Windows' }[libc ?? os];
    if (floor && !file.floor) found.push(`it does not say which ${what} it needs`);
    else if (floor && newer(file.floor, floor)) found.push(`it needs ${what} ${file.floor}, not ${floor}`);
    found.push(...traces(bytes));
  }
  return found;
}

/** What tells where a file was built. */
function traces(bytes) {
  const content = bytes.toString('latin1');
  const paths = content.match(place) ?? [];
  for (const each of [root, homedir(), process.env.CARGO_HOME, process.env.DIST_TOOLS]) {
    if (each && each.length > 2 && content.includes(`${each}/`)) paths.push(`${each}/`);
  }
  return [...new Set(paths)].map((path) => `it tells where it was built: ${path}`);
}

/**
 * What a debugger looks at: `{ symbols: bytes, link?: { name, sum }, id? }`. A link is to a file of
 * that CRC-32.
 */
function debugging(bytes) {
  const file = { symbols: 0 };
  const section = (name, offset, size) => {
    if (name.endsWith('debug_info')) file.symbols = size;
    if (name === '.gnu_debuglink') {
      const linked = text(bytes, offset);
      file.link = { name: linked, sum: bytes.readUInt32LE(offset + ((linked.length + 4) & ~3)) };
    }
  };
  const word = (at) => bytes.readUInt32LE(at);
  const long = (at) => Number(bytes.readBigUInt64LE(at));
  if (bytes.readUInt32BE(0) === 0x7f454c46) {
    const at = (i) => long(40) + i * bytes.readUInt16LE(58);
    const names = long(at(bytes.readUInt16LE(62)) + 24);
    for (let i = 0; i < bytes.readUInt16LE(60); i++) {
      section(text(bytes, names + word(at(i))), long(at(i) + 24), long(at(i) + 32));
    }
  } else if (word(0) === 0xfeedfacf) {
    for (let at = 32, i = 0; i < word(16); i++, at += word(at + 4)) {
      if (word(at) === 0x1b) file.id = bytes.toString('hex', at + 8, at + 24);
      for (let k = 0; word(at) === 0x19 && k < word(at + 64); k++) {
        const one = at + 72 + 80 * k;
        section(bytes.toString('latin1', one, one + 16).replace(/\0.*/, ''), word(one + 48), long(one + 40));
      }
    }
  } else {
    const header = word(60);
    const names = word(header + 12) + 18 * word(header + 16); // Behind the table of symbols.
    for (let i = 0; i < bytes.readUInt16LE(header + 6); i++) {
      const at = header + 24 + bytes.readUInt16LE(header + 20) + 40 * i;
      const name = bytes.toString('latin1', at, at + 8).replace(/\0.*/, '');
      section(
        name[0] === '/' ? text(bytes, names + Number(name.slice(1))) : name,
        word(at + 20),
        word(at + 16),
      );
    }
  }
  return file;
}

/**
 * Why the debug symbols in a file of that name must not be published with a library; nothing if
 * they may.
 */
export function foreign(library, symbols, name) {
  const [stripped, separate] = [debugging(library), debugging(symbols)];
  // Rust's library, as everybody gets it, tells where Rust was built.
  const found = traces(symbols).filter((each) => !/: \/build\/[\w-]+\/stage1-std\//.test(each));
  if (stripped.symbols > 0) found.push('the library has debug symbols itself');
  if (separate.symbols === 0) found.push('it has no debug symbols');
  if (inspect(library).os === 'darwin') {
    if (!stripped.id || stripped.id !== separate.id) {
      found.push(`its UUID is ${separate.id}, and ${stripped.id} that of the library`);
    }
  } else if (stripped.link?.name !== name) {
    found.push(`the library has a link to ${stripped.link?.name}, not to ${name}`);
  } else if (stripped.link.sum !== crc32(symbols)) {
    found.push('the link of the library is to a file of other bytes');
  }
  return found;
}

function identity(os) {
  const header = readFileSync(join(root, 'include/mjwt.h'), 'utf8');
  const abi = /^#define MJWT_ABI_VERSION (\d+)$/m.exec(header)[1];
  return { linux: `libmjwt.so.${abi}`, darwin: `@rpath/libmjwt.${abi}.dylib`, win32: 'mjwt.dll' }[os];
}

if (process.argv[1] === import.meta.filename) {
  const [name, kind, ...files] = process.argv.slice(2);
  const platform = platforms.find((each) => each.name === name);
  if (!platform || !['addon', 'library'].includes(kind) || files.length === 0) {
    console.error('usage: node binary.mjs PLATFORM addon|library FILE...');
    process.exit(2);
  }
  for (const path of files) {
    const bytes = readFileSync(path);
    const found = problems(bytes, platform, kind);
    for (const each of found) console.error(`${path}: refused for ${name}: ${each}`);
    if (found.length > 0) {
      process.exitCode = 1;
      continue;
    }
    const { needed, floor, exports, signature: signed } = inspect(bytes);
    const told = [
      `${bytes.length} bytes`,
      `${exports.length} export${exports.length === 1 ? '' : 's'}`,
      floor && floor !== '0'
        ? `needs ${platform.libc?.[0] ?? { darwin: 'macOS', win32: 'Windows' }[platform.os[0]]} ${floor}`
        : '',
      signed ? `signature ${signed}` : '',
      needed.join(' '),
    ];
    console.log(`${path}: ${name} ${kind}, ${told.filter(Boolean).join(', ')}`);
  }
}
