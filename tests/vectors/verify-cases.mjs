// The vectors of verify.json. Each rule from both sides. Codes are written by hand, from the RFCs,
// not taken from an implementation.
import { NEARLY_KEYS } from './keys.mjs';
import {
  base64url,
  craft,
  hmac,
  LONG_SECRET,
  mint,
  nonCanonical,
  OTHER_SECRET,
  seal,
  SECRET,
  segments,
  standardAlphabet,
  withSignatureChanged,
} from './tokens.mjs';

export const NOW = 1_700_000_000;
const OK = 0;
const TOKEN_TOO_LONG = 101;
const TOKEN_FORMAT = 102;
const TOKEN_BASE64 = 103;
const HEADER_JSON = 104;
const ALGORITHM = 105;
const CRITICAL_HEADER = 106;
const TYPE_HEADER = 107;
const UNKNOWN_KID = 108;
const SIGNATURE_MISSING = 109;
const SIGNATURE = 120;
const CLAIMS_JSON = 200;
const EXPIRED = 201;
const NOT_YET_VALID = 202;
const ISSUED_IN_FUTURE = 203;
const TOO_OLD = 204;
const ISSUER = 205;
const AUDIENCE = 206;
const SUBJECT = 207;
const JWT_ID = 208;
const MISSING_CLAIM = 209;
const CLAIM_MALFORMED = 210;

const FAILED = {
  [EXPIRED]: 'exp',
  [NOT_YET_VALID]: 'nbf',
  [ISSUED_IN_FUTURE]: 'iat',
  [TOO_OLD]: 'iat',
  [ISSUER]: 'iss',
  [AUDIENCE]: 'aud',
  [SUBJECT]: 'sub',
  [JWT_ID]: 'jti',
};

const HEADER = '{"alg":"HS256","typ":"JWT"}';
const key = (secret, kid) => ({ secret: base64url(secret), ...(kid !== undefined && { kid }) });
const jwk = (secret, members) => ({ kty: 'oct', ...members, k: base64url(secret) });
const VERIFIER = { keys: [key(SECRET)] };

export const vectors = [];

/**
 * Adds a vector. `more` may hold `verifier` (its keys, its JWK Set and the members of its policy,
 * over one key, SECRET), now, claims, key_index, failed, missing, stricter.
 */
function add(code, name, why, token, more = {}) {
  const { verifier, now = NOW, claims, key_index = 0, failed = FAILED[code], missing, stricter } = more;
  const { keys, jwks, ...policy } = { ...VERIFIER, ...verifier };
  // A token of bytes is written as such: it is not ASCII.
  const bytes = Buffer.from(token, 'utf8');
  const plain = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  vectors.push({
    name,
    why,
    keys,
    ...(jwks !== undefined && { jwks }),
    policy,
    ...(plain ? { token: bytes.toString() } : { token_base64url: base64url(bytes) }),
    now,
    code,
    ...(code === OK && {
      claims: claims ?? Buffer.from(segments(bytes.toString())[1], 'base64url').toString(),
      key_index,
    }),
    ...(code !== OK && failed !== undefined && { failed }),
    ...(missing !== undefined && { missing }),
    ...(stricter !== undefined && { stricter }),
  });
}

/** Claims under the usual header: an object is signed by jsonwebtoken, text and bytes by hand. */
const claimsOf = (claims) =>
  typeof claims === 'string' || Buffer.isBuffer(claims) ? craft(HEADER, claims) : mint(claims);

const accept = (name, why, claims, more) => add(OK, name, why, claimsOf(claims), more);
const refuse = (code, name, why, claims, more) => add(code, name, why, claimsOf(claims), more);

// ---- Tokens as they come --------------------------------------------------

add(
  OK,
  'jwt-io',
  'the token that jwt.io shows',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4iOnRydWUsImlhdCI6MTUxNjIzOTAyMn0.KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30',
);
const RFC7515 =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const rfc7515 = {
  keys: [
    { secret: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow' },
  ],
};
add(
  OK,
  'rfc7515-a1',
  'RFC 7515 appendix A.1, RFC 7519 section 3.1: the token of the standard, a second before it expires',
  RFC7515,
  { verifier: rfc7515, now: 1300819379 },
);
add(EXPIRED, 'rfc7515-a1-expired', 'RFC 7519 4.1.4: on or after exp it is not accepted', RFC7515, {
  verifier: rfc7515,
  now: 1300819380,
});
accept('empty-claims', 'RFC 7519 section 4: no claim is mandatory', {});
accept('no-exp', 'RFC 7519 4.1.4: exp is optional', { sub: 'me', iat: NOW });
accept('all-registered-claims', 'RFC 7519 4.1', {
  iss: 'i',
  sub: 's',
  aud: ['a', 'b'],
  exp: NOW + 60,
  nbf: NOW - 60,
  iat: NOW - 60,
  jti: 'j',
});
accept('nested-claims', 'claims may hold any JSON', {
  user: { roles: ['admin', { scope: null }], active: true, quota: 1.5 },
});
accept('raw-utf8-claims', 'RFC 7519 7.2: claims are UTF-8', { name: 'Zoë 日本 🦀 \u2028 \uffff', clé: 'ü' });
accept(
  'claims-of-100-members',
  'many members',
  Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`claim${at}`, at])),
);
accept(
  'proto-claim',
  'a member called __proto__ is a member',
  '{"__proto__":{"admin":true},"constructor":1,"sub":"me"}',
);
accept('empty-name', 'RFC 8259: a name may be empty', { '': 'x', sub: 'me' });
for (const alg of ['HS256', 'HS384', 'HS512']) {
  const verifier = { keys: [key(LONG_SECRET)], algorithms: [alg] };
  add(OK, `${alg}-alone`, 'RFC 7518 3.2', mint({ sub: 'me' }, { alg, secret: LONG_SECRET }), { verifier });
  add(OK, `${alg}-among-three`, 'RFC 7518 3.2', mint({ sub: 'me' }, { alg, secret: LONG_SECRET }), {
    verifier: { ...verifier, algorithms: ['HS256', 'HS384', 'HS512'] },
  });
  add(
    OK,
    `${alg}-typ-first`,
    'the order in which PyJWT writes a header once did',
    craft(`{"typ":"JWT","alg":"${alg}"}`, '{"sub":"me"}', { alg, secret: LONG_SECRET }),
    { verifier },
  );
  add(
    OK,
    `${alg}-without-typ`,
    'RFC 7519 5.1: typ is optional',
    craft(`{"alg":"${alg}"}`, '{"sub":"me"}', { alg, secret: LONG_SECRET }),
    { verifier },
  );
  for (const other of ['HS256', 'HS384', 'HS512'].filter((one) => one !== alg)) {
    add(
      ALGORITHM,
      `${alg}-where-${other}-is-allowed`,
      'RFC 8725 3.1: only what the policy allows',
      mint({ sub: 'me' }, { alg, secret: LONG_SECRET }),
      { verifier: { ...verifier, algorithms: [other] } },
    );
    add(
      SIGNATURE,
      `${alg}-header-${other}-mac`,
      'the header names the algorithm of the MAC',
      craft(`{"alg":"${alg}","typ":"JWT"}`, '{"sub":"me"}', { alg: other, secret: LONG_SECRET }),
      { verifier: { ...verifier, algorithms: ['HS256', 'HS384', 'HS512'] } },
    );
  }
}
for (const size of [32, 63, 64, 65, 128, 129, 1000]) {
  const secret = Buffer.alloc(size, 'k');
  add(
    OK,
    `secret-of-${size}-bytes`,
    'RFC 2104 section 2: a key longer than the block is hashed first',
    mint({ sub: 'me' }, { secret }),
    { verifier: { keys: [key(secret)] } },
  );
}
for (const [alg, size] of [
  ['HS384', 48],
  ['HS512', 64],
  ['HS512', 128],
  ['HS512', 129],
]) {
  const secret = Buffer.alloc(size, 'k');
  add(
    OK,
    `${alg}-secret-of-${size}-bytes`,
    'RFC 7518 3.2 and RFC 2104 section 2',
    mint({ sub: 'me' }, { alg, secret }),
    { verifier: { keys: [key(secret)], algorithms: [alg] } },
  );
}
add(
  OK,
  'secret-of-any-bytes',
  'a secret is bytes, no text',
  mint({ sub: 'me' }, { secret: Buffer.alloc(32, 0xff) }),
  { verifier: { keys: [key(Buffer.alloc(32, 0xff))] } },
);
add(
  OK,
  'secret-with-trailing-zero',
  'RFC 2104 section 2: a key is padded with zeros, so these two are one',
  mint({ sub: 'me' }),
  { verifier: { keys: [key(Buffer.concat([SECRET, Buffer.alloc(1)]))] } },
);
add(
  OK,
  'short-secret-allowed',
  'RFC 7518 3.2 set aside by the policy',
  mint({ sub: 'me' }, { secret: Buffer.from('short') }),
  { verifier: { keys: [key('short')], allowShortKeys: true } },
);
add(
  OK,
  'one-byte-secret-allowed',
  'RFC 7518 3.2 set aside by the policy',
  mint({ sub: 'me' }, { secret: Buffer.from('k') }),
  { verifier: { keys: [key('k')], allowShortKeys: true } },
);
add(
  OK,
  'long-secret-for-all-three',
  'RFC 7518 3.2: 64 bytes serve all',
  mint({ sub: 'me' }, { secret: LONG_SECRET, alg: 'HS512' }),
  { verifier: { keys: [key(LONG_SECRET)], algorithms: ['HS512', 'HS256', 'HS384'] } },
);

for (const [name, secret] of NEARLY_KEYS) {
  add(
    OK,
    `secret-nearly-a-key-${name}`,
    'it only looks like a key: a secret',
    mint({ sub: 'me' }, { secret: Buffer.from(secret) }),
    { verifier: { keys: [key(secret)] } },
  );
}

// ---- Size -----------------------------------------------------------------

/** A token of exactly that many characters. */
function sized(length) {
  const payload = length - segments(mint({}))[0].length - 43 - 2;
  const bytes = Math.floor((payload * 3) / 4);
  const token = mint({ pad: 'x'.repeat(bytes - '{"pad":""}'.length) });
  if (token.length !== length) throw new Error(`no token is ${length} long, this one ${token.length}`);
  return token;
}
add(OK, 'size-at-default-limit', '16384 bytes are let through', sized(16384));
add(TOKEN_TOO_LONG, 'size-over-default-limit', '16385 are not', sized(16385), { stricter: 'size' });
add(TOKEN_TOO_LONG, 'size-is-checked-first', 'before the form, which is bad here', 'x'.repeat(16385));
add(TOKEN_FORMAT, 'garbage-at-limit', 'within the size the form is checked', 'x'.repeat(16384));
add(TOKEN_TOO_LONG, 'size-many-dots', 'before the form', '.'.repeat(16385));
add(OK, 'size-at-own-limit', 'the policy names another limit', sized(300), {
  verifier: { maxTokenBytes: 300 },
});
add(TOKEN_TOO_LONG, 'size-over-own-limit', 'the policy names another limit', sized(300), {
  verifier: { maxTokenBytes: 299 },
  stricter: 'size',
});
add(OK, 'size-own-limit-above-default', 'the policy allows more', sized(100_001), {
  verifier: { maxTokenBytes: 100_001 },
});
add(
  TOKEN_TOO_LONG,
  'size-over-own-limit-above-default',
  'the policy allows more, but not that',
  sized(100_001),
  { verifier: { maxTokenBytes: 100_000 }, stricter: 'size' },
);
add(TOKEN_FORMAT, 'size-limit-of-one', 'the smallest limit lets one byte through', 'x', {
  verifier: { maxTokenBytes: 1 },
});
add(TOKEN_TOO_LONG, 'size-over-limit-of-one', 'two bytes', 'xx', { verifier: { maxTokenBytes: 1 } });

// ---- Segments -------------------------------------------------------------

const GOOD = mint({ sub: 'me' });
const [GOOD_HEADER, GOOD_PAYLOAD, GOOD_SIGNATURE] = segments(GOOD);
for (const [name, token] of Object.entries({
  'empty-token': '',
  'one-segment': GOOD_HEADER,
  'two-segments': `${GOOD_HEADER}.${GOOD_PAYLOAD}`,
  'four-segments': `${GOOD}.${GOOD_SIGNATURE}`,
  'five-segments': `${GOOD_HEADER}.${GOOD_PAYLOAD}.${GOOD_PAYLOAD}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`,
  'trailing-dot': `${GOOD}.`,
  'leading-dot': `.${GOOD}`,
  'one-dot': '.',
  'two-dots': '..',
  'three-dots': '...',
  'empty-header': `.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`,
  'empty-payload': seal(GOOD_HEADER, ''),
  'empty-header-and-payload': `..${GOOD_SIGNATURE}`,
  'empty-payload-and-signature': `${GOOD_HEADER}..`,
  'empty-header-signed': seal('', GOOD_PAYLOAD),
  'no-dots-but-escaped': GOOD.replaceAll('.', '%2E'),
  'full-width-dots': GOOD.replaceAll('.', '．'),
  'json-serialization': `{"payload":"${GOOD_PAYLOAD}","protected":"${GOOD_HEADER}","signature":"${GOOD_SIGNATURE}"}`,
  'one-character': 'a',
  'the-word-undefined': 'undefined',
  'only-a-nul': '\0',
})) {
  add(TOKEN_FORMAT, name, 'RFC 7515 7.1: three segments, header and payload not empty', token);
}

// ---- Header: base64url ----------------------------------------------------

const SIXTEEN = '{"alg":"HS256" }'; // 22 characters, 4 spare bits
const SEVENTEEN = '{"alg": "HS256" }'; // 23 characters, 2 spare bits
const DASHES = '{"alg":"HS256","typ":"JWT","x":"~~~???>>>"}'; // has characters in which the alphabets differ
const BAD_BASE64 =
  'RFC 7515 section 2, RFC 4648 section 5: base64url, no padding, no line breaks, no other characters';
