import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Failure, parse, UsageError } from './args.js';
import { print, say } from './print.js';

/** Serves the token page on this machine alone, until Ctrl-C. */
export async function run(args: string[]): Promise<number> {
  const { values } = parse({ args, options: { port: { type: 'string' }, 'no-open': { type: 'boolean' } } });
  const page = readPage();
  const server = createServer((request, response) => {
    // Only by the address that was printed: a name that somebody else points to 127.0.0.1 gets
    // nothing.
    const { port } = server.address() as AddressInfo;
    const known = [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
    if (!known || request.url !== '/' || !['GET', 'HEAD'].includes(request.method ?? '')) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': page.length,
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "frame-ancestors 'none'", // the rest is in the page, for file:// too
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : page);
  });
  const address = await listen(server, portOf(values.port));
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await print(address);
  await print(`SHA-256 of the page: ${createHash('sha256').update(page).digest('hex')}`);
  await print('Ctrl-C ends it.');
  if (!values['no-open']) openBrowser(address);
  await ended;
  server.closeAllConnections();
  server.close();
  return 0;
}

function readPage(): Buffer {
  const path = join(__dirname, '..', 'page.html');
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`the page cannot be read: ${(error as Error).message}`);
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new UsageError('--port must be a number from 0 to 65535');
  return Number(text);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Failure(`cannot listen on port ${port}: ${error.message}`)));
    server.listen(port, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}

/** Where there is no browser to open, the printed address is enough. */
function openBrowser(address: string): void {
  const commands: Readonly<Record<string, [string, ...string[]]>> = {
    darwin: ['open', address],
    win32: ['cmd', '/c', 'start', '', address],
  };
  const [command, ...args] = commands[process.platform] ?? ['xdg-open', address];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => say('no browser could be opened; open the address yourself'));
  child.unref();
}
