// Measures the Node package, native and as WebAssembly, with its peers and the floors; one JSON
// object a line. Run: node measure.mjs TOKENS.json FLOOR.node [quick]; FLOOR.node is built from
// ../rust/examples/floor.rs
import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { backend, createSigner, createVerifier, MastraJwtAuth } from 'mastra-jwt';
import { MastraJwtAuth as Reference } from 'mastra-auth-reference';
import { createSigner as fastSigner, createVerifier as fastVerifier } from 'fast-jwt';
import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { signSync, verify as rsVerify, verifySync } from '@node-rs/jsonwebtoken';
import { floorOf } from './floor.mjs';
import { interleave } from './interleave.mjs';

const [tokensFile, floorFile, mode] = process.argv.slice(2);
const { secret, sets } = JSON.parse(readFileSync(tokensFile, 'utf8'));
const effort = mode === 'quick' ? { rounds: 5, batch: 1_000_000 } : { rounds: 41, batch: 3_000_000 };

// The same package, installed under a second name, with its other backend.
process.env.MASTRA_JWT_BACKEND = 'wasm';
const wasm = await import('mastra-jwt-wasm');
delete process.env.MASTRA_JWT_BACKEND;
if (backend !== 'native' || wasm.backend !== 'wasm')
  throw new Error(`the backends are ${backend} and ${wasm.backend}`);

const bytes = new TextEncoder().encode(secret);
const keyObject = createSecretKey(bytes);
const auth = new MastraJwtAuth({ secret });
const quiet = new MastraJwtAuth({ secret, quiet: true });
const reference = new Reference({ secret });
const verify = createVerifier({ secret });
const sign = createSigner({ secret });
const wasmAuth = new wasm.MastraJwtAuth({ secret });
const wasmVerify = wasm.createVerifier({ secret });
const wasmSign = wasm.createSigner({ secret });
const fastVerify = fastVerifier({ key: secret, cache: false });
const fastCached = fastVerifier({ key: secret, cache: true });
const fastSign = fastSigner({ key: secret });
// It refuses a token with an audience unless an option says which; nobody here asks for one.
const rsValidation = { algorithms: ['HS256'], validateExp: true };

const tellError = (error) => error;
const caught = (run) => (turn) => {
  try {
    run(turn);
  } catch (error) {
    return error;
  }
  throw new Error('a bad token was accepted');
};
const refusal = (promise) =>
  promise.then(() => Promise.reject(new Error('a bad token was accepted')), tellError);
const turned = (items) => (turn) => items[turn % items.length];

const ours = (name, run, async = false) => ({ kind: 'ours', name: `mastra-jwt ${name}`, run, async });
const peer = (name, run, async = false) => ({ kind: 'peer', name, run, async });
const floor = (name, run) => ({ kind: 'floor', name: `floor: ${name}`, run });
const node = process.versions.node.split('.')[0];

/** Measures and prints. */
async function report(what, contenders) {
  for (const row of await interleave(contenders, effort))
    console.log(JSON.stringify({ set: 'node', node, ...what, ...row }));
}

const parts = (token) => token.split('.');
const payloadOf = (token) => Buffer.from(parts(token)[1], 'base64url').toString();

