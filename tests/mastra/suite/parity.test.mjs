// The same requests to a server guarded by @mastra/auth 1.1.2 and to one guarded by the package
// under test: status, content type, body and what Mastra logs must be equal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTERS, bearer, OLD, send, serverFor } from './server.mjs';
import { MastraJwtAuth, Reference } from './subject.mjs';
import { REFUSED, SECRET, token, VALID } from './tokens.mjs';

/** Ways to configure a provider; each is made once with the reference class and once with ours. */
const CONFIGURATIONS = {
  'the secret alone': (Auth) => new Auth({ secret: SECRET }),
  authorizeUser: (Auth) =>
    new Auth({ secret: SECRET, authorizeUser: (user) => user.email === 'ada@example.com' }),
  'authorizeUser that throws without email': (Auth) =>
    new Auth({ secret: SECRET, authorizeUser: (user) => user.email.length > 0 }),
  'mapUserToResourceId by sub': (Auth) =>
    new Auth({ secret: SECRET, mapUserToResourceId: (user) => user.sub }),
  mapUser: (Auth) =>
    new Auth({
      secret: SECRET,
      mapUser: (payload) => ({ id: payload.email.split('@')[0], name: payload.name ?? 'nobody' }),
    }),
  'public and protected': (Auth) =>
    new Auth({ secret: SECRET, public: ['/own/*', '/api/agents'], protected: ['/own/closed'] }),
  'a short secret': (Auth) => new Auth({ secret: 'short' }),
  'a subclass': (Auth) =>
    new (class extends Auth {
      async authenticateToken(jwt, request) {
        const user = await super.authenticateToken(jwt, request);
        return user.sub === 7 ? null : { ...user, seen: true };
      }
    })({ secret: SECRET }),
};

const generate = (headers, query = '') => ({
  path: `/api/agents/whoAmI/generate${query}`,
  method: 'POST',
  headers,
  json: { messages: 'hello' },
});
const good = VALID['no expiry, as jwt.io makes it'];

const REQUESTS = {
  ...Object.fromEntries(
    Object.entries({ ...VALID, ...REFUSED }).map(([name, jwt]) => [`agent: ${name}`, generate(bearer(jwt))]),
  ),
  ...Object.fromEntries(
    Object.entries({ ...VALID, ...REFUSED }).map(([name, jwt]) => [
      `me: ${name}`,
      { path: '/api/auth/me', headers: bearer(jwt) },
    ]),
  ),
  'signed with the short secret': generate(bearer(token({ sub: 'ada' }, { secret: 'short' }))),
  nothing: generate({}),
  'an empty header': generate({ authorization: '' }),
  bearer: generate({ authorization: `bearer ${good}` }),
  BEARER: generate({ authorization: `BEARER ${good}` }),
  'Bearer alone': generate({ authorization: 'Bearer' }),
  'Bearer twice': generate({ authorization: `Bearer Bearer ${good}` }),
  'two spaces': generate({ authorization: `Bearer  ${good}` }),
  'a tab': generate({ authorization: `Bearer\t${good}` }),
  Basic: generate({ authorization: 'Basic YWRhOnNlY3JldA==' }),
  'the bare token': generate({ authorization: good }),
  '?apiKey=': generate({}, `?apiKey=${good}`),
  '?apiKey= empty': generate({}, '?apiKey='),
  '?apiKey= with Bearer': generate({}, `?apiKey=Bearer%20${good}`),
  '?apiKey= with white space': generate({}, `?apiKey=%20${good}%0A`),
  '?apiKey= with a zero byte': generate({}, `?apiKey=${good}%00`),
  '?apiKey= twice': generate({}, `?apiKey=${good}&apiKey=${good}`),
  '?apiKey= behind a bad header': generate(bearer('x.y.z'), `?apiKey=${good}`),
  'a cookie': generate({ cookie: `mastra-token=${good}` }),
  'latin-1 in the header': generate({ authorization: `Bearer ${good}\xff` }),
  'me: nothing': { path: '/api/auth/me' },
  'me: bearer': { path: '/api/auth/me', headers: { authorization: `bearer ${good}` } },
  'me: many spaces': { path: '/api/auth/me', headers: { authorization: `BeArEr    ${good}   ` } },
  'me: a tab': { path: '/api/auth/me', headers: { authorization: `Bearer\t${good}` } },
  'me: a bare token': { path: '/api/auth/me', headers: { authorization: good } },
  'me: ?apiKey=': { path: `/api/auth/me?apiKey=${good}` },
  capabilities: { path: '/api/auth/capabilities', headers: bearer(good) },
  'capabilities: nothing': { path: '/api/auth/capabilities' },
  'capabilities: expired': { path: '/api/auth/capabilities', headers: bearer(REFUSED.expired) },
  agents: { path: '/api/agents', headers: bearer(good) },
  'agents: nothing': { path: '/api/agents' },
  logout: { path: '/api/auth/logout', method: 'POST', headers: bearer(good) },
  'sign in': {
    path: '/api/auth/credentials/sign-in',
    method: 'POST',
    json: { email: 'ada@example.com', password: 'x' },
  },
  'sso login': { path: '/api/auth/sso/login' },
  'own, open': { path: '/own/open' },
  'own, closed': { path: '/own/closed' },
  'own, closed, let in': { path: '/own/closed', headers: bearer(good) },
  report: { path: '/reports/daily', headers: bearer(good) },
  'report: nothing': { path: '/reports/daily' },
  preflight: { path: '/api/agents', method: 'OPTIONS', headers: { origin: 'https://example.com' } },
  nowhere: { path: '/nowhere', headers: bearer(good) },
};

