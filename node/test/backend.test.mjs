import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createVerifier } from 'mastra-jwt';
import { errorOf, forge, internal, SECRET } from './support.mjs';

const { candidates, loadNative } = internal('backend/native');
const { PLATFORMS } = internal('backend/platforms');
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
