// How options are read: once each, from what was given and nowhere else, and never half.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { runInNewContext } from 'node:vm';
import jwt from 'jsonwebtoken';
import { createSigner, createVerifier, decodeToken, MastraJwtAuth, verifyHmac } from 'mastra-jwt';
import { errorOf, forge, HEADER, OTHER_SECRET, seal, SECRET } from './support.mjs';

const NOW = 1_700_000_000;
const base64url = (text) => Buffer.from(text).toString('base64url');
const jwks = (...keys) => ({ keys: keys.map((key) => ({ kty: 'oct', k: base64url(SECRET), ...key })) });

/** A list with a hole behind these elements. */
const hole = (...elements) => Object.assign([...elements], { length: elements.length + 1 });

/** What every constructor makes of a policy option. */
const openers = [
  (options) => createVerifier({ secret: SECRET, ...options }),
  (options) => new MastraJwtAuth({ secret: SECRET, ...options }),
];

const root = Object.getPrototypeOf({});

/** Runs with members of `Object.prototype` that somebody else has put there. */
async function polluted(members, call) {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(root, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  try {
    return await call();
  } finally {
    for (const name of Object.keys(members)) delete root[name];
  }
}

async function refuses(call, pattern, code = 'MJWT_INVALID_ARGUMENT') {
  const error = await errorOf(call);
  assert.match(error.message, pattern);
  assert.equal(error.code, code);
}

beforeEach(() => mock.timers.enable({ apis: ['Date'], now: NOW * 1000 }));
afterEach(() => mock.timers.reset());

describe('an option', () => {
  it('is read once: what a getter says later does not count', async () => {
    let asked = 0;
    const once = (first, later) => () => (asked++ === 0 ? first : later);
    const options = { secret: SECRET };
    Object.defineProperty(options, 'issuer', { get: once('a', undefined), enumerable: true });
    const verify = createVerifier(options);
    assert.equal(asked, 1);
    await refuses(() => verify(forge({ iss: 'b' })), /issuer invalid/, 'MJWT_ISSUER');
    asked = 0;
    const list = Object.defineProperty(['x'], 0, { get: once('a', 'b') });
    const listed = createVerifier({ secret: SECRET, issuer: list });
    assert.equal(asked, 1);
    assert.equal(listed(forge({ iss: 'a' })).iss, 'a');
  });

  it('may come from a class, or from an object that others are made of', async () => {
    class Options {
      secret = SECRET;
      get issuer() {
        return this.own;
      }
      get own() {
        return 'a';
      }
    }
    const expiring = createSigner(Object.create({ secret: SECRET, expiresIn: '1h' }));
    assert.equal((await decodeToken(expiring({}))).payload.exp, NOW + 3600);
    const sign = createSigner({ secret: SECRET });
    assert.equal((await decodeToken(sign({}, Object.create({ expiresIn: 60 })))).payload.exp, NOW + 60);
    assert.equal((await decodeToken(sign({}, Object.create(null)))).payload.exp, undefined);
    const verify = createVerifier(new Options());
    assert.equal(verify(forge({ iss: 'a' })).iss, 'a');
    await refuses(() => verify(forge({ iss: 'b' })), /issuer invalid/, 'MJWT_ISSUER');
    const expired = forge({ exp: NOW });
    const bare = createVerifier(Object.assign(Object.create(null), { secret: SECRET, issuer: 'a' }));
    await refuses(() => bare(forge({ iss: 'b' })), /issuer invalid/, 'MJWT_ISSUER');
    const at = createVerifier({ secret: SECRET });
    assert.equal(at(expired, Object.create({ clockTimestamp: NOW - 1 })).exp, NOW);
  });

  it('that nobody knows is named, also from a class', async () => {
    await refuses(
      () => createVerifier(Object.assign(Object.create({ isuer: 'a' }), { secret: SECRET })),
      /^createVerifier: unknown option "isuer"; known are secret, jwks, policy, algorithms, /,
    );
  });

  it('is not taken from Object.prototype, of this realm or another', async () => {
    const attacker = { kty: 'oct', k: base64url(OTHER_SECRET) };
    const evil = [
      ['secret', OTHER_SECRET],
      ['secret', [{ secret: OTHER_SECRET, kid: undefined }]],
      ['jwks', { keys: [attacker] }],
      ['jwks', ['{"keys":[', JSON.stringify(attacker), ']}']],
      ['keys', [attacker]],
      ['kid', 'a'],
      ['policy', '{"ignoreExpiration":true,"leeway":86400}'],
      ['clockTolerance', 86_400],
      ['leeway', 86_400],
      ['clockTimestamp', NOW - 100],
      ['ignoreExpiration', true],
      ['allowShortKeys', true],
      ['maxTokenBytes', 5],
      ['issuer', 'evil'],
      ['issuer', ['evil']],
      ['subject', 'evil'],
      ['audience', ['evil']],
      ['algorithms', ['HS512']],
      ['algorithm', 'HS512'],
      ['noTimestamp', true],
      ['expiresIn', 1],
      ['expiresIn', { seconds: 1, text: false }],
      ['notBefore', { seconds: 1, text: false }],
      ['keyid', 'evil'],
      ['iat', 5],
      ['exp', 5],
      ['nbf', 9e9],
      ['iss', 'evil'],
      ['sub', 'evil'],
      ['aud', 'evil'],
      ['jti', 'evil'],
      ['quiet', true],
      ['cookie', 'evil'],
      ['authorizeUser', () => true],
      ['isRevoked', () => true],
      ['onRefused', () => true],
      ['mapUserToResourceId', () => 'evil'],
      ['public', ['/']],
      ['protected', []],
      ['0', 'evil'],
    ];
    const [good, expired, theirs] = [
      forge({ sub: 'me' }),
      forge({ exp: NOW - 1 }),
      forge({ sub: 'me' }, HEADER, OTHER_SECRET),
    ];
    for (const [name, value] of evil) {
      await polluted({ [name]: value }, async () => {
        const auth = new MastraJwtAuth({ secret: SECRET });
        const verify = createVerifier({ secret: SECRET });
        for (const check of [
          verify,
          (token) => verify(token, {}),
          createVerifier({ jwks: jwks({}) }),
          (token) => auth.authenticateToken(token),
          (token) => verifyHmac(token, SECRET),
        ]) {
          assert.equal((await check(good)).sub, 'me', name);
          assert.equal((await errorOf(() => check(expired))).code, 'MJWT_EXPIRED', name);
          assert.equal((await errorOf(() => check(theirs))).code, 'MJWT_SIGNATURE', name);
        }
        assert.equal((await errorOf(() => createVerifier({}))).code, 'MJWT_NO_KEYS', name);
        for (const sign of [createSigner({ secret: SECRET }), (...given) => auth.sign(...given)]) {
          for (const token of [sign({ sub: 'me' }), sign({ sub: 'me' }, {})]) {
            assert.equal(token, seal(token.slice(0, token.lastIndexOf('.'))), name);
            const { header, payload } = await decodeToken(token);
            assert.deepEqual(
              [Object.entries(header), Object.entries(payload)],
              [Object.entries(HEADER), Object.entries({ sub: 'me', iat: NOW })],
              name,
            );
          }
        }
        for (const part of ['mapUserToResourceId', 'public', 'protected']) {
          assert.ok(!Object.hasOwn(auth, part), part);
        }
        await refuses(() => createVerifier({ secret: SECRET, issuer: hole() }), /option "issuer" must be/);
      });
    }
    const foreign = runInNewContext('Object.prototype.issuer = "evil"; Object.prototype.typo = 1; ({})');
    assert.equal(createVerifier(Object.assign(foreign, { secret: SECRET }))(good).sub, 'me');
  });

  it('is JSON as it is, whatever toJSON somebody put on Object.prototype', async () => {
    await polluted({ toJSON: () => 'evil' }, async () => {
      const verify = createVerifier({
        secret: SECRET,
        issuer: ['a'],
        policy: { audience: ['b'], leeway: 5 },
      });
      assert.equal(verify(forge('{"iss":"a","aud":"b"}', '{"alg":"HS256"}')).iss, 'a');
      assert.equal(
        (await errorOf(() => verify(forge('{"iss":"c","aud":"b"}', '{"alg":"HS256"}')))).code,
        'MJWT_ISSUER',
      );
    });
  });

  it('that is a list has no holes', async () => {
    for (const name of ['issuer', 'audience', 'algorithms', 'requiredClaims']) {
      const whole = name === 'algorithms' ? 'HS256' : 'a';
      for (const list of [hole(), hole(whole), Object.assign([], { 1: whole })]) {
        for (const open of openers) {
          await refuses(
            () => open({ [name]: list }),
            new RegExp(`option "${name}" must be an? .*well-formed text`),
          );
        }
      }
    }
    const key = { secret: SECRET };
    for (const secret of [hole(), hole(key)]) {
      await refuses(() => createVerifier({ secret }), /option "secret" must be/);
    }
    await refuses(() => createVerifier({ jwks: { keys: hole() } }), /option "jwks" must be/);
    await refuses(() => createSigner({ secret: SECRET, audience: hole() }), /option "audience" must be/);
    await refuses(
      () => createVerifier({ secret: SECRET, policy: { issuer: hole() } }),
      /option "policy" must be a policy document/,
    );
  });

  it('that is text is well-formed', async () => {
    const half = 'a\ud800';
    const wrong = {
      issuer: [half, ['a', half]],
      audience: [half, [half]],
      subject: [half],
      jwtid: [half],
      typ: [half],
      requiredClaims: [[half]],
      policy: [half, `{"issuer":["${half}"]}`],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        for (const open of openers)
          await refuses(() => open({ [name]: value }), new RegExp(`option "${name}" `));
      }
    }
    await refuses(() => createVerifier({ secret: SECRET, policy: { subject: half } }), /: subject: must be /);
    for (const secret of [
      half,
      { secret: half },
      { secret: SECRET, kid: half },
      [{ secret: SECRET, kid: half }],
    ]) {
      await refuses(() => createVerifier({ secret }), /option "secret" must be a string of well-formed text/);
    }
    await refuses(() => createVerifier({ jwks: `{"keys":[],"x":"${half}"}` }), /option "jwks" must be/);
    const sign = createSigner({ secret: SECRET });
    for (const name of ['issuer', 'audience', 'subject', 'jwtid', 'keyid']) {
      await refuses(
        () => createSigner({ secret: SECRET, [name]: half }),
        new RegExp(`option "${name}" must be`),
      );
      await refuses(() => sign({}, { [name]: half }), new RegExp(`^sign: option "${name}" must be`));
    }
    await refuses(() => sign({}, { audience: ['a', half] }), /option "audience" must be/);
    await refuses(
      () => verifyHmac(forge({}), half),
      /^verifyHmac: the secret must be a string of well-formed text/,
    );
  });

  it('is refused in the name of what was called', async () => {
    const auth = new MastraJwtAuth({ secret: SECRET });
    const calls = {
      createVerifier: [createVerifier, (options) => createVerifier({ secret: SECRET, ...options })],
      createSigner: [createSigner, (options) => createSigner({ secret: SECRET, ...options })],
      MastraJwtAuth: [(options) => new MastraJwtAuth(options)],
      replaceKeys: [(keys) => auth.replaceKeys(keys)],
      sign: [(options) => auth.sign({}, options), (options) => createSigner({ secret: SECRET })({}, options)],
      verify: [(options) => createVerifier({ secret: SECRET })(forge({}), options)],
    };
    for (const [name, list] of Object.entries(calls)) {
      for (const call of list)
        await refuses(() => call({ typo: 1 }), new RegExp(`^${name}: unknown option "typo"; `));
    }
    for (const name of ['createVerifier', 'createSigner', 'MastraJwtAuth', 'replaceKeys']) {
      const [call] = calls[name];
      await refuses(() => call('text'), new RegExp(`^${name}: the options must be an object$`));
      await refuses(() => call(['text']), new RegExp(`^${name}: the options must be an object$`));
      // What the core refuses, too.
      const twice = [
        { secret: SECRET, kid: 'a' },
        { secret: SECRET, kid: 'a' },
      ];
      if (name === 'createSigner') continue; // It takes the first.
      await refuses(() => call({ secret: twice }), new RegExp(`^${name}: `), 'MJWT_DUPLICATE_KID');
    }
    await refuses(() => createVerifier({}), /^createVerifier: a secret or jwks is required$/, 'MJWT_NO_KEYS');
    await refuses(() => createSigner({}), /^createSigner: a secret or jwks is required$/, 'MJWT_NO_KEYS');
    await refuses(() => auth.replaceKeys({}), /^replaceKeys: a secret or jwks is required$/, 'MJWT_NO_KEYS');
    for (const [options, words] of [
      [{ clockTolerance: -1 }, /^createVerifier: option "clockTolerance" must be /],
      [{ maxTokenBytes: 0 }, /^createVerifier: option "maxTokenBytes" must be /],
      [{ policy: { leeway: -1 } }, /^createVerifier: leeway: must be /],
      [{ policy: '{"leeway":' }, /^createVerifier: /],
    ])
      await refuses(() => createVerifier({ secret: SECRET, ...options }), words);
    await refuses(
      () => createSigner({ secret: SECRET, maxTokenBytes: 0 }),
      /^createSigner: option "maxTokenBytes" must be /,
    );
    for (const maxTokenBytes of ['5', null, true]) {
      await refuses(
        () => createSigner({ secret: SECRET, maxTokenBytes }),
        /option "maxTokenBytes" must be a whole number of bytes from 1 to 16777216/,
      );
    }
    await refuses(
      () => createVerifier({ jwks: jwks({ kid: 'a' }, { kid: 'a' }) }),
      /^createVerifier: /,
      'MJWT_DUPLICATE_KID',
    );
  });
});

