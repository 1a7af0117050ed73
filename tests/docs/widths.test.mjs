// A comment is at most 100 columns wide, in Go 80, its indentation counted. A tab counts as four.
// Code is at most 120 where no formatter of the lint breaks the lines.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const SLASHES = /\.(?:rs|m?ts|tsx|[mc]?js|c|h|go)$/;
const HASHES = /\.(?:sh|cmake|py|toml|ya?ml)$|^(?:\.ci\/\w+|Makefile|.*\/Makefile)$/;

// One word that is too long by itself, such as an address, has no place to be broken.
const ONE_WORD = /^\s*(?:\/\/[/!]?|\/?\*+|#)?\s*\S+$/;

const BY_HAND = /\.(?:c|h|sh|py)$|^\.ci\/run$/;

const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
const linesOf = (path) => readFileSync(root + path, 'utf8').split('\n');
const widthOf = (text) => [...text.replaceAll('\t', '    ')].length;

/** The lines that are a comment and nothing else, by their number. */
function commentsOf(path) {
  const lines = linesOf(path);
  if (HASHES.test(path)) return lines.map((text) => (/^\s*#/.test(text) ? text : ''));
  let inside = false;
  return lines.map((text) => {
    const opens = /^\s*\/\*/.test(text);
    const comment = inside || opens || /^\s*\/\//.test(text);
    if (inside || opens) inside = !text.includes('*/');
    return comment ? text : '';
  });
}

test('comments are at most 100 columns wide, in Go 80', () => {
  const ours = tracked.filter((path) => SLASHES.test(path) || HASHES.test(path));
  assert.ok(ours.length > 350);
  const found = ours.flatMap((path) =>
    commentsOf(path).flatMap((text, index) => {
      const width = widthOf(text);
      const most = path.endsWith('.go') ? 80 : 100;
      return width > most && !ONE_WORD.test(text) ? [`${path}:${index + 1}: ${width} columns`] : [];
    }),
  );
  assert.equal(found.join('\n'), '');
});

test('code in C, shell and Python is at most 120 columns wide', () => {
  const ours = tracked.filter((path) => BY_HAND.test(path));
  assert.ok(ours.length > 100);
  const found = ours.flatMap((path) =>
    linesOf(path).flatMap((text, index) =>
      widthOf(text) > 120 ? [`${path}:${index + 1}: ${widthOf(text)} columns`] : [],
    ),
  );
  assert.equal(found.join('\n'), '');
});
