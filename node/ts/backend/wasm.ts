/**
 * The backend that is the core compiled to WebAssembly: for everywhere an addon cannot be loaded.
 * Synchronous, without a dependency, and without an import but the compiled module.
 * `wasm/src/instance.rs` says what each export does. The same module translated to JavaScript is
 * used in the same way: see `js.ts`.
 */
import type { Backend, BackendSign, BackendVerify, Failure, FailureCode } from './backend.js';

/** What the module exports. A negative answer is minus a code; else it is a length or a handle. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  reserve(length: number): number;
  room(): number;
  codes(): number;
  version(): number;
  error_text(): number;
  error_time(): number;
  error_claim(): number;
  discard(): void;
  verifier_secret(length: number, kidLength: number): number;
  verifier_jwks(length: number): number;
  verifier_policy(length: number): number;
  verifier_build(): number;
  verifier_has_short_key(handle: number): number;
  verifier_limit(handle: number): number;
  verifier_free(handle: number): void;
  signer_secret(length: number): number;
  signer_jwks(length: number): number;
  signer_kid(length: number): number;
  signer_algorithm(length: number): number;
  signer_limit(bytes: number): number;
  signer_build(allowShortKeys: number): number;
  signer_has_short_key(handle: number): number;
  signer_free(handle: number): void;
  verify(handle: number, length: number, now: number): number;
  sign(handle: number, length: number, kidLength: number): number;
  decode(length: number): number;
  part(which: number): number;
}

/**
 * The codes that this file gives itself. `PANIC` is not among the core's: there, a trap stops the
 * instance.
 */
const PANIC: FailureCode = {
  code: 5,
  name: 'PANIC',
  message: 'internal error: a defect of this library was caught',
};
const CLAIMS_NOT_OBJECT = 40;
const TOKEN_FORMAT = 102;
const MISSING_CLAIM = 209;
const CLAIM_MALFORMED = 210;

/** The core's default for the length of the longest token. */
const DEFAULT_MAX_TOKEN_BYTES = 16_384;
/**
 * Bytes by which something cut short is still seen to be over a limit: a character takes 4 at most.
 */
const OVER = 8;
/** UTF-8 takes at most this many bytes for each unit of a JavaScript string. */
const BYTES_A_UNIT = 3;

/**
 * Writes and reads text in memory. Node's own functions for it are twice as fast as those of the
 * standard.
 */
interface Text {
  /** Writes whole characters, as many as fit; the number of bytes. */
  write(text: string, at: number, room: number): number;
  read(at: number, length: number): string;
}

type NodeBuffer = Uint8Array & {
  utf8Write(text: string, at: number, length: number): number;
  utf8Slice(from: number, to: number): string;
};

function textIn(memory: ArrayBuffer): Text {
  const { Buffer } = globalThis as {
    Buffer?: { from(memory: ArrayBuffer): Uint8Array; prototype: Partial<NodeBuffer> };
  };
  if (Buffer?.prototype.utf8Write !== undefined && Buffer.prototype.utf8Slice !== undefined) {
    const bytes = Buffer.from(memory) as NodeBuffer;
    return {
      write: (text, at, room) => bytes.utf8Write(text, at, room),
      read: (at, length) => bytes.utf8Slice(at, at + length),
    };
  }
  const bytes = new Uint8Array(memory);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    write: (text, at, room) => encoder.encodeInto(text, bytes.subarray(at, at + room)).written,
    read: (at, length) => decoder.decode(bytes.subarray(at, at + length)),
  };
}

/** An instance of the module. After a trap nothing more is asked of it. */
class Instance {
  readonly exports: Exports;
  isBroken = false;
  /** Bytes of the input, and of the output. */
  room = 0;
  #at = 0;
  #memory: ArrayBuffer | undefined;
  #text: Text | undefined;
  #bytes = new Uint8Array(0);

  constructor(exports: Exports) {
    this.exports = exports;
  }

  /**
   * Where the input starts, with room for at least so many bytes; the output is behind it, with as
   * much.
   */
  reserve(length: number): number {
    if (length > this.room || this.room === 0) {
      this.#at = this.exports.reserve(length);
      this.room = this.exports.room();
    }
    return this.#at;
  }

  /** Memory that has grown leaves all views of it empty: they are made anew. */
  #views(): Text {
    const { buffer } = this.exports.memory;
    if (this.#text === undefined || this.#memory !== buffer) {
      this.#memory = buffer;
      this.#bytes = new Uint8Array(buffer);
      this.#text = textIn(buffer);
    }
    return this.#text;
  }

  write(text: string, at: number, room: number): number {
    return this.#views().write(text, at, room);
  }

  read(at: number, length: number): string {
    return this.#views().read(at, length);
  }

  /** Writes a secret; the number of its bytes. */
  writeSecret(secret: string | Uint8Array, at: number, room: number): number {
    if (typeof secret === 'string') return this.write(secret, at, room);
    this.#views();
    this.#bytes.set(secret, at);
    return secret.length;
  }

  /** Text at the output, where the last call has put so many bytes of it. */
  output(length: number): string {
    // It may have moved to make room for the text.
    this.room = 0;
    return this.read(this.reserve(0) + this.room, length);
  }
}

