// Random tokens and options, side by side with what this package replaces: @mastra/auth 1.1.2 and
// jsonwebtoken 9.0.3. What must be true of every token: whatever is accepted here is accepted
// there, with equal claims. Refusals are alike too, except for the differences that `faultsOf`
// writes out, each with its reason.
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { after, before, describe, it, mock } from 'node:test';
import { MastraJwtAuth as Reference } from '@mastra/auth';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { createSigner, createVerifier, JsonWebTokenError, MastraJwtAuth } from 'mastra-jwt';
import { fieldsOf, forge, OTHER_SECRET, seal, SECRET } from './support.mjs';

const NOW = 1_700_000_000;
const LIMIT = 16_384;
const ALGORITHMS = ['HS256', 'HS384', 'HS512'];
const RUNS = Number(process.env.MASTRA_JWT_RUNS ?? 3000);

const auth = new MastraJwtAuth({ secret: SECRET });
const reference = new Reference({ secret: SECRET });

before(() => mock.timers.enable({ apis: ['Date'], now: NOW * 1000 }));
after(() => mock.timers.reset());

/** `{ claims }` or `{ error }`. */
async function outcome(call) {
  try {
    return { claims: await call() };
  } catch (error) {
    return { error };
  }
}

const both = (token) =>
  Promise.all([auth, reference].map((provider) => outcome(() => provider.authenticateToken(token))));

/** Comparable, an invalid date included. */
const shown = (error) => JSON.stringify({ ...fieldsOf(error) });

const inAlphabet = (segment) => /^[\w-]*$/.test(segment);
const isCanonical = (segment) => Buffer.from(segment, 'base64url').toString('base64url') === segment;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const hasInfinity = (value) =>
  value === Infinity ||
  value === -Infinity ||
  (typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity));
function parsed(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const ANY = Symbol('a defect of the reference: it throws something that is no JsonWebTokenError');

/**
 * Everything that is wrong with a token, in the order in which it is checked here: what is said
 * here, and what the reference says of it (`there`, absent where it does not mind). Where the two
 * differ, `why` tells.
 */
function faultsOf(token, { repeated }) {
  const faults = [];
  const fault = (here, there, why) => faults.push({ here, there, why });
  const same = (message) => fault(message, message);
  const stricter = (here, why) => fault(here, undefined, why);

  if (Buffer.byteLength(token) > LIMIT) stricter('jwt malformed', 'the size limit');
  const segments = token.split('.');
  if (segments.length !== 3) {
    same('jwt malformed');
    return faults;
  }
  const [header, payload, signature] = segments;
  if (header === '' || payload === '') {
    fault(
      'jwt malformed',
      'invalid token',
      'an empty segment is malformed, not invalid (RFC 7515 section 7.1)',
    );
    return faults;
  }

  if (!inAlphabet(header)) same('invalid token');
  else if (!isCanonical(header)) stricter('invalid token', 'RFC 4648 section 3.5');
  const headerBytes = Buffer.from(header, 'base64');
  if (!isUtf8(headerBytes)) stricter('invalid token', 'RFC 7515 section 5.2');
  const head = parsed(headerBytes.toString('latin1'))?.value;
  if (!head) same('invalid token');
  else if (!isObject(head))
    fault('invalid token', 'invalid algorithm', 'a header is an object (RFC 7515 section 4)');
  if (repeated) stricter('invalid token', 'RFC 7515 section 4');
  if (signature === '') same('jwt signature is required');
  if (isObject(head)) {
    if (!ALGORITHMS.includes(head.alg)) same('invalid algorithm');
    if (Object.hasOwn(head, 'crit')) stricter('invalid token', 'RFC 7515 section 4.1.11');
  }
  if (signature !== '' && !inAlphabet(signature)) {
    fault('invalid signature', 'invalid token', 'the signature is compared, never decoded');
  } else if (signature !== '' && ALGORITHMS.includes(head?.alg)) {
    const mac = createHmac(`sha${head.alg.slice(2)}`, SECRET)
      .update(`${header}.${payload}`)
      .digest('base64url');
    if (mac !== signature) same('invalid signature');
  }

  if (!inAlphabet(payload)) same('invalid token');
  else if (!isCanonical(payload)) stricter('invalid token', 'RFC 4648 section 3.5');
  const payloadBytes = Buffer.from(payload, 'base64');
  if (!isUtf8(payloadBytes)) stricter('invalid token', 'RFC 7519 section 7.2');
  const isJwt = head?.typ === 'JWT';
  const body = parsed(payloadBytes.toString());
  if (body === undefined) fault('invalid token', isJwt ? ANY : undefined, 'RFC 7519 section 7.2');
  else if (!isObject(body.value)) {
    fault('invalid token', isJwt && body.value === null ? ANY : undefined, 'RFC 7519 section 7.2');
  } else if (hasInfinity(body.value)) stricter('invalid token', 'no double holds the number');
  const claims = isObject(body?.value) ? body.value : {};
  const has = (name) => claims[name] !== undefined;
  if (has('nbf') && typeof claims.nbf !== 'number') same('invalid nbf value');
  if (typeof claims.nbf === 'number' && claims.nbf > NOW) same('jwt not active');
  if (has('exp') && typeof claims.exp !== 'number') same('invalid exp value');
  if (typeof claims.exp === 'number' && NOW >= claims.exp) same('jwt expired');
  if (has('iat') && typeof claims.iat !== 'number') stricter('invalid iat value', 'RFC 7519 section 4.1.6');
  return faults;
}

const often = (value, weight) => ({ arbitrary: fc.constant(value), weight });
const pick = (usual, weight, ...others) =>
  fc.oneof(often(usual, weight), ...others.map((value) => fc.constant(value)));
/** An object with some of the members. */
const some = (members) => fc.record(members, { requiredKeys: [] });
const json = (arbitrary) => arbitrary.map((value) => ({ text: Buffer.from(JSON.stringify(value)) }));
const texts = (...list) => fc.constantFrom(...list).map((text) => ({ text: Buffer.from(text) }));

const time = fc.oneof(
  fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + 0.5, NOW - 0.5, 0, -1, 1e308, NOW + 1e6, NOW + 1e6),
  { arbitrary: fc.constantFrom('5', null, true, [], {}, ''), weight: 1 },
);
const past = fc.constantFrom(0, -5, NOW - 1, NOW);
const future = fc.constantFrom(NOW + 1, NOW + 0.1, NOW + 1e6, 1e15);
const others = fc.dictionary(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'sub', 'aud')),
  fc.jsonValue(),
  { maxKeys: 4 },
);