/**
 * Tokens that both refuse with different words: here the signature is checked before anything of
 * the payload, and an empty segment is malformed. The first message is the reference's, the second
 * ours.
 */
const OTHER_WORDS = {
  'agent: signature padded': ['invalid token', 'invalid signature'],
  'agent: a space within': ['invalid token', 'invalid signature'],
  '?apiKey= with a zero byte': ['invalid token', 'invalid signature'],
  'latin-1 in the header': ['invalid token', 'invalid signature'],
  'agent: empty header': ['invalid token', 'jwt malformed'],
  'agent: empty payload': ['invalid token', 'jwt malformed'],
  'agent: only dots': ['invalid token', 'jwt malformed'],
  'agent: payload null': ["Cannot read properties of null (reading 'nbf')", 'invalid token'],
};

/** What a request gave, without the run ids and times of an agent's answer. */
async function outcome(url, { path, ...request }) {
  const { status, type, body } = await send(url, path, request);
  return { status, type, body: path.includes('/generate') && status === 200 ? body.text : body };
}

/**
 * What Mastra logged since the last call: level, text and error message, without stacks, which name
 * files.
 */
const logged = ({ lines }) =>
  lines.splice(0).map(([level, text, details]) => [level, text, details?.error?.message ?? null]);

/** What the package under test should have logged, given what the reference did. */
function translated(expected, what) {
  const [theirs, ours] = (process.env.AUTH_PACKAGE !== 'mastra-auth-reference' && OTHER_WORDS[what]) || [];
  return expected.map(([level, text, message]) => [
    level,
    text,
    message !== null && message === theirs ? ours : message,
  ]);
}

for (const adapter of ADAPTERS) {
  for (const [name, make] of Object.entries(CONFIGURATIONS)) {
    test(`${adapter}: as the reference with ${name}`, async (t) => {
      const reference = await serverFor(t, make(Reference), { adapter });
      const ours = await serverFor(t, make(MastraJwtAuth), { adapter });
      const statuses = new Set();
      const messages = new Set();
      for (const [what, request] of [['start'], ...Object.entries(REQUESTS)]) {
        if (request) {
          const [expected, actual] = await Promise.all([
            outcome(reference.url, request),
            outcome(ours.url, request),
          ]);
          assert.deepEqual(actual, expected, what);
          statuses.add(expected.status);
        }
        const expected = logged(reference);
        assert.deepEqual(logged(ours), translated(expected, what), `${what}: the log`);
        for (const [, , message] of expected) messages.add(message);
      }
      assert.ok(
        [200, 401].every((status) => statuses.has(status)),
        `too few kinds of answers: ${[...statuses]}`,
      );
      if (!OLD)
        assert.ok(
          messages.has('invalid signature') && messages.has('jwt malformed'),
          `too few messages: ${[...messages]}`,
        );
    });
  }
}
