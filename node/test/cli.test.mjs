// The command as a whole: help, wrong use, and outputs that cannot be written.
import assert from 'node:assert/strict';
import { existsSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { run, start } from './cli-support.mjs';
import { forge, tampered } from './support.mjs';

const { version } = createRequire(import.meta.url)('../package.json');
const COMMANDS = ['secret', 'sign', 'verify', 'decode', 'doctor', 'ui'];

describe('mastra-jwt', () => {
  it('explains itself, each command too', () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { status, stdout, stderr } = run(args);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /^Usage: mastra-jwt <command>/);
      for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    }
    for (const command of COMMANDS) {
      for (const help of ['--help', '-h']) {
        const { status, stdout, stderr } = run([command, help]);
        assert.deepEqual([status, stderr], [0, '']);
        assert.ok(stdout.startsWith(`Usage: mastra-jwt ${command}`));
      }
    }
    assert.deepEqual(run(['--version']), { status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('ends with 2 when used wrongly', () => {
    const wrong = [
      [],
      ['x'],
      ['toString'],
      ['secret', 'x'],
      ['sign', '--nope'],
      ['sign', 'extra'],
      ['sign', '--secret', 'x'],
      ['verify'],
      ['verify', 'a', 'b'],
      ['verify', '--sub', 'me', 'a'],
      ['decode'],
      ['doctor', 'x'],
      ['ui', 'x'],
      ['ui', '--port', '70000'],
      ['doctor', '--url', 'localhost:4111'],
    ];
    for (const args of wrong) {
      const { status, stdout, stderr } = run(args);
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^mastra-jwt: .+\nmastra-jwt: see mastra-jwt (?:\w+ )?--help\n$/);
    }
  });

  it('secret prints fresh secrets, long enough for HS512', () => {
    const [first, second] = [run(['secret']).stdout, run(['secret']).stdout];
    assert.match(first, /^[A-Za-z0-9_-]{64}\n$/);
    assert.notEqual(first, second);
  });

  it('warns of a short secret in one line, and not where warnings are off', () => {
    const env = { JWT_AUTH_SECRET: 'short' };
    const { status, stdout, stderr } = run(['sign'], { env });
    assert.equal(status, 0);
    assert.equal(jwt.verify(stdout.trim(), 'short').sub, undefined);
    assert.match(stderr, /^mastra-jwt: warning: .*shorter than.*\n$/);
    assert.equal(run(['sign'], { env: { ...env, NODE_NO_WARNINGS: '1' } }).stderr, '');
  });

  it('ends as if nothing had happened when nobody reads its output', async () => {
    for (const [token, expected] of [
      [forge({ sub: 'me' }), 0],
      [tampered(forge({})), 1],
    ]) {
      // The token comes after the pipe is closed, so that the command surely writes into a closed
      // one.
      const { child, ended } = start(['verify', '-']);
      child.stdout.destroy();
      await once(child.stdout, 'close');
      child.stdin.end(token);
      const { status, stderr } = await ended();
      assert.deepEqual([status, stderr === ''], [expected, expected === 0], stderr);
    }
  });

  it('ends with 2 when its output cannot be written', { skip: !existsSync('/dev/full') }, async () => {
    for (const args of [
      ['verify', forge({})],
      ['secret'],
      ['--help'],
      ['sign'],
      ['decode', forge({})],
      ['doctor'],
    ]) {
      const { ended } = start(args, { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
      const { status, stderr } = await ended();
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /^mastra-jwt: cannot write to standard output: .*ENOSPC/);
    }
  });
});
