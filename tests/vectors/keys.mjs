// What a secret must not be: somebody's key, in every form that is handed around. The keys are
// those that RFCs print.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { base64url } from './tokens.mjs';

/** RFC 7515 appendix A.2, RFC 7515 appendix A.3, RFC 8037 appendix A.1, RFC 7748 section 6.1. */
export const PUBLIC_JWKS = {
  rsa: {
    kty: 'RSA',
    n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
    e: 'AQAB',
  },
  ec: {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  },
  ed25519: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  x25519: { kty: 'OKP', crv: 'X25519', x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08' },
};
const PRIVATE_JWKS = {
  ec: { ...PUBLIC_JWKS.ec, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' },
  ed25519: { ...PUBLIC_JWKS.ed25519, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' },
};

const publicKey = (name) => createPublicKey({ key: PUBLIC_JWKS[name], format: 'jwk' });
const privateKey = (name) => createPrivateKey({ key: PRIVATE_JWKS[name], format: 'jwk' });
export const pem = (name) => publicKey(name).export({ type: 'spki', format: 'pem' });
export const spki = (name) => publicKey(name).export({ type: 'spki', format: 'der' });

// OpenSSH: RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4; a security key is as
// OpenSSH's PROTOCOL.u2f says.
const field = (bytes) => {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};
const number = (text) => {
  const bytes = Buffer.from(text, 'base64url');
  return field(bytes[0] < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]));
};
const point = ({ x, y }) =>
  Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
const { rsa, ec, ed25519 } = PUBLIC_JWKS;
const ed25519Bytes = Buffer.from(ed25519.x, 'base64url');
export const SSH = Object.fromEntries(
  Object.entries({
    'ssh-rsa': [number(rsa.e), number(rsa.n)],
    'ssh-dss': [number(rsa.n), number(ec.x), number(ec.y), number(rsa.e)],
    'ecdsa-sha2-nistp256': [field('nistp256'), field(point(ec))],
    'ssh-ed25519': [field(ed25519Bytes)],
    'sk-ecdsa-sha2-nistp256@openssh.com': [field('nistp256'), field(point(ec)), field('ssh:')],
    'sk-ssh-ed25519@openssh.com': [field(ed25519Bytes), field('ssh:')],
  }).map(([type, fields]) => [type, Buffer.concat([field(type), ...fields])]),
);
export const sshLine = (type) => `${type} ${SSH[type].toString('base64')}`;

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const lines = (text, width) => text.match(new RegExp(`.{1,${width}}`, 'g')).join('\n');

/** `[name, secret, what the error calls it]` */
export const SOMEBODYS_KEYS = [
  ...['rsa', 'ec', 'ed25519', 'x25519'].flatMap((name) => [
    [`pem-of-${name}`, pem(name), 'PEM'],
    [`pem-of-${name}-in-base64`, base64(pem(name)), 'PEM'],
    [`pem-of-${name}-in-base64url`, base64url(pem(name)), 'PEM'],
    [`spki-of-${name}`, spki(name), 'DER'],
    [`spki-of-${name}-in-base64`, base64(spki(name)), 'DER'],
    [`spki-of-${name}-in-base64url`, base64url(spki(name)), 'DER'],
  ]),
  ['pem-of-rsa-as-pkcs1', publicKey('rsa').export({ type: 'pkcs1', format: 'pem' }), 'PEM'],
  ['pem-of-private-ec', privateKey('ec').export({ type: 'pkcs8', format: 'pem' }), 'PEM'],
  ['pem-of-private-ec-as-sec1', privateKey('ec').export({ type: 'sec1', format: 'pem' }), 'PEM'],
  ['pem-of-private-ed25519', privateKey('ed25519').export({ type: 'pkcs8', format: 'pem' }), 'PEM'],
  [
    'pem-of-openssh-private-key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n',
    'PEM',
  ],
  ['pem-in-base64-without-padding', base64(pem('ed25519').trim()).replaceAll('=', ''), 'PEM'],
  ['pem-in-base64-of-lines', `${lines(base64(pem('ec')), 76)}\n`, 'PEM'],
  [
    'pem-in-base64-of-lines-with-carriage-returns',
    `${lines(base64(pem('ec')), 64).replaceAll('\n', '\r\n')}\r\n`,
    'PEM',
  ],
  ['pem-behind-a-byte-order-mark', `\ufeff${pem('ec')}`, 'PEM'],
  ['pem-in-one-line', pem('ec').replaceAll('\n', ''), 'PEM'],
  ['pem-with-escaped-line-breaks', pem('ec').replaceAll('\n', '\\n'), 'PEM'],
  ['pem-between-quotes', JSON.stringify(pem('ec')), 'PEM'],
  ['spki-in-base64-of-lines', `${lines(base64(spki('rsa')), 64)}\n`, 'DER'],
  ...Object.keys(SSH).flatMap((type) => [
    [`openssh-${type.replaceAll(/\W/g, '-')}`, sshLine(type), 'OpenSSH'],
    [`openssh-${type.replaceAll(/\W/g, '-')}-with-comment`, `${sshLine(type)} me@example.com\n`, 'OpenSSH'],
  ]),
  ['openssh-behind-options', `restrict,command="true" ${sshLine('ssh-ed25519')} me`, 'OpenSSH'],
  ['openssh-behind-a-comment-line', `# the key of me\n${sshLine('ssh-rsa')}\n`, 'OpenSSH'],
  ['openssh-in-base64', base64(sshLine('ssh-ed25519')), 'OpenSSH'],
  ['openssh-middle-column', SSH['ssh-ed25519'].toString('base64'), 'OpenSSH'],
  ['openssh-bytes', SSH['ssh-rsa'], 'OpenSSH'],
  [
    'ssh2-block',
    `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "me"\n${lines(base64(SSH['ssh-rsa']), 70)}\n---- END SSH2 PUBLIC KEY ----\n`,
    'OpenSSH',
  ],
  ...Object.entries(PUBLIC_JWKS).map(([name, jwk]) => [
    `jwk-of-${name}`,
    JSON.stringify(jwk),
    'JSON Web Key',
  ]),
  ['jwk-of-private-ed25519', JSON.stringify(PRIVATE_JWKS.ed25519), 'JSON Web Key'],
  ['jwk-of-a-secret', JSON.stringify({ kty: 'oct', k: base64url(Buffer.alloc(32, 7)) }), 'JSON Web Key'],
  ['jwk-of-many-lines', `\n${JSON.stringify(rsa, null, 2)}\n`, 'JSON Web Key'],
  ['jwk-behind-a-byte-order-mark', `\ufeff${JSON.stringify(ec)}`, 'JSON Web Key'],
  ['jwk-in-base64', base64(JSON.stringify(ed25519)), 'JSON Web Key'],
  ['jwk-with-an-escaped-name', `{"\\u006bty":"OKP","crv":"Ed25519","x":"${ed25519.x}"}`, 'JSON Web Key'],
  ['jwk-set', JSON.stringify({ keys: [rsa, ed25519] }), 'JWK Set'],
  [
    'jwk-set-that-is-empty',
    JSON.stringify({ keys: [], comment: 'an empty set is a set all the same' }),
    'JWK Set',
  ],
  [
    'jwk-set-of-secrets',
    JSON.stringify({ keys: [{ kty: 'oct', k: base64url(Buffer.alloc(32, 7)) }] }, null, '\t'),
    'JWK Set',
  ],
  ['jwk-set-in-base64url', base64url(JSON.stringify({ keys: [ec] })), 'JWK Set'],
];

/** `[name, secret]`: what only looks like a key. */
export const NEARLY_KEYS = [
  [
    'base64-of-random-bytes',
    base64(Buffer.from(Array.from({ length: 48 }, (_, at) => (at * 167 + 41) % 256))),
  ],
  ['hex', Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 167 + 41) % 256)).toString('hex')],
  ['dashes-and-begin', "-----BEGINNERS' secret, long enough for HS256-----"],
  ['begin-without-dashes', 'BEGIN PUBLIC KEY is how a long secret may begin'],
  ['four-dashes', '----BEGIN PUBLIC KEY---- is not how PEM begins'],
  ['words-about-ssh', 'ssh-rsa is not what I use, I use long passwords'],
  ['curve-name', 'ecdsa-sha2-nistp256 is the name of a curve, and long'],
  ['ssh-type-without-key', 'ssh-ed25519 BBBBC3NzaC1lZDI1NTE5 but this is not a key'],
  ['uuids', '123e4567-e89b-12d3-a456-426614174000'.repeat(2)],
  ['json-that-is-no-key', '{"secret":"what is in an environment variable"}'],
  ['json-array-of-a-key', '[{"kty":"oct"},"a secret that is long enough"]'],
  ['json-with-keys-that-are-no-list', '{"keys":"many, and each of them quite long"}'],
  ['json-with-kty-inside', '{"inside":{"kty":"oct"},"and":"long enough, too"}'],
  ['json-that-is-cut', '{"kty":"oct","k":"a secret that is long enough"'],
  ['spki-and-a-byte', Buffer.concat([spki('ed25519'), Buffer.of(0)])],
  ['spki-less-a-byte', spki('rsa').subarray(0, -1)],
  ['der-of-another-shape', Buffer.concat([Buffer.of(0x30, 0x21, 0x02, 0x1f), Buffer.alloc(31, 7)])],
  ['sequence-tag-alone', Buffer.concat([Buffer.of(0x30), Buffer.alloc(40, 0xff)])],
  ['raw-ed25519-bytes', ed25519Bytes],
];
