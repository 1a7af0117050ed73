// A registry for packed tarballs, so that what a user types can be tested before it is published:
// `npm install @mastra/auth@npm:mastra-jwt`. What is not among the tarballs is asked of the real
// registry.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const platforms = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'node', 'platforms.json'), 'utf8'),
);

/** A tarball with nothing but a manifest. */
function tarballOf(manifest) {
  const folder = mkdtempSync(join(tmpdir(), 'mastra-jwt-registry-'));
  mkdirSync(join(folder, 'package'));
  writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify(manifest));
  const tarball = execFileSync('tar', ['czf', '-', '-C', folder, 'package']);
  rmSync(folder, { recursive: true });
  return tarball;
}

/**
 * Serves the tarballs in a folder, on 127.0.0.1. Returns its `address`, and what closes it. The
 * packages of other platforms are there too, without a binary: who installs must choose.
 */
export async function serve(folder) {
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const packages = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
    const tarball = readFileSync(join(folder, file));
    const manifest = JSON.parse(
      execFileSync('tar', ['xzOf', join(folder, file), 'package/package.json'], { encoding: 'utf8' }),
    );
    packages.set(manifest.name, { file, tarball, manifest });
  }
  const { version } = packages.get('mastra-jwt').manifest;
  for (const { name: platform, os, cpu, libc } of platforms) {
    const manifest = { name: `@mastra-jwt/${platform}`, version, os, cpu, libc };
    if (packages.has(manifest.name)) continue;
    packages.set(manifest.name, { file: 'empty.tgz', tarball: tarballOf(manifest), manifest });
  }
  /** What a registry knows of a package. */
  const documentOf = ({ file, tarball, manifest }) => {
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const { name, version } = manifest;
    const dist = { tarball: `${address}/${name}/-/${file}`, integrity };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
  };
  const server = createServer(({ url }, response) => {
    const [name, file] = decodeURIComponent(url.slice(1)).split('/-/');
    const found = packages.get(name);
    if (found === undefined)
      response.writeHead(302, { location: new URL(url.slice(1), upstream).href }).end();
    else if (file === undefined) response.end(JSON.stringify(documentOf(found)));
    else if (file === found.file) response.end(found.tarball);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, close: () => server.close().closeAllConnections() };
}
