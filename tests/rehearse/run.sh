#!/usr/bin/env bash
# run.sh DIST
#
# Publishes what `make dist` wrote into DIST to registries on this machine, by the scripts that a
# release uses, and installs it from there as users do. Prints what was published, what installed
# it, and which backend answered. Linux on x86_64. DIST must have linux-x64-gnu, and be of the last
# commit. For another platform that it lacks, npm gets an empty package.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/tools.sh"
require rehearse node npm cargo go git cc make pkg-config tar curl
dist=$(cd "$1" && pwd)
version=$(node -p "require('$root/node/package.json').version")
work=$(mktemp -d)
registry_pid=''
crates_pid=''
finish() {
  for pid in $registry_pid $crates_pid; do kill "$pid" 2>/dev/null || true; done
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

built=$dist/crates/mastra-jwt-core-$version.crate
commit=$(git -C "$root" rev-parse HEAD)
[ -f "$built" ] || fail "there is no $built: run make dist DEST=$dist"
[ -f "$dist/npm/mastra-jwt-linux-x64-gnu-$version.tgz" ] || fail "$dist has no linux-x64-gnu, which is what runs here"
of=$(tar -xzOf "$built" "mastra-jwt-core-$version/.cargo_vcs_info.json" \
  | node -p 'const { git } = JSON.parse(fs.readFileSync(0)); git.sha1 + (git.dirty ? ", changed" : "")')
[ "$of" = "$commit" ] || fail "$dist is of $of, not of the last commit, $commit: run make dist DEST=$dist again"

cd "$here"
cmp -s package-lock.json node_modules/.installed-lock || {
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  cp package-lock.json node_modules/.installed-lock
}
[ -x "$root/node/node_modules/.bin/tsc" ] || make -C "$root" --no-print-directory node/node_modules

# --- what the packages look like, and what is said of them
bin=$root/node/node_modules/.bin
main=$dist/npm/mastra-jwt-$version.tgz
for tarball in "$dist"/npm/*.tgz; do
  "$bin/publint" "$tarball" --strict >"$work/output" 2>&1 || fail "publint $tarball: $(cat "$work/output")"
done
log "publint: $(find "$dist/npm" -name '*.tgz' | wc -l) packages pass"
# The oldest way to resolve (node10) knows no subpaths.
for options in '--entrypoints .' '--profile node16'; do
  # shellcheck disable=SC2086 # Two words.
  "$bin/attw" "$main" $options >"$work/output" 2>&1 || fail "attw $options: $(cat "$work/output")"
done
log 'attw: the types of mastra-jwt are right for every way to import it'
node sbom.mjs "$dist" >"$work/output" 2>&1 || fail "$(cat "$work/output")"
log "$(cat "$work/output")"

# --- npm
port=$(node -e 'const s = net.createServer();
  s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
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
"$root/tests/runtimes/node_modules/node-22/bin/node" node_modules/verdaccio/bin/verdaccio \
  --config "$work/verdaccio.yaml" --listen "127.0.0.1:$port" >"$work/registry.log" 2>&1 &
registry_pid=$!
curl -sf --retry 30 --retry-delay 1 --retry-connrefused -o "$work/ping" "${registry}-/ping" \
  || fail "no registry: $(cat "$work/registry.log")"
token=$(curl -sSf -X PUT -H 'Content-Type: application/json' "${registry}-/user/org.couchdb.user:releaser" \
  -d '{"name":"releaser","password":"rehearsal-only"}' | node -p 'JSON.parse(fs.readFileSync(0)).token')
export npm_config_registry=$registry npm_config_userconfig=$work/npmrc npm_config_cache=$work/npm-cache
printf 'registry=%s\n//127.0.0.1:%s/:_authToken=%s\n' "$registry" "$port" "$token" >"$work/npmrc"

# The package managers want to know all platforms.
node -p 'require(process.argv[1]).map((each) => each.name).join("\n")' "$root/node/platforms.json" \
  | while read -r name; do
  [ ! -f "$dist/npm/mastra-jwt-$name-$version.tgz" ] || continue
  mkdir "$work/empty-$name"
  # shellcheck disable=SC2016 # JavaScript
  node -p 'const { name, os, cpu, libc } = require(process.argv[1]).find((each) => each.name === process.argv[2]);
    JSON.stringify({ name: "@mastra-jwt/" + name, version: process.argv[3], os, cpu, libc })' \
    "$root/node/platforms.json" "$name" "$version" >"$work/empty-$name/package.json"
  npm publish "$work/empty-$name" --access public >"$work/output" 2>&1 || fail "npm publish: $(cat "$work/output")"
  log "npm: an empty @mastra-jwt/$name, which is not in DIST"
done

"$root/.ci/release/npm.sh" "$dist" >"$work/published" 2>"$work/errors" || fail "npm.sh: $(cat "$work/errors")"
grep 'npm.sh: published' "$work/published" | while read -r line; do log "$line"; done
[ "$(grep -c 'npm.sh: published' "$work/published")" -ge 2 ] || fail "too little was published"
grep 'npm.sh: published' "$work/published" | tail -1 | grep -q "published mastra-jwt@$version" \
  || fail "the main package was not the last"
"$root/.ci/release/npm.sh" "$dist" >"$work/published" 2>"$work/errors" || fail "npm.sh: $(cat "$work/errors")"
grep -q "mastra-jwt@$version is published already" "$work/published" \
  || fail 'npm.sh: a second run does not see the first'

bun=$here/node_modules/@oven/bun-linux-x64/bin/bun
chmod +x "$bun"
install_with() { # in the current directory
  case $1 in
  npm) npm install --no-audit --no-fund --loglevel=error '@mastra/auth@npm:mastra-jwt' ;;
  pnpm) node "$here/node_modules/pnpm/bin/pnpm.cjs" add --store-dir "$work/pnpm" '@mastra/auth@npm:mastra-jwt' ;;
  yarn)
    printf '%s\n' 'nodeLinker: node-modules' "npmRegistryServer: \"$registry\"" \
      'unsafeHttpWhitelist: ["127.0.0.1"]' 'enableGlobalCache: false' 'npmMinimalAgeGate: 0' >.yarnrc.yml
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
  # A home of their own: yarn and pnpm remember there where a tarball was, in a registry of an
  # earlier run.
  (export HOME=$work/home XDG_CACHE_HOME=$work/home/cache XDG_DATA_HOME=$work/home/data \
    && install_with "$manager") >output 2>&1 || fail "$manager: $(cat output)"
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
"$root/node/node_modules/.bin/tsc" --noEmit --strict --module nodenext --target es2022 --skipLibCheck --types '' \
  types.mts || fail "tsc"
log 'npm: tsc accepts the types, and refuses a wrong one'

# The lock file of this platform serves another: npm takes that platform's package from it.
for view in linux-x64-gnu:linux:x64:glibc linux-x64-musl:linux:x64:musl linux-arm64-gnu:linux:arm64:glibc \
  darwin-arm64:darwin:arm64: win32-x64:win32:x64:; do
  IFS=: read -r name os cpu libc <<<"$view"
  [ -f "$dist/npm/mastra-jwt-$name-$version.tgz" ] || { log "npm ci for $name: not in DIST, so not tried"; continue; }
  mkdir "$work/view-$name"
  cd "$work/view-$name"
  cp ../npm/package.json ../npm/package-lock.json .
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --os="$os" --cpu="$cpu" ${libc:+--libc="$libc"} \
    >output 2>&1 || fail "npm ci for $name: $(cat output)"
  installed=$(ls node_modules/@mastra-jwt)
  [ "$installed" = "$name" ] || fail "npm ci for $name installed: $installed"
  log "npm ci for $name, from the lock file of linux-x64-gnu: installed @mastra-jwt/$name alone"
done
unset npm_config_registry npm_config_userconfig npm_config_cache

# --- Go: the tag that a release pushes, in a copy of the repository; git takes that copy for
# GitHub's.
git clone -q --bare "$root" "$work/repository"
git clone -q "$root" "$work/checkout"
"$work/checkout/.ci/release/go-tag.sh" "$dist" | while read -r line; do log "$line"; done
git -C "$work/checkout" push -q "$work/repository" "refs/tags/ffi/go/v$version"
git config -f "$work/gitconfig" "url.file://$work/repository.insteadOf" https://github.com/mastra-jwt/mastra-jwt
module=github.com/mastra-jwt/mastra-jwt/ffi/go
upstream=$(go env GOPROXY)
export GOMODCACHE=$work/gomod GOFLAGS=-modcacherw GONOSUMDB=github.com/mastra-jwt GOWORK=off
mkdir "$work/seed"
cd "$work/seed"
go mod init example.com/seed 2>/dev/null
GIT_CONFIG_GLOBAL=$work/gitconfig GONOPROXY=github.com/mastra-jwt go mod download "$module@v$version" \
  || fail "go mod download $module@v$version"
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
  [ "$cgo:$backend" = '1:the static library' ] || [ "$cgo:$backend" = '0:WebAssembly' ] \
    || fail "Go, CGO_ENABLED=$cgo: $backend"
  log "go get from a file GOPROXY, CGO_ENABLED=$cgo: $backend answered"
done
unset GOMODCACHE GOFLAGS GONOSUMDB GOPROXY CGO_ENABLED GOWORK

# --- Rust: published to a registry that cargo takes for crates.io
mkdir "$work/crates"
node "$here/crates-registry.mjs" "$work/crates" >"$work/crates-port" 2>"$work/crates-registry.log" &
crates_pid=$!
for _ in {1..100}; do [ -s "$work/crates-port" ] || sleep 0.1; done
index="sparse+http://127.0.0.1:$(cat "$work/crates-port")/index/"
mkdir "$work/cargo"
cat >"$work/cargo/config.toml" <<TOML
[source.crates-io]
replace-with = "rehearsal"
[registries.rehearsal]
index = "$index"
token = "rehearsal-only"
TOML
(
  export CARGO_HOME=$work/cargo CARGO_TARGET_DIR=$root/target/rehearse CRATES_REGISTRY=rehearsal
  unset CARGO_BUILD_TARGET
  "$work/checkout/.ci/release/crates.sh" "$dist" >"$work/published" 2>"$work/errors" \
    || fail "crates.sh: $(cat "$work/errors" "$work/crates-registry.log")"
  for crate in mastra-jwt-core mastra-jwt-ffi; do
    grep -qx "crates.sh: published $crate $version" "$work/published" || fail "crates.sh: $(cat "$work/published")"
    cmp "$work/crates/$crate-$version.crate" "$dist/crates/$crate-$version.crate" \
      || fail "what cargo published is not what is in DIST"
    log "crates.sh: published $crate $version, the bytes of DIST"
  done
  "$work/checkout/.ci/release/crates.sh" "$dist" >"$work/published" 2>"$work/errors" \
    || fail "crates.sh: $(cat "$work/errors")"
  [ "$(grep -c "$version is published already" "$work/published")" = 2 ] \
    || fail "crates.sh: a second run does not see the first: $(cat "$work/published")"
  mkdir "$work/rust"
  cd "$work/rust"
  cargo init --quiet --vcs none --name app --edition 2024 || fail 'cargo init'
  cargo add --quiet "mastra-jwt-core@$version" || fail 'cargo add'
  awk '/^```rust$/ { rust = 1; next } /^```$/ { rust = 0 } rust' "$root/README.md" >src/main.rs
  grep -q 'Verifier::from_secret' src/main.rs || fail 'no program in README.md'
  cargo run --quiet || fail "README's Rust program"
  cargo tree --prefix none --depth 1 | grep -qx "mastra-jwt-core v$version" \
    || fail "cargo tree: $(cargo tree --depth 1)"
)
log "cargo: README's program runs with mastra-jwt-core $version from the registry"

# --- C
mkdir "$work/c"
cd "$work/c"
tar -xzf "$dist/c/libmjwt-$version-x86_64-unknown-linux-gnu.tar.gz" --strip-components=1
awk '/^```sh$/ { sh = 1; next } /^```$/ { sh = 0 } sh' README.md >commands
[ -s commands ] || fail "no commands in the archive's README"
bash -eu commands >output 2>&1 || fail "the archive's README: $(cat output)"
grep -q alice output || fail "the archive's README: $(cat output)"
log "c: the commands of the archive's README: $(tail -1 output)"

# --- the last release, and whether the comparison would find what breaks
"$here/compare.sh" >"$work/output" 2>&1 || fail "$(cat "$work/output")"
while read -r line; do log "$line"; done <"$work/output"
"$here/compare-test.sh" >"$work/output" 2>&1 || fail "$(cat "$work/output")"
log "$(cat "$work/output")"
echo
echo "make rehearse: all passed"
