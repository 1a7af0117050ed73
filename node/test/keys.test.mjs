// The keys: in which forms they are taken, what a JSON Web Key Set may hold, and of which secrets
// there is a warning.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { runInNewContext } from 'node:vm';
import { createSigner, createVerifier, decodeToken, MastraJwtAuth, verifyHmac } from 'mastra-jwt';
import { errorOf, forge, internal, OTHER_SECRET, seal, SECRET } from './support.mjs';

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const oct = (members) => ({ kty: 'oct', k: base64url(SECRET), ...members });

describe('a secret', () => {
  it('is bytes of any realm, and no other typed array', async () => {
    const foreign = runInNewContext('(text) => Uint8Array.from(text, (it) => it.charCodeAt(0))')(SECRET);
    assert.ok(!(foreign instanceof Uint8Array));
    assert.equal(createVerifier({ secret: foreign })(forge({ sub: 'me' })).sub, 'me');
    assert.equal((await verifyHmac(forge({ sub: 'me' }), foreign)).sub, 'me');
    const others = [
      new Uint16Array(32),
      new Int8Array(32),
      new Uint8ClampedArray(32),
      new DataView(new ArrayBuffer(32)),
      new ArrayBuffer(32),
      { [Symbol.toStringTag]: 'Uint8Array' },
      [1, 2, 3],
      new String(SECRET),
      () => SECRET,
    ];
    for (const secret of others) {
      const error = await errorOf(() => createVerifier({ secret }));
      assert.match(
        error.message,
        /^createVerifier: option "secret" must be a string of well-formed text, a Uint8Array, \{ kid\?, secret \}, or/,
      );
      assert.match(
        (await errorOf(() => verifyHmac(forge({}), secret))).message,
        /^verifyHmac: the secret must be/,
      );
    }
  });

  it('has its kid, and a list of them too', async () => {
    const one = { kid: 'a', secret: SECRET };
    for (const secret of [one, [one], [one, { secret: OTHER_SECRET }]]) {
      const verify = createVerifier({ secret });
      const token = createSigner({ secret })({ sub: 'me' });
      assert.equal((await decodeToken(token)).header.kid, 'a');
      assert.equal(verify(token).sub, 'me');
      const error = await errorOf(() => verify(forge({}, { alg: 'HS256', kid: 'b' })));
      // A key without a kid serves tokens of any.
      assert.equal(error.code, secret.length === 2 ? 'MJWT_SIGNATURE' : 'MJWT_UNKNOWN_KID');
    }
    assert.equal(
      createVerifier({ secret: { kid: undefined, secret: SECRET } })(forge({ sub: 'me' })).sub,
      'me',
    );
    for (const secret of [
      { ...one, alg: 'HS256' },
      [[one]],
      [SECRET],
      { kid: null, secret: SECRET },
      { kid: 'a' },
    ]) {
      assert.match((await errorOf(() => createVerifier({ secret }))).message, /option "secret" must be/);
    }
  });

  it('comes before the keys of a set, which sign only without it', async () => {
    const jwks = { keys: [oct({ kid: 'set', k: base64url(OTHER_SECRET) })] };
    const both = createSigner({ secret: SECRET, jwks });
    assert.equal(both({}), seal(both({}).split('.', 2).join('.')));
    assert.equal((await decodeToken(createSigner({ jwks })({}))).header.kid, 'set');
    const useless = { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] };
    assert.equal(
      createSigner({ secret: SECRET, jwks: useless })({ iat: 1 }),
      createSigner({ secret: SECRET })({ iat: 1 }),
    );
    const auth = new MastraJwtAuth({ secret: SECRET, jwks });
    assert.equal((await auth.authenticateToken(auth.sign({ sub: 'me' }))).sub, 'me');
    assert.equal((await decodeToken(auth.sign({}))).header.kid, undefined);
    assert.equal((await auth.authenticateToken(createSigner({ jwks })({ sub: 'set' }))).sub, 'set');
  });
});

