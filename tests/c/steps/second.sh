# A second Rust library in the same program.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
rustc -O --edition 2024 --crate-type staticlib "$here/second.rs" -o "$work/libsecond.a"
for link in "$static $work/libsecond.a" "$work/libsecond.a $static" "-static $static $work/libsecond.a"; do
  compile gcc second "$link -lm" 2>"$work/warnings" || { cat "$work/warnings"; fail "does not link"; }
  "$work/second" 2>/dev/null
done
