// The packed package in a page that Vite builds, in headless Chromium.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../chromium.mjs';
import { checkReport, documented, install, installReference, reference } from '../runtimes/support.mjs';
import { withVite } from './bundlers.mjs';
import { brokenBuild, emptyFolder, program } from './programs.mjs';

const flow = 'Vite, a page in Chromium';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript' };

let browser;
before(async () => {
  browser = await chromium.launch(chromiumOptions);
});
after(() => browser?.close());

/** Serves a folder on this machine alone. */
async function serve(folder) {
  const server = createServer(({ url }, response) => {
    const path = url === '/' ? '/index.html' : url;
    try {
      const body = readFileSync(join(folder, path));
      response
        .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The page's report, or what went wrong in it. */
async function open(folder) {
  const server = await serve(folder);
  const page = await browser.newPage();
  try {
    const end = new Promise((resolve) => {
      page.on('console', (message) => {
        if (message.type() === 'log') resolve({ status: 0, stdout: message.text(), stderr: '' });
      });
      page.on('pageerror', (error) =>
        resolve({ status: 1, stdout: '', stderr: `${error.name}: ${error.message}` }),
      );
    });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await end;
  } finally {
    await page.close();
    server.close();
  }
}

async function buildAndOpen(project, check) {
  program(project, check);
  writeFileSync(
    join(project.folder, 'index.html'),
    '<!doctype html><script type="module" src="/entry.mjs"></script>',
  );
  const out = emptyFolder();
  await withVite(project.folder, out);
  return open(out);
}

it(flow, async () => {
  const projects = [
    await install('own', 'mastra-jwt', 'mastra-jwt'),
    await install('alias', '@mastra/auth', '@mastra/auth@npm:mastra-jwt'),
  ];
  for (const project of projects) {
    const { status, stdout, stderr } = await buildAndOpen(project, 'checkAll');
    assert.equal(status, 0, stderr);
    checkReport(JSON.parse(stdout), 'wasm');
  }
  const theirs = await buildAndOpen(await installReference(), 'checkReference').catch(brokenBuild);
  documented(flow, reference(theirs), 'wasm');
});
