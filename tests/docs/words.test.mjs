// Plain English, for readers of every language: the wording that CONTRIBUTING.md replaces is in no
// file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const REPLACED = [
  [/(?<![Tt]here )\b(?:is|are|was|were) no (?!longer|more)[a-z]+/, 'is not a'],
  [/\bunless told\b/, 'by default'],
  [
    /\bstands? (?:in|at|beside|for|behind|on|before|outside)\b|\b(?:as|where) (?:\w+ )?(?:it|they|members) stands?\b/,
    'is',
  ],
  [/\bbut for\b/, 'except'],
  [
    /\ba token that holds\b|\btokens? that hold\b|\btokens hold,|\bhold of (?:a|every) token\b/,
    'a valid token',
  ],
  [/\b(?:other|each|every|two|of|all|the|rust|node|a) faces?\b/i, 'binding'],
  [/\bdemand(?:s|ed)?\b/i, 'require'],
  [/(?<![a-z])judg(?:e|es|ed|ing)(?![a-z])/i, 'check'],
  [/\blen(?:d|ds|t)\b/i, 'give, or borrow'],
];

// Everything that is tracked, code too: the names of tests, messages and identifiers are read as
// well as comments.
const NOT_OURS =
  /^(?:LICENSE|.*\/LICENSE|tests\/vectors\/[a-z]+\.json$|tests\/docs\/words\.test\.mjs$)|\.(?:lock|sum|webp)$|package-lock\.json$/;

/** The lines of a file. */
function linesOf(path) {
  const lines = readFileSync(root + path, 'utf8').split('\n');
  // Without the table of these words.
  return lines.flatMap((text, index) =>
    path === 'CONTRIBUTING.md' && text.startsWith('| ') ? [] : [{ text, line: index + 1 }],
  );
}

test('replaced wording is found nowhere', () => {
  const files = execFileSync('git', ['ls-files', '-s'], { cwd: root, encoding: 'utf8' }).split('\n');
  // 120000 is a symbolic link.
  const paths = files.filter((row) => row && !row.startsWith('120000')).map((row) => row.split('\t')[1]);
  const ours = paths.filter((path) => !NOT_OURS.test(path));
  assert.ok(ours.length > 400);
  const found = ours.flatMap((path) =>
    linesOf(path).flatMap(({ text, line }) =>
      REPLACED.filter(([pattern]) => pattern.test(text)).map(
        ([, better]) => `${path}:${line}: write "${better}": ${text.trim()}`,
      ),
    ),
  );
  assert.equal(found.join('\n'), '');
});
