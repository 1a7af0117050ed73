// Writes dist/page.html: the token page in one file, with a policy that forbids it to send
// anything.
//
// Called by build.mjs, after the WebAssembly module was built.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const MAX_BYTES = 300_000;
const here = import.meta.dirname;

async function bundle(entry, options) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    logLevel: 'warning',
    ...options,
  });
  return result.outputFiles[0].text.trim();
}

const script = await bundle('page.ts', { format: 'iife', target: 'es2022' });
const style = await bundle('page.css', { target: ['chrome100', 'firefox100', 'safari15'] });
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  'img-src data:',
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const parts = { '%CSP%': policy, '\n      %STYLE%\n    ': style, '\n      %SCRIPT%\n    ': script };
let page = readFileSync(join(here, 'index.html'), 'utf8');
for (const [mark, text] of Object.entries(parts)) {
  if (page.split(mark).length !== 2) throw new Error(`index.html must hold ${mark.trim()} once`);
  page = page.replace(mark, () => text);
}
const bytes = Buffer.byteLength(page);
if (bytes > MAX_BYTES) throw new Error(`the page has ${bytes} bytes; at most ${MAX_BYTES} are wanted`);
mkdirSync(join(here, '..', 'dist'), { recursive: true });
writeFileSync(join(here, '..', 'dist', 'page.html'), page);
