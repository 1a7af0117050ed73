/**
 * The vectors as cases for the npm package, for every runtime: nothing here is asked of Node, or of
 * a test runner. CommonJS, since that is what everything can load.
 */
'use strict';

/** A list of bytes; base64url. */
function bytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Text of UTF-8. The window of jsdom has no TextDecoder, Workers have no Buffer. */
const textOf = (list) =>
  typeof TextDecoder === 'function'
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(list)
    : Buffer.from(list).toString();

function check(condition, words) {
  if (!condition) throw new Error(words);
}

/** The error that a call ends with. */
function errorOf(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('accepted');
}

/** The options that a vector means: its keys, and its policy as the document that it is. */
const optionsOf = ({ keys = [], jwks, policy }) => ({
  ...(keys.length > 0 && { secret: keys.map(({ secret, kid }) => ({ secret: bytes(secret), kid })) }),
  jwks,
  policy: JSON.stringify(policy),
});

/** Whether text is one of the patterns, in which `…` matches anything. */
function isWorded(text, patterns) {
  const escaped = patterns.map((pattern) =>
    pattern
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
  return new RegExp(`^(${escaped.join('|')})$`, 's').test(text);
}

/**
 * Equal in every value and in the order of members; without recursion, for some claims are nested
 * 12000 deep.
 */
function checkSame(actual, expected) {
  const open = [[actual, expected]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [left, right] = pair;
    if (typeof right !== 'object' || right === null) {
      check(Object.is(left, right), `a ${typeof left}, not ${right}`);
      continue;
    }
    check(typeof left === 'object' && left !== null, `a ${typeof left}, not an object`);
    check(Array.isArray(left) === Array.isArray(right), 'an array and an object');
    check(Object.getPrototypeOf(left) === Object.getPrototypeOf(right), 'another prototype');
    const keys = Object.keys(right);
    check(String(Object.keys(left)) === String(keys), `members ${Object.keys(left)}, not ${keys}`);
    for (const key of keys) open.push([left[key], right[key]]);
  }
}

/**
 * What a caller would pass for claims given as text: an object signer takes no text that is not
 * JSON.
 */
function valueOf(claims) {
  try {
    return { value: JSON.parse(claims) };
  } catch {
    return undefined;
  }
}

/**
 * Whether the signer of the package, which takes objects, can be asked for a vector.
 * `JSON.stringify` would write 1e400 as null. Of what is both too long and not an object, this
 * signer says the second first.
 */
const isForObjects = ({ claims, code, normal }) =>
  code === undefined
    ? normal === true
    : valueOf(claims) !== undefined &&
      !claims.includes('1e400') &&
      !(code === 101 && !claims.trimStart().startsWith('{'));

/**
 * The cases of the files, `{ file, name, run }` each: `run` throws where the library does not do as
 * the vector says. `vectors` has the content of each file under its name: `verify`, `config`,
 * `policy`, `sign`, `bearer`, `codes`.
 */
function casesOf(library, vectors) {
  const { createSigner, createVerifier } = library;
  const codes = new Map(vectors.codes.codes.map((row) => [row.code, row]));

  const checkRefused = (error, code, mentions = '') => {
    const { name } = codes.get(code);
    check(error.code === `MJWT_${name}`, `${error.code}, not MJWT_${name}: ${error}`);
    check(error.message.includes(mentions), `"${error.message}" does not mention ${mentions}`);
  };
  /** Node words a code as its row says. */
  const checkWorded = (error, code, token) => {
    const { node_class: classes, node_message: messages } = codes.get(code);
    // Not by the name of the constructor: minifiers give classes another one.
    const { name, constructor } = error;
    check(classes === null || [classes].flat().includes(name), `a ${name}`);
    check(!Object.hasOwn(library, name) || constructor === library[name], `not of the class ${name}`);
    // Without a token, the words are the reference's.
    const words = token === '' ? ['jwt must be provided'] : messages;
    check(words === null || isWorded(error.message, [words].flat()), `says "${error.message}"`);
  };

  const run = {
    verify(vector) {
      const { token = textOf(bytes(vector.token_base64url ?? '')), now, code, claims } = vector;
      const verify = createVerifier(optionsOf(vector));
      if (code === 0) return checkSame(verify(token, { clockTimestamp: now }), JSON.parse(claims));
      const error = errorOf(() => verify(token, { clockTimestamp: now }));
      checkRefused(error, code);
      checkWorded(error, code, token);
    },
    config(vector) {
      const { policy, ...keys } = optionsOf(vector);
      checkRefused(
        errorOf(() => createVerifier({ ...keys, policy })),
        vector.code,
        vector.mentions,
      );
      // Without a document, the defaults are those of the reference.
      if (vector.node === 'accept') check(typeof createVerifier(keys) === 'function', 'no verifier');
    },
    policy({ document, code, mentions }) {
      const build = () => createVerifier({ secret: 'x'.repeat(64), policy: document });
      if (code === 0) check(typeof build() === 'function', 'no verifier');
      else checkRefused(errorOf(build), code, mentions);
    },
    sign({ secret, jwks, alg, kid, claims, token, code, mentions, node, max_token_bytes: maxTokenBytes }) {
      const { value } = valueOf(claims);
      const key = secret === undefined ? { jwks } : { secret: { secret: bytes(secret), kid } };
      const sign = () =>
        createSigner({ ...key, algorithm: alg, maxTokenBytes })(value, {
          noTimestamp: !Object.hasOwn(Object(value), 'iat'),
          keyid: secret === undefined ? kid : undefined,
        });
      if (code === undefined) check(sign() === token, 'another token');
      else if (node === 'accept') check(typeof sign() === 'string', 'no token');
      else checkRefused(errorOf(sign), code, mentions);
    },
    /** The tokens in it are valid: the package has no function for the header alone. */
    bearer({ token }) {
      const { keys, now } = vectors.bearer;
      const verify = createVerifier({ secret: optionsOf({ keys }).secret });
      check(typeof verify(token, { clockTimestamp: now }) === 'object', 'no claims');
    },
  };
  const chosen = { sign: isForObjects, bearer: ({ token }) => token !== undefined };
  return Object.keys(run).flatMap((file) =>
    vectors[file].vectors
      .filter(chosen[file] ?? (() => true))
      .map((vector) => ({ file, name: `${vector.name}: ${vector.why}`, run: () => run[file](vector) })),
  );
}

/**
 * Cases for `MastraJwtAuth` of this package and of the one whose place it takes, which has no other
 * function to verify at another time than now: tokens that have no time in them, with one secret
 * that is text.
 */
function dropInCasesOf({ MastraJwtAuth }, { verify, codes }) {
  const signature = codes.codes.find(({ name }) => name === 'SIGNATURE').code;
  return verify.vectors.flatMap((vector) => {
    const { name, why, keys, jwks, policy, token, code, claims, reference } = vector;
    const isPlain =
      keys?.length === 1 &&
      keys[0].kid === undefined &&
      jwks === undefined &&
      Object.keys(policy).length === 0;
    const isMeant =
      code === 0
        ? !['exp', 'nbf'].some((name) => Object.hasOwn(JSON.parse(claims), name))
        : code === signature;
    if (!isPlain || !isMeant || token === undefined || reference !== (code === 0 ? 'accept' : 'reject'))
      return [];
    const secret = textOf(bytes(keys[0].secret));
    if (!/^[ -~]+$/.test(secret)) return [];
    const run = async () => {
      const auth = new MastraJwtAuth({ secret });
      if (code === 0) return checkSame(await auth.authenticateToken(token), JSON.parse(claims));
      const isRefused = await auth.authenticateToken(token).then(
        () => false,
        () => true,
      );
      check(isRefused, 'accepted');
    };
    return [{ file: 'dropIn', name: `${name}: ${why}`, run }];
  });
}

/** How many cases of each file were run, and which failed. */
async function reportOf(cases) {
  const ran = {};
  const failures = [];
  for (const { file, name, run } of cases) {
    ran[file] = (ran[file] ?? 0) + 1;
    try {
      await run();
    } catch (error) {
      failures.push(`${file}, ${name}: ${error}`);
    }
  }
  return { ran, failures };
}

/**
 * What the tests of a runtime report: the backend, how many cases of each file were run, and which
 * failed.
 */
const checkAll = async (library, vectors) => ({
  backend: library.backend,
  ...(await reportOf([...casesOf(library, vectors), ...dropInCasesOf(library, vectors)])),
});
/** The same for the package whose place ours takes. */
const checkReference = (library, vectors) => reportOf(dropInCasesOf(library, vectors));

module.exports = { casesOf, checkSame, dropInCasesOf, checkAll, checkReference, optionsOf };
