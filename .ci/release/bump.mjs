// Writes a version where it is kept by hand, and gives what CHANGELOG.md has under Unreleased to
// it.
//
//   node .ci/release/bump.mjs VERSION [ROOT]
//
// `make bump VERSION=x.y.z` calls it, and then the tools that write lock files and the header.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const REPOSITORY = 'https://github.com/mastra-jwt/mastra-jwt';
export const VERSION = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/;

/** Whether the first version is newer. */
export function newer(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const place = a.findIndex((part, index) => part !== b[index]);
  return place >= 0 && a[place] > b[place];
}

/** The changelog with what is unreleased as the section of a version. */
export function release(changelog, version, date) {
  const heading = '## [Unreleased]\n';
  const start = changelog.indexOf(heading);
  if (start < 0) throw new Error(`CHANGELOG.md has no line ${heading.trim()}`);
  if (changelog.includes(`\n## [${version}]`))
    throw new Error(`CHANGELOG.md has a section ${version} already`);
  const rest = changelog.slice(start + heading.length);
  const notes = rest.slice(0, rest.search(/^(?:## |\[Unreleased\]: )/m));
  if (!notes.includes('\n- ')) throw new Error('CHANGELOG.md has nothing under Unreleased');
  const last = rest.match(/^## \[(.+?)\]/m)?.[1];
  const link = last
    ? `${REPOSITORY}/compare/v${last}...v${version}`
    : `${REPOSITORY}/releases/tag/v${version}`;
  return `${changelog.slice(0, start)}${heading}\n## [${version}] - ${date}\n${rest}`.replace(
    /^\[Unreleased\]: .*$/m,
    `[Unreleased]: ${REPOSITORY}/compare/v${version}...HEAD\n[${version}]: ${link}`,
  );
}

/** The text with the version in place of the one that the pattern finds around it. */
function replaced(text, pattern, version, path) {
  if (!pattern.test(text)) throw new Error(`${path} has no ${pattern}`);
  return text.replace(pattern, (_all, before) => `${before}${version}"`);
}

/** Each file that a version is written into, and how. */
export const PLACES = [
  ['Cargo.toml', /^(\[workspace\.package\]\nversion = ")[^"]+"/m],
  ['Cargo.toml', /^(mastra-jwt-core = \{ path = "core", version = ")[^"]+"/m],
  ['node/package.json', /^( {2}"version": ")[^"]+"/m],
  ['ffi/package/vcpkg/mjwt/vcpkg.json', /^( {2}"version": ")[^"]+"/m],
];

export function bump(root, version, date) {
  if (!VERSION.test(version)) throw new Error(`${version || 'nothing'} is not a version such as 1.2.3`);
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const { version: current } = JSON.parse(read('node/package.json'));
  if (newer(current, version)) throw new Error(`${version} is older than ${current}`);
  const files = new Map([['CHANGELOG.md', release(read('CHANGELOG.md'), version, date)]]);
  for (const [path, pattern] of PLACES)
    files.set(path, replaced(files.get(path) ?? read(path), pattern, version, path));
  for (const [path, text] of files) writeFileSync(join(root, path), text); // All of them, or none.
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [version = '', root = '.'] = process.argv.slice(2);
  try {
    bump(resolve(root), version, new Date().toISOString().slice(0, 10));
  } catch (error) {
    process.stderr.write(`bump: ${error.message}\n`);
    process.exit(2);
  }
}
