// Serves the function of the working folder as Vercel does: handed a Request, by the function of
// its method.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';

const functions = await import(pathToFileURL(join(process.cwd(), 'index.mjs')).href);

createServer(async (incoming, outgoing) => {
  const { method, url, headers } = incoming;
  const body = method === 'GET' ? undefined : await text(incoming);
  const response = await functions[method](new Request(`http://127.0.0.1${url}`, { method, headers, body }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
}).listen(Number(process.env.PORT), '127.0.0.1');
