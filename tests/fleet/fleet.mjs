// A fleet in virtual time: issuers sign tokens, servers verify them, each with a clock of its own
// that is wrong, while keys are rolled out to one machine after another. A thief has each key that
// is to be retired.
//
// Whose token is valid is known from the plan alone: the issuer's, until it expires by the true
// time. The verdict is that of the package as built in node/dist. The same seed gives the same run.
import { existsSync } from 'node:fs';

const built = new URL('../../node/dist/index.mjs', import.meta.url);
if (!existsSync(built)) throw new Error('node/dist is not there: run `make build` first');
const { MastraJwtAuth } = await import(built);

const START = 1_800_000_000;
const realNow = Date.now;

/**
 * Calls with a clock that shows so many seconds. The package reads it before it awaits anything.
 */
function atTime(seconds, call) {
  Date.now = () => Math.floor(seconds * 1000);
  try {
    return call();
  } finally {
    Date.now = realNow;
  }
}

/** Numbers from 0 to 1 that look random (Lehmer's generator, modulus 2^31 - 1). */
function generator(seed) {
  let state = seed;
  for (let at = 0; at < 10; at++) state = (state * 48271) % 2147483647;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export const DEFAULTS = {
  servers: 50,
  issuers: 5,
  rotations: 3,
  /** Seconds that a clock may be wrong, either way. */
  skew: 5,
  /** `clockTolerance` of the servers: as far as two clocks may be apart. */
  tolerance: 10,
  /** Seconds until a token expires. */
  lifetime: 300,
  /** Seconds until a step has reached all machines. */
  rollout: 60,
  /** Seconds between two tokens of an issuer. */
  every: 0.5,
  /** How often a token is used, and seconds on the way. */
  uses: 6,
  latency: 2,
  /** Whether keys and tokens carry a `kid`. */
  kid: true,
};

/**
 * When each step begins, in seconds from the start of a rotation. `learn`: servers accept the new
 * key beside the old one. `sign`: issuers sign with the new key. `forget`: servers accept the new
 * key alone.
 */
export const PLANS = {
  /**
   * First every server learns, then issuers sign; the old key goes when its last token has expired.
   */
  twoPhases: ({ rollout, lifetime, skew }) => ({
    learn: 0,
    sign: rollout,
    forget: 2 * rollout + lifetime + skew,
  }),
  /** The same steps, the first two in the other order. */
  swapped: ({ rollout, lifetime, skew }) => ({
    sign: 0,
    learn: rollout,
    forget: 2 * rollout + lifetime + skew,
  }),
  /** Nobody waits for the tokens of the old key. */
  impatient: ({ rollout }) => ({ learn: 0, sign: rollout, forget: 2 * rollout }),
  /** The old key is never taken away. */
  forgetful: ({ rollout }) => ({ learn: 0, sign: rollout, forget: Infinity }),
};

const tally = () => ({ accepted: 0, refused: 0, codes: {} });

/**
 * Runs a fleet.
 *
 * @returns what became of the tokens: `valid` ones; `expired` ones, for longer than clocks can
 *   explain; `stolen` ones, of the
 * thief, while the old key is in use somewhere; and `retired` ones, of the thief, after that
 */
export async function simulate(plan, seed, options = {}) {
  const settings = { ...DEFAULTS, ...options };
  const { servers, issuers, rotations, skew, tolerance, lifetime, rollout, every, uses, latency } = settings;
  const random = generator(seed);
  const between = (low, high) => low + (high - low) * random();
  const secret = (number) => ({
    ...(settings.kid && { kid: `key-${number}` }),
    secret: Buffer.alloc(32, number),
  });

  const machine = () => ({
    auth: new MastraJwtAuth({
      secret: [secret(1)],
      clockTolerance: tolerance,
      requiredClaims: ['exp', 'nbf'],
    }),
    skew: between(-skew, skew),
  });
  const verifying = Array.from({ length: servers }, machine);
  const signing = Array.from({ length: issuers }, machine);
  const steps = plan(settings);
  const last = Math.max(...Object.values(steps).filter(Number.isFinite));
  const period = last + 2 * rollout; // The last of them is quiet, and the thief goes on trying.
  const end = START + rotations * period;
  const found = { valid: tally(), expired: tally(), stolen: tally(), retired: tally() };

  const events = [];
  const happens = (at, run) => events.push({ at, run });

  for (let rotation = 0; rotation < rotations; rotation++) {
    const start = START + rotation * period;
    const [old, fresh] = [secret(rotation + 1), secret(rotation + 2)];
    const roll = (machines, begin, keys) => {
      for (const { auth } of machines)
        happens(start + begin + between(0, rollout), () => auth.replaceKeys({ secret: keys }));
    };
    roll(verifying, steps.learn, [old, fresh]);
    roll(signing, steps.sign, [fresh]);
    if (Number.isFinite(steps.forget)) roll(verifying, steps.forget, [fresh]);

    // The thief has the old key from the start, and tries it everywhere.
    const thief = new MastraJwtAuth({ secret: old });
    const token = atTime(start, () => thief.sign({ sub: 'thief' }, { expiresIn: '10y', notBefore: 0 }));
    const retired = start + last + rollout;
    for (const server of verifying) {
      for (let at = start + between(0, 1); at < start + period; at += 1) {
        happens(at, () => use(server, token, at, at < retired ? found.stolen : found.retired));
      }
    }
  }

  for (const { auth, skew: wrong } of signing) {
    for (let at = START + between(0, every); at < end; at += every) {
      const expires = Math.floor(at + wrong) + lifetime;
      let token;
      happens(at, () => {
        token = atTime(at + wrong, () => auth.sign({ sub: 'user' }, { expiresIn: lifetime, notBefore: 0 }));
      });
      for (let times = 0; times < uses; times++) {
        const arrives = at + between(0, latency) + between(0, lifetime + 2 * tolerance);
        const server = verifying[Math.floor(random() * servers)];
        if (arrives < expires) happens(arrives, () => use(server, token, arrives, found.valid));
        else if (arrives > expires + tolerance + skew + 1)
          happens(arrives, () => use(server, token, arrives, found.expired));
      }
    }
  }

  async function use({ auth, skew: wrong }, token, at, counts) {
    try {
      await atTime(at + wrong, () => auth.authenticateToken(token));
      counts.accepted++;
    } catch (error) {
      counts.refused++;
      counts.codes[error.code] = (counts.codes[error.code] ?? 0) + 1;
    }
  }

  events.sort((one, other) => one.at - other.at);
  for (const { at, run } of events) {
    if (at < end) await run();
  }
  return found;
}
