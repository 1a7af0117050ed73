// One worker of workers.test.mjs: a provider and a guarded server of its own, asked over HTTP and
// directly.
import { parentPort, workerData } from 'node:worker_threads';
import { bearer, startServer, whoAmI } from './server.mjs';
import { MastraJwtAuth } from './subject.mjs';
import { token } from './tokens.mjs';

const { id, secret, foreign, rounds } = workerData;
const auth = new MastraJwtAuth({ secret });
const count = { accepted: 0, refused: 0, wrong: 0 };

for (let round = 0; round < rounds; round++) {
  const sub = `worker-${id}-${round}`;
  try {
    const claims = await auth.authenticateToken(token({ sub }, { secret }));
    if (claims.sub === sub) count.accepted++;
    else count.wrong++;
  } catch {
    count.wrong++;
  }
  try {
    await auth.authenticateToken(token({ sub }, { secret: foreign }));
    count.wrong++;
  } catch (error) {
    if (error.message === 'invalid signature') count.refused++;
    else count.wrong++;
  }
}

const server = await startServer(auth);
const { user } = await whoAmI(server.url, { headers: bearer(token({ sub: `served-${id}` }, { secret })) });
const { status } = await whoAmI(server.url, { headers: bearer(token({ sub: 'x' }, { secret: foreign })) });
await server.close();
parentPort.postMessage({ ...count, served: user.sub, foreignStatus: status });
