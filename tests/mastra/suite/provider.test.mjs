// The options and methods that Mastra calls: authorizeUser, mapUserToResourceId, mapUser, public,
// protected, getCurrentUser behind /api/auth, and subclasses that override them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTERS, ask, bearer, OLD, send, serverFor, WEATHER, whoAmI } from './server.mjs';
import { MastraJwtAuth } from './subject.mjs';
import { SECRET, token } from './tokens.mjs';

const ada = bearer(token({ sub: 'ada', tenant: 'acme' }));
const eve = bearer(token({ sub: 'eve', tenant: 'other' }));
const provider = (options) => new MastraJwtAuth({ secret: SECRET, ...options });
const UNMAPPED = { status: 500, body: { error: 'Failed to map authenticated user to a resource ID' } };

test('the documented flow: the secret from the environment', async (t) => {
  process.env.MASTRA_JWT_SECRET = SECRET;
  t.after(() => {
    delete process.env.MASTRA_JWT_SECRET;
  });
  const { url } = await serverFor(t, new MastraJwtAuth({ secret: process.env.MASTRA_JWT_SECRET }));
  assert.equal((await ask(url, 'weatherAgent', { headers: ada })).answer, WEATHER);
  assert.equal(
    (await ask(url, 'weatherAgent', { headers: bearer(token({ sub: 'ada' }, { secret: 'x'.repeat(32) })) }))
      .status,
    401,
  );
});

test('JWT_AUTH_SECRET is used for an absent secret, and no secret is an error', async (t) => {
  process.env.JWT_AUTH_SECRET = SECRET;
  t.after(() => {
    delete process.env.JWT_AUTH_SECRET;
  });
  const { url } = await serverFor(t, new MastraJwtAuth());
  assert.equal((await ask(url, 'weatherAgent', { headers: ada })).answer, WEATHER);
  assert.throws(() => new MastraJwtAuth({ secret: '' }), { message: 'JWT auth secret is required' });
  delete process.env.JWT_AUTH_SECRET;
  assert.throws(() => new MastraJwtAuth(), { message: 'JWT auth secret is required' });
});

for (const adapter of ADAPTERS) {
  test(`${adapter}: authorizeUser decides with the user, the request and its own instance`, async (t) => {
    const auth = provider({
      // Mastra 1.0 asks twice for one request, the second time without the request.
      authorizeUser(user, request) {
        return this === auth && ((OLD && !request) || user.tenant === request.header('x-tenant'));
      },
    });
    const { url } = await serverFor(t, auth, { adapter });
    const as = (headers, tenant) => ask(url, 'weatherAgent', { headers: { ...headers, 'x-tenant': tenant } });
    assert.equal((await as(ada, 'acme')).answer, WEATHER);
    assert.deepEqual(await as(eve, 'acme'), { status: 403, body: { error: 'Access denied' } });
    assert.equal((await as(eve, 'other')).answer, WEATHER);
    assert.equal((await as(bearer('x.y.z'), 'acme')).status, 401, 'authentication comes first');
  });

  test(`${adapter}: authorizeUser that is false, rejects or throws`, async (t) => {
    const outcome = async (authorizeUser) => {
      const { url } = await serverFor(t, provider({ authorizeUser }), { adapter });
      return ask(url, 'weatherAgent', { headers: ada });
    };
    const denied = { status: 403, body: { error: 'Access denied' } };
    const broken = { status: 500, body: { error: 'Authorization error' } };
    assert.deepEqual(await outcome(() => false), denied);
    assert.deepEqual(await outcome(async () => false), denied);
    assert.deepEqual(await outcome(() => 0), denied);
    assert.equal((await outcome(() => 'yes')).answer, WEATHER);
    assert.deepEqual(
      await outcome(() => {
        throw new Error('no directory');
      }),
      broken,
    );
    assert.deepEqual(
      await outcome(async () => {
        throw new Error('no directory');
      }),
      broken,
    );
  });
}

