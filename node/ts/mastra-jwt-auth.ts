import { refusal, revocation, withCode, type Expectations } from './errors.js';
import { consoleLogger, type Logger, type ParentLogger } from './logger.js';
import type { NativeSign, NativeVerify } from './native.js';
import {
  checkOptions,
  expectationsOf,
  KEY_RULES,
  openSigner,
  openVerifier,
  POLICY_RULES,
  withKeys,
  type Algorithm,
  type Rule,
} from './options.js';
import { signWith, type JwtPayload, type Signer, type SignOptions, type VerifierOptions } from './tokens.js';

/** A user as Mastra Studio shows it. */
export interface User {
  id: string;
  email?: string | undefined;
  name?: string | undefined;
  avatarUrl?: string | undefined;
}

/** The request as Mastra's server hands it to a provider: Hono's, with the standard one in `raw`. */
export interface HonoRequestLike {
  raw?: Request;
  headers?: Headers;
  header(name: string): string | undefined;
}

/** What a provider gets as the request. */
export type MastraAuthRequest = Request | HonoRequestLike;

/** HTTP methods in a path rule. */
export type Methods = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'ALL';

/** Paths that a provider protects or leaves open, as Mastra reads them. */
export type PathRules = (RegExp | string | [string, Methods | Methods[]])[];

/** A provider as `server.auth` of Mastra takes it. */
export interface IMastraAuthProvider<TUser = unknown> {
  name?: string;
  protected?: PathRules;
  public?: PathRules;
  authenticateToken(token: string, request: MastraAuthRequest): Promise<TUser | null>;
  authorizeUser(user: TUser, request: MastraAuthRequest): Promise<boolean> | boolean;
  mapUserToResourceId?(user: TUser): string | undefined | null;
}

/** The options that every Mastra provider has. */
export interface MastraAuthProviderOptions {
  /** The provider's name. Default: `jwt`. */
  name?: string | undefined;
  /** Decides whether a verified user may go on; called with `this` set to the provider. Default: any user may. */
  authorizeUser?: ((user: JwtPayload, request: MastraAuthRequest) => Promise<boolean> | boolean) | undefined;
  /**
   * The memory resource that belongs to a user: a function, or `'sub'` for the claim of that name.
   * Mastra answers 500 where it yields no non-empty string. Default: none.
   */
  mapUserToResourceId?: ((user: JwtPayload) => string | undefined | null) | 'sub' | undefined;
  /** Paths to protect, besides Mastra's own. */
  protected?: PathRules | undefined;
  /** Paths to leave open. */
  public?: PathRules | undefined;
}

