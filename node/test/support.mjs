// What the tests share. Tokens are made here by node:crypto, so that they do not depend on what is
// tested.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';

/** A module of the package that it does not export. */
export const internal = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);

/** What the package verifies and signs with. */
export const { backend } = internal('backend/node');

export const SECRET = 'supersecretdevkeythatishs256safe!';
export const OTHER_SECRET = 'anotherdevkeythatishs256safetoo!!';
export const HEADER = { alg: 'HS256', typ: 'JWT' };

const segment = (value) =>
  Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString(
    'base64url',
  );

/** Signs a signing input as it is. */
export function seal(input, secret = SECRET, alg = 'HS256') {
  return `${input}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url')}`;
}

/** A token with any header and payload: objects, or text or bytes as they are. */
export function forge(payload, header = HEADER, secret = SECRET) {
  const alg = /^HS(256|384|512)$/.test(header?.alg) ? header.alg : 'HS256';
  return seal(`${segment(header)}.${segment(payload)}`, secret, alg);
}

/** A token whose signature is of another token. */
export function tampered(token) {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return token.slice(0, -signature.length) + (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
}

/** The error that a call ends with, thrown or rejected. */
export async function errorOf(call) {
  let result;
  try {
    result = await call();
  } catch (error) {
    return error;
  }
  return assert.fail(`no error, but ${JSON.stringify(result)}`);
}

/** What of an error can be compared with that of another class of the same name. */
export const fieldsOf = ({ name, message, expiredAt, date }) => ({ name, message, expiredAt, date });

/** Runs with an environment variable set, or unset with undefined. */
export function withEnv(name, value, call) {
  const before = process.env[name];
  const put = (to) => (to === undefined ? delete process.env[name] : (process.env[name] = to));
  put(value);
  try {
    return call();
  } finally {
    put(before);
  }
}
