# The exports from Rust, the header, the codes.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
cargo test --locked --quiet --package mastra-jwt-ffi
