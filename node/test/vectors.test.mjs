// The vectors that every face of the library runs; their format is described beside them, in tests/vectors/README.md.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it, mock } from 'node:test';
import * as mastraJwt from 'mastra-jwt';
import { errorOf } from './support.mjs';

const { createSigner, createVerifier, MastraJwtAuth } = mastraJwt;
const { native } = createRequire(import.meta.url)('../dist/native.js');
const file = (name) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'tests', 'vectors', `${name}.json`), 'utf8'));
const { codes } = file('codes');
const codeOf = new Map(codes.map((row) => [row.code, row]));
const bytes = (text) => Buffer.from(text, 'base64url');

/** Node has no option for these. */
const LEFT_OUT = ['max_token_bytes'];
const isLeftOut = ({ policy }) => LEFT_OUT.some((member) => member in policy);

/** The options that a policy stands for; the members left over, which must be none. */
function optionsOf(policy) {
  const {
    keys = [],
    jwks,
    algorithms = ['HS256'],
    issuer = [],
    audience = [],
    subject,
    jwt_id,
    type,
    leeway,
    max_age,
    require_exp,
    check_iat,
    required_claims = [],
    allow_short_keys: _always,
    ...rest
  } = policy;
  assert.deepEqual(rest, {});
  const required = [...required_claims, ...(require_exp ? ['exp'] : [])];
  return {
    ...(keys.length > 0 && { secret: keys.map(({ secret, kid }) => ({ secret: bytes(secret), kid })) }),
    jwks,
    algorithms,
    ...(issuer.length > 0 && { issuer }),
    ...(audience.length > 0 && { audience }),
    subject,
    jwtid: jwt_id,
    typ: type,
    clockTolerance: leeway,
    maxTokenAge: max_age,
    checkIat: check_iat,
    ...(required.length > 0 && { requiredClaims: required }),
  };
}

/** Node words a code as its row says, `…` standing for anything. */
function assertWorded(error, code) {
  const { name, node_class, node_message } = codeOf.get(code);
  assert.equal(error.code, `MJWT_${name}`, `${error}`);
  if (node_class !== null)
    assert.ok([node_class].flat().includes(error.constructor.name), error.constructor.name);
  if (node_message === null) return;
  const words = [node_message].flat().map((message) =>
    message
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
  assert.match(error.message, new RegExp(`^(${words.join('|')})$`, 's'));
}

/** Equal in every value and in the order of members; without recursion, for some claims are nested 12000 deep. */
function assertSame(actual, expected) {
  const open = [[actual, expected]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [left, right] = pair;
    if (typeof right !== 'object' || right === null) {
      assert.ok(Object.is(left, right), `${left} is not ${right}`);
      continue;
    }
    assert.deepEqual(Object.keys(left), Object.keys(right));
    assert.equal(Array.isArray(left), Array.isArray(right));
    assert.equal(Object.getPrototypeOf(left), Object.getPrototypeOf(right));
    for (const key of Object.keys(right)) open.push([left[key], right[key]]);
  }
}

describe('verify.json', () => {
  const { vectors } = file('verify');
  const run = vectors.filter((vector) => !isLeftOut(vector));

  it(`leaves out 6 vectors, those of ${LEFT_OUT}`, () => assert.equal(vectors.length - run.length, 6));

  for (const { name, why, policy, token, token_base64url, now, code, claims } of run) {
    it(`${name}: ${why}`, async () => {
      const text = token ?? bytes(token_base64url).toString();
      const verify = createVerifier(optionsOf(policy));
      if (code === 0) {
        const payload = verify(text, now);
        assertSame(payload, JSON.parse(claims));
      } else {
        // Without a token, the words are the reference's.
        const error = await errorOf(() => verify(text, now));
        if (text === '')
          assert.deepEqual(
            [error.code, error.message],
            [`MJWT_${codeOf.get(code).name}`, 'jwt must be provided'],
          );
        else assertWorded(error, code);
      }
    });
  }

  it('are judged alike by MastraJwtAuth', async () => {
    try {
      for (const { name, policy, token, now, code, claims } of run) {
        // The clock gives whole seconds after 1970.
        if (token === undefined || !(Number.isInteger(now) && now > 0 && now < 8e12)) continue;
        mock.timers.enable({ apis: ['Date'], now: now * 1000 });
        const auth = new MastraJwtAuth(optionsOf(policy));
        if (code === 0) {
          assertSame(await auth.authenticateToken(token), JSON.parse(claims));
        } else {
          const error = await errorOf(() => auth.authenticateToken(token));
          assert.equal(error.code, `MJWT_${codeOf.get(code).name}`, name);
        }
        mock.timers.reset();
      }
    } finally {
      mock.timers.reset();
    }
  });
});

describe('config.json', () => {
  const { vectors } = file('config');
  const run = vectors.filter((vector) => !isLeftOut(vector));

  it(`leaves out 3 vectors, those of ${LEFT_OUT}`, () => assert.equal(vectors.length - run.length, 3));

  for (const { name, why, policy, code, node } of run) {
    it(`${name}: ${why}`, async () => {
      // Written out, where optionsOf would take an empty list for none.
      const options = {
        ...optionsOf(policy),
        ...(policy.required_claims && { requiredClaims: policy.required_claims }),
      };
      if (node === 'accept') assert.equal(typeof createVerifier(options), 'function');
      else assert.equal((await errorOf(() => createVerifier(options))).code, `MJWT_${codeOf.get(code).name}`);
    });
  }
});

describe('sign.json', () => {
  const { vectors } = file('sign');
  /** What a caller would pass for claims given as text: an object signer takes no text that is not JSON. */
  const valueOf = (claims) => {
    try {
      return { value: JSON.parse(claims) };
    } catch {
      return undefined;
    }
  };
  // Of the refused ones, 1e400 is left out too: JSON.stringify would write null.
  const run = vectors.filter(({ claims, code, normal }) =>
    code === undefined ? normal : valueOf(claims) && !claims.includes('1e400'),
  );

  it('has vectors of both kinds that take objects', () => {
    assert.ok(run.filter(({ code }) => code === undefined).length >= 10);
    assert.ok(run.filter(({ code }) => code !== undefined).length >= 10);
  });

  for (const { name, why, secret, alg, kid, claims, token, code } of run) {
    it(`${name}: ${why}`, async () => {
      const { value } = valueOf(claims);
      const sign = createSigner({ secret: { secret: bytes(secret), kid }, algorithm: alg });
      const options = { noTimestamp: !Object.hasOwn(Object(value), 'iat') };
      if (code === undefined) assert.equal(sign(value, options), token);
      else assertWorded(await errorOf(() => sign(value, options)), code);
    });
  }
});

describe('bearer.json', () => {
  const { vectors, keys, now } = file('bearer');
  const secret = keys.map(({ secret: key, kid }) => ({ secret: bytes(key), kid }));
  it('names tokens that verify', () => {
    const verify = createVerifier({ secret });
    const tokens = vectors.filter(({ token }) => token !== undefined);
    assert.ok(tokens.length > 0);
    for (const { token } of tokens) assert.equal(typeof verify(token, now), 'object');
  });
});

describe('codes.json', () => {
  it('is the table of the native binary', () => {
    assert.deepEqual(
      codes.filter(({ only }) => only === undefined || only.includes('node')).map(({ code, name }) => [code, name]),
      native.codes().map(({ code, name }) => [code, name]),
    );
  });
});
