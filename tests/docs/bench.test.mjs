// README's figures are those of the benchmarks that are checked in, rounded down.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { budget, versions, quick } = JSON.parse(read('tests/bench/results.json'));
const ROWS = [
  [`\`@mastra/auth\` ${versions.npm['mastra-auth-reference']}`, 'Node: @mastra/auth / authenticateToken'],
  [`\`fast-jwt\` ${versions.npm['fast-jwt']}`, 'Node: fast-jwt / authenticateToken'],
  ['`fast-jwt` with its cache', 'Node: fast-jwt with its cache / authenticateToken'],
];

function times(row) {
  const found = budget.find((one) => one.row === row);
  assert.ok(found, `results.json has no row ${row}`);
  return found.result < 10
    ? (Math.floor(found.result * 10) / 10).toFixed(1)
    : String(Math.floor(found.result));
}

test('README quotes the ratios of results.json, with the versions of Node', () => {
  assert.equal(quick, false);
  const table = [
    `| to verify a token | Node ${versions.node['22']} | Node ${versions.node['24']} |`,
    '|---|---|---|',
    ...ROWS.map(
      ([name, row]) => `| ${name} | ${times(`${row}, Node 22`)} × | ${times(`${row}, Node 24`)} × |`,
    ),
  ].join('\n');
  assert.ok(read('README.md').includes(`\n${table}\n`), `README.md lacks this table:\n${table}`);
});
