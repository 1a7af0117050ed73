// The WebAssembly backend, compared with the native one. The other tests run through both: npm run
// test:unit.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { errorOf, forge, internal, SECRET } from './support.mjs';

const { openWasm } = internal('backend/wasm');
const { openInline } = internal('backend/wasm-inline');
const { loadNative } = internal('backend/native');
const { VERSION } = internal('version');
const root = join(import.meta.dirname, '..');
const bytes = readFileSync(join(root, 'dist', 'mjwt.wasm'));
const module = new WebAssembly.Module(bytes);
const native = loadNative();
const vectors = (name) =>
  JSON.parse(readFileSync(join(root, '..', 'tests', 'vectors', `${name}.json`), 'utf8')).vectors;
const NOW = 1_700_000_000;

const verifier = (backend, { keys = [], jwks, policy }) =>
  backend.createVerifier(
    keys.map(({ secret }) => new Uint8Array(Buffer.from(secret, 'base64url'))),
    keys.map(({ kid }) => kid),
    jwks === undefined ? [] : [jwks.slice(0, 9), jwks.slice(9)],
    [JSON.stringify(policy)],
  );
const simple = (backend, policy = {}) =>
  backend.createVerifier([SECRET], [undefined], [], [JSON.stringify(policy)]);

/** Runs with the functions of Node taken away, as in a browser. */
function withoutBuffer(call) {
  const { Buffer } = globalThis;
  delete globalThis.Buffer;
  try {
    return call();
  } finally {
    globalThis.Buffer = Buffer;
  }
}

describe('the WebAssembly module', () => {
  it('imports nothing', () => assert.deepEqual(WebAssembly.Module.imports(module), []));

  it('is of the version of the package, and says so where it is not', async () => {
    assert.equal(openWasm(module, VERSION).version(), VERSION);
    const error = await errorOf(() => openWasm(module, '9.9.9'));
    assert.match(error.message, /9\.9\.9 has a WebAssembly module of version/);
  });

  it('is in the package once as a file and once in JavaScript', () => {
    assert.deepEqual(Buffer.from(internal('backend/wasm-bytes').base64, 'base64'), bytes);
  });

  it('has the table of the addon', () => assert.deepEqual(openInline().codes(), native.codes()));
});

for (const [name, run] of [
  ['with the functions of Node', (call) => call()],
  ['with those of the standard', withoutBuffer],
]) {
  describe(`the answers of both backends are the same, ${name}`, () => {
    it('for every vector', () => {
      const wrong = run(() => {
        const wasm = openWasm(module, VERSION);
        return vectors('verify').flatMap((vector) => {
          if (vector.token === undefined) return [];
          const keys = vector.keys?.map(({ secret, kid }) => ({
            kid,
            bytes: Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (it) =>
              it.charCodeAt(0),
            ),
          }));
          const open = (backend) =>
            backend.createVerifier(
              (keys ?? []).map((key) => key.bytes),
              (keys ?? []).map(({ kid }) => kid),
              vector.jwks === undefined ? [] : [vector.jwks],
              [JSON.stringify(vector.policy)],
            );
          const results = [native, wasm].map((backend) => {
            const { verify, hasShortKey, free } = open(backend);
            const result = verify(vector.token, vector.now);
            free();
            return JSON.stringify([result, hasShortKey]);
          });
          return results[0] === results[1] ? [] : [`${vector.name}: ${results}`];
        });
      });
      assert.deepEqual(wrong, []);
    });

    it('for tokens of every length and script', () => {
      const tokens = [0, 1, 5, 16_000, 16_383, 16_384, 16_385, 16_400, 40_000].flatMap((length) => [
        'a'.repeat(length),
        'é'.repeat(length),
        '日'.repeat(length),
        '😀'.repeat(length),
        `${'\ud800'.repeat(length)}.b.c`,
      ]);
      for (const limit of [16_384, 30, 100_000]) {
        const long = forge({ x: 'é'.repeat(20_000) });
        const wrong = run(() => {
          const [one, other] = [native, openWasm(module, VERSION)].map((it) =>
            simple(it, { maxTokenBytes: limit }),
          );
          return [...tokens, long].filter(
            (token) => JSON.stringify(one.verify(token, NOW)) !== JSON.stringify(other.verify(token, NOW)),
          );
        });
        assert.deepEqual(
          wrong.map((token) => `${token.slice(0, 8)} ${token.length} ${limit}`),
          [],
        );
      }
    });
  });
}

