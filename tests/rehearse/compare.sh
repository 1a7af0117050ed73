#!/usr/bin/env bash
# compare.sh [REPOSITORY]
#
# Compares HEAD of a repository (this one) with its last release, the newest tag v* that is not of
# HEAD or after it: the Rust API by cargo semver-checks, the C ABI by abidiff. Fails where a program
# that uses the last release would notice. A new major version may break the API (before 1.0.0: a
# new minor version), another SONAME the ABI.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools.sh"
require compare git cargo cc abidiff readelf
root=$(cd "${1:-$here/../..}" && pwd)
last=$(git -C "$root" tag --list 'v*' --no-contains HEAD --sort=-v:refname | head -1)
if [ -z "$last" ]; then
  echo 'compare: there is no earlier release to compare with'
  exit
fi
cargo_tool cargo-semver-checks 0.51.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Both from git, so that what is not committed plays no part. What is built is kept for the next
# time.
target=$(cd "$here/../.." && pwd)/target/compare
status=0
for side in "$last" HEAD; do
  git clone -q "$root" "$work/$side"
  git -C "$work/$side" checkout -q --detach "$(git -C "$root" rev-parse "$side^{commit}")"
  # A build for development: it has the types of all that is exported, and takes seconds.
  env -u CARGO_BUILD_TARGET CARGO_PROFILE_DEV_DEBUG=full \
    cargo build --quiet --locked --manifest-path "$work/$side/ffi/Cargo.toml" --target-dir "$target/ffi"
  cp "$target/ffi/debug/libmjwt.so" "$work/$side.so"
done

CARGO_TARGET_DIR=$target/core "$tool" semver-checks --manifest-path "$work/HEAD/core/Cargo.toml" \
  --baseline-root "$work/$last/core" >"$work/api" 2>&1 || status=1
if [ $status = 0 ]; then echo "compare: cargo semver-checks: mastra-jwt-core keeps what $last promised"
else { echo "compare: cargo semver-checks, with $last:"; cat "$work/api"; } >&2; fi

soname() { readelf -dW "$1" | sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p'; }
old=$(soname "$work/$last.so") new=$(soname "$work/HEAD.so")
if [ "$old" != "$new" ]; then
  echo "compare: abidiff: not asked, since libmjwt is $new, and was $old in $last"
elif abidiff --no-added-syms "$work/$last.so" "$work/HEAD.so" >"$work/abi" 2>&1; then
  echo "compare: abidiff: libmjwt keeps what $last promised"
else
  { echo "compare: abidiff, with $last:"; cat "$work/abi"; } >&2
  status=1
fi
exit $status
