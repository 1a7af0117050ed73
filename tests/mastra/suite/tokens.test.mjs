// Which tokens a guarded server lets in, and by which ways a token may come.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ADAPTERS, ask, bearer, OLD, printed, send, serverFor, WEATHER, whoAmI } from './server.mjs';
import { MastraJwtAuth } from './subject.mjs';
import { REFUSED, SECRET, token, VALID } from './tokens.mjs';

const INVALID = { error: 'Invalid or expired token' };
const ABSENT = OLD ? { error: 'Authentication required' } : INVALID;

for (const adapter of ADAPTERS) {
  test(`${adapter}: every valid token reaches the agent, with its claims`, async (t) => {
    const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    for (const [name, jwt] of Object.entries(VALID)) {
      // JSON.parse of the payload is what the claims are; through JSON again, because that is how
      // the agent tells them.
      const claims = JSON.parse(
        JSON.stringify(JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString())),
      );
      const { status, user } = await whoAmI(url, { headers: bearer(jwt) });
      assert.deepEqual({ status, user }, { status: 200, user: claims }, name);
    }
  });

  test(`${adapter}: every other token is 401 and its text is in no log`, async (t) => {
    const server = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    printed.length = 0;
    for (const [name, jwt] of Object.entries(REFUSED)) {
      const { status, body } = await ask(server.url, 'weatherAgent', { headers: bearer(jwt) });
      assert.deepEqual({ status, body }, { status: 401, body: INVALID }, name);
    }
    const logged = server.logged() + inspect(printed, { depth: 20, maxStringLength: null, showHidden: true });
    assert.match(logged, /jwt expired/, 'the refusals were logged');
    assert.ok(!logged.includes(SECRET), 'the secret was logged');
    for (const [name, jwt] of Object.entries(REFUSED)) {
      const longest = jwt.split('.').sort((a, b) => b.length - a.length)[0];
      if (longest.length > 16) assert.ok(!logged.includes(longest), `${name}: the token was logged`);
    }
  });

  test(`${adapter}: the ways in which a token may come`, async (t) => {
    const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    const good = token({ sub: 'ada' });
    const expired = token({ sub: 'ada', exp: 1 });
    const outcome = async (headers, query) => {
      const { status, answer, body } = await ask(url, 'weatherAgent', { headers, query });
      return status === 200 ? answer : { status, body };
    };
    const refused = { status: 401, body: INVALID };
    const absent = { status: 401, body: ABSENT };

    assert.deepEqual(await outcome({}), absent, 'nothing');
    assert.deepEqual(await outcome({ authorization: '' }), absent, 'an empty header');
    assert.equal(await outcome({ authorization: `Bearer ${good}` }), WEATHER);
    assert.equal(await outcome({ authorization: good }), WEATHER, 'the bare token');
    assert.equal(await outcome({}, `?apiKey=${good}`), WEATHER, '?apiKey=');
    assert.deepEqual(await outcome({ authorization: `bearer ${good}` }), refused, 'bearer in lower case');
    assert.deepEqual(await outcome({ authorization: `BEARER ${good}` }), refused, 'BEARER in upper case');
    assert.deepEqual(await outcome({ authorization: `Bearer  ${good}` }), refused, 'two spaces');
    assert.deepEqual(await outcome({ authorization: 'Bearer' }), refused, 'Bearer alone');
    assert.deepEqual(await outcome({ authorization: `Basic ${good}` }), refused, 'another scheme');
    assert.deepEqual(await outcome({}, `?apiKey=${expired}`), refused, '?apiKey= with an expired token');
    assert.deepEqual(
      await outcome({ authorization: `Bearer ${expired}` }, `?apiKey=${good}`),
      refused,
      'the header goes before ?apiKey=',
    );
    assert.deepEqual(await outcome({ cookie: `mastra-token=${good}` }), absent, 'a cookie is not a way');
    const reading = await send(url, '/api/agents', { headers: bearer(good) });
    assert.deepEqual([reading.status, Object.keys(reading.body)], [200, ['weather-agent', 'who-am-i']]);
    assert.equal((await send(url, '/api/agents', { headers: bearer(expired) })).status, 401);
  });
}

test('the largest token that a header holds, and the first that it does not', async (t) => {
  const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }));
  const sized = (length) => token({ sub: 'ada', pad: 'x'.repeat(length) });
  assert.equal((await ask(url, 'weatherAgent', { headers: bearer(sized(11_000)) })).answer, WEATHER);
  assert.equal((await send(url, '/api/agents', { headers: bearer(sized(13_000)) })).status, 431);
});