const CANONICAL = 'RFC 4648 3.5: the spare bits are zero';
add(OK, 'header-22-characters', 'two characters behind the last four', craft(SIXTEEN, '{}'));
add(OK, 'header-23-characters', 'three characters behind the last four', craft(SEVENTEEN, '{}'));
add(OK, 'header-with-dash-and-underscore', 'RFC 4648 section 5', craft(DASHES, '{}'));
for (const [name, header] of Object.entries({
  'header-standard-alphabet': standardAlphabet(base64url(DASHES)),
  'header-padded': `${base64url(SIXTEEN)}==`,
  'header-padded-once': `${base64url(SEVENTEEN)}=`,
  'header-leading-space': ` ${GOOD_HEADER}`,
  'header-trailing-space': `${GOOD_HEADER} `,
  'header-line-break': `${GOOD_HEADER.slice(0, 20)}\n${GOOD_HEADER.slice(20)}`,
  'header-tab': `\t${GOOD_HEADER}`,
  'header-nul': `${GOOD_HEADER}\0`,
  'header-other-character': `${GOOD_HEADER.slice(0, -1)}*`,
  'header-not-ascii': `${GOOD_HEADER}é`,
  'header-quoted': `"${GOOD_HEADER}`,
  'header-after-bearer': `Bearer ${GOOD_HEADER}`,
  'header-plain-json': HEADER,
})) {
  add(TOKEN_BASE64, name, BAD_BASE64, seal(header, GOOD_PAYLOAD));
}
add(TOKEN_BASE64, 'header-byte-ff', BAD_BASE64, Buffer.concat([Buffer.of(0xff), Buffer.from(GOOD)]));
add(TOKEN_BASE64, 'header-one-character', BAD_BASE64, seal('e', GOOD_PAYLOAD));
add(
  TOKEN_BASE64,
  'header-one-character-too-many',
  'RFC 4648 section 4: no bytes have an encoding of 1 modulo 4 characters',
  seal(`${base64url('{"alg":"HS256"}')}A`, GOOD_PAYLOAD),
  { stricter: 'non-canonical-base64url' },
);
for (const bits of [1, 2, 4, 8, 15]) {
  add(
    TOKEN_BASE64,
    `header-22-characters-spare-bits-${bits}`,
    CANONICAL,
    seal(nonCanonical(base64url(SIXTEEN), bits), GOOD_PAYLOAD),
    { stricter: 'non-canonical-base64url' },
  );
}
for (const bits of [1, 2, 3]) {
  add(
    TOKEN_BASE64,
    `header-23-characters-spare-bits-${bits}`,
    CANONICAL,
    seal(nonCanonical(base64url(SEVENTEEN), bits), GOOD_PAYLOAD),
    { stricter: 'non-canonical-base64url' },
  );
}
add(
  TOKEN_BASE64,
  'header-not-base64-and-not-signed',
  'the header is checked before the signature',
  `*${GOOD_HEADER}.${GOOD_PAYLOAD}.`,
);

// ---- Header: JSON ---------------------------------------------------------

const OBJECT = 'RFC 7515 section 4: the header is a JSON object';
for (const [name, header] of Object.entries({
  array: '[]',
  'array-of-header': `[${HEADER}]`,
  string: '"HS256"',
  'string-of-header': JSON.stringify(HEADER),
  number: '1',
  null: 'null',
  true: 'true',
  word: 'HS256',
  truncated: '{"alg":"HS256"',
  'open-string': '{"alg":"HS256',
  'trailing-text': `${HEADER}x`,
  'trailing-brace': `${HEADER}}`,
  'two-objects': HEADER + HEADER,
  'single-quotes': "{'alg':'HS256'}",
  'bare-name': '{alg:"HS256"}',
  'trailing-comma': '{"alg":"HS256",}',
  'leading-comma': '{,"alg":"HS256"}',
  'no-comma': '{"alg":"HS256" "typ":"JWT"}',
  'no-colon': '{"alg" "HS256"}',
  comment: '{"alg":"HS256"/**/}',
  'byte-order-mark': `\ufeff${HEADER}`,
  'no-break-space': `\u00a0${HEADER}`,
  'nul-behind': `${HEADER}\0`,
  'line-break-in-string': '{"alg":"HS256","x":"a\nb"}',
  'unknown-escape': '{"alg":"HS256","x":"\\a"}',
  'short-escape': '{"alg":"HS256","x":"\\u123"}',
  'leading-zero': '{"alg":"HS256","x":01}',
  'not-a-number': '{"alg":"HS256","x":NaN}',
  'utf-16': Buffer.from(HEADER, 'utf16le'),
})) {
  add(HEADER_JSON, `header-${name}`, OBJECT, craft(header, '{}'));
}
for (const [name, header] of Object.entries({
  'byte-ff': Buffer.concat([Buffer.from('{"alg":"HS256","x":"'), Buffer.of(0xff), Buffer.from('"}')]),
  'latin-1': Buffer.from('{"alg":"HS256","x":"é"}', 'latin1'),
  overlong: Buffer.concat([Buffer.from('{"alg":"HS256","x":"'), Buffer.of(0xc0, 0xaf), Buffer.from('"}')]),
  'surrogate-bytes': Buffer.concat([
    Buffer.from('{"alg":"HS256","x":"'),
    Buffer.of(0xed, 0xa0, 0x80),
    Buffer.from('"}'),
  ]),
})) {
  add(HEADER_JSON, `header-not-utf8-${name}`, 'RFC 7515 5.2: the header is UTF-8', craft(header, '{}'), {
    stricter: 'not-utf8',
  });
}
const ONCE = 'RFC 7515 section 4: the names of header members are unique';
for (const [name, header] of Object.entries({
  'alg-same': '{"alg":"HS256","alg":"HS256"}',
  'alg-last-good': '{"alg":"none","alg":"HS256"}',
  'alg-last-good-of-other-type': '{"alg":1,"alg":"HS256"}',
  'alg-escaped': '{"alg":"none","\\u0061lg":"HS256"}',
  'alg-far-apart': '{"alg":"HS256","typ":"JWT","x":{"alg":1},"alg":"HS256"}',
  'kid-same': '{"alg":"HS256","kid":"a","kid":"a"}',
  'kid-differing': '{"alg":"HS256","kid":"a","kid":"b"}',
  'kid-escaped': '{"alg":"HS256","kid":"a","k\\u0069d":"b"}',
})) {
  add(HEADER_JSON, `header-duplicate-${name}`, ONCE, craft(header, '{}'), {
    stricter: 'duplicate-header-member',
  });
}
add(HEADER_JSON, 'header-duplicate-crit', ONCE, craft('{"alg":"HS256","crit":["x"],"crit":["x"]}', '{}'), {
  stricter: 'duplicate-header-member',
});
add(HEADER_JSON, 'header-duplicate-alg-last-bad', ONCE, craft('{"alg":"HS256","alg":"none"}', '{}'));
add(
  HEADER_JSON,
  'header-duplicate-alg-not-signed',
  'the header is checked before the signature',
  `${base64url('{"alg":"none","alg":"none"}')}.${GOOD_PAYLOAD}.`,
);
for (const kid of ['1', 'null', 'true', '["a"]', '{"a":1}']) {
  add(
    OK,
    `header-kid-${kid.replaceAll(/\W/g, '')}`,
    'a kid that is not a string names no key, as if there were none',
    craft(`{"alg":"HS256","kid":${kid}}`, '{}'),
  );
}
add(
  HEADER_JSON,
  'header-number-beyond-double',
  'as in the payload',
  craft('{"alg":"HS256","x":1e400}', '{}'),
  { stricter: 'number-beyond-double' },
);
for (const [name, header] of Object.entries({
  whitespace:
    ' \t\r\n{ \t\r\n"alg" \t\r\n: \t\r\n"HS256" \t\r\n, \t\r\n"typ" \t\r\n: \t\r\n"JWT" \t\r\n} \t\r\n',
  'escaped-name': '{"\\u0061\\u006C\\u0067":"HS256"}',
  'escaped-value': '{"alg":"\\u0048S256"}',
  'alg-last': '{"a":1,"b":[],"c":{"alg":"none","kid":"x","crit":[]},"alg":"HS256"}',
  'unknown-members': '{"alg":"HS256","typ":"JWT","cty":"JWT","x":{"y":[1,2.5e3,null,true,false,""]}}',
  'embedded-keys':
    '{"alg":"HS256","jku":"https://example.com/jwks","jwk":{"kty":"oct","k":"AAAA"},"x5u":"https://example.com","x5c":["MIIB"]}',
  'zip-and-enc': '{"alg":"HS256","zip":"DEF","enc":"A128GCM"}',
  'b64-false-without-crit': '{"alg":"HS256","b64":false}',
  'claims-in-header': '{"alg":"HS256","exp":1,"iss":"x"}',
  'lone-surrogate': '{"alg":"HS256","x":"\\ud800","\\udc00":1}',
  'raw-utf8': '{"alg":"HS256","x":"日本 🦀"}',
  'duplicate-typ': '{"alg":"HS256","typ":"a","typ":"JWT"}',
  'duplicate-unknown-member': '{"alg":"HS256","x":1,"x":2}',
  'deep-nesting': `{"alg":"HS256","x":${'['.repeat(3000)}${']'.repeat(3000)}}`,
  'other-case-beside': '{"ALG":"none","alg":"HS256","KID":1,"Crit":[]}',
})) {
  add(
    OK,
    `header-${name}`,
    'RFC 7515 section 4: what is not understood is ignored',
    craft(header, '{"sub":"me"}'),
  );
}
add(
  SIGNATURE,
  'header-jwk-is-not-trusted',
  'RFC 7515 4.1.3 gives no trust: a key comes from the policy',
  craft({ alg: 'HS256', jwk: jwk(OTHER_SECRET) }, '{}', { secret: OTHER_SECRET }),
);

// ---- Header: alg ----------------------------------------------------------

for (const [name, alg] of Object.entries({
  none: '"none"',
  None: '"None"',
  NONE: '"NONE"',
  'lower-case': '"hs256"',
  'mixed-case': '"Hs256"',
  RS256: '"RS256"',
  ES256: '"ES256"',
  PS256: '"PS256"',
  EdDSA: '"EdDSA"',
  HS1: '"HS1"',
  HS2560: '"HS2560"',
  HS25: '"HS25"',
  'trailing-space': '"HS256 "',
  'leading-space': '" HS256"',
  'trailing-nul': '"HS256\\u0000"',
  empty: '""',
  'lone-surrogate': '"HS256\\ud800"',
  number: '256',
  null: 'null',
  array: '["HS256"]',
  object: '{"HS256":1}',
  true: 'true',
  'full-width': '"ＨＳ256"',
})) {
  add(
    ALGORITHM,
    `alg-${name}`,
    'RFC 7515 4.1.1: alg is a case-sensitive string; RFC 8725 3.1: only what the policy allows',
    craft(`{"alg":${alg},"typ":"JWT"}`, '{"sub":"me"}'),
  );
}
add(ALGORITHM, 'alg-absent', 'RFC 7515 4.1.1: alg must be there', craft('{"typ":"JWT"}', '{}'));
add(ALGORITHM, 'alg-absent-empty-header', 'RFC 7515 4.1.1: alg must be there', craft('{}', '{}'));
add(
  ALGORITHM,
  'alg-of-other-case-name',
  'RFC 7515 section 4: names are case-sensitive',
  craft('{"Alg":"HS256"}', '{}'),
);
add(
  ALGORITHM,
  'alg-nested',
  'a member of a member is not a header member',
  craft('{"x":{"alg":"HS256"}}', '{}'),
);

// ---- Header: a missing signature ------------------------------------------

const UNSIGNED = 'RFC 8725 3.2: a token without signature is never accepted';
for (const alg of ['HS256', 'none', 'RS256', 'nonsense']) {
  add(
    SIGNATURE_MISSING,
    `unsigned-${alg}`,
    UNSIGNED,
    `${base64url(`{"alg":"${alg}","typ":"JWT"}`)}.${GOOD_PAYLOAD}.`,
  );
}
add(SIGNATURE_MISSING, 'unsigned-without-alg', UNSIGNED, `${base64url('{}')}.${GOOD_PAYLOAD}.`);
add(
  SIGNATURE_MISSING,
  'unsigned-with-crit',
  UNSIGNED,
  `${base64url('{"alg":"none","crit":["x"]}')}.${GOOD_PAYLOAD}.`,
);
add(
  SIGNATURE_MISSING,
  'unsigned-with-unknown-kid',
  UNSIGNED,
  `${base64url('{"alg":"HS256","kid":"x"}')}.${GOOD_PAYLOAD}.`,
  { verifier: { keys: [key(SECRET, 'a')] } },
);
add(
  SIGNATURE_MISSING,
  'unsigned-expired',
  'nothing of the payload is read',
  `${GOOD_HEADER}.${base64url('{"exp":1}')}.`,
);
add(
  HEADER_JSON,
  'unsigned-header-not-json',
  'the header is checked first',
  `${base64url('{')}.${GOOD_PAYLOAD}.`,
);

// ---- Header: crit ---------------------------------------------------------

const CRIT =
  'RFC 7515 4.1.11: an extension that is not understood must be refused, and none is understood here';
for (const [name, crit] of Object.entries({
  'of-exp': '["exp"]',
  'of-b64': '["b64"]',
  unknown: '["http://example.com/ext"]',
})) {
  add(
    CRITICAL_HEADER,
    `crit-${name}`,
    CRIT,
    craft(`{"alg":"HS256","crit":${crit},"exp":1,"b64":true,"http://example.com/ext":1}`, '{}'),
    { stricter: 'crit' },
  );
}
for (const [name, crit] of Object.entries({
  empty: '[]',
  null: 'null',
  string: '"exp"',
  number: '1',
  object: '{}',
  false: 'false',
})) {
  add(
    CRITICAL_HEADER,
    `crit-${name}`,
    'RFC 7515 4.1.11: crit is a list of names, not empty',
    craft(`{"alg":"HS256","crit":${crit}}`, '{}'),
    { stricter: 'crit' },
  );
}
add(CRITICAL_HEADER, 'crit-escaped-name', CRIT, craft('{"alg":"HS256","cr\\u0069t":["exp"],"exp":1}', '{}'), {
  stricter: 'crit',
});
add(
  CRITICAL_HEADER,
  'crit-before-signature',
  'the header is checked before the signature',
  craft('{"alg":"HS256","crit":["x"],"x":1}', '{}', { secret: OTHER_SECRET }),
);
add(
  ALGORITHM,
  'alg-before-crit',
  'alg is checked before crit',
  craft('{"alg":"none","crit":["x"],"x":1}', '{}'),
);
add(
  CRITICAL_HEADER,
  'crit-before-typ',
  'crit is checked before typ',
  craft('{"alg":"HS256","typ":"x","crit":["x"],"x":1}', '{}'),
  { verifier: { type: 'JWT' }, stricter: 'crit' },
);

// ---- Header: typ ----------------------------------------------------------

const TYP = 'RFC 7515 4.1.9: a media type; case does not count, application/ may be left out';
const typed = (typ) =>
  craft(
    typ === undefined ? '{"alg":"HS256"}' : `{"alg":"HS256","typ":${JSON.stringify(typ)}}`,
    '{"sub":"me"}',
  );
