/** Times and refusals in words. */

const UNITS: readonly [name: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** A moment as seen from now: "3 minutes ago", "in 2 hours", "now". */
export function fromNow(seconds: number, now: number): string {
  const difference = seconds - now;
  if (difference === 0) return 'now';
  const [name, length] =
    UNITS.find(([, length]) => Math.abs(difference) >= length) ?? (['second', 1] as const);
  return relative.format(Math.trunc(difference / length), name);
}

/** A moment as a date; the number alone where no calendar reaches. */
export function date(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? `${seconds}` : moment.toISOString().replace('.000Z', 'Z');
}

/** The times of a token, each with what it means now. */
export function times(claims: Record<string, unknown>, now: number): string[] {
  const say = (name: string, past: string, ahead: string): string[] => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof value !== 'number') return [];
    return [`${name}: ${value <= now ? past : ahead} ${fromNow(value, now)} (${date(value)})`];
  };
  return [
    ...say('iat', 'issued', 'issued'),
    ...say('nbf', 'valid since', 'not valid yet, valid'),
    ...say('exp', 'expired', 'expires'),
  ];
}

/** What to do about a refusal. */
const ADVICE: Readonly<Record<string, string>> = {
  TOKEN_TOO_LONG: 'Put less into the token, or raise the longest token in the policy.',
  TOKEN_FORMAT: 'Copy the whole token: header, payload and signature, separated by dots.',
  TOKEN_BASE64: 'Copy the token again: a segment has characters that base64url does not have, or was cut.',
  HEADER_JSON: 'The header was changed or cut. Copy the token again.',
  ALGORITHM: 'Sign with an algorithm that the policy allows, or allow this one.',
  CRITICAL_HEADER: 'Sign without crit: no extension is understood here.',
  TYPE_HEADER: 'Another kind of token is expected here, as typ says.',
  UNKNOWN_KID: 'The server has no key of this kid. Was the key replaced?',
  SIGNATURE_MISSING: 'The token is not signed. Sign it with the secret.',
  SIGNATURE:
    'Another secret signed this token, or the token was changed. Compare the secret with that of the server.',
  CLAIMS_JSON: 'The payload is not a JSON object.',
  EXPIRED: 'Get a new token.',
  NOT_YET_VALID: 'Wait, or compare the clocks of the two machines.',
  ISSUED_IN_FUTURE: 'Compare the clocks. Is iat in milliseconds? It must be in seconds.',
  TOO_OLD: 'Get a new token, or raise the maximum age.',
  ISSUER: 'The token comes from somebody else, or the policy names another issuer.',
  AUDIENCE: 'The token is meant for another service.',
  SUBJECT: 'The token is about somebody else.',
  JWT_ID: 'Another token is expected.',
  MISSING_CLAIM: 'Sign the token with this claim.',
  CLAIM_MALFORMED: 'Times are numbers: seconds since 1970. The other registered claims are texts.',
};

export const advice = (name: string): string => ADVICE[name] ?? '';
