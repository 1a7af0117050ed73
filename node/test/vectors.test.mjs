// The vectors that every binding of the library runs; their format is described beside them, in tests/vectors/README.md.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, mock } from 'node:test';
import * as mastraJwt from 'mastra-jwt';
import { backend, errorOf } from './support.mjs';

const { createSigner, createVerifier, MastraJwtAuth } = mastraJwt;
const file = (name) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'tests', 'vectors', `${name}.json`), 'utf8'));
const { codes } = file('codes');
const codeOf = new Map(codes.map((row) => [row.code, row]));
const bytes = (text) => Buffer.from(text, 'base64url');

/** The options that a vector means: its keys, and its policy as the document that it is. */
const optionsOf = ({ keys = [], jwks, policy }) => ({
  ...(keys.length > 0 && { secret: keys.map(({ secret, kid }) => ({ secret: bytes(secret), kid })) }),
  jwks,
  policy: JSON.stringify(policy),
});

/** Fails unless the error is of this code, and says what the vector wants to be said. */
function assertRefused(error, code, mentions = '') {
  assert.equal(error.code, `MJWT_${codeOf.get(code).name}`, `${error}`);
  assert.ok(error.message.includes(mentions), `${error.message} does not mention ${mentions}`);
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

  for (const vector of vectors) {
    const { name, why, token, token_base64url, now, code, claims } = vector;
    it(`${name}: ${why}`, async () => {
      const text = token ?? bytes(token_base64url).toString();
      const verify = createVerifier(optionsOf(vector));
      const run = () => verify(text, { clockTimestamp: now });
      if (code === 0) return assertSame(run(), JSON.parse(claims));
      const error = await errorOf(run);
      // Without a token, the words are the reference's.
      if (text === '') assert.equal(error.message, 'jwt must be provided');
      else assertWorded(error, code);
      assertRefused(error, code);
    });
  }

  it('are judged alike by MastraJwtAuth', async () => {
    try {
      for (const vector of vectors) {
        const { name, token, now, code, claims } = vector;
        // The clock gives whole seconds after 1970.
        if (token === undefined || !(Number.isInteger(now) && now > 0 && now < 8e12)) continue;
        mock.timers.enable({ apis: ['Date'], now: now * 1000 });
        const auth = new MastraJwtAuth(optionsOf(vector));
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
  for (const vector of file('config').vectors) {
    const { name, why, code, mentions, node } = vector;
    it(`${name}: ${why}`, async () => {
      const { policy, ...keys } = optionsOf(vector);
      assertRefused(await errorOf(() => createVerifier({ ...keys, policy })), code, mentions);
      // Without a document, the defaults are those of the reference.
      if (node === 'accept') assert.equal(typeof createVerifier(keys), 'function');
    });
  }
});

describe('policy.json', () => {
  for (const { name, why, document, code, mentions } of file('policy').vectors) {
    it(`${name}: ${why}`, async () => {
      const options = { secret: 'x'.repeat(64), policy: document };
      if (code === 0) assert.equal(typeof createVerifier(options), 'function');
      else assertRefused(await errorOf(() => createVerifier(options)), code, mentions);
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
  // Of the refused ones, 1e400 is left out too: JSON.stringify would write null. And what is both too long and not an
  // object: this signer takes objects, and says that first.
  const isTwiceWrong = ({ claims, code }) => code === 101 && !claims.trimStart().startsWith('{');
  const run = vectors.filter(({ claims, code, normal }) =>
    code === undefined
      ? normal
      : valueOf(claims) && !claims.includes('1e400') && !isTwiceWrong({ claims, code }),
  );

  it('has vectors of both kinds that take objects', () => {
    assert.ok(run.filter(({ code }) => code === undefined).length >= 10);
    assert.ok(run.filter(({ code }) => code !== undefined).length >= 10);
  });

  for (const { name, why, secret, jwks, alg, kid, claims, token, code, mentions, node, ...rest } of run) {
    it(`${name}: ${why}`, async () => {
      const { value } = valueOf(claims);
      const key = secret === undefined ? { jwks } : { secret: { secret: bytes(secret), kid } };
      const options = { ...key, algorithm: alg, maxTokenBytes: rest.max_token_bytes };
      const sign = () =>
        createSigner(options)(value, {
          noTimestamp: !Object.hasOwn(Object(value), 'iat'),
          keyid: secret === undefined ? kid : undefined,
        });
      if (code === undefined) assert.equal(sign(), token);
      else if (node === 'accept') assert.equal(typeof sign(), 'string');
      else assertRefused(await errorOf(sign), code, mentions);
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
    for (const { token } of tokens) assert.equal(typeof verify(token, { clockTimestamp: now }), 'object');
  });
});

describe('codes.json', () => {
  it('is the table of the backend', () => {
    const ours = codes.filter(({ only }) => only === undefined || only.includes('node'));
    assert.deepEqual(
      ours.map(({ code, name }) => [code, name]),
      backend.codes().map(({ code, name }) => [code, name]),
    );
  });
});
