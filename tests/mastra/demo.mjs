// The steps of the demo, in a folder where Mastra, mastra-jwt and the weather server example are
// installed. Every step says what it does, shows the answer, and counts as failed when the answer
// is not the one it should be.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { curl } from './suite/curl.mjs';

const run = promisify(execFile);
const ANSWER = 'London: 14 degrees, light rain until noon.';
const environment = { ...process.env };
for (const name of ['MASTRA_JWT_SECRET', 'JWT_AUTH_SECRET', 'MASTRA_JWT_TOKEN', 'MASTRA_DEV', 'NODE_ENV'])
  delete environment[name];

process.on('uncaughtException', (error) => {
  console.log(`   FAILED: ${error.message}`);
  process.exit(1);
});

let step = 0;
let failures = 0;
const say = (text) => console.log(`\n${++step}. ${text}`);
const show = (text) => console.log(`   ${text}`);
function expect(holds, wanted) {
  if (holds) return;
  failures++;
  console.log(`   FAILED: it should have been ${wanted}`);
}

/** Runs our command line tool and gives what it printed. `input` goes to its standard input. */
async function mastraJwt(args, input = '') {
  const started = run('node_modules/.bin/mastra-jwt', args, { env: environment });
  started.child.stdin.end(input);
  return (await started).stdout.trim();
}

/** Asks the weather agent with that token, or without one, and shows the answer. */
async function ask(url, token) {
  const { status, body } = await curl(
    `${url}/api/agents/weatherAgent/generate`,
    ...(token ? ['-H', `Authorization: Bearer ${token}`] : []),
  );
  show(`HTTP ${status}  ${status === 200 ? body.text : JSON.stringify(body)}`);
  return { status, body };
}

async function refused(url, token) {
  const { status, body } = await ask(url, token);
  expect(
    status === 401 && body.error === 'Invalid or expired token',
    '401 and {"error":"Invalid or expired token"}',
  );
}

say('A fresh secret: export MASTRA_JWT_SECRET=$(npx mastra-jwt secret)');
environment.MASTRA_JWT_SECRET = await mastraJwt(['secret']);
show(`${environment.MASTRA_JWT_SECRET.length} characters, not shown`);
expect(environment.MASTRA_JWT_SECRET.length >= 32, 'at least 32 characters');

say('A Mastra server with one agent, guarded by new MastraJwtAuth({ secret }): node server.mjs');
const server = spawn(process.execPath, ['server.mjs'], {
  env: { ...environment, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exited = once(server, 'exit');
// However the demo ends, the server ends with it.
process.once('exit', () => server.kill());
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code));
try {
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const address = /^Listening on (http:\S+)$/.exec(line)?.[1];
      if (address) resolve(address);
    });
    exited.then(([code, signal]) =>
      reject(new Error(`the server ended with ${code ?? signal} before it listened`)),
    );
  });
  show(`listening on ${url}`);

  say('curl asks the weather agent without a token');
  await refused(url);

  say('A token of our own: export MASTRA_JWT_TOKEN=$(npx mastra-jwt sign --sub me --expires-in 1h)');
  const token = await mastraJwt(['sign', '--sub', 'me', '--expires-in', '1h']);
  show(`${token.slice(0, 40)}... (${token.length} characters)`);
  show(`it says: ${Buffer.from(token.split('.')[1], 'base64url')}`);
  expect(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sub === 'me', 'a token whose sub is "me"');

  say('curl asks with that token: curl -H "Authorization: Bearer $MASTRA_JWT_TOKEN" ...');
  const answer = await ask(url, token);
  expect(
    answer.status === 200 && answer.body.text === ANSWER,
    `200 and the answer of the agent, "${ANSWER}"`,
  );

  say('Somebody changes the token to say "sub":"root" and keeps the signature');
  const [header, payload, signature] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), sub: 'root' };
  await refused(url, `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`);

  say('A token that is properly signed and expired a minute ago');
  await refused(
    url,
    await mastraJwt(
      ['sign', '--json', '-'],
      JSON.stringify({ sub: 'me', exp: Math.floor(Date.now() / 1000) - 60 }),
    ),
  );

  say('MastraClient with the good token: node client.mjs');
  const { stdout } = await run(process.execPath, ['client.mjs'], {
    env: { ...environment, MASTRA_URL: url, MASTRA_JWT_TOKEN: token },
  });
  show(stdout.trim());
  expect(stdout.trim() === ANSWER, `the answer of the agent, "${ANSWER}"`);
} finally {
  server.kill('SIGTERM');
  await exited;
}

console.log(
  failures
    ? `\n${failures} of ${step} steps did not give what they should.`
    : `\nAll ${step} steps gave what they should.\n
To see more:
  node node/dist/cli/main.js ui   the token page: sign and check tokens in the browser, on this machine alone
                                  (in a project of yours: npx mastra-jwt ui)
  make demo-web                   this server and the React client of Mastra's documentation, to click on`,
);
process.exitCode = failures ? 1 : 0;
