# The reference: a man page for each function, in HTML too.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
ffi/docs/build.sh
while read -r function; do
  grep -q "$function" "$target/doc-c/man/man3/$function.3" "$target/doc-c/man/man3/mjwt.h.3" \
    || fail "no man page for $function"
  grep -q "$function" "$target/doc-c/html/mjwt_8h.html" || fail "no HTML for $function"
done <"$here/symbols.txt"
