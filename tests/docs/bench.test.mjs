// The figures in the documents are those of the benchmarks that are checked in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { figures, quoted } from './figures.mjs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('results.json is of a whole run', () => {
  assert.equal(JSON.parse(read('tests/bench/results.json')).quick, false);
});

for (const { path, begins, text } of figures) {
  test(`${path}, "${begins}": as in results.json`, () => {
    assert.equal(quoted(read(path), begins), text, `${path} quotes another run: make figures`);
  });
}
