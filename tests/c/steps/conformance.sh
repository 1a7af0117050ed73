# The header in every C and C++, without a warning.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
for language in c89 c90 gnu89 c99 c11 c17; do
  for compiler in gcc clang; do
    "$compiler" -std=$language $warnings "$here/conformance.c" $shared -o "$work/conformance"
    "$work/conformance" || fail "conformance, $compiler $language"
  done
done
for language in c++98 c++03 c++11 c++14 c++17 c++20; do
  for compiler in g++ clang++; do
    "$compiler" -x c++ -std=$language $warnings -Wold-style-cast "$here/conformance.c" -x none $shared \
      -o "$work/conformance"
    "$work/conformance" || fail "conformance, $compiler $language"
  done
done
expect_failure 'warn_unused_result\|unused-result' gcc $warnings "$here/dropped.c" $shared -o "$work/dropped"
