/**
 * How options are read, all of them; and those of a policy: what a token must be besides well
 * signed.
 *
 * Each option is read once, from the object or the classes it is an instance of. `undefined` is as
 * good as absent. What somebody has put on `Object.prototype` is never taken for an option.
 */
import { DEFAULT_ALGORITHMS, type Algorithm } from './algorithms.js';
import { argumentError, withCode, type Expectations, type FaultName } from './errors.js';
import { timeSpan } from './time.js';

/**
 * A policy document: options that services in all languages share, as one JSON object. Its schema
 * is `mastra-jwt/policy.schema.json`. It never holds a secret.
 */
export interface PolicyDocument {
  algorithms?: readonly Algorithm[];
  issuer?: readonly string[];
  audience?: readonly string[];
  subject?: string;
  jwtId?: string;
  type?: string;
  leeway?: number;
  maxAge?: number;
  requiredClaims?: readonly string[];
  requireExp?: boolean;
  checkIat?: boolean;
  strictClaims?: boolean;
  ignoreExpiration?: boolean;
  allowShortKeys?: boolean;
  maxTokenBytes?: number;
}

/** What a token must fulfil besides a good signature, `exp` and `nbf`. */
export interface PolicyOptions {
  /**
   * A policy document, as an object or as its JSON text. With it, the defaults are those of the
   * document in every language: HS256 alone, and no secret shorter than its hash. What is set here
   * and as an option is an error.
   */
  policy?: PolicyDocument | string | undefined;
  /** The algorithms that are accepted. Default: HS256, HS384 and HS512. */
  algorithms?: readonly Algorithm[] | undefined;
  /** The `iss` that is accepted, or several of which one must match (RFC 7519 section 4.1.1). */
  issuer?: string | readonly string[] | undefined;
  /** The `aud` that is accepted, or several; one match suffices (RFC 7519 section 4.1.3). */
  audience?: string | readonly string[] | undefined;
  /** The `sub` that is accepted (RFC 7519 section 4.1.2). */
  subject?: string | undefined;
  /** The `jti` that is accepted (RFC 7519 section 4.1.7). */
  jwtid?: string | undefined;
  /**
   * The header's `typ` that is accepted, such as `at+jwt` (RFC 7515 section 4.1.9). Default: any.
   */
  typ?: string | undefined;
  /** How far clocks may be apart, in whole seconds, 0 to 86400. Default: 0. */
  clockTolerance?: number | undefined;
  /**
   * The greatest age by `iat`: whole seconds, or a time span with a unit such as `'1h'`. `iat` is
   * then required and must not lie ahead. Default: no limit.
   */
  maxTokenAge?: number | string | undefined;
  /** Claims that must be there, such as `['exp', 'sub']`. Default: none. */
  requiredClaims?: readonly string[] | undefined;
  /** Refuse a token whose `iat` lies ahead. Default: false. */
  checkIat?: boolean | undefined;
  /**
   * RFC 7519 to the letter: refuse a registered claim of the wrong type or one that is there twice,
   * and `aud` where no audience is expected. Default: false.
   */
  strictClaims?: boolean | undefined;
  /**
   * Do not check `exp` and the age, for end-points that renew tokens; `nbf` is still checked.
   * Default: false.
   */
  ignoreExpiration?: boolean | undefined;
  /** The longest token that is looked at, in bytes, 1 to 16777216. Default: 16384. */
  maxTokenBytes?: number | undefined;
}

/**
 * How one option is read: what it must be, and its value. `read` returns undefined where it is
 * something else, and null where it is as good as absent.
 */
export interface Rule<T> {
  readonly mustBe: string;
  readonly read: (value: unknown) => T | null | undefined;
}

/** The rules of an options object. */
export type Rules = Readonly<Record<string, Rule<unknown>>>;

/** What was read by rules: only the options that are there. Without a prototype. */
export type Read<R extends Rules> = { readonly [K in keyof R]?: R[K] extends Rule<infer T> ? T : never };

/** What everything inherits from, in this realm or another: nobody gave what is found there. */
const isRoot = (holder: object | null): holder is null =>
  holder === null || (Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, 'hasOwnProperty'));

/** One option, as it is. */
export function optionOf(options: object, name: string): unknown {
  for (let holder = options; !isRoot(holder); holder = Object.getPrototypeOf(holder) as object) {
    if (Object.hasOwn(holder, name)) return Reflect.get(holder, name, options) as unknown;
  }
  return undefined;
}