describe('a JSON Web Key Set', () => {
  const good = forge({ sub: 'me' });

  const outcome = (jwks) => {
    try {
      return createVerifier({ jwks })(good).sub;
    } catch (error) {
      return `${error.code} ${error.message}`;
    }
  };

  it('means the same as an object and as text', () => {
    const keys = [
      null,
      5,
      'text',
      [],
      {},
      { kty: 5 },
      { kty: null },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
      { kty: 'oct' },
      ...[5, null, '', 'a', 'a"\\\u0000\ud83e\udd80', ['a'], {}, true].map((kid) => oct({ kid })),
      ...['HS256', 'HS512', 'RS256', '', 5, null, ['HS256'], {}].map((alg) => oct({ alg })),
      ...['sig', 'enc', '', 5, null, { sig: true }].map((use) => oct({ use })),
      ...['verify', [], ['verify'], ['sign'], ['encrypt', 'verify'], [5], [{}], [['verify']], null, {}].map(
        (ops) => oct({ key_ops: ops }),
      ),
      ...[
        5,
        1.5,
        null,
        true,
        {},
        [],
        '',
        '!',
        '"',
        '\\',
        'a b',
        'ab+c',
        'ab/c',
        'abc=',
        'é',
        'a","kid":"a',
      ].map((k) => oct({ k })),
      oct({ kty: 'OCT' }),
      oct({ more: { kid: 5 } }),
    ];
    const outcomes = new Set();
    for (const key of keys) {
      for (const list of [[key], [key, oct({ kid: 'z' })], [{ kty: 'RSA' }, key], [oct({ kid: 'z' }), key]]) {
        const result = outcome({ keys: list });
        assert.equal(result, outcome(JSON.stringify({ keys: list })), JSON.stringify(list));
        outcomes.add(result);
      }
    }
    assert.ok(outcomes.has('me') && outcomes.size > 20);
    assert.equal(outcome({ keys: [] }), outcome('{"keys":[]}'));
  });

  it('is refused where JSON has no words for a member that counts, and only then', () => {
    for (const word of [5n, () => 'a', Symbol('a'), NaN, new Date()]) {
      for (const name of ['kid', 'alg', 'use', 'k']) {
        assert.match(
          outcome({ keys: [oct({ [name]: word })] }),
          new RegExp(`MJWT_JWK_SYNTAX .*key 0: ${name} is not a`),
        );
      }
      assert.match(
        outcome({ keys: [oct({ key_ops: [word] })] }),
        /MJWT_JWK_SYNTAX .*key_ops is not an array of strings/,
      );
      assert.equal(outcome({ keys: [oct({ other: word, toJSON: () => 5 })], other: word }), 'me');
    }
    for (const name of ['kid', 'alg', 'use', 'key_ops', 'kty']) {
      const key = { keys: [oct({ [name]: undefined })] };
      assert.equal(outcome(key), outcome(JSON.stringify(key)), name);
    }
    // Half of a surrogate pair in text would be another text in UTF-8.
    assert.match(outcome({ keys: [oct({ kid: '\ud800' })] }), /^MJWT_JWK_SYNTAX /);
    assert.match(outcome({ keys: [{ k: 'x' }] }), /^MJWT_JWK_UNSUPPORTED /);
  });

  it('is read as what it says: no member is overlooked', async () => {
    const refusal = async (key, header) => {
      const keys = [key, oct({ kid: 'other', k: base64url(OTHER_SECRET) })];
      return (await errorOf(() => createVerifier({ jwks: { keys } })(forge({}, { alg: 'HS256', ...header }))))
        .code;
    };
    const verified = (key, header) =>
      createVerifier({ jwks: { keys: [key] } })(forge({ sub: 'me' }, { alg: 'HS256', ...header })).sub;
    const odd = 'a"\\\u0000\ud83e\udd80/';
    assert.equal(verified(oct({ kid: odd }), { kid: odd }), 'me');
    assert.equal(await refusal(oct({ kid: odd }), { kid: 'a' }), 'MJWT_UNKNOWN_KID');
    assert.equal(verified(oct({ alg: 'HS256' })), 'me');
    assert.notEqual(await refusal(oct({ alg: 'HS512' })), undefined);
    assert.equal(verified(oct({ use: 'sig', key_ops: ['verify'] })), 'me');
    for (const unusable of [
      { use: 'enc' },
      { key_ops: ['encrypt'] },
      { key_ops: ['sign'] },
      { kty: 'RSA' },
    ]) {
      assert.notEqual(await refusal(oct(unusable)), undefined, JSON.stringify(unusable));
    }
    class Key {
      kty = 'oct';
      get k() {
        return base64url(SECRET);
      }
      get kid() {
        return 'a';
      }
    }
    assert.equal(verified(new Key(), { kid: 'a' }), 'me');
    assert.equal(await refusal(new Key(), { kid: 'b' }), 'MJWT_UNKNOWN_KID');
    class Keys {
      get keys() {
        return [new Key()];
      }
    }
    assert.equal(createVerifier({ jwks: new Keys() })(good).sub, 'me');
  });

  it('has secrets of every byte', () => {
    // All characters of base64url are in it.
    const bytes = Buffer.from(Uint8Array.from({ length: 256 }, (_, at) => at));
    assert.equal(new Set(base64url(bytes)).size, 64);
    const jwks = { keys: [{ kty: 'oct', k: base64url(bytes) }] };
    for (const given of [jwks, JSON.stringify(jwks)]) {
      assert.equal(createVerifier({ jwks: given })(forge({ sub: 'me' }, undefined, bytes)).sub, 'me');
    }
  });

  it('is nothing but an object with keys, or text', async () => {
    for (const jwks of [[], [oct()], { keys: oct() }, { keys: 'x' }, {}, 5, '', null, new Map()]) {
      assert.match(
        (await errorOf(() => createVerifier({ jwks }))).message,
        /option "jwks" must be a JSON Web Key Set: \{ keys: \[\.\.\.\] \} or its JSON text/,
      );
    }
  });
});

