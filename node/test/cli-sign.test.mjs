// `mastra-jwt sign`. The tokens are checked by jsonwebtoken.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { payloadOf, run, write } from './cli-support.mjs';
import { SECRET } from './support.mjs';

/** Signs; the claims as text, after jsonwebtoken has accepted the token. */
function textOf(args, options) {
  const { status, stdout, stderr } = run(['sign', ...args], options);
  assert.deepEqual([status, stderr], [0, ''], args.join(' '));
  jwt.verify(stdout.trim(), SECRET, { ignoreExpiration: true });
  return payloadOf(stdout);
}

function fails(args, words, options) {
  const { status, stdout, stderr } = run(['sign', ...args], options);
  assert.deepEqual([status, stdout], [2, ''], args.join(' '));
  assert.match(stderr, words);
}

describe('mastra-jwt sign', () => {
  it('prints the token alone', () => {
    const { status, stdout, stderr } = run(['sign', '--sub', 'me', '--expires-in', '1h']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { sub, exp, iat } = jwt.verify(stdout.trim(), SECRET);
    assert.deepEqual([sub, exp - iat], ['me', 3600]);
  });

  it('writes numbers into the token as they are given', () => {
    const numbers = [
      '9007199254740993',
      '12345678901234567890',
      '-98765432109876543210',
      '0.10000000000000000000001',
      '1.0',
      '-0',
      '1E5',
      '1e-400',
    ];
    for (const number of numbers) {
      assert.ok(textOf(['--claim', `n=${number}`]).includes(`"n":${number},`), number);
      assert.ok(textOf(['--claim', `n=["${number}",{"n":${number}}]`]).includes(`{"n":${number}}]`), number);
      const input = `{ "a\\"1": [ ${number} , 1 ], "n": ${number} }`;
      assert.ok(
        textOf(['--json', '-'], { input }).startsWith(`{"a\\"1":[${number},1],"n":${number},"iat":`),
        number,
      );
    }
    const { stdout: token } = run(['sign', '--claim', 'n=[9007199254740993,1.0]']);
    assert.match(run(['verify', token]).stdout, /"n": \[\n {4}9007199254740993,\n {4}1\.0\n {2}\]/);
    assert.match(run(['decode', token]).stdout, /"n": \[\n {6}9007199254740993,\n {6}1\.0\n {4}\]/);
  });

  it('writes times as they are given', () => {
    const input = '{"iat":1700000000.0,"nbf":1.7e9,"exp":9007199254740993}';
    assert.equal(textOf(['--json', '-'], { input }), input);
  });

  it('refuses numbers that no double can hold, wherever they are', () => {
    fails(['--claim', 'n=1e400'], /--claim n: 1e400 /);
    fails(['--claim', 'n=[{"a":-1e999}]'], /--claim n: -1e999 /);
    fails(['--json', write('claims.json', '{"a":1,"n":1E+400}')], /--json claims\.json: 1E\+400 /);
    assert.match(textOf(['--claim', 'n="1e400"']), /"n":"1e400"/);
  });

  it('takes claims as JSON where they are JSON, else as text', () => {
    const claims = {
      'a=text': 'text',
      'b=true': true,
      'c=5': 5,
      'd=["x"]': ['x'],
      'e="5"': '5',
      'f=': '',
      'g=a=b': 'a=b',
      'h=007': '007',
      'i= 5 ': 5,
      'j=null': null,
    };
    for (const [argument, value] of Object.entries(claims)) {
      const { iat, ...payload } = JSON.parse(textOf(['--claim', argument]));
      assert.equal(typeof iat, 'number');
      assert.deepEqual(payload, { [argument[0]]: value });
    }
    const text = textOf(['--claim', '__proto__=1', '--claim', 'a=1', '--claim', 'a=2']);
    assert.match(text, /^\{"__proto__":1,"a":2,"iat":\d+\}$/);
  });

  it('takes claims from a file or standard input, with the options on top', () => {
    const json = '{"sub":"file","role":"admin","sub":"last"}';
    const args = ['--json', write('claims.json', json), '--sub', 'me', '--claim', 'role=user'];
    assert.match(textOf(args), /^\{"sub":"me","role":"user","iat":\d+\}$/);
    assert.match(textOf(['--json', '-'], { input: json }), /^\{"sub":"last","role":"admin","iat":\d+\}$/);
    assert.match(textOf(['--json', write('bom.json', `\ufeff${json}`)]), /^\{"sub":"last"/);
    for (const input of ['[]', '"x"', 'null', '5']) fails(['--json', '-'], /is not a JSON object/, { input });
    for (const input of ['', '{', "{'a':1}", '{"a":01}', '{"a":1,}']) {
      fails(['--json', '-'], /standard input is not JSON/, { input });
    }
    fails(['--json', write('utf16.json', Buffer.from(json, 'utf16le'))], /utf16\.json is UTF-16/);
    fails(
      ['--json', write('latin1.json', Buffer.from('{"a":"\xe9"}', 'latin1'))],
      /latin1\.json is not UTF-8/,
    );
    fails(['--json', 'absent.json'], /cannot read absent\.json/);
  });

  it('takes --expires-in as seconds where it is a whole number, else with a unit', () => {
    const spans = {
      90: 90,
      3600: 3600,
      60: 60,
      '90s': 90,
      '15m': 900,
      '1h': 3600,
      '1.5h': 5400,
      '7d': 604800,
    };
    for (const [span, seconds] of Object.entries(spans)) {
      const { exp, iat } = JSON.parse(textOf(['--expires-in', span]));
      assert.equal(exp - iat, seconds, span);
    }
    assert.equal(JSON.parse(textOf(['--expires-in', '60', '--claim', 'iat=1000'])).exp, 1060);
    for (const span of ['soon', '', '1.5', '1e3', '5 parsecs', '99999999999999999999']) {
      fails(['--expires-in', span], /--expires-in must be whole seconds/);
    }
    fails(['--expires-in', '5', '--claim', 'exp=5'], /"exp"/);
  });

  it('refuses claims that are not claims', () => {
    fails(['--claim', 'exp=soon'], /"exp" should be a number of seconds/);
    fails(['--json', '-'], /.+/, { input: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}` });
    fails(['--claim', 'novalue'], /--claim must be name=value, not novalue/);
    fails(['--claim', '=5'], /--claim must be name=value/);
    fails(['--policy', 'policy.json'], /--policy/);
  });
});
