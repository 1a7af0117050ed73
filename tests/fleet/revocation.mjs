// Tokens that are revoked before they expire, kept in Redis. To copy; `redis` is a connected client
// of @redis/client.
import { setTimeout } from 'node:timers/promises';

/** Rejects where an answer takes longer: a server that hangs must not make every request hang. */
async function within(milliseconds, answer) {
  const stop = new AbortController();
  const late = setTimeout(milliseconds, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`Redis has not answered within ${milliseconds} ms`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop.abort();
    late.catch(() => {});
  }
}

/**
 * @param lifetime - seconds that the longest token is valid
 * @param tolerance - the `clockTolerance` of the servers
 */
export function revocations(redis, { lifetime, tolerance = 0, patience = 250 }) {
  return {
    /** For `new MastraJwtAuth({ isRevoked, requiredClaims: ['exp', 'iat', 'jti', 'sub'] })`. */
    async isRevoked({ jti, sub, iat }) {
      const [token, before] = await within(patience, redis.mGet([`revoked:${jti}`, `revoked-before:${sub}`]));
      return token !== null || (before !== null && iat <= Number(before));
    },

    /** Revokes one token, for as long as it would be accepted. */
    revoke: ({ jti, exp }) =>
      redis.set(`revoked:${jti}`, '1', { expiration: { type: 'EXAT', value: Math.ceil(exp) + tolerance } }),

    /** Revokes all tokens of a user that were issued up to now: "log out everywhere". */
    revokeAll: (sub) =>
      redis.set(`revoked-before:${sub}`, String(Math.floor(Date.now() / 1000) + tolerance), {
        expiration: { type: 'EX', value: lifetime + 2 * tolerance },
      }),
  };
}
