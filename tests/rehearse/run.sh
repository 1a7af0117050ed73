#!/usr/bin/env bash
# run.sh DIST
#
# Publishes what `make dist` wrote into DIST to registries on this machine, by the scripts that a release uses, and installs it
# from there as users do. Prints what was published, what installed it, and which backend answered. Linux on x86_64.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/tools.sh"
require rehearse node npm cargo go git cc make pkg-config tar curl
dist=$(cd "$1" && pwd)
version=$(node -p "require('$root/node/package.json').version")
work=$(mktemp -d)
registry_pid=
finish() {
  [ -z "$registry_pid" ] || kill "$registry_pid" 2>/dev/null || true
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap finish EXIT
log() { echo "rehearse: $*" | tee -a "$work/log"; }
fail() {
  echo "rehearse: FAILED: $*" >&2
  if [ -n "$registry_pid" ] && ! kill -0 "$registry_pid" 2>/dev/null; then
    echo "rehearse: and the registry has ended: $(tail -20 "$work/registry.log" "$work/verdaccio.log" 2>&1)" >&2
  fi
  exit 1
}

cd "$here"
cmp -s package-lock.json node_modules/.installed-lock || {
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  cp package-lock.json node_modules/.installed-lock
}
[ -x "$root/node/node_modules/.bin/tsc" ] || make -C "$root" --no-print-directory node/node_modules

# --- npm
port=$(node -e 'const s = net.createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
upstream=$(npm config get registry)
registry=http://127.0.0.1:$port/
# Ours come from here alone; what they depend on, from where npm finds it on this machine.
cat >"$work/verdaccio.yaml" <<CONFIG
storage: $work/storage
auth: { htpasswd: { file: $work/htpasswd } }
uplinks: { npm: { url: "$upstream" } }
packages:
  'mastra-jwt': { access: \$all, publish: \$authenticated }
  '@mastra-jwt/*': { access: \$all, publish: \$authenticated }
  '**': { access: \$all, proxy: npm }
max_body_size: 100mb
log: { type: file, path: $work/verdaccio.log, level: warn }
CONFIG
"$root/tests/runtimes/install.sh" # verdaccio wants Node 22.
"$root/tests/runtimes/node_modules/node-22/bin/node" node_modules/verdaccio/bin/verdaccio --config "$work/verdaccio.yaml" --listen "127.0.0.1:$port" >"$work/registry.log" 2>&1 &
registry_pid=$!
curl -sf --retry 30 --retry-delay 1 --retry-connrefused -o "$work/ping" "${registry}-/ping" || fail "no registry: $(cat "$work/registry.log")"
token=$(curl -sSf -X PUT -H 'Content-Type: application/json' "${registry}-/user/org.couchdb.user:releaser" \
  -d '{"name":"releaser","password":"rehearsal-only"}' | node -p 'JSON.parse(fs.readFileSync(0)).token')
export npm_config_registry=$registry npm_config_userconfig=$work/npmrc npm_config_cache=$work/npm-cache
printf 'registry=%s\n//127.0.0.1:%s/:_authToken=%s\n' "$registry" "$port" "$token" >"$work/npmrc"

"$root/.ci/release/npm.sh" "$dist" >"$work/published" 2>"$work/errors" || fail "npm.sh: $(cat "$work/errors")"
grep 'npm.sh: published' "$work/published" | while read -r line; do log "$line"; done
[ "$(grep -c 'npm.sh: published' "$work/published")" -ge 2 ] || fail "too little was published"
grep 'npm.sh: published' "$work/published" | tail -1 | grep -q "published mastra-jwt@$version" || fail "the main package was not the last"
"$root/.ci/release/npm.sh" "$dist" | grep -q "mastra-jwt@$version is published already" || fail "a second run does not see the first"

bun=$here/node_modules/@oven/bun-linux-x64/bin/bun
chmod +x "$bun"
install_with() { # in the current directory
  case $1 in
  npm) npm install --no-audit --no-fund --loglevel=error '@mastra/auth@npm:mastra-jwt' ;;
  pnpm) node "$here/node_modules/pnpm/bin/pnpm.cjs" add --store-dir "$work/pnpm" '@mastra/auth@npm:mastra-jwt' ;;
  yarn)
    printf 'nodeLinker: node-modules\nnpmRegistryServer: "%s"\nunsafeHttpWhitelist: ["127.0.0.1"]\nenableGlobalCache: false\nnpmMinimalAgeGate: 0\n' \
      "$registry" >.yarnrc.yml
    : >yarn.lock
    YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_IMMUTABLE_INSTALLS=0 node "$here/node_modules/@yarnpkg/cli-dist/bin/yarn.js" \
      add "@mastra/auth@npm:mastra-jwt@0.x" # Without a version it takes the name for a tag.
    ;;
  bun) BUN_INSTALL_CACHE_DIR=$work/bun "$bun" add '@mastra/auth@npm:mastra-jwt' ;;
  esac
}
answers() { # answers WHO RUNTIME...    by ES module and by CommonJS
  who=$1
  shift
  for file in esm.mjs cjs.cjs; do
    got=$("$@" "$file") || fail "$who: $file: $got"
    [ "$got" = 'native me MJWT_SIGNATURE' ] || fail "$who: $file answered $got"
    log "$who: $file: the backend ${got%% *} answered"
  done
}
# shellcheck disable=SC2016 # JavaScript
body='
  const auth = new MastraJwtAuth({ secret: "supersecretdevkeythatishs256safe!" });
  const token = auth.sign({ sub: "me" });
  Promise.all([auth.authenticateToken(token), auth.authenticateToken(token.slice(0, -2)).catch((error) => error)])
    .then(([claims, error]) => console.log(`${backend} ${claims.sub} ${error.code}`));'