describe('a policy document', () => {
  const outcome = async (policy, claims, header = HEADER, options = {}) => {
    try {
      return createVerifier({ secret: SECRET, policy, ...options })(forge(claims, header));
    } catch (error) {
      return `${error.code}: ${error.message}`;
    }
  };

  it('is an object or its text, and means the same', async () => {
    const documents = [
      [{ issuer: ['a', 'b'] }, { iss: 'b' }, { iss: 'c' }, 'MJWT_ISSUER: jwt issuer invalid. expected: a,b'],
      [{ audience: ['a', 'b'] }, { aud: 'b' }, {}, 'MJWT_AUDIENCE: jwt audience invalid. expected: a or b'],
      [{ subject: 'a"\\' }, { sub: 'a"\\' }, {}, 'MJWT_SUBJECT: jwt subject invalid. expected: a"\\'],
      [{ jwtId: 'a' }, { jti: 'a' }, { jti: 'b' }, 'MJWT_JWT_ID: jwt jwtid invalid. expected: a'],
      [{ leeway: 5 }, { exp: NOW - 4 }, { exp: NOW - 5 }, 'MJWT_EXPIRED: jwt expired'],
      [{ maxAge: 60 }, { iat: NOW - 59 }, { iat: NOW - 60 }, 'MJWT_TOO_OLD: maxAge exceeded'],
      [{ requiredClaims: ['x'] }, { x: 1 }, {}, 'MJWT_MISSING_CLAIM: jwt claim required: x'],
      [{ requireExp: true }, { exp: NOW + 1 }, {}, 'MJWT_MISSING_CLAIM: jwt claim required: exp'],
      [{ checkIat: true }, {}, { iat: NOW + 1 }, 'MJWT_ISSUED_IN_FUTURE: jwt issued in the future'],
      [{ strictClaims: true }, {}, { aud: 'a' }, 'MJWT_AUDIENCE: jwt audience invalid. expected: '],
      [{ maxTokenBytes: 200 }, {}, { x: 'y'.repeat(200) }, 'MJWT_TOKEN_TOO_LONG: jwt malformed'],
      [
        { subject: undefined, maxAge: undefined, leeway: 1 },
        { exp: NOW },
        { exp: NOW - 1 },
        'MJWT_EXPIRED: jwt expired',
      ],
    ];
    for (const [document, good, bad, refusal] of documents) {
      for (const policy of [
        document,
        JSON.stringify(document),
        Object.assign(Object.create(null), document),
        Object.assign(runInNewContext('({})'), document),
      ]) {
        assert.deepEqual(await outcome(policy, good), good);
        assert.equal(await outcome(policy, bad), refusal);
      }
    }
    assert.deepEqual(await outcome({ ignoreExpiration: true }, { exp: 1 }), { exp: 1 });
    const at = { alg: 'HS256', typ: 'at+jwt' };
    assert.deepEqual(await outcome({ type: 'at+jwt' }, {}, at), {});
    assert.equal(await outcome({ type: 'at+jwt' }, {}), 'MJWT_TYPE_HEADER: jwt type invalid');
  });

  it('goes with options: both are required, and the message has what the token lacks', async () => {
    const options = { issuer: 'i', subject: 's', jwtid: 'j', audience: ['a', 'b'] };
    const policy = { leeway: 5 };
    const good = { iss: 'i', sub: 's', jti: 'j', aud: 'a', exp: NOW - 4 };
    assert.deepEqual(await outcome(policy, good, HEADER, options), good);
    for (const [claim, words] of [
      ['iss', 'MJWT_ISSUER: jwt issuer invalid. expected: i'],
      ['sub', 'MJWT_SUBJECT: jwt subject invalid. expected: s'],
      ['jti', 'MJWT_JWT_ID: jwt jwtid invalid. expected: j'],
      ['aud', 'MJWT_AUDIENCE: jwt audience invalid. expected: a or b'],
    ])
      assert.equal(await outcome(policy, { ...good, [claim]: 'x' }, HEADER, options), words);
  });

  it('sets the defaults of every language: HS256 alone, and no short secret', async () => {
    assert.deepEqual(await outcome({}, {}), {});
    for (const alg of ['HS384', 'HS512']) {
      assert.equal(await outcome({}, {}, { alg }), 'MJWT_ALGORITHM: invalid algorithm');
      const secret = SECRET.repeat(2);
      const verify = createVerifier({ secret, policy: { algorithms: [alg] } });
      assert.deepEqual(verify(forge({}, { alg }, secret)), {});
      assert.deepEqual(
        createVerifier({ secret, policy: {}, algorithms: [alg] })(forge({}, { alg }, secret)),
        {},
      );
      const auth = new MastraJwtAuth({ secret, policy: { algorithms: [alg] } });
      assert.equal((await decodeToken(auth.sign({}))).header.alg, alg);
    }
    const auth = new MastraJwtAuth({ secret: SECRET.repeat(2), policy: {} });
    assert.equal((await decodeToken(auth.sign({}))).header.alg, 'HS256');
    for (const open of [createVerifier, (options) => new MastraJwtAuth(options)]) {
      await refuses(
        () => open({ secret: 'short', policy: {} }),
        /the secret has 5 bytes; HS256 needs at least 32/,
        'MJWT_KEY_TOO_SHORT',
      );
      assert.ok(open({ secret: 'short', policy: { allowShortKeys: true } }));
    }
    const short = new MastraJwtAuth({ secret: 'short', policy: { allowShortKeys: true } });
    assert.equal((await short.authenticateToken(short.sign({ sub: 'me' }))).sub, 'me');
  });

  it('raises the limit for what a provider signs too', async () => {
    const claims = { x: 'y'.repeat(20_000) };
    for (const options of [{ policy: { maxTokenBytes: 1 << 20 } }, { maxTokenBytes: 1 << 20 }]) {
      const auth = new MastraJwtAuth({ secret: SECRET, ...options });
      assert.equal((await auth.authenticateToken(auth.sign(claims))).x, claims.x);
    }
    const auth = new MastraJwtAuth({ secret: SECRET });
    const error = await errorOf(() => auth.sign(claims));
    assert.equal(error.code, 'MJWT_TOKEN_TOO_LONG');
    assert.match(error.message, /: raise maxTokenBytes here and where it is verified$/);
  });

  it('and an option must not say the same', async () => {
    for (const [option, value, member, listed] of [
      ['issuer', 'a', 'issuer', ['a']],
      ['clockTolerance', 5, 'leeway', 5],
      ['jwtid', 'a', 'jwtId', 'a'],
    ]) {
      await refuses(
        () => createVerifier({ secret: SECRET, [option]: value, policy: { [member]: listed } }),
        new RegExp(`^createVerifier: option "${option}" is also set by the policy, as "${member}"$`),
      );
    }
  });

  it('is refused where JSON has no words for it, or it is not plain', async () => {
    class Document {
      issuer = ['a'];
    }
    class Getter {
      get issuer() {
        return ['a'];
      }
    }
    for (const policy of [
      5,
      true,
      null,
      [],
      [{ issuer: ['a'] }],
      new Document(),
      new Getter(),
      new Map(),
      Object.create({ issuer: ['a'] }),
      { issuer: { 0: 'a' } },
      { issuer: [['a'], { a: 1 }] },
      { issuer: ['a', undefined] },
      { leeway: 5n },
      { leeway: () => 5 },
      { leeway: Symbol('5') },
    ])
      await refuses(
        () => createVerifier({ secret: SECRET, policy }),
        /option "policy" must be a policy document/,
      );
    for (const policy of [
      { leeway: NaN },
      { leeway: Infinity },
      { leeway: null },
      { requireExp: 'true' },
      { requireExp: null },
      { unknown: true },
      { issuer: 'a' },
      { issuer: [null] },
      '',
      '[]',
    ])
      await refuses(() => createVerifier({ secret: SECRET, policy }), /^createVerifier: /);
  });
});

