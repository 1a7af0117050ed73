/**
 * What the commands need of the package beyond its exports: claims as text, so that no number in
 * them is changed.
 */
import { backend } from '#backend';
import { refusal, rowOf, signingError } from '../errors.js';
import { keysOf, openSigner, openVerifier, type Keys, type Secret } from '../keys.js';
import { requirementsOf, documentsOf } from '../options.js';
import { claimsText } from '../signer.js';
import { clock } from '../time.js';

const keysFor = (owner: string, secret: Secret): Keys =>
  keysOf(owner, { secret: [{ secret, kid: undefined }] });

/** A token of claims that are JSON text. */
export function signText(secret: Secret, claims: string): string {
  const { sign } = openSigner('sign', keysFor('sign', secret), undefined, true, undefined);
  const result = sign(claims);
  if (typeof result !== 'string') throw signingError(result);
  return result;
}

/** The claims with `iat`, and with `exp` where it is to be so many seconds later. */
export const timeClaims = (claims: object, expiresIn: number | undefined): object =>
  JSON.parse(
    claimsText(claims, expiresIn === undefined ? {} : { expiresIn: { seconds: expiresIn, text: true } }),
  ) as object;

/** The claims of a valid token, as text. `policy` is a policy document. */
export function verifyText(secret: Secret, token: string, policy: string | undefined): string {
  const options = policy === undefined ? {} : { policy };
  const result = openVerifier('verify', keysFor('verify', secret), options).verify(token, clock());
  if (typeof result !== 'string') throw refusal(token, result, requirementsOf(options).expected);
  return result;
}

/**
 * Whether a secret has signed a token, valid or not. Warns of nothing: the secret is only a guess.
 */
export function hasSigned(secret: Secret, token: string): boolean {
  const { verify } = backend.createVerifier([secret], [undefined], [], documentsOf({}));
  const result = verify(token, clock());
  return typeof result === 'string' || rowOf(result)?.name !== 'SIGNATURE';
}

export const decodeText = (token: string) => backend.decode(token);
