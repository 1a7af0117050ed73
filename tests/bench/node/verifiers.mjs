// Memory of verifiers: of one that is kept, and of the process after many calls that each make one
// and drop it. Run: node --expose-gc verifiers.mjs TOKENS.json [quick]. One JSON object a line.
import { readFileSync } from 'node:fs';
import { createVerifier, verifyHmac } from 'mastra-jwt';

const [tokensFile, mode] = process.argv.slice(2);
const { secret, sets } = JSON.parse(readFileSync(tokensFile, 'utf8'));
const node = process.versions.node.split('.')[0];
const [token] = sets[0].good;
const CALLS = mode === 'quick' ? 10_000 : 100_000;
const KEPT = mode === 'quick' ? 10_000 : 50_000;
const resident = () => process.memoryUsage.rss();
const say = (row) => console.log(JSON.stringify({ set: 'memory', node, kind: 'ours', op: 'memory', ...row }));

// In one turn of the event loop, where nothing that waits for the next can be freed.
const calls = [];
for (let at = 0; at < CALLS; at++) calls[at % 100] = verifyHmac(token, secret);
const after = resident();
for (const claims of await Promise.all(calls))
  if (claims.sub !== 'user-42') throw new Error('not the claims');
say({ name: 'verifyHmac', calls: CALLS, resident_bytes: after });

async function settle() {
  for (let at = 0; at < 10; at++) {
    gc();
    await new Promise(setImmediate);
  }
}
const kept = new Array(KEPT).fill(null);
for (let at = 0; at < 1000; at++) createVerifier({ secret });
await settle();
const start = resident();
for (let at = 0; at < KEPT; at++) kept[at] = createVerifier({ secret });
await settle();
const bytes = (resident() - start) / KEPT;
if (kept[KEPT - 1](token).sub !== 'user-42') throw new Error('not the claims');
say({ name: 'createVerifier', verifiers: KEPT, bytes });
