import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, mock } from 'node:test';
import {
  createVerifier,
  JsonWebTokenError,
  MastraJwtAuth,
  NotBeforeError,
  TokenExpiredError,
} from 'mastra-jwt';
import {
  backend,
  errorOf,
  forge,
  HEADER,
  internal,
  OTHER_SECRET,
  seal,
  SECRET,
  tampered,
} from './support.mjs';

const NOW = 1_700_000_000;
const segment = (text) => Buffer.from(text).toString('base64url');

/** What a verifier makes of claims: the claims, or `code: message`. */
async function outcome(options, claims, { header = HEADER, now = NOW } = {}) {
  const token = typeof claims === 'string' ? claims : forge(claims, header);
  const run = () => createVerifier({ secret: SECRET, ...options })(token, { clockTimestamp: now });
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof JsonWebTokenError, String(error));
    return `${error.code}: ${error.message}`;
  }
}

/** For each policy: options, claims that pass, claims that do not, and the refusal. */
const policies = [
  {
    options: { issuer: 'a' },
    pass: [{ iss: 'a' }],
    fail: [{}, { iss: 'b' }, { iss: ['a'] }, { iss: 5 }],
    refusal: 'MJWT_ISSUER: jwt issuer invalid. expected: a',
  },
  {
    options: { issuer: ['a', 'b'] },
    pass: [{ iss: 'a' }, { iss: 'b' }],
    fail: [{ iss: 'a,b' }],
    refusal: 'MJWT_ISSUER: jwt issuer invalid. expected: a,b',
  },
  {
    options: { audience: 'a' },
    pass: [{ aud: 'a' }, { aud: ['b', 'a'] }],
    fail: [{}, { aud: 'b' }, { aud: [] }, { aud: { a: 'a' } }],
    refusal: 'MJWT_AUDIENCE: jwt audience invalid. expected: a',
  },
  {
    options: { audience: ['a', 'b'] },
    pass: [{ aud: 'b' }, { aud: ['c', 'a'] }],
    fail: [{ aud: 'a or b' }],
    refusal: 'MJWT_AUDIENCE: jwt audience invalid. expected: a or b',
  },
  {
    options: { subject: 'a' },
    pass: [{ sub: 'a' }],
    fail: [{}, { sub: 'b' }, { sub: 1 }],
    refusal: 'MJWT_SUBJECT: jwt subject invalid. expected: a',
  },
  {
    options: { jwtid: 'a' },
    pass: [{ jti: 'a' }],
    fail: [{}, { jti: 'b' }],
    refusal: 'MJWT_JWT_ID: jwt jwtid invalid. expected: a',
  },
  {
    options: { requiredClaims: ['exp', 'role'] },
    pass: [{ exp: NOW + 1, role: null }],
    fail: [{ exp: NOW + 1 }],
    refusal: 'MJWT_MISSING_CLAIM: jwt claim required: role',
  },
  {
    options: { checkIat: true },
    pass: [{}, { iat: NOW }],
    fail: [{ iat: NOW + 1 }],
    refusal: 'MJWT_ISSUED_IN_FUTURE: jwt issued in the future',
  },
  { options: {}, pass: [{ iat: NOW + 1 }], fail: [], refusal: '' },
  {
    options: { maxTokenAge: 60 },
    pass: [{ iat: NOW - 59 }],
    fail: [{ iat: NOW - 60 }],
    refusal: 'MJWT_TOO_OLD: maxAge exceeded',
  },
  {
    options: { maxTokenAge: '1m' },
    pass: [{ iat: NOW - 59 }],
    fail: [{ iat: NOW - 60 }],
    refusal: 'MJWT_TOO_OLD: maxAge exceeded',
  },
  {
    options: { maxTokenAge: 60 },
    pass: [],
    fail: [{}],
    refusal: 'MJWT_MISSING_CLAIM: jwt claim required: iat',
  },
  { options: {}, pass: [{ exp: NOW + 0.5 }], fail: [{ exp: NOW }], refusal: 'MJWT_EXPIRED: jwt expired' },
  {
    options: { clockTolerance: 5 },
    pass: [{ exp: NOW - 4 }, { nbf: NOW + 5 }],
    fail: [{ exp: NOW - 5 }],
    refusal: 'MJWT_EXPIRED: jwt expired',
  },
  {
    options: { clockTolerance: 5 },
    pass: [],
    fail: [{ nbf: NOW + 6 }],
    refusal: 'MJWT_NOT_YET_VALID: jwt not active',
  },
  {
    options: {},
    pass: [{ nbf: NOW }],
    fail: [{ nbf: NOW + 0.5 }],
    refusal: 'MJWT_NOT_YET_VALID: jwt not active',
  },
  {
    options: {},
    pass: [],
    fail: [{ exp: '5' }, { exp: null }],
    refusal: 'MJWT_CLAIM_MALFORMED: invalid exp value',
  },
  {
    options: {},
    pass: [],
    fail: [{ nbf: true }, { nbf: [] }],
    refusal: 'MJWT_CLAIM_MALFORMED: invalid nbf value',
  },
];

