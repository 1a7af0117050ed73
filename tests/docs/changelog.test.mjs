// CHANGELOG.md has the form of Keep a Changelog, its newest version is the one of the packages, and
// `make bump` keeps it so.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bump, newer, PLACES, release, VERSION } from '../../.ci/release/bump.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
const { version } = JSON.parse(readFileSync(join(root, 'node/package.json'), 'utf8'));
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/** What is wrong with a changelog. */
function problems(text) {
  const [head, ...sections] = text.split(/^## /m);
  const found = [];
  const links = [...text.matchAll(/^\[(.+)\]: https:\/\/\S+$/gm)].map(([, name]) => name);
  if (!head.startsWith('# Changelog\n')) found.push('the first line is not "# Changelog"');
  if (!sections[0]?.startsWith('[Unreleased]\n')) found.push('the first section is not [Unreleased]');
  const released = sections.slice(1).map((section) => {
    const [, name, date] = section.match(/^\[(\S+)\] - (\d{4}-\d{2}-\d{2})(?: \[YANKED\])?\n/) ?? [];
    if (!VERSION.test(name ?? '') || Number.isNaN(Date.parse(date)))
      found.push(`"${section.split('\n')[0]}" is not "[1.2.3] - 2001-02-03"`);
    return { name, date };
  });
  for (const section of sections) {
    const [heading] = section.split('\n');
    const parts = section.replace(/^\[.+\]: https.*$/gm, '').split(/^### /m);
    if (parts[0].trim() !== heading) found.push(`"${heading}" has text outside of a kind of change`);
    if (parts.length === 1 && !heading.startsWith('[Unreleased]')) found.push(`"${heading}" is empty`);
    const kinds = parts.slice(1).map((part) => part.split('\n')[0]);
    for (const kind of kinds)
      if (!KINDS.includes(kind)) found.push(`"${heading}": "${kind}" is not one of ${KINDS.join(', ')}`);
    if (new Set(kinds).size < kinds.length) found.push(`"${heading}" has a kind of change twice`);
    for (const part of parts.slice(1))
      if (!/^\S+\n\n- /.test(part)) found.push(`"${heading}": no list under "${part.split('\n')[0]}"`);
    const name = heading.match(/^\[(.+?)\]/)?.[1];
    if (!links.includes(name)) found.push(`[${name}] has no link at the end`);
  }
  released.slice(1).forEach(({ name, date }, index) => {
    if (!name || !released[index].name) return; // Reported above.
    if (!newer(released[index].name, name)) found.push(`${name} is not older than ${released[index].name}`);
    if (date > released[index].date)
      found.push(`the date of ${name} is after that of ${released[index].name}`);
  });
  return found;
}

test('CHANGELOG.md has the form of Keep a Changelog', () => {
  assert.deepEqual(problems(changelog), []);
});

test('the newest version in it is that of the packages; before the first release there is none', () => {
  const newest = changelog.match(/^## \[(\d\S+)\]/m)?.[1];
  assert.ok(newest === version || (newest === undefined && changelog.includes('\n- ')), newest);
});

const GOOD = `# Changelog

## [Unreleased]

## [1.10.0] - 2026-02-01

### Fixed

- This.

## [1.9.0] - 2026-01-01

### Added

- That.

[Unreleased]: https://example.com/c
[1.10.0]: https://example.com/b
[1.9.0]: https://example.com/a
`;

test('what is wrong is found', () => {
  assert.deepEqual(problems(GOOD), []);
  for (const [from, to, words] of [
    ['# Changelog', '# History', /first line/],
    ['## [Unreleased]\n', '', /first section/],
    ['2026-02-01', 'soon', /is not "\[1\.2\.3\]/],
    ['2026-02-01', '2025-12-31', /date/],
    ['[1.10.0] -', '[1.8.0] -', /not older/],
    ['### Fixed', '### Mended', /not one of/],
    ['- This.', 'This.', /no list/],
    ['### Fixed\n\n- This.', '', /empty/],
    ['### Fixed\n', 'Look:\n\n### Fixed\n', /outside/],
    ['- That.', '- That.\n\n### Added\n\n- More.', /twice/],
    ['[1.10.0]: https://example.com/b\n', '', /no link/],
  ]) {
    assert.ok(GOOD.includes(from), from);
    assert.match(problems(GOOD.replace(from, to)).join('\n'), words);
  }
});

const noted = (text) => text.replace('## [Unreleased]\n', '## [Unreleased]\n\n### Added\n\n- New.\n');

test('a release moves what is unreleased', () => {
  const next = release(noted(GOOD), '1.11.0', '2026-03-01');
  assert.deepEqual(problems(next), []);
  assert.match(
    next,
    /## \[Unreleased\]\n\n## \[1\.11\.0\] - 2026-03-01\n\n### Added\n\n- New\.\n\n## \[1\.10\.0\]/,
  );
  assert.match(next, /^\[1\.11\.0\]: .*compare\/v1\.10\.0\.\.\.v1\.11\.0$/m);
  assert.match(next, /^\[Unreleased\]: .*compare\/v1\.11\.0\.\.\.HEAD$/m);
  assert.throws(() => release(GOOD, '1.11.0', '2026-03-01'), /nothing under Unreleased/);
  assert.throws(() => release(noted(GOOD), '1.10.0', '2026-03-01'), /already/);
  assert.throws(() => release('# Changelog\n', '1.10.0', '2026-03-01'), /no line/);
});

test('bump writes the version into every place, and nothing when one is wrong', () => {
  const copy = mkdtempSync(join(tmpdir(), 'mastra-jwt-bump-'));
  try {
    const paths = [...new Set(PLACES.map(([path]) => path)), 'CHANGELOG.md'];
    const texts = () => paths.map((path) => readFileSync(join(copy, path), 'utf8'));
    for (const path of paths) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      cpSync(join(root, path), join(copy, path));
    }
    writeFileSync(join(copy, 'CHANGELOG.md'), noted(GOOD));
    const before = texts();
    for (const wrong of ['', '1.2', 'v98.7.6', '98.7.6-rc.1', '0.0.1'])
      assert.throws(() => bump(copy, wrong, '2026-03-01'), /is not a version|is older/);
    assert.deepEqual(texts(), before);
    bump(copy, '98.7.6', '2026-03-01');
    const counts = texts().map((text) => text.split('98.7.6').length - 1);
    assert.deepEqual(counts.slice(0, -1), [2, 1, 1]);
    assert.ok(!texts()[0].includes(`"${version}"`));
    assert.deepEqual(problems(texts().at(-1)), []);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