describe('a time span', () => {
  const units = (
    'milliseconds millisecond msecs msec ms seconds second secs sec s minutes minute mins min m hours hour hrs hr h ' +
    'days day d weeks week w years year yrs yr y'
  ).split(' ');

  it('has the units of jsonwebtoken, in any case', async () => {
    const sign = createSigner({ secret: SECRET });
    for (const unit of units) {
      for (const text of [`3000${unit}`, `2.5 ${unit.toUpperCase()}`, `.5${unit}`, `-7 ${unit}`]) {
        const ours = (await decodeToken(sign({}, { expiresIn: text }))).payload.exp;
        assert.equal(ours, jwt.decode(jwt.sign({}, SECRET, { expiresIn: text })).exp, text);
      }
    }
  });

  it('is nothing else', async () => {
    const wrong = [
      '1 fortnight',
      '1hh',
      '1 h ',
      '1h 1m',
      '1,5h',
      '1..5h',
      '5.',
      'h',
      '--1h',
      '1e3s',
      '1_h',
      '1 hour.',
    ];
    for (const text of [...wrong, `${'1'.repeat(99)}ms`]) {
      await refuses(() => createSigner({ secret: SECRET, expiresIn: text }), /option "expiresIn" must be/);
      await refuses(
        () => createVerifier({ secret: SECRET, maxTokenAge: text }),
        /option "maxTokenAge" must be a whole number of seconds, or a time span with a unit such as "1h"/,
      );
    }
    assert.ok(createSigner({ secret: SECRET, expiresIn: `${'0'.repeat(96)}60 s` }));
  });
});
