// Builds the package from the sources with the mutants in them; then puts the sources back, for the
// tests that read them.
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});
cpSync('../../ts', 'ts', { recursive: true });
