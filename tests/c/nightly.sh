#!/bin/sh
# What only nightly Rust can test: Miri on the exports, and ThreadSanitizer over library and
# standard library.
#   rustup toolchain install nightly --component miri --component rust-src
set -eu
export LC_ALL=C

cd "$(dirname "$0")/../.."
here=$PWD/tests/c
. tests/tools.sh
require tests/c cargo clang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=${CARGO_TARGET_DIR:-$PWD/target}
host=$(rustc +nightly --print host-tuple)
libraries=$(rustc +nightly --print sysroot)/lib/rustlib

cargo +nightly miri --version || { echo "FAILED: nightly Rust has no Miri: see the top of this file" >&2; exit 1; }
[ -d "$libraries/src" ] || { echo "FAILED: nightly Rust has no rust-src: see the top of this file" >&2; exit 1; }

echo "== Miri"
cargo +nightly miri test --locked --package mastra-jwt-ffi --lib --target-dir "$target/miri"

echo "== ThreadSanitizer"
RUSTFLAGS=-Zsanitizer=thread cargo +nightly rustc --locked -Zbuild-std --target "$host" --package mastra-jwt-ffi --lib \
  --crate-type staticlib --target-dir "$target/tsan"
for name in threads bad; do
  clang -g -O1 -fsanitize=thread -std=gnu11 -Iinclude -c "$here/$name.c" -o "$work/$name.o"
  # The run-time library must be the one that the Rust compiler belongs to.
  clang "$work/$name.o" "$target/tsan/$host/debug/libmjwt.a" -rdynamic -o "$work/$name" \
    -Wl,--whole-archive "$libraries/$host/lib/librustc-nightly_rt.tsan.a" -Wl,--no-whole-archive -lm -ldl -lpthread \
    -lrt -lgcc_s
done
"$work/threads"
if "$work/bad" race >"$work/output" 2>&1 || ! grep -q 'ThreadSanitizer: data race' "$work/output"; then
  echo "FAILED: ThreadSanitizer sees no race where there is one" >&2
  exit 1
fi

echo "== all passed"
