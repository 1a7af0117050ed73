import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, describe, it, mock } from 'node:test';
import { MastraJwtAuth as Reference } from '@mastra/auth';
import * as esm from 'mastra-jwt';
import { backend, errorOf, fieldsOf, forge, OTHER_SECRET, SECRET, tampered, withEnv } from './support.mjs';

const { JsonWebTokenError, MastraJwtAuth, NotBeforeError, TokenExpiredError } = esm;

const request = (authorization) =>
  new Request('http://localhost/api/auth/me', {
    headers: authorization === undefined ? {} : { authorization },
  });

afterEach(() => mock.timers.reset());

describe('the package', () => {
  it('is one implementation for import and require', () => {
    const cjs = createRequire(import.meta.url)('mastra-jwt');
    const names = Object.keys(esm).filter((name) => name !== 'module.exports');
    assert.deepEqual(names.sort(), Object.keys(cjs).sort());
    for (const name of names) assert.equal(esm[name], cjs[name], name);
  });

  it('exports all that @mastra/auth exports', async () => {
    for (const name of Object.keys(await import('@mastra/auth')))
      assert.equal(typeof esm[name], 'function', name);
  });
});

describe('constructing MastraJwtAuth', () => {
  const withoutSecret = (options) => () =>
    withEnv('JWT_AUTH_SECRET', undefined, () => new MastraJwtAuth(options));

  it('takes the secret from the option, else from JWT_AUTH_SECRET', async () => {
    const token = forge({ sub: 'me' });
    for (const options of [undefined, null, {}, { secret: undefined }, { secret: null }]) {
      const auth = withEnv('JWT_AUTH_SECRET', SECRET, () => new MastraJwtAuth(options));
      assert.equal((await auth.authenticateToken(token)).sub, 'me');
    }
    const auth = withEnv('JWT_AUTH_SECRET', OTHER_SECRET, () => new MastraJwtAuth({ secret: SECRET }));
    assert.equal((await auth.authenticateToken(token)).sub, 'me');
  });

  it('says that a secret is required where there is none', async () => {
    for (const options of [undefined, {}, { secret: '' }, { secret: [] }]) {
      const error = await errorOf(withoutSecret(options));
      assert.equal(error.message, 'JWT auth secret is required');
      assert.equal(error.constructor, Error);
      assert.equal(error.code, 'MJWT_NO_KEYS');
    }
    // An empty secret does not fall back, as in the reference.
    const fallback = (Auth) =>
      errorOf(() => withEnv('JWT_AUTH_SECRET', SECRET, () => new Auth({ secret: '' })));
    assert.equal((await fallback(MastraJwtAuth)).message, (await fallback(Reference)).message);
  });

  it('does not fall back to JWT_AUTH_SECRET beside jwks', async () => {
    const jwks = { keys: [{ kty: 'oct', k: Buffer.from(SECRET).toString('base64url') }] };
    const auth = withEnv('JWT_AUTH_SECRET', OTHER_SECRET, () => new MastraJwtAuth({ jwks }));
    assert.equal((await auth.authenticateToken(forge({ sub: 'me' }))).sub, 'me');
    const error = await errorOf(() => auth.authenticateToken(forge({ sub: 'me' }, undefined, OTHER_SECRET)));
    assert.equal(error.message, 'invalid signature');
  });

  it('names an unknown option', async () => {
    for (const name of ['secrets', 'expiresIn', 'constructor', '__proto__', 'hasOwnProperty']) {
      const options = { secret: SECRET };
      Object.defineProperty(options, name, { value: 'x', enumerable: true });
      const error = await errorOf(() => new MastraJwtAuth(options));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, new RegExp(`unknown option "${name}"`));
      assert.equal(error.code, 'MJWT_INVALID_ARGUMENT');
    }
  });

  const wrong = {
    secret: [5, true, {}, [{}], ['x'], [{ secret: 5 }], [{ secret: 'x', kid: 5 }], [{ secret: 'x', key: 1 }]],
    jwks: [5, {}, '', { keys: {} }, null],
    algorithms: ['HS256', [], ['RS256'], ['none'], [5], null],
    issuer: ['', [], [''], 5, null],
    audience: ['', [], [5], /x/, null],
    subject: ['', 5, ['x'], null],
    jwtid: ['', 5, null],
    typ: ['', 5, null],
    clockTolerance: [-1, 86_401, 1.5, NaN, '5', null],
    maxTokenAge: [0, -1, NaN, Infinity, '', 'soon', '1500ms', true, null],
    requiredClaims: ['exp', [], [''], [5], null],
    checkIat: [1, 'true', null],
    name: [5, {}],
    authorizeUser: ['x', true, {}],
    mapUserToResourceId: ['id', true, {}],
    mapUser: ['x', {}],
    isRevoked: ['x', {}, null],
    quiet: [1, 'yes', null],
    protected: ['/x', {}],
    public: ['/x', /x/],
  };
  for (const [name, values] of Object.entries(wrong)) {
    it(`refuses a wrong type of ${name}, naming it`, async () => {
      for (const value of values) {
        const error = await errorOf(() => new MastraJwtAuth({ secret: SECRET, [name]: value }));
        assert.ok(error instanceof TypeError, `${JSON.stringify(value)}: ${error}`);
        assert.match(error.message, new RegExp(`option "${name}" must `));
        assert.equal(error.code, 'MJWT_INVALID_ARGUMENT');
      }
    });
  }

  it('checks inherited options too', async () => {
    class Options {
      get secret() {
        return 5;
      }
    }
    assert.match((await errorOf(() => new MastraJwtAuth(new Options()))).message, /option "secret" must be/);
  });

  it('refuses options that are not an object', async () => {
    for (const options of ['secret', 5, true]) {
      assert.ok((await errorOf(() => new MastraJwtAuth(options))) instanceof TypeError);
    }
  });

  it('takes undefined for absent in every option, and null where the reference does', async () => {
    const unset = Object.fromEntries(Object.keys(wrong).map((name) => [name, undefined]));
    const nulls = {
      name: null,
      authorizeUser: null,
      mapUserToResourceId: null,
      mapUser: null,
      protected: null,
    };
    const auth = new MastraJwtAuth({ ...unset, ...nulls, public: null, secret: SECRET });
    assert.equal((await auth.authenticateToken(forge({ sub: 'me' }))).sub, 'me');
    assert.equal(auth.name, 'jwt');
  });

  it('says of a PEM block that a shared secret is wanted', async () => {
    const pem =
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n';
    for (const secret of [pem, Buffer.from(pem), [{ secret: pem }]]) {
      const error = await errorOf(() => new MastraJwtAuth({ secret }));
      assert.equal(error.code, 'MJWT_INVALID_ARGUMENT');
      assert.match(error.message, /PEM/);
      assert.match(error.message, /shared secret/);
    }
  });

  it('says of a bad list of keys what is wrong', async () => {
    const twice = [
      { kid: 'a', secret: SECRET },
      { kid: 'a', secret: OTHER_SECRET },
    ];
    assert.equal((await errorOf(() => new MastraJwtAuth({ secret: twice }))).code, 'MJWT_DUPLICATE_KID');
    const jwks = (...keys) => errorOf(() => new MastraJwtAuth({ jwks: { keys } }));
    assert.equal((await jwks({ kty: 'oct' })).code, 'MJWT_JWK_SYNTAX');
    assert.equal((await jwks({ kty: 'RSA', n: 'AQAB', e: 'AQAB' })).code, 'MJWT_JWK_UNSUPPORTED');
    assert.equal((await errorOf(() => new MastraJwtAuth({ jwks: '{"keys":' }))).code, 'MJWT_JWK_SYNTAX');
    for (const secret of [new Uint8Array(0), [{ secret: '' }]]) {
      assert.equal((await errorOf(() => new MastraJwtAuth({ secret }))).code, 'MJWT_KEY_TOO_SHORT');
    }
  });
});

