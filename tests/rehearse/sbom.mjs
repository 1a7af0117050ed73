// Checks the bills of materials that `make dist` wrote against the schema of CycloneDX: node
// sbom.mjs DIST
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(process.argv[2], 'sbom');
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
const files = readdirSync(folder);
let components = 0;
for (const file of files) {
  const text = readFileSync(join(folder, file), 'utf8');
  const error = await validator.validate(text);
  if (error) {
    console.error(`sbom: ${file}: ${JSON.stringify(error)}`);
    process.exitCode = 1;
  }
  components += JSON.parse(text).components.length;
}
if (files.length === 0) throw new Error(`there is nothing in ${folder}`);
console.log(`sbom: ${files.length} bills of ${components} components are CycloneDX 1.5`);
