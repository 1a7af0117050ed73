# A program under ThreadSanitizer, with the library as it is installed: no report but of the
# program's own races.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
export TSAN_OPTIONS="suppressions=$root/ffi/package/mjwt.tsan exitcode=9"
for compiler in gcc clang; do
  for link in "$shared" "$static"; do
    compile "$compiler -O1 -fsanitize=thread" threads "$link"
    "$work/threads"
    compile "$compiler -O1 -fsanitize=thread" bad "$link"
    expect_failure 'ThreadSanitizer: data race' "$work/bad" race
  done
done
# The example that changes keys takes and gives references as a service should.
quietly gcc -g -O1 -fsanitize=thread ffi/examples/c/rotate.c -pthread $shared -o "$work/rotate"
quietly gcc ffi/examples/c/mint.c $shared -o "$work/mint"
use_rotate "$work/rotate" "$(MJWT_SECRET=supersecretdevkeythatishs256safe! "$work/mint" alice 600)"