describe('the answers of both backends are the same', () => {
  const wasm = openInline();
  const both = (call) =>
    [native, wasm].map((backend) => {
      try {
        return JSON.stringify(call(backend));
      } catch (error) {
        return `${error.code}: ${error.message}`;
      }
    });
  const same = (call) => {
    const [one, other] = both(call);
    assert.equal(other, one);
    return one;
  };

  it('for configurations that are refused, word by word', () => {
    for (const vector of vectors('config')) same((backend) => verifier(backend, vector).hasShortKey);
    for (const { document } of vectors('policy')) {
      same((backend) => backend.createVerifier([SECRET], [undefined], [], [document]).hasShortKey);
    }
    const broken = same((backend) => backend.createVerifier([], [], [], ['{}']));
    assert.match(broken, /^MJWT_NO_KEYS: /);
    // What was added before a refusal is gone.
    same((backend) => both(() => backend.createVerifier([SECRET], ['a'], [], ['{"leeway":-1}'])));
    same((backend) => backend.createVerifier([SECRET], ['a'], [], ['{}']).hasShortKey);
  });

  it('for signing', () => {
    for (const { secret, jwks, kid, alg, claims, allow_short_keys, max_token_bytes } of vectors('sign')) {
      same((backend) => {
        const key = secret === undefined ? undefined : new Uint8Array(Buffer.from(secret, 'base64url'));
        const pieces = jwks === undefined ? [] : [jwks];
        const { sign } = backend.createSigner(
          key,
          kid,
          pieces,
          alg,
          allow_short_keys ?? false,
          max_token_bytes,
        );
        return [sign(claims), sign(claims, 'another "kid" \u{1f600}'), sign(claims, ''), sign('{}')];
      });
    }
    for (const length of [10, 12_000, 12_300, 16_384, 50_000]) {
      for (const limit of [undefined, 1 << 20]) {
        same((backend) => {
          const { sign } = backend.createSigner(SECRET, undefined, [], undefined, false, limit);
          return sign(JSON.stringify({ x: 'é'.repeat(length) }), 'k'.repeat(300));
        });
      }
    }
  });

  it('once their keys are freed, which frees no others', () => {
    const good = forge({ sub: 'me' });
    for (const backend of [native, wasm]) {
      const signer = () => backend.createSigner(SECRET, undefined, [], undefined, false, undefined);
      const [verifier_, signer_] = [simple(backend), signer()];
      verifier_.free();
      signer_.free();
      assert.notEqual(typeof verifier_.verify(good, NOW), 'string', backend.kind);
      assert.notEqual(typeof signer_.sign('{}'), 'string', backend.kind);
      // The new ones may have the numbers of the old.
      const [next, nextSigner] = [simple(backend), signer()];
      verifier_.free();
      signer_.free();
      assert.equal(next.verify(good, NOW), '{"sub":"me"}', backend.kind);
      assert.equal(typeof nextSigner.sign('{}'), 'string', backend.kind);
    }
  });

  it('for tokens taken apart', () => {
    for (const { token } of vectors('verify'))
      if (token !== undefined) same((backend) => backend.decode(token));
    same((backend) => backend.decode(forge({ x: 'é'.repeat(30_000) })));
    same((backend) => backend.decode('é.é.é'));
  });

  it('for what is not a string or a number', () => {
    const good = forge({ sub: 'me' });
    for (const odd of [undefined, null, 5, {}, []]) {
      same((backend) => simple(backend).verify(odd, NOW));
      same((backend) => backend.createSigner(SECRET, undefined, [], undefined, false, undefined).sign(odd));
    }
    for (const now of [NaN, Infinity]) same((backend) => simple(backend).verify(good, now));
  });
});

