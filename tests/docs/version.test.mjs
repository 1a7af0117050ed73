// The version is written by hand in two places, Cargo.toml and node/package.json; whatever else shows one, follows.
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

test('the changelog has an entry for it', () => {
  assert.match(read('CHANGELOG.md'), new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\]?`, 'm'));
});
