/** The policy as a form, and as the document that all services share (core/policy.schema.json). */
import { DEFAULT_ALGORITHMS } from '../ts/algorithms.js';
import type { PolicyDocument } from '../ts/options.js';
import schema from '../../core/policy.schema.json';
import { element } from './dom.js';

export type { PolicyDocument };

type Member = keyof PolicyDocument;
type Kind = 'texts' | 'text' | 'number' | 'switch';

interface Property {
  title: string;
  description: string;
  type?: string;
  $ref?: string;
}

function kindOf({ type, $ref }: Property): Kind {
  if ($ref === '#/$defs/texts' || type === 'array') return 'texts';
  if (type === 'integer') return 'number';
  return type === 'boolean' ? 'switch' : 'text';
}

/** A field for each member of the schema: those to write in first, then those to switch. */
const FIELDS = Object.entries<Property>(schema.properties)
  .map(([member, property]) => ({ ...property, member: member as Member, kind: kindOf(property) }))
  .toSorted((a, b) => Number(a.kind === 'switch') - Number(b.kind === 'switch'));

const field = (member: Member): HTMLInputElement => element(`policy-${member}`, HTMLInputElement);

/** Makes the fields of the form. */
export function makeForm(parent: HTMLElement, changed: () => void): void {
  for (const { member, kind, title, description } of FIELDS) {
    const text = kind === 'texts' ? `${title}, separated by commas` : title;
    const input = document.createElement('input');
    input.id = `policy-${member}`;
    input.type = kind === 'switch' ? 'checkbox' : 'text';
    if (kind === 'number') input.inputMode = 'numeric';
    input.title = description;
    input.autocomplete = 'off';
    input.spellcheck = false;
    input.addEventListener('input', changed);
    const label = document.createElement('label');
    if (kind === 'switch') {
      label.className = 'switch';
      label.append(input, text);
      parent.append(label);
    } else {
      const cell = document.createElement('div');
      label.htmlFor = input.id;
      label.textContent = text;
      cell.append(label, input);
      parent.append(cell);
    }
  }
  // As the Node package has it by default.
  field('algorithms').value = DEFAULT_ALGORITHMS.join(', ');
  field('allowShortKeys').checked = true;
}

/**
 * The document of the form. A number that is not one goes into it as text, so that the core says
 * what it must be.
 */
export function readForm(): PolicyDocument {
  const policy: Record<string, unknown> = {};
  for (const { member, kind } of FIELDS) {
    const { value, checked } = field(member);
    if (kind === 'switch') {
      if (checked) policy[member] = true;
    } else if (value.trim() !== '') {
      if (kind === 'number') policy[member] = /^\d+$/.test(value.trim()) ? Number(value) : value;
      else if (kind === 'text') policy[member] = value;
      else
        policy[member] = value
          .split(',')
          .map((text) => text.trim())
          .filter((text) => text !== '');
    }
  }
  return policy as PolicyDocument;
}

/** Fills the form from a document that the core has accepted. */
export function writeForm(policy: PolicyDocument): void {
  for (const { member, kind } of FIELDS) {
    const value = policy[member];
    if (kind === 'switch') field(member).checked = value === true;
    else field(member).value = value === undefined ? '' : [value].flat().join(', ');
  }
  // A document without algorithms allows HS256 alone.
  field('algorithms').value = (policy.algorithms ?? ['HS256']).join(', ');
}
