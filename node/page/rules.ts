/**
 * The rules of a policy, in the order in which the core checks them, each with its verdict. The core says what a token
 * fails first; what comes after that is asked of the core again, one rule at a time.
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

interface Rule {
  text(policy: PolicyDocument): string;
  readonly codes: readonly number[];
  /** For a rule on claims: the policy that has this rule alone. */
  alone?(policy: PolicyDocument): PolicyDocument;
  /** Whether the rule alone is asked at the real time; else at a time at which no token is "not yet valid". */
  readonly timed?: boolean;
}

/** After every `nbf` that people write. Used with `ignoreExpiration`, so that only the rule itself can refuse. */
const FAR_AHEAD = 1e15;

const list = (texts: readonly string[] | undefined): string => (texts ?? []).join(', ');

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
      strictClaims
        ? 'registered claims have their type, and are there once'
        : 'claims to the letter: not asked for',
    codes: [210],
    alone: ({ strictClaims = false }) => ({ strictClaims }),
  },
  {
    text: ({ leeway = 0 }) => `nbf has passed (leeway ${leeway} s)`,
    codes: [202, 210],
    alone: ({ leeway = 0 }) => ({ leeway }),
    timed: true,
  },
  {
    text: ({ ignoreExpiration, requireExp, leeway = 0 }) =>
      ignoreExpiration
        ? 'exp: ignored'
        : `exp is ahead (leeway ${leeway} s)${requireExp ? ', and is there' : ''}`,
    codes: [201, 209, 210],
    alone: ({ requireExp = false, ignoreExpiration = false, leeway = 0 }) => ({
      requireExp,
      ignoreExpiration,
      leeway,
    }),
    timed: true,
  },
  {
    text: ({ maxAge, checkIat }) =>
      maxAge !== undefined
        ? `iat is at most ${maxAge} s old, and not ahead`
        : checkIat
          ? 'iat is not ahead'
          : 'iat, if there, is a number',
    codes: [203, 204, 209, 210],
    alone: ({ maxAge, checkIat = false, leeway = 0 }) => ({
      checkIat,
      leeway,
      ...(maxAge !== undefined && { maxAge }),
    }),
    timed: true,
  },
  {
    text: ({ issuer }) => (issuer === undefined ? 'iss: any' : `iss is one of: ${list(issuer)}`),
    codes: [205],
    alone: ({ issuer }) => (issuer === undefined ? {} : { issuer }),
  },
  {
    text: ({ audience, strictClaims }) =>
      audience !== undefined
        ? `aud holds one of: ${list(audience)}`
        : strictClaims
          ? 'no aud, since none is expected'
          : 'aud: any',
    codes: [206],
    alone: ({ audience, strictClaims = false }) => ({
      strictClaims,
      ...(audience !== undefined && { audience }),
    }),
  },
  {
    text: ({ subject }) => (subject === undefined ? 'sub: any' : `sub is ${subject}`),
    codes: [207],
    alone: ({ subject }) => (subject === undefined ? {} : { subject }),
  },
  {
    text: ({ jwtId }) => (jwtId === undefined ? 'jti: any' : `jti is ${jwtId}`),
    codes: [208],
    alone: ({ jwtId }) => (jwtId === undefined ? {} : { jwtId }),
  },
  {
    text: ({ requiredClaims }) =>
      requiredClaims === undefined ? 'required claims: none' : `it has: ${list(requiredClaims)}`,
    codes: [209],
    alone: ({ requiredClaims }) => (requiredClaims === undefined ? {} : { requiredClaims }),
  },
];

/** The first rule on claims: before it, nothing of a payload is read. */
const FIRST_OF_CLAIMS = RULES.findIndex(({ alone }) => alone !== undefined);

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
  const verdict = (index: number, rule: Rule): Verdict => {
    if (index < failed) return 'passed';
    if (index === failed) return 'failed';
    if (failed < FIRST_OF_CLAIMS || rule.alone === undefined) return 'not checked';
    const { algorithms = ['HS256'], maxTokenBytes = 16384 } = policy;
    const alone: PolicyDocument = { algorithms, maxTokenBytes, allowShortKeys: true, ...rule.alone(policy) };
    const { code } = rule.timed
      ? ask(backend, keys, alone, token, now)
      : ask(backend, keys, { ...alone, ignoreExpiration: true }, token, FAR_AHEAD);
    return code === 0 ? 'passed' : rule.codes.includes(code) ? 'failed' : 'not checked';
  };
  const rules = RULES.map((rule, index) => ({
    text: rule.text(policy),
    verdict: verdict(index, rule),
    first: index === failed,
  }));
  return { answer, rules };
}

/** Which rule a refusal is of. Some codes belong to several rules; the token and the detail tell them apart. */
function failedRule(
  backend: Backend,
  policy: PolicyDocument,
  token: string,
  { code, detail }: Answer,
): number {
  const candidates = RULES.flatMap(({ codes }, index) => (codes.includes(code) ? [index] : []));
  const named = (name: string): number =>
    RULES.findIndex(({ alone, text }) => alone !== undefined && text(policy).startsWith(name));
  const last = candidates.at(-1) ?? 0;
  switch (code) {
    case 103:
      // A header that can be read leaves the payload.
      return backend.decode(`${token.split('.', 1)[0]}.e30.`) === null ? (candidates[0] ?? 0) : last;
    case 209:
      if ((policy.requiredClaims ?? []).includes(String(detail))) return last;
      return detail === 'exp' ? named('exp') : named('iat');
    case 210:
      if (policy.strictClaims) return FIRST_OF_CLAIMS;
      return named(String(detail));
    default:
      return candidates[0] ?? 0;
  }
}