/** The first enumerable option that is not among the known ones. */
export function unknownOption(options: object, known: object): string | undefined {
  for (let holder = options; !isRoot(holder); holder = Object.getPrototypeOf(holder) as object) {
    const unknown = Object.keys(holder).find((name) => !Object.hasOwn(known, name));
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads options.
 *
 * @throws TypeError that names the first option that is unknown or not what it must be
 */
export function readOptions<R extends Rules>(owner: string, options: unknown, rules: R): Read<R> {
  if (!isObject(options)) throw argumentError(`${owner}: the options must be an object`);
  const unknown = unknownOption(options, rules);
  if (unknown !== undefined) {
    throw argumentError(`${owner}: unknown option "${unknown}"; known are ${Object.keys(rules).join(', ')}`);
  }
  const given = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(rules)) {
    const value = optionOf(options, name);
    if (value === undefined) continue;
    const { mustBe, read } = rules[name] as Rule<unknown>;
    const taken = read(value);
    if (taken === undefined) throw argumentError(`${owner}: option "${name}" must be ${mustBe}`);
    if (taken !== null) given[name] = taken;
  }
  return given as Read<R>;
}

/**
 * Text that UTF-8 can write: a lone surrogate would become U+FFFD, and so equal to another text.
 */
export const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.isWellFormed() ? value : undefined;

/** A copy of an array whose every element can be read; a hole is none. */
export function readList<T>(value: unknown, read: (element: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const { length } = value;
  const list: T[] = [];
  for (let at = 0; at < length; at++) {
    const element = Object.hasOwn(value, at) ? read(value[at]) : undefined;
    if (element === undefined) return undefined;
    list.push(element);
  }
  return list;
}

const readTexts = (value: unknown): string[] | undefined => readList(value, readText);

export const TEXT: Rule<string> = { mustBe: 'a string of well-formed text', read: readText };
const TEXTS: Rule<string[]> = { mustBe: 'an array of strings of well-formed text', read: readTexts };
const TEXT_OR_TEXTS: Rule<string[]> = {
  mustBe: 'a string of well-formed text, or an array of such',
  read: (value) => (typeof value === 'string' ? readTexts([value]) : readTexts(value)),
};
export const BOOLEAN: Rule<boolean> = {
  mustBe: 'a boolean',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};
const number = (mustBe: string): Rule<number> => ({
  mustBe,
  read: (value) => (typeof value === 'number' ? value : undefined),
});
export const BYTES = number('a whole number of bytes from 1 to 16777216');
const SPAN: Rule<number> = {
  mustBe: 'a whole number of seconds, or a time span with a unit such as "1h"',
  read: timeSpan,
};
const DOCUMENT: Rule<string> = {
  mustBe: 'a policy document: a plain object, or its JSON text',
  read: readDocument,
};

/**
 * An option of a policy: its name in a policy document, and how it is read. The ranges are the
 * core's.
 */
const MEMBERS = {
  algorithms: ['algorithms', TEXTS],
  issuer: ['issuer', TEXT_OR_TEXTS],
  audience: ['audience', TEXT_OR_TEXTS],
  subject: ['subject', TEXT],
  jwtid: ['jwtId', TEXT],
  typ: ['type', TEXT],
  clockTolerance: ['leeway', number('a whole number of seconds from 0 to 86400')],
  maxTokenAge: ['maxAge', SPAN],
  requiredClaims: ['requiredClaims', TEXTS],
  checkIat: ['checkIat', BOOLEAN],
  strictClaims: ['strictClaims', BOOLEAN],
  ignoreExpiration: ['ignoreExpiration', BOOLEAN],
  maxTokenBytes: ['maxTokenBytes', BYTES],
} as const satisfies Record<
  Exclude<keyof PolicyOptions, 'policy'>,
  readonly [keyof PolicyDocument, Rule<unknown>]
>;

type Member = keyof typeof MEMBERS;
const OPTIONS = Object.keys(MEMBERS) as Member[];
const ruleOf = <K extends Member>(name: K): (typeof MEMBERS)[K][1] => MEMBERS[name][1];

/** The rules of {@link PolicyOptions}. */
export const POLICY_RULES = {
  policy: DOCUMENT,
  ...(Object.fromEntries(OPTIONS.map((name) => [name, ruleOf(name)])) as {
    readonly [K in Member]: (typeof MEMBERS)[K][1];
  }),
};

/** {@link PolicyOptions} that were read. */
export type Policy = Read<typeof POLICY_RULES>;

/**
 * A policy without options. `{}` would be one of whatever somebody has put on `Object.prototype`.
 */
export const NO_POLICY: Policy = Object.freeze(Object.create(null) as Policy);

/**
 * The JSON of a value. `JSON.stringify` would call a `toJSON` that somebody put on
 * `Object.prototype`.
 *
 * @returns undefined for what JSON has no words for
 */
export function toJson(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return String(value);
    default:
      break;
  }
  if (value === null) return 'null';
  const list = readList(value, toJson);
  return list && `[${list.join(',')}]`;
}

function readDocument(value: unknown): string | undefined {
  if (typeof value === 'string') return readText(value);
  // Not an instance of a class: its getters would be overlooked, and what they ask for not be
  // required.
  if (!isObject(value) || !isRoot(Object.getPrototypeOf(value) as object | null)) return undefined;
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const json = toJson(member);
    if (json === undefined) return undefined;
    members.push(`${JSON.stringify(name)}:${json}`);
  }
  return `{${members.join(',')}}`;
}

