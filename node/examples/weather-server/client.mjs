// Asks the weather agent with the token in MASTRA_JWT_TOKEN.
import { MastraClient } from '@mastra/client-js';

const client = new MastraClient({
  baseUrl: process.env.MASTRA_URL ?? 'http://127.0.0.1:4111',
  headers: { Authorization: `Bearer ${process.env.MASTRA_JWT_TOKEN}` },
});

const response = await client.getAgent('weatherAgent').generate('Weather in London');
console.log(response.text);
