// Verifies until it is terminated: workers.test.mjs ends it in the middle of its work.
import { parentPort } from 'node:worker_threads';
import { MastraJwtAuth } from './subject.mjs';
import { SECRET, token } from './tokens.mjs';

const auth = new MastraJwtAuth({ secret: SECRET });
const jwt = token({ sub: 'ada' });
for (let round = 0; ; round++) {
  await auth.authenticateToken(jwt);
  if (round === 1000) parentPort.postMessage('busy');
}
