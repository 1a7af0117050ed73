// Writes the vectors; with --check, compares them with the files that are there.
// What jsonwebtoken says of each vector is recorded, and must not contradict it but where this
// library is stricter on purpose.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import jsonwebtoken from 'jsonwebtoken';
import { bearer, codes, config, sign } from './other-cases.mjs';
import { policies } from './policy-cases.mjs';
import { candidates, headerOf, same, tokenOf } from './reference.mjs';
import { vectors } from './verify-cases.mjs';

/** Why a token may be refused that the reference accepts. */
const STRICTER = [
  'payload-not-object',
  'not-utf8',
  'non-canonical-base64url',
  'duplicate-header-member',
  'crit',
  'number-beyond-double',
  'size',
  'iat-not-number',
  'max-age-iat-ahead',
  'reference-iat-zero',
  'option:type',
  'option:checkIat',
  'option:requireExp',
  'option:requiredClaims',
  'option:strictClaims',
];

/**
 * The payload that jsonwebtoken gives, with the first key that it accepts; undefined when it
 * refuses.
 */
function referencePayload(vector) {
  const { issuer, audience, subject, jwtId, leeway, maxAge, ignoreExpiration = false } = vector.policy;
  const token = tokenOf(vector);
  for (const { secret, algorithms } of candidates(vector, headerOf(token))) {
    try {
      return {
        payload: jsonwebtoken.verify(token, secret, {
          algorithms,
          clockTimestamp: vector.now,
          ...(issuer !== undefined && { issuer }),
          ...(audience !== undefined && { audience }),
          ...(subject !== undefined && { subject }),
          ...(jwtId !== undefined && { jwtid: jwtId }),
          ignoreExpiration,
          ...(leeway !== undefined && { clockTolerance: leeway }),
          // It would check the age even then.
          ...(maxAge !== undefined && !ignoreExpiration && { maxAge }),
        }),
      };
    } catch {
      // The next key may fit.
    }
  }
  return undefined;
}

function withReference(vector) {
  const { name, code, claims, stricter } = vector;
  assert.notEqual(vector.now, 0, `${name}: the reference takes a time of 0 for none`);
  const accepted = referencePayload(vector);
  if (code === 0) {
    assert.ok(accepted, `${name}: accepted, but refused by the reference`);
    assert.ok(same(accepted.payload, JSON.parse(claims)), `${name}: other claims than the reference's`);
  }
  if (code !== 0 && accepted) {
    assert.ok(
      STRICTER.includes(stricter),
      `${name}: refused with ${code}, but accepted by the reference, and no reason given`,
    );
  } else {
    assert.equal(stricter, undefined, `${name}: no stricter than the reference`);
  }
  return { ...vector, reference: accepted ? 'accept' : 'reject' };
}

function unique(list) {
  assert.equal(
    new Set(list.map(({ name }) => name)).size,
    list.length,
    `twice: ${list.map(({ name }) => name).filter((name, at, names) => names.indexOf(name) !== at)}`,
  );
  for (const { name, why } of list)
    assert.ok(/^[\w+-]+$/.test(name) && why, `${name}: a name of letters, digits, + and -, and a why`);
  return list;
}

const known = new Set([0, ...codes.map(({ code }) => code)]);
for (const { name, code = 0 } of [...vectors, ...config, ...policies, ...sign, ...bearer.vectors])
  assert.ok(known.has(code), `${name}: ${code}`);
const used = new Set(vectors.map(({ code }) => code));
// NO_BEARER has a file of its own; CLAIMS_MISMATCH depends on a type of the caller.
for (const { code, name } of codes.filter(
  ({ name, code }) => code >= 100 && !['NO_BEARER', 'CLAIMS_MISMATCH'].includes(name),
))
  assert.ok(used.has(code), `no vector for ${name}`);
for (const item of STRICTER)
  assert.ok(
    vectors.some(({ stricter }) => stricter === item),
    `no vector for ${item}`,
  );

const files = {
  'verify.json': { vectors: unique(vectors).map(withReference) },
  'config.json': { vectors: unique(config) },
  'policy.json': { vectors: unique(policies) },
  'sign.json': { vectors: unique(sign) },
  'bearer.json': { ...bearer, vectors: unique(bearer.vectors) },
  'codes.json': { codes },
};

let stale = false;
for (const [name, content] of Object.entries(files)) {
  const [[last, list], ...head] = Object.entries(content).reverse();
  // One vector a line, so that a difference shows which.
  const lines = list.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
  const text = `{\n${head
    .reverse()
    .map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
    .join('')} ${JSON.stringify(last)}: [\n${lines}\n ]\n}\n`;
  assert.deepStrictEqual(JSON.parse(text), content, `${name} holds what was meant`);
  const url = new URL(name, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(url, text);
    console.log(`${name}: ${list.length}`);
  } else if (readFileSync(url, 'utf8') !== text) {
    console.error(`${name} is stale: run npm run generate`);
    stale = true;
  }
}
if (stale) process.exitCode = 1;
