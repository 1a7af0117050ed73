/**
 * Loads the native addon and gives it a type. Internal: nothing of this file is exported by the package.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** One row of the native table of failures. */
export interface FailureCode {
  readonly code: number;
  readonly name: string;
  readonly message: string;
}

/**
 * Why a token was refused: a code; with a detail where one is needed: seconds since 1970 for `EXPIRED`,
 * `NOT_YET_VALID` and `TOO_OLD`, the claim's name for `MISSING_CLAIM` and `CLAIM_MALFORMED`.
 */
export type Failure = number | readonly [code: number, detail: number | string];

/** Verifies; carries its keys as native data. Returns the payload as JSON text, or why not. `now` in seconds. */
export type NativeVerify = (token: unknown, now: number) => string | Failure;

/** Signs claims given as JSON text; carries its key as native data. Returns the token, or a code. */
export type NativeSign = (claims: string, kid?: string) => string | number;

/** A shared secret as the addon takes it. */
export interface NativeKey {
  readonly secret: Uint8Array;
  readonly kid?: string;
}

/** What a verifier must hold a token to; times in seconds. */
export interface NativePolicy {
  readonly algorithms?: readonly string[];
  readonly issuer?: readonly string[];
  readonly audience?: readonly string[];
  readonly subject?: string;
  readonly jwtId?: string;
  readonly type?: string;
  readonly leeway?: number;
  readonly maxAge?: number;
  readonly requiredClaims?: readonly string[];
  readonly checkIat?: boolean;
}

/** What the addon exports. */
export interface NativeBinding {
  codes(): FailureCode[];
  version(): string;
  createVerifier(
    config: NativePolicy & { keys: readonly NativeKey[]; jwks?: string; allowShortKeys?: boolean },
  ): { verify: NativeVerify; hasShortKey: boolean };
  createSigner(config: { key?: NativeKey; jwks?: string; algorithm?: string; allowShortKeys?: boolean }): {
    sign: NativeSign;
    hasShortKey: boolean;
  };
  decode(token: string): { header: string; payload: string; signature: string } | null;
}

/** Written out, not computed, so that bundlers and file tracers see which packages may be needed. */
const PLATFORM_PACKAGES: Readonly<Record<string, () => NativeBinding>> = {
  'linux-x64-gnu': () => require('mastra-jwt-linux-x64-gnu'),
  'linux-x64-musl': () => require('mastra-jwt-linux-x64-musl'),
  'linux-arm64-gnu': () => require('mastra-jwt-linux-arm64-gnu'),
  'linux-arm64-musl': () => require('mastra-jwt-linux-arm64-musl'),
  'darwin-x64': () => require('mastra-jwt-darwin-x64'),
  'darwin-arm64': () => require('mastra-jwt-darwin-arm64'),
  'win32-x64-msvc': () => require('mastra-jwt-win32-x64-msvc'),
};

/** The platform packages that fit; on Linux both, since the installer has brought only the one for this libc. */
function candidates(platform: string, arch: string): string[] {
  switch (platform) {
    case 'linux':
      return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
    case 'win32':
      return [`win32-${arch}-msvc`];
    default:
      return [`${platform}-${arch}`];
  }
}

/** The C library of this process, for the error message only: asking costs milliseconds. */
function libc(): string {
  if (process.platform !== 'linux') return 'of the system';
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime;
  return glibc === undefined ? 'musl' : `glibc ${glibc}`;
}

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';

/**
 * Loads the addon for a platform: a build beside `package.json` (development), else the platform package.
 *
 * @throws Error with code `MJWT_NATIVE_MISSING`, naming the platform, the libc and the remedy.
 */
export function load(platform: string = process.platform, arch: string = process.arch): NativeBinding {
  const { version } = require('../package.json') as { version: string };
  const names = candidates(platform, arch);
  const known = names.filter((name) => name in PLATFORM_PACKAGES);
  const causes: unknown[] = [];
  for (const name of known) {
    const local = join(__dirname, '..', `mastra-jwt.${name}.node`);
    try {
      const binding: NativeBinding = existsSync(local) ? require(local) : PLATFORM_PACKAGES[name]?.();
      // The two packages speak a private interface: only the same version fits.
      if (binding.version() === version) return binding;
      causes.push(new Error(`mastra-jwt-${name} is version ${binding.version()}`));
    } catch (error) {
      if (!isNotFound(error)) causes.push(error);
    }
  }
  const where = `${platform}-${arch} (libc: ${libc()}, Node ${process.version})`;
  const reasons = causes
    .map((cause) => ` ${cause instanceof Error ? cause.message : String(cause)}.`)
    .join('');
  const remedy =
    known.length === 0
      ? `Prebuilt are: ${Object.keys(PLATFORM_PACKAGES).join(', ')}. Elsewhere, build it from source.`
      : `It comes with ${known.map((name) => `mastra-jwt-${name}@${version}`).join(' or ')}, an optional dependency. ` +
        `Install again on this machine, without --omit=optional or --no-optional; a lock file or node_modules made on ` +
        `another platform may lack it: delete both first, or add that package by name.`;
  const error = new Error(`mastra-jwt has no native binary for ${where}.${reasons} ${remedy}`, {
    cause: causes[0],
  });
  throw Object.assign(error, { code: 'MJWT_NATIVE_MISSING' });
}

/** The addon of this process. */
export const native: NativeBinding = load();
