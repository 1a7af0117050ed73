// A Mastra server for the load test: node server.mjs none|nothing|reference|ours|quiet. Prints its
// address. Mastra's own logger is on; what it says is for the parent to throw away.
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { MastraAuthProvider, registerApiRoute } from '@mastra/core/server';
import { createMockModel } from '@mastra/core/test-utils/llm-mock';
import { MastraServer } from '@mastra/hono';
import { Hono } from 'hono';

const secret = process.env.JWT_AUTH_SECRET;
/**
 * Any token is good, and whoever sends it the same user: what Mastra itself does for a guarded
 * route.
 */
class CheckNothing extends MastraAuthProvider {
  async authenticateToken() {
    return { sub: 'user-42' };
  }

  async authorizeUser() {
    return true;
  }
}

const AUTH = {
  none: async () => undefined,
  nothing: async () => new CheckNothing(),
  reference: async () => new (await import('mastra-auth-reference')).MastraJwtAuth({ secret }),
  ours: async () => new (await import('mastra-jwt')).MastraJwtAuth({ secret }),
  quiet: async () => new (await import('mastra-jwt')).MastraJwtAuth({ secret, quiet: true }),
};

const auth = await AUTH[process.argv[2]]();
const weatherAgent = new Agent({
  id: 'weather-agent',
  name: 'Weather Agent',
  instructions: 'You report the weather.',
  model: createMockModel({ mockText: 'London: 14 degrees, light rain until noon.', version: 'v2' }),
});
const apiRoutes = [
  registerApiRoute('/report', { method: 'GET', handler: (c) => c.json({ report: 'daily' }) }),
];
const mastra = new Mastra({ agents: { weatherAgent }, server: { ...(auth && { auth }), apiRoutes } });
const app = new Hono();
await new MastraServer({ app, mastra }).init();
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
await once(server, 'listening');
process.send(`http://127.0.0.1:${server.address().port}`);
process.on('disconnect', () => process.exit());
