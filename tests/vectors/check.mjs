// The vectors before a second implementation: jose. It must accept and refuse alike, but where its
// rules are known to differ.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { jwtVerify } from 'jose';
import { candidates, headerOf, same, tokenOf } from './reference.mjs';

const { vectors } = JSON.parse(readFileSync(new URL('verify.json', import.meta.url), 'utf8'));

/**
 * Where jose's verdict is another: why, and exactly for which vectors. One that is listed and
 * agrees fails the check too.
 */
const DIFFERENCES = {
  // Accepted by jose, refused here.
  'decodes signatures, so that spare bits, padding and white space pass': ({ name }) =>
    /^(HS512-)?signature-spare-bits-/.test(name) ||
    /^signature-(padded|trailing-space|leading-space|line-break|carriage-return)$/.test(name),
  'decodes header and payload leniently': ({ name }) =>
    /^(header|payload)-\d+-characters-spare-bits-/.test(name) ||
    /^(header|payload)-(padded|padded-once|trailing-space|leading-space|line-break|tab)$/.test(name),
  'takes the last of two header members': ({ name, stricter }) =>
    stricter === 'duplicate-header-member' && name !== 'header-duplicate-crit',
  'understands the critical member b64': ({ name }) => name === 'crit-of-b64',
  'skips a byte order mark': ({ name }) => /^(header|claims)-byte-order-mark$/.test(name),
  'reads 1e400 as infinity': ({ stricter }) => stricter === 'number-beyond-double',
  'sets no limit to the size of a token': ({ stricter }) => stricter === 'size',
  'has no option for jti': ({ name, code }) => code === 208 && name !== 'order-jti-before-the-rest',
  'has no check of iat without a maximum age': ({ code, policy }) =>
    code === 203 && policy.maxAge === undefined,
  'has no strict claims, but refuses times of a wrong type': ({ name, stricter }) =>
    stricter === 'option:strictClaims' && !/^strict-(iat-(?!twice)|order-(?!jti)|exp-string)/.test(name),
  'finds a token too old when now > iat + max age, not when they are equal': ({ name }) =>
    /^max-age-(reached|leeway-over)$/.test(name),
  // Refused by jose, accepted here.
  'has no option to ignore the expiration': ({ code, policy, claims }) =>
    code === 0 &&
    policy.ignoreExpiration &&
    claims.includes('"exp"') &&
    JSON.parse(claims).exp !== 1_700_000_001,
  'takes the time as a Date, which ends in the year 275760': ({ name }) => name === 'exp-at-2-to-53',
};

async function joseAccepts(vector) {
  const { name, policy, now, claims } = vector;
  const { issuer, audience, subject, type, leeway, maxAge, requireExp, requiredClaims = [] } = policy;
  const token = tokenOf(vector);
  for (const { secret, algorithms } of candidates(vector, headerOf(token))) {
    try {
      const { payload } = await jwtVerify(token, secret, {
        algorithms,
        issuer,
        audience,
        subject,
        typ: type,
        clockTolerance: leeway,
        maxTokenAge: policy.ignoreExpiration ? undefined : maxAge,
        currentDate: new Date(now * 1000),
        requiredClaims: requireExp ? [...requiredClaims, 'exp'] : requiredClaims,
      });
      if (claims !== undefined)
        assert.ok(same(payload, JSON.parse(claims)), `${name}: jose gives other claims`);
      return true;
    } catch (error) {
      if (error.code === 'ERR_ASSERTION') throw error;
    }
  }
  return false;
}

const wrong = [];
const different = new Set();
let alike = 0;
for (const vector of vectors) {
  const agrees = (await joseAccepts(vector)) === (vector.code === 0);
  const reasons = Object.keys(DIFFERENCES).filter((reason) => DIFFERENCES[reason](vector));
  if (agrees) alike += 1;
  for (const reason of reasons) different.add(reason);
  if (agrees && reasons.length > 0) wrong.push(`${vector.name}: agrees, though listed: jose ${reasons}`);
  if (!agrees && reasons.length === 0)
    wrong.push(
      `${vector.name}: jose ${vector.code === 0 ? 'refuses' : 'accepts'} it, here the code is ${vector.code}`,
    );
}
for (const reason of Object.keys(DIFFERENCES))
  if (!different.has(reason)) wrong.push(`no vector shows that jose ${reason}`);
assert.equal(wrong.join('\n'), '');
console.log(
  `jose agrees with ${alike} of ${vectors.length} vectors; the other ${vectors.length - alike} are listed`,
);
