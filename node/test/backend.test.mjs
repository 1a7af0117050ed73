import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createVerifier } from 'mastra-jwt';
import { errorOf, forge, internal, SECRET } from './support.mjs';

const { candidates, loadNative, offer } = internal('backend/native');
const { PLATFORMS } = internal('backend/platforms');
/** What an addon exports besides its version. */
const addon = { verify() {}, sign() {}, freeVerifier() {}, freeSigner() {} };
const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the native binary', () => {
  it('is of the version of the package', () => {
    assert.equal(loadNative().version(), version);
    assert.equal(internal('version').VERSION, version);
  });

  it('is asked for clearly where it is missing', async () => {
    const error = await errorOf(() => loadNative('darwin', 'arm64'));
    assert.equal(error.code, 'MJWT_NATIVE_MISSING');
    assert.match(error.message, /no native binary for darwin-arm64 \(libc: .+, Node v\d+/);
    assert.match(error.message, new RegExp(`@mastra-jwt/darwin-arm64@${version}`));
    assert.match(error.message, /--omit=optional/);
  });

  it('is taken only in the version of the package', async () => {
    offer('win32-arm64', { ...addon, version: () => '9.9.9' });
    const error = await errorOf(() => loadNative('win32', 'arm64'));
    assert.equal(error.code, 'MJWT_NATIVE_MISSING');
    assert.match(
      error.message,
      new RegExp(`@mastra-jwt/win32-arm64 is version 9\\.9\\.9, not ${version}\\. `),
    );
    assert.match(error.message, /must be of one version: install both again/);
    offer('win32-arm64', { ...addon, version: () => version });
    assert.equal(loadNative('win32', 'arm64').version(), version);
  });

  it('that does not load is said why, with what to do', async () => {
    const failing = (message, fields) => Object.assign(new Error(message), fields);
    const cases = [
      [
        failing('off', { code: 'ERR_DLOPEN_DISABLED' }),
        /off\. Node runs with --permission: add --allow-addons/,
      ],
      [failing('no', { code: 'ERR_ACCESS_DENIED' }), /Node runs with --permission: add --allow-addons/],
      [failing('no', { name: 'NotCapable' }), /Deno runs without the permission: add --allow-ffi/],
      [
        failing("libc.so.6: version `GLIBC_2.38' not found", { code: 'ERR_DLOPEN_FAILED' }),
        /The binary needs glibc 2\.38 or newer/,
      ],
      [failing('bad ELF', { code: 'ERR_DLOPEN_FAILED' }), /bad ELF\. The binary is there and does not load/],
      [
        failing('gone', { code: 'MODULE_NOT_FOUND' }),
        /Node v[\d.]+\)\. It comes with @mastra-jwt\/win32-x64@/,
      ],
    ];
    for (const [cause, words] of cases) {
      const fails = () => {
        throw cause;
      };
      offer('win32-x64', { ...addon, version: fails });
      const error = await errorOf(() => loadNative('win32', 'x64'));
      assert.match(error.message, words);
      assert.equal(error.cause, cause.code === 'MODULE_NOT_FOUND' ? undefined : cause);
      assert.equal(error.isExpected, true);
    }
    assert.equal((await errorOf(() => loadNative('sunos', 'x64'))).isExpected, false);
  });

  it('keeps no key that was freed', () => {
    const { createVerifier: open, createSigner: openSigner } = loadNative();
    const make = () => open([SECRET], [undefined], [], ['{}']);
    const makeSigner = () => openSigner(SECRET, undefined, [], undefined, false, undefined);
    const [one, other, signer, another] = [make(), make(), makeSigner(), makeSigner()];
    const token = forge({ n: 7 });
    for (let times = 0; times < 2; times++) {
      one.free();
      signer.free();
      assert.notEqual(typeof one.verify(token, 5), 'string');
      assert.notEqual(typeof signer.sign('{}'), 'string');
      assert.equal(other.verify(token, 5), '{"n":7}');
      assert.equal(typeof another.sign('{}'), 'string');
    }
  });

  it('is said to exist nowhere for a platform that is not prebuilt', async () => {
    for (const [platform, arch] of [
      ['sunos', 'x64'],
      ['linux', 's390x'],
    ]) {
      const error = await errorOf(() => loadNative(platform, arch));
      assert.equal(error.code, 'MJWT_NATIVE_MISSING');
      assert.match(error.message, new RegExp(`${platform}-${arch}.*Prebuilt are: ${PLATFORMS.join(', ')}`));
    }
  });

  it('is looked for on every platform of platforms.json', async () => {
    const { REQUIRES } = internal('backend/platform-requires');
    const platforms = JSON.parse(readFileSync(join(root, 'platforms.json'), 'utf8'));
    assert.deepEqual(Object.keys(REQUIRES), [...PLATFORMS]);
    assert.deepEqual(
      platforms.map(({ name }) => name),
      [...PLATFORMS],
    );
    for (const { name, os, cpu } of platforms) {
      assert.throws(REQUIRES[name], (error) =>
        error.message.startsWith(`Cannot find module '@mastra-jwt/${name}'`),
      );
      assert.ok(candidates(os[0], cpu[0]).includes(name));
    }
  });

  it('names the libc on Linux', async () => {
    if (process.platform !== 'linux') return;
    assert.match((await errorOf(() => loadNative('linux', 's390x'))).message, /libc: (glibc \d|musl)/);
  });

  it('works in worker threads, many at once', async () => {
    const code = `
      const { createVerifier } = require('mastra-jwt');
      const { parentPort, workerData } = require('node:worker_threads');
      const verify = createVerifier({ secret: workerData.secret });
      let good = 0;
      for (let at = 0; at < 1000; at++) good += verify(workerData.token).n === 7;
      parentPort.postMessage(good);
    `;
    const token = forge({ n: 7 });
    const run = () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(code, { eval: true, workerData: { secret: SECRET, token } });
        worker.once('message', resolve).once('error', reject);
      });
    assert.deepEqual(await Promise.all([run(), run(), run(), run()]), [1000, 1000, 1000, 1000]);
    assert.equal(createVerifier({ secret: SECRET })(token).n, 7);
  });

  it('keeps memory flat over verifiers and verifications', () => {
    const script = `
      const { createVerifier, createSigner } = require('mastra-jwt');
      const secret = 'x'.repeat(32);
      const token = createSigner({ secret })({ sub: 'me' });
      const verify = createVerifier({ secret });
      const round = () => {
        for (let at = 0; at < 2000; at++) createVerifier({ secret })(token);
        for (let at = 0; at < 50000; at++) { verify(token); try { verify(token + 'x'); } catch {} }
      };
      // Finalizers run between turns of the event loop.
      const settle = async () => { for (let at = 0; at < 20; at++) { gc(); await new Promise(setImmediate); } };
      (async () => {
        round(); await settle();
        const before = process.memoryUsage().rss;
        for (let at = 0; at < 3; at++) { round(); await settle(); }
        console.log(process.memoryUsage().rss - before);
      })();
    `;
    const grown = Number(
      execFileSync(process.execPath, ['--expose-gc', '-e', script], { cwd: import.meta.dirname }),
    );
    // 6000 verifiers that stayed would hold more than 150 MB.
    assert.ok(grown < 50e6, `${grown} bytes`);
  });
});
