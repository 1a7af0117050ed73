// The figures of the benchmarks that documents quote, from tests/bench/results.json.
//
//   node tests/docs/figures.mjs    writes them into the documents (make figures); bench.test.mjs
//                                  compares
//
// A figure is a paragraph or a table: all between two empty lines, known by how it begins.
import { readFileSync, writeFileSync } from 'node:fs';

const at = (path) => new URL(`../../${path}`, import.meta.url);
const { budget, date, load, machine, rows, versions } = JSON.parse(
  readFileSync(at('tests/bench/results.json'), 'utf8'),
);

/** The one row that has these members. */
function row(members) {
  const found = rows.filter((each) => Object.entries(members).every(([name, value]) => each[name] === value));
  if (found.length !== 1) {
    throw new Error(`results.json has ${found.length} rows with ${JSON.stringify(members)}, not 1`);
  }
  return found[0];
}

/** Two digits that count: what a later run on the same machine would give too. */
const rough = (value) => Number(value.toPrecision(2)).toLocaleString('en-US');

/** How many times as long as ours, rounded down. */
function times(name) {
  const found = budget.find((each) => each.row === name);
  if (!found) throw new Error(`results.json has no row ${name}`);
  return `${found.result < 10 ? (Math.floor(found.result * 10) / 10).toFixed(1) : Math.floor(found.result)} ×`;
}

const ratios = [
  [`\`@mastra/auth\` ${versions.npm['mastra-auth-reference']}`, 'Node: @mastra/auth / authenticateToken'],
  [`\`fast-jwt\` ${versions.npm['fast-jwt']}`, 'Node: fast-jwt / authenticateToken'],
  ['`fast-jwt` with its cache', 'Node: fast-jwt with its cache / authenticateToken'],
].map(([name, of]) => `| ${name} | ${times(`${of}, Node 22`)} | ${times(`${of}, Node 24`)} |`);

const short = { op: 'verify', case: 'accept', size: 200, shape: 'mixed' };
const core = [
  ['Rust `verify_into`', { set: 'core', name: 'mastra-jwt verify_into' }],
  ['C `mjwt_verify`', { set: 'c', name: 'mjwt_verify' }],
  ['Go `AppendClaims`', { set: 'go', backend: 'cgo', name: 'mjwt_append' }],
  ['Go `AppendClaims`, without cgo', { set: 'go', backend: 'wasm', name: 'mjwt_append' }],
  ['Node `authenticateToken`', { set: 'node', node: '24', name: 'mastra-jwt authenticateToken' }],
].map(([name, members]) => {
  const { ns } = row({ ...short, ...members });
  return `| ${name} | ${(ns / 1000).toPrecision(2)} µs | ${rough(1e9 / ns)} |`;
});

const server = [
  ['without any authentication', { case: 'accept', name: 'no auth' }],
  ['`mastra-jwt`', { case: 'accept', name: 'mastra-jwt' }],
  ['`@mastra/auth`', { case: 'accept', name: '@mastra/auth' }],
  ['`mastra-jwt`, a flood of bad signatures', { case: 'bad signature', name: 'mastra-jwt' }],
  ['the same with `quiet: true`: nothing is logged', { case: 'bad signature', name: 'mastra-jwt, quiet' }],
].map(([name, members]) => `| ${name} | ${rough(row({ set: 'server', ...members }).per_second)} |`);

/**
 * `{ path, begins, text }`: what is in which document, and how the paragraph begins that it
 * replaces.
 */
export const figures = [
  {
    path: 'README.md',
    begins: '| to verify a token |',
    text: [
      `| to verify a token | Node ${versions.node['22']} | Node ${versions.node['24']} |`,
      '|---|---|---|',
      ...ratios,
    ].join('\n'),
  },
  {
    path: 'docs/operations.md',
    begins: 'Measured on ',
    text: [
      `Measured on ${date.slice(0, 10)}, on ${machine.processors} processors (${machine.processor}`,
      machine.sha_instructions ? ', which has SHA instructions)' : ', without SHA instructions)',
      `, with Rust ${versions.rustc}, Go ${versions.go}, Node ${versions.node['24']}`,
      load[2] > machine.processors
        ? '.\nThe machine did other work at the same time: idle, it does more.'
        : '.',
    ].join(''),
  },
  {
    path: 'docs/operations.md',
    begins: '| a token of 200 bytes |',
    text: ['| a token of 200 bytes | a verification | a second and core |', '|---|---|---|', ...core].join(
      '\n',
    ),
  },
  {
    path: 'docs/operations.md',
    begins: '| a Mastra server |',
    text: ['| a Mastra server | requests a second |', '|---|---|', ...server].join('\n'),
  },
];

/** The paragraph of a document that begins so. */
export function quoted(document, begins) {
  const found = document.split('\n\n').filter((paragraph) => paragraph.startsWith(begins));
  if (found.length !== 1) throw new Error(`${found.length} paragraphs begin with "${begins}", not 1`);
  return found[0].trimEnd();
}

if (process.argv[1] === import.meta.filename) {
  for (const { path, begins, text } of figures) {
    const document = readFileSync(at(path), 'utf8');
    writeFileSync(
      at(path),
      document.replace(quoted(document, begins), () => text),
    );
  }
}
