// Time to load a package, to build a verifier and to verify a first token, in fresh processes, in
// turns: as installed, and in one file by esbuild. Run: node startup.mjs TOKENS.json BUNDLES
// [quick]; BUNDLES has a file for each. One JSON object a line.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tokensFile, bundles, mode] = process.argv.slice(2);
const { secret, sets } = JSON.parse(readFileSync(tokensFile, 'utf8'));
const rounds = mode === 'quick' ? 3 : 31;
const node = process.versions.node.split('.')[0];
const bundled = (name) => pathToFileURL(resolve(bundles, `${name}.mjs`)).href;
const CONTENDERS = [
  { kind: 'ours', name: 'mastra-jwt', specifier: 'mastra-jwt' },
  { kind: 'ours', name: 'mastra-jwt wasm', specifier: 'mastra-jwt', backend: 'wasm' },
  { kind: 'ours', name: 'mastra-jwt, bundled', specifier: bundled('mastra-jwt') },
  { kind: 'peer', name: '@mastra/auth', specifier: 'mastra-auth-reference' },
  { kind: 'peer', name: '@mastra/auth, bundled', specifier: bundled('mastra-auth-reference') },
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
function once({ specifier, backend }) {
  const env = { ...process.env, ...(backend && { MASTRA_JWT_BACKEND: backend }) };
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', program(specifier)], {
      encoding: 'utf8',
      env,
    }),
  );
}

const times = CONTENDERS.map(() => []);
for (let round = -1; round < rounds; round++) {
  CONTENDERS.forEach((_, place) => {
    const at = (place + round + 1) % CONTENDERS.length;
    const parts = once(CONTENDERS[at]);
    if (round >= 0) times[at].push([...parts, parts.reduce((sum, part) => sum + part)]); // the first fills the disk cache
  });
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
CONTENDERS.forEach(({ kind, name }, at) => {
  const [load_ms, build_ms, first_verify_ms, total_ms] = [0, 1, 2, 3].map((part) =>
    median(times[at].map((parts) => parts[part])),
  );
  const ratio = median(times[at].map((parts, round) => parts[3] / times[0][round][3]));
  console.log(
    JSON.stringify({
      set: 'startup',
      node,
      op: 'start-up',
      name,
      kind,
      load_ms,
      build_ms,
      first_verify_ms,
      total_ms,
      ratio,
    }),
  );
});
