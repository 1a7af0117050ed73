// Tokens made with node:crypto alone, so that neither side of a comparison made its own input.
import { createHmac } from 'node:crypto';

export const SECRET = 'supersecretdevkeythatishs256safe!';

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
const base64url = (part) =>
  Buffer.from(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part)).toString(
    'base64url',
  );

/** The HMAC over `input`, as the signature segment of a token. */
export function mac(input, secret = SECRET, algorithm = 'HS256') {
  return createHmac(HASHES[algorithm], secret).update(input).digest('base64url');
}

/**
 * A signed token. `claims` and `header` are objects, or strings and bytes taken as they are; the
 * MAC is the one that `algorithm` names, whatever the header says.
 */
export function token(
  claims,
  { secret = SECRET, algorithm = 'HS256', header = { alg: algorithm, typ: 'JWT' } } = {},
) {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${mac(input, secret, algorithm)}`;
}

/** Seconds since 1970, `offset` seconds from now. */
export const seconds = (offset = 0) => Math.floor(Date.now() / 1000) + offset;

const good = token({ sub: 'ada', email: 'ada@example.com', name: 'Ada' });
const [head, body, signature] = good.split('.');
const unsigned = (header) => `${base64url(header)}.${base64url({ sub: 'ada' })}.`;
const flip = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

/** Tokens that a server must let in. */
export const VALID = {
  'no expiry, as jwt.io makes it': good,
  'not yet expired': token({ sub: 'ada', iat: seconds(-60), nbf: seconds(-60), exp: seconds(3600) }),
  'fractional times': token({ sub: 'ada', iat: seconds(-60) + 0.5, exp: seconds(3600) + 0.25 }),
  HS384: token({ sub: 'ada' }, { algorithm: 'HS384' }),
  HS512: token({ sub: 'ada' }, { algorithm: 'HS512' }),
  'no typ': token({ sub: 'ada' }, { header: { alg: 'HS256' } }),
  'another typ': token({ sub: 'ada' }, { header: { alg: 'HS256', typ: 'at+jwt' } }),
  'an unknown kid': token({ sub: 'ada' }, { header: { alg: 'HS256', typ: 'JWT', kid: 'k1' } }),
  'header with spaces': token({ sub: 'ada' }, { header: '{ "typ" : "JWT" , "alg" : "HS256" }' }),
  'no claims at all': token({}),
  'no sub': token({ email: 'ada@example.com' }),
  'sub is a number': token({ sub: 7 }),
  'id instead of sub': token({ id: 'ada', avatar_url: 'https://example.com/a.png' }),
  'all avatar names': token({ sub: 'ada', avatarUrl: '1', avatar_url: '2', picture: '3' }),
  picture: token({ sub: 'ada', picture: 'https://example.com/p.png' }),
  'unicode claims': token({ sub: 'ada', name: 'Ωμέγα 日本 🌦', ключ: ['é', '\u0000', '\ud83d\ude00'] }),
  'escaped claims': token('{"sub":"\\u0061da","na\\u006de":"\\"\\\\\\/\\b\\f\\n\\r\\t"}'),
  'a lone surrogate, escaped': token('{"sub":"ada","name":"\\ud800"}'),
  'a claim twice': token('{"sub":"first","sub":"ada","exp":1,"exp":9999999999}'),
  '__proto__ as a claim': token('{"sub":"ada","__proto__":{"admin":true},"constructor":1}'),
  'deep and wide claims': token({
    sub: 'ada',
    roles: Array.from({ length: 50 }, (_, i) => ({ id: i, tags: [[['x', null]]] })),
  }),
  'numbers of every kind': token('{"sub":"ada","n":[0,-0,1e21,1.5e-7,9007199254740993,-1E+2]}'),
  'white space around the payload': token(' \n\t{ "sub" : "ada" }\r\n '),
};

/** Tokens that a server must refuse with 401. */
export const REFUSED = {
  expired: token({ sub: 'ada', exp: seconds(-1) }),
  'expired long ago': token({ sub: 'ada', exp: 1 }),
  'exp of zero': token({ sub: 'ada', exp: 0 }),
  'not yet valid': token({ sub: 'ada', nbf: seconds(3600) }),
  'exp as text': token({ sub: 'ada', exp: String(seconds(3600)) }),
  'nbf as text': token({ sub: 'ada', nbf: '0' }),
  'exp null': token({ sub: 'ada', exp: null }),
  'alg none': unsigned({ alg: 'none', typ: 'JWT' }),
  'alg NONE': unsigned({ alg: 'NONE', typ: 'JWT' }),
  'alg none, yet signed': token({ sub: 'ada' }, { header: { alg: 'none', typ: 'JWT' } }),
  'alg RS256, signed with the secret': token({ sub: 'ada' }, { header: { alg: 'RS256', typ: 'JWT' } }),
  'alg hs256 in lower case': token({ sub: 'ada' }, { header: { alg: 'hs256', typ: 'JWT' } }),
  'alg HS512 over an HS256 MAC': token({ sub: 'ada' }, { header: { alg: 'HS512', typ: 'JWT' } }),
  'no alg': token({ sub: 'ada' }, { header: { typ: 'JWT' } }),
  'alg not a string': token({ sub: 'ada' }, { header: { alg: ['HS256'], typ: 'JWT' } }),
  'wrong secret': token({ sub: 'ada' }, { secret: 'another-secret-of-the-same-length' }),
  'another payload under the signature': `${head}.${base64url({ sub: 'root' })}.${signature}`,
  'first character of the signature changed': `${head}.${body}.${flip(signature, 0)}`,
  'signature cut': `${head}.${body}.${signature.slice(0, -1)}`,
  'signature too long': `${head}.${body}.${signature}A`,
  'signature padded': `${head}.${body}.${signature}=`,
  'signature missing': `${head}.${body}.`,
  'two segments': `${head}.${body}`,
  'four segments': `${good}.${signature}`,
  'one segment': head,
  'empty header': `.${body}.${signature}`,
  'empty payload': `${head}..${mac(`${head}.`)}`,
  'only dots': '..',
  'not a token': 'hello',
  'header not JSON': token({ sub: 'ada' }, { header: 'hello' }),
  'header null': token({ sub: 'ada' }, { header: 'null' }),
  'payload null': token('null'),
  'a space within': `${head}. ${body}.${signature}`,
  'a space before': ` ${good}`,
  'quotes around': `"${good}"`,
};

/**
 * Tokens that the reference lets in and mastra-jwt refuses, each with the paragraph that asks for
 * it.
 */
export const STRICTER = {
  'payload is an array (RFC 7519 7.2)': token('["ada"]'),
  'payload is a string (RFC 7519 7.2)': token('"ada"'),
  'payload is no JSON (RFC 7519 7.2)': token('ada', { header: { alg: 'HS256' } }),
  'payload is not UTF-8 (RFC 7519 7.2)': token(Buffer.from('{"sub":"\xff"}', 'latin1')),
  'header is not UTF-8 (RFC 7515 5.2)': token(
    { sub: 'ada' },
    { header: Buffer.from('{"alg":"HS256","x":"\xff"}', 'latin1') },
  ),
  'payload ends in loose bits (RFC 4648 3.5)': (() => {
    // '{"sub":"ada"}' is 13 bytes, so the last of its 18 characters carries four bits that must be
    // zero.
    const input = `${head}.${base64url('{"sub":"ada"}').replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))}`;
    return `${input}.${mac(input)}`;
  })(),
  'alg twice (RFC 7515 4)': token({ sub: 'ada' }, { header: '{"alg":"HS256","alg":"HS256"}' }),
  'kid twice (RFC 7515 4)': token({ sub: 'ada' }, { header: '{"alg":"HS256","kid":"a","kid":"a"}' }),
  'crit (RFC 7515 4.1.11)': token({ sub: 'ada' }, { header: { alg: 'HS256', crit: ['exp'], exp: 1 } }),
  'a number that no double holds': token('{"sub":"ada","n":1e400}'),
};
