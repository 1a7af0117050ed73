// The version is written by hand in two places, Cargo.toml and node/package.json; whatever else
// shows one, follows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const version = read('Cargo.toml').match(/^\[workspace\.package\]\nversion = "([^"]+)"/m)[1];

test('node/package.json and its lock file have the version of Cargo.toml', () => {
  assert.equal(JSON.parse(read('node/package.json')).version, version);
  assert.equal(JSON.parse(read('node/package-lock.json')).version, version);
});

test('the header has it', () => {
  const header = read('include/mjwt.h');
  assert.equal(header.match(/#define MJWT_VERSION_STRING "([^"]+)"/)[1], version);
});

test('vcpkg.json has it', () => {
  assert.equal(JSON.parse(read('ffi/package/vcpkg/mjwt/vcpkg.json')).version, version);
});

test('the lock files of Cargo have it', () => {
  for (const lock of [
    'Cargo.lock',
    'core/examples/Cargo.lock',
    'core/fuzz/Cargo.lock',
    'tests/bench/rust/Cargo.lock',
  ]) {
    const ours = [
      ...read(lock).matchAll(/^name = "(mastra-jwt-(?:core|ffi|node|wasm))"\nversion = "([^"]+)"/gm),
    ];
    assert.ok(ours.length > 0, lock);
    for (const [, name, found] of ours) assert.equal(found, version, `${lock}: ${name}`);
  }
});
