// The npm package on a platform: node smoke.cjs native|wasm [GLIBC], in a directory where it is
// installed, with vectors/ beside. Prints one line of JSON, and exits with 1 where anything is not
// as it must be.
'use strict';
const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');
const { readFileSync } = require('node:fs');
const mastraJwt = require('mastra-jwt');
const { checkAll } = require('./vectors/cases.cjs');

const [backend, glibc] = process.argv.slice(2);
const secret = 'supersecretdevkeythatishs256safe!supersecretdevkeythatishs256safe';
const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

(async () => {
  assert.equal(mastraJwt.backend, backend);
  let libc;
  if (process.platform === 'linux') {
    process.report.excludeNetwork = true;
    libc = process.report.getReport().header.glibcVersionRuntime;
    assert.equal(libc, glibc);
  }

  // A token of node:crypto, and one that was changed.
  const input = `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment({ sub: 'me', exp: 4102444800 })}`;
  const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  assert.equal(mastraJwt.createVerifier({ secret })(token).sub, 'me');
  const auth = new (await import('mastra-jwt')).MastraJwtAuth({ secret });
  assert.equal((await auth.authenticateToken(token)).sub, 'me');
  const changed = token.slice(0, -3) + (token.endsWith('AAA') ? 'BBB' : 'AAA');
  await assert.rejects(async () => auth.authenticateToken(changed), {
    code: 'MJWT_SIGNATURE',
  });

  const vectors = Object.fromEntries(
    ['verify', 'config', 'policy', 'sign', 'bearer', 'codes'].map((name) => [
      name,
      JSON.parse(readFileSync(`vectors/${name}.json`, 'utf8')),
    ]),
  );
  const { ran, failures } = await checkAll(mastraJwt, vectors);
  assert.deepEqual(failures.slice(0, 10), []);
  for (const name of ['verify', 'config', 'policy']) assert.equal(ran[name], vectors[name].vectors.length);
  const cases = Object.values(ran).reduce((sum, each) => sum + each, 0);
  console.log(
    JSON.stringify({
      node: process.version,
      backend,
      arch: process.arch,
      libc,
      cases,
    }),
  );
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