for (const [expected, typ] of [
  ['JWT', 'JWT'],
  ['JWT', 'jwt'],
  ['jwt', 'JWT'],
  ['JWT', 'application/jwt'],
  ['JWT', 'APPLICATION/JWT'],
  ['application/jwt', 'JWT'],
  ['at+jwt', 'at+jwt'],
  ['at+jwt', 'application/at+jwt'],
  ['application/at+jwt', 'at+JWT'],
  ['application/at+jwt', 'application/at+jwt'],
  ['example/x', 'example/X'],
]) {
  add(OK, `typ-${typ}-for-${expected}`.replaceAll('/', '-slash-'), TYP, typed(typ), {
    verifier: { type: expected },
  });
}
for (const [expected, typ] of [
  ['JWT', 'at+jwt'],
  ['at+jwt', 'JWT'],
  ['JWT', 'JWT2'],
  ['JWT', 'JW'],
  ['JWT', ''],
  ['JWT', ' JWT'],
  ['JWT', 'text/jwt'],
  ['JWT', 'application/'],
  ['JWT', 'application/application/jwt'],
  ['example/x', 'application/example/x'],
  ['example/x', 'x'],
]) {
  add(
    TYPE_HEADER,
    `typ-${typ || 'empty'}-for-${expected}`.replaceAll('/', '-slash-').replaceAll(' ', 'space-'),
    TYP,
    typed(typ),
    { verifier: { type: expected }, stricter: 'option:type' },
  );
}
add(OK, 'typ-escaped', 'an escape is its character', craft('{"alg":"HS256","typ":"\\u004aWT"}', '{}'), {
  verifier: { type: 'JWT' },
});
add(OK, 'typ-any', 'typ is free unless the policy names one', typed('anything/at all'));
add(OK, 'typ-number-not-asked-for', 'typ is free unless the policy names one', typed(1));
for (const typ of [undefined, null, 1, ['JWT'], { JWT: 1 }]) {
  const name =
    typ === undefined
      ? 'absent'
      : JSON.stringify(typ).replaceAll(/\W/g, '') + (typeof typ === 'object' ? '-value' : '');
  add(TYPE_HEADER, `typ-${Array.isArray(typ) ? 'array' : name}`, 'the policy names one', typed(typ), {
    verifier: { type: 'JWT' },
    stricter: 'option:type',
  });
}
add(
  TYPE_HEADER,
  'typ-before-kid',
  'typ is checked before the key',
  craft('{"alg":"HS256","typ":"x","kid":"unknown"}', '{}'),
  { verifier: { type: 'JWT', keys: [key(SECRET, 'a')] } },
);
add(
  TYPE_HEADER,
  'typ-before-signature',
  'typ is checked before the signature',
  craft('{"alg":"HS256","typ":"x"}', '{}', { secret: OTHER_SECRET }),
  { verifier: { type: 'JWT' } },
);

// ---- Keys -----------------------------------------------------------------

const secretOf = (name) => Buffer.from(`${name}-secret-that-is-long-enough-for-hs256`);
const named = (...names) => ({ keys: names.map((name) => key(secretOf(name), name)) });
const byKey = (name, ...kid) =>
  mint({ sub: 'me' }, { secret: secretOf(name), kid: kid.length === 0 ? name : kid[0] });
