// The clients that Mastra's documentation names: MastraClient and curl. And the stream endpoint.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MastraClient } from '@mastra/client-js';
import { curl } from './curl.mjs';
import { ADAPTERS, bearer, send, serverFor, WEATHER } from './server.mjs';
import { MastraJwtAuth } from './subject.mjs';
import { SECRET, token } from './tokens.mjs';

const good = token({ sub: 'ada' });
const bad = {
  tampered: good.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"root"}').toString('base64url')}.`),
  expired: token({ sub: 'ada', exp: 1 }),
  'alg none': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1]}.`,
  'wrong secret': token({ sub: 'ada' }, { secret: 'another-secret-of-the-same-length' }),
};

const client = (url, jwt) =>
  new MastraClient({ baseUrl: url, retries: 0, headers: jwt ? { Authorization: `Bearer ${jwt}` } : {} });

for (const adapter of ADAPTERS) {
  test(`${adapter}: MastraClient`, async (t) => {
    const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    const agent = (jwt) => client(url, jwt).getAgent('weatherAgent');
    assert.equal((await agent(good).generate('Weather in London')).text, WEATHER);
    assert.equal((await agent(good).details()).name, 'Weather Agent');
    for (const [name, jwt] of Object.entries({ ...bad, 'no token': undefined }))
      await assert.rejects(
        agent(jwt).generate('Weather in London'),
        (error) => error.status === 401 || /401/.test(error.message),
        name,
      );
  });

  test(`${adapter}: MastraClient reads a stream`, async (t) => {
    const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    const types = [];
    let text = '';
    const response = await client(url, good).getAgent('weatherAgent').stream('Weather in London');
    await response.processDataStream({
      onChunk: async (chunk) => {
        types.push(chunk.type);
        if (chunk.type === 'text-delta') text += chunk.payload.text;
      },
    });
    assert.equal(text, WEATHER);
    assert.deepEqual([types[0], types.at(-1)], ['start', 'finish']);
    await assert.rejects(client(url, bad.tampered).getAgent('weatherAgent').stream('Weather in London'));
  });

  test(`${adapter}: curl`, async (t) => {
    const server = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    const url = `${server.url}/api/agents/weatherAgent/generate`;
    assert.equal((await curl(url)).status, 401);
    for (const args of [
      ['-H', `Authorization: Bearer ${good}`],
      ['--oauth2-bearer', good],
      ['-H', `Authorization: ${good}`],
    ]) {
      const { status, body } = await curl(url, ...args);
      assert.deepEqual([status, body.text], [200, WEATHER], args[0]);
    }
    assert.equal((await curl(`${url}?apiKey=${good}`)).body.text, WEATHER);
    assert.equal((await curl(url, '-H', `Authorization: bearer ${good}`)).status, 401);
    for (const [name, jwt] of Object.entries(bad))
      assert.deepEqual(
        await curl(url, '-H', `Authorization: Bearer ${jwt}`),
        { status: 401, body: { error: 'Invalid or expired token' } },
        name,
      );
  });

  test(`${adapter}: the stream endpoint answers a refusal before any event`, async (t) => {
    const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }), { adapter });
    const stream = (jwt) =>
      send(url, '/api/agents/weatherAgent/stream', {
        method: 'POST',
        headers: bearer(jwt),
        json: { messages: 'Weather in London' },
      });
    const { status, body } = await stream(good);
    assert.equal(status, 200);
    const events = body
      .split('\n\n')
      .filter((event) => event.startsWith('data: {'))
      .map((event) => JSON.parse(event.slice(6)));
    assert.equal(
      events
        .filter((event) => event.type === 'text-delta')
        .map((event) => event.payload.text)
        .join(''),
      WEATHER,
    );
    for (const [name, jwt] of Object.entries(bad)) {
      const refusal = await stream(jwt);
      assert.deepEqual([refusal.status, refusal.body], [401, { error: 'Invalid or expired token' }], name);
    }
  });
}
