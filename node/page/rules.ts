/**
 * The rules of a policy, in the order in which the core checks them, each with its verdict. The
 * core stops at the first failure. Each later rule on claims is then asked of the core by itself;
 * any other later rule was not checked.
 */
import type { Backend } from '../ts/backend/backend.js';
import type { PolicyDocument } from './policy.js';

export interface Keys {
  readonly secret: string | Uint8Array;
}

/** What the core answers: 0 for a valid token. */
export interface Answer {
  readonly code: number;
  /** Seconds since 1970, or the name of a claim. */
  readonly detail?: number | string;
}

export type Verdict = 'passed' | 'failed' | 'not checked';

export interface Result {
  readonly answer: Answer;
  readonly rules: readonly { readonly text: string; readonly verdict: Verdict; readonly first: boolean }[];
}

type Claims = Readonly<Record<string, unknown>>;

interface Rule {
  text(policy: PolicyDocument): string;
  readonly codes: readonly number[];
  /** The claim that a rule is on. */
  readonly claim?: string;
  /**
   * For a rule on claims that the core may not come to: the part of the policy that is this rule
   * alone.
   */
  alone?(policy: PolicyDocument): PolicyDocument;
  /** The part of the claims that such a rule reads. Default: its one claim. */
  reads?(policy: PolicyDocument, claims: Claims): Claims;
}

const list = (texts: readonly string[] | undefined): string => (texts ?? []).join(', ');

function part(policy: PolicyDocument, ...members: (keyof PolicyDocument)[]): PolicyDocument {
  const chosen: readonly string[] = members;
  return Object.fromEntries(Object.entries(policy).filter(([member]) => chosen.includes(member)));
}

/** A maximum age is not checked where the expiration is ignored. */
const maxAgeOf = ({ maxAge, ignoreExpiration }: PolicyDocument): number | undefined =>
  ignoreExpiration ? undefined : maxAge;

/** The names of all required claims. The core looks for `exp` last. */
const requiredOf = ({ requiredClaims = [], requireExp }: PolicyDocument): readonly string[] =>
  requireExp && !requiredClaims.includes('exp') ? [...requiredClaims, 'exp'] : requiredClaims;

const RULES: readonly Rule[] = [
  { text: ({ maxTokenBytes = 16384 }) => `at most ${maxTokenBytes} bytes long`, codes: [101] },
  { text: () => 'three segments, separated by dots', codes: [102] },
  { text: () => 'the header is base64url and a JSON object', codes: [103, 104] },
  { text: () => 'it is signed', codes: [109] },
  { text: ({ algorithms = ['HS256'] }) => `alg is ${algorithms.join(' or ')}`, codes: [105] },
  { text: () => 'no crit in the header', codes: [106] },
  { text: ({ type }) => (type === undefined ? 'typ: any' : `typ is ${type}`), codes: [107] },
  { text: () => 'there is a key for its kid and alg', codes: [108] },
  { text: () => 'the signature matches the secret', codes: [120] },
  { text: () => 'the payload is base64url, UTF-8 and a JSON object', codes: [103, 200] },
  {
    text: ({ strictClaims }) =>
      strictClaims ? 'registered claims have their type, and are there once' : 'strict claims: off',
    codes: [210],
  },
  {
    text: ({ leeway = 0 }) => `nbf has passed (leeway ${leeway} s)`,
    codes: [202, 210],
    claim: 'nbf',
    alone: (policy) => part(policy, 'leeway'),
  },
  {
    text: ({ ignoreExpiration, leeway = 0 }) =>
      ignoreExpiration ? 'exp: ignored' : `exp is ahead (leeway ${leeway} s)`,
    codes: [201, 210],
    claim: 'exp',
    alone: (policy) => part(policy, 'leeway', 'ignoreExpiration'),
  },
  {
    text: (policy) =>
      maxAgeOf(policy) !== undefined
        ? `iat is at most ${policy.maxAge} s old, and not ahead`
        : policy.checkIat
          ? 'iat is not ahead'
          : 'iat, if there, is a number',
    codes: [203, 204, 209, 210],
    claim: 'iat',
    alone: (policy) => part(policy, 'leeway', 'ignoreExpiration', 'checkIat', 'maxAge'),
  },
  {
    text: ({ issuer }) => (issuer === undefined ? 'iss: any' : `iss is one of: ${list(issuer)}`),
    codes: [205],
    claim: 'iss',
    alone: (policy) => part(policy, 'issuer'),
  },
  {
    text: ({ audience, strictClaims }) =>
      audience !== undefined
        ? `aud holds one of: ${list(audience)}`
        : strictClaims
          ? 'no aud, since none is expected'
          : 'aud: any',
    codes: [206],
    claim: 'aud',
    alone: (policy) => part(policy, policy.audience === undefined ? 'strictClaims' : 'audience'),
  },
  {
    text: ({ subject }) => (subject === undefined ? 'sub: any' : `sub is ${subject}`),
    codes: [207],
    claim: 'sub',
    alone: (policy) => part(policy, 'subject'),
  },
  {
    text: ({ jwtId }) => (jwtId === undefined ? 'jti: any' : `jti is ${jwtId}`),
    codes: [208],
    claim: 'jti',
    alone: (policy) => part(policy, 'jwtId'),
  },
  {
    text: (policy) => {
      const required = requiredOf(policy);
      return required.length === 0 ? 'required claims: none' : `it has: ${list(required)}`;
    },
    codes: [209],
    alone: (policy) => ({ ...part(policy, 'requiredClaims', 'requireExp'), ignoreExpiration: true }),
    // Whatever their values: 0 is a time that breaks no other rule.
    reads: (policy, claims) =>
      Object.fromEntries(
        requiredOf(policy).flatMap((name) => (Object.hasOwn(claims, name) ? [[name, 0]] : [])),
      ),
  },
];

