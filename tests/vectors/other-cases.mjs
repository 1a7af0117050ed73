// The vectors of config.json, sign.json and bearer.json, and the table of codes.json.
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

// ---- Configurations that are refused -------------------------------------------------------------------------------

export const config = [];

const key = (secret, kid) => ({ secret: base64url(secret), ...(kid !== undefined && { kid }) });
/** `verifier`: the keys, the JWK Set and the members of the policy. */
function configure(code, name, why, { keys, jwks, ...policy }, more) {
  config.push({ name, why, keys, ...(jwks !== undefined && { jwks }), policy, code, ...more });
}
const refuseSet = (code, name, why, set, more) => configure(code, `jwks-${name}`, why, { keys: [], jwks: typeof set === 'string' ? set : JSON.stringify(set) }, more);
const ALL = ['HS256', 'HS384', 'HS512'];

configure(NO_KEYS, 'no-keys', 'nothing could be verified', { keys: [] });
const LENGTH = 'RFC 7518 3.2: a secret is at least as long as the hash output';
const accepted = { node: 'accept' };
configure(KEY_TOO_SHORT, 'empty-secret', LENGTH, { keys: [key('')] });
configure(KEY_TOO_SHORT, 'empty-secret-though-short-ones-are-allowed', 'an empty secret is none', { keys: [key('')], allowShortKeys: true });
configure(KEY_TOO_SHORT, 'empty-secret-behind-a-good-one', LENGTH, { keys: [key(SECRET), key('')] });
for (const [alg, size] of [['HS256', 1], ['HS256', 31], ['HS384', 32], ['HS384', 47], ['HS512', 32], ['HS512', 63]]) {
  configure(KEY_TOO_SHORT, `${alg}-secret-of-${size}-bytes`, LENGTH, { keys: [key(Buffer.alloc(size, 'k'))], algorithms: [alg] }, accepted);
}
configure(KEY_TOO_SHORT, 'secret-of-47-bytes-for-two-algorithms', LENGTH, { keys: [key(Buffer.alloc(47, 'k'))], algorithms: ['HS256', 'HS384'] }, accepted);
configure(KEY_TOO_SHORT, 'secret-of-63-bytes-for-three-algorithms', LENGTH, { keys: [key(Buffer.alloc(63, 'k'))], algorithms: ALL }, accepted);
configure(KEY_TOO_SHORT, 'short-secret-behind-a-good-one', LENGTH, { keys: [key(SECRET, 'a'), key(Buffer.alloc(31, 'k'), 'b')] }, accepted);
configure(DUPLICATE_KID, 'duplicate-kid', 'RFC 7517 4.5: which key is meant would be a guess', { keys: [key(SECRET, 'a'), key(OTHER_SECRET, 'a')] });
configure(DUPLICATE_KID, 'duplicate-kid-of-same-secret', 'RFC 7517 4.5', { keys: [key(SECRET, 'a'), key(SECRET, 'a')] });
configure(DUPLICATE_KID, 'duplicate-kid-not-neighbours', 'RFC 7517 4.5', { keys: [key(SECRET, 'a'), key(SECRET, 'b'), key(SECRET), key(OTHER_SECRET, 'a')] });

