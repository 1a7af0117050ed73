// Offline Mastra servers for the tests: real Mastra, real HTTP on 127.0.0.1, a mock for the
// language model.
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { inspect } from 'node:util';
import { serve } from '@hono/node-server';
import { Agent } from '@mastra/core/agent';
import { MastraLogger } from '@mastra/core/logger';
import { Mastra } from '@mastra/core/mastra';
import { registerApiRoute } from '@mastra/core/server';
import { createMockModel } from '@mastra/core/test-utils/llm-mock';
import { Hono } from 'hono';

const pins = JSON.parse(readFileSync(new URL('./package.json', import.meta.url))).dependencies;

/** The Mastra that is installed beside this file. */
export const CORE = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@mastra/core/package.json')),
).version;
/** Mastra 1.0 has no `mapUserToResourceId`, no `/api/auth` routes and an adapter for Hono only. */
export const OLD = CORE.startsWith('1.0.');
export const ADAPTERS = ['hono', 'express', 'fastify'].filter((name) => pins[`@mastra/${name}`]);
export const WEATHER = 'London: 14 degrees, light rain until noon.';

/** Every line that Mastra logs while a server is up, kept for the tests instead of printed. */
class Recorder extends MastraLogger {
  lines = [];
  debug() {}
  info() {}
  warn(...args) {
    this.lines.push(['warn', ...args]);
  }
  error(...args) {
    this.lines.push(['error', ...args]);
  }
}

const weatherAgent = () =>
  new Agent({
    id: 'weather-agent',
    name: 'Weather Agent',
    instructions: 'You report the weather.',
    model: createMockModel({ mockText: WEATHER, version: 'v2' }),
  });

/**
 * Answers with what Mastra knows about the caller: the user that the provider returned, and the
 * resource id.
 */
function whoAmIAgent() {
  const describe = (requestContext) =>
    JSON.stringify({
      user: requestContext.get('user') ?? null,
      resource: requestContext.get('mastra__resourceId') ?? null,
    });
  const model = createMockModel({ mockText: '', version: 'v2' });
  const generate = model.doGenerate;
  model.doGenerate = async (options) => {
    const text = options.prompt.find((message) => message.role === 'system').content;
    return { ...(await generate(options)), content: [{ type: 'text', text }] };
  };
  return new Agent({
    id: 'who-am-i',
    name: 'Who am I',
    instructions: ({ requestContext }) => describe(requestContext),
    model,
  });
}

const customRoutes = () => [
  registerApiRoute('/reports/daily', { method: 'GET', handler: (c) => c.json({ report: 'daily' }) }),
  registerApiRoute('/reports/open', {
    method: 'GET',
    requiresAuth: false,
    handler: (c) => c.json({ report: 'open' }),
  }),
];

const LISTEN = {
  async hono(mastra) {
    const { MastraServer, createAuthMiddleware } = await import('@mastra/hono');
    const app = new Hono();
    await new MastraServer({ app, mastra }).init();
    // Routes of the user's own beside Mastra's. Mastra 1.0 guards the whole app and has no
    // createAuthMiddleware.
    if (createAuthMiddleware) app.use('/own/*', createAuthMiddleware({ mastra }));
    app.all('/own/:name', (c) => c.json({ own: c.req.param('name') }));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await once(server, 'listening');
    return { server, close: () => server.close() };
  },
  async express(mastra) {
    const { MastraServer } = await import('@mastra/express');
    const { default: express } = await import('express');
    const app = express();
    app.use(express.json());
    await new MastraServer({ app, mastra }).init();
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { server, close: () => server.close() };
  },
  async fastify(mastra) {
    const { MastraServer } = await import('@mastra/fastify');
    const { default: Fastify } = await import('fastify');
    const app = Fastify();
    await new MastraServer({ app, mastra }).init();
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { server: app.server, close: () => app.close() };
  },
};

/**
 * A Mastra server guarded by `auth`, on a free port of 127.0.0.1.
 * @returns `url`; `lines`, what Mastra logged as `[level, ...args]`; `logged()`, the same as one
 *   text; `close()`.
 */
export async function startServer(auth, { adapter = 'hono' } = {}) {
  const logger = new Recorder({ name: 'test' });
  const mastra = new Mastra({
    agents: { weatherAgent: weatherAgent(), whoAmI: whoAmIAgent() },
    logger,
    server: { auth, ...(OLD ? {} : { apiRoutes: customRoutes() }) },
  });
  const { server, close } = await LISTEN[adapter](mastra);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    lines: logger.lines,
    logged: () => inspect(logger.lines, { depth: 20, maxStringLength: null }),
    async close() {
      server.closeAllConnections();
      await close();
    },
  };
}

/** As `startServer`, closed when the test `t` ends. */
export async function serverFor(t, auth, options) {
  const server = await startServer(auth, options);
  t.after(() => server.close());
  return server;
}

// Mastra 1.0 prints refusals with console.error and some warnings go to console.warn: kept here, so
// that the tests can look for secrets in them and the report stays readable.
export const printed = [];
console.error = console.warn = (...args) => {
  printed.push(args);
};

/**
 * One HTTP request, over node:http because fetch would tidy header values up.
 * @returns `{ status, type, body }`; the body is parsed where it is JSON.
 */
export function send(url, path, { method = 'GET', headers = {}, json } = {}) {
  return new Promise((resolve, reject) => {
    const payload = json === undefined ? undefined : JSON.stringify(json);
    const request = http.request(
      `${url}${path}`,
      {
        method,
        agent: false,
        headers: {
          ...(payload
            ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
            : {}),
          ...headers,
        },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const type = response.headers['content-type'] ?? '';
          const isJson = type.includes('application/json') && text !== '';
          resolve({ status: response.statusCode, type, body: isJson ? JSON.parse(text) : text });
        });
      },
    );
    request.on('error', reject);
    request.end(payload);
  });
}

export const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** Asks an agent; `answer` is what it said. */
export async function ask(url, agent, { headers, query = '', messages = 'Weather in London' } = {}) {
  const { status, body } = await send(url, `/api/agents/${agent}/generate${query}`, {
    method: 'POST',
    headers,
    json: { messages },
  });
  return status === 200 ? { status, answer: body.text } : { status, body };
}

/**
 * What the server knows about the caller: `{ status, user, resource }`, or `{ status, body }` of a
 * refusal.
 */
export async function whoAmI(url, options) {
  const { status, answer, body } = await ask(url, 'whoAmI', options);
  return status === 200 ? { status, ...JSON.parse(answer) } : { status, body };
}
