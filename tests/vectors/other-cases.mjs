// The vectors of config.json, sign.json and bearer.json, and the table of codes.json.
import { SOMEBODYS_KEYS } from './keys.mjs';
import { EVERY_MEMBER } from './policy-cases.mjs';
import { base64url, craft, LONG_SECRET, mint, OTHER_SECRET, SECRET } from './tokens.mjs';
import { NOW } from './verify-cases.mjs';

const INVALID_ARGUMENT = 2;
const KEY_TOO_SHORT = 20;
const NO_KEYS = 21;
const JWK_SYNTAX = 22;
const JWK_UNSUPPORTED = 23;
const DUPLICATE_KID = 24;
const CLAIMS_NOT_OBJECT = 40;
const CLAIM_TYPE = 42;
const NO_BEARER = 100;
const TOKEN_TOO_LONG = 101;

// ---- Configurations that are refused --------------------------------------

export const config = [];

const key = (secret, kid) => ({ secret: base64url(secret), ...(kid !== undefined && { kid }) });
/** `verifier`: the keys, the JWK Set and the members of the policy. */
function configure(code, name, why, { keys, jwks, ...policy }, more) {
  config.push({ name, why, keys, ...(jwks !== undefined && { jwks }), policy, code, ...more });
}
const refuseSet = (code, name, why, set, more) =>
  configure(
    code,
    `jwks-${name}`,
    why,
    { keys: [], jwks: typeof set === 'string' ? set : JSON.stringify(set) },
    more,
  );
const ALL = ['HS256', 'HS384', 'HS512'];

configure(NO_KEYS, 'no-keys', 'nothing could be verified', { keys: [] });
const LENGTH = 'RFC 7518 3.2: a secret is at least as long as the hash output';
const accepted = { node: 'accept' };
const says = (mentions) => ({ mentions });
configure(KEY_TOO_SHORT, 'empty-secret', LENGTH, { keys: [key('')] });
configure(KEY_TOO_SHORT, 'empty-secret-though-short-ones-are-allowed', 'an empty secret is none', {
  keys: [key('')],
  allowShortKeys: true,
});
configure(KEY_TOO_SHORT, 'empty-secret-behind-a-good-one', LENGTH, { keys: [key(SECRET), key('')] });
for (const [alg, size] of [
  ['HS256', 1],
  ['HS256', 31],
  ['HS384', 32],
  ['HS384', 47],
  ['HS512', 32],
  ['HS512', 63],
]) {
  configure(
    KEY_TOO_SHORT,
    `${alg}-secret-of-${size}-bytes`,
    LENGTH,
    { keys: [key(Buffer.alloc(size, 'k'))], algorithms: [alg] },
    accepted,
  );
}
configure(
  KEY_TOO_SHORT,
  'secret-of-47-bytes-for-two-algorithms',
  LENGTH,
  { keys: [key(Buffer.alloc(47, 'k'))], algorithms: ['HS256', 'HS384'] },
  accepted,
);
configure(
  KEY_TOO_SHORT,
  'secret-of-63-bytes-for-three-algorithms',
  LENGTH,
  { keys: [key(Buffer.alloc(63, 'k'))], algorithms: ALL },
  accepted,
);
configure(
  KEY_TOO_SHORT,
  'short-secret-behind-a-good-one',
  LENGTH,
  { keys: [key(SECRET, 'a'), key(Buffer.alloc(31, 'k'), 'b')] },
  accepted,
);
configure(DUPLICATE_KID, 'duplicate-kid', 'RFC 7517 4.5: which key is meant would be a guess', {
  keys: [key(SECRET, 'a'), key(OTHER_SECRET, 'a')],
});
configure(DUPLICATE_KID, 'duplicate-kid-of-same-secret', 'RFC 7517 4.5', {
  keys: [key(SECRET, 'a'), key(SECRET, 'a')],
});
configure(DUPLICATE_KID, 'duplicate-kid-not-neighbours', 'RFC 7517 4.5', {
  keys: [key(SECRET, 'a'), key(SECRET, 'b'), key(SECRET), key(OTHER_SECRET, 'a')],
});

