// The packed package through each bundler with its default settings; the bundle runs in a folder of
// its own.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  checkReport,
  documented,
  install,
  installReference,
  lastLine,
  reference,
} from '../runtimes/support.mjs';
import { bundlers, withEsbuild } from './bundlers.mjs';
import { brokenBuild, emptyFolder, program, start } from './programs.mjs';

let own, alias, theirs;
before(async () => {
  own = await install('own', 'mastra-jwt', 'mastra-jwt');
  alias = await install('alias', '@mastra/auth', '@mastra/auth@npm:mastra-jwt');
  theirs = await installReference();
});

for (const [flow, bundle] of Object.entries(bundlers)) {
  it(flow, async () => {
    for (const project of [own, alias]) {
      const out = emptyFolder();
      const result = await start(out, await bundle(program(project, 'checkAll'), out));
      checkReport(lastLine(result), 'wasm');
      assert.ok(!result.stderr.includes('MJWT_WASM_FALLBACK'), result.stderr);
    }
    const out = emptyFolder();
    const file = await bundle(program(theirs, 'checkReference'), out).catch(brokenBuild);
    documented(flow, reference(typeof file === 'string' ? await start(out, file) : file), 'wasm');
  });
}

describe('a bundle that stays in its project', () => {
  for (const flow of ['esbuild, ESM', 'esbuild, CommonJS']) {
    it(`finds the addon: ${flow}`, async () => {
      const out = join(own.folder, 'dist');
      const file = await bundlers[flow](program(own, 'checkAll'), out);
      checkReport(lastLine(await start(out, file)), 'native');
    });
  }

  it('finds the addon where the package is left out of it', async () => {
    for (const project of [own, alias]) {
      const out = join(project.folder, 'dist');
      const file = await withEsbuild('esm', 'external.mjs', [project.name])(
        program(project, 'checkAll'),
        out,
      );
      checkReport(lastLine(await start(out, file)), 'native');
    }
  });
});
