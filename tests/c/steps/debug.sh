# Debug symbols in a separate file, and the library the same size without them.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
DEBUG_SYMBOLS=1 CARGO_TARGET_DIR="$target/debug-symbols" quietly ffi/build-lib.sh
CARGO_TARGET_DIR="$target/debug-symbols" PREFIX="$work/debug" ffi/install.sh >/dev/null
library=$work/debug/lib/libmjwt.so.$(pkg-config --modversion mjwt)
if readelf -S "$library" | grep -q '\.debug_info'; then fail "$library has debug symbols"; fi
symbols=$work/debug/lib/.debug/$(readelf --string-dump=.gnu_debuglink "$library" | sed -n 's/.* \(libmjwt.*\)/\1/p')
readelf -S "$symbols" | grep -q '\.debug_info' || fail "$symbols has no debug symbols"
gdb --batch -ex 'info line mjwt_verify' "$library" 2>/dev/null | grep -q 'verifier\.rs' \
  || fail "a debugger does not find the symbols"
