// The vectors of policy.json: policy documents, good and bad.
export const policies = [];

const INVALID_ARGUMENT = 2;
const text = (document) => (typeof document === 'string' ? document : JSON.stringify(document));
const good = (name, why, document) => policies.push({ name, why, document: text(document), code: 0 });
/** `schema`: 'accept' where no JSON Schema can say it. */
const bad = (name, why, document, mentions, schema) =>
  policies.push({
    name,
    why,
    document: text(document),
    code: INVALID_ARGUMENT,
    mentions,
    ...(schema && { schema }),
  });

export const EVERY_MEMBER = {
  algorithms: ['HS256'],
  issuer: ['https://login.example'],
  audience: ['api'],
  subject: 'me',
  jwtId: 'j',
  type: 'at+jwt',
  leeway: 5,
  maxAge: 3600,
  requiredClaims: ['tenant'],
  requireExp: true,
  checkIat: true,
  strictClaims: true,
  ignoreExpiration: false,
  allowShortKeys: false,
  maxTokenBytes: 16384,
};
const TEXTS = ['subject', 'jwtId', 'type'];
const LISTS = ['issuer', 'audience', 'requiredClaims'];
const SWITCHES = ['requireExp', 'checkIat', 'strictClaims', 'ignoreExpiration', 'allowShortKeys'];
const NUMBERS = { leeway: [0, 86_400], maxAge: [1, 2 ** 53], maxTokenBytes: [1, 16_777_216] };

// ---- Good -----------------------------------------------------------------

good('empty', 'every member is optional', '{}');
good('empty-among-white-space', 'RFC 8259 section 2', ' \t\r\n{ \t\r\n} \t\r\n');
good('every-member', 'all at once', EVERY_MEMBER);
good('every-member-on-lines', 'written for people', JSON.stringify(EVERY_MEMBER, null, 2));
for (const [member, value] of Object.entries(EVERY_MEMBER))
  good(`${member}-alone`, 'each on its own', { [member]: value });
for (const member of SWITCHES)
  good(`${member}-false-and-true`, 'a switch', { ...EVERY_MEMBER, [member]: !EVERY_MEMBER[member] });
for (const [member, [least, most]] of Object.entries(NUMBERS)) {
  good(`${member}-least`, `${least} to ${most}`, { [member]: least });
  good(`${member}-most`, `${least} to ${most}`, { [member]: most });
}
good('whole-number-with-fraction', 'RFC 8259 section 6: 5.0 is 5', '{"leeway":5.0}');
good(
  'whole-number-with-exponent',
  'RFC 8259 section 6: 1e4 is 10000',
  '{"maxTokenBytes":1e4,"maxAge":36E+2,"leeway":500e-2}',
);
good('minus-zero', 'RFC 8259 section 6: -0 is 0', '{"leeway":-0}');
good(
  'number-that-rounds-to-the-most',
  'numbers are doubles, as in JavaScript',
  '{"maxAge":9007199254740993}',
);
good('all-algorithms', 'HMAC with SHA-2', { algorithms: ['HS256', 'HS384', 'HS512'] });
good('algorithm-twice', 'a set', { algorithms: ['HS512', 'HS512'] });
good('escaped-name', 'an escape is its character', '{"leew\\u0061y":1}');
good(
  'escaped-value',
  'an escape is its character',
  '{"algorithms":["\\u0048S256"],"subject":"\\ud83e\\udd80"}',
);
good('texts-of-any-kind', 'compared as they are', {
  issuer: [' ', 'Zoë 日本 🦀', '"\\\u0000', 'x'.repeat(1000)],
  subject: '\u2028',
});
good('many-issuers', 'no limit', {
  issuer: Array.from({ length: 1000 }, (_, at) => `https://${at}.example`),
});
good('64-required-claims', 'the most, and registered ones are not counted', {
  requiredClaims: [
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    ...Array.from({ length: 64 }, (_, at) => `c${at}`),
  ],
});
good('required-claim-twice', 'one claim', { requiredClaims: ['tenant', 'tenant'] });
good('required-claim-of-every-object', 'a name is a name', {
  requiredClaims: ['__proto__', 'constructor', 'toString'],
});

// ---- Bad: the document ----------------------------------------------------

const OBJECT = 'a policy is one JSON object';
for (const [name, document] of Object.entries({
  nothing: '',
  blank: ' ',
  array: '[]',
  string: '"leeway"',
  number: '5',
  null: 'null',
  true: 'true',
  truncated: '{"leeway":5',
  'two-objects': '{}{}',
  'text-behind': '{}x',
  'trailing-comma': '{"leeway":5,}',
  'single-quotes': "{'leeway':5}",
  'bare-name': '{leeway:5}',
  comment: '{"leeway":5}//',
  'byte-order-mark': '\ufeff{}',
  'leading-zero': '{"leeway":05}',
  'not-a-number': '{"leeway":NaN}',
  yaml: 'leeway: 5\n',
})) {
  bad(`document-${name}`, OBJECT, document, 'policy: ');
}
bad('number-beyond-double', 'RFC 8259 section 6: no double holds it', '{"leeway":1e400}', 'policy: ');

