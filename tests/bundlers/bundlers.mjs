// Each bundler, as its documentation says to start it: nothing here is about the package that goes
// through.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { build as rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';

const require = createRequire(import.meta.url);

export const withEsbuild = (format, file, external) => async (entry, out) => {
  const options = { bundle: true, platform: 'node', logLevel: 'silent', external };
  await esbuild.build({ ...options, entryPoints: [entry], format, outfile: join(out, file) });
  return file;
};

async function withWebpack(entry, out) {
  const config = { mode: 'production', context: dirname(entry), entry, target: 'node' };
  const compiler = webpack({ ...config, output: { path: out, filename: 'bundle.cjs' } });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
  });
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  return 'bundle.cjs';
}

const withRollup = (format, file) => async (input, out) => {
  const resolve = nodeResolve({ exportConditions: ['node'], preferBuiltins: true });
  const bundle = await rollup({ input, plugins: [resolve, commonjs(), json()], onwarn: () => {} });
  await bundle.write({ file: join(out, file), format, inlineDynamicImports: true });
  await bundle.close();
  return file;
};

const withRolldown = (format, file) => async (input, out) => {
  const output = { file: join(out, file), format, inlineDynamicImports: true };
  await rolldown({ input, platform: 'node', output, logLevel: 'silent' });
  return file;
};

async function withNcc(entry, out) {
  const { code, assets } = await require('@vercel/ncc')(entry, { cache: false, quiet: true });
  for (const [name, { source }] of Object.entries(assets)) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), source);
  }
  writeFileSync(join(out, 'index.mjs'), code);
  return 'index.mjs';
}

async function withViteSsr(entry, outDir) {
  const root = dirname(entry);
  const build = {
    ssr: entry,
    outDir,
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: 'server.mjs' } },
  };
  await vite({ root, configFile: false, logLevel: 'silent', ssr: { noExternal: true }, build });
  return 'server.mjs';
}

/** A page, in whose folder index.html loads the entry. */
export async function withVite(root, outDir) {
  await vite({ root, configFile: false, logLevel: 'silent', build: { outDir, emptyOutDir: true } });
}

/** Each takes an entry and an output folder, and returns the name of the file to start. */
export const bundlers = {
  'esbuild, ESM': withEsbuild('esm', 'bundle.mjs'),
  'esbuild, CommonJS': withEsbuild('cjs', 'bundle.cjs'),
  webpack: withWebpack,
  'Rollup, ESM': withRollup('es', 'bundle.mjs'),
  'Rollup, CommonJS': withRollup('cjs', 'bundle.cjs'),
  'Rolldown, ESM': withRolldown('esm', 'bundle.mjs'),
  'Rolldown, CommonJS': withRolldown('cjs', 'bundle.cjs'),
  'Vite SSR, `ssr.noExternal: true`': withViteSsr,
  ncc: withNcc,
};