for manager in npm pnpm yarn bun; do
  mkdir "$work/$manager"
  cd "$work/$manager"
  echo '{ "private": true }' >package.json
  echo "import { MastraJwtAuth, backend } from '@mastra/auth';$body" >esm.mjs
  echo "const { MastraJwtAuth, backend } = require('@mastra/auth');$body" >cjs.cjs
  # A home of their own: yarn and pnpm remember there where a tarball was, in a registry of an earlier run.
  (export HOME=$work/home XDG_CACHE_HOME=$work/home/cache XDG_DATA_HOME=$work/home/data && install_with "$manager") >output 2>&1 || fail "$manager: $(cat output)"
  answers "$manager" node
  [ "$manager" != bun ] || answers 'bun, run by bun' "$bun"
done

cd "$work/npm"
cat >types.mts <<'TS'
import { MastraJwtAuth } from '@mastra/auth';
const auth: MastraJwtAuth = new MastraJwtAuth({ secret: 'supersecretdevkeythatishs256safe!' });
const token: string = auth.sign({ sub: 'me' });
// @ts-expect-error a number is not a secret
new MastraJwtAuth({ secret: 1 });
export { token };
TS
"$root/node/node_modules/.bin/tsc" --noEmit --strict --module nodenext --target es2022 --skipLibCheck --types '' types.mts || fail "tsc"
log 'npm: tsc accepts the types, and refuses a wrong one'

# The lock file of this platform serves another: npm takes that platform's package from it.
for view in linux-x64-gnu:linux:x64:glibc linux-x64-musl:linux:x64:musl linux-arm64-gnu:linux:arm64:glibc darwin-arm64:darwin:arm64: win32-x64:win32:x64:; do
  IFS=: read -r name os cpu libc <<<"$view"
  [ -f "$dist/npm/mastra-jwt-$name-$version.tgz" ] || { log "npm ci for $name: not in DIST, so not tried"; continue; }
  mkdir "$work/view-$name"
  cd "$work/view-$name"
  cp ../npm/package.json ../npm/package-lock.json .
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --os="$os" --cpu="$cpu" ${libc:+--libc="$libc"} >output 2>&1 || fail "npm ci for $name: $(cat output)"
  installed=$(ls node_modules/@mastra-jwt)
  [ "$installed" = "$name" ] || fail "npm ci for $name installed: $installed"
  log "npm ci for $name, from the lock file of linux-x64-gnu: installed @mastra-jwt/$name alone"
