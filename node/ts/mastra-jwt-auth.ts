import type { Algorithm } from './algorithms.js';
import { environmentVariable } from './environment.js';
import { refusal, revocation, withCode, type Expectations, type JsonWebTokenError } from './errors.js';
import {
  KEY_RULES,
  keysOf,
  openSigner,
  openVerifier,
  type KeyOptions,
  type Keys,
  type OpenSigner,
  type OpenVerifier,
} from './keys.js';
import { consoleLogger, type Logger, type ParentLogger } from './logger.js';
import {
  BOOLEAN,
  requirementsOf,
  optionOf,
  POLICY_RULES,
  readOptions,
  type Policy,
  type Rule,
} from './options.js';
import { signWith, type Signer, type SignOptions } from './signer.js';
import { clock } from './time.js';
import type { JwtPayload, VerifierOptions } from './verifier.js';

/** A user as Mastra Studio shows it. */
export interface User {
  id: string;
  email?: string | undefined;
  name?: string | undefined;
  avatarUrl?: string | undefined;
}

/**
 * The request as Mastra's server hands it to a provider: Hono's, with the standard one in `raw`.
 */
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
  /**
   * Decides whether a verified user may go on; called with `this` set to the provider. Default: any
   * user may.
   */
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

/**
 * The options of {@link MastraJwtAuth}. `secret` falls back to the environment variable
 * `JWT_AUTH_SECRET`.
 */
export interface MastraJwtAuthOptions<Quiet extends boolean = boolean>
  extends MastraAuthProviderOptions, VerifierOptions {
  /**
   * The user that Mastra Studio shows for a payload. Default: id from `sub` or `id`, email, name,
   * avatar.
   */
  mapUser?: ((payload: JwtPayload) => User | null | Promise<User | null>) | undefined;
  /**
   * Asked after a token is verified; a truthy answer refuses it with `jwt revoked` (code
   * `MJWT_REVOKED`). Where it throws, so does `authenticateToken`: a look-up that fails lets nobody
   * in.
   */
  isRevoked?: ((payload: JwtPayload) => unknown) | undefined;
  /**
   * An invalid or revoked token makes `authenticateToken` return null instead of throwing, so that
   * the server answers 401 without logging an error. Default: false.
   */
  quiet?: Quiet | undefined;
  /**
   * The name of a cookie. Where a request brings no token in its header, the one in this cookie is
   * taken: `EventSource` and the streams of Mastra Studio send no header. Set the cookie with
   * `HttpOnly`, `Secure` and `SameSite=Strict` or `Lax`, or other sites can use it. Default: none.
   */
  cookie?: string | undefined;
  /**
   * Told of each token that is refused, to count or log it. What it returns or throws changes
   * nothing.
   *
   * @param error - why; its `code` is stable
   * @param request - the request as the server handed it over, if it did
   */
  onRefused?: ((error: JsonWebTokenError, request: unknown) => unknown) | undefined;
}

type Callback = (...given: never[]) => unknown;

const readFunction = <F extends Callback>(value: unknown): F | undefined =>
  typeof value === 'function' ? (value as F) : undefined;

/** An option that the reference has too; there, null is as good as absent. */
const orNull = <T>({ mustBe, read }: Rule<T>): Rule<T> => ({
  mustBe,
  read: (value) => (value === null ? null : read(value)),
});
const functionRule = <F extends Callback | undefined>(): Rule<NonNullable<F>> => ({
  mustBe: 'a function',
  read: (value) => readFunction(value) as NonNullable<F> | undefined,
});
const PATHS: Rule<PathRules> = {
  mustBe: 'an array of paths',
  read: (value) => (Array.isArray(value) ? (value as PathRules) : undefined),
};

/** The characters of a cookie's name (RFC 6265 section 4.1.1). */
const COOKIE_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

const PROVIDER_RULES = {
  name: orNull<string>({
    mustBe: 'a string',
    read: (value) => (typeof value === 'string' ? value : undefined),
  }),
  authorizeUser: orNull(functionRule<MastraAuthProviderOptions['authorizeUser']>()),
  mapUserToResourceId: orNull<NonNullable<MastraAuthProviderOptions['mapUserToResourceId']>>({
    mustBe: 'a function or "sub"',
    read: (value) => (value === 'sub' ? value : readFunction(value)),
  }),
  protected: orNull(PATHS),
  public: orNull(PATHS),
} satisfies Record<keyof MastraAuthProviderOptions, Rule<unknown>>;

