# Only mjwt_* is exported: the list is symbols.txt, for both libraries and the header.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
nm -D --defined-only "$prefix/lib/libmjwt.so" | awk '{print $3}' | sort | diff "$here/symbols.txt" - \
  || fail "libmjwt.so exports other symbols than symbols.txt"
nm -g --defined-only "$prefix/lib/libmjwt.a" | awk 'NF == 3 {print $3}' | sort | diff "$here/symbols.txt" - \
  || fail "libmjwt.a exports other symbols than symbols.txt"
sed -n 's/^\(MJWT_MUST_USE \)\{0,1\}[a-z].*[ *]\(mjwt_[a-z_]*\)(.*/\2/p' "$prefix/include/mjwt.h" | sort \
  | diff "$here/symbols.txt" - || fail "mjwt.h declares other functions than symbols.txt"
