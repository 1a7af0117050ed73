# Data races, by helgrind and drd.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
compile 'gcc -DHELGRIND -DROUNDS=50' threads "$shared"
compile gcc bad "$shared"
for tool in helgrind drd; do
  valgrind -q --tool=$tool --error-exitcode=9 "$work/threads"
  expect_failure '[Dd]ata race\|Conflicting' valgrind -q --tool=$tool --error-exitcode=9 "$work/bad" race
done
