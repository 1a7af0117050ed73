// Wrong binaries: each is made from a sound one by the change that its name tells, and must be
// refused for that reason. The sound ones are small: what this machine's compiler and the project's
// zig make of one C function.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { foreign, inspect, platforms, problems } from './binary.mjs';

const tools = process.env.DIST_TOOLS ?? join(import.meta.dirname, '../../target/tools');
const work = join(tools, 'wrong-binaries');
mkdirSync(work, { recursive: true });
const zigs = readdirSync(tools).flatMap((each) =>
  existsSync(join(tools, each, 'lib'))
    ? readdirSync(join(tools, each, 'lib')).map((lib) =>
        join(tools, each, 'lib', lib, 'site-packages/ziglang/zig'),
      )
    : [],
);
const zig = zigs.find(existsSync);
if (!zig) throw new Error('no zig: `bash .ci/dist/tools.sh` installs it');

/** Compiles a C text to a shared library. */
function library(target, code, ...flags) {
  const [source, output] = [join(work, 'source.c'), join(work, 'output')];
  writeFileSync(source, code);
  const strip = flags.includes('-g') ? [] : ['-s'];
  const args = [
    'cc',
    '-target',
    target,
    '-shared',
    ...strip,
    '-fno-sanitize=all',
    ...flags,
    source,
    '-o',
    output,
  ];
  execFileSync(zig, args, {
    cwd: work,
    env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: join(tools, 'zig-cache') },
  });
  return readFileSync(output);
}
const on = (name, change) => ({ ...platforms.find((each) => each.name === name), ...change });
const export_ = '__attribute__((visibility("default")))';
const addon = `#include <stdlib.h>
${export_} void *napi_register_module_v1(void *env, void *exports) { void *a = malloc(1); free(a); return exports; }\n`;
const sound = ['-Wl,-z,nodelete', '-Wl,-z,now', '-Wl,-z,relro'];
const glibc = (code = addon, ...flags) => library('x86_64-linux-gnu.2.17', code, ...sound, ...flags);
const refused = (bytes, platform, reason, kind = 'addon', options) => {
  const found = problems(bytes, platform, kind, options);
  assert.ok(
    found.some((each) => reason.test(each)),
    `${reason} is not among: ${found.join('; ') || 'nothing'}`,
  );
};
/** A copy with some bytes of it changed. */
const altered = (bytes, change) => {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
};

test('a sound addon passes', () => {
  assert.deepEqual(problems(glibc(), on('linux-x64-gnu'), 'addon'), []);
});

test('what is not a binary, or half of one', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'.repeat(20)), Buffer.alloc(4096)]) {
    refused(bytes, on('linux-x64-gnu'), /not an ELF, Mach-O/);
  }
  refused(glibc().subarray(0, 1000), on('linux-x64-gnu'), /not a sound shared library/);
});

test('another system, machine or libc', () => {
  refused(glibc(), on('darwin-x64'), /for linux, not darwin/);
  refused(glibc(), on('linux-arm64-gnu'), /for x64, not arm64/);
  refused(glibc(), on('linux-x64-musl'), /for glibc, not musl/);
  refused(library('x86_64-linux-musl', addon, ...sound), on('linux-x64-gnu'), /for musl, not glibc/);
  const windows = library('x86_64-windows-gnu', addon.replace(export_, '__declspec(dllexport)'));
  refused(windows, on('linux-x64-gnu'), /for win32, not linux/);
  refused(windows, on('win32-arm64'), /for x64, not arm64/);
});

test('a newer glibc', () => {
  const code = `#include <sys/random.h>\n${addon}${export_} long more(char *b) { return getrandom(b, 1, 0); }\n`;
  const bytes = library('x86_64-linux-gnu.2.28', code, ...sound);
  assert.equal(inspect(bytes).floor, '2.25');
  refused(bytes, on('linux-x64-gnu'), /needs glibc 2\.25, not 2\.17/);
  const wide = problems(bytes, on('linux-x64-gnu', { glibc: '2.25' }), 'addon');
  assert.deepEqual(wide, ['it exports more']);
  assert.deepEqual(problems(bytes, on('linux-x64-gnu'), 'addon', { development: true }), ['it exports more']);
});

