// Verifying, refusing and signing beside other packages, in one run; the ratios are what matters.
// Run: node bench/peers.mjs
import { MastraJwtAuth as Reference } from '@mastra/auth';
import { createSigner as fastSigner, createVerifier as fastVerifier } from 'fast-jwt';
import * as jose from 'jose';
import jwt from 'jsonwebtoken';
import { bench, do_not_optimize, group, run } from 'mitata';
import { createSigner, createVerifier, MastraJwtAuth } from 'mastra-jwt';

const secret = 'supersecretdevkeythatishs256safe!';
const key = new TextEncoder().encode(secret);
const claims = {
  sub: 'user-42',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  iat: 1700000000,
  exp: 4102444800,
};
const token = jwt.sign(claims, secret);
const expired = jwt.sign({ ...claims, exp: 1700000001 }, secret);
const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;

const auth = new MastraJwtAuth({ secret });
const quiet = new MastraJwtAuth({ secret, quiet: true });
const reference = new Reference({ secret });
const verify = createVerifier({ secret });
const sign = createSigner({ secret });
const fastVerify = fastVerifier({ key: secret, cache: false });
const fastCached = fastVerifier({ key: secret, cache: true });
const fastSign = fastSigner({ key: secret });

const refused = (provider, bad) => provider.authenticateToken(bad).catch((error) => error);

const groups = {
  verify: {
    'mastra-jwt authenticateToken': async () => do_not_optimize(await auth.authenticateToken(token)),
    'mastra-jwt createVerifier': () => do_not_optimize(verify(token)),
    '@mastra/auth authenticateToken': async () => do_not_optimize(await reference.authenticateToken(token)),
    'fast-jwt, no cache': () => do_not_optimize(fastVerify(token)),
    'fast-jwt, its cache': () => do_not_optimize(fastCached(token)),
    'jose jwtVerify': async () => do_not_optimize(await jose.jwtVerify(token, key)),
  },
  'refuse a forged signature': {
    'mastra-jwt authenticateToken': async () => do_not_optimize(await refused(auth, forged)),
    'mastra-jwt authenticateToken, quiet': async () => do_not_optimize(await quiet.authenticateToken(forged)),
    '@mastra/auth authenticateToken': async () => do_not_optimize(await refused(reference, forged)),
  },
  'refuse an expired token': {
    'mastra-jwt authenticateToken': async () => do_not_optimize(await refused(auth, expired)),
    'mastra-jwt authenticateToken, quiet': async () =>
      do_not_optimize(await quiet.authenticateToken(expired)),
    '@mastra/auth authenticateToken': async () => do_not_optimize(await refused(reference, expired)),
  },
  sign: {
    'mastra-jwt createSigner': () => do_not_optimize(sign(claims)),
    jsonwebtoken: () => do_not_optimize(jwt.sign(claims, secret)),
    'fast-jwt': () => do_not_optimize(fastSign(claims)),
  },
};

for (const [name, cases] of Object.entries(groups)) {
  group(name, () => {
    for (const [label, run] of Object.entries(cases)) bench(label, run);
  });
}
const { benchmarks } = await run({ format: 'quiet' });

let at = 0;
for (const [name, cases] of Object.entries(groups)) {
  const labels = Object.keys(cases);
  const medians = labels.map(() => benchmarks[at++].runs[0].stats.p50);
  console.log(`\n${name}`);
  labels.forEach((label, index) => {
    const ratio = (medians[index] / medians[0]).toFixed(2);
    console.log(`  ${label.padEnd(40)} ${medians[index].toFixed(0).padStart(7)} ns  ${ratio.padStart(6)} x`);
  });
}
