// Warnings where the runtime has no working `process.emitWarning`: with one that throws, as in the
// edge runtime of Next.js.
import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { createVerifier } from 'mastra-jwt';

it('warns by the console where process.emitWarning throws', () => {
  mock.method(process, 'emitWarning', () => {
    throw new Error('not supported in the Edge Runtime');
  });
  const warn = mock.method(console, 'warn', () => {});
  try {
    assert.equal(typeof createVerifier({ secret: 'short' }), 'function');
    assert.match(warn.mock.calls[0].arguments[0], /^\[MJWT_SHORT_SECRET\] SecurityWarning: /);
  } finally {
    mock.restoreAll();
  }
});
