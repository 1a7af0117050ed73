import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import * as reference from '@mastra/auth';
import jwt from 'jsonwebtoken';
import {
  decodeToken,
  getTokenIssuer,
  JsonWebTokenError,
  NotBeforeError,
  TokenExpiredError,
  verifyHmac,
  verifyJwks,
} from 'mastra-jwt';
import { errorOf, fieldsOf, forge, OTHER_SECRET, seal, SECRET, tampered } from './support.mjs';

describe('decodeToken', () => {
  it('takes apart what the reference does, verified or not', async () => {
    const tokens = [
      forge({ sub: 'me', iss: 'ü' }),
      tampered(forge({ exp: 1 })),
      forge({}, { alg: 'none' }),
      `${forge({}).split('.', 2).join('.')}.`,
    ];
    for (const token of tokens) {
      const decoded = await decodeToken(token);
      assert.deepEqual(decoded, await reference.decodeToken(token));
      assert.deepEqual(Object.keys(decoded), ['header', 'payload', 'signature']);
    }
  });

  it('is null for what cannot be read', async () => {
    const unreadable = [
      undefined,
      null,
      '',
      5,
      {},
      'x',
      'a.b',
      'a.b.c',
      'a.b.c.d',
      seal('e30.!'),
      forge('[]'),
      forge('{'),
      forge('"x"'),
    ];
    for (const token of unreadable) assert.equal(await decodeToken(token), null, String(token));
  });

  it('takes apart up to 1 MiB', async () => {
    const start = `${forge({}).split('.', 2).join('.')}.`;
    const signature = 'A'.repeat((1 << 20) - start.length);
    assert.equal((await decodeToken(start + signature)).signature, signature);
    assert.equal(await decodeToken(`${start}${signature}A`), null);
  });

  it('treats __proto__ as JSON.parse does', async () => {
    const { payload } = await decodeToken(forge('{"__proto__":{"admin":true}}'));
    assert.deepEqual(Object.keys(payload), ['__proto__']);
    assert.equal(payload.admin, undefined);
  });
});

describe('getTokenIssuer', () => {
  it('gives the issuer of a decoded token', async () => {
    assert.equal(getTokenIssuer(await decodeToken(forge({ iss: 'https://login' }))), 'https://login');
  });

  it('fails in the words of the reference', async () => {
    for (const decoded of [
      null,
      undefined,
      '',
      {},
      { payload: 'x' },
      { payload: null },
      { payload: {} },
      { payload: { iss: '' } },
    ]) {
      const [ours, theirs] = [
        await errorOf(() => getTokenIssuer(decoded)),
        await errorOf(() => reference.getTokenIssuer(decoded)),
      ];
      assert.equal(ours.message, theirs.message);
      assert.equal(ours.constructor, Error);
    }
  });
});

describe('verifyHmac', () => {
  it('verifies, and refuses as the reference does', async () => {
    assert.deepEqual(await verifyHmac(forge({ sub: 'me' }), SECRET), { sub: 'me' });
    assert.deepEqual(await verifyHmac(forge({ sub: 'me' }), Buffer.from(SECRET)), { sub: 'me' });
    const cases = [
      [tampered(forge({})), SECRET],
      [forge({}), OTHER_SECRET],
      [forge({ exp: 1 }), SECRET],
      [forge({ nbf: 9e9 }), SECRET],
      [forge({}, { alg: 'none' }), SECRET],
      [`${forge({}).split('.', 2).join('.')}.`, SECRET],
      [forge({}), ''],
      [forge({}), undefined],
      ['a.b.c', SECRET],
      ['', SECRET],
      [undefined, SECRET],
    ];
    for (const [token, secret] of cases) {
      const [ours, theirs] = await Promise.all(
        [verifyHmac, reference.verifyHmac].map((verify) => errorOf(() => verify(token, secret))),
      );
      assert.deepEqual(fieldsOf(ours), fieldsOf(theirs), `${token} ${secret}`);
      assert.match(ours.code, /^MJWT_/);
    }
  });
});

