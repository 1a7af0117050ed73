#!/usr/bin/env bash
# crates.sh DIST [cargo publish's options]
#
# Publishes the crates to crates.io, the core first, if packing them gives the bytes that
# `make dist` wrote into DIST. Leaves alone a version that is there. CRATES_REGISTRY names another
# registry of cargo's configuration.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
. "$(dirname "$0")/../../tests/tools.sh"
require crates.sh cargo cmp
registry=${CRATES_REGISTRY:-crates-io}
dist=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
packed=target/release-crates
cargo package --quiet --locked --no-verify --registry "$registry" --target-dir "$packed" -p mastra-jwt-core \
  -p mastra-jwt-ffi
for crate in mastra-jwt-core mastra-jwt-ffi; do
  version=$(cargo pkgid -p "$crate" | sed 's/.*[#@]//')
  cmp "$packed/package/$crate-$version.crate" "$dist/crates/$crate-$version.crate"
  if cargo info --quiet --registry "$registry" "$crate@$version" >/dev/null 2>&1; then
    echo "crates.sh: $crate $version is published already"
  else
    cargo publish --locked --registry "$registry" -p "$crate" "$@"
    echo "crates.sh: published $crate $version"
  fi
done