describe('the parts that Mastra reads', () => {
  it('are those of the reference', () => {
    const options = {
      secret: SECRET,
      name: 'mine',
      public: ['/open', /^\/x/],
      protected: [['/api/*', 'GET']],
    };
    for (const given of [{ secret: SECRET }, options]) {
      const [ours, theirs] = [new MastraJwtAuth(given), new Reference(given)];
      for (const part of ['name', 'component', 'public', 'protected', 'mapUserToResourceId']) {
        assert.deepEqual(ours[part], theirs[part], part);
      }
      assert.equal(ours.toRawConfig(), theirs.toRawConfig());
    }
  });

  it('leave mapUserToResourceId undefined when it is not set', () => {
    assert.equal(new MastraJwtAuth({ secret: SECRET }).mapUserToResourceId, undefined);
  });

  it('do not define what makes Mastra take a provider for another kind', () => {
    const auth = new MastraJwtAuth({ secret: SECRET });
    const foreign = [
      'signIn',
      'signUp',
      'getLoginUrl',
      'handleCallback',
      'createSession',
      'validateSession',
      'canAccess',
    ];
    for (const name of [
      ...foreign,
      'isSimpleAuth',
      'isMastraCloudAuth',
      'init',
      'handleAuthRequest',
      'authorize',
    ]) {
      assert.ok(!(name in auth), name);
    }
  });

  it('map the resource by function or by preset', () => {
    const mapped = (mapUserToResourceId, user) =>
      new MastraJwtAuth({ secret: SECRET, mapUserToResourceId }).mapUserToResourceId(user);
    assert.equal(
      mapped((user) => user.team, { team: 't1' }),
      't1',
    );
    assert.equal(mapped('sub', { sub: 'me' }), 'me');
    for (const sub of [undefined, 5, null, {}]) assert.equal(mapped('sub', { sub }), undefined);
  });

  it('keep the raw configuration and the logger that Mastra sets', () => {
    class Provider extends MastraJwtAuth {
      get log() {
        return this.logger;
      }
    }
    const auth = new Provider({ secret: SECRET });
    for (const level of ['debug', 'info', 'warn', 'error']) assert.equal(typeof auth.log[level], 'function');
    const raw = { type: 'jwt' };
    auth.__setRawConfig(raw);
    assert.equal(auth.toRawConfig(), raw);
    const plain = { debug() {}, info() {}, warn() {}, error() {} };
    auth.__setLogger(plain);
    assert.equal(auth.log, plain);
    const child = mock.fn(() => plain);
    auth.__setLogger({ ...plain, child });
    assert.deepEqual(child.mock.calls[0].arguments, [{ component: 'AUTH' }]);
    assert.equal(auth.log, plain);
    const odd = { ...plain, child: 'none' };
    auth.__setLogger(odd);
    assert.equal(auth.log, odd);
  });

  it('log errors to the console, and nothing else, before that', (context) => {
    const written = ['log', 'info', 'warn', 'error', 'debug'].map((name) =>
      context.mock.method(console, name, () => {}),
    );
    class Provider extends MastraJwtAuth {
      say() {
        for (const level of ['debug', 'info', 'warn', 'error']) this.logger[level](level, 1);
      }
    }
    new Provider({ secret: SECRET }).say();
    assert.deepEqual(
      written.flatMap((method) => method.mock.calls.map((call) => call.arguments)),
      [['error', 1]],
    );
  });
});

