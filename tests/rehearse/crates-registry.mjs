// A registry of Rust crates on this machine, as far as cargo needs one to publish and to install.
//
//   node crates-registry.mjs FOLDER
//
// Prints its port once it listens on 127.0.0.1. What is published is kept in FOLDER as
// NAME-VERSION.crate; any other crate is that of crates.io.
// https://doc.rust-lang.org/cargo/reference/registries.html
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node crates-registry.mjs FOLDER');
  process.exit(2);
}
const INDEX = 'https://index.crates.io';
const FILES = 'https://static.crates.io/crates';
/** The lines of the index for what was published here, by crate. */
const published = new Map();

/** Where the index has a crate. */
function place(name) {
  if (name.length < 4) return [name.length, ...(name.length === 3 ? [name[0]] : []), name].join('/');
  return `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
}

/** A crate as cargo uploads it: two lengths, and after each what it is of. */
function publish(body) {
  const length = body.readUInt32LE(0);
  const sent = JSON.parse(body.toString('utf8', 4, 4 + length));
  const crate = body.subarray(8 + length, 8 + length + body.readUInt32LE(4 + length));
  const file = join(folder, `${sent.name}-${sent.vers}.crate`);
  if (existsSync(file)) return { errors: [{ detail: `${sent.name} ${sent.vers} is published already` }] };
  const deps = sent.deps.map(({ version_req: req, explicit_name_in_toml: alias, registry: _, ...dep }) => ({
    ...dep,
    name: alias ?? dep.name,
    req,
    registry: null, // It is here, as is all of crates.io.
    package: alias ? dep.name : null,
  }));
  const { name, vers, features, links, rust_version } = sent;
  const cksum = createHash('sha256').update(crate).digest('hex');
  const line = { name, vers, deps, cksum, features, yanked: false, links, rust_version, v: 2 };
  writeFileSync(file, crate);
  published.set(name, [...(published.get(name) ?? []), JSON.stringify(line)]);
  return { warnings: { invalid_categories: [], invalid_badges: [], other: [] } };
}

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const origin = `http://${request.headers.host}`;
    const answer = (status, text) => response.writeHead(status).end(text);
    if (pathname === '/index/config.json') {
      return answer(200, JSON.stringify({ dl: `${origin}/files`, api: origin }));
    }
    if (request.method === 'PUT' && pathname === '/api/v1/crates/new') {
      if (!request.headers.authorization) return answer(403, '{"errors":[{"detail":"a token is needed"}]}');
      const chunks = await request.toArray();
      return answer(200, JSON.stringify(publish(Buffer.concat(chunks))));
    }
    const file = /^\/files\/([\w-]+)\/([^/]+)\/download$/.exec(pathname);
    if (file) {
      const own = join(folder, `${file[1]}-${file[2]}.crate`);
      if (existsSync(own)) return answer(200, readFileSync(own));
      return response.writeHead(302, { location: `${FILES}/${file[1]}/${file[2]}/download` }).end();
    }
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    if (pathname !== `/index/${place(name)}`) return answer(404, '');
    if (published.has(name)) return answer(200, `${published.get(name).join('\n')}\n`);
    const theirs = await fetch(`${INDEX}/${place(name)}`);
    return answer(theirs.status, theirs.ok ? await theirs.text() : '');
  } catch (error) {
    console.error(error);
    return response.writeHead(500).end(`{"errors":[{"detail":"${error.name}"}]}`);
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
