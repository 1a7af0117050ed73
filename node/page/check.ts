/** The half of the page that checks. */
import type { Backend } from '../ts/backend/backend.js';
import { element, setItems, setText } from './dom.js';
import { hints } from './hints.js';
import { makeForm, readForm, writeForm, type PolicyDocument } from './policy.js';
import { check, type Result } from './rules.js';
import { advice, times } from './words.js';

/** More than the longest token that a policy can allow: refused before it is touched. */
const MAX_TOKEN = (1 << 24) + 'Bearer '.length + 1024;
/** What is shown of a token; the rest of a longer one would only slow the page down. */
const MAX_SHOWN = 1 << 16;

const token = element('token', HTMLTextAreaElement);
const verdict = element('verdict', HTMLElement);
const hintList = element('hints', HTMLElement);
const header = element('header', HTMLElement);
const read = element('read', HTMLElement);
const timeList = element('times', HTMLElement);
const ruleList = element('rules', HTMLElement);
const policyNote = element('policy-note', HTMLElement);
const openPolicy = element('open-policy', HTMLInputElement);

const now = (): number => Math.floor(Date.now() / 1000);

const bare = (text: string): string => text.trim().replace(/^bearer\s+/i, '');

type Part = Record<string, unknown>;

function parsed(json: string): Part {
  try {
    return JSON.parse(json) as Part;
  } catch {
    return {};
  }
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}

function say(text: string, kind: '' | 'good' | 'bad'): void {
  verdict.className = kind;
  setText(verdict, text);
}

function clear(text: string): void {
  say(text, text === '' ? '' : 'bad');
  for (const part of [header, read]) setText(part, '');
  for (const list of [timeList, hintList, ruleList]) list.replaceChildren();
}

/** Wires the half; the result checks anew, for when the secret or the time changes. */
export function startChecking(backend: Backend, secretOf: () => string): () => void {
  const show = (result: Result, text: string, policy: PolicyDocument): void => {
    const { code, detail } = result.answer;
    const parts = text.length <= MAX_SHOWN ? backend.decode(text) : null;
    const [head, claims] = [parsed(parts?.header ?? '{}'), parsed(parts?.payload ?? '{}')];
    if (code === 0) {
      say('valid', 'good');
    } else {
      const row = backend.codes().find((row) => row.code === code);
      const what = typeof detail === 'string' ? ` (${JSON.stringify(detail)})` : '';
      say(
        `MJWT_${row?.name ?? code}: ${row?.message ?? ''}${what}. ${advice(row?.name ?? '')}`.trim(),
        'bad',
      );
    }
    setText(header, parts === null ? '' : pretty(parts.header));
    setText(read, parts === null ? '' : pretty(parts.payload));
    setItems(timeList, times(claims, now()));
    setItems(hintList, hints(backend, secretOf(), text, result.answer, head, claims, policy));
    setItems(
      ruleList,
      result.rules.map(({ text, verdict }) => `${text}: ${verdict}`),
    );
    result.rules.forEach(({ verdict, first }, index) => {
      const classes = { passed: 'good', failed: first ? 'bad first' : 'bad', 'not checked': 'skipped' };
      const item = ruleList.children[index];
      if (item) item.className = classes[verdict];
    });
  };

  const checkAgain = (): void => {
    if (token.value.length > MAX_TOKEN)
      return clear('MJWT_TOKEN_TOO_LONG: no policy allows a token of this length.');
    const text = bare(token.value);
    if (text === '') return clear('');
    if (secretOf() === '') return clear('Enter the secret to check the signature.');
    if (!secretOf().isWellFormed()) return clear('The secret has half a character in it (a lone surrogate).');
    const policy = readForm();
    try {
      const result = check(backend, { secret: secretOf() }, policy, text, now());
      show(result, text, policy);
    } catch (error) {
      // The secret or the policy cannot be used; the core says which, and why.
      const { code, message } = error as Error & { code?: string };
      clear(code === undefined ? message : `${code}: ${message}`);
    }
  };

  makeForm(element('policy', HTMLElement), checkAgain);
  token.addEventListener('input', checkAgain);
  openPolicy.addEventListener('change', async () => {
    const [file] = openPolicy.files ?? [];
    if (file === undefined) return;
    try {
      const text = await file.text();
      // The core reads the document, as it does in a server; a secret is needed, though none is
      // looked at.
      backend.createVerifier(
        ['a secret for the policy alone, of enough bytes to serve all of the algorithms'],
        [undefined],
        [],
        [text],
      );
      writeForm(JSON.parse(text) as PolicyDocument);
      setText(policyNote, `${file.name} is open.`);
      checkAgain();
    } catch (error) {
      setText(policyNote, `${file.name}: ${(error as Error).message}`);
    }
    openPolicy.value = '';
  });
  element('save-policy', HTMLButtonElement).addEventListener('click', () => {
    const link = document.createElement('a');
    const text = `${JSON.stringify(readForm(), undefined, 2)}\n`;
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = 'policy.json';
    link.click();
    URL.revokeObjectURL(link.href);
  });
  return checkAgain;
}
