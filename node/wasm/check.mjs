// check.mjs MODULE OWN-STD: prints the sizes of a module, and fails where it imports something or
// is larger than it may be. OWN-STD is 0 where the standard library came compiled, with the texts
// of its panics in it: that adds to the size.
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const [, , path, ownStd] = process.argv;
const KB = 1000;
const limits = ownStd === '0' ? { raw: 175 * KB, brotli: 70 * KB } : { raw: 150 * KB, brotli: 55 * KB };
const memoryLimit = 320 * 1024;

const bytes = readFileSync(path);
const module = new WebAssembly.Module(bytes);
const { exports } = new WebAssembly.Instance(module, {});
exports.reserve(0);
const found = {
  raw: bytes.length,
  brotli: brotliCompressSync(bytes).length,
  memory: exports.memory.buffer.byteLength,
};
const text = `${found.raw} bytes, ${found.brotli} with brotli, ${found.memory} bytes of memory an instance`;
process.stdout.write(`mjwt.wasm: ${text}\n`);

const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
const wrong = [];
if (imports.length > 0) wrong.push(`imports ${imports.join(', ')}; it must import nothing`);
if (found.raw > limits.raw) wrong.push(`is larger than ${limits.raw} bytes`);
if (found.brotli > limits.brotli) wrong.push(`is larger than ${limits.brotli} bytes with brotli`);
if (found.memory > memoryLimit) wrong.push(`takes more than ${memoryLimit} bytes of memory`);
for (const why of wrong) process.stderr.write(`mjwt.wasm ${why}\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