/** The last code that is given before any claim is read. */
const CLAIMS_JSON = 200;

/** Asks the core about a token. */
export function ask(
  backend: Backend,
  keys: Keys,
  policy: PolicyDocument,
  token: string,
  now: number,
): Answer {
  const { verify } = backend.createVerifier([keys.secret], [undefined], [], [JSON.stringify(policy)]);
  const result = verify(token, now);
  if (typeof result === 'string') return { code: 0 };
  return typeof result === 'number' ? { code: result } : { code: result[0], detail: result[1] };
}

/** Signs what a rule on claims is asked about. Nobody else sees these tokens. */
const OWN: Keys = { secret: 'of this page alone, for a token that has the claims of one rule' };

/** The longest token that a policy can allow. */
const MAX_TOKEN_BYTES = 1 << 24;

/**
 * Asks the core about one rule on claims: a token with what the rule reads, and a policy with
 * nothing else.
 */
function checkAlone(
  backend: Backend,
  rule: Rule,
  policy: PolicyDocument,
  claims: Claims,
  now: number,
): Verdict {
  const { claim = '', alone, reads } = rule;
  if (alone === undefined) return 'not checked';
  const read = reads?.(policy, claims) ?? (Object.hasOwn(claims, claim) ? { [claim]: claims[claim] } : {});
  const { sign } = backend.createSigner(OWN.secret, undefined, [], 'HS256', false, MAX_TOKEN_BYTES);
  const token = sign(JSON.stringify(read));
  // A time that is not a number is not signed either.
  if (typeof token !== 'string') return 'failed';
  const { code } = ask(backend, OWN, { ...alone(policy), maxTokenBytes: MAX_TOKEN_BYTES }, token, now);
  return code === 0 ? 'passed' : 'failed';
}

/** The verdict on a token, and on each rule. */
export function check(
  backend: Backend,
  keys: Keys,
  policy: PolicyDocument,
  token: string,
  now: number,
): Result {
  const answer = ask(backend, keys, policy, token, now);
  const failed = answer.code === 0 ? RULES.length : failedRule(backend, policy, token, answer);
  const claims =
    answer.code > CLAIMS_JSON ? (JSON.parse(backend.decode(token)?.payload ?? '{}') as Claims) : undefined;
  const verdict = (index: number, rule: Rule): Verdict => {
    if (index < failed) return 'passed';
    if (index === failed) return 'failed';
    return claims === undefined ? 'not checked' : checkAlone(backend, rule, policy, claims, now);
  };
  const rules = RULES.map((rule, index) => ({
    text: rule.text(policy),
    verdict: verdict(index, rule),
    first: index === failed,
  }));
  return { answer, rules };
}

/**
 * Which rule a refusal is of. Some codes belong to several rules; the token and the detail tell
 * them apart.
 */
function failedRule(
  backend: Backend,
  policy: PolicyDocument,
  token: string,
  { code, detail }: Answer,
): number {
  const candidates = RULES.flatMap(({ codes }, index) => (codes.includes(code) ? [index] : []));
  const first = candidates[0] ?? 0;
  const last = candidates.at(-1) ?? 0;
  switch (code) {
    case 103:
      // A header that can be read leaves the payload.
      return backend.decode(`${token.split('.', 1)[0]}.e30.`) === null ? first : last;
    case 209:
      // The maximum age asks for iat before the required claims are looked for.
      return detail === 'iat' && maxAgeOf(policy) !== undefined ? first : last;
    case 210:
      return policy.strictClaims ? first : RULES.findIndex(({ claim }) => claim === detail);
    default:
      return first;
  }
}
