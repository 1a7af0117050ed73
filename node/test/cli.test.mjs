import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { forge, OTHER_SECRET, SECRET, tampered } from './support.mjs';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
let folder;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function run(args, { env = { JWT_AUTH_SECRET: SECRET }, input = '' } = {}) {
  const { PATH } = process.env;
  const options = { cwd: folder, encoding: 'utf8', env: { PATH, ...env }, input };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], options);
  return { status, stdout, stderr };
}

const write = (name, text) => {
  writeFileSync(join(folder, name), text);
  return name;
};

describe('mastra-jwt', () => {
  it('explains itself, each command too', () => {
    for (const args of [
      ['--help'],
      ['-h'],
      ['help'],
      ['secret', '--help'],
      ['sign', '-h'],
      ['verify', '--help'],
      ['decode', '--help'],
    ]) {
      const { status, stdout, stderr } = run(args);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /^Usage: mastra-jwt /);
    }
  });

  it('ends with 2 when used wrongly', () => {
    const wrong = [
      [],
      ['x'],
      ['sign', '--nope'],
      ['sign', 'extra'],
      ['verify'],
      ['verify', 'a', 'b'],
      ['decode'],
      ['secret', 'x'],
      ['sign', '--claim', 'novalue'],
      ['sign', '--claim', '=5'],
      ['sign', '--json', 'absent.json'],
      ['sign', '--expires-in', 'soon'],
      ['toString'],
      ['sign', '--secret', 'x'],
    ];
    for (const args of wrong) {
      const { status, stdout, stderr } = run(args);
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^mastra-jwt: .+\n/);
    }
  });

  it('secret prints fresh secrets, long enough for HS512', () => {
    const [first, second] = [run(['secret']).stdout, run(['secret']).stdout];
    assert.match(first, /^[A-Za-z0-9_-]{64}\n$/);
    assert.notEqual(first, second);
  });
});