test('too many exports, or too few', () => {
  refused(
    glibc(addon.replace('napi_register_module_v1', 'other')),
    on('linux-x64-gnu'),
    /does not export napi_register_module_v1/,
  );
  const both = glibc(
    'int rand(void);\nint mjwt_a(void) { return rand(); }\nint mine(void) { return 1; }\n',
    '-Wl,-soname,libmjwt.so.0',
  );
  refused(both, on('linux-x64-gnu'), /^it exports mine$/, 'library', { functions: ['mjwt_a'] });
  refused(both, on('linux-x64-gnu'), /does not export mjwt_b/, 'library', {
    functions: ['mjwt_a', 'mjwt_b'],
  });
});

test('a library of another name', () => {
  const bytes = glibc('int rand(void);\nint mjwt_a(void) { return rand(); }\n', '-Wl,-soname,libother.so');
  refused(bytes, on('linux-x64-gnu'), /its name is libother\.so/, 'library', { functions: ['mjwt_a'] });
});

test('a symbol of Node that the loader would have to find', () => {
  const code = `int napi_get_version(void *, void *);\n${addon.replace('return exports', 'napi_get_version(env, 0); return exports')}`;
  refused(
    glibc(code, '-Wl,--allow-shlib-undefined', '-Wl,-z,lazy'),
    on('linux-x64-gnu'),
    /links to napi_get_version/,
  );
});

test('a search path, and a library that not every machine has', () => {
  refused(glibc(addon, '-Wl,-rpath,/opt/lib'), on('linux-x64-gnu'), /looks for libraries in \/opt\/lib/);
  const sound_ = glibc();
  const at = sound_.indexOf('libc.so.6\0');
  refused(
    altered(sound_, (bytes) => bytes.write('libz.so.1\0', at)),
    on('linux-x64-gnu'),
    /needs libz\.so\.1/,
  );
});

test('an addon that may be unloaded', () => {
  refused(library('x86_64-linux-gnu.2.17', addon, '-Wl,-z,now'), on('linux-x64-gnu'), /no NODELETE/);
});

test('an executable stack', () => {
  const bytes = altered(glibc(), (copy) => {
    for (let i = 0; i < copy.readUInt16LE(56); i++) {
      const at = Number(copy.readBigUInt64LE(32)) + i * copy.readUInt16LE(54);
      if (copy.readUInt32LE(at) === 0x6474e551) copy.writeUInt32LE(7, at + 4);
    }
  });
  refused(bytes, on('linux-x64-gnu'), /its stack is executable/);
});

test('the path of who built it', () => {
  for (const path of [
    '/home/jo/src/lib.rs',
    '/root/.cargo/registry/src/a.rs',
    'C:\\\\Users\\\\jo\\\\a.rs',
    '/work/x/lib.rs',
  ]) {
    const code = `${addon.replace('return exports', 'return env ? (void *)text : exports')}`;
    refused(
      glibc(`const char text[] = "at ${path}";\n${code}`),
      on('linux-x64-gnu'),
      /tells where it was built/,
    );
  }
  assert.deepEqual(
    problems(
      glibc('const char t[] = "/dev/urandom /tmp /etc/passwd";\n' + addon, '-fvisibility=hidden'),
      on('linux-x64-gnu'),
      'addon',
    ),
    [],
  );
});

