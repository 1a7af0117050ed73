// worker_threads: several verify at once, each with a secret of its own, and one that is ended
// harms nobody.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { bearer, serverFor, whoAmI } from './server.mjs';
import { MastraJwtAuth } from './subject.mjs';
import { SECRET, token } from './tokens.mjs';

test('workers verify side by side while the main thread serves', async (t) => {
  const { url } = await serverFor(t, new MastraJwtAuth({ secret: SECRET }));
  const secret = (id) => `${'a secret of worker number '.padEnd(32, '.')}${id}`;
  const rounds = 2000;
  const workers = [0, 1, 2, 3].map(
    (id) =>
      new Worker(new URL('./worker.mjs', import.meta.url), {
        workerData: { id, secret: secret(id), foreign: secret(id + 1), rounds },
      }),
  );
  const exits = workers.map((worker) => once(worker, 'exit'));
  const results = workers.map((worker) => once(worker, 'message'));
  let running = true;
  const served = (async () => {
    let count = 0;
    for (; running || count === 0; count++) {
      const { user } = await whoAmI(url, { headers: bearer(token({ sub: `main-${count}` })) });
      assert.equal(user.sub, `main-${count}`);
    }
    return count;
  })();
  try {
    for (const [id, [result]] of (await Promise.all(results)).entries())
      assert.deepEqual(result, {
        accepted: rounds,
        refused: rounds,
        wrong: 0,
        served: `served-${id}`,
        foreignStatus: 401,
      });
    for (const [code] of await Promise.all(exits)) assert.equal(code, 0);
  } finally {
    running = false;
    assert.ok((await served) > 0);
  }
});

test('workers that are terminated while they verify', async (t) => {
  const auth = new MastraJwtAuth({ secret: SECRET });
  const { url } = await serverFor(t, auth);
  for (let round = 0; round < 5; round++) {
    const workers = [0, 1].map(() => new Worker(new URL('./busy-worker.mjs', import.meta.url)));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await Promise.all(workers.map((worker) => worker.terminate()));
    const { user } = await whoAmI(url, { headers: bearer(token({ sub: `after-${round}` })) });
    assert.equal(user.sub, `after-${round}`);
  }
  await assert.rejects(auth.authenticateToken(token({ sub: 'ada' }, { secret: 'x'.repeat(32) })), {
    message: 'invalid signature',
  });
});