for (const adapter of OLD ? [] : ADAPTERS) {
  test(`${adapter}: mapUserToResourceId gives the resource id, or 500`, async (t) => {
    const outcome = async (mapUserToResourceId, headers = ada) => {
      const { url } = await serverFor(t, provider({ mapUserToResourceId }), { adapter });
      const { status, resource, body } = await whoAmI(url, { headers });
      return status === 200 ? resource : { status, body };
    };
    assert.equal(await outcome(undefined), null, 'unset');
    assert.equal(await outcome((user) => `${user.tenant}/${user.sub}`), 'acme/ada');
    assert.equal(await outcome((user) => `${user.tenant}/${user.sub}`, eve), 'other/eve');
    for (const wrong of [7, '', '  ', undefined, null, {}, Promise.resolve('ada')])
      assert.deepEqual(await outcome(() => wrong), UNMAPPED, String(wrong));
    assert.deepEqual(
      await outcome(() => {
        throw new Error('no such user');
      }),
      UNMAPPED,
    );
    const { status } = await outcome((user) => user.sub, bearer('x.y.z'));
    assert.equal(status, 401, 'authentication comes first');
  });

  test(`${adapter}: a client cannot choose the resource id`, async (t) => {
    const { url } = await serverFor(t, provider({ mapUserToResourceId: (user) => user.sub }), { adapter });
    const { body } = await send(url, '/api/agents/whoAmI/generate', {
      method: 'POST',
      headers: ada,
      json: { messages: 'hello', requestContext: { mastra__resourceId: 'eve', user: { sub: 'eve' } } },
    });
    const { user, resource } = JSON.parse(body.text);
    assert.deepEqual([user.sub, resource], ['ada', 'ada']);
  });

  test(`${adapter}: Mastra warns at start when no resource id is mapped, and only then`, async (t) => {
    const warned = async (options) =>
      (await serverFor(t, provider(options), { adapter })).logged().includes('without mapUserToResourceId');
    assert.equal(await warned({}), true);
    assert.equal(await warned({ mapUserToResourceId: (user) => user.sub }), false);
  });

  test(`${adapter}: /api/auth/me and /api/auth/capabilities`, async (t) => {
    const { url } = await serverFor(t, provider({ authorizeUser: (user) => user.tenant !== 'banned' }), {
      adapter,
    });
    const me = async (headers) => (await send(url, '/api/auth/me', { headers })).body;
    const capabilities = async (headers) => (await send(url, '/api/auth/capabilities', { headers })).body;
    const jwt = token({
      sub: 'ada',
      email: 'ada@example.com',
      name: 'Ada',
      picture: 'https://example.com/p.png',
    });
    const user = { id: 'ada', email: 'ada@example.com', name: 'Ada', avatarUrl: 'https://example.com/p.png' };

    for (const authorization of [`Bearer ${jwt}`, `bearer ${jwt}`, `BEARER   ${jwt}`, `Bearer \t${jwt}`])
      assert.deepEqual(await me({ authorization }), user, authorization.slice(0, 10));
    for (const [name, headers] of Object.entries({
      'no header': {},
      'a bare token': { authorization: jwt },
      'an expired token': bearer(token({ sub: 'ada', exp: 1 })),
      'a wrong signature': bearer(`${jwt.slice(0, -4)}AAAA`),
      'a token of nobody': bearer(token({ email: 'ada@example.com' })),
      'a sub that is not a string': bearer(token({ sub: 7 })),
      'a user that is not authorized': bearer(token({ sub: 'ada', tenant: 'banned' })),
    }))
      assert.equal(await me(headers), null, name);

    assert.deepEqual(await capabilities({}), { enabled: true, login: null });
    assert.deepEqual(await capabilities(bearer(token({ sub: 'ada', exp: 1 }))), {
      enabled: true,
      login: null,
    });
    assert.deepEqual(await capabilities(bearer(jwt)), {
      enabled: true,
      login: null,
      user,
      capabilities: { user: true, session: false, sso: false, rbac: false, acl: false, fga: false },
      access: null,
    });
  });

  test(`${adapter}: mapUser shapes the current user`, async (t) => {
    const me = async (mapUser) => {
      const { url } = await serverFor(t, provider({ mapUser }), { adapter });
      return (await send(url, '/api/auth/me', { headers: ada })).body;
    };
    assert.deepEqual(await me((payload) => ({ id: `${payload.tenant}:${payload.sub}`, name: 'A' })), {
      id: 'acme:ada',
      name: 'A',
    });
    assert.deepEqual(await me(async (payload) => ({ id: payload.sub })), { id: 'ada' });
    assert.equal(await me(() => null), null);
    assert.equal(
      await me(() => {
        throw new Error('no such user');
      }),
      null,
    );
  });

  test(`${adapter}: routes of the application`, async (t) => {
    const { url } = await serverFor(t, provider(), { adapter });
    const status = async (path, headers) => (await send(url, path, { headers })).status;
    assert.equal(await status('/reports/open'), 200, 'requiresAuth: false');
    assert.equal(await status('/reports/daily'), 401);
    assert.equal(await status('/reports/daily', bearer('x.y.z')), 401);
    assert.deepEqual((await send(url, '/reports/daily', { headers: ada })).body, { report: 'daily' });
  });
}