describe('authenticateToken', () => {
  const auth = new MastraJwtAuth({ secret: SECRET });

  it('gives the claims as a fresh object each time', async () => {
    const claims = { sub: 'me', aud: ['a', 'b'], nested: { list: [1, null, 'ü😀'] } };
    const token = forge(claims);
    const [first, second] = [await auth.authenticateToken(token), await auth.authenticateToken(token)];
    assert.deepEqual(first, claims);
    assert.notEqual(first, second);
    assert.notEqual(first.nested, second.nested);
  });

  it('accepts HS256, HS384 and HS512, and only what algorithms names', async () => {
    const narrow = new MastraJwtAuth({ secret: SECRET, algorithms: ['HS512'] });
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const token = forge({ sub: 'me' }, { alg, typ: 'JWT' });
      assert.equal((await auth.authenticateToken(token)).sub, 'me');
      const result = narrow.authenticateToken(token);
      if (alg === 'HS512') assert.equal((await result).sub, 'me');
      else assert.equal((await errorOf(() => result)).message, 'invalid algorithm');
    }
  });

  it('words a token that is not a string as the reference does', async () => {
    const reference = new Reference({ secret: SECRET });
    for (const token of [
      undefined,
      null,
      '',
      0,
      NaN,
      false,
      5,
      true,
      {},
      [],
      Symbol('x'),
      5n,
      new String('a.b.c'),
    ]) {
      const [ours, theirs] = await Promise.all(
        [auth, reference].map((it) => errorOf(() => it.authenticateToken(token))),
      );
      assert.deepEqual(fieldsOf(ours), fieldsOf(theirs));
      assert.equal(ours.code, 'MJWT_TOKEN_FORMAT');
    }
  });

  it('refuses what is not exactly the token', async () => {
    const token = forge({ sub: 'me' });
    const bare = [
      `Bearer ${token}`,
      `bearer ${token}`,
      ` ${token}`,
      `${token} `,
      `${token}\n`,
      `${token}=`,
      `${token}.`,
    ];
    // Characters whose low byte is that of the right one.
    const folded = [...token].map(
      (_, at) => token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) + 256) + token.slice(at + 1),
    );
    for (const wrong of [...bare, ...folded, token.slice(0, -1), tampered(token), `${token}\0`]) {
      assert.ok((await errorOf(() => auth.authenticateToken(wrong))) instanceof JsonWebTokenError, wrong);
    }
  });

  it('reads the clock that the program sees', async () => {
    mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    const token = forge({ nbf: 1000, exp: 1010 });
    assert.equal((await auth.authenticateToken(token)).exp, 1010);
    mock.timers.setTime(1_009_999);
    assert.equal((await auth.authenticateToken(token)).exp, 1010);
    mock.timers.setTime(1_010_000);
    const late = await errorOf(() => auth.authenticateToken(token));
    assert.ok(
      late instanceof TokenExpiredError && late instanceof JsonWebTokenError && late instanceof Error,
    );
    assert.deepEqual(
      { ...late },
      {
        name: 'TokenExpiredError',
        message: 'jwt expired',
        expiredAt: new Date(1_010_000),
        code: 'MJWT_EXPIRED',
      },
    );
    mock.timers.setTime(999_999);
    const early = await errorOf(() => auth.authenticateToken(token));
    assert.ok(early instanceof NotBeforeError && early instanceof JsonWebTokenError);
    assert.deepEqual(
      { ...early },
      {
        name: 'NotBeforeError',
        message: 'jwt not active',
        date: new Date(1_000_000),
        code: 'MJWT_NOT_YET_VALID',
      },
    );
  });

  it('treats __proto__ in the claims as JSON.parse does', async () => {
    const text = '{"__proto__":{"admin":true},"constructor":1,"sub":"me"}';
    const payload = await auth.authenticateToken(forge(text));
    assert.deepEqual(Object.entries(payload), Object.entries(JSON.parse(text)));
    assert.equal(Object.getPrototypeOf(payload), Object.prototype);
    assert.equal(payload.admin, undefined);
    assert.equal({}.admin, undefined);
  });

  it('verifies with each of several secrets, and signs with the first', async () => {
    const rotating = new MastraJwtAuth({
      secret: [
        { kid: 'new', secret: SECRET },
        { kid: 'old', secret: Buffer.from(OTHER_SECRET) },
      ],
    });
    const old = forge({ sub: 'old' }, { alg: 'HS256', typ: 'JWT', kid: 'old' }, OTHER_SECRET);
    assert.equal((await rotating.authenticateToken(old)).sub, 'old');
    const { header } = await esm.decodeToken(rotating.sign({ sub: 'me' }));
    assert.deepEqual(header, { alg: 'HS256', typ: 'JWT', kid: 'new' });
    const mixed = forge({ sub: 'old' }, { alg: 'HS256', kid: 'new' }, OTHER_SECRET);
    assert.equal((await errorOf(() => rotating.authenticateToken(mixed))).code, 'MJWT_SIGNATURE');
    const unknown = forge({ sub: 'me' }, { alg: 'HS256', kid: 'else' });
    assert.equal((await errorOf(() => rotating.authenticateToken(unknown))).code, 'MJWT_UNKNOWN_KID');
  });

  it('asks isRevoked, sync or async, after all else holds', async () => {
    const seen = [];
    for (const answer of [(value) => value, async (value) => value]) {
      const isRevoked = (payload) => (seen.push(payload.jti), answer(payload.jti === 'bad'));
      const guarded = new MastraJwtAuth({ secret: SECRET, isRevoked });
      assert.equal((await guarded.authenticateToken(forge({ jti: 'good' }))).jti, 'good');
      const error = await errorOf(() => guarded.authenticateToken(forge({ jti: 'bad' })));
      assert.ok(error instanceof JsonWebTokenError);
      assert.deepEqual(
        { ...error },
        { name: 'JsonWebTokenError', message: 'jwt revoked', code: 'MJWT_REVOKED' },
      );
      await errorOf(() => guarded.authenticateToken(tampered(forge({ jti: 'unseen' }))));
      await errorOf(() => guarded.authenticateToken(forge({ jti: 'unseen', exp: 1 })));
    }
    assert.deepEqual(seen, ['good', 'bad', 'good', 'bad']);
  });

  it('lets nobody in when isRevoked fails, quiet or not', async () => {
    for (const quiet of [true, false]) {
      const down = new Error('redis is down');
      for (const isRevoked of [
        () => {
          throw down;
        },
        () => Promise.reject(down),
      ]) {
        const guarded = new MastraJwtAuth({ secret: SECRET, quiet, isRevoked });
        assert.equal(await errorOf(() => guarded.authenticateToken(forge({}))), down);
      }
    }
  });

  it('returns null for a refused token when quiet', async () => {
    const quiet = new MastraJwtAuth({ secret: SECRET, quiet: true, isRevoked: ({ jti }) => jti === 'bad' });
    const refused = [undefined, '', 5, 'x', tampered(forge({})), forge({ exp: 1 }), forge({ jti: 'bad' })];
    for (const token of refused) assert.equal(await quiet.authenticateToken(token), null);
    assert.equal((await quiet.authenticateToken(forge({ sub: 'me' }))).sub, 'me');
  });

  it('captures no stack for a refused token, and leaves the limit as it was', async () => {
    const before = Error.stackTraceLimit;
    const error = await errorOf(() => auth.authenticateToken('x'));
    assert.equal(error.stack, 'JsonWebTokenError: jwt malformed');
    assert.equal(Error.stackTraceLimit, before);
    assert.match(new Error('here').stack, /mastra-jwt-auth\.test/);
  });
});

