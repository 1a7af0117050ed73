/**
 * What the commands need of the package beyond its exports: claims as text, so that no number in them is changed.
 */
import { refusal, signingError } from '../errors.js';
import { native } from '../native.js';
import { expectationsOf, openSigner, openVerifier, withKeys, type Secret } from '../options.js';
import { claimsToSign } from '../tokens.js';

const now = (): number => Math.floor(Date.now() / 1000);

export function signText(secret: Secret, claims: string): string {
  const result = withKeys('sign', { secret }, (keys) => openSigner(keys, undefined))(claims);
  if (typeof result !== 'string') throw signingError(result);
  return result;
}

export const timeClaims = (claims: object, expiresIn: number | string | undefined): object =>
  claimsToSign(claims, { expiresIn });

export function verifyText(secret: Secret, token: string): string {
  const result = withKeys('verify', { secret }, (keys) => openVerifier(keys, {}))(token, now());
  if (typeof result !== 'string') throw refusal(token, result, expectationsOf({}));
  return result;
}

const SIGNATURE = 120;

export function hasSigned(secret: Secret, token: string): boolean {
  const { verify } = native.createVerifier({
    keys: [{ secret: Buffer.from(secret) }],
    algorithms: ['HS256', 'HS384', 'HS512'],
    allowShortKeys: true,
  });
  const result = verify(token, now());
  return typeof result === 'string' || [result].flat()[0] !== SIGNATURE;
}

export const decodeText = (token: string) => native.decode(token);
