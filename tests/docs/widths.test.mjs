// A comment is at most 100 columns wide, in Go 80, its indentation counted. A tab counts as four.
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

/** The lines that are a comment and nothing else, by their number. */
function commentsOf(path) {
  const lines = readFileSync(root + path, 'utf8').split('\n');
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
  const paths = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  const ours = paths.filter((path) => SLASHES.test(path) || HASHES.test(path));
  assert.ok(ours.length > 350);
  const found = ours.flatMap((path) =>
    commentsOf(path).flatMap((text, index) => {
      const width = [...text.replaceAll('\t', '    ')].length;
      const most = path.endsWith('.go') ? 80 : 100;
      return width > most && !ONE_WORD.test(text) ? [`${path}:${index + 1}: ${width} columns`] : [];
    }),
  );
  assert.equal(found.join('\n'), '');
});