describe('authorizeUser', () => {
  it('is truthiness unless given', async () => {
    const auth = new MastraJwtAuth({ secret: SECRET });
    assert.equal(await auth.authorizeUser({ sub: 'me' }), true);
    for (const nobody of [null, undefined, false]) assert.equal(await auth.authorizeUser(nobody), false);
  });

  it('is bound to the instance and gets the request', async () => {
    const auth = new MastraJwtAuth({
      secret: SECRET,
      authorizeUser(user, asked) {
        return this === auth && user.sub === 'me' && asked === 'request';
      },
    });
    const { authorizeUser } = auth;
    assert.equal(authorizeUser({ sub: 'me' }, 'request'), true);
    assert.equal(authorizeUser({ sub: 'you' }, 'request'), false);
  });
});

describe('getCurrentUser', () => {
  const claims = { sub: 'u1', email: 'a@b.c', name: 'Ada', picture: 'https://p' };

  it('maps the claims as the reference does', async () => {
    const [auth, reference] = [new MastraJwtAuth({ secret: SECRET }), new Reference({ secret: SECRET })];
    const payloads = [
      claims,
      { sub: 'u1' },
      { id: 'u2' },
      { sub: '', id: 'u2' },
      { sub: 5, id: 'u3', email: 5, name: null },
      {},
      { id: 7 },
      { sub: 'u', avatarUrl: 'a', avatar_url: 'b', picture: 'c' },
      { sub: 'u', avatar_url: 'b', picture: 'c' },
      { sub: 'u', avatarUrl: '', picture: 'c' },
    ];
    for (const payload of payloads) {
      const asked = request(`Bearer ${forge(payload)}`);
      assert.deepEqual(await auth.getCurrentUser(asked), await reference.getCurrentUser(asked));
    }
    const found = await auth.getCurrentUser(request(`Bearer ${forge(claims)}`));
    assert.deepEqual(found, { id: 'u1', email: 'a@b.c', name: 'Ada', avatarUrl: 'https://p' });
  });

  it('takes Bearer in any case, trimmed, and nothing else', async () => {
    const auth = new MastraJwtAuth({ secret: SECRET });
    const token = forge(claims);
    for (const header of [`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`]) {
      assert.equal((await auth.getCurrentUser(request(header)))?.id, 'u1', header);
    }
    const schemes = ['Basic', 'Digest', 'Beares'].map((scheme) => `${scheme} ${token}`);
    for (const header of [undefined, '', token, ...schemes, 'Bearer', 'Bearer x', `Bearer${token}`]) {
      assert.equal(await auth.getCurrentUser(request(header)), null, header);
    }
  });

  it('is null on any failure', async () => {
    const good = request(`Bearer ${forge(claims)}`);
    const failing = [
      { authorizeUser: () => false },
      {
        authorizeUser: () => {
          throw new Error('no');
        },
      },
      { authorizeUser: async () => Promise.reject(new Error('no')) },
      { mapUser: () => null },
      {
        mapUser: () => {
          throw new Error('no');
        },
      },
      { mapUser: async () => Promise.reject(new Error('no')) },
      { isRevoked: () => true },
      {
        isRevoked: () => {
          throw new Error('no');
        },
      },
    ];
    for (const options of failing) {
      assert.equal(await new MastraJwtAuth({ secret: SECRET, ...options }).getCurrentUser(good), null);
    }
    const auth = new MastraJwtAuth({ secret: SECRET });
    for (const odd of [undefined, {}, { headers: {} }]) assert.equal(await auth.getCurrentUser(odd), null);
  });

  it('asks for nothing where there is no token', async () => {
    const onRefused = mock.fn();
    const asked = mock.fn();
    class Custom extends MastraJwtAuth {
      async authenticateToken(token, given) {
        asked();
        return super.authenticateToken(token, given);
      }
    }
    const auth = new Custom({ secret: SECRET, onRefused });
    for (const header of [undefined, '', 'Basic x', 'Bearer', 'Bearer  ']) {
      assert.equal(await auth.getCurrentUser(request(header)), null);
    }
    assert.deepEqual([asked.mock.callCount(), onRefused.mock.callCount()], [0, 0]);
  });

  it('maps nobody to a user when quiet', async () => {
    const mapUser = mock.fn(() => ({ id: 'anyone' }));
    const auth = new MastraJwtAuth({ secret: SECRET, quiet: true, authorizeUser: () => true, mapUser });
    assert.equal(await auth.getCurrentUser(request('Bearer x')), null);
    assert.equal(mapUser.mock.callCount(), 0);
  });

  it('goes through what a subclass overrides', async () => {
    const calls = [];
    class Custom extends MastraJwtAuth {
      async authenticateToken(token, asked) {
        calls.push(['authenticate', asked instanceof Request]);
        return { ...(await super.authenticateToken(token, asked)), role: 'admin' };
      }
      async authorizeUser(user, asked) {
        calls.push(['authorize', user.role, asked instanceof Request]);
        return super.authorizeUser(user, asked);
      }
    }
    const auth = new Custom({ secret: SECRET, mapUser: (user) => ({ id: user.role }) });
    assert.deepEqual(await auth.getCurrentUser(request(`Bearer ${forge(claims)}`)), { id: 'admin' });
    assert.deepEqual(calls, [
      ['authenticate', true],
      ['authorize', 'admin', true],
    ]);
  });

  it('goes through a mapper that a subclass sets', async () => {
    class Custom extends MastraJwtAuth {
      constructor(options) {
        super(options);
        this.mapUser = (payload) => ({ id: `x-${payload.sub}` });
      }
      mapUserToResourceId(user) {
        return `r-${user.sub}`;
      }
    }
    const auth = new Custom({ secret: SECRET });
    assert.deepEqual(await auth.getCurrentUser(request(`Bearer ${forge(claims)}`)), { id: 'x-u1' });
    assert.equal(auth.mapUserToResourceId({ sub: 'u1' }), 'r-u1');
  });
});

