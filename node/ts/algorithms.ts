/**
 * The algorithms of a shared secret (RFC 7518 section 3.2), with the bytes of the shortest secret
 * for each.
 */
export const SHORTEST_SECRET = { HS256: 32, HS384: 48, HS512: 64 } as const;

/** An algorithm of a shared secret (RFC 7518 section 3.2). */
export type Algorithm = keyof typeof SHORTEST_SECRET;

export const ALGORITHMS = Object.keys(SHORTEST_SECRET) as readonly Algorithm[];

/**
 * The default: those that the reference accepts with a secret. It stays where the core learns
 * another.
 */
export const DEFAULT_ALGORITHMS: readonly Algorithm[] = ['HS256', 'HS384', 'HS512'];