function panic(): never {
  throw Object.assign(new Error(PANIC.message), { code: `MJWT_${PANIC.name}` });
}

/** Bytes that text takes at most. */
const bytesOf = (text: string | Uint8Array): number =>
  typeof text === 'string' ? text.length * BYTES_A_UNIT : text.length;

/** Where the registry is not there (Workers of before 2025), keys are freed with their instance. */
const Registry = (globalThis as { FinalizationRegistry?: typeof FinalizationRegistry }).FinalizationRegistry;

/** Makes a backend of a compiled module. Instances are made when they are needed. */
export function openWasm(module: WebAssembly.Module, expectedVersion: string): Backend {
  return open(
    'wasm',
    () => new WebAssembly.Instance(module, {}).exports as unknown as Exports,
    (error) => error instanceof WebAssembly.RuntimeError,
    expectedVersion,
  );
}

/**
 * Makes a backend of what a module exports.
 *
 * @param instantiate - makes a new instance
 * @param isTrap - whether an error that a call threw has left the instance in a state that can no
 *   longer be trusted
 */
export function open(
  kind: 'wasm' | 'js',
  instantiate: () => Exports,
  isTrap: (error: unknown) => boolean,
  expectedVersion: string,
): Backend {
  let current: Instance | undefined;

  /** An instance that no trap has stopped. */
  const instance = (): Instance => {
    if (current === undefined || current.isBroken) current = new Instance(instantiate());
    return current;
  };

  /** Runs a call. A trap stops the instance for good: its state can no longer be trusted. */
  const guarded = <T>(it: Instance, call: () => T, otherwise: () => T): T => {
    if (it.isBroken) return otherwise();
    try {
      return call();
    } catch (error) {
      if (!isTrap(error)) throw error;
      it.isBroken = true;
      return otherwise();
    }
  };

  const freeing = Registry && new Registry<() => void>((free) => free());

  /** What frees a handle, once; also when `holder` is collected. */
  const freer = (it: Instance, holder: object, free: () => void): (() => void) => {
    let isFree = false;
    const once = (): void => {
      if (isFree) return;
      isFree = true;
      guarded(it, free, () => {});
    };
    freeing?.register(holder, once, holder);
    return () => {
      freeing?.unregister(holder);
      once();
    };
  };

  /** Why a token was refused: the code, with what JavaScript's error says besides. */
  const failure = (it: Instance, answer: number): Failure => {
    const code = -answer;
    const time = it.exports.error_time();
    if (!Number.isNaN(time)) return [code, time];
    if (code !== MISSING_CLAIM && code !== CLAIM_MALFORMED) return code;
    return [code, it.output(it.exports.error_claim())];
  };

  /** A length or handle; an error with the core's words where it is none. */
  const built = (it: Instance, answer: number): number => {
    if (answer >= 0) return answer;
    const message = it.output(it.exports.error_text());
    it.exports.discard();
    const name = codes().find((row) => row.code === -answer)?.name ?? PANIC.name;
    throw Object.assign(new Error(message), { code: `MJWT_${name}` });
  };

  /** Writes the pieces one behind the other; the number of bytes. */
  const join = (it: Instance, pieces: readonly string[]): number => {
    const room = pieces.reduce((sum, piece) => sum + bytesOf(piece), 0);
    const start = it.reserve(room);
    let length = 0;
    for (const piece of pieces) length += it.write(piece, start + length, room - length);
    return length;
  };

  let table: readonly FailureCode[] | undefined;
  const codes = (): readonly FailureCode[] => {
    if (table !== undefined) return table;
    const it = instance();
    const rows = it
      .output(it.exports.codes())
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [code, name = '', message = ''] = line.split('\t');
        return { code: Number(code), name, message };
      });
    table = [...rows, PANIC].sort((one, other) => one.code - other.code);
    return table;
  };

  const version = (): string => {
    const it = instance();
    return it.output(it.exports.version());
  };
  if (version() !== expectedVersion) {
    throw new Error(`mastra-jwt ${expectedVersion} has a WebAssembly module of version ${version()}`);
  }

  const buildVerifier = (
    it: Instance,
    ...[secrets, kids, jwks, policies]: Parameters<Backend['createVerifier']>
  ): number => {
    const { exports } = it;
    for (const [index, secret] of secrets.entries()) {
      const kid = kids[index];
      const room = bytesOf(secret) + bytesOf(kid ?? '');
      const at = it.reserve(room);
      const length = it.writeSecret(secret, at, room);
      const kidLength = kid === undefined ? -1 : it.write(kid, at + length, room - length);
      built(it, exports.verifier_secret(length, kidLength));
    }
    if (jwks.length > 0) built(it, exports.verifier_jwks(join(it, jwks)));
    for (const policy of policies) built(it, exports.verifier_policy(join(it, [policy])));
    return built(it, exports.verifier_build());
  };

  /**
   * Apart from what builds it, so that the functions that are returned do not hold on to the
   * secrets.
   */
  const verifierOf = (it: Instance, handle: number): ReturnType<Backend['createVerifier']> => {
    const { exports } = it;
    const longest = exports.verifier_limit(handle) + OVER;
    const verify: BackendVerify = (token, now) => {
      if (typeof token !== 'string') return TOKEN_FORMAT;
      return guarded<string | Failure>(
        it,
        () => {
          const at = it.reserve(Math.min(token.length * BYTES_A_UNIT, longest));
          const answer = exports.verify(handle, it.write(token, at, Math.min(it.room, longest)), now);
          return answer < 0 ? failure(it, answer) : it.read(at + it.room, answer);
        },
        () => PANIC.code,
      );
    };
    const free = freer(it, verify, () => exports.verifier_free(handle));
    return { verify, hasShortKey: exports.verifier_has_short_key(handle) !== 0, free };
  };

  const buildSigner = (
    it: Instance,
    ...[secret, kid, jwks, algorithm, allowShortKeys, maxTokenBytes]: Parameters<Backend['createSigner']>
  ): number => {
    const { exports } = it;
    if (secret !== undefined) {
      const room = bytesOf(secret);
      built(it, exports.signer_secret(it.writeSecret(secret, it.reserve(room), room)));
    }
    if (kid !== undefined) built(it, exports.signer_kid(join(it, [kid])));
    if (jwks.length > 0) built(it, exports.signer_jwks(join(it, jwks)));
    if (algorithm !== undefined) built(it, exports.signer_algorithm(join(it, [algorithm])));
    if (maxTokenBytes !== undefined) built(it, exports.signer_limit(maxTokenBytes));
    return built(it, exports.signer_build(allowShortKeys ? 1 : 0));
  };

  const signerOf = (it: Instance, handle: number, limit: number): ReturnType<Backend['createSigner']> => {
    const { exports } = it;
    // Claims this long are too long for any token, in base64url more than here.
    const longest = limit + OVER;
    const sign: BackendSign = (claims, renamed) => {
      if (typeof claims !== 'string') return CLAIMS_NOT_OBJECT;
      return guarded<string | Failure>(
        it,
        () => {
          const claimsRoom = Math.min(bytesOf(claims), longest);
          const kidRoom = bytesOf(renamed ?? '');
          // The token: claims and kid in base64url, the rest of a header, a signature. A kid may
          // need escapes.
          const at = it.reserve(claimsRoom * 2 + kidRoom * 8 + 256);
          const length = it.write(claims, at, claimsRoom);
          const kidLength = renamed === undefined ? -1 : it.write(renamed, at + it.room, kidRoom);
          const answer = exports.sign(handle, length, kidLength);
          return answer < 0 ? failure(it, answer) : it.read(at + it.room, answer);
        },
        () => PANIC.code,
      );
    };
    const free = freer(it, sign, () => exports.signer_free(handle));
    return { sign, hasShortKey: exports.signer_has_short_key(handle) !== 0, free };
  };

  const createVerifier: Backend['createVerifier'] = (...given) => {
    const it = instance();
    return verifierOf(
      it,
      guarded(it, () => buildVerifier(it, ...given), panic),
    );
  };

  const verifyOnce: Backend['verifyOnce'] = (secret, policies, token, now) => {
    const { verify, hasShortKey, free } = createVerifier([secret], [undefined], [], policies);
    try {
      return [verify(token, now), hasShortKey];
    } finally {
      free();
    }
  };

  const createSigner: Backend['createSigner'] = (...given) => {
    const it = instance();
    const [, , , , , maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES] = given;
    return signerOf(
      it,
      guarded(it, () => buildSigner(it, ...given), panic),
      maxTokenBytes,
    );
  };

  const decode: Backend['decode'] = (token) => {
    const it = instance();
    return guarded(
      it,
      () => {
        const at = it.reserve(bytesOf(token));
        if (it.exports.decode(it.write(token, at, it.room)) < 0) return null;
        const [header, payload] = [it.exports.part(0), it.exports.part(1)];
        const start = at + it.room;
        const end = token.lastIndexOf('.') + 1;
        return {
          header: it.read(start, header),
          payload: it.read(start + header, payload),
          signature: token.slice(end),
        };
      },
      () => null,
    );
  };

  return { kind, version, codes, createVerifier, verifyOnce, createSigner, decode };
}
