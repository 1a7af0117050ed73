// A Mastra server whose agent answers only to those who show a valid token.
// It runs offline: the language model is a mock that always says the same. Put a real one in its
// place.
import { serve } from '@hono/node-server';
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { InMemoryStore } from '@mastra/core/storage';
import { createMockModel } from '@mastra/core/test-utils/llm-mock';
import { MastraServer } from '@mastra/hono';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { MastraJwtAuth } from 'mastra-jwt';

const weatherAgent = new Agent({
  id: 'weather-agent',
  name: 'Weather Agent',
  instructions: 'You report the weather.',
  model: createMockModel({ mockText: 'London: 14 degrees, light rain until noon.', version: 'v2' }),
});

const mastra = new Mastra({
  agents: { weatherAgent },
  storage: new InMemoryStore(),
  server: {
    auth: new MastraJwtAuth({
      secret: process.env.MASTRA_JWT_SECRET,
      // Threads and memory belong to the `sub` of the token, whatever a client asks for.
      mapUserToResourceId: 'sub',
      // A refused token is answered with 401 and leaves no stack trace in the log.
      quiet: true,
    }),
  },
});

const app = new Hono();
// A page on another port asks first whether it may send these. `mastra dev` and `mastra build`
// allow it by themselves.
app.use(cors({ origin: '*', allowHeaders: ['Authorization', 'Content-Type', 'X-Mastra-Client-Type'] }));
await new MastraServer({ app, mastra }).init();

// 4111 is Mastra's own port. PORT=0 takes any free one.
const server = serve(
  { fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 4111) },
  ({ port }) => {
    console.log(`Listening on http://127.0.0.1:${port}`);
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => process.exit(0)));
