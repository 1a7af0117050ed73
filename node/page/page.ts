/**
 * The token page: one secret, a half that signs, a half that checks. Runs the core as WebAssembly.
 */
import { ALGORITHMS, SHORTEST_SECRET, type Algorithm } from '../ts/algorithms.js';
import { backend } from './backend.js';
import { startChecking } from './check.js';
import { element, setText } from './dom.js';
import { startSigning } from './sign.js';

const secret = element('secret', HTMLInputElement);
const show = element('show', HTMLButtonElement);
const note = element('secret-note', HTMLElement);
const algorithm = element('algorithm', HTMLSelectElement);

const token = element('token', HTMLTextAreaElement);
const secretOf = (): string => secret.value;

algorithm.append(...ALGORITHMS.map((name) => new Option(name)));
const checkAgain = startChecking(backend, secretOf);
let checked = '';
const sign = startSigning(backend, secretOf, (signed) => {
  // What was just signed is checked, until a token of one's own is there.
  if (token.value === checked) {
    token.value = signed;
    checked = signed;
  }
});

/** The bytes of the secret that are needed for the algorithm that signs (RFC 7518 section 3.2). */
function describeSecret(): void {
  const bytes = new TextEncoder().encode(secret.value).length;
  const needed = SHORTEST_SECRET[algorithm.value as Algorithm];
  const words: string[] = [];
  if (bytes > 0 && bytes < needed) {
    words.push(
      `The secret has ${bytes} bytes; ${algorithm.value} needs at least ${needed}. It works, but can be guessed.`,
    );
  }
  if (secret.value !== secret.value.trim())
    words.push('There is white space around the secret; it is part of it.');
  setText(note, words.join(' '));
}

function again(): void {
  describeSecret();
  sign();
  checkAgain();
}

secret.addEventListener('input', again);
for (const form of document.querySelectorAll('#sign input, #sign select, #sign textarea')) {
  form.addEventListener('input', () => {
    describeSecret();
    checkAgain();
  });
}
show.addEventListener('click', () => {
  const visible = secret.type === 'password';
  secret.type = visible ? 'text' : 'password';
  show.setAttribute('aria-pressed', String(visible));
  show.textContent = visible ? 'Hide' : 'Show';
});
element('fresh', HTMLButtonElement).addEventListener('click', () => {
  const bytes = crypto.getRandomValues(new Uint8Array(48));
  secret.value = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  again();
});
again();
setInterval(checkAgain, 1000); // times pass: what was valid expires while one looks

// For the console of the browser, and for tests: the core that checks here.
Object.assign(globalThis, { mastraJwt: backend });
