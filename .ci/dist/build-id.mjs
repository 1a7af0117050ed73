// node build-id.mjs PROGRAM: gives a Windows program a build id that is the same in every build.
//
// lld computes the id from a PDB file, which contains the paths of this build and is not published
// (the debug symbols are DWARF). This computes the id from the program instead.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const program = readFileSync(file);
const entry = program.indexOf('RSDS'); // The signature, 16 bytes of id, its age, the name of the PDB.
if (entry >= 0) {
  const marked = program.subarray(entry + 12, entry + 20).toString('latin1');
  if (marked !== 'LLD PDB.' || program.indexOf('RSDS', entry + 4) >= 0)
    throw new Error(`${file}: no build id of lld's`);
  const id = program.subarray(entry + 4, entry + 20);
  id.fill(0);
  createHash('sha256').update(program).digest().copy(id, 0, 0, id.length);
  writeFileSync(file, program);
}
