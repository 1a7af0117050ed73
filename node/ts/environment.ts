/**
 * What the process offers, where there is one: Workers and browsers have no `process`, Deno asks
 * for permissions.
 */

/** An environment variable; undefined where it is not set or may not be read. */
export function environmentVariable(name: string): string | undefined {
  try {
    const { env } = globalThis.process;
    // Own: `process.env` inherits from Object.prototype, where anything may have been put.
    return Object.hasOwn(env, name) ? env[name] : undefined;
  } catch {
    return undefined;
  }
}

const warned = new Set<string>();

/**
 * Warns once in a process, with a code by which the warning can be filtered:
 * `node --disable-warning=CODE`.
 */
export function warnOnce(code: string, message: string, type = 'Warning'): void {
  if (warned.has(code)) return;
  warned.add(code);
  try {
    globalThis.process.emitWarning(message, { type, code });
  } catch {
    // There is none, or it refuses to work: that of the edge runtime of Next.js throws.
    console.warn(`[${code}] ${type}: ${message}`);
  }
}