test('macOS: the version, the signature, the machine', () => {
  const bytes = library('aarch64-macos.11.0', addon, '-install_name', '@rpath/mastra-jwt.node');
  const mac = on('darwin-arm64');
  assert.equal(inspect(bytes).signature, 'good');
  assert.equal(inspect(bytes).floor, '11.0');
  refused(bytes, on('darwin-x64'), /for arm64, not x64/);
  const newer = library('aarch64-macos.15.0', addon, '-install_name', '@rpath/mastra-jwt.node');
  refused(newer, mac, /needs macOS 15\.0, not 11\.0/);
  const changed = altered(bytes, (copy) => copy.writeUInt8(copy[bytes.length >> 3] ^ 1, bytes.length >> 3));
  refused(changed, mac, /code signature is broken at page/);
  const unsigned = altered(bytes, (copy) => {
    for (let at = 32, i = 0; i < copy.readUInt32LE(16); i++, at += copy.readUInt32LE(at + 4)) {
      if (copy.readUInt32LE(at) === 0x1d) copy.writeUInt32LE(0x26, at);
    }
  });
  refused(unsigned, mac, /code signature is none/);
});

test('Windows: protection', () => {
  const bytes = library('x86_64-windows-gnu', addon.replace(export_, '__declspec(dllexport)'));
  assert.deepEqual(
    inspect(bytes).exports.filter((each) => each.startsWith('napi')),
    ['napi_register_module_v1'],
  );
  const at = bytes.readUInt32LE(60) + 24 + 70;
  refused(
    altered(bytes, (copy) => copy.writeUInt16LE(0, at)),
    on('win32-x64'),
    /without ASLR/,
  );
});

test('debug symbols: of another library, none, left in the library', () => {
  const tool = (name, ...args) => execFileSync(join(tools, 'bin', name), args, { cwd: work });
  /** A library with its symbols, without them, and the file that has them. */
  const separate = (target, change) => {
    const exported = target.includes('windows') ? '__declspec(dllexport)' : export_;
    const code = `${exported} int more${change}(int a) { return a; }\n`;
    const whole = library(target, code, '-g', '-gdwarf-4', `-ffile-prefix-map=${work}=.`);
    if (target.includes('macos')) {
      tool('dsymutil', '--flat', '-o', 'output.debug', 'output');
      tool('llvm-objcopy', '--strip-debug', 'output');
    } else {
      tool('llvm-objcopy', '--only-keep-debug', 'output', 'output.debug');
      tool('llvm-objcopy', '--strip-all', 'output');
      tool('llvm-objcopy', '--add-gnu-debuglink=output.debug', 'output');
    }
    return {
      whole,
      stripped: readFileSync(join(work, 'output')),
      symbols: readFileSync(join(work, 'output.debug')),
    };
  };
  const refusedFor = (reason, ...args) => {
    const found = foreign(...args);
    assert.ok(
      found.some((each) => reason.test(each)),
      `${reason} is not among: ${found.join('; ') || 'nothing'}`,
    );
  };
  for (const target of ['x86_64-linux-gnu.2.17', 'aarch64-macos.11.0', 'x86_64-windows-gnu']) {
    const [one, other] = [separate(target, 1), separate(target, 2)];
    assert.deepEqual(foreign(one.stripped, one.symbols, 'output.debug'), [], target);
    refusedFor(/^its UUID is|a file of other bytes/, one.stripped, other.symbols, 'output.debug');
    if (!target.includes('macos')) {
      refusedFor(/^the library has a link to undefined/, one.whole, one.symbols, 'output.debug');
      refusedFor(/^the library has a link to output.debug/, one.stripped, one.symbols, 'other.debug');
      refusedFor(/^the library has debug symbols itself/, one.whole, one.symbols, 'output.debug');
    } else {
      const unnamed = (bytes) =>
        altered(bytes, (copy) => {
          for (let at = 32, i = 0; i < copy.readUInt32LE(16); i++, at += copy.readUInt32LE(at + 4)) {
            if (copy.readUInt32LE(at) === 0x1b) copy.writeUInt32LE(0x26, at);
          }
        });
      refusedFor(/^its UUID is undefined/, unnamed(one.stripped), unnamed(one.symbols), 'output.debug');
    }
    refusedFor(/^it has no debug symbols/, one.stripped, one.stripped, 'output.debug');
    const placed = Buffer.concat([one.symbols, Buffer.from('/home/jo/src/lib.rs')]);
    refusedFor(/^it tells where it was built/, one.stripped, placed, 'output.debug');
  }
});
