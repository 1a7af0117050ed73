// CompositeAuth of @mastra/core: several providers, and requests that must not mix.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompositeAuth, MastraAuthProvider, SimpleAuth } from '@mastra/core/server';
import { ADAPTERS, bearer, OLD, send, serverFor, whoAmI } from './server.mjs';
import { MastraJwtAuth } from './subject.mjs';
import { SECRET, token } from './tokens.mjs';

const OTHER = 'the-secret-of-the-partner-company';

const ours = () => new MastraJwtAuth({ secret: SECRET, mapUserToResourceId: (user) => `staff/${user.sub}` });
const partner = () =>
  new MastraJwtAuth({
    secret: OTHER,
    name: 'partner',
    authorizeUser: (user) => user.partner === true,
    mapUserToResourceId: (user) => `partner/${user.sub}`,
  });
/**
 * SimpleAuth of Mastra 1.0 fails where Mastra 1.0 itself asks without a request, so it needs a
 * stand-in there.
 */
class MachineAuth extends MastraAuthProvider {
  tokens;
  constructor(options) {
    super(options);
    this.tokens = options.tokens;
  }
  async authenticateToken(jwt) {
    return this.tokens[jwt] ?? null;
  }
  async authorizeUser(user) {
    return Object.values(this.tokens).includes(user);
  }
}
const machine = () => {
  const auth = new (OLD ? MachineAuth : SimpleAuth)({
    tokens: { 'machine-token': { id: 'machine-1', name: 'Machine' } },
  });
  auth.mapUserToResourceId = (user) => `machine/${user.id}`;
  return auth;
};
const resource = (id) => (OLD ? null : id);

for (const adapter of ADAPTERS) {
  for (const [order, providers] of [
    ['first', () => [ours(), machine(), partner()]],
    ['last', () => [machine(), partner(), ours()]],
  ]) {
    test(`${adapter}: three providers, ours ${order}`, async (t) => {
      const { url } = await serverFor(t, new CompositeAuth(providers()), { adapter });
      const as = (jwt) => whoAmI(url, { headers: bearer(jwt) });
      assert.deepEqual(await as(token({ sub: 'ada' })), {
        status: 200,
        user: { sub: 'ada' },
        resource: resource('staff/ada'),
      });
      assert.deepEqual(await as(token({ sub: 'bo', partner: true }, { secret: OTHER })), {
        status: 200,
        user: { sub: 'bo', partner: true },
        resource: resource('partner/bo'),
      });
      assert.deepEqual(await as('machine-token'), {
        status: 200,
        user: { id: 'machine-1', name: 'Machine' },
        resource: resource('machine/machine-1'),
      });
      for (const jwt of [
        token({ sub: 'ada' }, { secret: 'x'.repeat(32) }),
        token({ sub: 'ada', exp: 1 }),
        'no-such-token',
      ])
        assert.equal((await as(jwt)).status, 401);
      if (!OLD) {
        const me = async (jwt) =>
          (await send(url, '/api/auth/me', { headers: bearer(jwt) })).body?.id ?? null;
        assert.deepEqual(
          [await me(token({ sub: 'ada' })), await me('machine-token'), await me('no-such-token')],
          ['ada', 'machine-1', null],
        );
      }
    });
  }

  test(`${adapter}: concurrent requests, every one with its own user and resource id`, async (t) => {
    const { url } = await serverFor(t, new CompositeAuth([partner(), ours(), machine()]), { adapter });
    // Every token is sent several times at once: an object kept from one call to the next would be
    // mixed up here.
    const requests = Array.from({ length: 240 }, (_, i) => {
      const sub = `user-${i % 60}`;
      if (i % 4 === 3) return { jwt: token({ sub, exp: 1 }), expected: 401 };
      if (i % 4 === 2)
        return { jwt: 'machine-token', expected: ['machine-1', resource('machine/machine-1')] };
      if (i % 4 === 1)
        return {
          jwt: token({ sub, partner: true }, { secret: OTHER }),
          expected: [sub, resource(`partner/${sub}`)],
        };
      return { jwt: token({ sub }), expected: [sub, resource(`staff/${sub}`)] };
    });
    const answers = await Promise.all(
      requests.map(async ({ jwt }) => {
        const { status, user, resource: id } = await whoAmI(url, { headers: bearer(jwt) });
        return status === 200 ? [user.sub ?? user.id, id] : status;
      }),
    );
    assert.deepEqual(
      answers,
      requests.map(({ expected }) => expected),
    );
  });
}

test('one provider called twice with one token gives two objects', async () => {
  const auth = ours();
  const jwt = token({ sub: 'ada' });
  const [first, second] = await Promise.all([auth.authenticateToken(jwt), auth.authenticateToken(jwt)]);
  assert.deepEqual(first, second);
  assert.notEqual(first, second);
  first.sub = 'root';
  assert.equal((await auth.authenticateToken(jwt)).sub, 'ada');
});