describe('the option cookie', () => {
  const auth = new MastraJwtAuth({ secret: SECRET, cookie: 'mastra-token' });
  const [token, other] = [forge({ sub: 'me' }), forge({ sub: 'you' })];
  /** The requests that bring a Cookie header, as servers hand them over. */
  const requests = (cookie) => [
    new Request('http://localhost/', { headers: { cookie } }),
    { header: (name) => (name === 'cookie' ? cookie : undefined) },
    { headers: new Headers({ cookie }), header: () => 'mastra-token=x' },
    {
      line: cookie,
      header(name) {
        return name === 'cookie' ? this.line : undefined;
      },
    },
  ];
  const subjectOf = async (cookie, provider = auth) => {
    const found = await Promise.all(
      requests(cookie).map((asked) =>
        provider.authenticateToken('', asked).then(
          ({ sub }) => sub,
          (error) => error.code,
        ),
      ),
    );
    assert.equal(new Set(found).size, 1, cookie);
    return found[0];
  };

  it('takes the token from the cookie of that name alone', async () => {
    for (const cookie of [
      `mastra-token=${token}`,
      `mastra-token="${token}"`,
      `a=b; mastra-token=${token}; c=d`,
      `mastra-token=${token};mastra-token=${token}`,
      `  mastra-token = ${token} ;x`,
      `mastra-token;mastra-token=${token}`,
      `x=mastra-token=${other}; mastra-token=${token}`,
    ])
      assert.equal(await subjectOf(cookie), 'me', cookie);
    for (const cookie of [
      '',
      'mastra-token',
      'mastra-token=',
      `mastra-token=${token}; mastra-token=${other}`,
      `mastra-token=${token}; mastra-token=`,
      `mastra-token=""${token}`,
      `Mastra-Token=${token}`,
      `xmastra-token=${token}`,
      `mastra-tokenx=${token}`,
      `=${token}`,
      `mastra-token:${token}`,
      `mastra-token=${token}x`,
    ])
      assert.match(await subjectOf(cookie), /^MJWT_/, cookie);
  });

  it('is asked only where the header brings no token', async () => {
    for (const asked of requests(`mastra-token=${token}`)) {
      assert.equal((await auth.authenticateToken(other, asked)).sub, 'you');
      assert.equal((await errorOf(() => auth.authenticateToken('x', asked))).code, 'MJWT_TOKEN_FORMAT');
      for (const none of ['', undefined, null])
        assert.equal((await auth.authenticateToken(none, asked)).sub, 'me');
    }
    const both = (authorization) =>
      new Request('http://localhost/', { headers: { authorization, cookie: `mastra-token=${token}` } });
    assert.equal((await auth.getCurrentUser(both(`Bearer ${other}`)))?.id, 'you');
    assert.equal(await auth.getCurrentUser(both('Bearer x')), null);
    for (const header of ['Basic x', 'Bearer', ''])
      assert.equal((await auth.getCurrentUser(both(header)))?.id, 'me');
  });

  it('is not asked without the option', async () => {
    const plain = new MastraJwtAuth({ secret: SECRET });
    assert.equal(await subjectOf(`mastra-token=${token}; undefined=${token}`, plain), 'MJWT_TOKEN_FORMAT');
    const asked = new Request('http://localhost/', {
      headers: { cookie: `mastra-token=${token}; undefined=${token}` },
    });
    assert.equal(await plain.getCurrentUser(asked), null);
  });

  it('refuses where there is no request, or none that has a header', async () => {
    for (const asked of [
      undefined,
      null,
      5,
      'x',
      {},
      { headers: {} },
      { header: 'x' },
      { header: () => 5 },
    ]) {
      const error = await errorOf(() => auth.authenticateToken('', asked));
      assert.equal(error.code, 'MJWT_TOKEN_FORMAT');
      assert.equal(error.message, 'jwt must be provided');
    }
  });

  it('is a name that a cookie can have (RFC 6265 section 4.1.1)', async () => {
    for (const cookie of [
      '',
      'a b',
      'a=b',
      'a;b',
      ' a',
      'a ',
      'a"',
      'ä',
      'a,b',
      '(a)',
      'a\n',
      5,
      true,
      null,
      ['a'],
    ]) {
      const error = await errorOf(() => new MastraJwtAuth({ secret: SECRET, cookie }));
      assert.match(error.message, /option "cookie" must be the name of a cookie/);
    }
    const name = "!#$%&'*+-.^_`|~09azAZ";
    assert.equal(
      await subjectOf(`${name}=${token}`, new MastraJwtAuth({ secret: SECRET, cookie: name })),
      'me',
    );
  });
});

