// `isRevoked` of MastraJwtAuth against a real Redis, which also goes away, hangs, and comes back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { createClient } from '@redis/client';
import { revocations } from './revocation.mjs';

const built = new URL('../../node/dist/index.mjs', import.meta.url);
if (!existsSync(built)) throw new Error('node/dist is not there: run `make build` first');
const { createSigner, MastraJwtAuth } = await import(built);

const secret = Buffer.alloc(32, 7);
const LIFETIME = 3600;
const sign = createSigner({ secret, expiresIn: LIFETIME });
const now = () => Math.floor(Date.now() / 1000);
const REVOKED = { name: 'JsonWebTokenError', message: 'jwt revoked', code: 'MJWT_REVOKED' };

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts Debian's redis-server, and waits until it takes connections. */
async function startRedis(port, folder) {
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const redis = spawn('redis-server', settings.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = [];
  for await (const line of createInterface(redis.stdout)) {
    said.push(line);
    if (line.includes('Ready to accept connections')) {
      redis.stdout.resume();
      return redis;
    }
  }
  throw new Error(`redis-server ends: ${said.join('\n')}`);
}

async function stop(redis) {
  if (redis.exitCode !== null || redis.signalCode !== null) return;
  redis.kill('SIGCONT');
  redis.kill('SIGKILL');
  await once(redis, 'exit');
}

/** One server of the fleet: a client of its own, and a provider that asks it. */
async function server(t, port) {
  const redis = createClient({
    socket: { host: '127.0.0.1', port, reconnectStrategy: 50 },
    disableOfflineQueue: true, // Else a request waits until Redis is back.
  });
  redis.on('error', () => {});
  await redis.connect();
  t.after(() => redis.destroy());
  const list = revocations(redis, { lifetime: LIFETIME });
  const auth = new MastraJwtAuth({
    secret,
    isRevoked: list.isRevoked,
    requiredClaims: ['exp', 'iat', 'jti', 'sub'],
  });
  return { redis, list, auth };
}

test('revocation with Redis', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'mastra-jwt-redis-'));
  const port = await freePort();
  let process = await startRedis(port, folder);
  t.after(async () => {
    await stop(process);
    await rm(folder, { recursive: true });
  });
  const [one, other] = [await server(t, port), await server(t, port)];
  const token = (jti, sub = 'me', more = {}) => sign({ jti, sub, ...more });

  await t.test(
    'a token that one server revokes is refused by the other, and its neighbour is not',
    async () => {
      const [bad, good] = [token('bad'), token('good')];
      const payload = await other.auth.authenticateToken(bad);
      await one.list.revoke(payload);
      await assert.rejects(other.auth.authenticateToken(bad), REVOKED);
      assert.equal((await other.auth.authenticateToken(good)).jti, 'good');
      assert.equal(await one.redis.expireTime('revoked:bad'), payload.exp, 'kept as long as the token');
    },
  );

  await t.test('all tokens of a user up to now, and none of later or of others', async () => {
    const before = [token('a1', 'alice', { iat: now() - 60 }), token('a2', 'alice', { iat: now() - 1 })];
    const others = [token('a3', 'alice', { iat: now() + 60 }), token('b1', 'bob', { iat: now() - 60 })];
    for (const each of before) await other.auth.authenticateToken(each);
    await one.list.revokeAll('alice');
    for (const each of before) await assert.rejects(other.auth.authenticateToken(each), REVOKED);
    for (const each of others) await other.auth.authenticateToken(each);
    assert.ok((await one.redis.ttl('revoked-before:alice')) > LIFETIME - 60);
  });

  await t.test('a token without what the list goes by is refused before Redis is asked', async () => {
    await assert.rejects(one.auth.authenticateToken(sign({ sub: 'me' })), { code: 'MJWT_MISSING_CLAIM' });
  });

  await t.test('a Redis that hangs lets nobody in, and does not hang the request', async () => {
    process.kill('SIGSTOP');
    await assert.rejects(one.auth.authenticateToken(token('c')), /Redis has not answered within 250 ms/);
    process.kill('SIGCONT');
    await one.redis.ping();
    assert.equal((await one.auth.authenticateToken(token('c'))).jti, 'c');
  });

  await t.test('nor does one that is gone; when it is back, tokens are accepted again', async () => {
    await stop(process);
    while (one.redis.isReady) await once(one.redis, 'error');
    const refusal = await one.auth.authenticateToken(token('d')).then(
      () => assert.fail('accepted'),
      (error) => error,
    );
    assert.notEqual(refusal.name, 'JsonWebTokenError', 'not the fault of the token');
    const ready = new Promise((resolve) => one.redis.once('ready', resolve)); // events.once would reject at an error.
    process = await startRedis(port, folder);
    await ready;
    assert.equal((await one.auth.authenticateToken(token('d'))).jti, 'd');
  });
});
