// What mastra-jwt does beyond the reference, and where it is stricter, seen through a real server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTERS, ask, bearer, OLD, serverFor, WEATHER, whoAmI } from './server.mjs';
import { MastraJwtAuth, Reference } from './subject.mjs';
import { REFUSED, seconds, SECRET, STRICTER, token } from './tokens.mjs';

/** Asks a server with these options for each token; gives the statuses by name. */
async function statuses(t, options, tokens) {
  const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET, ...options }));
  const result = {};
  for (const [name, jwt] of Object.entries(tokens))
    result[name] = (await ask(url, 'weatherAgent', { headers: bearer(jwt) })).status;
  return result;
}

for (const adapter of ADAPTERS) {
  test(`${adapter}: refused here, let in by the reference`, async (t) => {
    const reference = await serverFor(t, new Reference({ secret: SECRET }), { adapter });
    const ours = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    for (const [name, jwt] of Object.entries(STRICTER)) {
      assert.equal(
        (await ask(reference.url, 'weatherAgent', { headers: bearer(jwt) })).status,
        200,
        `${name}: the reference`,
      );
      assert.deepEqual(
        await ask(ours.url, 'weatherAgent', { headers: bearer(jwt) }),
        { status: 401, body: { error: 'Invalid or expired token' } },
        name,
      );
    }
  });
}

test('secrets in rotation', async (t) => {
  const [next, old] = ['the-secret-that-signs-from-today-on', 'the-secret-that-still-verifies-....'];
  const secret = [
    { kid: 'next', secret: next },
    { kid: 'old', secret: old },
  ];
  const jwt = (kid, key) =>
    token({ sub: 'ada' }, { secret: key, header: { alg: 'HS256', ...(kid && { kid }) } });
  assert.deepEqual(
    await statuses(
      t,
      { secret },
      {
        next: jwt('next', next),
        old: jwt('old', old),
        'next without kid': jwt(undefined, next),
        'old without kid': jwt(undefined, old),
        'the wrong kid': jwt('next', old),
        'an unknown kid': jwt('gone', next),
        'another secret': jwt('next', SECRET),
      },
    ),
    {
      next: 200,
      old: 200,
      'next without kid': 200,
      'old without kid': 200,
      'the wrong kid': 401,
      'an unknown kid': 401,
      'another secret': 401,
    },
  );
  const { url } = await serverFor(t, new MastraJwtAuth({ secret }));
  const signed = new MastraJwtAuth({ secret }).sign({ sub: 'ada' });
  assert.equal(JSON.parse(Buffer.from(signed.split('.')[0], 'base64url')).kid, 'next', 'the first signs');
  assert.equal((await ask(url, 'weatherAgent', { headers: bearer(signed) })).answer, WEATHER);
});

test('what is signed here is let in by the reference', async (t) => {
  const signed = new MastraJwtAuth({ secret: SECRET }).sign(
    { sub: 'ada', email: 'ada@example.com' },
    { expiresIn: '1h' },
  );
  const { url } = await serverFor(t, new Reference({ secret: SECRET }));
  const { user } = await whoAmI(url, { headers: bearer(signed) });
  assert.deepEqual([user.sub, user.email, user.exp - user.iat], ['ada', 'ada@example.com', 3600]);
});

test('algorithms, issuer, audience, subject', async (t) => {
  const policy = {
    algorithms: ['HS256'],
    issuer: 'https://issuer.example',
    audience: 'weather',
    subject: 'ada',
  };
  const claims = { iss: 'https://issuer.example', aud: ['news', 'weather'], sub: 'ada' };
  assert.deepEqual(
    await statuses(t, policy, {
      good: token(claims),
      HS512: token(claims, { algorithm: 'HS512' }),
      'another issuer': token({ ...claims, iss: 'https://other.example' }),
      'another audience': token({ ...claims, aud: 'news' }),
      'another subject': token({ ...claims, sub: 'eve' }),
      'none of them': token({}),
    }),
    {
      good: 200,
      HS512: 401,
      'another issuer': 401,
      'another audience': 401,
      'another subject': 401,
      'none of them': 401,
    },
  );
});

test('clockTolerance, maxTokenAge, requiredClaims', async (t) => {
  assert.deepEqual(
    await statuses(
      t,
      { clockTolerance: 60, maxTokenAge: 3600, requiredClaims: ['tenant'] },
      {
        good: token({ iat: seconds(-600), tenant: 'acme' }),
        'within the tolerance': token({ iat: seconds(-600), exp: seconds(-20), tenant: 'acme' }),
        'beyond the tolerance': token({ iat: seconds(-600), exp: seconds(-600), tenant: 'acme' }),
        'too old': token({ iat: seconds(-4000), tenant: 'acme' }),
        'no iat': token({ tenant: 'acme' }),
        'no tenant': token({ iat: seconds(-600) }),
      },
    ),
    {
      good: 200,
      'within the tolerance': 200,
      'beyond the tolerance': 401,
      'too old': 401,
      'no iat': 401,
      'no tenant': 401,
    },
  );
});

test('isRevoked, at once and later', async (t) => {
  const tokens = { good: token({ jti: 'a' }), revoked: token({ jti: 'b' }) };
  const expected = { good: 200, revoked: 401 };
  assert.deepEqual(await statuses(t, { isRevoked: (payload) => payload.jti === 'b' }, tokens), expected);
  assert.deepEqual(
    await statuses(t, { isRevoked: async (payload) => payload.jti === 'b' }, tokens),
    expected,
  );
  const broken = async () => {
    throw new Error('no connection');
  };
  assert.deepEqual(
    await statuses(t, { isRevoked: broken }, tokens),
    { good: 401, revoked: 401 },
    'a look-up that fails lets nobody in',
  );
});

test('quiet: a refusal is 401 and no error in the log', async (t) => {
  const server = await serverFor(t, new MastraJwtAuth({ secret: SECRET, quiet: true }));
  for (const [name, jwt] of Object.entries(REFUSED))
    assert.deepEqual(
      await ask(server.url, 'weatherAgent', { headers: bearer(jwt) }),
      { status: 401, body: { error: 'Invalid or expired token' } },
      name,
    );
  assert.deepEqual(
    server.lines.filter(([level]) => level === 'error'),
    [],
  );
  assert.equal(
    (await ask(server.url, 'weatherAgent', { headers: bearer(token({ sub: 'ada' })) })).answer,
    WEATHER,
  );
});

for (const adapter of OLD ? [] : ADAPTERS) {
  test(`${adapter}: mapUserToResourceId: 'sub'`, async (t) => {
    const server = await serverFor(t, new MastraJwtAuth({ secret: SECRET, mapUserToResourceId: 'sub' }), {
      adapter,
    });
    assert.doesNotMatch(server.logged(), /mapUserToResourceId/, 'Mastra warned at start');
    const answers = await Promise.all(
      Array.from(
        { length: 50 },
        async (_, i) => (await whoAmI(server.url, { headers: bearer(token({ sub: `user-${i}` })) })).resource,
      ),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 50 }, (_, i) => `user-${i}`),
    );
    for (const claims of [{}, { sub: '' }, { sub: 7 }, { sub: null }])
      assert.equal(
        (await whoAmI(server.url, { headers: bearer(token(claims)) })).status,
        500,
        JSON.stringify(claims),
      );
  });
}