const headers = fc.oneof(
  {
    arbitrary: json(
      fc.record(
        { alg: pick('HS256', 6, 'HS384', 'HS512'), typ: pick('JWT', 4, 'jwt', 'at+jwt', 5) },
        { requiredKeys: ['alg'] },
      ),
    ),
    weight: 8,
  },
  json(
    fc.record(
      {
        alg: fc.constantFrom('HS256', 'none', 'RS256', 'hs256', 'HS2560', 5, null, ['HS256']),
        typ: fc.constant('JWT'),
      },
      { requiredKeys: [] },
    ),
  ),
  json(
    fc
      .tuple(
        fc.constant({ alg: 'HS256' }),
        some({
          kid: fc.oneof(fc.string(), fc.integer(), fc.constant('ü')),
          crit: fc.constantFrom(['exp'], [], null),
          x: fc.jsonValue(),
        }),
      )
      .map(([a, b]) => ({ ...a, ...b })),
  ),
  texts(
    '',
    '{',
    'null',
    '0',
    'false',
    '""',
    '[]',
    '5',
    'true',
    '"HS256"',
    '[{"alg":"HS256"}]',
    ' {"alg" : "HS256"}\n',
    '{"alg":"HS256",}',
    '\ufeff{"alg":"HS256"}',
    '{"\\u0061lg":"HS256"}',
  ),
  fc
    .constantFrom(
      '{"alg":"HS256","alg":"HS256"}',
      '{"alg":"none","alg":"HS256"}',
      '{"alg":"HS256","kid":"a","kid":"a"}',
      '{"alg":"HS256","\\u0061lg":"HS256"}',
    )
    .map((text) => ({ text: Buffer.from(text), repeated: true })),
  fc.constant({ text: Buffer.from('{"alg":"HS256","kid":"\xe9"}', 'latin1') }),
);

