// What a user of the published packages sees on this machine.
//
//   node .ci/release/verify.mjs DIST
//
// Installs the main package and that of this platform from DIST/npm into an empty folder, in place
// of @mastra/auth, and has the addon verify a token by ESM and by CommonJS. Runs on every system,
// with Node and npm alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { platform: os, arch } = process;
const libc = process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl';
const name = os === 'linux' ? `${os}-${arch}-${libc}` : `${os}-${arch}`;
const packages = resolve(process.argv[2] ?? '.', 'npm');
const one = (pattern) => {
  const found = readdirSync(packages).filter((file) => pattern.test(file));
  assert.equal(found.length, 1, `not one ${pattern} in ${packages}: ${found}`);
  return join(packages, found[0]);
};
const main = one(/^mastra-jwt-\d/);
const tarballs = [main, one(new RegExp(`^mastra-jwt-${name}-\\d`)), `@mastra/auth@file:${main}`];

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mastra-jwt-verify-')));
const body = `
  const secret = 'supersecretdevkeythatishs256safe!';
  const auth = new MastraJwtAuth({ secret });
  const token = auth.sign({ sub: 'me' });
  Promise.all([auth.authenticateToken(token), auth.authenticateToken(token.slice(0, -2)).catch((error) => error)])
    .then(([claims, refused]) => console.log(JSON.stringify([backend, claims.sub, refused.message])));`;
try {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, 'esm.mjs'), `import { MastraJwtAuth, backend } from '@mastra/auth';${body}`);
  writeFileSync(
    join(folder, 'cjs.cjs'),
    `const { MastraJwtAuth, backend } = require('@mastra/auth');${body}`,
  );
  // Through a shell, since npm is a script on Windows; what it is given has no spaces but those of
  // a path, in quotes.
  const quoted = tarballs.map((tarball) => `"${tarball}"`).join(' ');
  execFileSync(`npm install --ignore-scripts --no-audit --no-fund ${quoted}`, {
    cwd: folder,
    shell: true,
    stdio: 'inherit',
  });
  for (const file of ['esm.mjs', 'cjs.cjs']) {
    const answer = execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual(JSON.parse(answer), ['native', 'me', 'invalid signature'], file);
    console.log(`${name}, Node ${process.versions.node}, ${file}: ${answer.trim()}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
