// Requests a second of a Mastra server: without auth, with a provider that checks nothing, with
// @mastra/auth, with mastra-jwt; good tokens, and a flood of bad ones.
// Run: node load.mjs TOKENS.json SERVER.mjs [quick]; SERVER.mjs is where Mastra is installed. One
// JSON object a line.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import autocannon from 'autocannon';

const [tokensFile, serverFile, mode] = process.argv.slice(2);
const { secret, sets } = JSON.parse(readFileSync(tokensFile, 'utf8'));
const [short] = sets;
const { rounds, seconds } = mode === 'quick' ? { rounds: 1, seconds: 1 } : { rounds: 13, seconds: 1 };
const ROUTE = '/report';
const CONNECTIONS = 20;
const node = process.versions.node.split('.')[0];

const CASES = [
  ['ours', 'good', 'mastra-jwt'],
  ['nothing', 'good', 'a provider that checks nothing'],
  ['none', 'good', 'no auth'],
  ['reference', 'good', '@mastra/auth'],
  ['ours', 'bad_signature', 'mastra-jwt'],
  ['quiet', 'bad_signature', 'mastra-jwt, quiet'],
  ['reference', 'bad_signature', '@mastra/auth'],
];

async function start(auth) {
  const env = {
    ...process.env,
    JWT_AUTH_SECRET: secret,
    MASTRA_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
  };
  const child = fork(serverFile, [auth], {
    cwd: dirname(serverFile),
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const gone = once(child, 'exit').then(() =>
    Promise.reject(new Error(`the server with auth ${auth} ended`)),
  );
  const [url] = await Promise.race([once(child, 'message'), gone]);
  gone.catch(() => {});
  return { child, url };
}

async function burst(url, tokens, duration) {
  const requests = tokens.map((token) => ({ path: ROUTE, headers: { authorization: `Bearer ${token}` } }));
  const result = await autocannon({ url, connections: CONNECTIONS, duration, requests });
  if (result.errors > 0) throw new Error(`${result.errors} requests failed`);
  return result;
}

const servers = {};
for (const auth of ['none', 'nothing', 'reference', 'ours', 'quiet']) servers[auth] = await start(auth);
try {
  const rates = CASES.map(() => []);
  const latencies = CASES.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let place = 0; place < CASES.length; place++) {
      const at = (place + round + 1) % CASES.length;
      const [auth, tokens] = CASES[at];
      const result = await burst(servers[auth].url, short[tokens], seconds);
      const [accepted, refused] = [result['2xx'], result['4xx']];
      if (tokens === 'good' ? refused > 0 || accepted === 0 : accepted > 0 || refused === 0) {
        throw new Error(`${CASES[at]}: ${accepted} answered, ${refused} refused`);
      }
      if (round < 0) continue; // a warm-up
      rates[at].push(result.requests.average);
      latencies[at].push(result.latency.p99);
    }
  }
  const middle = (numbers, share = 0.5) =>
    numbers.toSorted((a, b) => a - b)[Math.round((numbers.length - 1) * share)];
  CASES.forEach(([auth, tokens, name], at) => {
    const first = CASES.findIndex(([, others]) => others === tokens);
    console.log(
      JSON.stringify({
        set: 'server',
        node,
        op: 'request',
        case: tokens === 'good' ? 'accept' : 'bad signature',
        name,
        kind: auth.startsWith('no') ? 'floor' : auth === 'reference' ? 'peer' : 'ours',
        per_second: middle(rates[at]),
        p25: middle(rates[at], 0.25),
        p75: middle(rates[at], 0.75),
        p99_ms: middle(latencies[at]),
        ratio: middle(rates[at].map((rate, round) => rate / rates[first][round])),
      }),
    );
  });
} finally {
  for (const { child } of Object.values(servers)) child.disconnect();
}
