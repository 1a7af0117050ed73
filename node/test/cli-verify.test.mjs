// `mastra-jwt verify` and `decode`. Tokens are made by node:crypto or jsonwebtoken.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { run, write } from './cli-support.mjs';
import { forge, OTHER_SECRET, SECRET, tampered } from './support.mjs';

// As Unicode names them: controls, formatting and bidirectional controls, line separators, what is
// invisible.
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
const NASTY = [
  '\u001b[31mred',
  '\u0007\b\r\n\t\u007f',
  '\u0085\u009b2J\u009d0;title\u009c',
  '\u202eexe.txt\u2066\u2069\u200f\u061c',
  'a\u200bb\u200c\u200d\u2060\ufeff\u00ad\u2028\u2029',
  '\ud83d\ude00\u{e0041}\u{e007f}',
];

/** A claim name and value of each kind. */
const nastyClaims = Object.fromEntries(NASTY.map((text) => [text, text]));

describe('mastra-jwt verify', () => {
  it('prints the claims of a valid token, from an argument or standard input', () => {
    const token = jwt.sign({ sub: 'me', n: 1 }, SECRET, { noTimestamp: true });
    for (const { status, stdout, stderr } of [
      run(['verify', token]),
      run(['verify', '-'], { input: token }),
      run(['verify', '-'], { input: `${token}\n` }),
    ]) {
      assert.deepEqual([status, stderr], [0, '']);
      assert.equal(stdout, '{\n  "sub": "me",\n  "n": 1\n}\n');
    }
  });

  it('takes a token with Bearer and with white space around it', () => {
    const token = jwt.sign({}, SECRET);
    for (const text of [`Bearer ${token}`, `bearer  ${token} `, `\t${token}\r\n`, `\n BEARER ${token}\n`]) {
      assert.equal(run(['verify', text]).status, 0, JSON.stringify(text));
      assert.equal(run(['verify', '-'], { input: text }).status, 0, JSON.stringify(text));
      assert.equal(run(['decode', text]).status, 0, JSON.stringify(text));
    }
    for (const text of [`Basic ${token}`, `${token} x`, `Bearer${token}`]) {
      assert.equal(run(['verify', text]).status, 1, JSON.stringify(text));
    }
  });

  it('ends with 1 and says why, when a token is refused', () => {
    const cases = [
      [tampered(forge({})), /refused: invalid signature \(MJWT_SIGNATURE\)\n$/],
      [forge({ exp: 1 }), /refused: jwt expired \(MJWT_EXPIRED\), at 1970-01-01T00:00:01\.000Z\n$/],
      [forge({ exp: -1e300 }), /refused: jwt expired \(MJWT_EXPIRED\)\n$/],
      [
        forge({ nbf: 4e9 }),
        /refused: jwt not active \(MJWT_NOT_YET_VALID\), before 2096-10-02T07:06:40\.000Z\n$/,
      ],
      ['x', /jwt malformed/],
      ['', /jwt must be provided/],
    ];
    for (const [token, words] of cases) {
      const { status, stdout, stderr } = run(['verify', token]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, words);
      assert.ok(token === '' || token === 'x' || !stderr.includes(token.split('.')[1]));
    }
  });

  it('holds a token to a policy document', () => {
    const signed = (claims, options) => jwt.sign(claims, SECRET, { noTimestamp: true, ...options });
    const policy = write('policy.json', '{"issuer":["me","us"],"requiredClaims":["tenant"]}');
    const cases = [
      [signed({ iss: 'us', tenant: 1 }), 0, /^$/],
      [signed({ tenant: 1 }), 1, /jwt issuer invalid\. expected: me,us \(MJWT_ISSUER\)/],
      [signed({ iss: 'me' }), 1, /jwt claim required: tenant \(MJWT_MISSING_CLAIM\)/],
      [signed({ iss: 'me', tenant: 1 }, { algorithm: 'HS512' }), 1, /invalid algorithm \(MJWT_ALGORITHM\)/],
    ];
    for (const [token, expected, words] of cases) {
      const { status, stderr } = run(['verify', '--policy', policy, token]);
      assert.equal(status, expected, stderr);
      assert.match(stderr, words);
    }
    const token = jwt.sign({}, 'short');
    const short = run(['verify', '--policy', write('empty.json', '{}'), token], {
      env: { JWT_AUTH_SECRET: 'short' },
    });
    assert.equal(short.status, 2);
    assert.match(short.stderr, /MJWT_KEY_TOO_SHORT/);
    const bad = [
      ['', /./],
      ['[]', /./],
      ['{"isuer":["me"]}', /isuer/],
      ['{"leeway":"5"}', /leeway/],
      [Buffer.from('{}', 'utf16le'), /bad\.json is UTF-16/],
    ];
    for (const [document, words] of bad) {
      const { status, stdout, stderr } = run(['verify', '--policy', write('bad.json', document), token]);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, words);
    }
    assert.match(run(['verify', '--policy', 'absent.json', token]).stderr, /cannot read absent\.json/);
  });

  it('says which other reading of the secret fits an invalid signature', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const [base64, base64url] = [bytes.toString('base64'), bytes.toString('base64url')];
    const hintOf = (signedWith, secret, args = []) => {
      const token = jwt.sign({ exp: 1 }, signedWith, { algorithm: 'HS512' });
      const env = secret === undefined ? {} : { JWT_AUTH_SECRET: secret };
      const { status, stdout, stderr } = run(['verify', ...args, token], { env });
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /^mastra-jwt: refused: invalid signature/);
      for (const shown of [SECRET, base64, base64url]) assert.ok(!stderr.includes(shown));
      return /^mastra-jwt: hint: (.*)$/m.exec(stderr)?.[1];
    };
    assert.match(hintOf(SECRET, ` ${SECRET}\t`), /white space.+JWT_AUTH_SECRET in the environment/);
    assert.match(hintOf(SECRET, `"${SECRET}"`), /quotes/);
    assert.match(hintOf(bytes, base64), /base64-decoded/);
    assert.match(hintOf(bytes, base64url), /base64-decoded/);
    assert.match(hintOf(bytes, ` ${base64} `), /base64-decoded/);
    write('secret', `${SECRET}\n\n`);
    assert.match(hintOf(SECRET, undefined, ['--secret-file', 'secret']), /white space.+secret/);
    write('secret', `${SECRET}\n`);
    assert.match(hintOf(`${SECRET}\n`, undefined, ['--secret-file', 'secret']), /line end/);
    write('secret', `${base64}\n`);
    assert.match(hintOf(bytes, undefined, ['--secret-file', 'secret']), /base64-decoded/);
    assert.equal(hintOf(OTHER_SECRET, SECRET), undefined);
    assert.equal(hintOf(OTHER_SECRET, ` ${SECRET} `), undefined);
    assert.equal(hintOf(OTHER_SECRET, base64), undefined);
    assert.equal(hintOf(OTHER_SECRET, '  '), undefined);
  });

  it('prints nothing of a token that acts on a terminal', () => {
    for (const args of [
      ['verify', forge(nastyClaims)],
      ['decode', forge(nastyClaims, { alg: 'HS256', ...nastyClaims })],
    ]) {
      const { status, stdout, stderr } = run(args);
      assert.equal(status, 0);
      assert.doesNotMatch(stdout + stderr, UNSAFE);
      const printed = JSON.parse(stdout);
      assert.deepEqual(printed.payload ?? printed, nastyClaims);
      if (printed.header) assert.deepEqual(printed.header, { alg: 'HS256', ...nastyClaims });
    }
    assert.match(run(['verify', forge({ a: 'é 漢字 😀' })]).stdout, /"é 漢字 😀"/);
  });

  it('repeats nothing of an argument that acts on a terminal', () => {
    for (const text of NASTY) {
      for (const args of [
        [text],
        ['sign', '--claim', text],
        ['sign', '--json', text],
        ['sign', `--${text}`],
      ]) {
        assert.doesNotMatch(run(args).stderr, UNSAFE);
      }
    }
  });
});

describe('mastra-jwt decode', () => {
  it('prints header and claims of any token, and says that nothing was verified', () => {
    const { status, stdout, stderr } = run(['decode', tampered(forge({ exp: 1 }))], { env: {} });
    assert.deepEqual(
      [status, JSON.parse(stdout)],
      [0, { header: { alg: 'HS256', typ: 'JWT' }, payload: { exp: 1 } }],
    );
    assert.match(stderr, /nothing was verified/);
  });

  it('ends with 1 for what cannot be read', () => {
    assert.equal(run(['decode', 'x.y.z']).status, 1);
    assert.equal(run(['decode', '-'], { input: '' }).status, 1);
  });
});