const RULES = {
  ...KEY_RULES,
  secret: orNull({
    ...KEY_RULES.secret,
    // As the reference: an empty text is not a secret, rather than a short one.
    read: (value: unknown) => (value === '' ? [] : KEY_RULES.secret.read(value)),
  }),
  ...POLICY_RULES,
  ...PROVIDER_RULES,
  mapUser: orNull(functionRule<MastraJwtAuthOptions['mapUser']>()),
  isRevoked: functionRule<MastraJwtAuthOptions['isRevoked']>(),
  quiet: BOOLEAN,
  cookie: {
    mustBe: 'the name of a cookie',
    read: (value: unknown) => (typeof value === 'string' && COOKIE_NAME.test(value) ? value : undefined),
  },
  onRefused: functionRule<MastraJwtAuthOptions['onRefused']>(),
} satisfies Record<keyof MastraJwtAuthOptions, Rule<unknown>>;

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

/** The keys of a provider, opened for both uses. */
interface OpenKeys extends OpenVerifier {
  readonly sign: Signer;
}

/**
 * The options of a policy among those of a provider: the rest must not be kept, least of all the
 * secret.
 */
const policyOf = (given: Policy): Policy =>
  Object.assign(
    Object.create(null) as object,
    Object.fromEntries(Object.keys(POLICY_RULES).map((name) => [name, given[name as keyof Policy]])),
  );

/** The secret of `JWT_AUTH_SECRET`, as one that was given. */
function secretOfEnvironment(): ReturnType<typeof KEY_RULES.secret.read> & object {
  const secret = environmentVariable('JWT_AUTH_SECRET');
  return secret ? (KEY_RULES.secret.read(secret) ?? []) : [];
}

/** Opens keys, all or nothing. */
function open(owner: string, keys: Keys, policy: Policy): OpenKeys {
  const verifier = openVerifier(owner, keys, policy);
  const { algorithms, allowShortKeys, maxTokenBytes } = requirementsOf(policy);
  const signer = signerFor(algorithms, (algorithm) =>
    openSigner(owner, keys, algorithm, allowShortKeys, maxTokenBytes),
  );
  return pair(verifier, signer);
}

/** Apart from `open`, so that what it returns does not hold on to the keys that were given. */
function pair(verifier: OpenVerifier, signer: OpenSigner): OpenKeys {
  return {
    verify: verifier.verify,
    sign: signWith(signer.sign, {}),
    free: () => {
      verifier.free();
      signer.free();
    },
  };
}

/**
 * A signer with the first of the accepted algorithms that the key serves. Where it serves none, or
 * none of the keys may sign, the provider verifies all the same, and `sign` says why it cannot.
 */
function signerFor(
  algorithms: readonly Algorithm[] | undefined,
  openWith: (algorithm: Algorithm | undefined) => OpenSigner,
): OpenSigner {
  let failure: unknown;
  for (const algorithm of algorithms ?? [undefined]) {
    try {
      return openWith(algorithm);
    } catch (error) {
      failure = error;
    }
  }
  return {
    sign: () => {
      throw failure;
    },
    free: () => {},
  };
}

/**
 * The value of a cookie in a request's header; undefined where it is not there, or there with
 * different values.
 */
function cookieOf(request: unknown, name: string): string | undefined {
  const { headers, header } = Object(request) as Partial<HonoRequestLike>;
  const line =
    typeof headers?.get === 'function'
      ? headers.get('cookie')
      : typeof header === 'function'
        ? header.call(request, 'cookie')
        : undefined;
  if (typeof line !== 'string') return undefined;
  const values = new Set<string>();
  for (const pair of line.split(';')) {
    const at = pair.indexOf('=');
    if (at >= 0 && pair.slice(0, at).trim() === name)
      values.add(
        pair
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      );
  }
  // Another site under the same domain can add a cookie of the same name, but not take the first
  // one away.
  const [value] = values;
  return values.size === 1 ? value : undefined;
}

/** The preset `mapUserToResourceId: 'sub'`. */
const subjectOf = (user: JwtPayload): string | undefined => text(user.sub);