// ---- Bad: names -----------------------------------------------------------

const UNKNOWN = 'a misspelt member must not be passed over';
for (const name of [
  'leewey',
  'issuers',
  'iss',
  'clockTolerance',
  'max_age',
  'secret',
  'jwks',
  '__proto__',
  'constructor',
]) {
  bad(`unknown-${name}`, UNKNOWN, `{${JSON.stringify(name)}:1}`, name);
}
bad('unknown-of-other-case', UNKNOWN, { Leeway: 1 }, 'Leeway');
bad('unknown-with-space', UNKNOWN, { 'leeway ': 1 }, 'leeway ');
bad('unknown-empty', UNKNOWN, { '': 1 }, 'unknown member');
bad('unknown-schema', UNKNOWN, { $schema: 'https://json-schema.org/draft/2020-12/schema' }, '$schema');
bad('unknown-beside-good-ones', UNKNOWN, { ...EVERY_MEMBER, audiences: ['api'] }, 'audiences');
const ONCE = 'which of the two is meant would be a guess';
bad('twice', ONCE, '{"leeway":1,"leeway":1}', 'leeway', 'accept');
bad(
  'twice-far-apart',
  ONCE,
  '{"issuer":["a"],"leeway":1,"audience":["b"],"issuer":["c"]}',
  'issuer',
  'accept',
);
bad('twice-escaped', ONCE, '{"subject":"a","subj\\u0065ct":"b"}', 'subject', 'accept');

// ---- Bad: values ----------------------------------------------------------

const NULL = 'an absent member has the default, null is a mistake';
for (const member of Object.keys(EVERY_MEMBER)) bad(`${member}-null`, NULL, { [member]: null }, member);
for (const member of TEXTS) {
  bad(`${member}-empty`, 'an empty text expects nothing', { [member]: '' }, member);
  bad(`${member}-number`, 'a string', { [member]: 1 }, member);
  bad(`${member}-array`, 'one string', { [member]: ['a'] }, member);
  bad(
    `${member}-lone-surrogate`,
    'no claim could ever be compared with it',
    `{"${member}":"a\\ud800"}`,
    member,
    'accept',
  );
}
for (const member of LISTS) {
  bad(`${member}-string`, 'an array, even of one', { [member]: 'a' }, member);
  bad(`${member}-empty-array`, 'an empty list would switch the check off', { [member]: [] }, member);
  bad(`${member}-of-an-empty-text`, 'an empty text expects nothing', { [member]: ['a', ''] }, member);
  bad(`${member}-of-a-number`, 'an array of strings', { [member]: ['a', 1] }, member);
  bad(`${member}-of-null`, 'an array of strings', { [member]: [null] }, member);
  bad(`${member}-of-an-array`, 'an array of strings', { [member]: [['a']] }, member);
  bad(`${member}-object`, 'an array of strings', { [member]: { 0: 'a' } }, member);
  bad(
    `${member}-lone-surrogate`,
    'no claim could ever be compared with it',
    `{"${member}":["\\udc00a"]}`,
    member,
    'accept',
  );
}
bad(
  '65-required-claims',
  'at most 64 that RFC 7519 section 4.1 does not register',
  { requiredClaims: Array.from({ length: 65 }, (_, at) => `c${at}`) },
  'requiredClaims',
);
bad('algorithms-empty', 'at least one', { algorithms: [] }, 'algorithms');
bad('algorithms-string', 'an array, even of one', { algorithms: 'HS256' }, 'algorithms');
for (const [name, algorithm] of Object.entries({
  none: 'none',
  RS256: 'RS256',
  ES256: 'ES256',
  HS1: 'HS1',
  'of-lower-case': 'hs256',
  'with-space': 'HS256 ',
  empty: '',
})) {
  bad(
    `algorithm-${name}`,
    'RFC 8725 3.1: HS256, HS384 and HS512 alone',
    { algorithms: ['HS256', algorithm] },
    'algorithms',
  );
}
for (const member of SWITCHES) {
  bad(`${member}-string`, 'true or false', { [member]: 'true' }, member);
  bad(`${member}-number`, 'true or false', { [member]: 1 }, member);
}
for (const [member, [least, most]] of Object.entries(NUMBERS)) {
  const why = `a whole number from ${least} to ${most}`;
  bad(`${member}-below`, why, { [member]: least - 1 }, member);
  bad(`${member}-above`, why, { [member]: most + 2 }, member);
  bad(`${member}-fraction`, why, { [member]: 1.5 }, member);
  bad(`${member}-string`, why, { [member]: '5' }, member);
  bad(`${member}-true`, why, { [member]: true }, member);
  bad(`${member}-array`, why, { [member]: [5] }, member);
  bad(`${member}-large`, why, `{"${member}":1e300}`, member);
  bad(`${member}-above-2-to-64`, why, `{"${member}":18446744073709551617}`, member);
}
bad(
  'bad-member-behind-good-ones',
  'all of it is taken, or nothing',
  { ...EVERY_MEMBER, maxTokenBytes: 0 },
  'maxTokenBytes',
);