describe('a trap', () => {
  /** A backend whose next call of that export traps. */
  function trapping(name) {
    const { Instance } = WebAssembly;
    let armed = false;
    let made = 0;
    WebAssembly.Instance = function trap(...given) {
      made++;
      const { exports } = new Instance(...given);
      return {
        exports: {
          ...exports,
          [name]: (...args) => {
            if (armed) throw new WebAssembly.RuntimeError('unreachable');
            return exports[name](...args);
          },
        },
      };
    };
    return {
      backend: openWasm(module, VERSION),
      arm: (to) => (armed = to),
      made: () => made,
      restore: () => (WebAssembly.Instance = Instance),
    };
  }

  it('refuses, and nothing made before is used again', () => {
    const { backend, arm, made, restore } = trapping('verify');
    try {
      const [before, another] = [simple(backend), simple(backend)];
      const token = forge({ sub: 'me' });
      assert.equal(before.verify(token, NOW), '{"sub":"me"}');
      assert.equal(made(), 1);
      arm(true);
      assert.equal(before.verify(token, NOW), 5);
      arm(false);
      for (const { verify } of [before, another]) assert.equal(verify(token, NOW), 5);
      const after = simple(backend);
      assert.equal(made(), 2);
      assert.equal(after.verify(token, NOW), '{"sub":"me"}');
      before.free();
      assert.equal(after.verify(token, NOW), '{"sub":"me"}');
    } finally {
      restore();
    }
  });

  it('while signing is the same', () => {
    const { backend, arm, restore } = trapping('sign');
    try {
      const { sign } = backend.createSigner(SECRET, undefined, [], undefined, false, undefined);
      arm(true);
      assert.equal(sign('{}'), 5);
      arm(false);
      assert.equal(sign('{}'), 5);
    } finally {
      restore();
    }
  });

  it('while a verifier is built is MJWT_PANIC', async () => {
    const { backend, arm, restore } = trapping('verifier_build');
    try {
      arm(true);
      assert.equal((await errorOf(() => simple(backend))).code, 'MJWT_PANIC');
      arm(false);
      assert.equal(simple(backend).verify(forge({}), NOW), '{}');
    } finally {
      restore();
    }
  });
});

describe('which backend', () => {
  const run = (env, ...args) =>
    spawnSync(process.execPath, [...args, '-p', "require('mastra-jwt').backend"], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });

  it('is the native one, unless the environment forces the other', () => {
    assert.deepEqual([run({}).stdout, run({}).stderr], ['native\n', '']);
    const forced = run({ MASTRA_JWT_BACKEND: 'wasm' });
    assert.deepEqual([forced.stdout, forced.stderr], ['wasm\n', '']);
    assert.equal(run({ MASTRA_JWT_BACKEND: 'native' }).stdout, 'native\n');
    assert.match(
      run({ MASTRA_JWT_BACKEND: 'fast' }).stderr,
      /MASTRA_JWT_BACKEND must be native or wasm, not "fast"/,
    );
  });

  it('is WebAssembly with one warning where the addon may not be loaded', () => {
    const { stdout, stderr } = run({}, '--no-addons');
    assert.equal(stdout, 'wasm\n');
    assert.match(stderr, /MJWT_WASM_FALLBACK.*WebAssembly is used instead.*--no-addons/s);
    assert.equal(stderr.match(/MJWT_WASM_FALLBACK/g).length, 1);
    const forced = run({ MASTRA_JWT_BACKEND: 'native' }, '--no-addons');
    assert.equal(forced.status, 1);
    assert.match(forced.stderr, /MJWT_NATIVE_MISSING|leave this option out/);
  });

  it('is told by the command doctor, with the reason', () => {
    const cli = join(root, 'dist', 'cli', 'main.js');
    const env = { PATH: process.env.PATH, MASTRA_JWT_BACKEND: 'wasm' };
    const text = execFileSync(process.execPath, [cli, 'doctor'], { encoding: 'utf8', env });
    assert.match(text, /backend +wasm, version .*: MASTRA_JWT_BACKEND is wasm/);
  });
});