/** The options of {@link MastraJwtAuth}. `secret` falls back to the environment variable `JWT_AUTH_SECRET`. */
export interface MastraJwtAuthOptions<Quiet extends boolean = boolean>
  extends MastraAuthProviderOptions, VerifierOptions {
  /** The user that Mastra Studio shows for a payload. Default: id from `sub` or `id`, email, name, avatar. */
  mapUser?: ((payload: JwtPayload) => User | null | Promise<User | null>) | undefined;
  /**
   * Asked after a token is verified; a truthy answer refuses it with `jwt revoked` (code `MJWT_REVOKED`).
   * Where it throws, so does `authenticateToken`: a look-up that fails lets nobody in.
   */
  isRevoked?: ((payload: JwtPayload) => unknown) | undefined;
  /**
   * An invalid or revoked token makes `authenticateToken` return null instead of throwing, so that the server answers
   * 401 without logging an error. Default: false.
   */
  quiet?: Quiet | undefined;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** An option that the reference has too; there, null is as good as absent. */
const orNull = ([test, mustBe]: Rule): Rule => [(value) => value === null || test(value), mustBe];
const FUNCTION: Rule = [isFunction, 'a function'];
const PATHS: Rule = orNull([Array.isArray, 'an array of paths']);

const PROVIDER_RULES: Readonly<Record<keyof MastraAuthProviderOptions, Rule>> = {
  name: orNull([(value) => typeof value === 'string', 'a string']),
  authorizeUser: orNull(FUNCTION),
  mapUserToResourceId: orNull([(value) => isFunction(value) || value === 'sub', 'a function or "sub"']),
  protected: PATHS,
  public: PATHS,
};

const RULES: Readonly<Record<keyof MastraJwtAuthOptions, Rule>> = {
  ...KEY_RULES,
  secret: orNull(KEY_RULES.secret),
  ...POLICY_RULES,
  ...PROVIDER_RULES,
  mapUser: orNull(FUNCTION),
  isRevoked: FUNCTION,
  quiet: [(value) => typeof value === 'boolean', 'a boolean'],
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function defaultMapUser(payload: JwtPayload): User | null {
  const id = text(payload.sub) || text(payload.id);
  if (!id) return null;
  return {
    id,
    email: text(payload.email),
    name: text(payload.name),
    avatarUrl: text(payload.avatarUrl) || text(payload.avatar_url) || text(payload.picture),
  };
}

/**
 * A signer with the first of the accepted algorithms that the key serves. Where it serves none, or none of the keys may
 * sign, the provider verifies all the same, and `sign` says why it cannot.
 */
function signerFor(
  algorithms: readonly Algorithm[] | undefined,
  open: (algorithm: Algorithm | undefined) => NativeSign,
): Signer {
  let failure: unknown;
  for (const algorithm of algorithms ?? [undefined]) {
    try {
      return signWith(open(algorithm), {});
    } catch (error) {
      failure = error;
    }
  }
  return () => {
    throw failure;
  };
}

/** The preset `mapUserToResourceId: 'sub'`. */
const subjectOf = (user: JwtPayload): string | undefined => text(user.sub);

/**
 * A Mastra auth provider for JSON Web Tokens signed with a shared secret. Takes the place of `MastraJwtAuth` of
 * `@mastra/auth`: it accepts no token that the other refuses, and gives the same claims and the same errors.
 *
 * The secret lives in native memory and cannot be read back from the instance.
 *
 * @example
 * ```ts
 * new Mastra({ server: { auth: new MastraJwtAuth({ secret: process.env.JWT_AUTH_SECRET }) } });
 * ```
 * @typeParam Quiet - the type of the option `quiet`; with `true`, `authenticateToken` may return null
 */
export class MastraJwtAuth<Quiet extends boolean = false> implements IMastraAuthProvider<JwtPayload> {
  /** The component under which Mastra logs. */
  component = 'AUTH' as const;
  /** The provider's name. */
  name: string;
  /** Paths to protect. */
  declare protected?: PathRules;
  /** Paths to leave open. */
  declare public?: PathRules;
  /** Mastra's logger, once `__setLogger` was called. */
  protected logger: Logger = consoleLogger;
  /** The user that Mastra Studio shows for a payload. */
  protected mapUser: (payload: JwtPayload) => User | null | Promise<User | null>;

  #rawConfig: Record<string, unknown> | undefined;
  readonly #verify: NativeVerify;
  readonly #expected: Expectations;
  readonly #sign: Signer;
  readonly #isRevoked: ((payload: JwtPayload) => unknown) | undefined;
  readonly #quiet: boolean;

  /**
   * @throws Error `JWT auth secret is required` where neither `secret`, `JWT_AUTH_SECRET` nor `jwks` is there
   * @throws TypeError naming the option that is unknown or of the wrong type
   */
  constructor(options?: MastraJwtAuthOptions<Quiet>) {
    const given: MastraJwtAuthOptions = options ?? {};
    checkOptions('MastraJwtAuth', given, RULES);
    this.name = given.name ?? 'jwt';
    this.mapUser = given.mapUser ?? defaultMapUser;
    this.#isRevoked = given.isRevoked;
    this.#quiet = given.quiet ?? false;
    this.#expected = expectationsOf(given);

    const secret =
      given.secret ?? (given.jwks === undefined ? (process.env.JWT_AUTH_SECRET ?? '') : undefined);
    if (secret === '' || (Array.isArray(secret) && secret.length === 0)) {
      throw withCode(new Error('JWT auth secret is required'), 'NO_KEYS');
    }
    [this.#verify, this.#sign] = withKeys('MastraJwtAuth', { secret, jwks: given.jwks }, (keys) => [
      openVerifier(keys, given),
      signerFor(given.algorithms, (algorithm) => openSigner(keys, algorithm)),
    ]);
    this.registerOptions(given);
  }

  /** Takes over the options that every Mastra provider has; what is not there stays as it is. */
  protected registerOptions(options?: MastraAuthProviderOptions): void {
    if (options?.authorizeUser) this.authorizeUser = options.authorizeUser.bind(this);
    if (options?.mapUserToResourceId) {
      this.mapUserToResourceId =
        options.mapUserToResourceId === 'sub' ? subjectOf : options.mapUserToResourceId;
    }
    if (options?.protected) this.protected = options.protected;
    if (options?.public) this.public = options.public;
  }

  /** The memory resource that belongs to a user. Not there unless the option was given. */
  mapUserToResourceId?(user: JwtPayload): string | undefined | null;

  /**
   * Verifies a token.
   *
   * @param token - the token alone, without `Bearer `
   * @param _request - for subclasses; not looked at here
   * @returns the payload, a fresh object each time; with `quiet`, null for a token that is invalid or revoked
   * @throws JsonWebTokenError, TokenExpiredError or NotBeforeError, with a stable `code`
   */
  async authenticateToken(
    token: string,
    _request?: unknown,
  ): Promise<Quiet extends false ? JwtPayload : JwtPayload | null>;
  async authenticateToken(token: string): Promise<JwtPayload | null> {
    const result = this.#verify(token, Math.floor(Date.now() / 1000));
    if (typeof result === 'string') {
      const payload = JSON.parse(result) as JwtPayload;
      if (this.#isRevoked === undefined || !(await this.#isRevoked(payload))) return payload;
      if (this.#quiet) return null;
      throw revocation();
    }
    if (this.#quiet) return null;
    throw refusal(token, result, this.#expected);
  }

  /**
   * Whether a verified user may go on: any user, unless the option `authorizeUser` says otherwise.
   *
   * @param _request - for the option and for subclasses; not looked at here
   */
  authorizeUser(user: JwtPayload, _request?: unknown): Promise<boolean> | boolean {
    return Promise.resolve(!!user);
  }

  /**
   * The user of a request's `Authorization: Bearer` header, for Mastra Studio. Any failure is null.
   */
  async getCurrentUser(request: Request): Promise<User | null> {
    try {
      const header = request.headers.get('authorization');
      const token = header?.toLowerCase().startsWith('bearer ')
        ? header.slice('bearer '.length).trim()
        : null;
      if (!token) return null;
      const payload = await this.authenticateToken(token, request);
      if (!payload || !(await this.authorizeUser(payload, request))) return null;
      return await this.mapUser(payload);
    } catch {
      return null;
    }
  }

  /** Always null: a token holds no directory of users. */
  async getUser(_userId: string): Promise<User | null> {
    return null;
  }

  /**
   * Signs claims with the first key, for tests, scripts and services of one's own.
   * `issuer`, `audience` and the rest of what this provider expects are not added by themselves.
   */
  sign(claims: object, options?: SignOptions): string {
    return this.#sign(claims, options);
  }

  /** The stored configuration that this provider came from; undefined when it came from code. */
  toRawConfig(): Record<string, unknown> | undefined {
    return this.#rawConfig;
  }

  /** @internal Called by Mastra. */
  __setRawConfig(rawConfig: Record<string, unknown>): void {
    this.#rawConfig = rawConfig;
  }

  /** Called by Mastra with its logger. */
  __setLogger(logger: Logger | ParentLogger): void {
    this.logger =
      'child' in logger && typeof logger.child === 'function'
        ? logger.child({ component: this.component })
        : logger;
  }
}
