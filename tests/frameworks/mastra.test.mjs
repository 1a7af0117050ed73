// A Mastra project under `mastra build`, `mastra dev` and the deployers that npm has.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, it } from 'node:test';
import { documented, work } from '../runtimes/support.mjs';
import { SECRET } from '../mastra/suite/tokens.mjs';
import {
  checkGuarded,
  checkReport,
  must,
  projects,
  referenceOf,
  reportOf,
  served,
  writeFiles,
} from './support.mjs';

let ours, theirs;
before(async () => {
  ({ ours, theirs } = await projects('mastra'));
});

/** The project: an agent whose model says always the same, and a route that reports all cases. */
const source = (check, settings, imports) => `
${imports}
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { registerApiRoute } from '@mastra/core/server';
import * as library from '@mastra/auth';
import cases from './cases.mjs';
import vectors from './vectors.json';

const model = {
  specificationVersion: 'v2',
  provider: 'none',
  modelId: 'none',
  supportedUrls: {},
  doGenerate: async () => ({
    content: [{ type: 'text', text: 'London: 14 degrees, light rain until noon.' }],
    finishReason: 'stop',
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    warnings: [],
  }),
};
const instructions = 'You report the weather.';

export const mastra = new Mastra({
  agents: { weatherAgent: new Agent({ id: 'weather-agent', name: 'Weather', instructions, model }) },
  ${settings}
  server: {
    auth: new library.MastraJwtAuth({ secret: process.env.JWT_AUTH_SECRET }),
    apiRoutes: [
      registerApiRoute('/cases', {
        method: 'GET',
        requiresAuth: false,
        handler: async (c) => c.json(await cases.${check}(library, vectors)),
      }),
    ],
  },
});
`;

const write = ({ folder, check }, { settings = '', imports = '' }) =>
  writeFiles(join(folder, 'src', 'mastra'), { 'index.ts': source(check, settings, imports) });

/** Asks a server that runs. */
async function ask(url) {
  await checkGuarded(`${url}/api/agents/weather-agent/generate`, {
    method: 'POST',
    body: JSON.stringify({ messages: ['What is the weather in London?'] }),
  });
  return reportOf(`${url}/cases`);
}

const cli = ({ folder }, ...args) => [
  process.execPath,
  join(folder, 'node_modules', 'mastra', 'dist', 'index.js'),
  ...args,
];

let count = 0;
/** Builds, and moves what was built into a new folder without its node_modules. */
async function build(project, flow) {
  write(project, flow);
  for (const made of ['.mastra', '.vercel'])
    rmSync(join(project.folder, made), { recursive: true, force: true });
  await must(project.folder, cli(project, 'build'));
  const out = join(project.folder, flow.out ?? join('.mastra', 'output'));
  const moved = join(work, `mastra-${++count}`);
  for (const file of readdirSync(out)) {
    if (file !== 'node_modules') cpSync(join(out, file), join(moved, file), { recursive: true });
  }
  return moved;
}

async function builtAndStarted(project, flow) {
  const moved = await build(project, flow);
  await must(moved, ['npm', 'ci']);
  return served(moved, () => [process.execPath, ...(flow.program ?? ['index.mjs'])], ask);
}

async function onWorkerd(project, flow) {
  const wrangler = join(project.folder, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  const command = (port) => [
    ...[process.execPath, wrangler, 'dev', '--local', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--show-interactive-dev-session=false', '--var', `JWT_AUTH_SECRET:${SECRET}`],
  ];
  return served(await build(project, flow), command, ask);
}

async function inDevelopment(project, flow) {
  write(project, flow);
  return served(project.folder, () => cli(project, 'dev'), ask);
}

const flows = [
  { flow: '`mastra build`', start: builtAndStarted, backend: 'native' },
  {
    flow: '`mastra build`, `externals` lists others',
    settings: "bundler: { externals: ['hono'] },",
    start: builtAndStarted,
    backend: 'wasm',
  },
  {
    flow: '`mastra build`, `externals: false`',
    settings: 'bundler: { externals: false },',
    start: builtAndStarted,
    backend: 'wasm',
  },
  {
    flow: '`mastra build`, `externals: true`',
    settings: 'bundler: { externals: true },',
    start: builtAndStarted,
    backend: 'native',
  },
  { flow: '`mastra dev`', start: inDevelopment, backend: 'native' },
  {
    flow: '`mastra build`, `VercelDeployer`',
    imports: "import { VercelDeployer } from '@mastra/deployer-vercel';",
    settings: 'deployer: new VercelDeployer(),',
    out: join('.vercel', 'output', 'functions', 'index.func'),
    program: [join(import.meta.dirname, 'vercel.mjs')],
    start: builtAndStarted,
    backend: 'native',
  },
  {
    flow: '`mastra build`, `CloudflareDeployer`, workerd by wrangler',
    imports: "import { CloudflareDeployer } from '@mastra/deployer-cloudflare';",
    settings: "deployer: new CloudflareDeployer({ name: 'weather' }),",
    start: onWorkerd,
    backend: 'js',
  },
];

for (const flow of flows) {
  it(flow.flow, async () => {
    checkReport(await flow.start(ours, flow), flow.backend);
    documented(flow.flow, await referenceOf(() => flow.start(theirs, flow)), flow.backend);
  });
}