done
for tarball in "$dist"/npm/*.tgz; do
  "$root/node/node_modules/.bin/publint" "$tarball" --strict >"$work/output" 2>&1 || fail "publint $tarball: $(cat "$work/output")"
done
log "publint: $(find "$dist/npm" -name '*.tgz' | wc -l) packages pass"
unset npm_config_registry npm_config_userconfig npm_config_cache

# --- Go: the tag that a release pushes, in a copy of the repository; git takes that copy for GitHub's.
git clone -q --bare "$root" "$work/repository"
git clone -q "$root" "$work/checkout"
cp -R "$root/.ci/release" "$work/checkout/.ci/"
"$work/checkout/.ci/release/go-tag.sh" "$dist" | while read -r line; do log "$line"; done
git -C "$work/checkout" push -q "$work/repository" "refs/tags/ffi/go/v$version"
git config -f "$work/gitconfig" "url.file://$work/repository.insteadOf" https://github.com/mastra-jwt/mastra-jwt
module=github.com/mastra-jwt/mastra-jwt/ffi/go
upstream=$(go env GOPROXY)
export GOMODCACHE=$work/gomod GOFLAGS=-modcacherw GONOSUMDB=github.com/mastra-jwt GOWORK=off
mkdir "$work/seed"
cd "$work/seed"
go mod init example.com/seed 2>/dev/null
GIT_CONFIG_GLOBAL=$work/gitconfig GONOPROXY=github.com/mastra-jwt go mod download "$module@v$version" || fail "go mod download $module@v$version"
cp -R "$work/gomod/cache/download" "$work/goproxy" # It has the form of a GOPROXY.
log "go: the tag gives $module v$version, $(wc -c <"$work/goproxy/$module/@v/v$version.zip") bytes"
for cgo in 1 0; do
  mkdir "$work/go-$cgo"
  cd "$work/go-$cgo"
  export GOMODCACHE=$work/gomod-$cgo GOPROXY="file://$work/goproxy,$upstream" CGO_ENABLED=$cgo
  go mod init example.com/app 2>/dev/null
  cp "$root/ffi/go/testdata/app/main.go" .
  go get "$module@v$version" 2>output || fail "go get: $(cat output)"
  go mod tidy 2>output || fail "go mod tidy: $(cat output)"
  go build -o app . || fail "go build, CGO_ENABLED=$cgo"
  [ "$(./app)" = outside ] || fail "the Go program, CGO_ENABLED=$cgo"
  backend='WebAssembly'
  if go list -deps . | grep -qx runtime/cgo && ! go list -deps . | grep -q wazero; then backend='the static library'; fi
  [ "$cgo:$backend" = '1:the static library' ] || [ "$cgo:$backend" = '0:WebAssembly' ] || fail "Go, CGO_ENABLED=$cgo: $backend"
  log "go get from a file GOPROXY, CGO_ENABLED=$cgo: $backend answered"
done
unset GOMODCACHE GOFLAGS GONOSUMDB GOPROXY CGO_ENABLED GOWORK

# --- Rust
cd "$root"
cargo publish --quiet --locked --dry-run --allow-dirty --no-verify --target-dir target/rehearse -p mastra-jwt-core -p mastra-jwt-ffi || fail 'cargo publish --dry-run'
log 'cargo publish --dry-run: mastra-jwt-core, mastra-jwt-ffi'
mkdir -p "$work/rust/src"
cd "$work/rust"
tar -xzf "$dist/crates/mastra-jwt-core-$version.crate"
cat >Cargo.toml <<TOML
[package]
name = "app"
version = "0.0.0"
edition = "2024"
[dependencies]
mastra-jwt-core = "$version"
[patch.crates-io]
mastra-jwt-core = { path = "mastra-jwt-core-$version" }
[workspace]
TOML
awk '/^```rust$/ { rust = 1; next } /^```$/ { rust = 0 } rust' "$root/README.md" >src/main.rs
grep -q 'Verifier::from_secret' src/main.rs || fail 'no program in README.md'
cargo run --quiet --target-dir "$root/target/rehearse" || fail "README's Rust program"
log "cargo: README's program runs with the packed mastra-jwt-core $version"

# --- C
mkdir "$work/c"
cd "$work/c"
tar -xzf "$dist/c/libmjwt-$version-x86_64-unknown-linux-gnu.tar.gz" --strip-components=1
awk '/^```sh$/ { sh = 1; next } /^```$/ { sh = 0 } sh' README.md >commands
[ -s commands ] || fail "no commands in the archive's README"
bash -eu commands >output 2>&1 || fail "the archive's README: $(cat output)"
grep -q alice output || fail "the archive's README: $(cat output)"
log "c: the commands of the archive's README: $(tail -1 output)"

last=$(git -C "$root" tag --list 'v*' --sort=-v:refname | head -1)
if [ -z "$last" ]; then log 'cargo semver-checks, abidiff: there is no earlier release to compare with'
else log "NOT compared with $last: run cargo semver-checks and abidiff by hand, as RELEASING.md says"; fi
echo
echo "make rehearse: all passed"
