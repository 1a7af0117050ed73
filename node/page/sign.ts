/** The half of the page that signs. */
import type { Backend } from '../ts/backend/backend.js';
import { element, setText } from './dom.js';

const MAX_CLAIMS = 1 << 20;

const subject = element('subject', HTMLInputElement);
const expires = element('expires', HTMLSelectElement);
const expiresAt = element('expires-at', HTMLInputElement);
const roles = element('roles', HTMLInputElement);
const algorithm = element('algorithm', HTMLSelectElement);
const kid = element('kid', HTMLInputElement);
const claims = element('claims', HTMLTextAreaElement);
const note = element('claims-note', HTMLElement);
const signed = element('signed', HTMLTextAreaElement);
const agent = element('agent', HTMLInputElement);
const copied = element('copied', HTMLElement);

const now = (): number => Math.floor(Date.now() / 1000);

type Claims = Record<string, unknown>;

/** The claims as an object; a sentence where they are not one. */
function readClaims(): Claims | string {
  const text = claims.value;
  if (text.length > MAX_CLAIMS) return `The claims have ${text.length} characters: too many for a token.`;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Claims;
    return 'The claims must be a JSON object, such as {"sub":"me"}.';
  } catch (error) {
    return `The claims are not JSON: ${(error as Error).message}`;
  }
}

/** JSON without white space between its parts; numbers and texts stay as they are written. */
const compact = (json: string): string => json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');

/** `datetime-local` has no time zone: it is that of the reader. */
function localTime(seconds: number): string {
  const moment = new Date(seconds * 1000);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? '' : local.toISOString().slice(0, 19);
}

function setClaim(name: string, value: unknown): void {
  const object = readClaims();
  if (typeof object === 'string') return;
  if (value === undefined) delete object[name];
  else object[name] = value;
  claims.value = JSON.stringify(object, undefined, 2);
}

/** The form shows what the claims say. */
function showInForm(object: Claims): void {
  const { sub, exp, roles: list } = object;
  if (document.activeElement !== subject) subject.value = typeof sub === 'string' ? sub : '';
  if (document.activeElement !== roles) {
    roles.value =
      Array.isArray(list) && list.every((role) => typeof role === 'string') ? list.join(', ') : '';
  }
  if (document.activeElement !== expiresAt) expiresAt.value = typeof exp === 'number' ? localTime(exp) : '';
  if (document.activeElement !== expires) {
    const issued = typeof object.iat === 'number' ? object.iat : now();
    const span = typeof exp === 'number' ? String(exp - issued) : 'never';
    expires.value = [...expires.options].some(({ value }) => value === span) ? span : 'other';
  }
}

/** What a button copies. */
function copies(button: string, what: string, text: () => string): void {
  element(button, HTMLButtonElement).addEventListener('click', async () => {
    if (signed.value === '') return setText(copied, 'There is no token to copy yet.');
    try {
      await navigator.clipboard.writeText(text());
      setText(copied, `${what} copied.`);
    } catch {
      signed.select();
      setText(copied, 'The browser did not let this page copy. The token is selected: copy it by hand.');
    }
  });
}

/**
 * Wires the half; the result signs anew, for when the secret changes. `onToken` gets what was
 * signed.
 */
export function startSigning(
  backend: Backend,
  secretOf: () => string,
  onToken: (token: string) => void,
): () => void {
  const sign = (): void => {
    const object = readClaims();
    signed.value = '';
    if (typeof object === 'string') return setText(note, object);
    showInForm(object);
    if (secretOf() === '') return setText(note, 'Enter a secret, or make a new one, to sign.');
    // The core takes UTF-8, in which such a half would become another character.
    if (![secretOf(), kid.value, claims.value].every((text) => text.isWellFormed()))
      return setText(note, 'Not signed: there is half a character (a lone surrogate) in it.');
    try {
      const signer = backend.createSigner(
        secretOf(),
        kid.value || undefined,
        [],
        algorithm.value,
        true,
        undefined,
      );
      const result = signer.sign(compact(claims.value));
      if (typeof result === 'string') {
        signed.value = result;
        setText(note, '');
        onToken(result);
      } else {
        const code = typeof result === 'number' ? result : result[0];
        setText(note, `Not signed: ${backend.codes().find((row) => row.code === code)?.message ?? code}.`);
      }
    } catch (error) {
      setText(note, `Not signed: ${(error as Error).message}.`);
    }
  };

  claims.value = JSON.stringify({ sub: 'me', iat: now(), exp: now() + 3600 }, undefined, 2);
  subject.addEventListener('input', () => setClaim('sub', subject.value || undefined));
  roles.addEventListener('input', () => {
    const list = roles.value
      .split(',')
      .map((role) => role.trim())
      .filter((role) => role !== '');
    setClaim('roles', list.length === 0 ? undefined : list);
  });
  expires.addEventListener('input', () => {
    if (expires.value === 'other') return expiresAt.focus();
    if (expires.value === 'never') return setClaim('exp', undefined);
    setClaim('iat', now());
    setClaim('exp', now() + Number(expires.value));
  });
  expiresAt.addEventListener('input', () => {
    const moment = Date.parse(expiresAt.value);
    if (!Number.isNaN(moment)) setClaim('exp', Math.floor(moment / 1000));
  });
  for (const field of [subject, roles, expires, expiresAt, algorithm, kid, claims]) {
    field.addEventListener('input', sign);
  }

  copies('copy-token', 'Token', () => signed.value);
  copies('copy-line', 'Line', () => `MASTRA_JWT_TOKEN=${signed.value}`);
  copies(
    'copy-curl',
    'curl line',
    () =>
      // encodeURIComponent leaves the quote that would end the shell's text.
      `curl -X POST 'http://localhost:4111/api/agents/${encodeURIComponent(agent.value).replaceAll("'", '%27')}/generate'` +
      ` -H 'Authorization: Bearer ${signed.value}' -H 'Content-Type: application/json'` +
      ` -d '{"messages":["What is the weather in London?"]}'`,
  );
  return sign;
}