describe('a warning', () => {
  const environment = internal('environment');
  /** The warnings of a call, also of what is given once in a process. */
  function warningsOf(call) {
    const warnOnce = mock.method(environment, 'warnOnce', () => {});
    try {
      call();
      return warnOnce.mock.calls.map(({ arguments: [code, message, type = 'Warning'] }) => ({
        code,
        message,
        type,
      }));
    } finally {
      warnOnce.mock.restore();
    }
  }
  const codes = (call) => [...new Set(warningsOf(call).map(({ code }) => code))].sort();
  const codesOf = (secret) => codes(() => createVerifier({ secret }));
  const long = SECRET;
  const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

  it('is given of a secret that was read wrongly', () => {
    const spaces = [' ', '\t', '\n', '\v', '\f', '\r', '\u00a0', '\ufeff'];
    const suspect = [
      ...spaces.flatMap((space) => [`${long}${space}`, `${space}${long}`]),
      ...['"', "'", '`'].map((quote) => `${quote}${long}${quote}`),
      bytes(`${long}\n`),
      bytes(`${long}\r\n`),
      bytes(` ${long}`),
      bytes(`"${long}"`),
      bytes([0xef, 0xbb, 0xbf], long),
      bytes(`\t${long}~`),
    ];
    for (const secret of suspect) {
      assert.deepEqual(codesOf(secret), ['MJWT_SUSPECT_SECRET'], JSON.stringify(secret));
      assert.deepEqual(codesOf([{ secret: long }, { secret }]), ['MJWT_SUSPECT_SECRET']);
    }
    for (const name of ['undefined', 'null']) {
      for (const secret of [name, Buffer.from(name)]) {
        assert.deepEqual(codesOf(secret), ['MJWT_SHORT_SECRET', 'MJWT_SUSPECT_SECRET']);
      }
    }
  });

  it('is not given of a secret that is as it should be', () => {
    const fine = [
      long,
      `a b ${long}`,
      `"${long}`,
      `${long}"`,
      `"${long}'`,
      `a${long}a`,
      `(${long})`,
      `undefined${long}`,
      `null${long}`,
      `nulls${long}`,
      '\u2028'.repeat(32),
      `\u0008${long}`,
      `\u000e${long}`,
      `!${long}`,
      `\u001f${long}`,
      bytes(long),
      bytes(`${long}é\n`),
      bytes(' ', [0xff], long),
      bytes(' ', [0x7f], long),
      bytes(' ', [0x1f], long),
      bytes(' ', [0x00], long),
      bytes(long, [0x80, 0x20]),
      bytes([0xef, 0xbb], long),
      bytes([0xef, 0xbb, 0xbf], long, [0xff]),
      bytes([0xef, 0xbb, 0xbe], long),
      bytes([0xef, 0xba, 0xbf], long),
      bytes([0xee, 0xbb, 0xbf], long),
      bytes([0xa0], long),
    ];
    for (const secret of fine) assert.deepEqual(codesOf(secret), [], JSON.stringify(secret));
    assert.deepEqual(codesOf('"'), ['MJWT_SHORT_SECRET']);
    for (const none of ['', new Uint8Array(0)]) {
      assert.deepEqual(
        codes(() => assert.throws(() => createVerifier({ secret: none }), { code: 'MJWT_KEY_TOO_SHORT' })),
        [],
      );
    }
    assert.deepEqual(codesOf('nullified'), ['MJWT_SHORT_SECRET']);
    assert.deepEqual(codesOf('nUll'), ['MJWT_SHORT_SECRET']);
  });

  it('says what to do, and never shows the secret', () => {
    const [short, suspect, ...more] = warningsOf(() => createVerifier({ secret: ' tiny' })).sort(
      (one, other) => one.code.localeCompare(other.code),
    );
    assert.deepEqual([short.type, suspect.type, more], ['SecurityWarning', 'Warning', []]);
    assert.match(
      suspect.message,
      /^A JWT secret begins or ends with white space, is wrapped in quotes, or .*"null"\. It is/,
    );
    assert.match(short.message, /^A JWT secret is shorter than .* npx mastra-jwt secret$/);
    assert.ok(!`${short.message}${suspect.message}`.includes('tiny'));
  });

  it('is given by whatever takes a secret', () => {
    for (const call of [
      (secret) => createVerifier({ secret }),
      (secret) => createSigner({ secret }),
      (secret) => new MastraJwtAuth({ secret }),
      (secret) => new MastraJwtAuth({ secret: SECRET }).replaceKeys({ secret }),
      (secret) => verifyHmac('x', secret).catch(() => {}),
    ]) {
      assert.deepEqual(
        codes(() => call(' tiny')),
        ['MJWT_SHORT_SECRET', 'MJWT_SUSPECT_SECRET'],
      );
      assert.deepEqual(
        codes(() => call(SECRET)),
        [],
      );
    }
    const jwks = { keys: [oct({ k: base64url('tiny') })] };
    for (const open of [createVerifier, createSigner]) {
      assert.deepEqual(
        codes(() => open({ jwks })),
        ['MJWT_SHORT_SECRET'],
      );
    }
  });
});
