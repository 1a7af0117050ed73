// Time to load a package, to build a verifier and to verify a first token, in fresh processes, in turns.
// Run: node startup.mjs TOKENS.json [quick]. One JSON object a line.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [tokensFile, mode] = process.argv.slice(2);
const { secret, sets } = JSON.parse(readFileSync(tokensFile, 'utf8'));
const rounds = mode === 'quick' ? 5 : 31;
const CONTENDERS = [
  ['ours', 'mastra-jwt', 'mastra-jwt'],
  ['peer', '@mastra/auth', 'mastra-auth-reference'],
];

const program = (specifier) => `
  const start = performance.now();
  const { MastraJwtAuth } = await import(${JSON.stringify(specifier)});
  const loaded = performance.now();
  const auth = new MastraJwtAuth({ secret: ${JSON.stringify(secret)} });
  const built = performance.now();
  const user = await auth.authenticateToken(${JSON.stringify(sets[0].good[0])});
  const verified = performance.now();
  if (!user.sub) throw new Error('no user');
  console.log(JSON.stringify([loaded - start, built - loaded, verified - built]));
`;
const once = (specifier) =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program(specifier)], { encoding: 'utf8' }));

const times = CONTENDERS.map(() => []);
for (let round = -1; round < rounds; round++) {
  CONTENDERS.forEach(([, , specifier], at) => {
    const parts = once(specifier);
    if (round >= 0) times[at].push([...parts, parts.reduce((sum, part) => sum + part)]); // the first fills the disk cache
  });
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
CONTENDERS.forEach(([kind, name], at) => {
  const [load, build, verify, total] = [0, 1, 2, 3].map((part) => median(times[at].map((parts) => parts[part])));
  const ratio = median(times[at].map((parts, round) => parts[3] / times[0][round][3]));
  console.log(JSON.stringify({ face: 'node', op: 'start-up', name, kind, load_ms: load, build_ms: build, first_verify_ms: verify, total_ms: total, ratio }));
});
