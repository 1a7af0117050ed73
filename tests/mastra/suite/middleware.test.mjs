// coreAuthMiddleware of the pinned @mastra/server: the adapters bring older copies of their own,
// `mastra dev` and later adapters run this one. The reference and ours must lead it to the same
// result.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Mastra } from '@mastra/core/mastra';
import { RequestContext } from '@mastra/core/request-context';
import * as serverAuth from '@mastra/server/auth';
import { OLD } from './server.mjs';
import { MastraJwtAuth, Reference } from './subject.mjs';
import { REFUSED, SECRET, token, VALID } from './tokens.mjs';

async function decide(auth, jwt, path = '/api/agents') {
  const requestContext = new RequestContext();
  const result = await serverAuth.coreAuthMiddleware({
    path,
    method: 'GET',
    getHeader: () => undefined,
    mastra: new Mastra({ logger: false, server: { auth } }),
    authConfig: auth,
    requestContext,
    rawRequest: new Request(`http://localhost${path}`),
    token: jwt,
    buildAuthorizeContext: () => null,
  });
  return { result, user: requestContext.get('user'), resource: requestContext.get('mastra__resourceId') };
}

if (OLD) {
  test('Mastra 1.0 has no coreAuthMiddleware', () => assert.equal(serverAuth.coreAuthMiddleware, undefined));
} else {
  test('it is the pinned version', () => {
    const main = createRequire(import.meta.url).resolve('@mastra/server/auth');
    const manifest = JSON.parse(readFileSync(`${main.slice(0, main.indexOf('/dist/'))}/package.json`));
    const pins = JSON.parse(readFileSync(new URL('./package.json', import.meta.url))).dependencies;
    assert.equal(manifest.version, pins['@mastra/server']);
  });

  test('every token leads to the same result', async () => {
    const options = {
      secret: SECRET,
      mapUserToResourceId: (user) => user.sub,
      authorizeUser: (user) => user.sub !== 'eve',
    };
    const [reference, ours] = [new Reference(options), new MastraJwtAuth(options)];
    const kinds = new Set();
    for (const [name, jwt] of Object.entries({
      ...VALID,
      ...REFUSED,
      'not authorized': token({ sub: 'eve' }),
      none: null,
      empty: '',
    })) {
      const expected = await decide(reference, jwt);
      assert.deepEqual(await decide(ours, jwt), expected, name);
      kinds.add(expected.result.status ?? expected.result.action);
    }
    assert.deepEqual([...kinds].sort(), [401, 403, 500, 'next']);
  });

  test('public and protected', async () => {
    const guarded = new MastraJwtAuth({
      secret: SECRET,
      protected: ['/private/*'],
      public: ['/private/open'],
    });
    assert.equal((await decide(guarded, '', '/private/closed')).result.status, 401);
    assert.equal((await decide(guarded, token({ sub: 'ada' }), '/private/closed')).result.action, 'next');
    assert.equal((await decide(guarded, '', '/private/open')).result.action, 'next');
    assert.equal(
      (await decide(new MastraJwtAuth({ secret: SECRET }), '', '/private/closed')).result.action,
      'next',
    );
  });
}