/** The policy documents that mean a policy: the caller's, and one made of the options. */
export function documentsOf(policy: Policy): string[] {
  const members = OPTIONS.filter((name) => policy[name] !== undefined).map(
    (name) => `"${MEMBERS[name][0]}":${toJson(policy[name])}`,
  );
  if (policy.policy !== undefined) return [policy.policy, `{${members.join(',')}}`];
  // The reference accepts all three with one secret, and secrets of any length.
  if (policy.algorithms === undefined) members.push(`"algorithms":${JSON.stringify(DEFAULT_ALGORITHMS)}`);
  return [`{${members.join(',')},"allowShortKeys":true}`];
}

/**
 * What a policy says of these, whether by its document or by its options. For documents that the
 * core has accepted.
 */
export function requirementsOf(policy: Policy): {
  readonly algorithms: readonly Algorithm[] | undefined;
  readonly allowShortKeys: boolean;
  readonly maxTokenBytes: number | undefined;
  readonly expected: Expectations;
} {
  // Without a prototype, as all that was read.
  const document: PolicyDocument = {
    __proto__: null,
    ...(policy.policy === undefined
      ? { allowShortKeys: true }
      : (JSON.parse(policy.policy) as PolicyDocument)),
  } as PolicyDocument;
  const algorithms = (policy.algorithms ?? document.algorithms) as readonly Algorithm[] | undefined;
  return {
    algorithms: algorithms ?? (policy.policy === undefined ? undefined : ['HS256']),
    allowShortKeys: document.allowShortKeys ?? false,
    maxTokenBytes: policy.maxTokenBytes ?? document.maxTokenBytes,
    // As the messages of the reference join them.
    expected: {
      issuer: (policy.issuer ?? document.issuer ?? []).join(','),
      audience: (policy.audience ?? document.audience ?? []).join(' or '),
      subject: policy.subject ?? document.subject ?? '',
      jwtid: policy.jwtid ?? document.jwtId ?? '',
    },
  };
}

/**
 * An error of the core about options, in the words of this package: `leeway: must be …` becomes
 * `option "clockTolerance" must be …`. A document's members keep their names.
 */
export function optionError(owner: string, error: unknown, policy: Policy | undefined): unknown {
  if (!isObject(error) || !('code' in error && 'message' in error)) return error;
  const name = String(error.code).replace('MJWT_', '') as FaultName;
  const message = String(error.message);
  const [, member = '', rest = ''] = /^(\w+): (.*)$/s.exec(message) ?? [];
  const option = OPTIONS.find((it) => MEMBERS[it][0] === member && policy?.[it] !== undefined);
  const words =
    option === undefined
      ? message
      : rest === 'already set by another policy document'
        ? `option "${option}" is also set by the policy, as "${member}"`
        : `option "${option}" ${rest}`;
  return name === 'INVALID_ARGUMENT'
    ? argumentError(`${owner}: ${words}`)
    : withCode(new Error(`${owner}: ${words}`), name);
}
