// Tokens: by jsonwebtoken where it can make them, else put together piece by piece and signed with
// node:crypto.
import { createHmac } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The secrets that the vectors use. The first is the one that jwt.io shows. */
export const SECRET = Buffer.from('a-string-secret-at-least-256-bits-long');
export const OTHER_SECRET = Buffer.from('another-secret-that-is-at-least-256-bits-long');
export const LONG_SECRET = Buffer.from(Array.from({ length: 64 }, (_, at) => at));

export const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

export const hmac = (alg, secret, input) =>
  createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest();

/**
 * A value as the text of a header or payload: text and bytes as they are, anything else as JSON.
 */
export const text = (value) =>
  typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);

/** Header and payload segments, as they are, with their signature. */
export function seal(header, payload, { alg = 'HS256', secret = SECRET } = {}) {
  const input = `${header}.${payload}`;
  return `${input}.${hmac(alg, secret, input).toString('base64url')}`;
}

/** A token put together by hand, with whatever header and payload. */
export function craft(header, payload, options) {
  return seal(base64url(text(header)), base64url(text(payload)), options);
}

/** A token of claims (an object) as jsonwebtoken makes it. */
export function mint(claims, { alg = 'HS256', secret = SECRET, kid } = {}) {
  const header = { alg, typ: 'JWT', ...(kid !== undefined && { kid }) };
  const crafted = craft(header, claims, { alg, secret });
  // jsonwebtoken takes an iat of 0 for none, and puts the time of day there; it writes a header in
  // Latin-1, not in UTF-8.
  if (claims.iat === 0 || /[^\0-\x7f]/.test(kid ?? '')) return crafted;
  const minted = jsonwebtoken.sign(claims, secret, {
    algorithm: alg,
    ...(kid !== undefined && { keyid: kid }),
    // It would also take away the iat that is there.
    ...(claims.iat === undefined && { noTimestamp: true }),
  });
  if (minted !== crafted) throw new Error(`jsonwebtoken makes another token of ${JSON.stringify(claims)}`);
  return minted;
}

/** The segments of a token. */
export const segments = (token) => token.split('.');

/** A segment's other spelling: the same bytes, except for the last character's spare bits. */
export function nonCanonical(segment, bits) {
  const spare = { 2: 4, 3: 2 }[segment.length % 4];
  if (spare === undefined || bits <= 0 || bits >= 1 << spare)
    throw new Error(`${segment} has no such spare bits`);
  return segment.slice(0, -1) + ALPHABET[ALPHABET.indexOf(segment.at(-1)) | bits];
}

/** A segment in the alphabet of RFC 4648 section 4. */
export function standardAlphabet(segment) {
  if (!/[-_]/.test(segment)) throw new Error(`${segment} has none of the characters that differ`);
  return segment.replaceAll('-', '+').replaceAll('_', '/');
}

/** The token with one character of its signature replaced by another. */
export function withSignatureChanged(token, at) {
  const [header, payload, signature] = segments(token);
  const characters = [...signature];
  const index = at < 0 ? characters.length + at : at;
  // Half the alphabet away: a change of the highest bit, which no spare bit is.
  characters[index] = ALPHABET[ALPHABET.indexOf(characters[index]) ^ 32];
  return `${header}.${payload}.${characters.join('')}`;
}
