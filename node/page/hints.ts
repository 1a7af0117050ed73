/** What is behind a refusal more often than not. Each guess is tried; only what is true is said. */
import { ALGORITHMS } from '../ts/algorithms.js';
import type { Backend } from '../ts/backend/backend.js';
import type { PolicyDocument } from './policy.js';
import { ask, type Answer } from './rules.js';

const ALL: PolicyDocument = {
  algorithms: ALGORITHMS,
  allowShortKeys: true,
  maxTokenBytes: 1 << 24,
};

/** Times beyond the year 5000 in seconds are milliseconds. */
const MILLISECONDS = 1e11;

function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.trim().replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The hints for a secret, a token and what the core said of them. */
export function hints(
  backend: Backend,
  secret: string,
  token: string,
  { code }: Answer,
  header: Record<string, unknown>,
  claims: Record<string, unknown>,
  policy: PolicyDocument,
): string[] {
  const found: string[] = [];
  if (code === 120) {
    const fits = (other: string | Uint8Array): boolean => {
      if (other.length === 0) return false;
      try {
        // Refused for another reason than its signature (101 to 120): then the signature fits.
        const { code } = ask(backend, { secret: other }, ALL, token, 0);
        return code === 0 || code >= 200;
      } catch {
        return false;
      }
    };
    const trimmed = secret.trim();
    const decoded = fromBase64(secret);
    if (trimmed !== secret && fits(trimmed)) {
      found.push('The secret fits without the white space around it.');
    }
    if (decoded !== undefined && fits(decoded)) {
      found.push(
        'The secret fits when it is decoded from base64: the signer uses the bytes that it encodes.',
      );
    }
  }
  for (const name of ['exp', 'nbf', 'iat']) {
    const value = claims[name];
    if (typeof value === 'number' && Math.abs(value) > MILLISECONDS) {
      found.push(`${name} looks like milliseconds. Times in a token are seconds since 1970.`);
    }
  }
  const { alg } = header;
  if (code === 105 && typeof alg === 'string') {
    found.push(
      ALGORITHMS.some((name) => name === alg)
        ? `The token is signed with ${alg}; the policy allows ${(policy.algorithms ?? ['HS256']).join(', ')}.`
        : `The token says alg ${JSON.stringify(alg)}: that is not an algorithm of a shared secret.`,
    );
  }
  return found;
}
