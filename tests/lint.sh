#!/usr/bin/env bash
# lint.sh [STAGE]
#
# What `make lint` checks beside the Rust and npm parts: shell scripts, Go (against the libmjwt
# installed in STAGE), workflows, dependencies. The pinned tools come from the Go module proxy and
# crates.io, and are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/tools.sh
require lint shellcheck node go gofmt cargo git pkg-config python3
stage=${1:-target/stage}
[ ! -d "$stage/lib/pkgconfig" ] || PKG_CONFIG_PATH=$(cd "$stage" && pwd)/lib/pkgconfig
export PKG_CONFIG_PATH
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
zizmor_version=1.32.0
actionlint=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
shellcheck "${scripts[@]}"

# What is in node/ is checked with the package.
mapfile -t scripts < <(git ls-files '*.mjs' '*.cjs' '*.mts' '*.ts' '*.tsx' ':!node')
node/node_modules/.bin/prettier --config node/.prettierrc.json --check "${scripts[@]}"

mapfile -t go < <(git ls-files '*.go')
unformatted=$(gofmt -l "${go[@]}")
[ -z "$unformatted" ] || { echo "lint: gofmt -l: $unformatted" >&2; exit 1; }
while read -r module; do
  (cd "$(dirname "$module")" && go vet ./... && go run "$staticcheck" ./...) || { echo "lint: $module" >&2; exit 1; }
done < <(git ls-files '*go.mod')

go run "$actionlint"
zizmor=target/zizmor-$zizmor_version
[ -x "$zizmor/bin/zizmor" ] \
  || { python3 -m venv --clear "$zizmor" && "$zizmor/bin/pip" install -q "zizmor==$zizmor_version"; }
"$zizmor/bin/zizmor" --offline --no-progress --quiet --pedantic .github/workflows

# Advisories are checked by `make advisories`: their databases are not in the package registries.
cargo_tool cargo-deny "$cargo_deny_version"
"$tool" --locked check --hide-inclusion-graph licenses bans sources
for manifest in core/examples/Cargo.toml core/fuzz/Cargo.toml tests/bench/rust/Cargo.toml; do # These are not shipped.
  "$tool" --manifest-path "$manifest" --locked check --hide-inclusion-graph bans sources
done
