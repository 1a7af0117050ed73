#!/usr/bin/env bash
# dist.sh DEST [PLATFORM...]
#
# Writes all that a release publishes into DEST, for the platforms of node/platforms.json (all of
# them):
#   npm/     the package of each platform, and mastra-jwt
#   c/       libmjwt for each platform
#   crates/  the Rust crates
#   go/      the Go module, with libmjwt of these platforms and the WebAssembly module in it
#   page/    the token page, and its SHA-256
#   sbom/    a bill of materials (CycloneDX) for each package, archive and crate, and for the Go
#            module
#   SHA256SUMS
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
. "$(dirname "$0")/tools.sh"
require dist cargo npm git go tar gzip
mkdir -p "$1"
dest=$(cd "$1" && pwd)
shift
cd "$root"
mapfile -t all < <(node -p 'require("./node/platforms.json").map(({ name }) => name).join("\n")')
[ $# -gt 0 ] || set -- "${all[@]}"
for name in "$@"; do platform "$name" name >/dev/null; done # Refuses an unknown one before hours are spent.
rm -rf "$dest"/{npm,c,crates,go,page,sbom,SHA256SUMS}
mkdir -p "$dest"/{npm,c,crates,go,page}
umask 022
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
say() { echo "dist: $*" >&2; }

for name in "$@"; do
  say "$name"
  out=$root/target/dist/out/$name
  .ci/dist/build.sh "$name" "$out"
  .ci/notices/notices.sh node "$(platform "$name" target)" "$out/notices"
  (cd node && node pack.mjs "$dest/npm" --only platform --target "$name" --binary "$out/mastra-jwt.$name.node" \
    --notices "$out/notices")
  ffi/package/archive.sh "$(platform "$name" target)" "$out/libmjwt" "$dest/c"
done

say 'the main package'
make --no-print-directory build
.ci/notices/notices.sh node/wasm wasm32-unknown-unknown target/dist/out/notices
(cd node && node pack.mjs "$dest/npm" --only main --notices ../target/dist/out/notices)

say 'the crates'
cargo package --quiet --locked --no-verify --allow-dirty --target-dir target/dist/crates -p mastra-jwt-core \
  -p mastra-jwt-ffi
cp target/dist/crates/package/*.crate "$dest/crates"

say 'the Go module'
ffi/go/module.sh "$dest/go" "$dest/c" target/wasm/mjwt.wasm

say 'the page'
cp node/dist/page.html "$dest/page/mastra-jwt.html"
(cd "$dest/page" && sha256sum mastra-jwt.html >mastra-jwt.html.sha256) # `mastra-jwt ui` prints the same.

say 'the bills of materials'
cargo_tool cargo-cyclonedx 0.5.9
CARGO_CYCLONEDX=$tool ZIG_VERSION=$zig_version node .ci/sbom/sbom.mjs "$dest" "$@"

sums=$(cd "$dest" && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum)
echo "$sums" >"$dest/SHA256SUMS"
node .ci/dist/check.mjs "$dest" "$@"
say "$dest: $(wc -l <"$dest/SHA256SUMS") files"
