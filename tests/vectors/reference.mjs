// The keys of a vector, for implementations that know one secret and no key ids.

/** The keys that may have signed a token with this header, in order: `[{ secret, algorithms }]`. */
export function candidates({ keys, jwks, policy: { algorithms = ['HS256'] } }, header) {
  const all = keys.map(({ secret, kid }) => ({ secret, kid }));
  for (const { kty, k, kid, alg, use, key_ops } of jwks === undefined ? [] : JSON.parse(jwks).keys) {
    if (
      kty !== 'oct' ||
      ![undefined, 'HS256', 'HS384', 'HS512'].includes(alg) ||
      ![undefined, 'sig'].includes(use)
    )
      continue;
    if (key_ops === undefined || key_ops.includes('verify')) all.push({ secret: k, kid, alg });
  }
  const named = all.filter((key) => key.kid !== undefined && key.kid === header?.kid);
  const tried =
    named.length > 0
      ? named
      : typeof header?.kid === 'string'
        ? all.filter((key) => key.kid === undefined)
        : all;
  return tried
    .map(({ secret, alg }) => ({
      secret: Buffer.from(secret, 'base64url'),
      algorithms: alg === undefined ? algorithms : algorithms.filter((allowed) => allowed === alg),
    }))
    .filter((key) => key.algorithms.length > 0);
}

/** The token as text: what a JavaScript program has in hand. */
export const tokenOf = ({ token, token_base64url }) =>
  token ?? Buffer.from(token_base64url, 'base64url').toString();

/** The header, if there is one to be read. */
export function headerOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * Whether two parsed JSON values are the same; a loop, for those of node:assert exhaust the stack
 * on what nests deep.
 */
export function same(one, other) {
  const pairs = [[one, other]];
  while (pairs.length > 0) {
    const [a, b] = pairs.pop();
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      if (!Object.is(a, b)) return false;
      continue;
    }
    const names = Object.keys(a);
    if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return false;
    if (!names.every((name) => Object.hasOwn(b, name))) return false;
    for (const name of names) pairs.push([a[name], b[name]]);
  }
  return true;
}
