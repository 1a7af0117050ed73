# A panic does not cross.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
cargo build --locked --quiet --package mastra-jwt-ffi --features test-panic --target-dir "$target/test-panic"
compile gcc panic "-I$prefix/include -L$target/test-panic/debug -lmjwt"
ln -sf libmjwt.so "$target/test-panic/debug/libmjwt.so.0"
LD_LIBRARY_PATH="$target/test-panic/debug" "$work/panic" 2>"$work/output" || { cat "$work/output"; fail panic; }
grep -q 'mjwt_test_panic was called' "$work/output" || fail "nothing panicked"
