#!/bin/sh
# Instructions that one verification, refusal and signature take in the core beyond the HMAC,
# counted by callgrind: the same on a busy machine as on an idle one. Without arguments: compared
# with those of instructions.json; fails where one is more than 2 % higher.
#   instructions.sh --write    makes the counts the new ones to compare with
set -eu
cd "$(dirname "$0")"
. ../tools.sh
require bench-instructions cargo valgrind python3
target=${CARGO_TARGET_DIR:-../../target}/bench-rust
cargo build --quiet --release --locked --manifest-path rust/Cargo.toml --no-default-features --bin instructions \
  --target-dir "$target"
exec python3 instructions.py "$target/release/instructions" "$@"
