// The table of options in README.md, compared with each binding: every row is there in all of them,
// and no option of a binding lacks a row.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const all = (path, extension) =>
  readdirSync(new URL(path, root))
    .filter((name) => name.endsWith(extension) && !name.endsWith(`_test${extension}`))
    .map((name) => read(path + name))
    .join('\n');

/** The rows under "### Options": what is in backticks in each column. */
const rows = read('README.md')
  .match(/^### Options\n([\s\S]*?)^### /m)[1]
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`'))
  .map((line) => {
    const [option, document, rust, c, go, node] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim().replaceAll('`', ''));
    return { option, document, rust, c, go, node };
  });
const column = (name) => [...new Set(rows.map((row) => row[name]))].sort();

test('the table has a row for every member of the policy document', () => {
  const schema = JSON.parse(read('core/policy.schema.json'));
  const members = Object.keys(schema.properties).filter((name) => name !== '$schema');
  assert.deepEqual(column('document'), members.sort());
});

test('Rust: every setter of the builder, apart from those of keys', () => {
  const setters = [...read('core/src/builder.rs').matchAll(/pub fn (\w+)\(\s*&mut self/g)].map(
    ([, name]) => name,
  );
  const keys = ['secret', 'secret_with_kid', 'jwks_json', 'jwk_set', 'policy_json'];
  assert.deepEqual(column('rust'), setters.filter((name) => !keys.includes(name)).sort());
});

test('C: every option number, and every function that configures but those of keys', () => {
  const header = read('include/mjwt.h');
  const numbers = [...header.matchAll(/#define (MJWT_OPT_\w+)/g)].map(([, name]) => name);
  const functions = [...header.matchAll(/\b(mjwt_config_(?:add|set|require)_\w+)\(/g)].map(
    ([, name]) => name,
  );
  const keys = ['mjwt_config_add_secret', 'mjwt_config_add_jwks', 'mjwt_config_set_policy'];
  const found = new Set([...numbers, ...functions].filter((name) => !keys.includes(name)));
  assert.deepEqual(column('c'), [...found].sort());
});

test('Go: every option of a verifier, apart from those of keys and the clock', () => {
  const options = [
    ...all('ffi/go/mjwt/', '.go').matchAll(/^func (With\w+)\([^)]*\) (?:VerifierOption|Option)/gm),
  ];
  const others = ['WithKey', 'WithJWKS', 'WithPolicy', 'WithClock'];
  assert.deepEqual(
    column('go'),
    options
      .map(([, name]) => name)
      .filter((name) => !others.includes(name))
      .sort(),
  );
});

test('Node: every policy option of the types', () => {
  const [, body] = read('node/ts/options.ts').match(/^export interface PolicyOptions \{\n([\s\S]*?)^\}/m);
  const options = [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
  assert.deepEqual(column('node'), options.sort());
});