const PEM = 'a PEM block is no shared secret: anybody could sign with a public key (RFC 8725 2.1)';
const pem = (label, body = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE') => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
for (const label of ['PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE', 'PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
  configure(INVALID_ARGUMENT, `pem-${label.toLowerCase().replaceAll(' ', '-')}`, PEM, { keys: [key(pem(label))] });
}
configure(INVALID_ARGUMENT, 'pem-behind-white-space', PEM, { keys: [key(`\n  \n${pem('PUBLIC KEY')}`)] });
configure(INVALID_ARGUMENT, 'pem-behind-text', PEM, { keys: [key(`Bag Attributes: <none>\n${pem('PUBLIC KEY')}`)] });
configure(INVALID_ARGUMENT, 'pem-with-carriage-returns', PEM, { keys: [key(pem('PUBLIC KEY').replaceAll('\n', '\r\n'))] });
configure(INVALID_ARGUMENT, 'pem-though-short-secrets-are-allowed', PEM, { keys: [key(pem('PUBLIC KEY'))], allowShortKeys: true });
configure(INVALID_ARGUMENT, 'pem-behind-a-good-secret', PEM, { keys: [key(SECRET), key(pem('PUBLIC KEY'))] });

const SYNTAX = 'RFC 7517 section 5';
const k = base64url(SECRET);
for (const [name, set] of Object.entries({
  'no-json': 'keys', truncated: '{"keys":[', 'trailing-text': `{"keys":[{"kty":"oct","k":"${k}"}]}x`, array: '[]', string: '"x"', null: 'null', 'without-keys': '{}', 'one-key': `{"kty":"oct","k":"${k}"}`,
  'keys-null': '{"keys":null}', 'keys-object': '{"keys":{}}', 'keys-of-numbers': '{"keys":[1]}', 'keys-of-strings': `{"keys":["${k}"]}`,
  'without-k': '{"keys":[{"kty":"oct","kid":"a"}]}', 'k-number': '{"keys":[{"kty":"oct","k":1}]}', 'k-null': '{"keys":[{"kty":"oct","k":null}]}',
  'k-padded': `{"keys":[{"kty":"oct","k":"${k}="}]}`, 'k-standard-alphabet': `{"keys":[{"kty":"oct","k":"${'+/'.repeat(24)}"}]}`, 'k-white-space': `{"keys":[{"kty":"oct","k":"${k} "}]}`, 'k-one-character-too-many': `{"keys":[{"kty":"oct","k":"${'A'.repeat(45)}"}]}`, 'k-spare-bits': `{"keys":[{"kty":"oct","k":"${'A'.repeat(42)}B"}]}`,
  'kid-number': `{"keys":[{"kty":"oct","kid":1,"k":"${k}"}]}`, 'alg-number': `{"keys":[{"kty":"oct","alg":256,"k":"${k}"}]}`, 'second-key-bad': `{"keys":[{"kty":"oct","k":"${k}"},{"kty":"oct"}]}`,
})) {
  // An object that is no JWK Set is refused by type, with the same code, where options have types.
  refuseSet(JWK_SYNTAX, name, SYNTAX, set);
}
refuseSet(JWK_UNSUPPORTED, 'empty', 'no key of the set can be used', { keys: [] });
refuseSet(JWK_UNSUPPORTED, 'key-without-kty', 'RFC 7517 section 5: a key of no known kind is passed over', { keys: [{ k }] });
refuseSet(JWK_UNSUPPORTED, 'kty-number', 'RFC 7517 section 5: a key of no known kind is passed over', { keys: [{ kty: 1, k }] });
refuseSet(JWK_UNSUPPORTED, 'rsa-only', 'no key of the set can be used', { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] });
refuseSet(JWK_UNSUPPORTED, 'rsa-ec-okp-and-unknown', 'no key of the set can be used', { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, { kty: 'OKP', crv: 'Ed25519', x: 'AA' }, { kty: 'future' }] });
refuseSet(JWK_UNSUPPORTED, 'for-encryption', 'RFC 7517 4.2', { keys: [{ kty: 'oct', use: 'enc', k }] });
refuseSet(JWK_UNSUPPORTED, 'for-encryption-by-key-ops', 'RFC 7517 4.3', { keys: [{ kty: 'oct', key_ops: ['encrypt', 'wrapKey'], k }] });
refuseSet(JWK_UNSUPPORTED, 'alg-of-key-wrap', 'RFC 7517 4.4', { keys: [{ kty: 'oct', alg: 'A256KW', k }] });
refuseSet(JWK_UNSUPPORTED, 'alg-of-rsa', 'RFC 7517 4.4', { keys: [{ kty: 'oct', alg: 'RS256', k }] });
refuseSet(KEY_TOO_SHORT, 'k-empty', LENGTH, { keys: [{ kty: 'oct', k: '' }] });
refuseSet(KEY_TOO_SHORT, 'k-of-31-bytes', LENGTH, { keys: [{ kty: 'oct', k: base64url(Buffer.alloc(31, 'k')) }] }, accepted);
refuseSet(INVALID_ARGUMENT, 'k-pem', PEM, { keys: [{ kty: 'oct', k: base64url(pem('PUBLIC KEY')) }] });
refuseSet(DUPLICATE_KID, 'duplicate-kid', 'RFC 7517 4.5', { keys: [{ kty: 'oct', kid: 'a', k }, { kty: 'oct', kid: 'a', k }] });
configure(DUPLICATE_KID, 'jwks-kid-of-a-secret', 'RFC 7517 4.5', { keys: [key(SECRET, 'a')], jwks: JSON.stringify({ keys: [{ kty: 'oct', kid: 'a', k }] }) });

const one = (policy) => ({ keys: [key(SECRET)], ...policy });
for (const leeway of [-1, 86_401, 2 ** 53]) configure(INVALID_ARGUMENT, `leeway-${leeway}`, '0 to 86400 seconds', one({ leeway }));
for (const maxAge of [-1, 2 ** 53 + 2]) configure(INVALID_ARGUMENT, `max-age-${maxAge}`, '1 to 2^53 seconds', one({ maxAge }));
for (const maxTokenBytes of [-1, 0, 16_777_217]) configure(INVALID_ARGUMENT, `max-token-bytes-${maxTokenBytes}`, '1 to 16777216', one({ maxTokenBytes }));
configure(INVALID_ARGUMENT, 'no-algorithm', 'at least one', one({ algorithms: [] }));
configure(INVALID_ARGUMENT, 'algorithm-of-a-key-pair', 'a shared secret serves HS256, HS384 and HS512', one({ algorithms: ['HS256', 'RS256'] }));
configure(INVALID_ARGUMENT, 'algorithm-none', 'RFC 8725 3.2', one({ algorithms: ['HS256', 'none'] }));

