#!/usr/bin/env bash
# advisories.sh
#
# Fails if a published advisory names a version that we depend on: Rust (RustSec), Go (vuln.go.dev),
# npm. Covers what is published and its examples. Needs github.com, vuln.go.dev and the audit
# service of npm's registry.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/tools.sh
require advisories cargo git go npm
failed=
cargo_tool cargo-deny "$cargo_deny_version"
# Not for what only tests use: RUSTSEC-2023-0071 is about the `rsa` crate there, and has no fix yet.
for manifest in Cargo.toml core/examples/Cargo.toml; do
  "$tool" --manifest-path "$manifest" --exclude-dev --locked check --hide-inclusion-graph advisories \
    || failed="$failed $manifest"
done
while read -r module; do
  (cd "$(dirname "$module")" && CGO_ENABLED=0 go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...) \
    || failed="$failed $module"
done < <(git ls-files 'ffi/go/*go.mod')
for package in node node/examples/react-client node/examples/weather-server; do
  npm --prefix "$package" audit --omit=dev || failed="$failed $package"
done
[ -z "$failed" ] || { echo "advisories:$failed" >&2; exit 1; }