for (const set of sets) {
  const what = { case: 'accept', size: set.size, shape: set.one_string ? 'one string' : 'mixed' };
  const token = turned(set.good);
  const payload = turned(set.good.map(payloadOf));
  const { empty, hmac } = floorOf(floorFile, set.good);
  await report({ op: 'verify', ...what }, [
    ours('authenticateToken', (turn) => auth.authenticateToken(token(turn)), true),
    ours('createVerifier', (turn) => verify(token(turn))),
    peer('@mastra/auth authenticateToken', (turn) => reference.authenticateToken(token(turn)), true),
    peer('jsonwebtoken, secret string', (turn) => jsonwebtoken.verify(token(turn), secret)),
    peer('jsonwebtoken, KeyObject', (turn) => jsonwebtoken.verify(token(turn), keyObject)),
    peer('jose jwtVerify', (turn) => jose.jwtVerify(token(turn), bytes), true),
    peer('fast-jwt, no cache', (turn) => fastVerify(token(turn))),
    peer('fast-jwt, its cache', (turn) => fastCached(token(turn))),
    peer('@node-rs/jsonwebtoken verifySync', (turn) => verifySync(token(turn), secret, rsValidation)),
    peer('@node-rs/jsonwebtoken verify', (turn) => rsVerify(token(turn), secret, rsValidation), true),
    ours('wasm authenticateToken', (turn) => wasmAuth.authenticateToken(token(turn)), true),
    ours('wasm createVerifier', (turn) => wasmVerify(token(turn))),
    floor('JSON.parse + HMAC + native call', (turn) => (hmac(), JSON.parse(payload(turn)))),
    floor('JSON.parse of the payload', (turn) => JSON.parse(payload(turn))),
    floor('HMAC + native call', hmac),
    floor('empty native call', empty),
  ]);

  const claims = turned(set.claims.map((text) => JSON.parse(text)));
  await report({ op: 'sign', ...what }, [
    ours('createSigner', (turn) => sign(claims(turn))),
    ours('MastraJwtAuth sign', (turn) => auth.sign(claims(turn))),
    peer('jsonwebtoken, secret string', (turn) => jsonwebtoken.sign(claims(turn), secret)),
    peer('jsonwebtoken, KeyObject', (turn) => jsonwebtoken.sign(claims(turn), keyObject)),
    peer(
      'jose SignJWT',
      (turn) => new jose.SignJWT(claims(turn)).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(bytes),
      true,
    ),
    peer('fast-jwt', (turn) => fastSign(claims(turn))),
    peer('@node-rs/jsonwebtoken signSync', (turn) =>
      signSync({ data: claims(turn), exp: 4102444800, iat: 1700000000 }, secret),
    ),
    ours('wasm createSigner', (turn) => wasmSign(claims(turn))),
    floor('JSON.stringify + HMAC + native call', (turn) => (hmac(), JSON.stringify(claims(turn)))),
    floor('JSON.stringify of the claims', (turn) => JSON.stringify(claims(turn))),
  ]);
}

for (const set of sets.filter(({ size, one_string }) => !one_string && (size === 200 || size === 16384))) {
  for (const [name, key] of [
    ['bad signature', 'bad_signature'],
    ['expired', 'expired'],
    ['malformed', 'malformed'],
  ]) {
    const token = turned(set[key]);
    const good = turned(set.good);
    await report({ op: 'verify', case: name, size: set.size, shape: 'mixed' }, [
      ours('authenticateToken', (turn) => refusal(auth.authenticateToken(token(turn))), true),
      ours('authenticateToken, quiet', (turn) => quiet.authenticateToken(token(turn)), true),
      ours(
        'createVerifier',
        caught((turn) => verify(token(turn))),
      ),
      ours('authenticateToken, a good token', (turn) => auth.authenticateToken(good(turn)), true),
      ours('createVerifier, a good token', (turn) => verify(good(turn))),
      peer(
        '@mastra/auth authenticateToken',
        (turn) => refusal(reference.authenticateToken(token(turn))),
        true,
      ),
      peer(
        'jsonwebtoken, KeyObject',
        caught((turn) => jsonwebtoken.verify(token(turn), keyObject)),
      ),
      peer('jose jwtVerify', (turn) => refusal(jose.jwtVerify(token(turn), bytes)), true),
      peer(
        'fast-jwt, no cache',
        caught((turn) => fastVerify(token(turn))),
      ),
      peer(
        'fast-jwt, its cache',
        caught((turn) => fastCached(token(turn))),
      ),
      peer(
        '@node-rs/jsonwebtoken verifySync',
        caught((turn) => verifySync(token(turn), secret, rsValidation)),
      ),
    ]);
  }
}