describe('the option onRefused', () => {
  it('is told of every token that is refused, and of no other', async () => {
    for (const quiet of [false, true]) {
      const onRefused = mock.fn();
      const isRevoked = ({ jti }) => jti === 'bad';
      const auth = new MastraJwtAuth({ secret: SECRET, quiet, onRefused, isRevoked, issuer: 'a' });
      const asked = request();
      assert.equal((await auth.authenticateToken(forge({ iss: 'a', sub: 'me' }), asked)).sub, 'me');
      assert.equal(onRefused.mock.callCount(), 0);
      const refused = [
        [tampered(forge({ iss: 'a' })), 'MJWT_SIGNATURE', 'invalid signature'],
        [forge({ iss: 'b' }), 'MJWT_ISSUER', 'jwt issuer invalid. expected: a'],
        [forge({ iss: 'a', jti: 'bad' }), 'MJWT_REVOKED', 'jwt revoked'],
        ['', 'MJWT_TOKEN_FORMAT', 'jwt must be provided'],
      ];
      for (const [token, code, message] of refused) {
        onRefused.mock.resetCalls();
        const result = await auth.authenticateToken(token, asked).catch((error) => error);
        assert.equal(onRefused.mock.callCount(), 1);
        const [error, seen] = onRefused.mock.calls[0].arguments;
        assert.ok(error instanceof JsonWebTokenError);
        assert.deepEqual([error.code, error.message, seen], [code, message, asked]);
        assert.equal(result, quiet ? null : error);
      }
      onRefused.mock.resetCalls();
      assert.equal(await auth.getCurrentUser(request('Bearer x')), null);
      assert.equal(onRefused.mock.callCount(), 1);
    }
  });

  it('changes nothing, whatever it returns or throws', async () => {
    const unhandled = mock.fn();
    process.on('unhandledRejection', unhandled);
    const down = new Error('the counter is down');
    for (const onRefused of [
      () => true,
      () => {
        throw down;
      },
      async () => {
        throw down;
      },
      () =>
        new Proxy(
          {},
          {
            get() {
              throw down;
            },
          },
        ),
    ]) {
      for (const quiet of [false, true]) {
        const auth = new MastraJwtAuth({ secret: SECRET, quiet, onRefused });
        const result = await auth.authenticateToken('x').catch((error) => error.code);
        assert.equal(result, quiet ? null : 'MJWT_TOKEN_FORMAT');
      }
    }
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    assert.equal(unhandled.mock.callCount(), 0);
  });

  it('is a function', async () => {
    for (const onRefused of ['x', {}, true, null]) {
      const error = await errorOf(() => new MastraJwtAuth({ secret: SECRET, onRefused }));
      assert.match(error.message, /option "onRefused" must be a function/);
    }
  });
});

