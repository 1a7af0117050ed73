// The program that is bundled: it prints what the functions of tests/vectors/cases.cjs report of a
// package.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, work } from '../runtimes/support.mjs';

/**
 * Writes the program into a project. `checkAll` is of our own package, `checkReference` of the one
 * whose place it takes.
 */
export function program({ folder, name }, check) {
  const entry = join(folder, 'entry.mjs');
  // Without `await` at the top level, which CommonJS does not have.
  writeFileSync(
    entry,
    `import * as library from '${name}';
import cases from './cases.cjs';
import vectors from './vectors.json';
cases.${check}(library, vectors).then((report) => console.log(JSON.stringify(report)));
`,
  );
  return entry;
}

let count = 0;
/** A new folder with no node_modules in it or above it. */
export function emptyFolder() {
  const folder = join(work, `bundle-${++count}`);
  mkdirSync(folder);
  return folder;
}

/** What a bundle finds of the reference where it does not even build. */
export const brokenBuild = (error) => ({
  status: 1,
  stdout: '',
  stderr: `Error at build: ${firstLine(error)}`,
});
const firstLine = (error) =>
  String(error.message ?? error)
    .replaceAll(`${work}/`, '')
    .split('\n')[0];

/** Runs a bundle in its folder. */
export const start = (folder, file) => run(folder, [process.execPath, join(folder, file)]);
