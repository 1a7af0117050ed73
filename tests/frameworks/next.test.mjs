// A Next.js project: a route handler on Node and on the edge runtime, and what runs before every
// route.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, it } from 'node:test';
import { documented, work } from '../runtimes/support.mjs';
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
  ({ ours, theirs } = await projects('next'));
});

const CONFIG = `export default { output: 'standalone', outputFileTracingRoot: import.meta.dirname };`;

/**
 * What a handler needs: `handle` answers with the report of all cases, or to who shows a valid
 * token.
 */
const handler = (check, to) => `
import * as library from '@mastra/auth';
import cases from '${to}cases.mjs';
import vectors from '${to}vectors.json';

const auth = new library.MastraJwtAuth({ secret: process.env.JWT_AUTH_SECRET });

async function handle(request) {
  if (new URL(request.url).searchParams.has('cases')) {
    return Response.json(await cases.${check}(library, vectors));
  }
  const [, token = ''] = /^Bearer (.*)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  try {
    return Response.json(await auth.authenticateToken(token, request));
  } catch (error) {
    return Response.json({ error: error.message }, { status: 401 });
  }
}
`;

const route = (settings) => (check) => ({
  'app/api/route.js': `${handler(check, '../../')}
${settings}
export const dynamic = 'force-dynamic';
export const GET = handle;
`,
});
/** A file that runs before the routes. The route that it guards would answer everybody. */
const ahead = (name) => (check) => ({
  [`${name}.js`]: `${handler(check, './')}
export const ${name} = handle;
export const config = { matcher: '/api' };
`,
  'app/api/route.js': `export const GET = () => new Response('not guarded');`,
});

async function build({ folder, check }, { files }) {
  for (const made of ['.next', 'app', 'middleware.js', 'proxy.js'])
    rmSync(join(folder, made), { recursive: true, force: true });
  writeFiles(folder, { 'next.config.mjs': CONFIG, ...files(check) });
  await must(
    folder,
    [process.execPath, join(folder, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'],
    {
      JWT_AUTH_SECRET: 'of the build alone, and not what the server is started with',
    },
  );
}

let count = 0;
async function builtAndStarted(project, flow) {
  await build(project, flow);
  const moved = join(work, `next-${++count}`);
  cpSync(join(project.folder, '.next', 'standalone'), moved, { recursive: true });
  return served(
    moved,
    () => [process.execPath, 'server.js'],
    async (url) => {
      await checkGuarded(`${url}/api`);
      return reportOf(`${url}/api?cases`);
    },
  );
}

const flows = [
  { flow: '`next build`, a route handler', files: route(''), backend: 'wasm' },
  {
    flow: "`next build`, a route handler, `runtime = 'edge'`",
    files: route("export const runtime = 'edge';"),
    backend: 'wasm',
  },
  { flow: '`next build`, `middleware`, on the edge runtime', files: ahead('middleware'), backend: 'wasm' },
  { flow: '`next build`, `proxy`, on Node', files: ahead('proxy'), backend: 'wasm' },
];

for (const flow of flows) {
  it(flow.flow, async () => {
    checkReport(await builtAndStarted(ours, flow), flow.backend);
    documented(flow.flow, await referenceOf(() => builtAndStarted(theirs, flow)), flow.backend);
  });
}