test('hono: public and protected paths', async (t) => {
  const guarded = async (options) => {
    const { url } = await serverFor(t, provider(options));
    return async (path, { headers, method } = {}) => (await send(url, path, { headers, method })).status;
  };
  const open = await guarded({
    protected: ['/own/*'],
    public: ['/own/open', ['/own/read', 'GET'], /^\/own\/pattern-\d+$/],
  });
  assert.equal(await open('/own/open'), 200);
  assert.equal(await open('/own/read'), 200);
  assert.equal(await open('/own/read', { method: 'POST' }), 401);
  assert.equal(await open('/own/pattern-1'), 200);
  assert.equal(await open('/own/pattern-x'), 401);
  assert.equal(await open('/own/closed'), 401);
  assert.equal(await open('/own/closed', { headers: bearer('x.y.z') }), 401);
  assert.equal(await open('/own/closed', { headers: ada }), 200);

  const closed = await guarded({ protected: ['/own/*'] });
  for (const path of ['/own/open', '/own/read', '/own/pattern-1'])
    assert.equal(await closed(path), 401, path);

  const auth = provider({ public: ['/own/open'], protected: ['/own/*'] });
  assert.deepEqual([auth.public, auth.protected], [['/own/open'], ['/own/*']]);
});

test('a subclass may override authenticateToken and authorizeUser', async (t) => {
  class OrganisationAuth extends MastraJwtAuth {
    seen = [];
    constructor() {
      super({ secret: SECRET, name: 'organisation' });
    }
    async authenticateToken(jwt, request) {
      this.seen.push(request?.header?.('x-organisation'));
      const claims = await super.authenticateToken(jwt, request);
      return { ...claims, organisation: 'acme' };
    }
    async authorizeUser(user) {
      return (await super.authorizeUser(user)) && user.organisation === 'acme' && user.sub !== 'eve';
    }
  }
  const auth = new OrganisationAuth();
  assert.ok(auth instanceof MastraJwtAuth);
  assert.equal(auth.name, 'organisation');
  const { url } = await serverFor(t, auth);
  const { user } = await whoAmI(url, { headers: { ...ada, 'x-organisation': 'acme' } });
  assert.deepEqual(user, { sub: 'ada', tenant: 'acme', organisation: 'acme' });
  assert.ok(auth.seen.includes('acme'), 'the request reaches authenticateToken');
  assert.equal((await whoAmI(url, { headers: eve })).status, 403);
  assert.equal((await whoAmI(url, { headers: bearer(token({ sub: 'ada', exp: 1 })) })).status, 401);

  // getCurrentUser goes through both overrides.
  const asked = (headers) => auth.getCurrentUser(new Request('http://localhost/', { headers }));
  assert.equal((await asked(ada)).id, 'ada');
  assert.equal(await asked(eve), null);
});

test('a subclass may override getCurrentUser and mapUserToResourceId', async (t) => {
  class DirectoryAuth extends MastraJwtAuth {
    mapUserToResourceId = (user) => `directory/${user.sub}`;
    async getCurrentUser(request) {
      const user = await super.getCurrentUser(request);
      return user && { ...user, name: `${user.id} of the directory` };
    }
  }
  const auth = new DirectoryAuth({ secret: SECRET });
  assert.equal(
    (await auth.getCurrentUser(new Request('http://localhost/', { headers: ada }))).name,
    'ada of the directory',
  );
  assert.equal(await auth.getCurrentUser(new Request('http://localhost/')), null);
  const { url } = await serverFor(t, auth);
  const { status, resource } = await whoAmI(url, { headers: ada });
  assert.deepEqual([status, resource], [200, OLD ? null : 'directory/ada']);
});
