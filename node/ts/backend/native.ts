/**
 * The backend that is a native addon, and how it is found. Nothing here is visible to a bundler: it
 * would want to put the binary into its output, or fail. `mastra-jwt/native` is the way for those
 * who want that.
 */
import { environmentVariable } from '../environment.js';
import { VERSION } from '../version.js';
import type { Backend, BackendSign, BackendVerify, Failure } from './backend.js';
import { PLATFORMS, type Platform } from './platforms.js';

/**
 * What a call of the addon returns: text, or the code of a failure, negative where `detail` tells
 * more.
 */
type Answer = string | number;

/** What the addon exports: the interface of a backend, with numbers for verifiers and signers. */
export interface Addon extends Pick<Backend, 'version' | 'codes' | 'decode'> {
  verifyOnce(...given: Parameters<Backend['verifyOnce']>): readonly [answer: Answer, hasShortKey: boolean];
  detail(): number | string;
  createVerifier(
    ...given: Parameters<Backend['createVerifier']>
  ): readonly [handle: number, hasShortKey: boolean];
  verify(handle: number, token: unknown, now: number): Answer;
  freeVerifier(handle: number): void;
  createSigner(
    ...given: Parameters<Backend['createSigner']>
  ): readonly [handle: number, hasShortKey: boolean];
  sign(handle: number, claims: string, kid?: string): Answer;
  freeSigner(handle: number): void;
}

/** Why the addon cannot be had here. */
export class NativeMissing extends Error {
  readonly code = 'MJWT_NATIVE_MISSING';

