import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { runInNewContext } from 'node:vm';
import jwt from 'jsonwebtoken';
import { createSigner, createVerifier, decodeToken } from 'mastra-jwt';
import { errorOf, OTHER_SECRET, SECRET } from './support.mjs';

const NOW = 1_700_000_000;

beforeEach(() => mock.timers.enable({ apis: ['Date'], now: NOW * 1000 }));
afterEach(() => mock.timers.reset());

describe('createSigner', () => {
  const sign = createSigner({ secret: SECRET });

  const cases = [
    [{}, {}],
    [{ sub: 'me' }, { expiresIn: 60 }],
    [{ sub: 'me' }, { expiresIn: '1h', notBefore: '10s' }],
    [{ sub: 'me' }, { expiresIn: '2 days' }],
    [{ sub: 'me' }, { expiresIn: '60 s' }],
    [{ sub: 'me' }, { expiresIn: '1.5s', notBefore: -30 }],
    [{ sub: 'me', iat: 5, exp: 9.5, nbf: 1 }, {}],
    [{ iat: 0 }, { expiresIn: 1 }],
    [{ iat: 100 }, { expiresIn: 10, notBefore: 1 }],
    [
      { iat: 100, a: 1 },
      { noTimestamp: true, expiresIn: 10 },
    ],
    [{ a: 1 }, { noTimestamp: true }],
    [{}, { noTimestamp: true }],
    [{}, { noTimestamp: true, issuer: 'i' }],
    [{ iat: 5 }, {}],
    [{ iat: 5 }, { issuer: 'i' }],
    [{ iat: 5.5 }, { expiresIn: '1.7s', notBefore: 1 }],
    [{ iat: 5, a: 1 }, { noTimestamp: true }],
    [{ exp: 5 }, { notBefore: 5 }],
    [{ iat: 0, exp: 5, nbf: 5, iss: 'i', sub: 's' }, {}],
    [{ iat: 0 }, { notBefore: 5 }],
    [{ nbf: 5 }, { expiresIn: 5, subject: 's' }],
    [
      { iss: undefined, aud: undefined, jti: undefined },
      { issuer: 'i', audience: ['a'], jwtid: 'j' },
    ],
    [{ iss: 'i', aud: 'a', jti: 'j' }, { subject: 's' }],
    [{ z: 1 }, { issuer: '', subject: '', jwtid: '', audience: [] }],
    [{ a: 1 }, { noTimestamp: false }],
    [{ z: 1 }, { issuer: 'i', subject: 's', jwtid: 'j', audience: 'a' }],
    [{ z: 1 }, { audience: ['a', 'b'], keyid: 'k1' }],
    [{ z: 1 }, { keyid: 'quote " and \\ and /' }],
    [{ text: 'ü 😀 \ud800 "\\', list: [1, { a: null }], un: undefined, fn() {}, date: new Date(5) }, {}],
    [Object.assign(Object.create(null), { sub: 'me' }), {}],
    [{ sub: undefined }, { subject: 'me' }],
    [{ toJSON: 'a claim as any other' }, {}],
  ];
  for (const [claims, options] of cases) {
    it(`makes the very token of jsonwebtoken from ${JSON.stringify(claims)} and ${JSON.stringify(options)}`, () => {
      const before = structuredClone({ ...claims, fn: undefined, toJSON: undefined });
      const theirs = jwt.sign(claims, SECRET, options);
      assert.equal(sign(claims, options), theirs);
      assert.equal(createSigner({ secret: SECRET, ...options })(claims), theirs);
      assert.deepEqual({ ...claims, fn: undefined, toJSON: undefined }, before);
    });
  }

  it('signs with each algorithm as jsonwebtoken does', () => {
    for (const algorithm of ['HS256', 'HS384', 'HS512']) {
      const secret = SECRET.repeat(2);
      assert.equal(
        createSigner({ secret, algorithm })({ sub: 'me' }),
        jwt.sign({ sub: 'me' }, secret, { algorithm }),
      );
    }
  });

  it('writes the header in UTF-8 (RFC 7515 section 5.1), where jsonwebtoken writes Latin-1', () => {
    const [header] = sign({}, { keyid: 'ü😀' }).split('.');
    assert.equal(Buffer.from(header, 'base64url').toString(), '{"alg":"HS256","typ":"JWT","kid":"ü😀"}');
  });

  const refused = [
    [undefined, {}],
    [null, {}],
    ['text', {}],
    [5, {}],
    [[], {}],
    [new Date(5), {}],
    [new Map(), {}],
    [
      new (class {
        sub = 'me';
      })(),
      {},
    ],
    [Object.create({ sub: 'me' }), {}],
    [{ iat: '5' }, { noTimestamp: true }],
    [{ nbf: '5' }, { expiresIn: 5 }],
    [{ exp: '5' }, { notBefore: 5 }],
    [{ exp: 5 }, { expiresIn: '0s' }],
    [{ exp: '5' }, {}],
    [{ exp: undefined }, {}],
    [{ iat: 'x' }, {}],
    [{ nbf: null }, {}],
    [{ exp: 5 }, { expiresIn: 5 }],
    [{ nbf: 5 }, { notBefore: 5 }],
    [{ iss: 'a' }, { issuer: 'a' }],
    [{ sub: 'a' }, { subject: 'a' }],
    [{ aud: 'a' }, { audience: 'a' }],
    [{ jti: 'a' }, { jwtid: 'a' }],
  ];
  for (const [claims, options] of refused) {
    it(`refuses ${String(JSON.stringify(claims))} with ${JSON.stringify(options)} in the reference's words`, async () => {
      const text = typeof claims === 'string' || typeof claims === 'number';
      // jsonwebtoken signs texts and numbers; those are not claims (RFC 7519 section 7.2).
      const expected = text
        ? 'Expected "payload" to be a plain object.'
        : (await errorOf(() => jwt.sign(claims, SECRET, options))).message;
      const error = await errorOf(() => sign(claims, options));
      assert.equal(error.message, expected);
      assert.match(error.code, /^MJWT_[A-Z_]+$/);
    });
  }

  it('refuses times that JSON cannot hold', async () => {
    for (const name of ['exp', 'iat', 'nbf']) {
      for (const time of [NaN, Infinity, -Infinity]) {
        const error = await errorOf(() => sign({ [name]: time }));
        assert.equal(error.message, `"${name}" should be a number of seconds`);
        assert.equal(error.code, 'MJWT_CLAIM_TYPE');
      }
    }
    assert.equal((await errorOf(() => sign(() => {}))).code, 'MJWT_CLAIMS_NOT_OBJECT');
  });

  it('refuses claims with a method toJSON: it would sign something else, without exp', async () => {
    for (const claims of [{ toJSON: () => ({ admin: true }) }, { exp: 5, toJSON: () => ({}) }]) {
      const error = await errorOf(() => sign(claims));
      assert.equal(error.code, 'MJWT_CLAIMS_NOT_OBJECT');
      assert.match(error.message, /toJSON/);
    }
  });

  it('refuses claims that JSON has no words for, with a code', async () => {
    const cyclic = { list: [] };
    cyclic.list.push(cyclic);
    const down = {
      get claim() {
        throw new Error('the database is down');
      },
    };
    for (const [claims, words] of [
      [{ big: 5n }, /BigInt/],
      [cyclic, /circular/],
      [down, /the database is down/],
    ]) {
      for (const more of [{}, { exp: 9e9 }]) {
        const error = await errorOf(() =>
          sign(Object.defineProperties({ ...more }, Object.getOwnPropertyDescriptors(claims))),
        );
        assert.match(error.message, words);
        assert.equal(error.code, 'MJWT_CLAIMS_NOT_OBJECT');
        assert.ok(error.cause instanceof Error);
      }
    }
    assert.ok((await errorOf(() => sign({ big: 5n }))) instanceof TypeError);
  });

  it('says what a claim throws that is not an error', async () => {
    const claims = Object.defineProperty({}, 'a', {
      get() {
        // oxlint-disable-next-line no-throw-literal
        throw 'no database';
      },
      enumerable: true,
    });
    for (const options of [{}, { noTimestamp: true }]) {
      const error = await errorOf(() => sign(claims, options));
      assert.match(error.message, /^the claims cannot be written as JSON: no database$/);
      assert.equal(error.cause, 'no database');
    }
  });

  it('takes a plain object of another realm, and what is not an object for no overrides', async () => {
    const foreign = runInNewContext('({ sub: "me" })');
    assert.equal(sign(foreign), sign({ sub: 'me' }));
    for (const none of [undefined, null, 0, 5, 'text', true, [{ sub: 'x' }], () => {}]) {
      assert.equal(sign({ sub: 'me' }, none), sign({ sub: 'me' }));
    }
    assert.deepEqual([{ a: 1 }, { a: 2 }].map(sign), [sign({ a: 1 }), sign({ a: 2 })]);
  });

  it('keeps a claim named __proto__', () => {
    const claims = JSON.parse('{"__proto__":{"a":1}}');
    const payload = createVerifier({ secret: SECRET })(sign(claims));
    assert.deepEqual(Object.keys(payload), ['__proto__', 'iat']);
  });

  it('names an unknown option and a wrong type, when made and when called', async () => {
    const wrong = {
      expiresIn: ['', 'soon', '3600', '60', '-1', '1.5', ' 1h', 1.5, NaN, true, null],
      notBefore: ['', 'soon', '10', 1.5],
      issuer: [5, null],
      audience: [5, [5], null],
      subject: [5],
      jwtid: [5],
      keyid: [5, ''],
      noTimestamp: ['yes'],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        for (const call of [
          () => createSigner({ secret: SECRET, [name]: value }),
          () => sign({}, { [name]: value }),
        ]) {
          const error = await errorOf(call);
          assert.ok(error instanceof TypeError);
          assert.match(error.message, new RegExp(`option "${name}" must be`));
        }
      }
    }
    assert.match((await errorOf(() => sign({}, { expires: 5 }))).message, /unknown option "expires"/);
    assert.match(
      (await errorOf(() => sign({}, { algorithm: 'HS256' }))).message,
      /unknown option "algorithm"/,
    );
    assert.match(
      (await errorOf(() => createSigner({ secret: SECRET, algorithm: 'RS256' }))).message,
      /"algorithm"/,
    );
    assert.equal((await errorOf(() => createSigner({}))).code, 'MJWT_NO_KEYS');
  });

  it('lets overrides take the place of its own options', async () => {
    const own = createSigner({ secret: SECRET, expiresIn: '1h', issuer: 'a', keyid: 'k1' });
    const { header, payload } = await decodeToken(
      own({}, { expiresIn: undefined, issuer: 'b', keyid: 'k2' }),
    );
    assert.deepEqual(payload, { iat: NOW, exp: NOW + 3600, iss: 'b' });
    assert.equal(header.kid, 'k2');
    assert.deepEqual((await decodeToken(own({}))).payload, { iat: NOW, exp: NOW + 3600, iss: 'a' });
  });

  it('signs with the first secret and its kid, or with the first key of a set', async () => {
    const list = createSigner({
      secret: [
        { kid: 'new', secret: SECRET },
        { kid: 'old', secret: OTHER_SECRET },
      ],
    });
    const k = Buffer.from(SECRET.repeat(2)).toString('base64url');
    const set = createSigner({ jwks: { keys: [{ kty: 'RSA' }, { kty: 'oct', k, kid: 'j', alg: 'HS512' }] } });
    assert.deepEqual((await decodeToken(list({}))).header, { alg: 'HS256', typ: 'JWT', kid: 'new' });
    assert.deepEqual((await decodeToken(set({}))).header, { alg: 'HS512', typ: 'JWT', kid: 'j' });
    assert.equal(jwt.verify(list({ sub: 'me' }), SECRET).sub, 'me');
    assert.equal(jwt.verify(set({ sub: 'me' }), SECRET.repeat(2)).sub, 'me');
  });
});
