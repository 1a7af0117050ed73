// Where the command finds the secret. Tokens are made and checked by jsonwebtoken, .env files read
// by dotenv.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import dotenv from 'dotenv';
import jwt from 'jsonwebtoken';
import { inFolder, run, write } from './cli-support.mjs';
import { OTHER_SECRET, SECRET } from './support.mjs';

const [A, B, C] = [SECRET, OTHER_SECRET, 'yetanotherdevkeythatishs256safe!!'];
const signedBy = (secret) => jwt.sign({ sub: 'me' }, secret);
/** The exit code of a verification. */
const check = (secret, args, env = {}) => run(['verify', ...args, signedBy(secret)], { env }).status;

describe('the secret of mastra-jwt', () => {
  it('is --secret-file, else MASTRA_JWT_SECRET, else JWT_AUTH_SECRET, else .env', () => {
    write('file', `${A}\n`);
    write('.env', `JWT_AUTH_SECRET=${B}\nMASTRA_JWT_SECRET="${C}"\n`);
    const both = { MASTRA_JWT_SECRET: B, JWT_AUTH_SECRET: C };
    assert.equal(check(A, ['--secret-file', 'file'], both), 0);
    assert.equal(check(B, ['--secret-file', 'file'], both), 1);
    assert.equal(check(B, [], both), 0);
    assert.equal(check(C, [], { JWT_AUTH_SECRET: C }), 0);
    assert.equal(check(A, [], { MASTRA_JWT_SECRET: '', JWT_AUTH_SECRET: A }), 0);
    assert.equal(check(C, []), 0);
    write('.env', `JWT_AUTH_SECRET=${B}\n`);
    assert.equal(check(B, []), 0);
  });

  it('in a file is bytes: two keys that are not UTF-8 do not pass for each other', () => {
    const [one, other] = [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0xfe)];
    write('key', one);
    assert.equal(check(one, ['--secret-file', 'key']), 0);
    assert.equal(check(other, ['--secret-file', 'key']), 1);
    assert.equal(check(one.toString(), ['--secret-file', 'key']), 1);
    assert.doesNotThrow(() => jwt.verify(run(['sign', '--secret-file', 'key']).stdout.trim(), one));
  });

  it('in a file loses one line end at its end, where it is text', () => {
    const binary = Buffer.concat([Buffer.alloc(32, 0xff), Buffer.from('\n')]);
    const cases = [
      ['text\n', 'text'],
      ['text\r\n', 'text'],
      ['text\r', 'text\r'],
      ['text\n\n', 'text\n'],
      [' text ', ' text '],
      ['"text"', '"text"'],
      ['\ufefftext', '\ufefftext'],
      [binary, binary],
    ];
    for (const [content, secret] of cases) {
      write('key', content);
      assert.equal(check(secret, ['--secret-file', 'key']), 0, JSON.stringify(content));
    }
  });

  it('in a file is never decoded', () => {
    for (const encoding of ['base64', 'base64url', 'hex']) {
      const encoded = Buffer.alloc(32, 0xfb).toString(encoding);
      write('key', encoded);
      assert.equal(check(encoded, ['--secret-file', 'key']), 0);
      assert.equal(check(Buffer.alloc(32, 0xfb), ['--secret-file', 'key']), 1);
    }
  });

  it('is read from standard input once', () => {
    const token = signedBy(A);
    assert.equal(run(['verify', '--secret-file', '-', token], { input: `${A}\n` }).status, 0);
    const { status, stderr } = run(['verify', '--secret-file', '-', '-'], { input: token });
    assert.equal(status, 2);
    assert.match(stderr, /standard input.+only once/);
  });

  it('in .env is what dotenv reads', () => {
    const files = [
      `MASTRA_JWT_SECRET=${A}`,
      `MASTRA_JWT_SECRET=${A}\n`,
      `MASTRA_JWT_SECRET=${A}\r\nX=1\r\n`,
      `# comment\n\n  MASTRA_JWT_SECRET = ${A}  \n`,
      `MASTRA_JWT_SECRET: ${A}\n`,
      `export MASTRA_JWT_SECRET=${A}\n`,
      `export   MASTRA_JWT_SECRET=${A}\n`,
      `MASTRA_JWT_SECRET='${A}'\n`,
      `MASTRA_JWT_SECRET="${A}" # comment\n`,
      `MASTRA_JWT_SECRET=\`${A}\`\n`,
      `MASTRA_JWT_SECRET="a\\n${A}"\n`,
      `MASTRA_JWT_SECRET='a\\n${A}'\n`,
      `MASTRA_JWT_SECRET="a\n${A}"\n`,
      `MASTRA_JWT_SECRET="${A}" ${B}\n`,
      `MASTRA_JWT_SECRET=${A}#${B}\n`,
      `MASTRA_JWT_SECRET="${A}#${B}"\n`,
      `MASTRA_JWT_SECRET=${B}\nMASTRA_JWT_SECRET=${A}\n`,
      `MASTRA_JWT_SECRET=\nJWT_AUTH_SECRET=${A}\n`,
      `MASTRA_JWT_SECRET="${A}\nJWT_AUTH_SECRET=${B}\n`,
      `MASTRA_JWT_SECRET=$A\${B}-${A}\n`,
    ];
    for (const file of files) {
      const { MASTRA_JWT_SECRET, JWT_AUTH_SECRET } = dotenv.parse(write('.env', file) && file);
      const { status, stdout, stderr } = run(['sign', '--sub', 'me'], { env: {} });
      assert.deepEqual([status, stderr], [0, ''], file);
      assert.doesNotThrow(() => jwt.verify(stdout.trim(), MASTRA_JWT_SECRET || JWT_AUTH_SECRET), file);
    }
  });

  it('is not looked for in a .env that other tools read otherwise, or not at all', () => {
    const line = `JWT_AUTH_SECRET=${A}\n`;
    const files = [
      [`\ufeff${line}`, /\.env begins with a byte order mark/],
      [Buffer.from(`\ufeff${line}`, 'utf16le'), /\.env is UTF-16/],
      [Buffer.from(`\ufeff${line}`, 'utf16le').swap16(), /\.env is UTF-16/],
      [Buffer.from(line, 'utf16le'), /\.env is UTF-16/],
      [
        Buffer.from(`JWT_AUTH_SECRET=${A}\xe9`, 'latin1'),
        /JWT_AUTH_SECRET in \.env holds bytes that are not UTF-8/,
      ],
    ];
    for (const [file, words] of files) {
      write('.env', file);
      const { status, stdout, stderr } = run(['sign'], { env: {} });
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, words);
      assert.equal(check(A, [], { JWT_AUTH_SECRET: A }), 0);
    }
  });

  it('is read from a .env whose other lines are not UTF-8', () => {
    write('.env', Buffer.from(`# cl\xe9\nJWT_AUTH_SECRET=${A}\n`, 'latin1'));
    assert.equal(check(A, []), 0);
  });

  it('is asked for when there is none, with 2', () => {
    write('empty', '\n');
    for (const args of [['sign'], ['verify', signedBy(A)]]) {
      const { status, stdout, stderr } = run(args, { env: {} });
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /no secret: set MASTRA_JWT_SECRET or JWT_AUTH_SECRET/);
    }
    for (const file of ['absent', 'empty', '.']) {
      const { status, stdout, stderr } = run(['sign', '--secret-file', file]);
      assert.deepEqual([status, stdout], [2, '']);
      assert.ok(stderr.includes(file));
    }
    mkdirSync(inFolder('.env'));
    const { status, stderr } = run(['sign'], { env: {} });
    assert.equal(status, 2);
    assert.match(stderr, /cannot read \.env/);
  });

  it('is refused as a key of somebody, with 2 and without being shown', () => {
    const pem = `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(64)}\n-----END PUBLIC KEY-----\n`;
    const { status, stdout, stderr } = run(['sign'], { env: { JWT_AUTH_SECRET: pem } });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /PEM/);
    assert.ok(!stderr.includes('AAAA'));
  });
});