describe('mastra-jwt sign', () => {
  it('prints the token alone', () => {
    const { status, stdout, stderr } = run(['sign', '--sub', 'me', '--expires-in', '1h']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { sub, exp, iat } = jwt.verify(stdout.trim(), SECRET);
    assert.deepEqual([sub, exp - iat], ['me', 3600]);
  });

  it('takes --expires-in as seconds where it is a bare number', () => {
    const { exp, iat } = jwt.verify(run(['sign', '--expires-in', '90']).stdout.trim(), SECRET);
    assert.equal(exp - iat, 90);
  });

  it('takes claims as JSON where they are JSON, else as text', () => {
    const claims = ['a=text', 'b=true', 'c=5', 'd=["x"]', 'e="5"', 'f=', 'g=a=b', '__proto__=1'].flatMap(
      (claim) => ['--claim', claim],
    );
    const { iat, ...payload } = JSON.parse(
      run(['verify', '-'], { input: run(['sign', ...claims]).stdout }).stdout,
    );
    assert.equal(typeof iat, 'number');
    assert.deepEqual(
      Object.entries(payload),
      Object.entries({ a: 'text', b: true, c: 5, d: ['x'], e: '5', f: '', g: 'a=b', ['__proto__']: 1 }),
    );
  });

  it('takes claims from a file or standard input, with the options on top', () => {
    const json = '{"sub":"file","role":"admin"}';
    const fromFile = run([
      'sign',
      '--json',
      write('claims.json', json),
      '--sub',
      'me',
      '--claim',
      'role=user',
    ]);
    const fromInput = run(['sign', '--json', '-'], { input: json });
    assert.deepEqual(
      [jwt.verify(fromFile.stdout.trim(), SECRET)].map(({ sub, role }) => [sub, role]),
      [['me', 'user']],
    );
    assert.deepEqual(
      [jwt.verify(fromInput.stdout.trim(), SECRET)].map(({ sub, role }) => [sub, role]),
      [['file', 'admin']],
    );
    for (const bad of ['[]', '"x"', '{', 'null', ''])
      assert.equal(run(['sign', '--json', '-'], { input: bad }).status, 2);
    assert.equal(run(['sign', '--json', '-', '--expires-in', '5'], { input: '{"exp":5}' }).status, 2);
  });
});

describe('mastra-jwt verify', () => {
  it('prints the claims of a valid token, from an argument or standard input', () => {
    const token = forge({ sub: 'me', n: 1 });
    for (const { status, stdout } of [
      run(['verify', token]),
      run(['verify', '-'], { input: `${token}\n` }),
    ]) {
      assert.deepEqual([status, JSON.parse(stdout)], [0, { sub: 'me', n: 1 }]);
    }
  });

  it('ends with 1 and says why, when a token is refused', () => {
    const cases = [
      [tampered(forge({})), /invalid signature \(MJWT_SIGNATURE\)/],
      [forge({ exp: 1 }), /jwt expired \(MJWT_EXPIRED\)/],
      ['x', /jwt malformed/],
      ['', /jwt must be provided/],
    ];
    for (const [token, words] of cases) {
      const { status, stdout, stderr } = run(['verify', token]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, words);
      assert.ok(token === '' || token === 'x' || !stderr.includes(token.split('.')[1]));
    }
  });
});

describe('mastra-jwt decode', () => {
  it('prints header and claims of any token, and says that nothing was verified', () => {
    const { status, stdout, stderr } = run(['decode', tampered(forge({ exp: 1 }))], { env: {} });
    assert.deepEqual(
      [status, JSON.parse(stdout)],
      [0, { header: { alg: 'HS256', typ: 'JWT' }, payload: { exp: 1 } }],
    );
    assert.match(stderr, /nothing was verified/);
  });

  it('ends with 1 for what cannot be read', () => {
    assert.equal(run(['decode', 'x.y.z']).status, 1);
    assert.equal(run(['decode', '-'], { input: '' }).status, 1);
  });
});

describe('the secret of mastra-jwt', () => {
  const token = forge({});
  const [A, B] = [SECRET, OTHER_SECRET];
  const accepted = (args, env) => run(['verify', ...args, token], { env }).status;

  it('is MASTRA_JWT_SECRET, else JWT_AUTH_SECRET, else --secret-file, else .env', () => {
    write('good', `${A}\n`);
    write('bad', B);
    assert.equal(accepted([], { MASTRA_JWT_SECRET: A, JWT_AUTH_SECRET: B }), 0);
    assert.equal(accepted([], { MASTRA_JWT_SECRET: '', JWT_AUTH_SECRET: A }), 0);
    assert.equal(accepted(['--secret-file', 'bad'], { JWT_AUTH_SECRET: A }), 0);
    assert.equal(accepted(['--secret-file', 'good'], {}), 0);
    assert.equal(accepted(['--secret-file', 'bad'], {}), 1);
    write('.env', `JWT_AUTH_SECRET=${B}\nMASTRA_JWT_SECRET="${A}"\n`);
    assert.equal(accepted([], {}), 0);
    assert.equal(accepted(['--secret-file', 'bad'], {}), 1);
    write('.env', `# comment\nJWT_AUTH_SECRET='${A}'\n`);
    assert.equal(accepted([], {}), 0);
  });

  it('says so when --secret-file is not read', () => {
    const { stderr } = run(['verify', '--secret-file', 'absent', token]);
    assert.match(stderr, /JWT_AUTH_SECRET is set, so --secret-file is not read/);
  });

  it('is asked for when there is none, with 2', () => {
    write('empty', '\n');
    for (const args of [
      ['sign'],
      ['verify', token],
      ['sign', '--secret-file', 'absent'],
      ['sign', '--secret-file', 'empty'],
    ]) {
      const { status, stdout, stderr } = run(args, { env: {} });
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /secret|absent|empty/);
    }
  });
});
