// What the command does to JSON text, against JSON.parse and JSON.stringify.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readJson, tooGreat, writeJson } from '../dist/cli/exact-json.js';
import { visible } from '../dist/cli/print.js';

const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
const text = fc.string({ unit: 'binary', maxLength: 20 });
const units = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
const digits = (min) => fc.stringMatching(new RegExp(`^[0-9]{${min},25}$`));
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(1).map((it) => it.replace(/^0+(?=.)/, '')),
    fc.oneof(
      fc.constant(''),
      digits(1).map((it) => `.${it}`),
    ),
    fc.constantFrom('', 'e3', 'E-7', 'e+2'),
  )
  .map((parts) => parts.join(''));

describe('exact JSON', () => {
  it('writes any value as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const json = JSON.stringify(value, undefined, indent);
        assert.equal(writeJson(readJson(json), indent), json);
      }),
    );
  });

  it('leaves every number as it is written', () => {
    fc.assert(
      fc.property(numberText, text, (number, string) => {
        const parts = ['{', JSON.stringify(string), ':', '[', number, ',', JSON.stringify(number), ']', '}'];
        assert.deepEqual(JSON.parse(parts.join('')), { [string]: [Number(number), number] });
        assert.equal(writeJson(readJson(parts.join(' \n\t'))), parts.join(''));
      }),
    );
  });

  it('finds a number that is too great, and no string that looks like one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('1e400', '-1e309', '9'.repeat(400)), (value, number) => {
        const json = JSON.stringify([JSON.stringify(value), `"${number}`, number, value]);
        assert.equal(tooGreat(json), undefined);
        assert.equal(tooGreat(`[${json},${number}]`), number);
      }),
    );
  });
});

describe('visible text', () => {
  it('means the same in JSON, and acts on no terminal', () => {
    fc.assert(
      fc.property(fc.oneof(units, text), (string) => {
        const json = visible(JSON.stringify({ [string]: string }, undefined, 2));
        assert.deepEqual(JSON.parse(json), { [string]: string });
        assert.doesNotMatch(json, UNSAFE);
      }),
      { numRuns: 1000 },
    );
  });
});