  constructor(
    message: string,
    /**
     * Whether it was to be expected: this platform has a package, and this code was not bundled.
     */
    readonly isExpected: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Addons that were handed over by `mastra-jwt/native`. */
const offered = new Map<Platform, Addon>();

/** Hands over an addon that a bundler was made to see. */
export function offer(platform: Platform, addon: Addon): void {
  offered.set(platform, addon);
}

/** The platforms that fit this process, in the order in which they are tried. */
export function candidates(platform: string, arch: string): Platform[] {
  // A binary for glibc loads under musl and fails later, so musl's comes first. Installers bring
  // the one that fits.
  const names =
    platform === 'linux' ? ['musl', 'gnu'].map((libc) => `linux-${arch}-${libc}`) : [`${platform}-${arch}`];
  return names.filter((name): name is Platform => (PLATFORMS as readonly string[]).includes(name));
}

/**
 * A `require` that no bundler sees; from this file where it has a name, else from the script that
 * was started. Never from the working directory: who chooses that must not choose what is loaded.
 */
function hiddenRequire(): NodeJS.Require | undefined {
  const from = typeof __filename === 'string' ? __filename : process.argv[1];
  const node = process.getBuiltinModule?.('node:module');
  return from === undefined ? undefined : node?.createRequire(from);
}

/** Whether this file was copied away from its package, into the output of a bundler. */
function isBundled(require: NodeJS.Require): boolean {
  try {
    return (require('../../package.json') as { name?: string }).name !== 'mastra-jwt';
  } catch {
    return true;
  }
}

/** The C library of this process, for messages only: asking costs milliseconds. */
export function libc(): string {
  if (process.platform !== 'linux') return 'of the system';
  let report: { header?: { glibcVersionRuntime?: string } } | undefined;
  try {
    report = process.report?.getReport() as typeof report;
  } catch {
    // Deno asks for a permission.
  }
  if (report === undefined) return 'unknown';
  const glibc = report.header?.glibcVersionRuntime;
  return glibc === undefined ? 'musl' : `glibc ${glibc}`;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

/** What to do about the first cause that is known. */
function remedyFor(causes: readonly unknown[], packages: readonly string[]): string {
  const text = causes.map(String).join('\n');
  const has = (code: string): boolean => causes.some((cause) => codeOf(cause) === code);
  if (packages.length === 0) {
    return `Prebuilt are: ${PLATFORMS.join(', ')}. Elsewhere, use WebAssembly, or build the addon from source.`;
  }
  if (
    process.execArgv.includes('--no-addons') ||
    /(^|\s)--no-addons(\s|$)/.test(environmentVariable('NODE_OPTIONS') ?? '')
  ) {
    return 'Node runs with --no-addons: leave this option out, also in NODE_OPTIONS.';
  }
  if (has('ERR_DLOPEN_DISABLED') || has('ERR_ACCESS_DENIED')) {
    return 'Node runs with --permission: add --allow-addons, and --allow-fs-read for node_modules.';
  }
  if (causes.some((cause) => cause instanceof Error && cause.name === 'NotCapable')) {
    return 'Deno runs without the permission: add --allow-ffi, and --allow-read for node_modules.';
  }
  const [, needed] = /version [`']GLIBC_([\d.]+)' not found/.exec(text) ?? [];
  if (needed !== undefined) {
    return `The binary needs glibc ${needed} or newer: use a newer system, or WebAssembly.`;
  }
  if (/ is version /.test(text)) {
    return 'The package and its binary must be of one version: install both again.';
  }
  if (has('ERR_DLOPEN_FAILED')) {
    return 'The binary is there and does not load: install again on this machine, or use WebAssembly.';
  }
  return (
    `It comes with ${packages.map((name) => `${name}@${VERSION}`).join(' or ')}, an optional dependency. ` +
    `Install again on this machine, without --omit=optional or --no-optional; a lock file or node_modules made on ` +
    `another platform may lack it: delete both first, or add that package by name.`
  );
}

/**
 * Loads the addon for a platform: one that was offered, else a build beside `package.json`
 * (development), else that of the platform's package.
 *
 * @throws NativeMissing with the platform, the cause and what to do about it
 */
export function loadNative(platform: string = process.platform, arch: string = process.arch): Backend {
  const names = candidates(platform, arch);
  const require = hiddenRequire();
  const causes: unknown[] = [];
  const attempt = (name: Platform, load: () => unknown): Backend | undefined => {
    try {
      const addon = load() as Addon | undefined;
      if (addon === undefined) return undefined;
      // The package and its binary speak a private interface: only the same version fits.
      const version = addon.version();
      if (version === VERSION) return backendOf(addon);
      causes.push(new Error(`@mastra-jwt/${name} is version ${version}, not ${VERSION}`));
    } catch (error) {
      if (codeOf(error) !== 'MODULE_NOT_FOUND') causes.push(error);
    }
    return undefined;
  };
  for (const name of names) {
    const backend =
      attempt(name, () => offered.get(name)) ??
      (require &&
        ((isBundled(require) ? undefined : attempt(name, () => require(`../../mastra-jwt.${name}.node`))) ??
          attempt(name, () => require(`@mastra-jwt/${name}`))));
    if (backend) return backend;
  }
  const where = `${platform}-${arch} (libc: ${libc()}, Node ${process.version})`;
  const reasons = causes
    .map((cause) => ` ${cause instanceof Error ? cause.message : String(cause)}.`)
    .join('');
  const packages = names.map((name) => `@mastra-jwt/${name}`);
  throw new NativeMissing(
    `mastra-jwt has no native binary for ${where}.${reasons} ${remedyFor(causes, packages)}`,
    names.length > 0 && require !== undefined && !isBundled(require),
    { cause: causes[0] },
  );
}

/**
 * A verifier or signer of the addon, which is freed once: on request, or when the function that
 * uses it is gone.
 */
interface Held {
  handle: number;
}

/** No verifier or signer has this number: a call with it is refused. */
const FREED = 0xffff_ffff;

function backendOf(addon: Addon): Backend {
  const { verify: callVerify, sign: callSign } = addon;
  const freeVerifier = (held: Held): void => free(held, addon.freeVerifier);
  const freeSigner = (held: Held): void => free(held, addon.freeSigner);
  const [verifiers, signers] = [new FinalizationRegistry(freeVerifier), new FinalizationRegistry(freeSigner)];

  const resultOf = (answer: Answer): string | Failure =>
    typeof answer === 'string' || answer > 0 ? answer : [-answer, addon.detail()];

  // Apart from what builds them, so that the functions that are returned do not hold on to the
  // secrets.
  const verifierOf = (held: Held): BackendVerify => {
    const verify: BackendVerify = (token, now) => resultOf(callVerify(held.handle, token, now));
    verifiers.register(verify, held);
    return verify;
  };
  const signerOf = (held: Held): BackendSign => {
    const sign: BackendSign = (claims, kid) => resultOf(callSign(held.handle, claims, kid));
    signers.register(sign, held);
    return sign;
  };
  return {
    kind: 'native',
    version: () => addon.version(),
    codes: () => addon.codes(),
    createVerifier: (...given) => {
      const [handle, hasShortKey] = addon.createVerifier(...given);
      const held = { handle };
      return { verify: verifierOf(held), hasShortKey, free: () => freeVerifier(held) };
    },
    verifyOnce: (...given) => {
      const [answer, hasShortKey] = addon.verifyOnce(...given);
      return [resultOf(answer), hasShortKey];
    },
    createSigner: (...given) => {
      const [handle, hasShortKey] = addon.createSigner(...given);
      const held = { handle };
      return { sign: signerOf(held), hasShortKey, free: () => freeSigner(held) };
    },
    decode: (token) => addon.decode(token),
  };
}

function free(held: Held, release: (handle: number) => void): void {
  release(held.handle);
  held.handle = FREED;
}
