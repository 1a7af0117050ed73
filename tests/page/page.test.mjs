// The token page in a real browser, served by `mastra-jwt ui` and opened as a file.
//
// PACKAGE names the directory with the installed package mastra-jwt; SCREENSHOTS the one for the
// pictures.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import jsonwebtoken from 'jsonwebtoken';
import { launch } from './browser.mjs';

const { PACKAGE, SCREENSHOTS } = process.env;
assert.ok(PACKAGE && SCREENSHOTS, 'PACKAGE and SCREENSHOTS name directories');
const CLI = join(PACKAGE, JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).bin['mastra-jwt']);
const FILE = join(PACKAGE, 'dist', 'page.html');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')).vectors;
const SECRET = 'supersecretdevkeythatishs256safe!';

let browser;
let server;
let address;
let lines;

before(async () => {
  browser = await launch();
  server = spawn(process.execPath, [CLI, 'ui', '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  lines = [];
  for await (const line of createInterface(server.stdout)) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  address = lines[0];
});

after(async () => {
  server?.kill('SIGTERM');
  await browser?.close();
});

/** A page with nothing in it but a secret; closed when the test ends. */
async function open(t, { url = address, secret = SECRET, ...options } = {}) {
  const context = await browser.newContext({
    acceptDownloads: true,
    ...options,
  });
  t.after(() => context.close());
  const page = await context.newPage();
  const failures = [];
  page.on('pageerror', (error) => failures.push(error));
  t.after(() => assert.deepEqual(failures, [], 'no error in the page'));
  await page.goto(url);
  if (secret) await page.getByLabel('Secret', { exact: true }).fill(secret);
  return page;
}

const label = (page, name) => page.getByLabel(name, { exact: true });
const verdict = (page) => page.getByRole('status', { name: 'Verdict', exact: true }).textContent();

async function check(page, token) {
  await label(page, 'Token').fill(token);
  return verdict(page);
}

async function picture(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({
    path: join(SCREENSHOTS, `${name}.png`),
    fullPage: true,
  });
}

describe('mastra-jwt ui', () => {
  test('prints its address first, then the hash of what it serves', async () => {
    assert.match(lines[0], /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const body = Buffer.from(await (await fetch(address)).arrayBuffer());
    assert.equal(lines[1], `SHA-256 of the page: ${createHash('sha256').update(body).digest('hex')}`);
    assert.deepEqual(body, readFileSync(FILE));
    assert.ok(body.length < 300_000);
  });

  test('answers to no other name, path or method', async () => {
    const status = (path, options) =>
      new Promise((resolve) =>
        get(new URL(path, address), options, (response) => resolve(response.statusCode)),
      );
    assert.equal(await status('/', {}), 200);
    assert.equal(await status('/', { headers: { host: 'attacker.example' } }), 404);
    assert.equal(await status('/x', {}), 404);
    assert.equal(await status('/', { method: 'POST' }), 404);
  });

  test('names a port that is wrong or taken', () => {
    const port = new URL(address).port;
    for (const [args, text] of [
      [['--port', 'x'], /--port must be a number/],
      [['--port', '65536'], /--port must be a number/],
      [['--port', port], /cannot listen on port/],
    ]) {
      let error;
      try {
        execFileSync(process.execPath, [CLI, 'ui', '--no-open', ...args], {
          stdio: 'pipe',
          timeout: 60_000,
        });
      } catch (thrown) {
        error = thrown;
      }
      assert.equal(error?.status, 2);
      assert.match(String(error.stderr), text);
    }
  });
});

describe('mastra-jwt ui, as a process', () => {
  // In place of the system's browser: a program that writes down what it is asked to open.
  const folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-open-'));
  const opened = join(folder, 'opened');
  for (const name of ['xdg-open', 'open'])
    writeFileSync(join(folder, name), `#!/bin/sh\necho "$1" >>'${opened}'\n`, { mode: 0o755 });
  after(() => rmSync(folder, { recursive: true }));

  for (const [args, wanted] of [
    [[], true],
    [['--no-open'], false],
  ]) {
    test(`${wanted ? 'opens a browser' : 'opens none with --no-open'}, and ends with Ctrl-C`, async () => {
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
      const child = spawn(process.execPath, [CLI, 'ui', ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env,
      });
      const exited = once(child, 'exit');
      const printed = [];
      for await (const line of createInterface(child.stdout)) {
        printed.push(line);
        if (line === 'Ctrl-C ends it.') break;
      }
      if (wanted) {
        while (!(existsSync(opened) && readFileSync(opened, 'utf8').endsWith('\n'))) await setTimeout(20);
        assert.equal(readFileSync(opened, 'utf8'), `${printed[0]}\n`);
        rmSync(opened);
      }
      child.kill('SIGINT');
      assert.deepEqual(await exited, [0, null]);
      await assert.rejects(fetch(printed[0]));
      assert.equal(existsSync(opened), false);
    });
  }
});

describe('sign', () => {
  for (const algorithm of ['HS256', 'HS384', 'HS512']) {
    test(`${algorithm}: jsonwebtoken and the command accept the token`, async (t) => {
      const page = await open(t);
      await label(page, 'Algorithm (alg)').selectOption(algorithm);
      await label(page, 'Key id (kid)').fill('key "1"');
      await label(page, 'Claims').fill('{"sub":"ada","n":9007199254740993,"exp":4000000000}');
      const token = await label(page, 'Signed token').inputValue();
      const { header, payload } = jsonwebtoken.verify(token, SECRET, {
        complete: true,
      });
      assert.deepEqual(header, { alg: algorithm, typ: 'JWT', kid: 'key "1"' });
      assert.equal(payload.sub, 'ada');
      assert.match(Buffer.from(token.split('.')[1], 'base64url').toString(), /9007199254740993/);
      const env = { ...process.env, MASTRA_JWT_SECRET: SECRET };
      const printed = execFileSync(process.execPath, [CLI, 'verify', token], {
        env,
        encoding: 'utf8',
      });
      assert.match(printed, /"sub": ?"ada"/);
    });
  }

  test('the form and the claims say the same', async (t) => {
    const page = await open(t, { timezoneId: 'UTC' });
    await label(page, 'Subject (sub)').fill('grace');
    await label(page, 'Roles, separated by commas').fill('admin, author');
    await label(page, 'Expires (exp)').selectOption({ label: 'in 1 day' });
    let claims = JSON.parse(await label(page, 'Claims').inputValue());
    assert.equal(claims.sub, 'grace');
    assert.deepEqual(claims.roles, ['admin', 'author']);
    assert.equal(claims.exp - claims.iat, 86_400);
    await label(page, 'Expires at').fill('2033-05-18T03:33:20');
    claims = JSON.parse(await label(page, 'Claims').inputValue());
    assert.equal(claims.exp, 2_000_000_000);
    const choice = page.locator('#expires option:checked');
    assert.equal(await choice.textContent(), 'at another time');
    await label(page, 'Claims').fill('{"exp":2000000001}');
    assert.equal(await label(page, 'Expires at').inputValue(), '2033-05-18T03:33:21');
    await label(page, 'Claims').fill('{"iat":1999996400,"exp":2000000000,"nested":{"any":["JSON",null]}}');
    assert.equal(await choice.textContent(), 'in 1 hour');
    const token = await label(page, 'Signed token').inputValue();
    assert.deepEqual(jsonwebtoken.verify(token, SECRET).nested, { any: ['JSON', null] });
    await label(page, 'Expires (exp)').selectOption({ label: 'never' });
    claims = JSON.parse(await label(page, 'Claims').inputValue());
    assert.equal('exp' in claims, false);
    await label(page, 'Claims').fill('{"sub":"ada","roles":["x"]}');
    assert.equal(await label(page, 'Subject (sub)').inputValue(), 'ada');
    assert.equal(await label(page, 'Roles, separated by commas').inputValue(), 'x');
    assert.equal(await verdict(page), 'valid');
  });

  test('claims that are wrong get a sentence, and no token', async (t) => {
    const page = await open(t);
    for (const [claims, text] of [
      ['', /not JSON/],
      ['{', /not JSON/],
      ['[]', /must be a JSON object/],
      ['{"exp":"tomorrow"}', /Not signed: the claim has another type/],
      [`{"x":"${'y'.repeat(20_000)}"}`, /Not signed: the token is longer than the limit/],
      ['x'.repeat(5_000_000), /too many for a token/],
    ]) {
      await label(page, 'Claims').fill(claims);
      assert.match(await page.locator('#claims-note').textContent(), text);
      assert.equal(await label(page, 'Signed token').inputValue(), '');
    }
  });

  test('a short secret works and warns; a fresh one is long enough', async (t) => {
    const page = await open(t, { secret: 'short' });
    assert.match(await page.locator('#secret-note').textContent(), /5 bytes; HS256 needs at least 32/);
    assert.equal(await verdict(page), 'valid');
    await picture(page, 'short-secret');
    const token = await label(page, 'Signed token').inputValue();
    assert.equal(jsonwebtoken.verify(token, 'short').sub, 'me');
    await page.getByRole('button', { name: 'New secret' }).click();
    assert.equal(await page.locator('#secret-note').textContent(), '');
    const fresh = await label(page, 'Secret').inputValue();
    assert.equal(Buffer.from(fresh, 'base64url').length, 48);
    assert.equal(jsonwebtoken.verify(await label(page, 'Signed token').inputValue(), fresh).sub, 'me');
    for (const [button, before, after] of [
      ['Show', 'password', 'text'],
      ['Hide', 'text', 'password'],
    ]) {
      assert.equal(await label(page, 'Secret').getAttribute('type'), before);
      await page.getByRole('button', { name: button }).click();
      assert.equal(await label(page, 'Secret').getAttribute('type'), after);
    }
  });

  test('what is copied is what a shell takes', async (t) => {
    const page = await open(t, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const token = await label(page, 'Signed token').inputValue();
    const copied = async (name) => {
      await page.getByRole('button', { name }).click();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    assert.equal(await copied('Copy token'), token);
    assert.equal(await copied('Copy MASTRA_JWT_TOKEN= line'), `MASTRA_JWT_TOKEN=${token}`);
    await label(page, 'Agent of the curl line').fill("an agent's");
    const curl = await copied('Copy curl line');
    const words = execFileSync('bash', ['-c', `${curl.replace(/^curl/, 'printf "%s\\n"')}`], {
      encoding: 'utf8',
    });
    assert.ok(words.split('\n').includes('http://localhost:4111/api/agents/an%20agent%27s/generate'), words);
    assert.ok(words.split('\n').includes(`Authorization: Bearer ${token}`));
  });
});

describe('check', () => {
  const now = Math.floor(Date.now() / 1000);
  const sign = (claims, secret = SECRET, options = {}) => jsonwebtoken.sign(claims, secret, options);

  test('a token of jsonwebtoken is valid, with Bearer and white space around it', async (t) => {
    const page = await open(t);
    const token = sign({ sub: 'ada', exp: now + 7250 });
    for (const text of [token, `Bearer ${token}`, `\n  bearer   ${token} \n`])
      assert.equal(await check(page, text), 'valid');
    assert.match(await page.locator('#read').textContent(), /"sub": "ada"/);
    assert.match(await page.locator('#header').textContent(), /"alg": "HS256"/);
    assert.match(await page.locator('#times').textContent(), /exp: expires in 2 hours \(/);
    for (const rule of await page.locator('#rules li').allTextContents()) assert.match(rule, /: passed$/);
    await picture(page, 'valid');
    await page.clock.setFixedTime(now * 1000);
    await check(page, sign({ iat: now, nbf: now + 90, exp: now }));
    const times = await page.locator('#times li').allTextContents();
    assert.deepEqual(
      times.map((text) => text.replace(/ \(.*/, '')),
      ['iat: issued now', 'nbf: not valid yet, valid in 1 minute', 'exp: expired now'],
    );
  });

  test('a refusal says which rule, why, and what to do', async (t) => {
    const page = await open(t);
    const text = await check(page, sign({ sub: 'ada', exp: now - 185 }));
    assert.match(text, /^MJWT_EXPIRED: the token has expired\. Get a new token\.$/);
    assert.match(await page.locator('#times').textContent(), /exp: expired 3 minutes ago/);
    assert.match(await page.locator('#rules li.first').textContent(), /^exp is ahead .*: failed$/);
    await picture(page, 'expired');

    await page.locator('summary').click();
    await label(page, 'Expected issuers, separated by commas').fill('https://login.example');
    await label(page, 'Required claims, separated by commas').fill('tenant');
    const rules = await page.locator('#rules li').allTextContents();
    assert.ok(rules.includes('iss is one of: https://login.example: failed'), rules.join('\n'));
    assert.ok(rules.includes('it has: tenant: failed'));
    assert.ok(rules.includes('aud: any: passed'));
    await label(page, 'Leeway, in seconds').fill('soon');
    assert.match(await verdict(page), /leeway: must be a whole number of seconds from 0 to 86400/);
  });

  test('after the first failure every other rule on claims is checked by itself', async (t) => {
    const page = await open(t);
    await page.locator('summary').click();
    const fields = {
      'Expected issuers, separated by commas': 'login',
      'Expected audiences, separated by commas': 'api, other',
      'Expected subject': 'ada',
      'Expected id': 'one',
      'Required claims, separated by commas': 'tenant',
      'Maximum age, in seconds': '3600',
    };
    for (const [name, value] of Object.entries(fields)) await label(page, name).fill(value);
    await label(page, 'Require an expiration time').check();
    const good = {
      nbf: now - 60,
      exp: now + 3600,
      iat: now - 60,
      iss: 'login',
      aud: ['api'],
      sub: 'ada',
      jti: 'one',
    };
    const bad = {
      nbf: now + 600,
      exp: now - 60,
      iat: now - 4000,
      iss: 'x',
      aud: ['x'],
      sub: 'x',
      jti: 7,
    };
    const names = [...Object.keys(good), 'it has:'];
    const wrong = [];
    for (let subset = 0; subset < 1 << names.length; subset++) {
      const fails = names.map((_, index) => (subset & (1 << index)) !== 0);
      const claims = Object.fromEntries(
        Object.keys(good).map((name, index) => [name, (fails[index] ? bad : good)[name]]),
      );
      const token = sign({
        ...claims,
        ...(fails.at(-1) ? {} : { tenant: null }),
      });
      const rules = await page.evaluate((token) => {
        const field = document.getElementById('token');
        field.value = token;
        field.dispatchEvent(new Event('input'));
        return [...document.querySelectorAll('#rules li')].map(({ textContent, className }) => [
          textContent,
          className,
        ]);
      }, token);
      const expected = fails.map((failed, index) =>
        failed ? (fails.indexOf(true) === index ? 'bad first' : 'bad') : 'good',
      );
      const found = names.map((name) => rules.find(([text]) => text.startsWith(`${name} `))?.[1]);
      if (String(found) !== String(expected)) wrong.push(`${subset}: ${found}, not ${expected}`);
      for (const [text] of rules) if (/not checked$/.test(text)) wrong.push(`${subset}: ${text}`);
    }
    assert.deepEqual(wrong, []);
  });

  test('the rule that failed is the one of the core, and nothing is said of what was not checked', async (t) => {
    const page = await open(t);
    await page.locator('summary').click();
    const forged = sign({ sub: 'ada', exp: now - 60 }, 'another secret that is quite long enough');
    const states = async (token) => {
      await check(page, token);
      return page.locator('#rules li').allTextContents();
    };
    let rules = await states(forged);
    const first = rules.indexOf('the signature matches the secret: failed');
    assert.ok(first > 0, rules.join('\n'));
    for (const [index, rule] of rules.entries()) {
      if (index !== first) assert.match(rule, index < first ? /: passed$/ : /: not checked$/);
    }
    // exp is checked for its time before anything is required.
    await label(page, 'Require an expiration time').check();
    await label(page, 'Expected subject').fill('ada');
    rules = await states(sign({ sub: 'x' }));
    assert.match(await verdict(page), /^MJWT_SUBJECT/);
    assert.ok(
      rules.includes('sub is ada: failed') && rules.includes('it has: exp: failed'),
      rules.join('\n'),
    );
    assert.equal(await page.locator('#rules li.first').textContent(), 'sub is ada: failed');
    // Strict claims come before the times.
    await label(page, 'Strict claims').check();
    rules = await states(sign({ sub: 'ada', jti: 7, exp: now - 60 }));
    assert.match(await page.locator('#rules li.first').textContent(), /^registered claims .*: failed$/);
    assert.match(
      rules.find((rule) => rule.startsWith('nbf')),
      /: passed$/,
    );
    assert.match(
      rules.find((rule) => rule.startsWith('exp')),
      /: failed$/,
    );
    // With both options, a missing iat is that of the maximum age: it is checked first.
    await label(page, 'Strict claims').uncheck();
    await label(page, 'Maximum age, in seconds').fill('60');
    await label(page, 'Required claims, separated by commas').fill('iat');
    const noIat = jsonwebtoken.sign({ sub: 'ada', exp: now + 60 }, SECRET, {
      noTimestamp: true,
    });
    rules = await states(noIat);
    assert.match(await page.locator('#rules li.first').textContent(), /^iat is at most 60 s old/);
    assert.ok(rules.includes('it has: iat, exp: failed'), rules.join('\n'));
    await label(page, 'Ignore the expiration').check();
    rules = await states(noIat);
    assert.ok(rules.includes('iat, if there, is a number: passed'), rules.join('\n'));
    assert.equal(await page.locator('#rules li.first').textContent(), 'it has: iat, exp: failed');
  });

  test('hints say what is behind it', async (t) => {
    const page = await open(t, { secret: `${SECRET}  ` });
    const hints = () => page.locator('#hints').textContent();
    assert.match(await check(page, sign({})), /^MJWT_SIGNATURE/);
    assert.match(await hints(), /fits without the white space/);
    await label(page, 'Secret').fill(Buffer.from(SECRET).toString('base64'));
    await check(page, sign({}));
    assert.match(await hints(), /fits when it is decoded from base64/);
    await label(page, 'Secret').fill('another secret that is quite long enough');
    await check(page, sign({}));
    assert.equal(await hints(), '');
    await label(page, 'Secret').fill(SECRET);
    assert.equal(await check(page, sign({ exp: now * 1000 })), 'valid');
    assert.match(await hints(), /exp looks like milliseconds/);
    await page.locator('summary').click();
    await label(page, 'Allowed algorithms, separated by commas').fill('HS256');
    assert.match(await check(page, sign({}, SECRET, { algorithm: 'HS512' })), /^MJWT_ALGORITHM/);
    assert.match(await hints(), /signed with HS512; the policy allows HS256/);
    await picture(page, 'hint');
  });

  test('anything may be pasted', async (t) => {
    const page = await open(t);
    for (const [text, expected] of [
      ['x', /^MJWT_TOKEN_FORMAT/],
      ['Bearer', /^MJWT_TOKEN_FORMAT/],
      ['a.b.c', /^MJWT_(HEADER_JSON|TOKEN_BASE64)/],
      ['\u{1f600}.\ud800.<script>', /^MJWT_/],
      [`${'a'.repeat(5_000_000)}.b.c`, /^MJWT_TOKEN_TOO_LONG/],
      ['a'.repeat(20_000_000), /^MJWT_TOKEN_TOO_LONG/],
    ]) {
      await page.evaluate((text) => {
        const field = document.getElementById('token');
        field.value = text;
        field.dispatchEvent(new Event('input'));
      }, text);
      assert.match(await verdict(page), expected);
    }
    const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
    await check(page, sign({ sub: markup }));
    assert.match(await page.locator('#read').textContent(), /<b>bold<\/b>/);
    assert.equal(await page.locator('#read b').count(), 0);
    for (const secret of ['-----BEGIN PUBLIC KEY-----', '{"kty":"oct","k":"AAAA"}']) {
      await label(page, 'Secret').fill(secret);
      assert.match(await verdict(page), /^MJWT_INVALID_ARGUMENT: secret: key 0 is/);
    }
    for (const [secret, text] of [
      ['x'.repeat(5_000_000), /^MJWT_SIGNATURE/],
      [`${SECRET}\ud800`, /half a character/],
    ]) {
      await page.evaluate((text) => {
        const field = document.getElementById('secret');
        field.value = text;
        field.dispatchEvent(new Event('input'));
      }, secret);
      assert.match(await verdict(page), text);
    }
    assert.match(await page.locator('#claims-note').textContent(), /half a character/);
    assert.equal(await label(page, 'Signed token').inputValue(), '');
    await picture(page, 'refused-secret');
  });

  test('a policy document is opened, and saved as it was', async (t) => {
    const page = await open(t);
    await page.locator('summary').click();
    const document = {
      algorithms: ['HS256'],
      issuer: ['a', 'b'],
      leeway: 5,
      strictClaims: true,
    };
    const file = join(tmpdir(), `mastra-jwt-policy-${process.pid}.json`);
    writeFileSync(file, JSON.stringify(document));
    await page.locator('#open-policy').setInputFiles(file);
    await page.getByText('is open').waitFor();
    assert.match(await check(page, sign({ iss: 'c' })), /^MJWT_ISSUER/);
    assert.equal(await check(page, sign({ iss: 'b' })), 'valid');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save policy document' }).click(),
    ]);
    assert.deepEqual(JSON.parse(readFileSync(await download.path(), 'utf8')), document);
    writeFileSync(file, '{"isuer":["a"]}');
    await page.locator('#open-policy').setInputFiles(file);
    await page.getByText('unknown member "isuer"').first().waitFor();
  });

  test('every shared vector gets its verdict in the page', async (t) => {
    const page = await open(t);
    const wrong = await page.evaluate((vectors) => {
      const bytes = (text) =>
        Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
          character.charCodeAt(0),
        );
      return vectors.flatMap(
        ({ name, keys = [], jwks, policy, token, token_base64url, now, code, claims }) => {
          const text = token ?? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(token_base64url));
          const { verify } = globalThis.mastraJwt.createVerifier(
            keys.map(({ secret }) => bytes(secret)),
            keys.map(({ kid }) => kid),
            jwks === undefined ? [] : [jwks],
            [JSON.stringify(policy)],
          );
          const result = verify(text, now);
          const found = typeof result === 'string' ? 0 : [result].flat()[0];
          const same = found === code && (code !== 0 || result === claims);
          return same ? [] : [`${name}: ${found}, not ${code}`];
        },
      );
    }, vectors('verify'));
    assert.deepEqual(wrong, []);
  });

  test('the verdicts of the form are those of the vectors', async (t) => {
    const page = await open(t);
    await page.locator('summary').click();
    await label(page, 'Allowed algorithms, separated by commas').fill('HS256');
    await page.clock.install();
    const codes = JSON.parse(readFileSync(new URL('../vectors/codes.json', import.meta.url), 'utf8')).codes;
    const nameOf = new Map(codes.map(({ code, name }) => [code, name]));
    const fit = vectors('verify').filter(
      ({ keys = [], jwks, policy, token, now }) =>
        keys.length === 1 &&
        keys[0].kid === undefined &&
        jwks === undefined &&
        token !== undefined &&
        token !== '' &&
        token === token.trim() &&
        !/^bearer/i.test(token) &&
        token.length < 20_000 &&
        Object.keys(policy).length === 0 &&
        Number.isInteger(now) &&
        now > 0 &&
        now < 8e12 &&
        /^[\x21-\x7e]+$/.test(Buffer.from(keys[0].secret, 'base64url').toString('latin1')),
    );
    assert.ok(fit.length > 200, `${fit.length} vectors`);
    const wrong = [];
    for (const { name, keys, token, now, code } of fit) {
      await page.clock.setFixedTime(now * 1000);
      const found = await page.evaluate(
        ([secret, text]) => {
          for (const [id, value] of [
            ['secret', secret],
            ['token', text],
          ]) {
            const field = document.getElementById(id);
            field.value = value;
            field.dispatchEvent(new Event('input', { bubbles: true }));
          }
          return document.getElementById('verdict').textContent;
        },
        [Buffer.from(keys[0].secret, 'base64url').toString(), token],
      );
      // The code, its sentence, the claim that it is about, and what to do.
      const expected =
        code === 0
          ? /^valid$/
          : new RegExp(`^MJWT_${nameOf.get(code)}: [a-z][^.]+( \\("\\w+"\\))?\\. [A-Z].+\\.$`);
      if (!expected.test(found)) wrong.push(`${name}: ${found}, not ${expected}`);
    }
    assert.deepEqual(wrong, []);
  });
});

describe('the page itself', () => {
  test('cannot send anything', async (t) => {
    let requests = 0;
    const listener = createServer((_, response) => {
      requests++;
      response.setHeader('Access-Control-Allow-Origin', '*').end('x');
    });
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    t.after(() => listener.close());
    const elsewhere = `http://127.0.0.1:${listener.address().port}/`;
    for (const url of [address, pathToFileURL(FILE).href]) {
      const page = await open(t, { url });
      const blocked = await page.evaluate(async (url) => {
        const attempts = {
          fetch: () => fetch(url),
          self: () => fetch('/'),
          request: () =>
            new Promise((resolve, reject) => {
              const request = new XMLHttpRequest();
              request.onload = resolve;
              request.onerror = reject;
              request.open('GET', url);
              request.send();
            }),
          beacon: async () => navigator.sendBeacon(url, 'x') || Promise.reject(new Error('refused')),
          socket: () =>
            new Promise((resolve, reject) => {
              const socket = new WebSocket(url.replace('http', 'ws'));
              socket.onopen = resolve;
              socket.onerror = reject;
            }),
          image: () =>
            new Promise((resolve, reject) => {
              const image = new Image();
              image.onload = resolve;
              image.onerror = reject;
              image.src = url;
            }),
          script: () =>
            new Promise((resolve, reject) => {
              const script = document.createElement('script');
              script.onload = resolve;
              script.onerror = reject;
              script.src = url;
              document.head.append(script);
            }),
        };
        const passed = [];
        for (const [name, attempt] of Object.entries(attempts)) {
          try {
            await attempt();
            passed.push(name);
          } catch {
            // As it should be.
          }
        }
        return passed;
      }, elsewhere);
      assert.deepEqual(
        blocked.filter((name) => name !== 'beacon'),
        [],
      );
    }
    assert.equal(requests, 0);
  });

  test('asks for nothing but itself, and says so to the browser', async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    for (const url of [address, pathToFileURL(FILE).href]) {
      const page = await context.newPage();
      const asked = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(url, { waitUntil: 'networkidle' });
      assert.deepEqual(
        asked.filter((one) => !one.startsWith('data:')),
        [url],
      );
      const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
      const directives = Object.fromEntries(policy.split('; ').map((text) => text.split(/ (.*)/)));
      assert.equal(directives['default-src'], "'none'");
      assert.equal(directives['connect-src'], "'none'");
      assert.equal(directives['form-action'], "'none'");
      assert.match(directives['script-src'], /^'sha256-[\w+/]{43}=' 'wasm-unsafe-eval'$/);
    }
  });

  test('signs and checks as a file', async (t) => {
    const page = await open(t, { url: pathToFileURL(FILE).href });
    const token = await label(page, 'Signed token').inputValue();
    assert.equal(jsonwebtoken.verify(token, SECRET).sub, 'me');
    assert.equal(await verdict(page), 'valid');
    assert.match(await check(page, `Bearer ${token.slice(0, -5)}AAAAA`), /^MJWT_SIGNATURE/);
  });

  test('keeps nothing', async (t) => {
    const page = await open(t);
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    assert.deepEqual(kept, [0, 0, '']);
    await page.reload();
    assert.equal(await label(page, 'Secret').inputValue(), '');
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`${colorScheme}: axe-core finds nothing, wide and narrow`, async (t) => {
      for (const viewport of [
        { width: 1280, height: 900 },
        { width: 320, height: 640 },
      ]) {
        const page = await open(t, { colorScheme, viewport, bypassCSP: true });
        await page.locator('summary').click();
        await page.evaluate(AXE);
        for (const token of ['', 'a.b.c', jsonwebtoken.sign({ sub: 'ada' }, SECRET)]) {
          await label(page, 'Token').fill(token);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`),
            [],
          );
        }
        const tooWide = await page.evaluate(() =>
          [...document.querySelectorAll('section *')]
            .filter(
              (part) =>
                part.getBoundingClientRect().right > part.closest('section').getBoundingClientRect().right,
            )
            .map((part) => part.id || part.outerHTML),
        );
        assert.deepEqual(tooWide, [], `at ${viewport.width} pixels`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} pixels too wide at ${viewport.width}`);
        await picture(page, `${colorScheme}-${viewport.width}`);
      }
    });
  }

  test('the fields have the names that people and tests use', async (t) => {
    const page = await open(t, { secret: '' });
    const field = (name, role = 'textbox') => page.getByRole(role, { name, exact: true });
    const idOf = (locator) => locator.getAttribute('id');
    assert.equal(
      await idOf(label(page, 'Secret')),
      await idOf(page.locator('input, textarea, select').first()),
    );
    assert.equal(await field('Claims').isEditable(), true);
    assert.equal(await field('Signed token').isEditable(), false);
    assert.equal(await field('Token').isEditable(), true);
    assert.equal(await field('Verdict', 'status').getAttribute('aria-live'), 'polite');
    await page.locator('summary').click();
    const { properties } = JSON.parse(
      readFileSync(new URL('../../core/policy.schema.json', import.meta.url), 'utf8'),
    );
    for (const [member, { title, type }] of Object.entries(properties)) {
      const shown = page.getByLabel(new RegExp(`^${title}(, separated by commas)?$`));
      assert.equal(await shown.getAttribute('type'), type === 'boolean' ? 'checkbox' : 'text', member);
    }
  });

  test('the keyboard alone is enough', async (t) => {
    const page = await open(t, { secret: '' });
    const focused = () =>
      page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
    const order = [];
    for (let at = ''; at !== 'save-policy' && order.length < 100;) {
      await page.keyboard.press('Tab');
      at = await focused();
      if (at !== order.at(-1)) order.push(at); // a date has several stops
      if (at === 'secret') await page.keyboard.type(SECRET);
      if (at === 'Policy: what a token must be') await page.keyboard.press('Enter');
    }
    const policy = await page.locator('#policy input').evaluateAll((inputs) => inputs.map(({ id }) => id));
    assert.equal(policy.length, 15);
    assert.deepEqual(order, [
      ...['Sign', 'Check', 'secret', 'show', 'fresh'],
      ...['subject', 'expires', 'expires-at', 'roles', 'algorithm', 'kid', 'claims', 'signed'],
      ...['copy-token', 'copy-line', 'copy-curl', 'agent'],
      ...['token', 'header', 'read', 'Policy: what a token must be', ...policy, 'open-policy', 'save-policy'],
    ]);
    assert.equal(await verdict(page), 'valid');
  });

  test('the back button goes back', async (t) => {
    const page = await open(t);
    for (const name of ['Check', 'Sign']) await page.getByRole('link', { name }).click();
    await page.goBack();
    assert.equal(new URL(page.url()).hash, '#check');
    assert.equal(await label(page, 'Secret').inputValue(), SECRET);
  });
});
