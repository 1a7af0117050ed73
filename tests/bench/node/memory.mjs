// Resident memory over many verifications, good and bad tokens of all sizes; fails when it grows.
// Run: node memory.mjs TOKENS.json COUNT. Prints one JSON object.
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
const rss = [process.memoryUsage.rss()];
let refused = 0;
for (let sample = 0; sample < SAMPLES; sample++) {
  for (let turn = 0; turn < count / SAMPLES; turn++) {
    try {
      await auth.authenticateToken(tokens[turn % 100]);
    } catch {
      refused++;
    }
  }
  rss.push(process.memoryUsage.rss());
}
if (refused !== (count / 100) * 9) throw new Error(`${refused} refusals instead of 9 in 100`);

// The heap of the engine breathes, and grows until it has warmed up: the least of a quarter of the run is what is really held.
const least = (from, to) => Math.min(...rss.slice(SAMPLES * from, SAMPLES * to + 1));
const early = least(0.3, 0.55);
const late = least(0.75, 1);
const grown = late - early;
console.log(JSON.stringify({
  face: 'node', op: 'memory', verifications: count, refused,
  start_bytes: rss[0], early_bytes: early, late_bytes: late, grown_bytes: grown,
  samples_mib: rss.map((bytes) => Math.round(bytes / 2 ** 20)),
}));
// Three bytes a verification, of ten million, would show.
const MIB = 1 << 20;
if (grown > 16 * MIB) throw new Error(`resident memory grew by ${(grown / MIB).toFixed(1)} MiB over ${count} verifications`);