describe('replaceKeys', () => {
  const jwks = { keys: [{ kty: 'oct', k: Buffer.from(OTHER_SECRET).toString('base64url') }] };
  const [old, next] = [
    forge({ iss: 'a', sub: 'old' }),
    forge({ iss: 'a', sub: 'next' }, undefined, OTHER_SECRET),
  ];

  it('takes other keys for both uses, and keeps the options', async () => {
    for (const keys of [{ secret: OTHER_SECRET }, { secret: [{ secret: OTHER_SECRET }] }, { jwks }]) {
      const auth = new MastraJwtAuth({ secret: SECRET, issuer: 'a', algorithms: ['HS256'] });
      assert.equal((await auth.authenticateToken(old)).sub, 'old');
      auth.replaceKeys(keys);
      assert.equal((await auth.authenticateToken(next)).sub, 'next');
      assert.equal((await errorOf(() => auth.authenticateToken(old))).code, 'MJWT_SIGNATURE');
      const signed = auth.sign({ iss: 'a', sub: 'own' });
      assert.equal(esm.createVerifier({ secret: OTHER_SECRET })(signed).sub, 'own');
      assert.equal((await auth.authenticateToken(signed)).sub, 'own');
      const foreign = forge({ iss: 'b' }, undefined, OTHER_SECRET);
      assert.equal(
        (await errorOf(() => auth.authenticateToken(foreign))).message,
        'jwt issuer invalid. expected: a',
      );
      const wider = forge({ iss: 'a' }, { alg: 'HS512' }, OTHER_SECRET);
      assert.equal((await errorOf(() => auth.authenticateToken(wider))).code, 'MJWT_ALGORITHM');
    }
  });

  it('keeps the old keys where the new ones are refused', async () => {
    const auth = new MastraJwtAuth({ secret: SECRET, issuer: 'a' });
    const twice = [
      { secret: OTHER_SECRET, kid: 'a' },
      { secret: OTHER_SECRET, kid: 'a' },
    ];
    for (const [keys, code] of [
      [{}, 'MJWT_NO_KEYS'],
      [{ secret: [] }, 'MJWT_NO_KEYS'],
      [{ secret: '' }, 'MJWT_KEY_TOO_SHORT'],
      [{ secret: twice }, 'MJWT_DUPLICATE_KID'],
      [{ jwks: { keys: [{ kty: 'oct' }] } }, 'MJWT_JWK_SYNTAX'],
      [{ secret: OTHER_SECRET, issuer: 'b' }, 'MJWT_INVALID_ARGUMENT'],
      [{ secret: null }, 'MJWT_INVALID_ARGUMENT'],
      [OTHER_SECRET, 'MJWT_INVALID_ARGUMENT'],
      [undefined, 'MJWT_INVALID_ARGUMENT'],
    ]) {
      assert.equal((await errorOf(() => auth.replaceKeys(keys))).code, code);
      assert.equal((await auth.authenticateToken(old)).sub, 'old');
      assert.equal((await errorOf(() => auth.authenticateToken(next))).code, 'MJWT_SIGNATURE');
      assert.equal((await auth.authenticateToken(auth.sign({ iss: 'a', sub: 'own' }))).sub, 'own');
    }
  });

  it('frees the old keys, once, and never those in use', () => {
    const freed = [];
    for (const name of ['createVerifier', 'createSigner']) {
      const make = backend[name];
      mock.method(backend, name, (...given) => {
        const opened = make(...given);
        const of = `${name} ${typeof given[0] === 'string' ? given[0] : given[0][0]}`;
        return { ...opened, free: () => freed.push(of) };
      });
    }
    try {
      const auth = new MastraJwtAuth({ secret: SECRET });
      auth.replaceKeys({ secret: OTHER_SECRET });
      assert.deepEqual(freed, [`createVerifier ${SECRET}`, `createSigner ${SECRET}`]);
      auth.replaceKeys({ secret: SECRET });
      assert.deepEqual(freed.slice(2), [`createVerifier ${OTHER_SECRET}`, `createSigner ${OTHER_SECRET}`]);
    } finally {
      mock.restoreAll();
    }
  });

  it('does not fall back to JWT_AUTH_SECRET', async () => {
    const auth = new MastraJwtAuth({ secret: SECRET });
    const error = await withEnv('JWT_AUTH_SECRET', OTHER_SECRET, () => errorOf(() => auth.replaceKeys({})));
    assert.equal(error.code, 'MJWT_NO_KEYS');
  });
});

