// Prints tests/vectors as the tables that vectors.c runs: a C compiler is then all that a platform
// needs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const vectorsOf = (name) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', `${name}.json`), 'utf8')).vectors;
const bytesOf = (text) => Buffer.from(text, 'base64url');

/** `"text", length` */
function literal(value) {
  if (value === undefined) return '0, 0';
  const bytes = Buffer.from(value);
  let text = '';
  for (const byte of bytes) {
    const plain = byte >= 32 && byte < 127 && !'"\\?'.includes(String.fromCharCode(byte));
    text += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${text}", ${bytes.length}`;
}

const lines = [];
const verify = vectorsOf('verify').map((vector, index) => {
  const { name, keys = [], jwks, policy, token, token_base64url: raw, now, code, claims } = vector;
  const rows = keys.map(({ secret, kid }) => `{${literal(bytesOf(secret))}, ${literal(kid)}}`);
  if (rows.length > 0) lines.push(`static const struct key keys_${index}[] = {${rows.join(', ')}};`);
  const fields = [
    literal(name).replace(/, \d+$/, ''),
    rows.length > 0 ? `keys_${index}` : '0',
    rows.length,
    literal(jwks),
    literal(policy && JSON.stringify(policy)),
    literal(token ?? bytesOf(raw)),
    `INT64_C(${now})`,
    code,
    literal(claims),
  ];
  return `  {${fields.join(', ')}},`;
});
lines.push('static const struct verified verified[] = {', ...verify, '};');

const sign = vectorsOf('sign').filter(({ secret, jwks, token }) => secret && !jwks && token);
lines.push('static const struct made made[] = {');
for (const vector of sign) {
  const { name, secret, kid, alg, claims, token } = vector;
  const fields = [
    literal(name).replace(/, \d+$/, ''),
    literal(bytesOf(secret)),
    literal(kid),
    `MJWT_ALG_${alg}`,
    vector.allow_short_keys ? 'MJWT_SIGNER_ALLOW_SHORT_KEYS' : 0,
    vector.max_token_bytes ?? 16384,
    literal(claims),
    literal(token),
  ];
  lines.push(`  {${fields.join(', ')}},`);
}
lines.push('};');
console.log(lines.join('\n'));