// ---- Signing -------------------------------------------------------------------------------------------------------

export const sign = [];

/** `more`: secret, or jwks and the `signer` (secret, kid, alg) that it must give; alg, kid, allow_short_keys, max_token_bytes. */
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
for (const [alg, size] of [['HS256', 32], ['HS384', 48], ['HS512', 64], ['HS256', 65], ['HS512', 129]]) {
  signs(`${alg}-secret-of-${size}-bytes`, 'RFC 7518 3.2, RFC 2104 section 2', ME, { alg, secret: Buffer.alloc(size, 'k') });
}
signs('short-secret-allowed', 'RFC 7518 3.2 set aside', ME, { secret: Buffer.from('short'), allow_short_keys: true });
signs('empty-claims', 'RFC 7519 section 4: no claim is mandatory', {});
for (let length = 1; length <= 5; length += 1) signs(`claims-of-${length + 8}-bytes`, 'every length modulo 3', { a: 'x'.repeat(length) });
signs('claims-of-every-kind', 'claims may hold any JSON', { a: null, b: [true, false, [], {}], c: { d: { e: -1.5e-7 } }, f: '"\\\b\f\n\r\t\u0000\u001f/' });
signs('claims-not-ascii', 'UTF-8', { name: 'Zoë 日本 🦀 \u2028\u007f', 'clé': 1 });
signs('claims-fraction-times', 'RFC 7519 section 2: NumericDate may have a fraction', { exp: NOW + 0.5, nbf: -1.5, iat: 1e300 });
signs('claims-large', 'a limit of its own', { pad: 'x'.repeat(20_000) }, { max_token_bytes: 100_000 });
for (const [name, kid] of Object.entries({ quotes: 'a"b\\c', controls: '\u0000\b\t\n\f\r\u001f\u007f', 'not-ascii': 'clé 🦀 \u2028', solidus: 'keys/1', html: '<&>\'' })) {
  signs(`kid-${name}`, 'RFC 8259 section 7: what must be escaped is', { sub: 'me' }, { kid });
}
for (const [name, claims] of Object.entries({
  'white-space': ' {\t"sub" :\r\n"me" } ', 'duplicate-members': '{"a":1,"a":2}', 'escapes': '{"\\u0061":"\\/\\u00e9\\ud800"}', 'number-forms': '{"a":1.0,"b":1E+2,"c":-0,"d":9007199254740993,"exp":17E8}', 'deep': `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
})) {
  signs(`payload-as-given-${name}`, 'the payload is the claims, byte by byte', claims);
}
for (const [name, claims] of Object.entries({ empty: '', array: '[]', string: '"x"', number: '1', null: 'null', true: 'true', truncated: '{"a":1', 'trailing-text': '{}x', 'trailing-comma': '{"a":1,}', 'beyond-double': '{"a":1e400}', 'two-objects': '{}{}', 'byte-order-mark': '\ufeff{}' })) {
  refusesToSign(CLAIMS_NOT_OBJECT, `refused-${name}`, 'RFC 7519 section 7.1: the claims are a JSON object', claims);
}
for (const claim of ['exp', 'nbf', 'iat']) {
  for (const [name, value] of Object.entries({ string: '"1700000000"', null: 'null', array: '[1]', true: 'true' })) {
    refusesToSign(CLAIM_TYPE, `refused-${claim}-${name}`, 'RFC 7519 section 2: NumericDate is a JSON number', `{"${claim}":${value}}`);
  }
}
refusesToSign(INVALID_ARGUMENT, 'kid-empty', 'an empty kid names nothing', '{"sub":"me"}', { kid: '' });
refusesToSign(CLAIM_TYPE, 'refused-exp-last-counts', 'the last of two members counts', '{"exp":1,"exp":"1"}');

// ---- Authorization headers -----------------------------------------------------------------------------------------

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

// ---- The table of failures -----------------------------------------------------------------------------------------

const TOKEN = 'JsonWebTokenError';
const row = (code, name, node_class, node_message = null) => ({ code, name, node_class, node_message });
/** Codes that the core cannot give: the bindings that can. */
const ONLY = { NULL_POINTER: ['c'], NO_MEMORY: ['c'], PANIC: ['c', 'node'], CLAIM_ABSENT: ['c'] };
const rows = [
  ...['NULL_POINTER', 'INVALID_ARGUMENT', 'BUFFER_TOO_SMALL', 'NO_MEMORY', 'PANIC', 'CLOCK'].map((name, at) => row(at + 1, name, ['Error', 'TypeError'])),
  ...['KEY_TOO_SHORT', 'NO_KEYS', 'JWK_SYNTAX', 'JWK_UNSUPPORTED', 'DUPLICATE_KID'].map((name, at) => row(at + 20, name, ['Error'])),
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