const ROTATION = 'RFC 7515 4.1.4: kid names the key';
add(OK, 'kid-first', ROTATION, byKey('a'), { verifier: named('a', 'b') });
add(OK, 'kid-second', ROTATION, byKey('b'), { verifier: named('a', 'b'), key_index: 1 });
add(OK, 'kid-of-eight', ROTATION, byKey('h'), { verifier: named(...'abcdefgh'), key_index: 7 });
add(SIGNATURE, 'kid-of-another-key', 'the named key alone is tried', byKey('b', 'a'), {
  verifier: named('a', 'b'),
});
add(SIGNATURE, 'kid-named-but-signed-by-unnamed', 'the named key alone is tried', byKey('b', 'a'), {
  verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'))] },
});
add(UNKNOWN_KID, 'kid-unknown', 'no key carries it, and none is without', byKey('a', 'c'), {
  verifier: named('a', 'b'),
});
add(OK, 'kid-unknown-with-unnamed-key', 'keys without a kid serve any', byKey('b', 'c'), {
  verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'))] },
  key_index: 1,
});
add(OK, 'kid-unknown-with-second-unnamed-key', 'in order', byKey('c', 'x'), {
  verifier: { keys: [key(secretOf('a')), key(secretOf('b'), 'b'), key(secretOf('c'))] },
  key_index: 2,
});
add(SIGNATURE, 'kid-unknown-signed-by-named', 'only keys without a kid are tried', byKey('a', 'c'), {
  verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'))] },
});
add(OK, 'kid-absent-first', 'a token without kid tries all', byKey('a', undefined), {
  verifier: named('a', 'b'),
});
add(OK, 'kid-absent-last', 'a token without kid tries all', byKey('h', undefined), {
  verifier: named(...'abcdefgh'),
  key_index: 7,
});
add(OK, 'kid-absent-unnamed-behind-named', 'a token without kid tries all', byKey('b', undefined), {
  verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'))] },
  key_index: 1,
});
add(SIGNATURE, 'kid-absent-no-key-fits', 'a token without kid tries all', byKey('x', undefined), {
  verifier: named('a', 'b'),
});
add(OK, 'kid-given-but-one-unnamed-key', 'a key without a kid serves any', byKey('a', 'whatever'), {
  verifier: { keys: [key(secretOf('a'))] },
});
add(OK, 'kid-empty-with-unnamed-key', 'an empty kid is one that no key carries', byKey('a', ''), {
  verifier: { keys: [key(secretOf('a'))] },
});
add(UNKNOWN_KID, 'kid-empty-with-named-keys', 'an empty kid is one that no key carries', byKey('a', ''), {
  verifier: named('a'),
});
add(UNKNOWN_KID, 'kid-other-case', 'RFC 7515 4.1.4: case-sensitive', byKey('a', 'A'), {
  verifier: named('a'),
});
add(UNKNOWN_KID, 'kid-longer', 'the whole kid counts', byKey('a', 'aa'), { verifier: named('a') });
add(UNKNOWN_KID, 'kid-shorter', 'the whole kid counts', byKey('a', 'k'), {
  verifier: { keys: [key(secretOf('a'), 'key')] },
});
add(UNKNOWN_KID, 'kid-trailing-nul', 'the whole kid counts', byKey('a', 'a\0'), { verifier: named('a') });
add(
  UNKNOWN_KID,
  'kid-lone-surrogate',
  'no key carries it',
  craft('{"alg":"HS256","kid":"\\ud800"}', '{"sub":"me"}', { secret: secretOf('a') }),
  { verifier: { keys: [key(secretOf('a'), '\ufffd')] } },
);
add(
  OK,
  'kid-lone-surrogate-with-unnamed-key',
  'no key carries it, a key without kid serves any',
  craft('{"alg":"HS256","kid":"\\ud800"}', '{"sub":"me"}', { secret: secretOf('a') }),
  { verifier: { keys: [key(secretOf('a'))] } },
);
add(
  OK,
  'kid-escaped',
  'compared unescaped',
  craft('{"alg":"HS256","kid":"\\u0062"}', '{"sub":"me"}', { secret: secretOf('b') }),
  { verifier: named('a', 'b'), key_index: 1 },
);
add(
  OK,
  'kid-solidus-escaped',
  'compared unescaped',
  craft('{"alg":"HS256","kid":"keys\\/1"}', '{"sub":"me"}', { secret: secretOf('b') }),
  { verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'), 'keys/1')] }, key_index: 1 },
);
add(OK, 'kid-not-ascii', 'compared as text', byKey('b', 'clé 🦀'), {
  verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'), 'clé 🦀')] },
  key_index: 1,
});
add(
  OK,
  'kid-not-ascii-escaped',
  'compared unescaped',
  craft('{"alg":"HS256","kid":"cl\\u00E9 \\ud83e\\udd80"}', '{"sub":"me"}', { secret: secretOf('b') }),
  { verifier: { keys: [key(secretOf('a'), 'a'), key(secretOf('b'), 'clé 🦀')] }, key_index: 1 },
);
add(
  UNKNOWN_KID,
  'kid-not-normalized',
  'compared as it is: é here, e and an accent there',
  byKey('a', 'cle\u0301'),
  { verifier: { keys: [key(secretOf('a'), 'clé')] } },
);
add(OK, 'kid-quotes-and-backslash', 'compared unescaped', byKey('a', 'a"b\\c'), {
  verifier: { keys: [key(secretOf('a'), 'a"b\\c')] },
});
add(OK, 'kid-like-a-path', 'a kid is a name, never a path or a query', byKey('a', "../../dev/null' OR 1=1"), {
  verifier: { keys: [key(secretOf('a'), "../../dev/null' OR 1=1")] },
});
add(
  OK,
  'kid-first-of-same-secret',
  'two names for one secret, none in the token: the first',
  byKey('a', undefined),
  { verifier: { keys: [key(secretOf('a'), 'x'), key(secretOf('a'), 'y')] } },
);
add(OK, 'kid-second-of-same-secret', 'two names for one secret', byKey('a', 'y'), {
  verifier: { keys: [key(secretOf('a'), 'x'), key(secretOf('a'), 'y')] },
  key_index: 1,
});
add(OK, 'unnamed-keys-in-order', 'rotation without kid', byKey('b', undefined), {
  verifier: { keys: [key(secretOf('a')), key(secretOf('b'))] },
  key_index: 1,
});

// ---- Keys: JWK Set --------------------------------------------------------

const jwks = (...keys) => ({ keys: [], jwks: JSON.stringify({ keys }) });
const JWKS = 'RFC 7517 section 5, RFC 7518 6.4';
const ALL = ['HS256', 'HS384', 'HS512'];
add(OK, 'jwks-one-key', JWKS, byKey('a'), { verifier: jwks(jwk(secretOf('a'), { kid: 'a' })) });
add(OK, 'jwks-key-with-all-members', JWKS, byKey('a'), {
  verifier: jwks(
    jwk(secretOf('a'), { kid: 'a', alg: 'HS256', use: 'sig', key_ops: ['sign', 'verify'], x: 1 }),
  ),
});
add(OK, 'jwks-without-kid', JWKS, byKey('a', 'x'), { verifier: jwks(jwk(secretOf('a'))) });
add(OK, 'jwks-behind-keys', 'keys first, then those of the set', byKey('b'), {
  verifier: { ...jwks(jwk(secretOf('b'), { kid: 'b' })), ...named('a') },
  key_index: 1,
});
add(
  OK,
  'jwks-others-are-passed-over',
  'RFC 7517 section 5: keys that are not understood are ignored; the index counts those taken',
  byKey('b'),
  {
    verifier: jwks(
      { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'rsa' },
      { kty: 'future', kid: 'b' },
      jwk(secretOf('x'), { kid: 'enc', use: 'enc' }),
      jwk(secretOf('x'), { kid: 'wrap', alg: 'A256KW' }),
      jwk(secretOf('x'), { kid: 'ops', key_ops: ['encrypt'] }),
      jwk(secretOf('a'), { kid: 'a' }),
      jwk(secretOf('b'), { kid: 'b', use: 'sig' }),
    ),
    key_index: 1,
  },
);
add(
  UNKNOWN_KID,
  'jwks-passed-over-key-is-no-key',
  'RFC 7517 4.2: a key for encryption does not sign',
  byKey('x', 'enc'),
  { verifier: jwks(jwk(secretOf('x'), { kid: 'enc', use: 'enc' }), jwk(secretOf('a'), { kid: 'a' })) },
);
add(OK, 'jwks-alg-same', 'RFC 7517 4.4: the key serves its alg', byKey('a'), {
  verifier: { ...jwks(jwk(secretOf('a'), { kid: 'a', alg: 'HS256' })), algorithms: ALL },
});
add(
  UNKNOWN_KID,
  'jwks-alg-other',
  'RFC 7517 4.4: the key serves its alg alone',
  mint({ sub: 'me' }, { secret: LONG_SECRET, kid: 'a' }),
  { verifier: { ...jwks(jwk(LONG_SECRET, { kid: 'a', alg: 'HS512' })), algorithms: ALL } },
);
add(
  UNKNOWN_KID,
  'jwks-alg-other-without-kid',
  'RFC 7517 4.4: the key serves its alg alone',
  mint({ sub: 'me' }, { secret: LONG_SECRET }),
  { verifier: { ...jwks(jwk(LONG_SECRET, { alg: 'HS512' })), algorithms: ALL } },
);
add(
  UNKNOWN_KID,
  'jwks-alg-not-allowed',
  'the key serves nothing that the policy allows',
  mint({ sub: 'me' }, { secret: LONG_SECRET, kid: 'a' }),
  { verifier: { ...jwks(jwk(LONG_SECRET, { kid: 'a', alg: 'HS512' }), jwk(secretOf('b'), { kid: 'b' })) } },
);
add(
  ALGORITHM,
  'jwks-alg-does-not-widen-the-policy',
  'RFC 8725 3.1: only what the policy allows',
  mint({ sub: 'me' }, { alg: 'HS512', secret: LONG_SECRET, kid: 'a' }),
  { verifier: jwks(jwk(LONG_SECRET, { kid: 'a', alg: 'HS512' }), jwk(LONG_SECRET, { kid: 'b' })) },
);
add(
  OK,
  'jwks-alg-chooses-among-unnamed',
  'the second alone serves the alg',
  mint({ sub: 'me' }, { secret: LONG_SECRET }),
  {
    verifier: {
      ...jwks(jwk(LONG_SECRET, { alg: 'HS512' }), jwk(LONG_SECRET, { alg: 'HS256' })),
      algorithms: ALL,
    },
    key_index: 1,
  },
);
add(
  SIGNATURE,
  'jwks-alg-other-but-second-is-tried',
  'one key serves the alg, and does not fit',
  mint({ sub: 'me' }, { secret: LONG_SECRET }),
  { verifier: { ...jwks(jwk(LONG_SECRET, { alg: 'HS512' }), jwk(Buffer.alloc(64, 1))), algorithms: ALL } },
);
add(
  OK,
  'jwks-alg-length-of-that-alg',
  'RFC 7518 3.2: 32 bytes will do for a key that serves HS256 alone',
  mint({ sub: 'me' }, { secret: Buffer.alloc(32, 7) }),
  { verifier: { ...jwks(jwk(Buffer.alloc(32, 7), { alg: 'HS256' })), algorithms: ALL } },
);
add(OK, 'jwks-kid-escaped', 'RFC 7517 4.5: compared as text', byKey('a', 'k/1'), {
  verifier: {
    keys: [],
    jwks: `{"keys":[{"kty":"oct","kid":"k\\/\\u0031","k":"${base64url(secretOf('a'))}"}]}`,
  },
});
add(OK, 'jwks-with-other-members', 'RFC 7517 section 5: other members are ignored', byKey('a'), {
  verifier: {
    keys: [],
    jwks: JSON.stringify({ issuer: 'x', keys: [jwk(secretOf('a'), { kid: 'a' })], more: [] }, null, 2),
  },
});

const FOREIGN = 'RFC 7517 section 5: a key that is not symmetric is passed over, whatever it holds';
const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const good = jwk(secretOf('a'), { kid: 'a' });
const foreign = {
  'kid-number': { ...rsa, kid: 7 },
  'kid-null': { ...rsa, kid: null },
  'kid-array': { ...rsa, kid: ['a'] },
  'kid-of-the-good-key': { ...rsa, kid: 'a' },
  'alg-null': { ...rsa, alg: null },
  'alg-number': { ...rsa, alg: 256 },
  'alg-of-hmac': { ...rsa, alg: 'HS256' },
  'use-null': { ...rsa, use: null },
  'key-ops-string': { ...rsa, key_ops: 'verify' },
  'key-ops-object': { ...rsa, key_ops: { verify: true } },
  'key-ops-of-numbers': { ...rsa, key_ops: [1] },
  'n-number': { ...rsa, n: 65537 },
  'without-n': { kty: 'RSA' },
  'k-number': { ...rsa, k: 1 },
  'x5c-string': { ...rsa, x5c: 'MIIB' },
  'everything-of-wrong-type': {
    kty: 'EC',
    kid: {},
    alg: [],
    use: 1,
    key_ops: 'x',
    crv: 2,
    x: null,
    y: true,
    k: [],
  },
  'without-kty': { kid: 'x', k: 'AAAA' },
  'kty-null': { kty: null, k: 'AAAA' },
  'kty-number': { kty: 1, k: 'AAAA' },
  'kty-array': { kty: ['oct'], k: 'AAAA' },
  'kty-of-other-case': { kty: 'OCT', k: 1 },
  'kty-with-space': { kty: 'oct ', k: 1 },
  'kty-of-the-future': { kty: 'AKP', alg: 'ML-DSA-44', pub: 1 },
  empty: {},
};
for (const [name, other] of Object.entries(foreign)) {
  add(OK, `jwks-foreign-${name}`, FOREIGN, byKey('a'), { verifier: jwks(other, good) });
}
add(OK, 'jwks-foreign-all-of-them', FOREIGN, byKey('a'), {
  verifier: jwks(...Object.values(foreign), good, ...Object.values(foreign)),
});
add(OK, 'jwks-foreign-with-members-twice', FOREIGN, byKey('a'), {
  verifier: {
    keys: [],
    jwks: `{"keys":[{"kty":"RSA","kid":"x","kid":"y","n":1,"n":2},${JSON.stringify(good)}]}`,
  },
});
add(OK, 'jwks-foreign-with-a-lone-surrogate', FOREIGN, byKey('a'), {
  verifier: {
    keys: [],
    jwks: `{"keys":[{"kty":"RSA","kid":"\\ud800","\\udc00":1},${JSON.stringify(good)}]}`,
  },
});
add(OK, 'jwks-foreign-that-nests-deep', FOREIGN, byKey('a'), {
  verifier: {
    keys: [],
    jwks: `{"keys":[{"kty":"RSA","n":${'['.repeat(3000)}${']'.repeat(3000)}},${JSON.stringify(good)}]}`,
  },
});
const OPS = 'RFC 7517 4.3: key_ops must name what the key is used for';
const ops = (...key_ops) => jwk(secretOf('a'), { kid: 'a', key_ops });
add(OK, 'jwks-key-ops-verify', OPS, byKey('a'), { verifier: jwks(ops('verify')) });
add(OK, 'jwks-key-ops-verify-among-others', OPS, byKey('a'), {
  verifier: jwks(ops('encrypt', 'verify', 'x')),
});
add(OK, 'jwks-key-ops-escaped', 'an escape is its character', byKey('a'), {
  verifier: {
    keys: [],
    jwks: `{"keys":[{"kty":"oct","kid":"a","key\\u005fops":["v\\u0065rify"],"k":"${base64url(secretOf('a'))}"}]}`,
  },
});
add(UNKNOWN_KID, 'jwks-key-ops-sign-alone', OPS, byKey('a'), {
  verifier: jwks(ops('sign'), jwk(secretOf('b'), { kid: 'b' })),
});
add(UNKNOWN_KID, 'jwks-key-ops-empty', OPS, byKey('a'), {
  verifier: jwks(ops(), jwk(secretOf('b'), { kid: 'b' })),
});
add(UNKNOWN_KID, 'jwks-key-ops-of-other-case', OPS, byKey('a'), {
  verifier: jwks(ops('Verify'), jwk(secretOf('b'), { kid: 'b' })),
});
add(OK, 'jwks-kid-of-a-key-for-signing', 'a key that is passed over takes no kid', byKey('a'), {
  verifier: jwks(jwk(secretOf('b'), { kid: 'a', key_ops: ['sign'] }), ops('verify')),
});

// ---- Signature ------------------------------------------------------------

const MAC = 'RFC 7518 3.2: compared with the signature segment as it is';
const signed = (signature) => `${GOOD_HEADER}.${GOOD_PAYLOAD}.${signature}`;
for (const length of [1, 2, 4, 10, 22, 32, 40, 41, 42]) {
  add(
    SIGNATURE,
    `signature-cut-to-${length}`,
    'a truncated MAC is none',
    signed(GOOD_SIGNATURE.slice(0, length)),
  );
}
for (const at of [0, 1, 10, 21, 41, -1]) {
  add(SIGNATURE, `signature-changed-at-${at < 0 ? 'last' : at}`, MAC, withSignatureChanged(GOOD, at));
}
for (const bits of [1, 2, 3]) {
  add(
    SIGNATURE,
    `signature-spare-bits-${bits}`,
    'RFC 4648 3.5: the same bytes in another spelling',
    signed(nonCanonical(GOOD_SIGNATURE, bits)),
  );
}
// A token whose signature has a character in which the alphabets differ.
const dashed = Array.from({ length: 100 }, (_, n) => mint({ n })).find(
  (token) => /-/.test(segments(token)[2]) && /_/.test(segments(token)[2]),
);
add(OK, 'signature-with-dash-and-underscore', 'RFC 4648 section 5', dashed);
add(
  SIGNATURE,
  'signature-standard-alphabet',
  'RFC 7515 section 2: base64url',
  [...segments(dashed).slice(0, 2), standardAlphabet(segments(dashed)[2])].join('.'),
);
for (const [name, signature] of Object.entries({
  padded: `${GOOD_SIGNATURE}=`,
  'padded-twice': `${GOOD_SIGNATURE}==`,
  'one-more': `${GOOD_SIGNATURE}A`,
  'eight-more': `${GOOD_SIGNATURE}AAAAAAAA`,
  'eight-more-inside': `${GOOD_SIGNATURE.slice(0, 40)}AAAAAAAA${GOOD_SIGNATURE.slice(40)}`,
  'eight-more-in-front': `AAAAAAAA${GOOD_SIGNATURE}`,
  doubled: GOOD_SIGNATURE + GOOD_SIGNATURE,
  'trailing-space': `${GOOD_SIGNATURE} `,
  'leading-space': ` ${GOOD_SIGNATURE}`,
  'line-break': `${GOOD_SIGNATURE}\n`,
  'carriage-return': `${GOOD_SIGNATURE}\r\n`,
  'trailing-nul': `${GOOD_SIGNATURE}\0`,
  'not-ascii': `${GOOD_SIGNATURE}é`,
  'other-case': GOOD_SIGNATURE.replaceAll(/[a-z]/gi, (letter) =>
    letter < 'a' ? letter.toLowerCase() : letter.toUpperCase(),
  ),
  'all-zero': 'A'.repeat(43),
  'one-zero-byte': 'AA',
  hex: hmac('HS256', SECRET, `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString('hex'),
  'of-decoded-text': hmac('HS256', SECRET, `${HEADER}.{"sub":"me"}`).toString('base64url'),
  'of-payload-alone': hmac('HS256', SECRET, GOOD_PAYLOAD).toString('base64url'),
  'of-input-with-dot': hmac('HS256', SECRET, `${GOOD_HEADER}.${GOOD_PAYLOAD}.`).toString('base64url'),
  'of-other-secret': hmac('HS256', OTHER_SECRET, `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString('base64url'),
  'of-empty-secret': hmac('HS256', Buffer.alloc(0), `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString('base64url'),
  'of-encoded-secret': hmac('HS256', base64url(SECRET), `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString(
    'base64url',
  ),
  'of-secret-and-line-break': hmac('HS256', `${SECRET}\n`, `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString(
    'base64url',
  ),
  reversed: Buffer.from(hmac('HS256', SECRET, `${GOOD_HEADER}.${GOOD_PAYLOAD}`))
    .reverse()
    .toString('base64url'),
  hs384: hmac('HS384', SECRET, `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString('base64url'),
  hs512: hmac('HS512', SECRET, `${GOOD_HEADER}.${GOOD_PAYLOAD}`).toString('base64url'),
  'as-long-as-allowed': 'A'.repeat(16000),
})) {
  add(SIGNATURE, `signature-${name}`, MAC, signed(signature));
}
add(SIGNATURE, 'signature-byte-ff', MAC, Buffer.concat([Buffer.from(GOOD.slice(0, -1)), Buffer.of(0xff)]));
for (const [alg, lengths] of [
  ['HS384', [22, 43, 63]],
  ['HS512', [43, 64, 85]],
]) {
  const token = mint({ sub: 'me' }, { alg, secret: LONG_SECRET });
  const verifier = { keys: [key(LONG_SECRET)], algorithms: ['HS256', 'HS384', 'HS512'] };
  for (const length of lengths) {
    const [header, payload, signature] = segments(token);
    add(
      SIGNATURE,
      `${alg}-signature-cut-to-${length}`,
      'a truncated MAC is none',
      `${header}.${payload}.${signature.slice(0, length)}`,
      { verifier },
    );
  }
  add(SIGNATURE, `${alg}-signature-eight-more`, 'the whole segment counts', `${token}AAAAAAAA`, { verifier });
  add(SIGNATURE, `${alg}-signature-changed-at-last`, MAC, withSignatureChanged(token, -1), { verifier });
}
{
  const [header, payload, signature] = segments(mint({ sub: 'me' }, { alg: 'HS512', secret: LONG_SECRET }));
  for (const bits of [1, 8, 15]) {
    add(
      SIGNATURE,
      `HS512-signature-spare-bits-${bits}`,
      'RFC 4648 3.5: the same bytes in another spelling',
      `${header}.${payload}.${nonCanonical(signature, bits)}`,
      { verifier: { keys: [key(LONG_SECRET)], algorithms: ['HS512'] } },
    );
  }
}
add(SIGNATURE, 'payload-changed', MAC, `${GOOD_HEADER}.${base64url('{"sub":"you"}')}.${GOOD_SIGNATURE}`);
add(
  SIGNATURE,
  'payload-of-another-token',
  MAC,
  `${GOOD_HEADER}.${segments(mint({ sub: 'you' }))[1]}.${GOOD_SIGNATURE}`,
);
add(
  SIGNATURE,
  'header-changed',
  MAC,
  `${base64url('{"typ":"JWT","alg":"HS256"}')}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`,
);
add(SIGNATURE, 'header-and-payload-swapped', MAC, `${GOOD_HEADER}.${GOOD_HEADER}.${GOOD_SIGNATURE}`);
const badly = (payload) => craft(HEADER, payload, { secret: OTHER_SECRET });
add(
  SIGNATURE,
  'bad-signature-and-expired',
  'nothing of the payload is read before the signature holds',
  badly('{"exp":1}'),
);
add(
  SIGNATURE,
  'bad-signature-and-no-json',
  'nothing of the payload is read before the signature holds',
  badly('{'),
);
add(
  SIGNATURE,
  'bad-signature-and-no-base64',
  'nothing of the payload is read before the signature holds',
  seal(GOOD_HEADER, '*', { secret: OTHER_SECRET }),
);
add(
  SIGNATURE,
  'bad-signature-and-other-issuer',
  'nothing of the payload is read before the signature holds',
  badly('{"iss":"x"}'),
  { verifier: { issuer: ['i'] } },
);

// ---- Payload: base64url ---------------------------------------------------

const sealed = (payload) => seal(GOOD_HEADER, payload);
const TEN = '{"a":"bc"}'; // 14 characters, 4 spare bits
const ELEVEN = '{"a":"bcd"}'; // 15 characters, 2 spare bits
const DASHED_CLAIMS = '{"a":"~~~???>>>"}';
accept('payload-14-characters', 'two characters behind the last four', TEN);
accept('payload-15-characters', 'three characters behind the last four', ELEVEN);
accept('payload-with-dash-and-underscore', 'RFC 4648 section 5', { a: '~~~???>>>' });
for (const [name, payload] of Object.entries({
  'standard-alphabet': standardAlphabet(base64url(DASHED_CLAIMS)),
  padded: `${base64url(TEN)}==`,
  'padded-once': `${base64url(ELEVEN)}=`,
  'trailing-space': `${base64url(ELEVEN)} `,
  'line-break': `${base64url(ELEVEN).slice(0, 8)}\n${base64url(ELEVEN).slice(8)}`,
  nul: `${base64url(ELEVEN)}\0`,
  'not-ascii': `${base64url(ELEVEN)}é`,
  'other-character': `${base64url(ELEVEN).slice(0, -1)}!`,
  'plain-json': '{"sub":"me"}',
  percent: `${base64url(ELEVEN)}%3D`,
})) {
  add(TOKEN_BASE64, `payload-${name}`, BAD_BASE64, sealed(payload));
}
add(TOKEN_BASE64, 'payload-one-character', BAD_BASE64, sealed('e'));
add(
  TOKEN_BASE64,
  'payload-one-character-too-many',
  'RFC 4648 section 4: no bytes have an encoding of 1 modulo 4 characters',
  sealed(`${base64url('{"a":"bcde"}')}A`),
  { stricter: 'non-canonical-base64url' },
);
for (const bits of [1, 2, 4, 8, 15]) {
  add(
    TOKEN_BASE64,
    `payload-14-characters-spare-bits-${bits}`,
    CANONICAL,
    sealed(nonCanonical(base64url(TEN), bits)),
    { stricter: 'non-canonical-base64url' },
  );
}
for (const bits of [1, 2, 3]) {
  add(
    TOKEN_BASE64,
    `payload-15-characters-spare-bits-${bits}`,
    CANONICAL,
    sealed(nonCanonical(base64url(ELEVEN), bits)),
    { stricter: 'non-canonical-base64url' },
  );
}

// ---- Payload: JSON --------------------------------------------------------

const CLAIMS_OBJECT = 'RFC 7519 7.2: the claims are a JSON object';
for (const [name, claims] of Object.entries({
  array: '[]',
  'array-of-claims': '[{"sub":"me"}]',
  string: '"sub"',
  'string-of-claims': '"{\\"sub\\":\\"me\\"}"',
  number: '1',
  true: 'true',
  false: 'false',
})) {
  refuse(CLAIMS_JSON, `claims-${name}`, CLAIMS_OBJECT, claims, { stricter: 'payload-not-object' });
}
refuse(CLAIMS_JSON, 'claims-null', CLAIMS_OBJECT, 'null');
const plainText = (payload) => craft('{"alg":"HS256"}', payload);
add(CLAIMS_JSON, 'claims-plain-text', CLAIMS_OBJECT, plainText('hello'), { stricter: 'payload-not-object' });
add(CLAIMS_JSON, 'claims-no-json-without-typ', CLAIMS_OBJECT, plainText('{"sub":'), {
  stricter: 'payload-not-object',
});
add(
  CLAIMS_JSON,
  'claims-byte-order-mark-without-typ',
  'RFC 8259 8.1: none is added',
  plainText('\ufeff{"exp":1}'),
  { stricter: 'payload-not-object' },
);
add(CLAIMS_JSON, 'claims-a-token', CLAIMS_OBJECT, plainText(GOOD), { stricter: 'payload-not-object' });
const GRAMMAR = 'RFC 8259: no JSON';
for (const [name, claims] of Object.entries({
  word: 'sub',
  truncated: '{"sub":"me"',
  'open-string': '{"sub":"me',
  'open-name': '{"sub',
  'open-brace': '{',
  'trailing-text': '{"sub":"me"}x',
  'trailing-brace': '{}}',
  'trailing-comma-behind': '{},',
  'two-objects': '{}{}',
  'single-quotes': "{'sub':'me'}",
  'bare-name': '{sub:"me"}',
  'number-name': '{1:2}',
  'trailing-comma': '{"a":1,}',
  'leading-comma': '{,"a":1}',
  'two-commas': '{"a":1,,"b":2}',
  'no-comma': '{"a":1 "b":2}',
  'no-colon': '{"a" 1}',
  'two-colons': '{"a"::1}',
  'no-value': '{"a":}',
  semicolon: '{"a":1;"b":2}',
  comment: '{"a":1/* */}',
  'line-comment': '{"a":1}//',
  'byte-order-mark': '\ufeff{}',
  'form-feed': '{\f}',
  'vertical-tab': '{\v}',
  'no-break-space': '{\u00a0}',
  'nul-behind': '{}\0',
  'nul-before': '\0{}',
  'line-separator': '{\u2028}',
  'raw-line-break-in-string': '{"a":"b\nc"}',
  'raw-tab-in-string': '{"a":"b\tc"}',
  'raw-nul-in-string': '{"a":"b\0c"}',
  'raw-1f-in-string': '{"a":"b\u001fc"}',
  'raw-tab-in-name': '{"a\tb":1}',
  'escape-x': '{"a":"\\x41"}',
  'escape-digit': '{"a":"\\0"}',
  'escape-quote': '{"a":"\\\'"}',
  'escape-upper-u': '{"a":"\\U0041"}',
  'escape-short': '{"a":"\\u123"}',
  'escape-no-hex': '{"a":"\\u12G4"}',
  'escape-sign': '{"a":"\\u+123"}',
  'escape-braces': '{"a":"\\u{41}"}',
  'escape-at-end': '{"a":"\\',
  'escape-half-at-end': '{"a":"\\u00',
  'escape-in-name': '{"\\q":1}',
  'escape-line-break': '{"a":"\\\n"}',
  'leading-zero': '{"a":01}',
  'minus-leading-zero': '{"a":-01}',
  'double-zero': '{"a":00}',
  plus: '{"a":+1}',
  'no-integer': '{"a":.5}',
  'no-fraction': '{"a":1.}',
  'no-exponent': '{"a":1e}',
  'no-exponent-digits': '{"a":1e+}',
  'minus-alone': '{"a":-}',
  'two-minus': '{"a":--1}',
  'two-points': '{"a":1.2.3}',
  'fraction-exponent': '{"a":1e1.5}',
  hexadecimal: '{"a":0x10}',
  underscore: '{"a":1_000}',
  nan: '{"a":NaN}',
  infinity: '{"a":Infinity}',
  'minus-infinity': '{"a":-Infinity}',
  bigint: '{"a":1n}',
  'number-space': '{"a":1 2}',
  'true-cut': '{"a":tru}',
  'true-upper': '{"a":True}',
  'null-cut': '{"a":nul}',
  undefined: '{"a":undefined}',
  none: '{"a":None}',
  'literal-longer': '{"a":nulls}',
  'array-open': '{"a":[}',
  'array-trailing-comma': '{"a":[1,]}',
  'array-leading-comma': '{"a":[,1]}',
  'array-no-comma': '{"a":[1 2]}',
  'array-colon': '{"a":[1:2]}',
  'brackets-crossed': '{"a":[{]}}',
  'array-closed-by-brace': '{"a":[1}}',
  'object-closed-by-bracket': '{"a":{"b":1]}',
  'nested-trailing-comma': '{"a":{"b":1,}}',
  'nested-bare-name': '{"a":{b:1}}',
  'nested-no-value': '{"a":[{"b"}]}',
  'object-closed-twice': '{"a":{}}}',
  'deep-not-closed': `{"a":${'['.repeat(5000)}${']'.repeat(4999)}}`,
  'deep-closed-too-often': `{"a":${'['.repeat(4999)}${']'.repeat(5000)}}`,
  'deep-crossed': `{"a":${'['.repeat(100)}{"b":1${']'.repeat(100)}}}`,
  'deep-only-open': `{"a":${'['.repeat(9000)}`,
})) {
  refuse(CLAIMS_JSON, `claims-${name}`, GRAMMAR, claims);
}
refuse(CLAIMS_JSON, 'claims-utf-16', 'RFC 7519 7.2: UTF-8', Buffer.from('{"sub":"me"}', 'utf16le'));
const withBytes = (before, bytes, after) =>
  Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
for (const [name, bytes] of Object.entries({
  'byte-ff': [0xff],
  'byte-fe': [0xfe],
  continuation: [0x80],
  'latin-1': [0xe9],
  'cut-short': [0xe2, 0x82],
  'cut-short-of-four': [0xf0, 0x9f, 0xa6],
  overlong: [0xc0, 0xaf],
  'overlong-three': [0xe0, 0x80, 0xaf],
  'overlong-four': [0xf0, 0x80, 0x80, 0xaf],
  'surrogate-bytes': [0xed, 0xa0, 0x80],
  'surrogate-pair-bytes': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  'beyond-unicode': [0xf4, 0x90, 0x80, 0x80],
  'five-bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
})) {
  refuse(CLAIMS_JSON, `claims-not-utf8-${name}`, 'RFC 7519 7.2: UTF-8', withBytes('{"a":"', bytes, '"}'), {
    stricter: 'not-utf8',
  });
}
refuse(CLAIMS_JSON, 'claims-not-utf8-in-name', 'RFC 7519 7.2: UTF-8', withBytes('{"a', [0xff], '":1}'), {
  stricter: 'not-utf8',
});
refuse(
  CLAIMS_JSON,
  'claims-not-utf8-nested',
  'RFC 7519 7.2: UTF-8',
  withBytes('{"a":[{"b":"', [0xff], '"}]}'),
  { stricter: 'not-utf8' },
);
refuse(
  CLAIMS_JSON,
  'claims-not-utf8-behind-64-bytes',
  'RFC 7519 7.2: UTF-8',
  withBytes(`{"a":"${'x'.repeat(100)}`, [0xff], '"}'),
  { stricter: 'not-utf8' },
);
refuse(CLAIMS_JSON, 'claims-not-utf8-outside-of-strings', 'RFC 7519 7.2: UTF-8', withBytes('{', [0xff], '}'));
const RANGE = 'RFC 8259 section 6: no double holds it';
for (const [name, number] of Object.entries({
  '1e400': '1e400',
  'minus-1e400': '-1e400',
  '1e309': '1e309',
  'just-over': '1.7976931348623159e308',
  'huge-exponent': '1e99999999999999999999',
  'upper-e': '1E400',
  'with-plus': '1e+400',
  '400-digits': '9'.repeat(400),
  '310-digits': `1${'0'.repeat(309)}`,
  nested: '[[{"b":1e400}]]',
  'long-with-exponent': `${'9'.repeat(200)}e200`,
})) {
  refuse(CLAIMS_JSON, `claims-number-${name}`, RANGE, `{"a":${number}}`, {
    stricter: 'number-beyond-double',
  });
}
refuse(CLAIMS_JSON, 'claims-number-exp-1e400', RANGE, '{"exp":1e400}', { stricter: 'number-beyond-double' });
refuse(
  CLAIMS_JSON,
  'claims-number-duplicate-1e400-first',
  `${RANGE}, be it overwritten`,
  '{"a":1e400,"a":1}',
  { stricter: 'number-beyond-double' },
);
refuse(CLAIMS_JSON, 'claims-number-nbf-minus-1e400', RANGE, '{"nbf":-1e400}', {
  stricter: 'number-beyond-double',
});

const JSON_OK = 'RFC 8259: good JSON';
for (const [name, claims] of Object.entries({
  'whitespace-everywhere':
    ' \t\r\n{ \t\r\n"a" \t\r\n: \t\r\n[ \t\r\n1 \t\r\n, \t\r\n{ \t\r\n} \t\r\n] \t\r\n, \t\r\n"exp" \t\r\n: \t\r\n1700000001 \t\r\n} \t\r\n',
  'whitespace-only-inside': '{ \t\r\n}',
  'all-escapes': '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u00E9\\uD83E\\uDD80"}',
  'escaped-nul': '{"a":"\\u0000","\\u0000":1}',
  'raw-delete': '{"a":"\u007f\u0080\u009f"}',
  'raw-noncharacters': '{"a":"\uffff\ufffe\u{10ffff}\u{1fffe}"}',
  'raw-line-separators': '{"a":"\u2028\u2029"}',
  'raw-byte-order-mark-in-string': '{"a":"\ufeff"}',
  'lone-high-surrogate': '{"a":"\\ud800"}',
  'lone-low-surrogate': '{"a":"\\udc00"}',
  'lone-surrogate-before-escape': '{"a":"\\ud800\\n"}',
  'surrogates-swapped': '{"a":"\\udc00\\ud800"}',
  'two-high-surrogates': '{"a":"\\ud83e\\ud83e\\udd80"}',
  'lone-surrogate-name': '{"\\ud800":1,"\\udfff":2,"sub":"me"}',
  'lone-surrogate-sub': '{"sub":"\\ud800"}',
  'number-zero': '{"a":0,"b":-0,"c":0.0,"d":0e0,"e":0E-0,"f":-0.0e+00}',
  'number-forms':
    '{"a":1,"b":-1,"c":1.5,"d":1e5,"e":1E5,"f":1e+5,"g":1e-5,"h":-1.25E-05,"i":10,"j":1000000000000000000000}',
  'number-underflow': '{"a":1e-400,"b":-1e-99999999999999999999,"c":4.9e-324,"d":1e-324}',
  'number-largest': '{"a":1.7976931348623157e308,"b":-1.7976931348623157e308}',
  'number-rounds-to-largest': '{"a":1.7976931348623158e308}',
  'number-zero-with-huge-exponent': '{"a":0e400,"b":0.000e999999}',
  'number-small-with-large-exponent': `{"a":0.${'0'.repeat(100)}1e400}`,
  'number-309-digits': `{"a":1${'0'.repeat(308)}}`,
  'number-400-fraction-digits': `{"a":0.${'1'.repeat(400)}}`,
  'number-above-2-to-53': '{"a":9007199254740993}',
  'deep-arrays': `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  'deep-objects': `{"a":${'{"":'.repeat(2000)}1${'}'.repeat(2000)}}`,
  'deep-mixed': `{"a":${'[{"":'.repeat(1500)}1${'}]'.repeat(1500)},"sub":"me"}`,
  'deep-64': `{"a":${'['.repeat(64)}${']'.repeat(64)},"b":${'[{"c":'.repeat(32)}[]${'}]'.repeat(32)}}`,
  'deep-65': `{"a":${'['.repeat(65)}1${']'.repeat(65)},"b":${'{"c":'.repeat(65)}[]${'}'.repeat(65)}}`,
  'empty-containers': '{"a":{},"b":[],"c":[{}],"d":{"e":[]},"f":[[],[]]}',
  literals: '{"a":true,"b":false,"c":null,"d":[true,false,null]}',
  'string-with-json-inside': '{"a":"{\\"exp\\":1}","b":"],}","c":"\\\\"}',
  'string-of-backslashes': '{"a":"\\\\\\\\","b":"\\\\\\""}',
  'strings-around-eight': `{"":"1234567","1":"12345678","12":"123456789","1234567":"","12345678":"\\"","123456789":"12345678901234567"}`,
  'quote-like-bytes': '{"a":"#!#!#!#!#!#!","b":"!!!!!!!!\u00a2\u0122"}',
})) {
  accept(`claims-${name}`, JSON_OK, claims);
}
accept('claims-duplicate', 'as JavaScript reads it: the last one counts', '{"a":1,"a":2}');
accept('claims-duplicate-exp-last-good', 'the last one counts', '{"exp":1,"exp":1700000001}');
refuse(EXPIRED, 'claims-duplicate-exp-last-bad', 'the last one counts', '{"exp":1700000001,"exp":1}');
accept(
  'claims-duplicate-exp-escaped-last-good',
  'the last one counts, however it is written',
  '{"exp":1,"\\u0065xp":1700000001}',
);
refuse(
  EXPIRED,
  'claims-duplicate-exp-escaped-last-bad',
  'the last one counts, however it is written',
  '{"exp":1700000001,"e\\u0078p":1}',
);
accept('claims-duplicate-exp-type-last-good', 'the last one counts', '{"exp":"x","exp":1700000001}');
refuse(
  CLAIM_MALFORMED,
  'claims-duplicate-exp-type-last-bad',
  'the last one counts',
  '{"exp":1700000001,"exp":"1700000001"}',
  { failed: 'exp' },
);
refuse(ISSUER, 'claims-duplicate-iss-last-bad', 'the last one counts', '{"iss":"i","iss":"x"}', {
  verifier: { issuer: ['i'] },
});
accept('claims-duplicate-iss-last-good', 'the last one counts', '{"iss":"x","iss":"i"}', {
  verifier: { issuer: ['i'] },
});
refuse(SUBJECT, 'claims-duplicate-sub-last-null', 'the last one counts', '{"sub":"s","sub":null}', {
  verifier: { subject: 's' },
});
refuse(AUDIENCE, 'claims-duplicate-aud-last-bad', 'the last one counts', '{"aud":["a"],"aud":"x"}', {
  verifier: { audience: ['a'] },
});

// ---- exp ------------------------------------------------------------------

const EXP = 'RFC 7519 4.1.4: on or after exp it is not accepted';
accept('exp-ahead', EXP, { exp: NOW + 1 });
refuse(EXPIRED, 'exp-now', EXP, { exp: NOW });
refuse(EXPIRED, 'exp-behind', EXP, { exp: NOW - 1 });
accept('exp-fraction-ahead', 'RFC 7519 section 2: NumericDate may have a fraction', { exp: NOW + 0.5 });
refuse(EXPIRED, 'exp-fraction-behind', 'RFC 7519 section 2: NumericDate may have a fraction', {
  exp: NOW - 0.5,
});
accept('exp-least-fraction-ahead', 'compared as doubles', '{"exp":1700000000.0000002}');
refuse(
  EXPIRED,
  'exp-fraction-below-double',
  'compared as doubles: this one is 1700000000',
  '{"exp":1700000000.00000001}',
);
accept('exp-exponent', 'a number is a number', '{"exp":1.7000000010e9}');
refuse(EXPIRED, 'exp-exponent-behind', 'a number is a number', '{"exp":17e8}');
accept('exp-escaped-name', 'an escape is its character', '{"\\u0065xp":1700000001}');
refuse(EXPIRED, 'exp-escaped-name-behind', 'an escape is its character', '{"\\u0065\\u0078\\u0070":1}');
refuse(EXPIRED, 'exp-zero', EXP, { exp: 0 });
refuse(EXPIRED, 'exp-minus-zero', EXP, '{"exp":-0}');
refuse(EXPIRED, 'exp-negative', EXP, { exp: -1 });
refuse(EXPIRED, 'exp-most-negative', 'arithmetic never overflows', '{"exp":-1.7976931348623157e308}');
accept('exp-largest', 'arithmetic never overflows', '{"exp":1.7976931348623157e308}', {
  verifier: { leeway: 86400 },
});
accept('exp-above-2-to-63', 'arithmetic never overflows', '{"exp":9223372036854775808}', {
  verifier: { leeway: 86400 },
});
accept('exp-above-2-to-64', 'arithmetic never overflows', '{"exp":18446744073709551616}');
accept('exp-at-2-to-53', 'exact in a double', '{"exp":9007199254740992}', { now: 2 ** 53 - 1 });
refuse(EXPIRED, 'exp-at-2-to-53-now', EXP, '{"exp":9007199254740992}', { now: 2 ** 53 });
refuse(EXPIRED, 'exp-smallest', EXP, '{"exp":5e-324}');
accept('exp-in-milliseconds', 'seconds are meant; nobody guesses', { exp: NOW * 1000 });
accept('exp-before-1970-ahead', 'time before 1970 is time', { exp: -5 }, { now: -6 });
refuse(EXPIRED, 'exp-before-1970-now', EXP, { exp: -5 }, { now: -5 });
accept('exp-in-second-1', 'small numbers are not taken for none', { exp: 2 }, { now: 1 });
refuse(EXPIRED, 'exp-in-second-1-now', EXP, { exp: 1 }, { now: 1 });
accept('exp-of-other-case', 'RFC 7519 section 4: names are case-sensitive', { EXP: 1, Exp: 1 });
accept('exp-nested', 'a member of a member is not a claim', { a: { exp: 1 }, b: [{ exp: 1 }] });
accept(
  'exp-in-name-and-value',
  'only the name counts',
  '{"a":"\\"exp\\":1","exp ":1,"":"exp","expired":1,"ex":1}',
);
accept('exp-leeway-last-moment', 'leeway forgives', { exp: NOW - 9 }, { verifier: { leeway: 10 } });
refuse(
  EXPIRED,
  'exp-leeway-over',
  'expired when now >= exp + leeway',
  { exp: NOW - 10 },
  { verifier: { leeway: 10 } },
);
accept('exp-leeway-one-day', 'the largest leeway', { exp: NOW - 86399 }, { verifier: { leeway: 86400 } });
refuse(
  EXPIRED,
  'exp-leeway-one-day-over',
  'the largest leeway',
  { exp: NOW - 86400 },
  { verifier: { leeway: 86400 } },
);
accept('exp-leeway-fraction', 'leeway forgives', { exp: NOW - 9.5 }, { verifier: { leeway: 10 } });
refuse(
  EXPIRED,
  'exp-leeway-fraction-over',
  'leeway forgives no more',
  { exp: NOW - 10.5 },
  { verifier: { leeway: 10 } },
);

// ---- nbf ------------------------------------------------------------------

const NBF = 'RFC 7519 4.1.5: before nbf it is not accepted';
accept('nbf-now', NBF, { nbf: NOW });
accept('nbf-behind', NBF, { nbf: NOW - 1 });
refuse(NOT_YET_VALID, 'nbf-ahead', NBF, { nbf: NOW + 1 });
refuse(NOT_YET_VALID, 'nbf-fraction-ahead', NBF, { nbf: NOW + 0.5 });
accept('nbf-fraction-behind', NBF, { nbf: NOW - 0.5 });
accept('nbf-zero', NBF, { nbf: 0 });
accept('nbf-negative', NBF, { nbf: -1e300 });
refuse(NOT_YET_VALID, 'nbf-largest', 'arithmetic never overflows', '{"nbf":1.7976931348623157e308}', {
  verifier: { leeway: 86400 },
});
refuse(NOT_YET_VALID, 'nbf-above-2-to-64', 'arithmetic never overflows', '{"nbf":18446744073709551616}');
refuse(NOT_YET_VALID, 'nbf-escaped-name', 'an escape is its character', '{"\\u006ebf":1700000001}');
accept('nbf-leeway-edge', 'leeway forgives', { nbf: NOW + 10 }, { verifier: { leeway: 10 } });
refuse(
  NOT_YET_VALID,
  'nbf-leeway-over',
  'leeway forgives no more',
  { nbf: NOW + 11 },
  { verifier: { leeway: 10 } },
);
refuse(
  NOT_YET_VALID,
  'nbf-leeway-fraction-over',
  'leeway forgives no more',
  { nbf: NOW + 10.5 },
  { verifier: { leeway: 10 } },
);
accept('nbf-leeway-one-day', 'the largest leeway', { nbf: NOW + 86400 }, { verifier: { leeway: 86400 } });
refuse(
  NOT_YET_VALID,
  'nbf-leeway-one-day-over',
  'the largest leeway',
  { nbf: NOW + 86401 },
  { verifier: { leeway: 86400 } },
);
accept('nbf-of-other-case', 'RFC 7519 section 4: names are case-sensitive', { NBF: NOW + 1 });
accept('nbf-and-exp-around', 'a window of two seconds', { nbf: NOW, exp: NOW + 1 });
refuse(NOT_YET_VALID, 'nbf-before-exp', 'nbf is checked before exp', { nbf: NOW + 1, exp: NOW - 1 });
refuse(
  NOT_YET_VALID,
  'nbf-before-exp-whatever-the-order',
  'nbf is checked before exp',
  '{"exp":1,"nbf":1700000001}',
);

// ---- iat ------------------------------------------------------------------

const AHEAD = 'an iat ahead, in milliseconds or forged, must not defeat the maximum age';
const IAT = 'RFC 7519 4.1.6: iat says how old the token is';
accept('iat-now', IAT, { iat: NOW });
accept('iat-ahead', 'RFC 7519 4.1.6: no rule against it', { iat: NOW + 1000 });
accept('iat-check-now', IAT, { iat: NOW }, { verifier: { checkIat: true } });
accept('iat-check-absent', 'iat stays optional', { sub: 'me' }, { verifier: { checkIat: true } });
refuse(
  ISSUED_IN_FUTURE,
  'iat-check-ahead',
  'the policy minds',
  { iat: NOW + 1 },
  { verifier: { checkIat: true }, stricter: 'option:checkIat' },
);
refuse(
  ISSUED_IN_FUTURE,
  'iat-check-fraction-ahead',
  'the policy minds',
  { iat: NOW + 0.5 },
  { verifier: { checkIat: true }, stricter: 'option:checkIat' },
);
accept(
  'iat-check-leeway-edge',
  'leeway forgives',
  { iat: NOW + 10 },
  { verifier: { checkIat: true, leeway: 10 } },
);
refuse(
  ISSUED_IN_FUTURE,
  'iat-check-leeway-over',
  'leeway forgives no more',
  { iat: NOW + 11 },
  { verifier: { checkIat: true, leeway: 10 }, stricter: 'option:checkIat' },
);
refuse(
  ISSUED_IN_FUTURE,
  'iat-check-largest',
  'arithmetic never overflows',
  '{"iat":1.7976931348623157e308}',
  { verifier: { checkIat: true }, stricter: 'option:checkIat' },
);
accept('max-age-young', 'too old when now >= iat + max age', { iat: NOW - 59 }, { verifier: { maxAge: 60 } });
refuse(
  TOO_OLD,
  'max-age-reached',
  'too old when now >= iat + max age',
  { iat: NOW - 60 },
  { verifier: { maxAge: 60 } },
);
refuse(
  TOO_OLD,
  'max-age-over',
  'too old when now >= iat + max age',
  { iat: NOW - 61 },
  { verifier: { maxAge: 60 } },
);
accept('max-age-fraction', 'compared as doubles', { iat: NOW - 59.5 }, { verifier: { maxAge: 60 } });
refuse(
  TOO_OLD,
  'max-age-fraction-over',
  'compared as doubles',
  { iat: NOW - 60.5 },
  { verifier: { maxAge: 60 } },
);
accept('max-age-leeway', 'leeway forgives', { iat: NOW - 69 }, { verifier: { maxAge: 60, leeway: 10 } });
refuse(
  TOO_OLD,
  'max-age-leeway-over',
  'leeway forgives no more',
  { iat: NOW - 70 },
  { verifier: { maxAge: 60, leeway: 10 } },
);
refuse(
  ISSUED_IN_FUTURE,
  'max-age-iat-ahead',
  AHEAD,
  { iat: NOW + 1000 },
  { verifier: { maxAge: 60 }, stricter: 'max-age-iat-ahead' },
);
refuse(
  ISSUED_IN_FUTURE,
  'max-age-iat-ahead-checked',
  'the policy minds',
  { iat: NOW + 1000 },
  { verifier: { maxAge: 60, checkIat: true }, stricter: 'option:checkIat' },
);
refuse(
  MISSING_CLAIM,
  'max-age-iat-absent',
  'iat is then required',
  { sub: 'me' },
  { verifier: { maxAge: 60 }, failed: 'iat' },
);
refuse(
  TOO_OLD,
  'max-age-iat-zero',
  'zero is a time',
  { iat: 0 },
  { verifier: { maxAge: 60 }, stricter: 'reference-iat-zero' },
);
refuse(TOO_OLD, 'max-age-iat-negative', 'arithmetic never overflows', '{"iat":-1.7976931348623157e308}', {
  verifier: { maxAge: 60 },
});
accept(
  'max-age-largest',
  'arithmetic never overflows',
  { iat: 1 },
  { verifier: { maxAge: 2 ** 53, leeway: 86400 } },
);
accept(
  'max-age-not-yet-expired-either',
  'both hold',
  { iat: NOW - 10, exp: NOW + 10 },
  { verifier: { maxAge: 60 } },
);
refuse(
  EXPIRED,
  'exp-before-max-age',
  'exp is checked before iat',
  { iat: NOW - 1000, exp: NOW - 10 },
  { verifier: { maxAge: 60 } },
);
refuse(
  NOT_YET_VALID,
  'nbf-before-max-age',
  'nbf is checked before iat',
  { iat: NOW - 1000, nbf: NOW + 10 },
  { verifier: { maxAge: 60 } },
);

const ahead = (maxAge, more) => ({ verifier: { maxAge, ...more }, stricter: 'max-age-iat-ahead' });
refuse(ISSUED_IN_FUTURE, 'max-age-iat-in-milliseconds', AHEAD, { iat: NOW * 1000 }, ahead(60));
refuse(ISSUED_IN_FUTURE, 'max-age-iat-years-ahead', AHEAD, { iat: NOW + 10 * 365 * 86400 }, ahead(60));
refuse(ISSUED_IN_FUTURE, 'max-age-iat-ahead-by-a-second', AHEAD, { iat: NOW + 1 }, ahead(60));
refuse(ISSUED_IN_FUTURE, 'max-age-iat-ahead-by-a-fraction', AHEAD, { iat: NOW + 0.5 }, ahead(60));
refuse(
  ISSUED_IN_FUTURE,
  'max-age-iat-largest',
  'arithmetic never overflows',
  '{"iat":1.7976931348623157e308}',
  ahead(60),
);
refuse(ISSUED_IN_FUTURE, 'max-age-largest-and-iat-ahead', AHEAD, { iat: NOW + 1 }, ahead(2 ** 53));
accept('max-age-iat-now', IAT, { iat: NOW }, { verifier: { maxAge: 1 } });
accept(
  'max-age-iat-ahead-leeway-edge',
  'leeway forgives',
  { iat: NOW + 10 },
  { verifier: { maxAge: 60, leeway: 10 } },
);
refuse(
  ISSUED_IN_FUTURE,
  'max-age-iat-ahead-leeway-over',
  'leeway forgives no more',
  { iat: NOW + 11 },
  ahead(60, { leeway: 10 }),
);
refuse(
  EXPIRED,
  'exp-before-iat-ahead',
  'exp is checked before iat',
  { iat: NOW + 1000, exp: NOW - 10 },
  { verifier: { maxAge: 60 } },
);
refuse(
  ISSUED_IN_FUTURE,
  'iat-ahead-before-issuer',
  'iat is checked before iss',
  { iat: NOW + 1000, iss: 'x' },
  { verifier: { maxAge: 60, issuer: ['i'] } },
);
refuse(
  MISSING_CLAIM,
  'max-age-iat-absent-before-required-claims',
  'the maximum age is checked first',
  { sub: 'me' },
  { verifier: { maxAge: 60, requiredClaims: ['role', 'iat'] }, failed: 'iat' },
);

// ---- Expiration ignored ---------------------------------------------------

const RENEW = 'exp and the maximum age are not checked: for end-points that renew tokens';
const ignoring = (more) => ({ verifier: { ignoreExpiration: true, ...more } });
accept('ignore-exp-behind', RENEW, { exp: NOW - 1 }, ignoring());
accept('ignore-exp-now', RENEW, { exp: NOW }, ignoring());
accept('ignore-exp-ahead', RENEW, { exp: NOW + 1 }, ignoring());
accept('ignore-exp-absent', RENEW, { sub: 'me' }, ignoring());
accept('ignore-exp-most-negative', RENEW, '{"exp":-1.7976931348623157e308}', ignoring());
accept('ignore-max-age-over', RENEW, { iat: NOW - 61 }, ignoring({ maxAge: 60 }));
accept('ignore-max-age-iat-absent', RENEW, { sub: 'me' }, ignoring({ maxAge: 60 }));
accept('ignore-max-age-iat-ahead', RENEW, { iat: NOW + 1000 }, ignoring({ maxAge: 60 }));
for (const [name, value] of Object.entries({
  string: '"1700000001"',
  null: 'null',
  true: 'true',
  array: '[1]',
  object: '{}',
})) {
  accept(`ignore-exp-${name}`, 'nor is its type', `{"exp":${value}}`, ignoring());
  refuse(CLAIM_MALFORMED, `ignore-nbf-${name}`, 'nbf is still checked', `{"nbf":${value},"exp":1}`, {
    ...ignoring(),
    failed: 'nbf',
  });
  refuse(CLAIM_MALFORMED, `ignore-iat-${name}`, 'iat is still a time', `{"iat":${value},"exp":1}`, {
    ...ignoring(),
    failed: 'iat',
    stricter: 'iat-not-number',
  });
}
refuse(NOT_YET_VALID, 'ignore-nbf-ahead', 'nbf is still checked', { nbf: NOW + 1, exp: NOW - 1 }, ignoring());
accept(
  'ignore-nbf-leeway-edge',
  'nbf is still checked, with leeway',
  { nbf: NOW + 10, exp: 1 },
  ignoring({ leeway: 10 }),
);
refuse(
  NOT_YET_VALID,
  'ignore-nbf-leeway-over',
  'nbf is still checked, with leeway',
  { nbf: NOW + 11, exp: 1 },
  ignoring({ leeway: 10 }),
);
refuse(
  ISSUED_IN_FUTURE,
  'ignore-iat-checked-and-ahead',
  'the check of iat is another',
  { iat: NOW + 1, exp: 1 },
  { ...ignoring({ checkIat: true, maxAge: 60 }), stricter: 'option:checkIat' },
);
refuse(
  ISSUER,
  'ignore-other-issuer',
  'the rest is still checked',
  { iss: 'x', exp: 1 },
  ignoring({ issuer: ['i'] }),
);
refuse(
  AUDIENCE,
  'ignore-other-audience',
  'the rest is still checked',
  { aud: 'x', exp: 1 },
  ignoring({ audience: ['a'] }),
);
refuse(
  MISSING_CLAIM,
  'ignore-required-exp-absent',
  'exp must be there, be it over',
  { sub: 'me' },
  { ...ignoring({ requireExp: true }), failed: 'exp', stricter: 'option:requireExp' },
);
accept(
  'ignore-required-exp-behind',
  'exp must be there, be it over',
  { exp: 1 },
  ignoring({ requireExp: true }),
);
add(
  SIGNATURE,
  'ignore-bad-signature',
  'the signature is checked first',
  craft(HEADER, '{"exp":1}', { secret: OTHER_SECRET }),
  ignoring(),
);
refuse(
  EXPIRED,
  'ignore-switched-off',
  'false is the default',
  { exp: NOW },
  { verifier: { ignoreExpiration: false } },
);

// ---- exp, nbf, iat of another type ----------------------------------------

const DATE = 'RFC 7519 section 2: NumericDate is a JSON number';
const mistyped = {
  string: '"1700000001"',
  'empty-string': '""',
  null: 'null',
  true: 'true',
  false: 'false',
  array: '[1700000001]',
  object: '{"exp":1700000001}',
  date: '"2030-01-01T00:00:00Z"',
};
for (const [name, value] of Object.entries(mistyped)) {
  refuse(CLAIM_MALFORMED, `exp-${name}`, DATE, `{"exp":${value}}`, { failed: 'exp' });
  refuse(CLAIM_MALFORMED, `nbf-${name}`, DATE, `{"nbf":${value}}`, { failed: 'nbf' });
  refuse(CLAIM_MALFORMED, `iat-${name}`, DATE, `{"iat":${value}}`, {
    failed: 'iat',
    stricter: 'iat-not-number',
  });
}
refuse(CLAIM_MALFORMED, 'iat-string-with-max-age', DATE, '{"iat":"1700000000"}', {
  verifier: { maxAge: 60 },
  failed: 'iat',
});
refuse(CLAIM_MALFORMED, 'iat-null-with-max-age', DATE, '{"iat":null}', {
  verifier: { maxAge: 60 },
  failed: 'iat',
});
refuse(CLAIM_MALFORMED, 'iat-string-with-check', DATE, '{"iat":"1700000000"}', {
  verifier: { checkIat: true },
  failed: 'iat',
  stricter: 'iat-not-number',
});
refuse(CLAIM_MALFORMED, 'nbf-malformed-before-expired', 'nbf is checked before exp', '{"exp":1,"nbf":"x"}', {
  failed: 'nbf',
});
refuse(
  NOT_YET_VALID,
  'nbf-ahead-before-exp-malformed',
  'nbf is checked before exp',
  '{"exp":"x","nbf":1700000001}',
);
refuse(EXPIRED, 'expired-before-iat-malformed', 'exp is checked before iat', '{"iat":"x","exp":1}');
refuse(CLAIM_MALFORMED, 'iat-malformed-before-issuer', 'iat is checked before iss', '{"iat":"x","iss":"x"}', {
  verifier: { issuer: ['i'] },
  failed: 'iat',
});

// ---- iss, sub, jti --------------------------------------------------------

for (const [claim, member, code, section] of [
  ['iss', 'issuer', ISSUER, '4.1.1'],
  ['sub', 'subject', SUBJECT, '4.1.2'],
  ['jti', 'jwtId', JWT_ID, '4.1.7'],
]) {
  const why = `RFC 7519 ${section}, section 2: a case-sensitive StringOrURI`;
  const wants = (value) => ({ verifier: { [member]: member === 'issuer' ? [value] : value } });
  const one = wants('https://example.com/x');
  accept(`${claim}-same`, why, { [claim]: 'https://example.com/x' }, one);
  accept(`${claim}-any`, 'not asked for', { [claim]: 'anything' });
  accept(`${claim}-solidus-escaped`, 'compared unescaped', `{"${claim}":"https:\\/\\/example.com\\/x"}`, one);
  accept(`${claim}-escaped`, 'compared unescaped', `{"${claim}":"\\u0068ttps://example.com/\\u0078"}`, one);
  accept(
    `${claim}-name-escaped`,
    'an escape is its character',
    `{"${[...claim].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}":"https://example.com/x"}`,
    one,
  );
  for (const [name, value] of Object.entries({
    other: 'https://example.org/x',
    'other-case': 'https://EXAMPLE.com/x',
    'trailing-slash': 'https://example.com/x/',
    shorter: 'https://example.com/',
    empty: '',
    'trailing-space': 'https://example.com/x ',
    'trailing-nul': 'https://example.com/x\0',
  })) {
    refuse(code, `${claim}-${name}`, why, { [claim]: value }, one);
  }
  refuse(code, `${claim}-absent`, 'the policy wants one', { a: 1 }, one);
  for (const [name, value] of Object.entries({
    null: 'null',
    number: '1',
    true: 'true',
    array: '["https://example.com/x"]',
    object: '{"x":"https://example.com/x"}',
  })) {
    refuse(code, `${claim}-${name}`, 'the policy wants a string', `{"${claim}":${value}}`, one);
    if (name !== 'object')
      accept(
        `${claim}-${name}-not-asked-for`,
        'only looked at where the policy wants one',
        `{"${claim}":${value}}`,
      );
  }
  refuse(code, `${claim}-number-for-digits`, 'the policy wants a string', `{"${claim}":123}`, wants('123'));
  refuse(code, `${claim}-null-for-the-word`, 'the policy wants a string', `{"${claim}":null}`, wants('null'));
  refuse(
    code,
    `${claim}-nested`,
    'a member of a member is not a claim',
    `{"a":{"${claim}":"https://example.com/x"}}`,
    one,
  );
  refuse(
    code,
    `${claim}-of-other-case`,
    'RFC 7519 section 4: names are case-sensitive',
    { [claim.toUpperCase()]: 'https://example.com/x' },
    one,
  );
  accept(`${claim}-not-ascii`, 'compared as text', { [claim]: 'Zoë 🦀' }, wants('Zoë 🦀'));
  accept(
    `${claim}-not-ascii-escaped`,
    'compared as text',
    `{"${claim}":"Zo\\u00eb \\uD83E\\uDD80"}`,
    wants('Zoë 🦀'),
  );
  accept(
    `${claim}-first-and-last-of-the-pairs-escaped`,
    'compared as text',
    `{"${claim}":"\\ud800\\udc00\\uDBFF\\uDFFF"}`,
    wants('\u{10000}\u{10ffff}'),
  );
  refuse(
    code,
    `${claim}-not-normalized`,
    'RFC 8259 8.3: compared code unit by code unit',
    { [claim]: 'Zoe\u0308' },
    wants('Zoë'),
  );
  refuse(
    code,
    `${claim}-lone-surrogate`,
    'no text of a policy is that',
    `{"${claim}":"\\ud83e"}`,
    wants('\ufffd'),
  );
  accept(`${claim}-quotes-and-backslash`, 'compared unescaped', { [claim]: 'a"b\\c\n' }, wants('a"b\\c\n'));
}
const ISSUERS = { verifier: { issuer: ['a', 'b', 'c'] } };
accept('iss-one-of-several', 'one of them', { iss: 'b' }, ISSUERS);
refuse(ISSUER, 'iss-none-of-several', 'one of them', { iss: 'd' }, ISSUERS);
refuse(ISSUER, 'iss-joined', 'each is one', { iss: 'a,b,c' }, ISSUERS);

// ---- aud ------------------------------------------------------------------

const AUD = 'RFC 7519 4.1.3: a string or an array of strings; one match suffices';
const API = { verifier: { audience: ['api'] } };
for (const [name, aud] of Object.entries({
  string: '"api"',
  'array-of-one': '["api"]',
  'array-first': '["api","x"]',
  'array-last': '["x","y","api"]',
  'array-twice': '["api","api"]',
  'array-escaped': '["x","\\u0061pi"]',
  'string-escaped': '"\\u0061p\\u0069"',
  'array-white-space': '[ \t\r\n"x" \t\r\n, \t\r\n"api" \t\r\n]',
  'array-behind-tricky-strings': '["],[","\\"","\\\\","api"]',
})) {
  accept(`aud-${name}`, AUD, `{"aud":${aud}}`, API);
}
accept(
  'aud-array-mixed',
  'what is not a string does not match, what matches does',
  '{"aud":[1,null,{"api":1},["x"],"api"]}',
  API,
);
for (const [name, aud] of Object.entries({
  other: '"web"',
  'other-case': '"API"',
  longer: '"api2"',
  shorter: '"ap"',
  empty: '""',
  null: 'null',
  number: '1',
  true: 'true',
  object: '{"api":"api"}',
  'empty-array': '[]',
  'array-none': '["x","y"]',
  'array-nested': '[["api"]]',
  'array-of-object': '[{"aud":"api"}]',
  'array-of-null': '[null]',
  'array-joined': '["x,api"]',
  'string-of-array': '"[\\"api\\"]"',
  'array-quoted': '["\\"api\\""]',
  'space-separated': '"x api"',
  'lone-surrogate': '["api\\ud800"]',
  'array-tricky-string': '["x\\",\\"api\\",\\""]',
})) {
  refuse(AUDIENCE, `aud-${name}`, AUD, `{"aud":${aud}}`, API);
}
refuse(AUDIENCE, 'aud-absent', 'the policy wants one', { a: 1 }, API);
refuse(AUDIENCE, 'aud-nested', 'a member of a member is not a claim', { a: { aud: 'api' } }, API);
accept('aud-any', 'not asked for', { aud: ['anything', 'else'] });
accept('aud-number-not-asked-for', 'only looked at where the policy wants one', '{"aud":1}');
accept('aud-several-expected-string', AUD, { aud: 'web' }, { verifier: { audience: ['api', 'web'] } });
accept('aud-several-expected-array', AUD, { aud: ['x', 'web'] }, { verifier: { audience: ['api', 'web'] } });
refuse(
  AUDIENCE,
  'aud-several-expected-none',
  AUD,
  { aud: ['x', 'y'] },
  { verifier: { audience: ['api', 'web'] } },
);
accept('aud-not-ascii', 'compared as text', { aud: ['Zoë', '日本'] }, { verifier: { audience: ['日本'] } });
accept(
  'aud-of-100',
  AUD,
  { aud: Array.from({ length: 100 }, (_, at) => `aud${at}`) },
  { verifier: { audience: ['aud99'] } },
);

// ---- Required claims ------------------------------------------------------

const REQUIRED = 'a required claim is there, whatever its value';
const missing = (names, failed) => ({
  verifier: { requiredClaims: names },
  failed,
  missing: names.indexOf(failed),
  stricter: 'option:requiredClaims',
});
accept('required-present', REQUIRED, { role: 'admin' }, { verifier: { requiredClaims: ['role'] } });
accept('required-null', REQUIRED, { role: null }, { verifier: { requiredClaims: ['role'] } });
for (const [name, value] of Object.entries({ empty: '', false: false, zero: 0, object: {}, array: [] })) {
  accept(`required-${name}`, REQUIRED, { role: value }, { verifier: { requiredClaims: ['role'] } });
}
refuse(MISSING_CLAIM, 'required-absent', REQUIRED, { sub: 'me' }, missing(['role'], 'role'));
refuse(MISSING_CLAIM, 'required-absent-from-no-claims', REQUIRED, {}, missing(['role'], 'role'));
refuse(
  MISSING_CLAIM,
  'required-nested',
  'a member of a member is not a claim',
  { a: { role: 1 }, b: [{ role: 1 }] },
  missing(['role'], 'role'),
);
refuse(
  MISSING_CLAIM,
  'required-other-case',
  'RFC 7519 section 4: names are case-sensitive',
  { Role: 1 },
  missing(['role'], 'role'),
);
refuse(MISSING_CLAIM, 'required-as-value', 'a value is not a name', { a: 'role' }, missing(['role'], 'role'));
accept('required-escaped-name', 'an escape is its character', '{"r\\u006fle":1}', {
  verifier: { requiredClaims: ['role'] },
});
accept('required-not-ascii', 'compared as text', { clé: 1 }, { verifier: { requiredClaims: ['clé'] } });
accept(
  'required-like-a-path',
  'a name is a name',
  { 'https://example.com/a.b': 1 },
  { verifier: { requiredClaims: ['https://example.com/a.b'] } },
);
refuse(MISSING_CLAIM, 'required-no-path', 'a name is a name', { a: { b: 1 } }, missing(['a.b'], 'a.b'));
accept('required-several', REQUIRED, { c: 1, a: 1, b: 1 }, { verifier: { requiredClaims: ['a', 'b', 'c'] } });
refuse(
  MISSING_CLAIM,
  'required-last-of-several',
  'the first that is missing is named',
  { a: 1, b: 1 },
  missing(['a', 'b', 'c'], 'c'),
);
refuse(
  MISSING_CLAIM,
  'required-first-of-several',
  'the first that is missing is named',
  { b: 1 },
  missing(['a', 'b', 'c'], 'a'),
);
accept('required-twice', 'named twice is named once', { a: 1 }, { verifier: { requiredClaims: ['a', 'a'] } });
accept(
  'required-64-others',
  'as many as there may be',
  Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`c${at}`, at])),
  { verifier: { requiredClaims: Array.from({ length: 64 }, (_, at) => `c${at}`) } },
);
refuse(
  MISSING_CLAIM,
  'required-64th-other',
  'as many as there may be',
  Object.fromEntries(Array.from({ length: 63 }, (_, at) => [`c${at}`, at])),
  missing(
    Array.from({ length: 64 }, (_, at) => `c${at}`),
    'c63',
  ),
);
accept('required-proto', 'a name is a name', '{"__proto__":1,"toString":2}', {
  verifier: { requiredClaims: ['__proto__', 'toString'] },
});
refuse(
  MISSING_CLAIM,
  'required-proto-absent',
  'what every JavaScript object has is not a claim',
  {},
  missing(['toString'], 'toString'),
);
for (const claim of ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']) {
  const value = { exp: NOW + 1, nbf: NOW, iat: NOW, aud: ['a'] }[claim] ?? 'x';
  accept(`required-${claim}`, REQUIRED, { [claim]: value }, { verifier: { requiredClaims: [claim] } });
  refuse(MISSING_CLAIM, `required-${claim}-absent`, REQUIRED, { a: 1 }, missing([claim], claim));
}
accept('required-sub-null', REQUIRED, '{"sub":null}', { verifier: { requiredClaims: ['sub'] } });
accept('require-exp-present', 'the policy wants exp', { exp: NOW + 1 }, { verifier: { requireExp: true } });
refuse(
  MISSING_CLAIM,
  'require-exp-absent',
  'the policy wants exp',
  { sub: 'me' },
  { verifier: { requireExp: true }, failed: 'exp', stricter: 'option:requireExp' },
);
refuse(EXPIRED, 'require-exp-expired', EXP, { exp: NOW }, { verifier: { requireExp: true } });
refuse(CLAIM_MALFORMED, 'require-exp-null', DATE, '{"exp":null}', {
  verifier: { requireExp: true },
  failed: 'exp',
});

const first = (requiredClaims, failed, more) => ({
  ...missing(requiredClaims, failed),
  verifier: { requiredClaims, ...more },
});
refuse(
  MISSING_CLAIM,
  'required-second-is-registered',
  'positions count all names',
  { role: 1, tenant: 1 },
  first(['role', 'sub', 'tenant'], 'sub'),
);
refuse(
  MISSING_CLAIM,
  'required-third-behind-registered',
  'positions count all names',
  { role: 1, sub: 'me' },
  first(['role', 'sub', 'tenant'], 'tenant'),
);
refuse(
  MISSING_CLAIM,
  'required-registered-behind-others',
  'the first that is missing is named',
  { a: 1 },
  first(['a', 'b', 'jti'], 'b'),
);
refuse(
  MISSING_CLAIM,
  'required-twice-and-missing',
  'the first of the two',
  { b: 1 },
  first(['b', 'a', 'a'], 'a'),
);
refuse(
  MISSING_CLAIM,
  'required-last-of-71',
  'positions count all names',
  Object.fromEntries([
    ...Array.from({ length: 63 }, (_, at) => [`c${at}`, at]),
    ...['iss', 'sub', 'aud', 'jti'].map((name) => [name, 'x']),
    ...['exp', 'nbf', 'iat'].map((name) => [name, NOW + (name === 'exp')]),
  ]),
  first(
    ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', ...Array.from({ length: 64 }, (_, at) => `c${at}`)],
    'c63',
  ),
);
refuse(
  MISSING_CLAIM,
  'required-claim-before-required-exp',
  'exp by requireExp is checked last',
  { sub: 'me' },
  first(['role'], 'role', { requireExp: true }),
);
refuse(
  MISSING_CLAIM,
  'required-exp-by-name-and-by-option',
  'it has a position where it is named',
  { sub: 'me' },
  first(['sub', 'exp'], 'exp', { requireExp: true }),
);

// ---- Strict claims --------------------------------------------------------

const STRICT = 'RFC 7519 section 4.1 to the letter';
const strict = (more) => ({ verifier: { strictClaims: true, ...more } });
const strictly = (failed, more) => ({ ...strict(more), failed, stricter: 'option:strictClaims' });
const LOOSE = 'RFC 7519 section 4: checked by strict claims alone';
const OF_TYPE = {
  iss: '"i"',
  sub: '"s"',
  aud: '"a"',
  exp: '1700000001',
  nbf: '1700000000',
  iat: '1700000000',
  jti: '"j"',
};
const WRONG = {
  null: 'null',
  true: 'true',
  false: 'false',
  object: '{}',
  'array-of-a-number': '[1]',
  'empty-array': '[]',
  number: '7',
  string: '"7"',
};
const isTime = (claim) => ['exp', 'nbf', 'iat'].includes(claim);
for (const [claim, value] of Object.entries(OF_TYPE)) {
  const expected = claim === 'aud' ? { audience: ['a'] } : {};
  accept(`strict-${claim}`, STRICT, `{"${claim}":${value}}`, strict(expected));
  refuse(
    CLAIM_MALFORMED,
    `strict-${claim}-twice`,
    'RFC 7519 section 4: names are unique',
    `{"${claim}":${value},"${claim}":${value}}`,
    strictly(claim, expected),
  );
  refuse(
    CLAIM_MALFORMED,
    `strict-${claim}-twice-one-escaped`,
    'RFC 7519 section 4: names are unique',
    `{"${claim}":${value},"a":1,"\\u00${claim.charCodeAt(0).toString(16)}${claim.slice(1)}":${value}}`,
    strictly(claim, expected),
  );
  accept(`loose-${claim}-twice`, LOOSE, `{"${claim}":${value},"${claim}":${value}}`, { verifier: expected });
  for (const [name, wrong] of Object.entries(WRONG)) {
    if (isTime(claim) ? name === 'number' : name === 'string' || (claim === 'aud' && name === 'empty-array'))
      continue;
    const reference = ['exp', 'nbf'].includes(claim) ? { ...strict(), failed: claim } : strictly(claim);
    refuse(CLAIM_MALFORMED, `strict-${claim}-${name}`, STRICT, `{"${claim}":${wrong}}`, reference);
    if (!isTime(claim) && name !== 'object') accept(`loose-${claim}-${name}`, LOOSE, `{"${claim}":${wrong}}`);
  }
}
accept(
  'strict-all-of-them',
  STRICT,
  `{${Object.entries(OF_TYPE).map(([claim, value]) => `"${claim}":${value}`)}}`,
  strict({ audience: ['a'] }),
);
accept(
  'strict-empty-texts',
  'RFC 7519 section 2: a StringOrURI may be empty',
  '{"iss":"","sub":"","jti":""}',
  strict(),
);
accept(
  'strict-other-claims-of-any-type',
  'the registered ones alone have a type',
  '{"role":{},"scope":[],"ISS":1,"Exp":"x","a":{"iss":1}}',
  strict(),
);
accept('strict-other-claim-twice', 'the registered ones alone are checked', '{"role":1,"role":2}', strict());
accept('strict-no-claims', 'RFC 7519 section 4: no claim is mandatory', {}, strict());
accept('strict-aud-array', 'RFC 7519 4.1.3', { aud: ['x', 'a'] }, strict({ audience: ['a'] }));
refuse(
  AUDIENCE,
  'strict-aud-empty-array',
  'RFC 7519 4.1.3: whoever is not in it must reject it',
  { aud: [] },
  strict({ audience: ['a'] }),
);
refuse(
  CLAIM_MALFORMED,
  'strict-aud-array-with-a-number',
  'RFC 7519 4.1.3: an array of strings',
  '{"aud":["a",1]}',
  strictly('aud', { audience: ['a'] }),
);
refuse(
  CLAIM_MALFORMED,
  'strict-aud-array-with-an-array',
  'RFC 7519 4.1.3: an array of strings',
  '{"aud":["a",["a"]]}',
  strictly('aud', { audience: ['a'] }),
);
accept('loose-aud-array-with-a-number', 'RFC 7519 4.1.3: one match suffices', '{"aud":["a",1]}', {
  verifier: { audience: ['a'] },
});
for (const [name, aud] of Object.entries({
  string: '"a"',
  array: '["a","b"]',
  'empty-array': '[]',
  'empty-string': '""',
})) {
  refuse(
    AUDIENCE,
    `strict-aud-${name}-not-expected`,
    'RFC 7519 4.1.3: whoever does not find itself in aud must reject it',
    `{"aud":${aud}}`,
    strictly('aud'),
  );
  accept(`loose-aud-${name}-not-expected`, LOOSE, `{"aud":${aud}}`);
}
const TYPES_FIRST = 'types first, in the order iss, sub, aud, exp, nbf, iat, jti';
Object.keys(OF_TYPE).forEach((claim, at, all) => {
  const wrong = all
    .slice(at)
    .map((name) => `"${name}":{}`)
    .reverse();
  const right = all.slice(0, at).map((name) => `"${name}":${OF_TYPE[name]}`);
  const rejected = ['exp', 'nbf'].some((time) => all.indexOf(time) >= at);
  refuse(
    CLAIM_MALFORMED,
    `strict-order-${claim}`,
    TYPES_FIRST,
    `{${[...wrong, ...right]}}`,
    rejected ? { ...strict(), failed: claim } : strictly(claim),
  );
});
refuse(CLAIM_MALFORMED, 'strict-types-before-times', TYPES_FIRST, '{"nbf":1800000000,"exp":1,"jti":1}', {
  ...strict(),
  failed: 'jti',
});
refuse(CLAIM_MALFORMED, 'strict-types-before-names', TYPES_FIRST, '{"iss":"x","jti":1}', {
  ...strict({ issuer: ['i'] }),
  failed: 'jti',
});
refuse(EXPIRED, 'strict-times-before-aud', 'then the usual order', '{"exp":1,"aud":"a"}', strict());
refuse(
  ISSUER,
  'strict-iss-before-aud',
  'then the usual order',
  '{"iss":"x","aud":"a"}',
  strict({ issuer: ['i'] }),
);
refuse(
  AUDIENCE,
  'strict-aud-before-sub',
  'then the usual order',
  '{"sub":"x","aud":"a"}',
  strict({ subject: 's' }),
);
refuse(
  CLAIM_MALFORMED,
  'strict-exp-string-though-ignored',
  'its type is checked all the same',
  '{"exp":"x"}',
  strictly('exp', { ignoreExpiration: true }),
);
accept('strict-exp-behind-though-ignored', 'the time is not', { exp: 1 }, strict({ ignoreExpiration: true }));
refuse(CLAIMS_JSON, 'strict-no-object', 'the payload is read first', '[]', {
  ...strict(),
  stricter: 'payload-not-object',
});
add(
  SIGNATURE,
  'strict-bad-signature',
  'the signature is checked first',
  craft(HEADER, '{"iss":1}', { secret: OTHER_SECRET }),
  strict(),
);
accept('strict-switched-off', 'false is the default', '{"iss":1,"aud":2}', {
  verifier: { strictClaims: false },
});

// ---- Order of the claims' checks ------------------------------------------

const EVERYTHING = {
  issuer: ['i'],
  audience: ['a'],
  subject: 's',
  jwtId: 'j',
  maxAge: 60,
  checkIat: true,
  requiredClaims: ['role'],
};
const all = { iss: 'i', aud: 'a', sub: 's', jti: 'j', iat: NOW, exp: NOW + 1, nbf: NOW, role: 'r' };
const ORDER = 'nbf, exp, iat, iss, aud, sub, jti, required claims';
accept('order-all-hold', ORDER, all, { verifier: EVERYTHING });
const breaking = [
  ['nbf', NOT_YET_VALID, { nbf: NOW + 1 }],
  ['exp', EXPIRED, { exp: NOW }],
  ['iat', TOO_OLD, { iat: NOW - 60 }],
  ['iss', ISSUER, { iss: 'x' }],
  ['aud', AUDIENCE, { aud: 'x' }],
  ['sub', SUBJECT, { sub: 'x' }],
  ['jti', JWT_ID, { jti: 'x' }],
];
for (const [at, [name, code]] of breaking.entries()) {
  const claims = Object.assign({}, all, ...breaking.slice(at).map(([, , change]) => change));
  delete claims.role;
  refuse(code, `order-${name}-before-the-rest`, ORDER, claims, { verifier: EVERYTHING });
}
{
  const { role: _, ...claims } = all;
  refuse(MISSING_CLAIM, 'order-required-last', ORDER, claims, {
    verifier: EVERYTHING,
    failed: 'role',
    missing: 0,
    stricter: 'option:requiredClaims',
  });
}