describe('createVerifier', () => {
  for (const { options, pass, fail, refusal } of policies) {
    it(`holds tokens to ${JSON.stringify(options)}: ${refusal || 'all pass'}`, async () => {
      for (const claims of pass) assert.deepEqual(await outcome(options, claims), claims);
      for (const claims of fail)
        assert.equal(await outcome(options, claims), refusal, JSON.stringify(claims));
    });
  }

  it('holds the header to typ', async () => {
    const options = { typ: 'at+jwt' };
    assert.deepEqual(await outcome(options, {}, { header: { alg: 'HS256', typ: 'at+jwt' } }), {});
    assert.equal(await outcome(options, {}), 'MJWT_TYPE_HEADER: jwt type invalid');
  });

  it('gives each refusal its code and the words of the reference', async () => {
    const head = segment('{"alg":"HS256"}');
    const cases = {
      [`x${'.'.repeat(20_000)}`]: 'MJWT_TOKEN_TOO_LONG: jwt malformed',
      'a.b': 'MJWT_TOKEN_FORMAT: jwt malformed',
      'a.b.c.d': 'MJWT_TOKEN_FORMAT: jwt malformed',
      [seal('*.e30')]: 'MJWT_TOKEN_BASE64: invalid token',
      [seal(`${segment('{"alg":')}.e30`)]: 'MJWT_HEADER_JSON: invalid token',
      [seal(`${segment('{"alg":"HS256","alg":"HS256"}')}.e30`)]: 'MJWT_HEADER_JSON: invalid token',
      [seal(`${segment('{"alg":"none"}')}.e30`)]: 'MJWT_ALGORITHM: invalid algorithm',
      [seal(`${segment('{"alg":"RS256"}')}.e30`)]: 'MJWT_ALGORITHM: invalid algorithm',
      [seal(`${segment('{}')}.e30`)]: 'MJWT_ALGORITHM: invalid algorithm',
      [seal(`${segment('{"alg":"HS256","crit":["b64"]}')}.e30`)]: 'MJWT_CRITICAL_HEADER: invalid token',
      [`${head}.e30.`]: 'MJWT_SIGNATURE_MISSING: jwt signature is required',
      [tampered(forge({}))]: 'MJWT_SIGNATURE: invalid signature',
      [seal(`${head}.${segment('[]')}`)]: 'MJWT_CLAIMS_JSON: invalid token',
      [seal(`${head}.${segment('"text"')}`)]: 'MJWT_CLAIMS_JSON: invalid token',
      [seal(`${head}.${segment('{"a":1e400}')}`)]: 'MJWT_CLAIMS_JSON: invalid token',
      [seal(`${head}.${segment(Buffer.from('{"a":"\xff"}', 'latin1'))}`)]: 'MJWT_CLAIMS_JSON: invalid token',
    };
    for (const [token, refusal] of Object.entries(cases))
      assert.equal(await outcome({}, token), refusal, token);
  });

  it('has words of the reference for every refusal of the core, and a code for each of its errors', async () => {
    const { refusal } = internal('errors');
    const rows = backend.codes();
    assert.ok(rows.length > 30);
    for (const { code, name, message } of rows.filter((row) => row.code >= 100)) {
      const error = refusal('x', [code, 5], { issuer: '', audience: '', subject: '', jwtid: '' });
      assert.equal(error.code, `MJWT_${name}`);
      assert.ok(!/undefined|internal error/.test(error.message) && error.message !== message, error.message);
      assert.ok(error instanceof JsonWebTokenError);
      assert.equal(error instanceof TokenExpiredError, name === 'EXPIRED' || name === 'TOO_OLD', name);
      assert.equal(error instanceof NotBeforeError, name === 'NOT_YET_VALID', name);
    }
    // The union of codes that the types export is a list in the same file.
    const source = readFileSync(join(import.meta.dirname, '..', 'ts', 'errors.ts'), 'utf8');
    for (const { name } of rows) assert.match(source, new RegExp(`^  (\\| '${name}'|${name}: )`, 'm'));
  });

  it('tells when a token expired, by exp and by age', async () => {
    const verify = createVerifier({ secret: SECRET, maxTokenAge: 60 });
    const dates = [
      [{ iat: NOW, exp: NOW - 3.5 }, NOW - 3.5],
      [{ iat: NOW - 100 }, NOW - 40],
    ];
    for (const [claims, at] of dates) {
      const error = await errorOf(() => verify(forge(claims), { clockTimestamp: NOW }));
      assert.equal(error.name, 'TokenExpiredError');
      assert.equal(error.expiredAt.getTime(), at * 1000);
    }
  });

  it('reads the system clock in whole seconds, and another time on request', () => {
    mock.timers.enable({ apis: ['Date'], now: NOW * 1000 + 999 });
    try {
      const verify = createVerifier({ secret: SECRET });
      const token = forge({ exp: NOW + 0.5 });
      for (const options of [undefined, {}, { clockTimestamp: undefined }])
        assert.equal(verify(token, options).exp, NOW + 0.5);
      assert.throws(() => verify(token, { clockTimestamp: NOW + 0.5 }), TokenExpiredError);
    } finally {
      mock.timers.reset();
    }
  });

  it('takes no index, list or other value for the time', async () => {
    const verify = createVerifier({ secret: SECRET });
    const [expired, good] = [forge({ exp: 5 }), forge({ sub: 'me' })];
    for (const second of [
      0,
      1,
      4,
      -1,
      NaN,
      '4',
      null,
      true,
      Symbol('4'),
      4n,
      () => 4,
      [4],
      [{ clockTimestamp: 4 }],
    ])
      assert.equal((await errorOf(() => verify(expired, second))).code, 'MJWT_EXPIRED', String(second));
    for (const call of [
      () => [expired].map(verify),
      () => [expired].filter(verify),
      () => Array.from([expired], verify),
      () => new Map([[4, expired]]).forEach(verify),
      () => Promise.resolve(expired).then(verify),
      () => new EventEmitter().on('token', verify).emit('token', expired, 4),
    ])
      assert.equal((await errorOf(call)).code, 'MJWT_EXPIRED', String(call));
    assert.deepEqual([good, good].map(verify), [{ sub: 'me' }, { sub: 'me' }]);
  });

  it('refuses a time that is not a finite number, and unknown options', async () => {
    const verify = createVerifier({ secret: SECRET });
    for (const clockTimestamp of [NaN, Infinity, '5', null, new Date()]) {
      const error = await errorOf(() => verify(forge({ exp: 1 }), { clockTimestamp }));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /option "clockTimestamp" must be a finite number/);
    }
    assert.match((await errorOf(() => verify(forge({}), { now: 5 }))).message, /unknown option "now"/);
  });

  it('wants a secret or jwks, and known options', async () => {
    assert.equal((await errorOf(() => createVerifier({}))).code, 'MJWT_NO_KEYS');
    assert.match(
      (await errorOf(() => createVerifier({ secret: SECRET, quiet: true }))).message,
      /unknown option "quiet"/,
    );
    assert.ok((await errorOf(() => createVerifier())) instanceof TypeError);
    assert.ok((await errorOf(() => createVerifier({ secret: null }))) instanceof TypeError);
  });

  it('takes keys as text, bytes, a list and a JSON Web Key Set', async () => {
    const token = forge({ sub: 'me' });
    const jwks = { keys: [{ kty: 'oct', k: segment(SECRET), alg: 'HS256' }] };
    const bytes = new Uint8Array(Buffer.from(`x${SECRET}`)).subarray(1);
    const forms = [
      { secret: SECRET },
      { secret: bytes },
      { secret: { secret: SECRET } },
      { secret: [{ secret: OTHER_SECRET }, { secret: bytes }] },
      { jwks },
      { jwks: JSON.stringify(jwks) },
      { secret: OTHER_SECRET, jwks },
    ];
    for (const keys of forms) assert.equal(createVerifier(keys)(token).sub, 'me', JSON.stringify(keys));
    const narrow = createVerifier({ jwks });
    const error = await errorOf(() => narrow(forge({}, { alg: 'HS512' })));
    assert.match(error.code, /^MJWT_(UNKNOWN_KID|SIGNATURE|ALGORITHM)$/);
  });

  it('copies the bytes of a secret, and leaves them alone', () => {
    const bytes = Buffer.from(SECRET);
    const verify = createVerifier({ secret: bytes });
    assert.equal(bytes.toString(), SECRET);
    bytes.fill(0);
    assert.equal(verify(forge({ sub: 'me' })).sub, 'me');
  });

  it('accepts what JSON.parse accepts', () => {
    const verify = createVerifier({ secret: SECRET });
    const texts = [
      '{}',
      ' {"a" : [ ] }\n',
      '{"a":1,"a":2}',
      '{"s":"\\ud800"}',
      '{"n":-0.0e-5}',
      `{"d":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    ];
    for (const text of texts) {
      assert.equal(JSON.stringify(verify(forge(text))), JSON.stringify(JSON.parse(text)));
    }
  });

  it('survives tokens of any size and content', async () => {
    const verify = createVerifier({ secret: SECRET });
    const odd = [
      '.',
      '..',
      '...',
      '\0',
      '\ud800',
      '😀'.repeat(5000),
      'a'.repeat(1_000_000),
      `${'a'.repeat(16_384)}.b.c`,
    ];
    for (const token of odd) assert.ok((await errorOf(() => verify(token))) instanceof JsonWebTokenError);
    const longest = forge({ pad: 'x'.repeat(12_000) });
    assert.ok(longest.length < 16_384);
    assert.equal(verify(longest).pad.length, 12_000);
  });
});

describe('a short secret', () => {
  it('works, with one warning per process that can be told by its code', async () => {
    const script = `
      const { MastraJwtAuth, createVerifier, createSigner } = require('mastra-jwt');
      const warnings = [];
      process.on('warning', (warning) => warnings.push(warning.code));
      const auth = new MastraJwtAuth({ secret: 'short' });
      createVerifier({ secret: 'tiny' });
      const token = createSigner({ secret: 'short' })({ sub: 'me' });
      auth.authenticateToken(token).then(({ sub }) => setImmediate(() => console.log(sub, JSON.stringify(warnings))));
    `;
    const run = (...flags) =>
      spawnSync(process.execPath, [...flags, '-e', script], { cwd: import.meta.dirname, encoding: 'utf8' });
    const heard = run();
    assert.equal(heard.stdout, 'me ["MJWT_SHORT_SECRET"]\n');
    assert.match(heard.stderr, /RFC 7518 section 3\.2/);
    assert.doesNotMatch(heard.stderr, /'short'|tiny/);
    assert.equal(run('--disable-warning=MJWT_SHORT_SECRET').stderr, '');
    assert.equal(createVerifier({ secret: 'short' })(forge({ sub: 'me' }, HEADER, 'short')).sub, 'me');
  });

  it('is warned of when it only signs', async () => {
    const script = `require('mastra-jwt').createSigner({ secret: 'short' })({})`;
    const { stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    assert.match(stderr, /MJWT_SHORT_SECRET/);
  });

  it('is not seen in one that is long enough', async () => {
    const script = `new (require('mastra-jwt').MastraJwtAuth)({ secret: 'x'.repeat(32) })`;
    const { stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
  });
});

describe('secrecy', () => {
  it('shows the secret nowhere', async () => {
    const { inspect } = await import('node:util');
    for (const secret of [SECRET, Buffer.from(SECRET), [{ kid: 'a', secret: SECRET }]]) {
      const auth = new MastraJwtAuth({ secret });
      const shown = [
        inspect(auth, { depth: Infinity, showHidden: true, getters: true }),
        inspect(createVerifier({ secret }), { depth: Infinity, showHidden: true }),
        JSON.stringify(auth),
        String(auth),
        JSON.stringify(Object.getOwnPropertyDescriptors(auth)),
        ...Reflect.ownKeys(auth).map((key) => inspect(auth[key], { depth: Infinity, showHidden: true })),
      ].join('\n');
      assert.ok(!shown.includes(SECRET) && !shown.includes(segment(SECRET)));
      assert.ok(!shown.includes([...Buffer.from(SECRET)].slice(0, 8).join(',')));
      assert.ok(!shown.includes(Buffer.from(SECRET).toString('hex').slice(0, 16)));
      assert.equal(auth.secret, undefined);
    }
  });

  it('leaves the secret nowhere on the JavaScript heap', () => {
    const script = `
      const { MastraJwtAuth, createSigner, createVerifier } = require('mastra-jwt');
      const { randomBytes } = require('node:crypto');
      const { readFileSync, rmSync } = require('node:fs');
      const { writeHeapSnapshot } = require('node:v8');
      // The bytes of a Buffer are outside the heap; only what is text is found there.
      const bytes = () => Buffer.from(randomBytes(24).toString('hex'));
      const [given, control] = [bytes(), bytes()];
      const held = control.toString();
      const make = () => [
        new MastraJwtAuth({ secret: given.toString(), isRevoked: () => false, authorizeUser: () => true, mapUserToResourceId: 'sub' }),
        new MastraJwtAuth({ secret: [{ kid: 'a', secret: given.toString() }], quiet: true, algorithms: ['HS512'] }),
        createVerifier({ secret: given.toString(), issuer: 'me' }),
        createSigner({ secret: given.toString(), issuer: 'me' }),
      ];
      const made = make();
      (async () => {
        for (let at = 0; at < 10; at++) { gc(); await new Promise(setImmediate); }
        const file = writeHeapSnapshot(require('node:path').join(require('node:os').tmpdir(), 'mastra-jwt-' + process.pid + '.heapsnapshot'));
        const snapshot = readFileSync(file, 'utf8');
        rmSync(file);
        console.log(made.length, held.length, snapshot.includes(control.toString()), snapshot.includes(given.toString()));
      })();
    `;
    const options = { cwd: import.meta.dirname, encoding: 'utf8' };
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', script], options);
    assert.equal(stdout, '4 48 true false\n', stderr);
  });

  it('shows neither token nor secret in an error', async () => {
    const { inspect } = await import('node:util');
    const verify = createVerifier({ secret: SECRET, issuer: 'a', requiredClaims: ['role'] });
    const inClaims = { note: 'confidential-claim-text' };
    const tokens = [
      tampered(forge(inClaims)),
      forge({ ...inClaims, exp: 1 }),
      forge(inClaims),
      `x${forge(inClaims)}`,
      'not-a-token-at-all',
    ];
    for (const token of tokens) {
      const error = await errorOf(() => verify(token));
      const shown = [
        inspect(error, { depth: Infinity, showHidden: true }),
        JSON.stringify(error),
        String(error),
        error.stack,
      ].join('\n');
      for (const part of [SECRET, 'confidential', ...token.split('.')])
        assert.ok(!shown.includes(part), part);
    }
    for (const options of [
      { secret: [{ secret: SECRET, kid: 5 }] },
      { secret: SECRET, typo: SECRET },
      { secret: SECRET, clockTolerance: SECRET },
    ]) {
      assert.ok(
        !inspect(await errorOf(() => createVerifier(options)), { showHidden: true }).includes(SECRET),
      );
    }
  });
});
