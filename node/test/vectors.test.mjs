// The vectors that every binding of the library runs; their format is described beside them, in
// tests/vectors/README.md.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, mock } from 'node:test';
import * as mastraJwt from 'mastra-jwt';
import { casesOf, checkSame, dropInCasesOf, optionsOf } from '../../tests/vectors/cases.cjs';
import { backend, errorOf } from './support.mjs';

const { MastraJwtAuth } = mastraJwt;
const FILES = ['verify', 'config', 'policy', 'sign', 'bearer'];
const file = (name) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'tests', 'vectors', `${name}.json`), 'utf8'));
const vectors = Object.fromEntries([...FILES, 'codes'].map((name) => [name, file(name)]));
const cases = [...casesOf(mastraJwt, vectors), ...dropInCasesOf(mastraJwt, vectors)];

for (const part of [...FILES, 'dropIn']) {
  describe(part === 'dropIn' ? 'verify.json, by MastraJwtAuth' : `${part}.json`, () => {
    for (const { name, run } of cases.filter((it) => it.file === part)) it(name, run);
  });
}

describe('the cases', () => {
  it('are all that the package can be asked', () => {
    const count = (part) => cases.filter((it) => it.file === part).length;
    for (const part of ['verify', 'config', 'policy'])
      assert.equal(count(part), vectors[part].vectors.length);
    assert.ok(count('sign') >= 80);
    assert.ok(count('bearer') >= 8);
    assert.ok(count('dropIn') >= 200);
  });

  it('fail where the package does another thing', async () => {
    const spoilt = structuredClone(vectors);
    const accepted = spoilt.verify.vectors.find(({ code }) => code === 0);
    const refused = spoilt.verify.vectors.find(({ code }) => code !== 0);
    const signed = spoilt.sign.vectors.find(({ normal }) => normal);
    accepted.claims = accepted.claims.replace('{', '{"one":1,');
    refused.code = refused.code === 110 ? 200 : 110;
    signed.token += 'x';
    const failed = casesOf(mastraJwt, spoilt).filter(({ run }) => {
      try {
        run();
        return false;
      } catch {
        return true;
      }
    });
    assert.deepEqual(
      failed.map(({ name }) => name),
      [accepted, refused, signed].map(({ name, why }) => `${name}: ${why}`),
    );
  });
});

describe('verify.json', () => {
  it('is checked alike by MastraJwtAuth at the time of each vector', async () => {
    const codeOf = new Map(vectors.codes.codes.map((row) => [row.code, row]));
    try {
      for (const vector of vectors.verify.vectors) {
        const { name, token, now, code, claims } = vector;
        // The clock gives whole seconds after 1970.
        if (token === undefined || !(Number.isInteger(now) && now > 0 && now < 8e12)) continue;
        mock.timers.enable({ apis: ['Date'], now: now * 1000 });
        const auth = new MastraJwtAuth(optionsOf(vector));
        if (code === 0) {
          checkSame(await auth.authenticateToken(token), JSON.parse(claims));
        } else {
          const error = await errorOf(() => auth.authenticateToken(token));
          assert.equal(error.code, `MJWT_${codeOf.get(code).name}`, name);
        }
        mock.timers.reset();
      }
    } finally {
      mock.timers.reset();
    }
  });
});

describe('codes.json', () => {
  it('is the table of the backend', () => {
    const ours = vectors.codes.codes.filter(({ only }) => only === undefined || only.includes('node'));
    assert.deepEqual(
      ours.map(({ code, name }) => [code, name]),
      backend.codes().map(({ code, name }) => [code, name]),
    );
  });
});