describe('what verifyHmac cannot decode', () => {
  const [head, body, signature] = forge({ sub: 'me' }).split('.');
  const both = (token) =>
    Promise.all(
      [verifyHmac, reference.verifyHmac].map((verify) =>
        verify(token, SECRET).then(
          () => 'verified',
          (error) => `${error.name}: ${error.message}`,
        ),
      ),
    );

  it('is that of the reference, to the character', async () => {
    const characters = [...'-_09azAZ/:@[`{+,=^ .\0é'];
    const words = new Set();
    for (const character of characters) {
      for (const token of [
        `${head}.${body}.${character}${signature.slice(1)}`,
        `${head}.${body}.${signature.slice(0, -1)}${character}`,
        `${head}.${body}.${character}`,
        `${head}.${body}${character}.${signature}`,
      ]) {
        const [ours, theirs] = await both(token);
        assert.equal(ours, theirs, JSON.stringify(token));
        words.add(ours);
      }
    }
    assert.deepEqual([...words].sort(), ['Error: Invalid token', 'JsonWebTokenError: invalid signature']);
  });

  it('is that of the reference, to the segment', async () => {
    const tokens = [
      '',
      '.',
      '..',
      'a..',
      '.a.',
      '..a',
      'a.b',
      'a.b.',
      'a..b',
      '.a.b',
      `${head}.${body}`,
      `${head}..x`,
    ];
    for (const token of [
      ...tokens,
      `${head}.${body}.`,
      `${head}.${body}.${signature}.`,
      `.${body}.${signature}`,
      `.${head}.${body}.${signature}`,
      seal(`${head}.`),
      seal(`.${body}`),
      seal(`e30.${body}`),
    ]) {
      const [ours, theirs] = await both(token);
      assert.equal(ours, theirs, token);
    }
    for (const token of [null, 5, {}, [], true]) {
      const [ours, theirs] = await both(token);
      assert.equal(ours, theirs, String(token));
    }
  });

  it('is not said of a token that is too long: that is not looked at', async () => {
    const error = await errorOf(() => verifyHmac('x'.repeat(16_385), SECRET));
    assert.ok(error instanceof JsonWebTokenError);
    assert.deepEqual([error.message, error.code], ['jwt malformed', 'MJWT_TOKEN_TOO_LONG']);
    assert.equal((await errorOf(() => verifyHmac('x'.repeat(16_384), SECRET))).message, 'Invalid token');
  });

  it('is refused after the secret', async () => {
    for (const [secret, code] of [
      ['', 'MJWT_NO_KEYS'],
      [null, 'MJWT_NO_KEYS'],
      [5, 'MJWT_INVALID_ARGUMENT'],
      [new Uint8Array(0), 'MJWT_KEY_TOO_SHORT'],
      [
        '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n',
        'MJWT_INVALID_ARGUMENT',
      ],
    ]) {
      const error = await errorOf(() => verifyHmac('x', secret));
      assert.equal(error.code, code);
      if (error.code !== 'MJWT_NO_KEYS') assert.match(error.message, /^verifyHmac: /);
    }
  });
});

