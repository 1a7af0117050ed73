// `mastra-jwt doctor`. The servers verify with jsonwebtoken.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { after, describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { run, start, write } from './cli-support.mjs';
import { OTHER_SECRET, SECRET } from './support.mjs';

const { version } = createRequire(import.meta.url)('../package.json');
const servers = [];
after(() => servers.forEach((server) => server.close()));

/**
 * A server that answers each request with what `statusOf` gives for its token; returns its address
 * and requests.
 */
async function serve(statusOf) {
  const requests = [];
  const server = createServer(({ url, headers }, response) => {
    requests.push({ url, token: headers.authorization?.replace('Bearer ', '') });
    response.writeHead(statusOf(requests.at(-1)), { Location: '/login' }).end('body');
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${server.address().port}`, requests };
}

/** As a protected server answers. */
const answers =
  (secret, good = 200) =>
  ({ token }) => {
    try {
      jwt.verify(token, secret);
      return good;
    } catch {
      return 401;
    }
  };

/** The lines of a section, without the column of titles. */
function section(stdout, title) {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.startsWith(title));
  assert.notEqual(first, -1, stdout);
  const next = lines.findIndex((line, index) => index > first && !line.startsWith(' '));
  return lines.slice(first, next).map((line) => line.slice(12));
}

describe('mastra-jwt doctor', () => {
  it('says what runs here', () => {
    const { status, stdout, stderr } = run(['doctor']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(section(stdout, 'mastra-jwt'), [version]);
    assert.deepEqual(section(stdout, 'Node'), [process.version]);
    const { glibcVersionRuntime } = process.report.getReport().header;
    const libc = glibcVersionRuntime ? `glibc ${glibcVersionRuntime}` : '(?:musl|of the system)';
    assert.match(
      section(stdout, 'platform')[0],
      new RegExp(`^${process.platform}-${process.arch}, libc: ${libc}$`),
    );
  });

  it('says which backend runs and why', () => {
    const backend = (env) => {
      const { status, stdout } = run(['doctor'], { env: { JWT_AUTH_SECRET: SECRET, ...env } });
      return [status, ...section(stdout, 'backend')];
    };
    const [status, first, second] = backend({});
    assert.equal(status, 0);
    assert.equal(first, `native, version ${version}: the native addon fits and loads`);
    assert.match(second, /^loaded from \/.+\.node$/);
    assert.deepEqual(backend({ MASTRA_JWT_BACKEND: 'wasm' }), [
      0,
      `wasm, version ${version}: MASTRA_JWT_BACKEND is wasm`,
    ]);
    assert.match(backend({ MASTRA_JWT_BACKEND: 'native' })[1], /^native, .+: MASTRA_JWT_BACKEND is native$/);
    const withoutAddons = backend({ NODE_OPTIONS: '--no-addons' });
    assert.match(withoutAddons.join('\n'), /^0\nwasm, .+--no-addons/);
    // None at all: the rest is reported nevertheless.
    const none = backend({ NODE_OPTIONS: '--no-addons', MASTRA_JWT_BACKEND: 'native' });
    assert.match(none.join('\n'), /^1\nWRONG: mastra-jwt has no native binary .+--no-addons/);
    assert.match(backend({ MASTRA_JWT_BACKEND: 'x' }).join('\n'), /^1\nWRONG: .+ must be native or wasm/);
  });

  it('says where the secret comes from and what it looks like, and never shows it', () => {
    const cases = [
      [{ JWT_AUTH_SECRET: 'x'.repeat(64) }, ['JWT_AUTH_SECRET in the environment, 64 bytes']],
      [
        { MASTRA_JWT_SECRET: SECRET },
        [
          'MASTRA_JWT_SECRET in the environment, 33 bytes',
          'too short for HS384, which needs 48 bytes',
          'too short for HS512, which needs 64 bytes',
        ],
      ],
      [
        { MASTRA_JWT_SECRET: 'é' },
        ['MASTRA_JWT_SECRET in the environment, 2 bytes', /HS256.+32/, /HS384/, /HS512/],
      ],
      [{ JWT_AUTH_SECRET: ` ${'x'.repeat(64)}` }, [/65 bytes/, /suspicious: .*white space/]],
      [{ JWT_AUTH_SECRET: `"${'x'.repeat(64)}"` }, [/66 bytes/, /suspicious: .*quotes/]],
      [{ JWT_AUTH_SECRET: `\ufeff${'x'.repeat(64)}` }, [/67 bytes/, /suspicious: .*byte order mark/]],
      [{ JWT_AUTH_SECRET: 'undefined' }, [/9 bytes/, /HS256/, /HS384/, /HS512/, /suspicious: .*"undefined"/]],
    ];
    const check = (expected, { status, stdout }) => {
      assert.equal(status, 0, stdout);
      assert.doesNotMatch(stdout, new RegExp(`x{9}|${SECRET}|é`));
      const lines = section(stdout, 'secret');
      assert.equal(lines.length, expected.length, stdout);
      for (const [index, line] of lines.entries()) {
        const words = expected[index];
        if (typeof words === 'string') assert.equal(line, words);
        else assert.match(line, words);
      }
    };
    for (const [env, expected] of cases) check(expected, run(['doctor'], { env }));
    write('file', `${'x'.repeat(64)}\n`);
    check(['file, 64 bytes', /line end .+ taken off/], run(['doctor', '--secret-file', 'file']));
    write('file', Buffer.alloc(64, 0xfb));
    check(['file, 64 bytes, not UTF-8 text'], run(['doctor', '--secret-file', 'file']));
    write('file', Buffer.from(`\ufeff${'x'.repeat(64)}`, 'utf16le'));
    check(
      ['file, 130 bytes, not UTF-8 text', /suspicious: .*UTF-16/],
      run(['doctor', '--secret-file', 'file']),
    );
    write('.env', `JWT_AUTH_SECRET=${'x'.repeat(64)}`);
    check(['JWT_AUTH_SECRET in .env, 64 bytes'], run(['doctor'], { env: {} }));
    write('.env', '');
    check([/^none: set MASTRA_JWT_SECRET/], run(['doctor'], { env: {} }));
  });

  it('finds a protected server in order', async () => {
    const { address, requests } = await serve(answers(SECRET));
    const { status, stdout, stderr } = await start(['doctor', '--url', address]).ended();
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(section(stdout, 'server'), [
      `${address}/api/agents`,
      'without a token: 401, as it should be',
      'with a wrong signature: 401, as it should be',
      'with a valid token: 200, accepted',
    ]);
    assert.deepEqual(
      requests.map(({ url }) => url),
      ['/api/agents', '/api/agents', '/api/agents'],
    );
    const { iat, ...claims } = jwt.verify(requests[2].token, SECRET);
    assert.deepEqual(claims, { sub: 'mastra-jwt-doctor', exp: iat + 60 });
  });

  it('says what is wrong with a server', async () => {
    const cases = [
      [() => 200, ['without a token: 200, not 401', 'with a wrong signature: 200, not 401']],
      [() => 404, ['without a token: 404, not 401: nothing is at', 'with a wrong signature: 404, not 401']],
      [() => 302, ['without a token: 302, not 401', 'with a wrong signature: 302, not 401']],
      [answers(OTHER_SECRET), ['with a valid token: 401: the server has another secret']],
      [({ token }) => (token ? 200 : 401), ['with a wrong signature: 200, not 401']],
      [answers(SECRET, 403), []],
    ];
    for (const [statusOf, wrong] of cases) {
      const { address, requests } = await serve(statusOf);
      const { status, stdout } = await start(['doctor', '--url', `${address}/some/path?x=1`]).ended();
      const found = section(stdout, 'server').filter((line) => line.startsWith('WRONG: '));
      assert.equal(found.length, wrong.length, stdout);
      for (const [index, line] of found.entries()) assert.ok(line.startsWith(`WRONG: ${wrong[index]}`), line);
      assert.equal(status, wrong.length === 0 ? 0 : 1);
      // A redirect is not followed: it could lead to another server, which would get the token.
      assert.deepEqual([...new Set(requests.map(({ url }) => url))], ['/some/path?x=1']);
    }
  });

  it('says so where the server cannot be asked', async () => {
    const { address } = await serve(() => 200);
    const server = servers.pop();
    await new Promise((resolve) => server.close(resolve));
    const unreachable = await start(['doctor', '--url', address]).ended();
    assert.equal(unreachable.status, 1);
    assert.match(unreachable.stdout, /WRONG: cannot be reached: .*ECONNREFUSED/);
    const withoutSecret = await start(['doctor', '--url', address], { env: {} }).ended();
    assert.equal(withoutSecret.status, 1);
    assert.match(withoutSecret.stdout, /WRONG: cannot be checked without its secret/);
    for (const url of ['localhost:4111', 'ftp://localhost', 'x']) {
      const { status, stdout, stderr } = run(['doctor', '--url', url]);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /--url must be an address that begins with http/);
    }
  });
});
