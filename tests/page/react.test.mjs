// The React client of the documentation in a real browser, against a real Mastra server guarded by
// the packed package.
//
// SERVER names the directory where the weather server example and the package are installed, CLIENT
// that of the built React client, SCREENSHOTS that for the picture.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const { SERVER, CLIENT, SCREENSHOTS } = process.env;
assert.ok(SERVER && CLIENT && SCREENSHOTS, 'SERVER, CLIENT and SCREENSHOTS name directories');
const SECRET = 'supersecretdevkeythatishs256safe!';
const ANSWER = 'London: 14 degrees, light rain until noon.';
const env = {
  ...process.env,
  MASTRA_JWT_SECRET: SECRET,
  MASTRA_TELEMETRY_DISABLED: '1',
  PORT: '4111',
};

const cli = (...args) =>
  execFileSync(process.execPath, [join(SERVER, 'node_modules/mastra-jwt/dist/cli/main.js'), ...args], {
    env,
    encoding: 'utf8',
  }).trim();

let browser;
let server;
let files;
let page;

before(async () => {
  server = spawn(process.execPath, ['server.mjs'], {
    cwd: SERVER,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(server.stdout)) if (line.startsWith('Listening')) break;
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
  };
  files = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : new URL(request.url, 'http://x').pathname;
    try {
      const body = readFileSync(join(CLIENT, 'dist', path));
      response
        .writeHead(200, {
          'Content-Type': types[extname(path)] ?? 'application/octet-stream',
        })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => files.listen(0, '127.0.0.1', resolve));
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${files.address().port}/`);
});

after(async () => {
  await browser?.close();
  files?.close();
  server?.kill('SIGTERM');
});

async function press(button, token) {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('button', { name: button, disabled: false }).waitFor();
  return page.getByRole('status').textContent();
}

for (const button of ['Test Agent', 'Stream']) {
  test(`${button}: the agent's answer with a token, 401 without and with a bad one`, async () => {
    const token = cli('sign', '--sub', 'me', '--expires-in', '1h');
    assert.match(await press(button, ''), /^401/);
    assert.equal(await press(button, token), ANSWER);
    assert.match(await press(button, `${token.slice(0, -5)}AAAAA`), /^401/);
    assert.match(await press(button, cli('sign', '--claim', 'exp=1')), /^401/);
  });
}

test('the call of the documentation is still answered with 400, and that of the example with 200', async () => {
  const module = createRequire(join(CLIENT, 'package.json')).resolve('@mastra/client-js');
  const { MastraClient } = await import(pathToFileURL(module).href);
  const client = new MastraClient({
    baseUrl: 'http://127.0.0.1:4111',
    retries: 0,
    headers: { Authorization: `Bearer ${cli('sign', '--sub', 'me')}` },
  });
  const agent = client.getAgent('weatherAgent');
  await assert.rejects(agent.generate({ messages: [{ role: 'user', content: 'Weather?' }] }), {
    status: 400,
  });
  assert.equal((await agent.generate('Weather?')).text, ANSWER);
});

test('a picture', async () => {
  await press('Test Agent', cli('sign', '--sub', 'me'));
  await page.screenshot({ path: join(SCREENSHOTS, 'react-client.png') });
});
