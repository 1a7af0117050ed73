// How the cost of a verification in Node grows: bytes of the token, keys told apart by kid,
// required claims. One JSON object a line. Run: node growth.mjs FLOOR.node [quick]
import { createHmac } from 'node:crypto';
import { createVerifier } from 'mastra-jwt';
import { floorOf } from './floor.mjs';
import { interleave } from './interleave.mjs';

const [floorFile, mode] = process.argv.slice(2);
const effort = mode === 'quick' ? { rounds: 5, batch: 1_000_000 } : { rounds: 41, batch: 3_000_000 };
const node = process.versions.node.split('.')[0];
const secret = 'supersecretdevkeythatishs256safe!'; // the one of which FLOOR.node knows
const base64url = (text) => Buffer.from(text).toString('base64url');
function signed(claims, { key = secret, kid } = {}) {
  const input = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid }))}.${base64url(JSON.stringify(claims))}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}
const session = {
  sub: 'user-42',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  iat: 1700000000,
  exp: 4102444800,
};
const ours = (what, run) => ({ kind: 'ours', name: 'mastra-jwt createVerifier', what, run });
async function report(group, contenders) {
  for (const row of await interleave(contenders, effort)) {
    console.log(JSON.stringify({ set: 'growth', node, op: 'verify', case: group, ...row }));
  }
}

const ROLES = [
  'admin',
  'billing:read',
  'ops',
  'support-tier-2',
  'audit.log.viewer',
  'eu-west',
  'release-manager',
];
const MOST_BYTES = 1 << 24;
const verify = createVerifier({ secret, maxTokenBytes: MOST_BYTES });
for (const size of [200, 1 << 14, 1 << 20, MOST_BYTES]) {
  // Twelve bytes of JSON a role, so sixteen of the token, and a little less to stay within the
  // size.
  const roles = Array.from(
    { length: Math.floor((size - 200) / 22) },
    (_, at) => ROLES[(at * 2654435761) % ROLES.length],
  );
  const token = signed(roles.length > 0 ? { ...session, roles } : session);
  const payload = Buffer.from(token.split('.')[1], 'base64url').toString();
  const { hmac } = floorOf(floorFile, [token]);
  const what = { bytes: token.length, size };
  await report('bytes', [
    ours(what, () => verify(token)),
    {
      kind: 'floor',
      name: 'floor: JSON.parse + HMAC + native call',
      what,
      run: () => (hmac(), JSON.parse(payload)),
    },
  ]);
}

const keyOf = (at) => ({
  kid: `2026-${String(at).padStart(4, '0')}`,
  secret: `${String(at).padStart(4, '0')} ${secret}`,
});
await report(
  'keys',
  [1, 8, 64, 1000].map((count) => {
    const keys = Array.from({ length: count }, (_, at) => keyOf(at));
    const one = createVerifier({ secret: keys });
    const tokens = Array.from({ length: 8 }, (_, at) => {
      const { kid, secret: key } = keys[Math.max(1, Math.floor(((at + 1) * count) / 8)) - 1];
      return signed(session, { key, kid });
    });
    return ours({ keys: count }, (turn) => one(tokens[turn % 8]));
  }),
);

const names = Array.from({ length: 64 }, (_, at) => `claim-${String(at).padStart(2, '0')}`);
const rich = signed({
  ...session,
  ...Object.fromEntries(names.map((name, at) => [name, `${(at + 1) * 7}`])),
});
await report(
  'required claims',
  [0, 1, 8, 64].map((count) => {
    const one = createVerifier({ secret, ...(count > 0 && { requiredClaims: names.slice(0, count) }) });
    return ours({ required: count }, () => one(rich));
  }),
);