const payloads = fc.oneof(
  {
    arbitrary: json(
      fc
        .tuple(others, some({ iat: past, nbf: past, exp: future, sub: fc.string(), iss: fc.string() }))
        .map(([a, b]) => ({ ...a, ...b })),
    ),
    weight: 8,
  },
  {
    arbitrary: json(
      fc.tuple(others, some({ iat: time, nbf: time, exp: time })).map(([a, b]) => ({ ...a, ...b })),
    ),
    weight: 5,
  },
  json(fc.jsonValue()),
  texts(
    '',
    '{',
    '[]',
    '"x"',
    'null',
    '5',
    '{"a":1}x',
    ' {}\n',
    '\ufeff{}',
    '{"a":1e400}',
    '{"a":[{"b":-1e999}]}',
    '{"exp":1e400}',
    '{"exp":1,"exp":9e9}',
    '{"exp":9e9,"exp":1}',
    '{"__proto__":{"exp":1}}',
    '{"a":"\\ud800"}',
    '{"e\\u0078p":1}',
    '{"a":01}',
    "{'a':1}",
    '{"a":"\n"}',
    `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  ),
  fc.constant({ text: Buffer.from('{"a":"\xe9"}', 'latin1') }),
  fc
    .integer({ min: 12_150, max: 12_250 })
    .map((size) => ({ text: Buffer.from(JSON.stringify({ pad: 'x'.repeat(size) })) })),
);

/** Ways to write a segment; `plain` is the right one. */
const writings = {
  plain: (segment) => segment,
  padded: (segment) => `${segment}=`,
  spaced: (segment) => ` ${segment}`,
  standard: (segment) => segment.replace(/^../, '+/'),
  // Sets bits beyond the last byte; where there are none, adds a character that means none.
  loose: (segment) =>
    segment.length % 4 === 0
      ? `${segment}A`
      : segment.slice(0, -1) + String.fromCharCode(segment.charCodeAt(segment.length - 1) + 1),
};
const writing = pick('plain', 30, 'padded', 'spaced', 'standard', 'loose');

const signatures = {
  good: (input, alg) => seal(input, SECRET, alg),
  otherKey: (input, alg) => seal(input, OTHER_SECRET, alg),
  otherHash: (input, alg) => seal(input, SECRET, alg === 'HS256' ? 'HS512' : 'HS256'),
  none: (input) => `${input}.`,
  padded: (input, alg) => `${seal(input, SECRET, alg)}=`,
  cut: (input, alg) => seal(input, SECRET, alg).slice(0, -1),
  longer: (input, alg) => `${seal(input, SECRET, alg)}A`,
  newline: (input, alg) => `${seal(input, SECRET, alg)}\n`,
  loose: (input, alg) =>
    seal(input, SECRET, alg).replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
};

const assemblies = {
  plain: (token) => token,
  two: (token) => token.split('.', 2).join('.'),
  four: (token) => `${token}.x`,
  noHeader: (token) => token.replace(/^[^.]*/, ''),
  noPayload: (token) => token.replace(/\.[^.]*\./, '..'),
};

const recipes = fc.record({
  header: headers,
  payload: payloads,
  headerWriting: writing,
  payloadWriting: writing,
  signature: pick('good', 25, ...Object.keys(signatures)),
  assembly: pick('plain', 40, ...Object.keys(assemblies)),
});

function cook({ header, payload, headerWriting, payloadWriting, signature, assembly }) {
  const [first, second] = [
    [header, headerWriting],
    [payload, payloadWriting],
  ].map(([{ text }, how]) => writings[how](text.toString('base64url')));
  const { alg } = parsed(header.text.toString())?.value ?? {};
  const known = ALGORITHMS.includes(alg) ? alg : 'HS256';
  return assemblies[assembly](signatures[signature](`${first}.${second}`, known));
}

describe('tokens made of good and bad parts', () => {
  it('are checked as the reference does, outside the differences written out', async () => {
    const seen = new Map();
    const count = (what) => seen.set(what, (seen.get(what) ?? 0) + 1);
    const property = fc.asyncProperty(recipes, async (recipe) => {
      const token = cook(recipe);
      const faults = faultsOf(token, { repeated: recipe.header.repeated ?? false });
      const [ours, theirs] = await both(token);

      // Whatever is accepted here is accepted there, with equal claims.
      if (ours.error === undefined) {
        assert.equal(theirs.error, undefined);
        assert.deepEqual(ours.claims, theirs.claims);
        assert.deepEqual(Object.entries(ours.claims), Object.entries(theirs.claims));
      }
      // The list of faults is right: of what is said here the first one, of what is said there one
      // of them.
      assert.equal(ours.error?.message, faults[0]?.here);
      const there = faults.map((fault) => fault.there).filter((message) => message !== undefined);
      if (there.length === 0) assert.equal(theirs.error, undefined);
      else
        assert.ok(
          there.includes(ANY) && !(theirs.error instanceof jwt.JsonWebTokenError)
            ? theirs.error instanceof Error
            : there.includes(theirs.error.message),
        );
      // A token with one fault gets the same error, fields and all, unless the fault tells why not.
      if (faults.length === 1 && faults[0].why === undefined)
        assert.equal(shown(ours.error), shown(theirs.error));
      if (ours.error !== undefined)
        assert.ok(ours.error instanceof JsonWebTokenError && /^MJWT_[A-Z0-9_]+$/.test(ours.error.code));

      if (faults.length === 0) count('accepted');
      if (faults.length === 1) count(faults[0].why ?? faults[0].here);
    });
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });

    // Each outcome has come up alone, or the property would say nothing of it.
    const ways = [
      'accepted',
      'jwt malformed',
      'invalid token',
      'jwt signature is required',
      'invalid algorithm',
      'invalid signature',
      'jwt expired',
      'jwt not active',
      'invalid exp value',
      'invalid nbf value',
    ];
    const reasons = [
      'the size limit',
      'RFC 4648 section 3.5',
      'RFC 7515 section 5.2',
      'RFC 7515 section 4',
      'RFC 7515 section 4.1.11',
      'RFC 7519 section 7.2',
      'RFC 7519 section 4.1.6',
      'no double holds the number',
      'the signature is compared, never decoded',
      'a header is an object (RFC 7515 section 4)',
      'an empty segment is malformed, not invalid (RFC 7515 section 7.1)',
    ];
    assert.deepEqual(
      [...ways, ...reasons].filter((way) => !seen.has(way)),
      [],
    );
    assert.ok(seen.get('accepted') > RUNS / 20);
  });
});

describe('anything', () => {
  const holds = async (token) => {
    const [ours, theirs] = await both(token);
    if (ours.error !== undefined) {
      assert.ok(ours.error instanceof JsonWebTokenError);
      return;
    }
    assert.equal(theirs.error, undefined);
    assert.deepEqual(ours.claims, theirs.claims);
  };

  it('that is text is accepted only where the reference does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.base64String().map((text) => `${text}.${text}.${text}`),
        ),
        holds,
      ),
      { numRuns: RUNS / 3 },
    );
  });

  it('that is not text is refused in the words of the reference', async () => {
    const property = fc.asyncProperty(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
      async (token) => {
        fc.pre(typeof token !== 'string');
        const [ours, theirs] = await both(token);
        assert.equal(shown(ours.error), shown(theirs.error));
      },
    );
    await fc.assert(property, { numRuns: RUNS / 3 });
  });

  it('that a good token is changed into is accepted only where the reference does', async () => {
    const good = forge({ sub: 'me', exp: NOW + 60 });
    const changes = fc.array(
      fc.tuple(fc.nat(good.length), fc.nat(2), fc.string({ unit: 'binary', maxLength: 2 })),
      { minLength: 1, maxLength: 3 },
    );
    const property = fc.asyncProperty(changes, (list) =>
      holds(list.reduce((token, [at, cut, text]) => token.slice(0, at) + text + token.slice(at + cut), good)),
    );
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
  });
});

describe('policies', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const names = fc.oneof(name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }));
  const claims = some({
    iss: name,
    aud: names,
    sub: name,
    jti: name,
    iat: fc.constantFrom(NOW, NOW - 10, NOW - 100),
    exp: fc.constantFrom(NOW - 3, NOW + 3),
  });
  const options = some({
    issuer: names,
    audience: names,
    subject: name,
    jwtid: name,
    maxTokenAge: fc.constantFrom(5, 10, 50, '10s', '1m'),
    clockTolerance: fc.constantFrom(0, 3, 4, 60),
    algorithms: fc.constantFrom(['HS256'], ['HS384'], ['HS512', 'HS256']),
  });

  it('are applied as jsonwebtoken applies them; of several faults, the first in our order is told', async () => {
    let single = 0;
    const property = fc.asyncProperty(claims, options, async (payload, policy) => {
      const token = forge(payload);
      const { maxTokenAge, clockTolerance, algorithms, ...rest } = policy;
      const check = (more) =>
        outcome(() => jwt.verify(token, SECRET, { clockTolerance, clockTimestamp: NOW, ...more }));
      const ours = await outcome(() =>
        createVerifier({ secret: SECRET, ...policy })(token, { clockTimestamp: NOW }),
      );
      const all = await check({
        ...rest,
        ...(maxTokenAge && { maxAge: maxTokenAge }),
        ...(algorithms && { algorithms }),
      });
      if (all.error === undefined) {
        assert.deepEqual(ours, all);
        return;
      }
      // The faults one by one, in our order, as the reference words each when it is the only one.
      const { issuer, audience, subject, jwtid } = policy;
      const single_ = [
        algorithms && { algorithms },
        {},
        maxTokenAge && { maxAge: maxTokenAge },
        issuer && { issuer },
        audience && { audience },
        subject && { subject },
        jwtid && { jwtid },
      ];
      const errors = [];
      for (const [at, option] of single_.entries()) {
        if (!option) continue;
        const { error } = await check(at === 1 ? {} : { ...option, ignoreExpiration: at > 1 });
        if (error !== undefined) errors.push(error);
      }
      if (errors.length === 1) single++;
      // A required iat is named as any other required claim is.
      if (errors[0].message === 'iat required when maxAge is specified')
        assert.equal(ours.error.message, 'jwt claim required: iat');
      else assert.equal(shown(ours.error), shown(errors[0]));
    });
    await fc.assert(property, { numRuns: RUNS / 3 });
    assert.ok(single > RUNS / 60);
  });
});

describe('signing', () => {
  const word = fc.constantFrom('a', 'b c', '');
  const payload = fc
    .tuple(
      others,
      some({
        iat: fc.constantFrom(0, 5, NOW),
        exp: fc.constantFrom(5, NOW + 5.5),
        nbf: fc.constant(1),
        sub: word,
        iss: word,
      }),
    )
    .map(([a, b]) => ({ ...a, ...b }))
    // jsonwebtoken drops a claim named __proto__, and fails on one named as a method of every
    // object.
    .filter((claims) => !Object.keys(claims).some((claim) => claim in {}));
  const span = fc.constantFrom(0, 60, -60, '1h', '2 days', '10 s', '1.5h', '-30s', '.5m', '250ms', '1y');
  const options = some({
    expiresIn: span,
    notBefore: span,
    issuer: word,
    subject: word,
    audience: fc.oneof(word, fc.array(word, { maxLength: 2 })),
    jwtid: word,
    keyid: fc.constantFrom('a', 'b c'),
    noTimestamp: fc.boolean(),
  });

  it('makes the very tokens of jsonwebtoken, and refuses in its words', async () => {
    const sign = createSigner({ secret: SECRET });
    let refused = 0;
    const property = fc.asyncProperty(payload, options, async (claims, given) => {
      const [ours, theirs] = [
        await outcome(() => sign(claims, given)),
        await outcome(() => jwt.sign(claims, SECRET, given)),
      ];
      assert.equal(ours.claims, theirs.claims);
      if (ours.error !== undefined || theirs.error !== undefined) {
        refused++;
        assert.equal(ours.error.message, theirs.error.message);
      }
    });
    await fc.assert(property, { numRuns: RUNS / 3 });
    assert.ok(refused > 0);
  });

  it('makes tokens that verify to the claims', async () => {
    const verify = createVerifier({ secret: SECRET });
    const sign = createSigner({ secret: SECRET, noTimestamp: true });
    const property = fc.property(
      others.filter((claims) => !('iat' in claims)),
      (claims) => {
        assert.deepEqual(verify(sign(claims)), JSON.parse(JSON.stringify(claims)));
      },
    );
    fc.assert(property, { numRuns: RUNS / 3 });
  });
});
