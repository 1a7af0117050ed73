#!/bin/sh
# Measures every binding with its peers and writes results.json and results.svg beside this file;
# says which rows of budget.json hold, and fails when one does not.
#
#   run.sh             all of it, about 10 minutes; needs a machine with nothing else to do
#   ROW=SET run.sh     one set of core, c, go, node, growth, startup, memory, server: below two
#                      minutes once all is built
#   QUICK=1 run.sh     few rounds, to see that it works: fails only where something breaks. ROW and
#                      QUICK write to target/bench instead.
#
# Expects `make build`. Installs the pinned peers from crates.io, npm and the Go module proxy under
# target/bench.
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

all='core c go node growth startup memory server'
sets=${ROW:-$all}
case " $all " in *" $sets "*) ;; *) [ -z "${ROW:-}" ] || fail "ROW must be one of $all, not $ROW" ;; esac
wanted() { # wanted SET...    whether one of these is to be measured
  for one in "$@"; do case " $sets " in *" $one "*) return 0 ;; esac; done
  return 1
}
quick=${QUICK:+quick}
work=$root/target/bench
parts=$work/parts
rm -rf "$parts"
mkdir -p "$parts"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"

step 'building'
cargo build --quiet --release --locked --manifest-path "$here/rust/Cargo.toml" \
  --target-dir "$CARGO_TARGET_DIR/bench-rust" \
  --bin measure --example floor
measure=$CARGO_TARGET_DIR/bench-rust/release/measure
floor=$CARGO_TARGET_DIR/bench-rust/release/examples/libfloor.so
"$measure" tokens >"$work/tokens.json"
if wanted c go memory; then
  ffi/build-lib.sh >&2
  PREFIX=$work/prefix ffi/install.sh >/dev/null
  export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig" LD_LIBRARY_PATH="$work/prefix/lib"
  # shellcheck disable=SC2046 # Each word is a flag.
  cc -O2 -Wall -Wextra "$here/c/bench.c" -o "$work/c" $(pkg-config --cflags --libs mjwt libjwt libcrypto)
  # shellcheck disable=SC2046
  cc -O2 "$here/memory.c" -o "$work/memory" $(pkg-config --cflags --libs mjwt)
fi
if wanted go; then
  cp target/wasm/mjwt.wasm ffi/go/mjwt/
  (cd "$here/go" && CGO_ENABLED=1 go test -c -o "$work/go-cgo" . && CGO_ENABLED=0 go test -c -o "$work/go-wasm" .)
fi
if wanted node growth startup memory server; then
  "$root/tests/runtimes/install.sh"
  rm -rf "$work/npm"
  node node/pack.mjs "$work/npm" >&2
  # Not `npm ci`: it asks for @node-rs's binaries for every platform, and not every registry has
  # them.
  mkdir -p "$work/node/bundles"
  cp "$here"/node/*.json "$here"/node/*.mjs "$work/node"
  npm_quiet() { npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null; }
  main=$(echo "$work"/npm/mastra-jwt-[0-9]*.tgz)
  (cd "$work/node" && npm_quiet install && npm_quiet install --no-save "$work"/npm/*.tgz "mastra-jwt-wasm@file:$main")
  for package in mastra-jwt mastra-auth-reference; do
    # CommonJS within asks for `require`.
    banner="import { createRequire as _createRequire } from 'node:module'; "
    banner="${banner}const require = _createRequire(import.meta.url);"
    echo "export { MastraJwtAuth } from '$package'" | (cd "$work/node" && node_modules/.bin/esbuild --bundle \
      --platform=node --format=esm --minify --log-level=error --outfile="bundles/$package.mjs" --banner:js="$banner")
  done
fi
if wanted server; then
  "$root/tests/mastra/install.sh" "$root/tests/mastra/newest" "$work/npm" "$work/mastra"
  cp "$here/node/server.mjs" "$work/mastra"
fi
# on VERSION SCRIPT...    runs a script with that Node
on() {
  version=$1
  shift
  (cd "$work/node" && PATH=$root/tests/runtimes/node_modules/node-$version/bin:$PATH && node "$@")
}
count=${QUICK:+1000000}
count=${count:-10000000}

if wanted core; then
  step core
  "$measure" core $quick >"$parts/core.jsonl"
fi
if wanted c; then
  step c
  "$work/c" $quick >"$parts/c.jsonl"
fi
if wanted go; then
  step go
  # One pass after another, each through all contenders: what `-count` does would time each
  # contender all at once.
  passes=${QUICK:+3} time=${QUICK:+5ms}
  for pass in $(seq "${passes:-15}"); do
    "$work/go-cgo" -test.run '^$' -test.bench . -test.benchtime "${time:-20ms}" >"$parts/go-cgo-$pass.txt"
    "$work/go-wasm" -test.run '^$' -test.bench '(Verify|Sign)/200B' -test.benchtime "${time:-20ms}" \
      >"$parts/go-wasm-$pass.txt"
  done
fi
if wanted node; then
  for version in 22 24; do
    step "node $version"
    on $version measure.mjs "$work/tokens.json" "$floor" $quick >"$parts/node-$version.jsonl"
  done
fi
if wanted growth; then
  step growth
  "$measure" growth $quick >"$parts/growth-core.jsonl"
  on 24 growth.mjs "$floor" $quick >"$parts/growth-node.jsonl"
fi
if wanted startup; then
  for version in 22 24; do
    step "startup, Node $version"
    on $version startup.mjs "$work/tokens.json" bundles $quick >"$parts/startup-$version.jsonl"
  done
fi
if wanted memory; then
  step memory
  "$work/memory" "$count" >"$parts/memory-c.jsonl"
  on 24 wasm.mjs "$root/target/wasm/mjwt.wasm" >"$parts/memory-wasm.jsonl"
  on 24 --single-threaded --max-semi-space-size=1 memory.mjs "$work/tokens.json" "$count" >"$parts/memory-node.jsonl"
  for version in 22 24; do
    on $version --expose-gc verifiers.mjs "$work/tokens.json" $quick >"$parts/memory-$version.jsonl"
  done
fi
if wanted server; then
  step 'server: Mastra under load'
  on 24 load.mjs "$work/tokens.json" "$work/mastra/server.mjs" $quick >"$parts/server.jsonl"
fi

out=$here
[ -z "$quick${ROW:-}" ] || out=$work
exec python3 "$here/report.py" "$parts" "$out" "${ROW:-all}" $quick
