// Rotation in two phases, over 50 servers and 5 issuers whose clocks are wrong by up to 5 seconds,
// while tokens are in flight. Three rotations in a row: half an hour of virtual time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, PLANS, simulate } from './fleet.mjs';

const SEEDS = [1, 2];
const UNKNOWN = { true: 'MJWT_UNKNOWN_KID', false: 'MJWT_SIGNATURE' };

for (const kid of [true, false]) {
  const keys = kid ? 'keys with a kid' : 'keys without a kid';

  for (const seed of SEEDS) {
    test(`two phases refuse no valid token, and accept no retired key: ${keys}, seed ${seed}`, async () => {
      const { valid, expired, stolen, retired } = await simulate(PLANS.twoPhases, seed, { kid });
      assert.deepEqual({ refused: valid.refused, codes: valid.codes }, { refused: 0, codes: {} });
      assert.ok(valid.accepted > 50_000, `${valid.accepted} valid tokens`);
      assert.equal(expired.accepted, 0);
      assert.ok(expired.codes.MJWT_EXPIRED > 500, `${expired.codes.MJWT_EXPIRED} expired tokens`);
      // The thief gets in until the key is retired, so it is the retirement that shuts him out.
      assert.ok(stolen.accepted > 50_000, `${stolen.accepted} stolen tokens`);
      assert.equal(retired.accepted, 0);
      assert.deepEqual(retired.codes, {
        [UNKNOWN[kid]]: DEFAULTS.rotations * DEFAULTS.servers * DEFAULTS.rollout,
      });
    });
  }

  test(`the phases in the other order refuse valid tokens: ${keys}`, async () => {
    for (const seed of SEEDS) {
      const { valid } = await simulate(PLANS.swapped, seed, { kid });
      assert.ok(valid.refused > 100, `${valid.refused} valid tokens refused`);
      assert.deepEqual(valid.codes, { [UNKNOWN[kid]]: valid.refused });
    }
  });

  test(`so does an old key that goes before its last token has expired: ${keys}`, async () => {
    const { valid } = await simulate(PLANS.impatient, 1, { kid });
    assert.ok(valid.refused > 100, `${valid.refused} valid tokens refused`);
    assert.deepEqual(valid.codes, { [UNKNOWN[kid]]: valid.refused });
  });

  test(`an old key that does not go is accepted for ever: ${keys}`, async () => {
    const { retired } = await simulate(PLANS.forgetful, 1, { kid, rotations: 1 });
    assert.deepEqual(retired, { accepted: DEFAULTS.servers * DEFAULTS.rollout, refused: 0, codes: {} });
  });
}

test('a tolerance below the distance of the clocks refuses valid tokens at both ends of their lives', async () => {
  const { valid } = await simulate(PLANS.twoPhases, 1, { tolerance: 0 });
  assert.ok(
    valid.codes.MJWT_EXPIRED > 50 && valid.codes.MJWT_NOT_YET_VALID > 50,
    JSON.stringify(valid.codes),
  );
  assert.deepEqual(Object.keys(valid.codes).sort(), ['MJWT_EXPIRED', 'MJWT_NOT_YET_VALID']);
});

test('the same seed gives the same run, another seed another', async () => {
  const runs = [];
  for (const seed of [7, 7, 8]) runs.push(await simulate(PLANS.swapped, seed, { rotations: 1, servers: 10 }));
  assert.deepEqual(runs[0], runs[1]);
  assert.notDeepEqual(runs[0], runs[2]);
});
