// The size of the WebAssembly module, and the memory that an instance takes before it verifies.
// Run: node wasm.mjs MODULE
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const bytes = readFileSync(process.argv[2]);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
exports.reserve(0);
console.log(
  JSON.stringify({
    set: 'memory',
    op: 'module',
    name: 'mjwt.wasm',
    kind: 'ours',
    raw_bytes: bytes.length,
    brotli_bytes: brotliCompressSync(bytes).length,
    instance_bytes: exports.memory.buffer.byteLength,
  }),
);
