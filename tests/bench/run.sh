#!/bin/sh
# Measures every binding and its peers and writes results.json and results.svg beside this file.
#
#   run.sh             all of it, 10 to 20 minutes; needs a machine with nothing else to do
#   QUICK=1 run.sh     the same with few rounds, to see that it works; writes to target/bench instead
#
# Expects `make build`. Installs the pinned peers from crates.io, npm, PyPI and the Go module proxy under target/bench.
# shellcheck disable=SC2086 # $quick is nothing, or one word.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
fail() { echo "bench: $1" >&2; exit 1; }
step() { echo "== $1" >&2; }

. tests/tools.sh
require bench cargo cc go node npm pkg-config python3
require_packages bench "$here/apt-packages.txt"

quick=${QUICK:+quick}
work=$root/target/bench
parts=$work/parts
rm -rf "$parts"
mkdir -p "$parts"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"

step 'building: Rust beside its peers, libmjwt, the Node package'
cargo build --quiet --release --locked --manifest-path "$here/rust/Cargo.toml" --target-dir "$CARGO_TARGET_DIR/bench-rust"
measure=$CARGO_TARGET_DIR/bench-rust/release/measure
ffi/build-lib.sh >&2
PREFIX=$work/prefix ffi/install.sh >/dev/null
export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig" LD_LIBRARY_PATH="$work/prefix/lib"
cargo build --quiet --release --locked --package mastra-jwt-node
rm -rf "$work/npm"
node node/pack.mjs "$work/npm" >&2
cc -O2 -shared -fPIC "$here/node/empty.c" -o "$work/empty.node"
# shellcheck disable=SC2046 # Each word is a flag.
cc -O2 "$here/memory.c" -o "$work/memory" $(pkg-config --cflags --libs mjwt)
(cd "$here/go" && go test -c -o "$work/go.test" .)

step 'installing: Node 24, npm peers, Mastra, matplotlib'
"$root/tests/runtimes/install.sh"
PATH=$root/tests/runtimes/node_modules/node-24/bin:$PATH
export PATH
# Not `npm ci`: it asks for @node-rs's binaries for every platform, and not every registry has them.
mkdir -p "$work/node"
cp "$here"/node/*.json "$here"/node/*.mjs "$work/node"
(cd "$work/node" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null &&
  npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "$work"/npm/*.tgz >/dev/null)
"$root/tests/mastra/install.sh" "$root/tests/mastra/newest" "$work/npm" "$work/mastra"
cp "$here/node/server.mjs" "$work/mastra"
if ! cmp -s "$here/requirements.txt" "$work/venv/.installed"; then
  rm -rf "$work/venv"
  python3 -m venv "$work/venv" || fail 'python3 cannot make a virtual environment: apt-get install python3-venv'
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$work/venv/.installed"
fi

"$measure" tokens >"$work/tokens.json"
step 'Rust'
"$measure" run $quick >"$parts/rust.jsonl"
step 'C'
"$here/c/run.sh" >"$parts/c.jsonl"
step 'Go'
# One pass after another, each through all contenders: what `-count` does would time each contender all at once.
passes=${QUICK:+3} time=${QUICK:+5ms}
for pass in $(seq "${passes:-15}"); do
  "$work/go.test" -test.run '^$' -test.bench . -test.benchtime "${time:-20ms}" >"$parts/go-$pass.txt"
done
cd "$work/node"
step 'Node'
node measure.mjs "$work/tokens.json" "$work/empty.node" $quick >"$parts/node.jsonl"
step 'start-up'
node startup.mjs "$work/tokens.json" $quick >"$parts/startup.jsonl"
step 'memory'
count=${QUICK:+1000000}
"$work/memory" "${count:-10000000}" >"$parts/memory.jsonl"
node --single-threaded --max-semi-space-size=1 memory.mjs "$work/tokens.json" "${count:-10000000}" >>"$parts/memory.jsonl"
step 'a Mastra server under load'
node load.mjs "$work/tokens.json" "$work/mastra/server.mjs" $quick >"$parts/server.jsonl"
cd "$root"

step 'report'
out=$here
[ -z "$quick" ] || out=$work
"$work/venv/bin/python" "$here/report.py" "$parts" "$out" $quick
