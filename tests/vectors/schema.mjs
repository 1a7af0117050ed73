// core/policy.schema.json against the vectors of policy.json and config.json: a validator must say
// of each document what the reader of the core says, except where no schema can.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const schema = read('../../core/policy.schema.json');
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

function accepts(document) {
  try {
    return validate(JSON.parse(document));
  } catch (error) {
    assert.equal(error.name, 'SyntaxError');
    return false;
  }
}

const { vectors } = read('policy.json');
const wrong = [];
for (const { name, document, code, schema: verdict } of vectors) {
  const expected = verdict === undefined ? code === 0 : verdict === 'accept';
  if (accepts(document) !== expected)
    wrong.push(`${name}: the schema ${expected ? 'refuses' : 'accepts'} it`);
  if (verdict !== undefined && expected === (code === 0))
    wrong.push(`${name}: no need to say what the schema says`);
}
// Each policy that a verifier was made of is a good document.
for (const { name, policy } of read('verify.json').vectors) {
  if (!validate(policy)) wrong.push(`${name}: the schema refuses its policy`);
}
for (const [member, { title, description }] of Object.entries(schema.properties)) {
  if (!title || !description) wrong.push(`${member}: no title or no description`);
}
assert.equal(wrong.join('\n'), '');
const others = vectors.filter((vector) => vector.schema !== undefined).length;
console.log(
  `the policy schema agrees with ${vectors.length - others} of ${vectors.length} documents; of ${others} it cannot tell`,
);
