// Tokens to and from jsonwebtoken, jose and fast-jwt, through the npm package as built in
// node/dist.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import * as fastJwt from 'fast-jwt';
import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';

const built = new URL('../../node/dist/index.mjs', import.meta.url);
if (!existsSync(built)) throw new Error('node/dist is not there: run `make build` first');
const { createSigner, createVerifier, decodeToken, verifyHmac, MastraJwtAuth } = await import(built);

const NOW = 1_800_000_000;
const HOUR = 3600;
const SECRETS = {
  HS256: Buffer.alloc(32, 'k'),
  HS384: Buffer.alloc(48, 0xff),
  HS512: Buffer.from(Array.from({ length: 64 }, (_, at) => at)),
};
const CLAIMS = [
  { sub: 'me' },
  {
    iss: 'https://issuer.example',
    sub: 'me',
    aud: ['api', 'web'],
    exp: NOW + HOUR,
    nbf: NOW - HOUR,
    iat: NOW - HOUR,
    jti: '1',
  },
  { sub: 'me', name: 'Zoë 日本 🦀', clé: { nested: [1, 2.5, null, true, '"\\\n'] } },
  { exp: NOW + 0.5 },
  { roles: Array.from({ length: 500 }, (_, at) => `role${at}`) },
];

/** Each implementation: how it signs, and how it verifies at NOW. */
const peers = {
  jsonwebtoken: {
    sign: async (claims, secret, alg, kid) =>
      jsonwebtoken.sign(claims, secret, {
        algorithm: alg,
        ...(claims.iat === undefined && { noTimestamp: true }),
        ...(kid && { keyid: kid }),
      }),
    verify: async (token, secret, alg, { issuer, audience, subject, leeway } = {}) =>
      jsonwebtoken.verify(token, secret, {
        algorithms: [alg],
        clockTimestamp: NOW,
        issuer,
        audience,
        subject,
        clockTolerance: leeway,
      }),
  },
  jose: {
    sign: async (claims, secret, alg, kid) =>
      new jose.SignJWT(claims).setProtectedHeader({ alg, ...(kid && { kid }) }).sign(secret),
    verify: async (token, secret, alg, { issuer, audience, subject, leeway } = {}) =>
      (
        await jose.jwtVerify(token, secret, {
          algorithms: [alg],
          currentDate: new Date(NOW * 1000),
          issuer,
          audience,
          subject,
          clockTolerance: leeway,
        })
      ).payload,
  },
  'fast-jwt': {
    // It signs no exp with a fraction, and accepts a token at the second of its exp, where RFC 7519
    // 4.1.4 has it expired.
    signs: (claims) => Number.isInteger(claims.exp ?? 0),
    acceptsAtExp: true,
    sign: async (claims, secret, alg, kid) =>
      fastJwt.createSigner({
        key: secret,
        algorithm: alg,
        noTimestamp: claims.iat === undefined,
        ...(kid && { kid }),
      })(claims),
    verify: async (token, secret, alg, { issuer, audience, subject, leeway = 0 } = {}) =>
      fastJwt.createVerifier({
        key: secret,
        algorithms: [alg],
        clockTimestamp: NOW * 1000,
        clockTolerance: leeway * 1000,
        ...(issuer && { allowedIss: issuer }),
        ...(audience && { allowedAud: audience }),
        ...(subject && { allowedSub: subject }),
        // It lets an expected claim be absent by default.
        ...(issuer && { requiredClaims: ['iss', 'aud', 'sub'] }),
      })(token),
  },
};

const ours = (secret, alg, { issuer, audience, subject, leeway } = {}) => {
  const verify = createVerifier({
    secret,
    algorithms: [alg],
    issuer,
    audience,
    subject,
    clockTolerance: leeway,
  });
  return (token) => verify(token, { clockTimestamp: NOW });
};
const plain = (value) => JSON.parse(JSON.stringify(value));

