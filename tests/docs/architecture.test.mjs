// ARCHITECTURE.md names every directory: a new one gets a row, and one that is gone loses it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(`${root}${path}`, 'utf8');
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trimEnd().split('\n');
const directories = [...new Set(files.map((path) => path.match(/^([^/]+\/[^/]+)\//)?.[1]).filter(Boolean))];
const [, section] = read('ARCHITECTURE.md').split('\n## Directories\n');
const rows = section.split('\n## ')[0].match(/^\| `.*$/gm);
/** The directories in the first cell of each row. */
const named = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)\/`/g)].map(([, path]) => path));

test('every directory that is two deep has a row, or is part of one', () => {
  const missing = directories.filter(
    (path) =>
      !named.some((each) => path === each || path.startsWith(`${each}/`) || each.startsWith(`${path}/`)),
  );
  assert.deepEqual(missing, []);
});

test('every directory of tests/ has a row of its own', () => {
  const tests = directories.filter((path) => path.startsWith('tests/'));
  assert.deepEqual(
    tests.filter((path) => !named.includes(path)),
    [],
  );
});

test('every row is of a directory that is there', () => {
  assert.deepEqual(
    named.filter((each) => !files.some((path) => path.startsWith(`${each}/`))),
    [],
  );
});