describe('verifyJwks', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = ({ publicKey }, kid, alg) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });
  const now = Math.floor(Date.now() / 1000);
  let server, uri, requests;

  before(async () => {
    requests = [];
    const keys = [
      jwk(rsa, 'r', 'RS256'),
      jwk(ec, 'e', 'ES256'),
      { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'o' },
    ];
    server = createServer(({ url }, response) => {
      requests.push(url);
      response.statusCode = url.startsWith('/keys') ? 200 : 500;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    uri = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => server.close());

  const sign = (claims, key = rsa, kid = 'r', algorithm = 'RS256') =>
    jwt.sign(claims, key.privateKey, { keyid: kid, algorithm });

  it('verifies with the keys of an address, fetched once', async () => {
    const claims = { sub: 'me', iat: now, exp: now + 60 };
    assert.deepEqual(await verifyJwks(sign(claims), `${uri}/keys`), claims);
    assert.deepEqual(await verifyJwks(sign(claims, ec, 'e', 'ES256'), new URL(`${uri}/keys`)), claims);
    assert.equal(requests.filter((url) => url === '/keys').length, 1);
    assert.deepEqual(await reference.verifyJwks(sign(claims), `${uri}/keys`), claims);
  });

  it('refuses in the classes and words of the reference', async () => {
    const other = sign({ iat: now }, stranger);
    const refused = [
      [sign({ iat: now, exp: now - 5 }), TokenExpiredError, 'MJWT_EXPIRED'],
      [sign({ iat: now, nbf: now + 500 }), NotBeforeError, 'MJWT_NOT_YET_VALID'],
      [other, JsonWebTokenError, 'MJWT_SIGNATURE'],
    ];
    for (const [token, type, code] of refused) {
      const [ours, theirs] = await Promise.all(
        [verifyJwks, reference.verifyJwks].map((verify) => errorOf(() => verify(token, `${uri}/keys`))),
      );
      assert.ok(ours instanceof type);
      assert.deepEqual(fieldsOf(ours), fieldsOf(theirs));
      assert.equal(ours.code, code);
    }
  });

  it('never takes a shared secret from an address', async () => {
    const token = forge({ sub: 'me' }, { alg: 'HS256', kid: 'o' });
    const error = await errorOf(() => verifyJwks(token, `${uri}/keys`));
    assert.ok(error instanceof JsonWebTokenError);
    assert.equal(error.message, 'invalid algorithm');
  });

  it('refuses a key as text: the public key is not a shared secret', async () => {
    const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' });
    const token = forge({}, { alg: 'HS256', kid: 'r' }, pem);
    assert.ok((await errorOf(() => verifyJwks(token, `${uri}/keys`))) instanceof JsonWebTokenError);
  });

  it('refuses a payload that is not an object, and times that are not numbers', async () => {
    const raw = (payload) => {
      const input = [JSON.stringify({ alg: 'RS256', kid: 'r' }), payload]
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.');
      return `${input}.${createSign('RSA-SHA256').update(input).sign(rsa.privateKey, 'base64url')}`;
    };
    assert.equal((await errorOf(() => verifyJwks(raw('[]'), `${uri}/keys`))).message, 'Invalid token');
    const error = await errorOf(() => verifyJwks(raw('{"exp":"5"}'), `${uri}/keys`));
    assert.ok(error instanceof JsonWebTokenError);
    assert.equal(error.message, 'invalid exp value');
  });

  it('passes on why keys cannot be had', async () => {
    const failures = [
      [sign({}, rsa, 'unknown'), `${uri}/keys-without-it`],
      [sign({}), `${uri}/broken`],
      [sign({}), 'no address'],
    ];
    for (const [token, address] of failures) {
      const error = await errorOf(() => verifyJwks(token, address));
      assert.ok(error instanceof Error && !(error instanceof JsonWebTokenError), String(error));
      assert.ok(error.message !== 'Invalid token' && !String(error.code).startsWith('MJWT_'), error.message);
    }
  });

  it('says Invalid token before it asks for keys', async () => {
    const count = requests.length;
    for (const token of ['', 'x', 'a.b.c', undefined]) {
      const [ours, theirs] = await Promise.all(
        [verifyJwks, reference.verifyJwks].map((verify) => errorOf(() => verify(token, `${uri}/never`))),
      );
      assert.equal(ours.message, theirs.message);
      assert.equal(ours.message, 'Invalid token');
    }
    assert.equal(requests.length, count);
  });

  it('looks at no more than 16384 bytes, and at nothing of them before the signature', async () => {
    const count = requests.length;
    const error = await errorOf(() => verifyJwks('x'.repeat(16_385), `${uri}/never`));
    assert.ok(error instanceof JsonWebTokenError);
    assert.deepEqual([error.message, error.code], ['jwt malformed', 'MJWT_TOKEN_TOO_LONG']);
    const token = sign({ iat: now });
    const segments = token.split('.');
    for (const wrong of [
      `${token}.x`,
      `${segments[0]}*${segments[1]}.${segments[2]}`,
      `${token}=`,
      `${token} `,
      `${token}.`,
      `.${token}`,
      segments.slice(0, 2).join('.'),
      [segments[0], '', segments[2]].join('.'),
      ['', segments[1], segments[2]].join('.'),
      'x'.repeat(16_384),
    ]) {
      const refused = await errorOf(() => verifyJwks(wrong, `${uri}/never`));
      assert.deepEqual([refused.message, refused.code], ['Invalid token', 'MJWT_TOKEN_FORMAT']);
    }
    assert.equal(requests.length, count);
    // What the payload is does not matter where the signature is wrong.
    const nonsense = [segments[0], Buffer.from('{').toString('base64url'), segments[2]].join('.');
    assert.equal((await errorOf(() => verifyJwks(nonsense, `${uri}/keys`))).code, 'MJWT_SIGNATURE');
    const empty = `${segments[0]}.${segments[1]}.`;
    assert.equal((await errorOf(() => verifyJwks(empty, `${uri}/keys`))).code, 'MJWT_SIGNATURE');
  });

  it('gives what it refuses a code', async () => {
    const head = (header) => Buffer.from(JSON.stringify(header)).toString('base64url');
    const signed = (header, payload = '{}') => {
      const input = `${head(header)}.${Buffer.from(payload).toString('base64url')}`;
      return `${input}.${createSign('RSA-SHA256').update(input).sign(rsa.privateKey, 'base64url')}`;
    };
    const known = { alg: 'RS256', kid: 'r' };
    for (const [token, code, words] of [
      [signed(known, '[]'), 'MJWT_CLAIMS_JSON', 'Invalid token'],
      [signed(known, '{'), 'MJWT_CLAIMS_JSON', 'Invalid token'],
      [signed(known, '{"nbf":"5"}'), 'MJWT_CLAIM_MALFORMED', 'invalid nbf value'],
      [signed(known, '{"iat":"5"}'), 'MJWT_CLAIM_MALFORMED', 'invalid iat value'],
      [signed({ kid: 'r' }), 'MJWT_HEADER_JSON', 'Invalid token'],
      [signed({ ...known, alg: 5 }), 'MJWT_HEADER_JSON', 'Invalid token'],
      [signed({ ...known, crit: ['x'], x: 1 }), 'MJWT_ALGORITHM', 'invalid algorithm'],
      [signed({ ...known, alg: 'none' }), 'MJWT_ALGORITHM', 'invalid algorithm'],
    ]) {
      const error = await errorOf(() => verifyJwks(token, `${uri}/keys`));
      assert.deepEqual([error.code, error.message], [code, words]);
    }
    const late = await errorOf(() => verifyJwks(sign({ exp: now - 5 }), `${uri}/keys`));
    assert.equal(late.expiredAt.getTime(), (now - 5) * 1000);
    const early = await errorOf(() => verifyJwks(sign({ nbf: now + 500 }), `${uri}/keys`));
    assert.equal(early.date.getTime(), (now + 500) * 1000);
  });

  it('keeps a bounded number of key sets', async () => {
    const claims = { iat: now };
    await verifyJwks(sign(claims), `${uri}/keys?first`);
    for (let at = 0; at < 100; at++) await verifyJwks(sign(claims), `${uri}/keys?${at}`);
    await verifyJwks(sign(claims), `${uri}/keys?99`);
    await verifyJwks(sign(claims), `${uri}/keys?first`);
    await verifyJwks(sign(claims), `${uri}/keys?2`);
    assert.equal(requests.filter((url) => url === '/keys?2').length, 1);
    assert.equal(requests.filter((url) => url === '/keys?99').length, 1);
    assert.equal(requests.filter((url) => url === '/keys?first').length, 2);
  });
});