for (const [name, peer] of Object.entries(peers)) {
  for (const [alg, secret] of Object.entries(SECRETS)) {
    test(`${alg} from ${name}`, async () => {
      for (const claims of CLAIMS.filter(peer.signs ?? (() => true))) {
        for (const kid of [undefined, '2026-11']) {
          const token = await peer.sign(claims, secret, alg, kid);
          assert.deepEqual(ours(kid === undefined ? secret : [{ kid, secret }], alg)(token), claims);
          const { header, payload } = await decodeToken(token);
          assert.deepEqual([header.alg, header.kid, payload], [alg, kid, claims]);
        }
      }
    });
    test(`${alg} to ${name}`, async () => {
      for (const claims of CLAIMS) {
        for (const kid of [undefined, '2026-11']) {
          const sign = createSigner({
            secret,
            algorithm: alg,
            ...(kid && { keyid: kid }),
            ...(claims.iat === undefined && { noTimestamp: true }),
          });
          const token = sign(claims);
          assert.deepEqual(plain(await peer.verify(token, secret, alg)), claims);
          assert.deepEqual(jose.decodeProtectedHeader(token), { alg, typ: 'JWT', ...(kid && { kid }) });
        }
      }
    });
  }

  test(`${name} refuses and accepts the same claims`, async () => {
    const secret = SECRETS.HS256;
    const policies = {
      plain: {},
      named: { issuer: ['i', 'j'], audience: ['a', 'b'], subject: 's' },
      lenient: { leeway: HOUR },
    };
    const good = { iss: 'i', aud: 'a', sub: 's' };
    const cases = [
      {},
      good,
      { ...good, iss: 'j', aud: ['x', 'b'] },
      { ...good, iss: 'x' },
      { ...good, aud: 'x' },
      { ...good, aud: ['x', 'y'] },
      { ...good, aud: [] },
      { ...good, sub: 'x' },
      ...['iss', 'aud', 'sub'].map((claim) =>
        Object.fromEntries(Object.entries(good).filter(([key]) => key !== claim)),
      ),
      ...[-2 * HOUR, -HOUR, 1 - HOUR, -1, 0, 1, HOUR, 2 * HOUR].map((distance) => ({
        ...good,
        exp: NOW + distance,
      })),
      ...[-HOUR, -1, 0, 1, HOUR, HOUR + 1, 2 * HOUR].map((distance) => ({ ...good, nbf: NOW + distance })),
    ];
    let accepted = 0;
    for (const [policyName, policy] of Object.entries(policies)) {
      for (const claims of cases) {
        const token = await peer.sign(claims, secret, 'HS256');
        const theirs = await peer.verify(token, secret, 'HS256', policy).then(plain, () => undefined);
        let mine;
        try {
          mine = ours(secret, 'HS256', policy)(token);
        } catch (error) {
          assert.match(error.code, /^MJWT_(EXPIRED|NOT_YET_VALID|ISSUER|AUDIENCE|SUBJECT)$/);
        }
        const atExp = peer.acceptsAtExp && claims.exp + (policy.leeway ?? 0) === NOW;
        if (atExp) assert.deepEqual([mine, theirs?.exp], [undefined, claims.exp], policyName);
        else assert.deepEqual(mine, theirs, `${policyName} ${JSON.stringify(claims)}`);
        if (mine !== undefined) accepted += 1;
      }
    }
    assert.ok(accepted > 20 && accepted < cases.length * 3 - 20, `${accepted} accepted`);
  });

  test(`${name} refuses the same tokens`, async () => {
    const secret = SECRETS.HS256;
    const token = await peer.sign({ sub: 'me' }, secret, 'HS256');
    const [header, payload, signature] = token.split('.');
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const [bad, code] of [
      [`${header}.${payload}.${'A'.repeat(43)}`, 'SIGNATURE'],
      [`${header}.${payload}.${signature.slice(0, 20)}`, 'SIGNATURE'],
      [`${header}.${Buffer.from('{"sub":"you"}').toString('base64url')}.${signature}`, 'SIGNATURE'],
      [await peer.sign({ sub: 'me' }, SECRETS.HS512, 'HS256'), 'SIGNATURE'],
      [await peer.sign({ sub: 'me' }, SECRETS.HS512, 'HS512'), 'ALGORITHM'],
      [`${unsigned}.${payload}.`, 'SIGNATURE_MISSING'],
      [`${unsigned}.${payload}.${signature}`, 'ALGORITHM'],
      [`${header}.${payload}.`, 'SIGNATURE_MISSING'],
      [`${header}.${payload}`, 'TOKEN_FORMAT'],
      ['', 'TOKEN_FORMAT'],
    ]) {
      assert.throws(
        () => ours(secret, 'HS256')(bad),
        (error) => error.code === `MJWT_${code}`,
        `${code}: ${bad}`,
      );
      await assert.rejects(peer.verify(bad, secret, 'HS256'), `${name} takes ${bad}`);
    }
  });

  test(`a Mastra provider takes what ${name} signs`, async () => {
    const secret = SECRETS.HS256.toString();
    const claims = { sub: 'me', exp: Math.floor(Date.now() / 1000) + HOUR };
    const token = await peer.sign(claims, Buffer.from(secret), 'HS256');
    assert.deepEqual(await new MastraJwtAuth({ secret }).authenticateToken(token), claims);
    assert.deepEqual(await verifyHmac(token, secret), claims);
    const signed = new MastraJwtAuth({ secret }).sign({ sub: 'me' }, { noTimestamp: true });
    assert.deepEqual(plain(await peer.verify(signed, Buffer.from(secret), 'HS256')), { sub: 'me' });
  });
}

test('the same bytes as jsonwebtoken', () => {
  for (const [alg, secret] of Object.entries(SECRETS)) {
    for (const claims of CLAIMS) {
      const options = {
        expiresIn: '1h',
        notBefore: 10,
        issuer: 'i',
        audience: ['a'],
        subject: 's',
        jwtid: 'j',
        keyid: 'k',
      };
      const rest = Object.fromEntries(
        Object.entries({ ...claims, iat: NOW }).filter(
          ([claim]) => !['exp', 'nbf', 'iss', 'aud', 'sub', 'jti'].includes(claim),
        ),
      );
      assert.equal(
        createSigner({ secret, algorithm: alg, ...options })(rest),
        jsonwebtoken.sign(rest, secret, { algorithm: alg, ...options }),
      );
    }
  }
});
