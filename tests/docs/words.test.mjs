// Plain English, for readers of every language: the wording that CONTRIBUTING.md replaces is not in prose or comments.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const REPLACED = [
  [/(?<![Tt]here )\b(?:is|are|was|were) no (?!longer|more)[a-z]+/, 'is not a'],
  [/\bunless told\b/, 'by default'],
  [/\bstands? (?:in|at|beside|for|behind|on|before)\b|\bas (?:it|they) stands?\b/, 'is'],
  [/\bbut for\b/, 'except'],
  [/\ba token that holds\b|\btokens? that hold\b/, 'a valid token'],
  [/\b(?:other|each|every|two|of|all|the|rust|node|a) faces?\b/i, 'binding'],
  [/\bdemand(?:s|ed)?\b/i, 'require'],
  [/\bjudge[sd]?\b/i, 'check'],
  [/\blen(?:d|ds|t)\b/i, 'give, or borrow'],
];

const PROSE = /\.(?:md|rs|ts|mts|mjs|go|c|h|sh|toml|py|html)$|^Makefile$/;
const NOT_OURS =
  /^(?:LICENSE|.*\/node_modules\/|tests\/vectors\/.*\.json)|Cargo\.lock$|tests\/docs\/words\.test\.mjs$/;
const COMMENT = /^\s*(?:\/\/|\/?\*|#(?!define|include|if|else|end|\[))|\s(?:\/\/|#) (.*)$/;

/** The lines of a file that people read as text. */
function prose(path) {
  const lines = readFileSync(root + path, 'utf8').split('\n');
  let code = false;
  return lines.flatMap((text, index) => {
    if (path.endsWith('.md') && text.startsWith('```')) code = !code;
    if (path === 'CONTRIBUTING.md' && text.startsWith('| ')) return []; // The table of these words.
    return code || (!path.endsWith('.md') && !COMMENT.test(text)) ? [] : [{ text, line: index + 1 }];
  });
}

test('replaced wording is found nowhere', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  const ours = files.filter((path) => PROSE.test(path) && !NOT_OURS.test(path));
  assert.ok(ours.length > 100);
  const found = ours.flatMap((path) =>
    prose(path).flatMap(({ text, line }) =>
      REPLACED.filter(([pattern]) => pattern.test(text)).map(
        ([, better]) => `${path}:${line}: write "${better}": ${text.trim()}`,
      ),
    ),
  );
  assert.equal(found.join('\n'), '');
});