const PEM = 'a PEM block is not a shared secret: anybody could sign with a public key (RFC 8725 2.1)';
const pem = (label, body = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE') =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
for (const label of [
  'PUBLIC KEY',
  'RSA PUBLIC KEY',
  'CERTIFICATE',
  'PRIVATE KEY',
  'EC PRIVATE KEY',
  'RSA PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
]) {
  configure(INVALID_ARGUMENT, `pem-${label.toLowerCase().replaceAll(' ', '-')}`, PEM, {
    keys: [key(pem(label))],
  });
}
configure(INVALID_ARGUMENT, 'pem-behind-white-space', PEM, { keys: [key(`\n  \n${pem('PUBLIC KEY')}`)] });
configure(INVALID_ARGUMENT, 'pem-behind-text', PEM, {
  keys: [key(`Bag Attributes: <none>\n${pem('PUBLIC KEY')}`)],
});
configure(INVALID_ARGUMENT, 'pem-with-carriage-returns', PEM, {
  keys: [key(pem('PUBLIC KEY').replaceAll('\n', '\r\n'))],
});
configure(INVALID_ARGUMENT, 'pem-though-short-secrets-are-allowed', PEM, {
  keys: [key(pem('PUBLIC KEY'))],
  allowShortKeys: true,
});
configure(INVALID_ARGUMENT, 'pem-behind-a-good-secret', PEM, { keys: [key(SECRET), key(pem('PUBLIC KEY'))] });

for (const [name, secret, kind] of SOMEBODYS_KEYS) {
  configure(
    INVALID_ARGUMENT,
    `secret-is-${name}`,
    "somebody's key is not a shared secret: anybody could sign with it (RFC 8725 2.1)",
    { keys: [key(secret)] },
    says(kind),
  );
}
configure(
  INVALID_ARGUMENT,
  'secret-is-a-key-behind-a-good-one',
  PEM,
  { keys: [key(SECRET, 'a'), key(pem('PUBLIC KEY'), 'b')] },
  says('key 1 (kid "b")'),
);
configure(
  KEY_TOO_SHORT,
  'short-secret-is-named',
  LENGTH,
  { keys: [key(SECRET, 'a'), key(Buffer.alloc(31, 'k'), 'b')] },
  { ...accepted, ...says('key 1 (kid "b")') },
);
configure(
  KEY_TOO_SHORT,
  'short-secret-and-its-length',
  LENGTH,
  { keys: [key(Buffer.alloc(31, 'k'))] },
  { ...accepted, ...says('31 bytes') },
);
configure(
  KEY_TOO_SHORT,
  'short-secret-and-the-algorithm',
  LENGTH,
  { keys: [key(Buffer.alloc(32, 'k'))], algorithms: ['HS256', 'HS512'] },
  { ...accepted, ...says('HS512') },
);
configure(
  INVALID_ARGUMENT,
  'empty-kid',
  'an empty kid names nothing',
  { keys: [key(SECRET, '')] },
  says('kid'),
);
configure(
  DUPLICATE_KID,
  'duplicate-kid-is-named',
  'RFC 7517 4.5',
  { keys: [key(SECRET, 'one'), key(OTHER_SECRET, 'one')] },
  says('"one"'),
);

const SYNTAX = 'RFC 7517 section 5';
const k = base64url(SECRET);
for (const [name, set] of Object.entries({
  'no-json': 'keys',
  truncated: '{"keys":[',
  'trailing-text': `{"keys":[{"kty":"oct","k":"${k}"}]}x`,
  array: '[]',
  string: '"x"',
  null: 'null',
  'without-keys': '{}',
  'one-key': `{"kty":"oct","k":"${k}"}`,
  'keys-null': '{"keys":null}',
  'keys-object': '{"keys":{}}',
  'keys-of-numbers': '{"keys":[1]}',
  'keys-of-strings': `{"keys":["${k}"]}`,
  'without-k': '{"keys":[{"kty":"oct","kid":"a"}]}',
  'k-number': '{"keys":[{"kty":"oct","k":1}]}',
  'k-null': '{"keys":[{"kty":"oct","k":null}]}',
  'k-padded': `{"keys":[{"kty":"oct","k":"${k}="}]}`,
  'k-standard-alphabet': `{"keys":[{"kty":"oct","k":"${'+/'.repeat(24)}"}]}`,
  'k-white-space': `{"keys":[{"kty":"oct","k":"${k} "}]}`,
  'k-one-character-too-many': `{"keys":[{"kty":"oct","k":"${'A'.repeat(45)}"}]}`,
  'k-spare-bits': `{"keys":[{"kty":"oct","k":"${'A'.repeat(42)}B"}]}`,
  'kid-number': `{"keys":[{"kty":"oct","kid":1,"k":"${k}"}]}`,
  'alg-number': `{"keys":[{"kty":"oct","alg":256,"k":"${k}"}]}`,
  'second-key-bad': `{"keys":[{"kty":"oct","k":"${k}"},{"kty":"oct"}]}`,
})) {
  // An object that is no JWK Set is refused by type, with the same code, where options have types.
  refuseSet(JWK_SYNTAX, name, SYNTAX, set);
}
refuseSet(JWK_UNSUPPORTED, 'empty', 'no key of the set can be used', { keys: [] });
refuseSet(JWK_UNSUPPORTED, 'key-without-kty', 'RFC 7517 section 5: a key of no known kind is passed over', {
  keys: [{ k }],
});
refuseSet(JWK_UNSUPPORTED, 'kty-number', 'RFC 7517 section 5: a key of no known kind is passed over', {
  keys: [{ kty: 1, k }],
});
refuseSet(JWK_UNSUPPORTED, 'rsa-only', 'no key of the set can be used', {
  keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
});
refuseSet(JWK_UNSUPPORTED, 'rsa-ec-okp-and-unknown', 'no key of the set can be used', {
  keys: [
    { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
    { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
    { kty: 'OKP', crv: 'Ed25519', x: 'AA' },
    { kty: 'future' },
  ],
});
refuseSet(JWK_UNSUPPORTED, 'for-encryption', 'RFC 7517 4.2', { keys: [{ kty: 'oct', use: 'enc', k }] });
refuseSet(JWK_UNSUPPORTED, 'for-encryption-by-key-ops', 'RFC 7517 4.3', {
  keys: [{ kty: 'oct', key_ops: ['encrypt', 'wrapKey'], k }],
});
refuseSet(JWK_UNSUPPORTED, 'alg-of-key-wrap', 'RFC 7517 4.4', { keys: [{ kty: 'oct', alg: 'A256KW', k }] });
refuseSet(JWK_UNSUPPORTED, 'alg-of-rsa', 'RFC 7517 4.4', { keys: [{ kty: 'oct', alg: 'RS256', k }] });
refuseSet(KEY_TOO_SHORT, 'k-empty', LENGTH, { keys: [{ kty: 'oct', k: '' }] });
refuseSet(
  KEY_TOO_SHORT,
  'k-of-31-bytes',
  LENGTH,
  { keys: [{ kty: 'oct', k: base64url(Buffer.alloc(31, 'k')) }] },
  accepted,
);
refuseSet(INVALID_ARGUMENT, 'k-pem', PEM, { keys: [{ kty: 'oct', k: base64url(pem('PUBLIC KEY')) }] });
refuseSet(DUPLICATE_KID, 'duplicate-kid', 'RFC 7517 4.5', {
  keys: [
    { kty: 'oct', kid: 'a', k },
    { kty: 'oct', kid: 'a', k },
  ],
});
configure(DUPLICATE_KID, 'jwks-kid-of-a-secret', 'RFC 7517 4.5', {
  keys: [key(SECRET, 'a')],
  jwks: JSON.stringify({ keys: [{ kty: 'oct', kid: 'a', k }] }),
});

refuseSet(JWK_UNSUPPORTED, 'for-signing-by-key-ops', 'RFC 7517 4.3: a key that only signs does not verify', {
  keys: [{ kty: 'oct', key_ops: ['sign'], k }],
});
refuseSet(JWK_UNSUPPORTED, 'key-ops-empty', 'RFC 7517 4.3', { keys: [{ kty: 'oct', key_ops: [], k }] });
refuseSet(
  JWK_UNSUPPORTED,
  'foreign-and-malformed-only',
  'RFC 7517 section 5: passed over, and none is left',
  { keys: [{ kty: 'RSA', kid: 7 }, { kty: 'EC', alg: null, key_ops: 'verify' }, {}] },
);
const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const good = { kty: 'oct', kid: 'good', k };
for (const [name, bad] of Object.entries({
  'kid-null': { kid: null },
  'kid-array': { kid: ['a'] },
  'alg-null': { alg: null },
  'use-null': { use: null },
  'use-number': { use: 1 },
  'key-ops-string': { key_ops: 'verify' },
  'key-ops-null': { key_ops: null },
  'key-ops-of-a-number': { key_ops: ['verify', 1] },
})) {
  refuseSet(
    JWK_SYNTAX,
    name,
    'a malformed symmetric key refuses the set',
    { keys: [good, { kty: 'oct', k, ...bad }] },
    says('key 1'),
  );
}
refuseSet(
  JWK_SYNTAX,
  'bad-key-is-named',
  'by its position among all, and its kid',
  { keys: [rsa, good, { kty: 'oct', kid: 'bad one', k: 7 }] },
  says('key 2 (kid "bad one")'),
);
refuseSet(
  JWK_SYNTAX,
  'bad-key-without-kid-is-named',
  'by its position among all',
  { keys: [rsa, good, { kty: 'oct' }] },
  says('key 2'),
);
refuseSet(
  JWK_SYNTAX,
  'k-twice',
  'RFC 7517 section 4: names are unique',
  `{"keys":[{"kty":"oct","k":"${k}","k":"${k}"}]}`,
  says('key 0'),
);
refuseSet(
  JWK_SYNTAX,
  'kty-twice',
  'RFC 7517 section 4: names are unique',
  `{"keys":[{"kty":"RSA","kty":"oct","k":"${k}"}]}`,
  says('key 0'),
);
refuseSet(
  JWK_SYNTAX,
  'kid-lone-surrogate',
  'no token can name it',
  `{"keys":[{"kty":"oct","kid":"\\ud800","k":"${k}"}]}`,
  says('key 0'),
);
refuseSet(
  JWK_SYNTAX,
  'element-null-beside-a-good-key',
  'a key is a JSON object',
  { keys: [good, null] },
  says('key 1'),
);
refuseSet(
  JWK_SYNTAX,
  'element-array-beside-a-good-key',
  'a key is a JSON object',
  { keys: [[], good] },
  says('key 0'),
);
refuseSet(JWK_SYNTAX, 'byte-order-mark', 'RFC 8259 8.1', `\ufeff${JSON.stringify({ keys: [good] })}`);
refuseSet(
  KEY_TOO_SHORT,
  'short-key-is-named',
  LENGTH,
  { keys: [rsa, good, { kty: 'oct', kid: 'short', alg: 'HS256', k: base64url(Buffer.alloc(31, 'k')) }] },
  { ...accepted, ...says('(kid "short")') },
);
refuseSet(
  INVALID_ARGUMENT,
  'k-spki',
  "somebody's key is not a shared secret",
  { keys: [{ kty: 'oct', k: base64url(SOMEBODYS_KEYS.find(([name]) => name === 'spki-of-rsa')[1]) }] },
  says('DER'),
);

const one = (policy) => ({ keys: [key(SECRET)], ...policy });
for (const leeway of [-1, 86_401, 2 ** 53])
  configure(INVALID_ARGUMENT, `leeway-${leeway}`, '0 to 86400 seconds', one({ leeway }));
for (const maxAge of [-1, 2 ** 53 + 2])
  configure(INVALID_ARGUMENT, `max-age-${maxAge}`, '1 to 2^53 seconds', one({ maxAge }));
for (const maxTokenBytes of [-1, 0, 16_777_217])
  configure(INVALID_ARGUMENT, `max-token-bytes-${maxTokenBytes}`, '1 to 16777216', one({ maxTokenBytes }));
configure(INVALID_ARGUMENT, 'no-algorithm', 'at least one', one({ algorithms: [] }));
configure(
  INVALID_ARGUMENT,
  'algorithm-of-a-key-pair',
  'a shared secret serves HS256, HS384 and HS512',
  one({ algorithms: ['HS256', 'RS256'] }),
);
configure(INVALID_ARGUMENT, 'algorithm-none', 'RFC 8725 3.2', one({ algorithms: ['HS256', 'none'] }));
for (const member of ['issuer', 'audience', 'requiredClaims']) {
  configure(
    INVALID_ARGUMENT,
    `${member}-empty-list`,
    'an empty list would switch the check off',
    one({ [member]: [] }),
    says(member),
  );
  configure(
    INVALID_ARGUMENT,
    `${member}-of-an-empty-text`,
    'an empty text expects nothing',
    one({ [member]: ['a', ''] }),
    says(member),
  );
}
for (const member of ['subject', 'jwtId', 'type'])
  configure(
    INVALID_ARGUMENT,
    `${member}-empty`,
    'an empty text expects nothing',
    one({ [member]: '' }),
    says(member),
  );
for (const member of Object.keys(EVERY_MEMBER))
  configure(
    INVALID_ARGUMENT,
    `${member}-null`,
    'an absent member has the default',
    one({ [member]: null }),
    says(member),
  );
configure(INVALID_ARGUMENT, 'max-age-0', '1 to 2^53 seconds', one({ maxAge: 0 }), says('maxAge'));
configure(
  INVALID_ARGUMENT,
  'unknown-member',
  'a misspelt member must not be passed over',
  one({ audiences: ['a'] }),
  says('audiences'),
);

// ---- Signing --------------------------------------------------------------

export const sign = [];

/**
 * `more`: secret, or jwks and the `signer` (secret, kid, alg) that it must give; alg, kid,
 * allow_short_keys, max_token_bytes.
 */
function signs(name, why, claims, { secret = LONG_SECRET, jwks, signer = {}, ...options } = {}) {
  const normal = typeof claims !== 'string';
  if (jwks === undefined) options = { alg: 'HS256', ...options };
  const { alg, kid, ...by } = { secret, alg: 'HS256', ...options, ...signer };
  sign.push({
    name,
    why,
    ...(jwks === undefined ? { secret: base64url(secret) } : { jwks }),
    ...options,
    claims: normal ? JSON.stringify(claims) : claims,
    normal,
    token: normal
      ? mint(claims, { alg, secret: by.secret, kid })
      : craft({ alg, typ: 'JWT', ...(kid !== undefined && { kid }) }, claims, { alg, secret: by.secret }),
  });
}

/** `options`: those of a signer, over one secret. */
function refusesToSign(code, name, why, claims, { node, ...options } = {}) {
  const usual = options.jwks === undefined ? { secret: base64url(LONG_SECRET), alg: 'HS256' } : {};
  sign.push({ name, why, ...usual, ...options, claims, code, ...(node && { node }) });
}

const ME = { sub: 'me', iat: NOW, exp: NOW + 60 };
for (const alg of ALL) {
  signs(alg, 'RFC 7518 3.2', ME, { alg });
  signs(`${alg}-with-kid`, 'RFC 7515 4.1.4', ME, { alg, kid: '2026-11' });
}
for (const [alg, size] of [
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
  ['HS256', 65],
  ['HS512', 129],
]) {
  signs(`${alg}-secret-of-${size}-bytes`, 'RFC 7518 3.2, RFC 2104 section 2', ME, {
    alg,
    secret: Buffer.alloc(size, 'k'),
  });
}
signs('short-secret-allowed', 'RFC 7518 3.2 set aside', ME, {
  secret: Buffer.from('short'),
  allow_short_keys: true,
});
signs('empty-claims', 'RFC 7519 section 4: no claim is mandatory', {});
for (let length = 1; length <= 5; length += 1)
  signs(`claims-of-${length + 8}-bytes`, 'every length modulo 3', { a: 'x'.repeat(length) });
signs('claims-of-every-kind', 'claims may hold any JSON', {
  a: null,
  b: [true, false, [], {}],
  c: { d: { e: -1.5e-7 } },
  f: '"\\\b\f\n\r\t\u0000\u001f/',
});
signs('claims-not-ascii', 'UTF-8', { name: 'Zoë 日本 🦀 \u2028\u007f', clé: 1 });
signs('claims-fraction-times', 'RFC 7519 section 2: NumericDate may have a fraction', {
  exp: NOW + 0.5,
  nbf: -1.5,
  iat: 1e300,
});
signs('claims-large', 'a limit of its own', { pad: 'x'.repeat(20_000) }, { max_token_bytes: 100_000 });
for (const [name, kid] of Object.entries({
  quotes: 'a"b\\c',
  controls: '\u0000\b\t\n\f\r\u001f\u007f',
  'not-ascii': 'clé 🦀 \u2028',
  solidus: 'keys/1',
  html: "<&>'",
})) {
  signs(`kid-${name}`, 'RFC 8259 section 7: what must be escaped is', { sub: 'me' }, { kid });
}
for (const [name, claims] of Object.entries({
  'white-space': ' {\t"sub" :\r\n"me" } ',
  'duplicate-members': '{"a":1,"a":2}',
  escapes: '{"\\u0061":"\\/\\u00e9\\ud800"}',
  'number-forms': '{"a":1.0,"b":1E+2,"c":-0,"d":9007199254740993,"exp":17E8}',
  deep: `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
})) {
  signs(`payload-as-given-${name}`, 'the payload is the claims, byte by byte', claims);
}
for (const [name, claims] of Object.entries({
  empty: '',
  array: '[]',
  string: '"x"',
  number: '1',
  null: 'null',
  true: 'true',
  truncated: '{"a":1',
  'trailing-text': '{}x',
  'trailing-comma': '{"a":1,}',
  'beyond-double': '{"a":1e400}',
  'two-objects': '{}{}',
  'byte-order-mark': '\ufeff{}',
})) {
  refusesToSign(
    CLAIMS_NOT_OBJECT,
    `refused-${name}`,
    'RFC 7519 section 7.1: the claims are a JSON object',
    claims,
  );
}
for (const claim of ['exp', 'nbf', 'iat']) {
  for (const [name, value] of Object.entries({
    string: '"1700000000"',
    null: 'null',
    array: '[1]',
    true: 'true',
  })) {
    refusesToSign(
      CLAIM_TYPE,
      `refused-${claim}-${name}`,
      'RFC 7519 section 2: NumericDate is a JSON number',
      `{"${claim}":${value}}`,
    );
  }
}
refusesToSign(INVALID_ARGUMENT, 'kid-empty', 'an empty kid names nothing', '{"sub":"me"}', { kid: '' });
refusesToSign(CLAIM_TYPE, 'refused-exp-last-counts', 'the last of two members counts', '{"exp":1,"exp":"1"}');

// The token of 12227 bytes of claims is 16384 long.
const SIZE = 'what is signed can be verified, by default too';
const sized = (bytes) => ({ pad: 'x'.repeat(bytes - '{"pad":""}'.length) });
signs('size-at-default-limit', SIZE, sized(12_227));
refusesToSign(TOKEN_TOO_LONG, 'size-over-default-limit', SIZE, JSON.stringify(sized(12_228)));
signs('size-at-own-limit', SIZE, sized(12_228), { max_token_bytes: 16_385 });
refusesToSign(TOKEN_TOO_LONG, 'size-over-own-limit', SIZE, JSON.stringify(sized(12_229)), {
  max_token_bytes: 16_385,
});
signs('size-at-a-small-limit', SIZE, { sub: 'me' }, { max_token_bytes: 97 });
refusesToSign(TOKEN_TOO_LONG, 'size-over-a-small-limit', SIZE, '{"sub":"me"}', { max_token_bytes: 96 });
refusesToSign(TOKEN_TOO_LONG, 'size-with-kid-over-a-small-limit', 'the header counts', '{"sub":"me"}', {
  kid: 'k',
  max_token_bytes: 97,
});
refusesToSign(
  TOKEN_TOO_LONG,
  'size-is-checked-first',
  'before the claims are read',
  `[${'1,'.repeat(10_000)}1]`,
);
for (const max_token_bytes of [0, 16_777_217])
  refusesToSign(INVALID_ARGUMENT, `max-token-bytes-${max_token_bytes}`, '1 to 16777216', '{}', {
    max_token_bytes,
    mentions: 'maxTokenBytes',
  });
signs('max-token-bytes-largest', '1 to 16777216', { sub: 'me' }, { max_token_bytes: 16_777_216 });

for (const [alg, size] of [
  ['HS256', 31],
  ['HS384', 47],
  ['HS512', 63],
]) {
  refusesToSign(KEY_TOO_SHORT, `${alg}-secret-of-${size}-bytes`, LENGTH, '{}', {
    alg,
    secret: base64url(Buffer.alloc(size, 'k')),
    node: 'accept',
    mentions: `${size} bytes`,
  });
}
refusesToSign(KEY_TOO_SHORT, 'secret-empty', 'an empty secret is none', '{}', { secret: '' });
for (const name of [
  'pem-of-ec',
  'spki-of-rsa-in-base64',
  'openssh-ssh-ed25519',
  'jwk-of-a-secret',
  'jwk-set',
]) {
  const [, secret, mentions] = SOMEBODYS_KEYS.find(([known]) => known === name);
  refusesToSign(
    INVALID_ARGUMENT,
    `secret-is-${name}`,
    "somebody's key is not a shared secret (RFC 8725 2.1)",
    '{}',
    { secret: base64url(secret), mentions },
  );
}

const jwk = (members, secret = LONG_SECRET) => ({ kty: 'oct', ...members, k: base64url(secret) });
const jwks = (...keys) => JSON.stringify({ keys });
const OPS = 'RFC 7517 4.3: key_ops must name what the key is used for';
const FIRST = 'the first key for signing signs, with its kid and its alg';
const other = { secret: OTHER_SECRET };
signs('jwks-one-key', FIRST, ME, { jwks: jwks(jwk({ kid: 'a' })), signer: { kid: 'a' } });
signs('jwks-without-kid', FIRST, ME, { jwks: jwks(jwk({})) });
signs('jwks-first-of-two', FIRST, ME, {
  jwks: jwks(jwk({ kid: 'a' }), jwk({ kid: 'b' }, OTHER_SECRET)),
  signer: { kid: 'a' },
});
signs('jwks-alg-of-the-key', FIRST, ME, {
  jwks: jwks(jwk({ kid: 'a', alg: 'HS512' })),
  signer: { kid: 'a', alg: 'HS512' },
});
signs('jwks-alg-asked-for-too', FIRST, ME, { jwks: jwks(jwk({ alg: 'HS384' })), alg: 'HS384' });
signs('jwks-alg-asked-for', 'a key without alg serves any', ME, {
  jwks: jwks(jwk({ kid: 'a' })),
  alg: 'HS384',
  signer: { kid: 'a' },
});
signs('jwks-kid-asked-for', 'the kid that is asked for counts', ME, {
  jwks: jwks(jwk({ kid: 'a' })),
  kid: 'b',
});
signs('jwks-key-ops-sign', OPS, ME, { jwks: jwks(jwk({ key_ops: ['sign'] })) });
signs('jwks-key-ops-both', OPS, ME, { jwks: jwks(jwk({ key_ops: ['verify', 'sign'] })) });
signs('jwks-behind-a-key-for-verifying', OPS, ME, {
  jwks: jwks(jwk({ kid: 'a', key_ops: ['verify'] }), jwk({ kid: 'b' }, OTHER_SECRET)),
  signer: { kid: 'b', ...other },
});
signs('jwks-behind-others', 'RFC 7517 section 5: passed over', ME, {
  jwks: jwks(
    { kty: 'RSA', kid: 7, key_ops: 'sign' },
    {},
    jwk({ kid: 'e', use: 'enc' }),
    jwk({ kid: 'w', alg: 'A256KW' }),
    jwk({ kid: 'b', use: 'sig' }, OTHER_SECRET),
  ),
  signer: { kid: 'b', ...other },
});
refusesToSign(JWK_UNSUPPORTED, 'jwks-key-ops-verify-alone', OPS, '{}', {
  jwks: jwks(jwk({ key_ops: ['verify'] })),
});
refusesToSign(JWK_UNSUPPORTED, 'jwks-key-ops-empty', OPS, '{}', { jwks: jwks(jwk({ key_ops: [] })) });
refusesToSign(JWK_UNSUPPORTED, 'jwks-rsa-only', 'a shared secret signs', '{}', {
  jwks: jwks({ kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB' }),
});
refusesToSign(JWK_UNSUPPORTED, 'jwks-empty', 'no key of the set can be used', '{}', { jwks: jwks() });
refusesToSign(
  JWK_SYNTAX,
  'jwks-bad-key-behind-a-good-one',
  'a malformed symmetric key refuses the set',
  '{}',
  { jwks: jwks(jwk({}), { kty: 'oct', kid: 'bad' }), mentions: 'key 1 (kid "bad")' },
);
refusesToSign(JWK_SYNTAX, 'jwks-no-json', 'RFC 7517 section 5', '{}', { jwks: 'keys' });
refusesToSign(
  INVALID_ARGUMENT,
  'jwks-other-alg-asked-for',
  'RFC 7517 4.4: the key serves its alg alone',
  '{}',
  { jwks: jwks(jwk({ alg: 'HS512' })), alg: 'HS256', mentions: 'HS512' },
);
refusesToSign(KEY_TOO_SHORT, 'jwks-short-for-its-alg', LENGTH, '{}', {
  jwks: jwks(jwk({ alg: 'HS512' }, Buffer.alloc(63, 'k'))),
  node: 'accept',
  mentions: 'HS512',
});

// ---- Authorization headers ------------------------------------------------

export const bearer = { keys: [key(SECRET)], now: NOW, vectors: [] };
{
  const token = mint({ sub: 'me' });
  const RFC6750 = 'RFC 6750 2.1, RFC 7235 2.1: the scheme in any case, a space, the token';
  const holds = (name, header) => bearer.vectors.push({ name, why: RFC6750, header, token });
  const holdsNone = (name, why, header) => bearer.vectors.push({ name, why, header, code: NO_BEARER });
  holds('bearer', `Bearer ${token}`);
  holds('lower-case', `bearer ${token}`);
  holds('upper-case', `BEARER ${token}`);
  holds('mixed-case', `bEaReR ${token}`);
  holds('spaces', `Bearer   ${token}`);
  holds('trailing-space', `Bearer ${token} `);
  holds('trailing-tab', `Bearer ${token}\t`);
  holds('space-and-tab', `Bearer \t ${token} \t `);
  holdsNone('empty', 'no header', '');
  holdsNone('scheme-alone', 'no token', 'Bearer');
  holdsNone('scheme-and-space', 'no token', 'Bearer ');
  holdsNone('scheme-and-blanks', 'no token', 'Bearer  \t ');
  holdsNone('token-alone', 'no scheme', token);
  holdsNone('no-space', 'the scheme ends at a space', `Bearer${token}`);
  holdsNone('colon', 'the scheme ends at a space', `Bearer:${token}`);
  holdsNone('basic', 'another scheme', 'Basic dXNlcjpwYXNz');
  holdsNone('basic-with-token', 'another scheme', `Basic ${token}`);
  holdsNone('longer-scheme', 'another scheme', `Bearers ${token}`);
  holdsNone('shorter-scheme', 'another scheme', `Beare ${token}`);
  holdsNone('jwt-scheme', 'another scheme', `JWT ${token}`);
  holdsNone('cyrillic-letter', 'no letter of another alphabet is one of the scheme', `Be\u0430rer ${token}`);
  holdsNone('full-width-letter', 'no letter of another alphabet is one of the scheme', `ｂearer ${token}`);
}

// ---- The table of failures ------------------------------------------------

const TOKEN = 'JsonWebTokenError';
const row = (code, name, node_class, node_message = null) => ({ code, name, node_class, node_message });
/** Codes that the core cannot give: the bindings that can. */
const ONLY = { NULL_POINTER: ['c'], NO_MEMORY: ['c'], PANIC: ['c', 'node'], CLAIM_ABSENT: ['c'] };
const rows = [
  ...['NULL_POINTER', 'INVALID_ARGUMENT', 'BUFFER_TOO_SMALL', 'NO_MEMORY', 'PANIC', 'CLOCK'].map((name, at) =>
    row(at + 1, name, ['Error', 'TypeError']),
  ),
  ...['KEY_TOO_SHORT', 'NO_KEYS', 'JWK_SYNTAX', 'JWK_UNSUPPORTED', 'DUPLICATE_KID'].map((name, at) =>
    row(at + 20, name, ['Error']),
  ),
  ...['CLAIMS_NOT_OBJECT', 'CLAIM_ABSENT', 'CLAIM_TYPE'].map((name, at) => row(at + 40, name, ['Error'])),
  row(100, 'NO_BEARER', TOKEN, 'jwt must be provided'),
  row(101, 'TOKEN_TOO_LONG', TOKEN, 'jwt malformed'),
  row(102, 'TOKEN_FORMAT', TOKEN, 'jwt malformed'),
  row(103, 'TOKEN_BASE64', TOKEN, 'invalid token'),
  row(104, 'HEADER_JSON', TOKEN, 'invalid token'),
  row(105, 'ALGORITHM', TOKEN, 'invalid algorithm'),
  row(106, 'CRITICAL_HEADER', TOKEN, 'invalid token'),
  row(107, 'TYPE_HEADER', TOKEN, 'jwt type invalid'),
  row(108, 'UNKNOWN_KID', TOKEN, 'invalid signature'),
  row(109, 'SIGNATURE_MISSING', TOKEN, 'jwt signature is required'),
  row(120, 'SIGNATURE', TOKEN, 'invalid signature'),
  row(200, 'CLAIMS_JSON', TOKEN, 'invalid token'),
  row(201, 'EXPIRED', 'TokenExpiredError', 'jwt expired'),
  row(202, 'NOT_YET_VALID', 'NotBeforeError', 'jwt not active'),
  row(203, 'ISSUED_IN_FUTURE', TOKEN, 'jwt issued in the future'),
  row(204, 'TOO_OLD', 'TokenExpiredError', 'maxAge exceeded'),
  row(205, 'ISSUER', TOKEN, 'jwt issuer invalid. expected: …'),
  row(206, 'AUDIENCE', TOKEN, 'jwt audience invalid. expected: …'),
  row(207, 'SUBJECT', TOKEN, 'jwt subject invalid. expected: …'),
  row(208, 'JWT_ID', TOKEN, 'jwt jwtid invalid. expected: …'),
  row(209, 'MISSING_CLAIM', TOKEN),
  row(210, 'CLAIM_MALFORMED', TOKEN, 'invalid … value'),
  row(211, 'CLAIMS_MISMATCH', null),
];
export const codes = rows.map((one) => ({ ...one, ...(ONLY[one.name] && { only: ONLY[one.name] }) }));
