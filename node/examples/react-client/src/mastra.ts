import { MastraClient } from '@mastra/client-js';

/**
 * The client of Mastra's documentation. A token that is read by everybody's browser belongs to one
 * user, and expires.
 */
export const clientWith = (token: string): MastraClient =>
  new MastraClient({
    baseUrl: import.meta.env.VITE_MASTRA_URL ?? 'http://127.0.0.1:4111',
    retries: 0, // a refused token stays refused
    ...(token !== '' && { headers: { Authorization: `Bearer ${token}` } }),
  });
