# The program in ffi/README.md and the example programs, with their Makefile.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
# shellcheck disable=SC2016 # Backticks of Markdown.
sed -n '/^```c$/,/^```$/p' ffi/README.md | sed '/^```/d' >"$work/readme.c"
gcc $warnings "$work/readme.c" $shared -o "$work/readme"
[ "$($memcheck "$work/readme" 2>&1)" = '{"sub":"me"}' ] || fail "the program of ffi/README.md"
for option in '' STATIC=1; do
  cp -R ffi/examples/c "$work/examples$option"
  make -C "$work/examples$option" --silent CFLAGS="-std=c99 $warnings" $option
  use_examples "$work/examples$option"
done
readelf -d "$work/examples/verify" | grep -q 'libmjwt.so.0' || fail "make links no shared library"
if readelf -d "$work/examplesSTATIC=1/verify" | grep -q libmjwt; then fail "make STATIC=1 links the shared library"; fi