describe('the other methods', () => {
  it('getUser knows nobody', async () => {
    assert.equal(await new MastraJwtAuth({ secret: SECRET }).getUser('u1'), null);
  });

  it('registerOptions takes over what is given and leaves the rest', () => {
    class Provider extends MastraJwtAuth {
      register(options) {
        this.registerOptions(options);
      }
    }
    const auth = new Provider({ secret: SECRET, public: ['/a'], mapUserToResourceId: 'sub' });
    auth.register(undefined);
    auth.register({});
    assert.deepEqual(auth.public, ['/a']);
    auth.register({
      protected: ['/b'],
      mapUserToResourceId: () => 'r',
      authorizeUser() {
        return this === auth;
      },
    });
    assert.deepEqual([auth.public, auth.protected], [['/a'], ['/b']]);
    assert.equal(auth.mapUserToResourceId({ sub: 'me' }), 'r');
    assert.equal(auth.authorizeUser({}), true);
  });

  it('sign makes tokens that the provider accepts', async () => {
    const auth = new MastraJwtAuth({ secret: SECRET, algorithms: ['HS384', 'HS256'] });
    const token = auth.sign({ sub: 'me' }, { expiresIn: '1h', keyid: 'k' });
    assert.deepEqual((await esm.decodeToken(token)).header, { alg: 'HS384', typ: 'JWT', kid: 'k' });
    const payload = await auth.authenticateToken(token);
    assert.deepEqual([payload.sub, payload.exp - payload.iat], ['me', 3600]);
  });

  it('sign uses the first accepted algorithm that the key serves, and says when there is none', async () => {
    const k = Buffer.from(SECRET).toString('base64url');
    const jwks = { keys: [{ kty: 'oct', k, alg: 'HS384' }] };
    const some = new MastraJwtAuth({ jwks, algorithms: ['HS256', 'HS384'] });
    assert.equal((await some.authenticateToken(some.sign({ sub: 'me' }))).sub, 'me');
    const keys = [
      { kty: 'oct', k, alg: 'HS384' },
      { kty: 'oct', k, kid: 'b', alg: 'HS256' },
    ];
    const second = new MastraJwtAuth({ jwks: { keys }, algorithms: ['HS256'] });
    assert.equal(
      (await second.authenticateToken(forge({ sub: 'me' }, { alg: 'HS256', kid: 'b' }))).sub,
      'me',
    );
    assert.equal((await errorOf(() => second.sign({}))).code, 'MJWT_INVALID_ARGUMENT');
  });
});
