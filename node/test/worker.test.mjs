// What a bundler for Workers gets (the condition `worker`): WebAssembly, and where none may be
// compiled the core as JavaScript.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { forge, internal, SECRET, tampered } from './support.mjs';

const { openJs } = await import('../dist/esm/backend/js.mjs');
const { instantiate } = await import('../dist/esm/backend/core.mjs');
const { open } = await import('../dist/esm/backend/wasm.mjs');
const native = internal('backend/native').loadNative();
const { VERSION } = internal('version');
const NOW = 1_700_000_000;

const vectorFolder = join(import.meta.dirname, '..', '..', 'tests', 'vectors');
const PROGRAM = `
  import * as library from 'mastra-jwt';
  import { readFileSync } from 'node:fs';
  import cases from '${join(vectorFolder, 'cases.cjs')}';
  const read = (name) => [name, JSON.parse(readFileSync('${vectorFolder}/' + name + '.json', 'utf8'))];
  const vectors = Object.fromEntries(['verify', 'config', 'policy', 'sign', 'bearer', 'codes'].map(read));
  console.log(JSON.stringify(await cases.checkAll(library, vectors)));
`;
/**
 * As workerd does it: also while a Worker starts, where its compatibility date is before June 2025.
 */
const FORBIDDEN = `data:text/javascript,WebAssembly.Module = function () {
  throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder');
};`;

function report(...flags) {
  const args = ['--conditions=worker', ...flags, '--input-type=module', '--eval', PROGRAM];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe('in a Worker', () => {
  for (const [backend, ...flags] of [['wasm'], ['js', `--import=${FORBIDDEN}`]]) {
    it(`every vector passes on the backend ${backend}`, () => {
      const { backend: found, ran, failures } = report(...flags);
      assert.deepEqual([found, failures], [backend, []]);
      const { vectors } = JSON.parse(readFileSync(join(vectorFolder, 'verify.json'), 'utf8'));
      assert.equal(ran.verify, vectors.length);
      assert.ok(ran.dropIn >= 200, JSON.stringify(ran));
    });
  }
});

describe('the core as JavaScript', () => {
  const verifier = (backend, policy = '{}', secret = SECRET) =>
    backend.createVerifier([secret], [undefined], [], [policy]);

  it('has the table of the addon, and its version', () => {
    assert.deepEqual(openJs().codes(), native.codes());
    assert.equal(openJs().version(), native.version());
  });

  it('answers as the addon does, at the borders of its numbers', () => {
    const times = [
      0,
      1,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 53,
      2 ** 63,
      2 ** 64,
      1e300,
      0.5,
      -1,
    ];
    const js = openJs();
    for (const policy of ['{}', '{"leeway":86400,"strictClaims":true}', '{"maxAge":9007199254740992}']) {
      const verifiers = [native, js].map((backend) => verifier(backend, policy));
      for (const time of times) {
        for (const claim of ['exp', 'nbf', 'iat']) {
          const token = forge(`{"${claim}":${time},"n":[${time},-${time}]}`);
          const [one, other] = verifiers.map(({ verify }) => verify(token, NOW));
          assert.deepEqual(other, one, `${policy} ${claim} ${time}`);
        }
      }
      for (const { free } of verifiers) free();
    }
  });

  it('hashes every length of a token, with every algorithm, as the addon does', () => {
    const policy = '{"algorithms":["HS256","HS384","HS512"],"allowShortKeys":true}';
    const [one, other] = [native, openJs()].map((backend) => verifier(backend, policy));
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      for (let length = 0; length < 260; length++) {
        const token = forge({ pad: 'x'.repeat(length) }, { alg });
        assert.equal(typeof one.verify(token, NOW), 'string');
        assert.deepEqual(other.verify(token, NOW), one.verify(token, NOW));
        assert.deepEqual(other.verify(tampered(token), NOW), one.verify(tampered(token), NOW));
      }
    }
  });

  it('leaves nothing behind where its memory grows', () => {
    const exports = instantiate();
    const spied = open(
      'js',
      () => exports,
      () => false,
      VERSION,
    );
    const { verify } = verifier(spied);
    const token = forge({ sub: 'me' });
    assert.equal(verify(token, NOW), '{"sub":"me"}');
    const before = exports.memory.buffer;
    assert.ok(new Uint8Array(before).some((byte) => byte !== 0));
    // More than there is room for.
    spied.decode('x'.repeat(4_000_000));
    assert.notEqual(exports.memory.buffer, before);
    assert.ok(new Uint8Array(before).every((byte) => byte === 0));
    assert.equal(verify(token, NOW), '{"sub":"me"}');
  });

  it('is discarded where it traps', () => {
    let armed = false;
    const trapping = open(
      'js',
      () => {
        const exports = instantiate();
        const verify = (...args) => {
          if (armed) throw new Error('abort');
          return exports.verify(...args);
        };
        return { ...exports, verify };
      },
      () => true,
      VERSION,
    );
    const before = verifier(trapping);
    const token = forge({ sub: 'me' });
    assert.equal(before.verify(token, NOW), '{"sub":"me"}');
    armed = true;
    assert.equal(before.verify(token, NOW), 5);
    armed = false;
    assert.equal(before.verify(token, NOW), 5);
    assert.equal(verifier(trapping).verify(token, NOW), '{"sub":"me"}');
  });
});
