// Resident memory over many verifications, good and bad tokens of all sizes.
// Run: node --single-threaded --max-semi-space-size=1 memory.mjs TOKENS.json COUNT. Prints one JSON
// object. Without these options the engine's nursery and its collector threads take tens of MiB
// more in steps, whatever the program does (JSON.parse alone is enough), and that would hide a
// leak.
import { readFileSync } from 'node:fs';
import { MastraJwtAuth } from 'mastra-jwt';

const [tokensFile, countText] = process.argv.slice(2);
const count = Number(countText);
const { secret, sets } = JSON.parse(readFileSync(tokensFile, 'utf8'));
const [short, , longer] = sets;
const auth = new MastraJwtAuth({ secret });
// Of a hundred tokens ninety are short and good, nine are refused, one is of 4 KiB.
const tokens = Array.from({ length: 100 }, (_, at) => {
  if (at === 99) return longer.good[0];
  const set = at % 10 === 9 ? [short.bad_signature, short.expired, short.malformed][at % 3] : short.good;
  return set[at % set.length];
});

const SAMPLES = 20;
const WARM_UP = 2_000_000;
let refused = 0;
async function verifyAll(times) {
  for (let turn = 0; turn < times; turn++) {
    try {
      await auth.authenticateToken(tokens[turn % 100]);
    } catch {
      refused++;
    }
  }
}

const start = process.memoryUsage.rss();
await verifyAll(WARM_UP);
refused = 0;
const rss = [process.memoryUsage.rss()];
for (let sample = 0; sample < SAMPLES; sample++) {
  await verifyAll(count / SAMPLES);
  rss.push(process.memoryUsage.rss());
}
if (refused !== (count / 100) * 9) throw new Error(`${refused} refusals instead of 9 in 100`);

// The least of a quarter of the run is what is really held; the first tenth is warm-up still.
const least = (from, to) => Math.min(...rss.slice(SAMPLES * from, SAMPLES * to + 1));
const early = least(0.1, 0.35);
const late = least(0.75, 1);
const grown = late - early;
console.log(
  JSON.stringify({
    set: 'memory',
    node: process.versions.node.split('.')[0],
    op: 'memory',
    name: 'authenticateToken',
    kind: 'ours',
    verifications: count,
    refused,
    start_bytes: start,
    early_bytes: early,
    late_bytes: late,
    grown_bytes: grown,
    samples_mib: rss.map((bytes) => Math.round(bytes / 2 ** 20)),
  }),
);
