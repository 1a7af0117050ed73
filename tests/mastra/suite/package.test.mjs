// The swap itself: mastra-jwt installed in place of @mastra/auth, and under its own name.
import assert from 'node:assert/strict';
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { ask, bearer, serverFor, WEATHER } from './server.mjs';
import { SECRET, token } from './tokens.mjs';

const require = createRequire(import.meta.url);
const swapped = await import('@mastra/auth');
const named = await import('mastra-jwt');
const reference = await import('mastra-auth-reference');

test('@mastra/auth is mastra-jwt', () => {
  for (const folder of ['@mastra/auth', 'mastra-jwt'])
    assert.equal(
      JSON.parse(readFileSync(new URL(`./node_modules/${folder}/package.json`, import.meta.url))).name,
      'mastra-jwt',
    );
  assert.equal(
    JSON.parse(readFileSync(new URL('./node_modules/mastra-auth-reference/package.json', import.meta.url)))
      .name,
    '@mastra/auth',
  );
  assert.notEqual(
    realpathSync(require.resolve('@mastra/auth')),
    realpathSync(require.resolve('mastra-auth-reference')),
  );
});

test('everything that the reference exports is there', () => {
  const names = Object.keys(reference);
  assert.ok(names.includes('MastraJwtAuth') && names.includes('verifyHmac'));
  for (const module of [swapped, named, require('@mastra/auth'), require('mastra-jwt')])
    for (const name of names) assert.equal(typeof module[name], typeof reference[name], name);
});

test('each way to load it guards a server', async (t) => {
  for (const { MastraJwtAuth } of [swapped, named, require('@mastra/auth'), require('mastra-jwt')]) {
    const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }));
    assert.equal(
      (await ask(url, 'weatherAgent', { headers: bearer(token({ sub: 'ada' })) })).answer,
      WEATHER,
    );
    assert.equal(
      (await ask(url, 'weatherAgent', { headers: bearer(token({ sub: 'ada' }, { secret: 'x'.repeat(32) })) }))
        .status,
      401,
    );
  }
});