/**
 * A Mastra auth provider for JSON Web Tokens signed with a shared secret. Takes the place of
 * `MastraJwtAuth` of `@mastra/auth`: it accepts no token that the other refuses, and gives the same
 * claims and the same errors.
 *
 * The secret lives in native memory and cannot be read back from the instance.
 *
 * @example
 * ```ts
 * new Mastra({ server: { auth: new MastraJwtAuth({ secret: process.env.JWT_AUTH_SECRET }) } });
 * ```
 * @typeParam Quiet - the type of the option `quiet`; with `true`, `authenticateToken` may return
 *   null
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
  #keys: OpenKeys;
  readonly #policy: Policy;
  readonly #expected: Expectations;
  readonly #isRevoked: ((payload: JwtPayload) => unknown) | undefined;
  readonly #quiet: boolean;
  readonly #cookie: string | undefined;
  readonly #onRefused: ((error: JsonWebTokenError, request: unknown) => unknown) | undefined;

  /**
   * @throws Error `JWT auth secret is required` where neither `secret`, `JWT_AUTH_SECRET` nor
   *   `jwks` is there
   * @throws TypeError naming the option that is unknown or of the wrong type
   */
  constructor(options?: MastraJwtAuthOptions<Quiet>) {
    const given = readOptions('MastraJwtAuth', options ?? {}, RULES);
    this.name = given.name ?? 'jwt';
    this.mapUser = given.mapUser ?? defaultMapUser;
    this.#isRevoked = given.isRevoked;
    this.#quiet = given.quiet ?? false;
    this.#cookie = given.cookie;
    this.#onRefused = given.onRefused;
    this.#policy = policyOf(given);

    const { secret, jwks } = given;
    const secrets = secret ?? (jwks === undefined ? secretOfEnvironment() : []);
    if (secrets.length === 0 && (jwks === undefined || secret)) {
      throw withCode(new Error('JWT auth secret is required'), 'NO_KEYS');
    }
    const keys = keysOf('MastraJwtAuth', { secret: secrets, jwks: jwks ?? [] });
    this.#keys = open('MastraJwtAuth', keys, this.#policy);
    this.#expected = requirementsOf(this.#policy).expected;
    this.registerOptions(given as MastraAuthProviderOptions);
  }

  /** Takes over the options that every Mastra provider has; what is not there stays as it is. */
  protected registerOptions(options?: MastraAuthProviderOptions): void {
    const option = <K extends keyof MastraAuthProviderOptions>(name: K): MastraAuthProviderOptions[K] =>
      (options ? optionOf(options, name) : undefined) as MastraAuthProviderOptions[K];
    const authorizeUser = option('authorizeUser');
    if (authorizeUser) this.authorizeUser = authorizeUser.bind(this);
    const mapUserToResourceId = option('mapUserToResourceId');
    if (mapUserToResourceId) {
      this.mapUserToResourceId = mapUserToResourceId === 'sub' ? subjectOf : mapUserToResourceId;
    }
    const paths = option('protected');
    if (paths) this.protected = paths;
    const open_ = option('public');
    if (open_) this.public = open_;
  }

  /** The memory resource that belongs to a user. Not there unless the option was given. */
  mapUserToResourceId?(user: JwtPayload): string | undefined | null;

  /**
   * Verifies a token.
   *
   * @param token - the token alone, without `Bearer `
   * @param _request - for subclasses; not looked at here
   * @returns the payload, a fresh object each time; with `quiet`, null for a token that is invalid
   *   or revoked
   * @throws JsonWebTokenError, TokenExpiredError or NotBeforeError, with a stable `code`
   */
  async authenticateToken(
    token: string,
    _request?: unknown,
  ): Promise<Quiet extends false ? JwtPayload : JwtPayload | null>;
  async authenticateToken(token: string, request?: unknown): Promise<JwtPayload | null> {
    const given = token || this.#cookie === undefined ? token : (cookieOf(request, this.#cookie) ?? token);
    const result = this.#keys.verify(given, clock());
    let error: JsonWebTokenError | undefined;
    if (typeof result === 'string') {
      const payload = JSON.parse(result) as JwtPayload;
      if (this.#isRevoked === undefined || !(await this.#isRevoked(payload))) return payload;
      error = revocation();
    } else if (!this.#quiet || this.#onRefused !== undefined) {
      error = refusal(given, result, this.#expected);
    }
    if (error !== undefined) this.#tell(error, request);
    if (this.#quiet) return null;
    // A promise that is rejected before anybody waits for it is reported to Node as unhandled, and
    // then as handled: that takes longer than all the rest of a refusal.
    await undefined;
    throw error;
  }

  /** Tells `onRefused`; whatever goes wrong there must not change the answer. */
  #tell(error: JsonWebTokenError, request: unknown): void {
    try {
      const told: unknown = this.#onRefused?.(error, request);
      Promise.resolve(told).catch(() => {});
    } catch {
      // As if it had returned.
    }
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
      const bearer = header?.toLowerCase().startsWith('bearer ')
        ? header.slice('bearer '.length).trim()
        : undefined;
      const token = bearer || (this.#cookie === undefined ? undefined : cookieOf(request, this.#cookie));
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
    return this.#keys.sign(claims, options);
  }

  /**
   * Takes other keys, for a rotation without a restart: all of them or none. Where they are
   * refused, the old ones go on serving. The options stay as they are.
   *
   * @throws as the constructor
   */
  replaceKeys(keys: KeyOptions): void {
    const given = readOptions('replaceKeys', keys, KEY_RULES);
    const opened = open('replaceKeys', keysOf('replaceKeys', given), this.#policy);
    const old = this.#keys;
    this.#keys = opened;
    old.free();
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
