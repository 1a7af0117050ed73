# Memory, by valgrind, which is shown to see what it should.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
for link in "$shared" "$static"; do
  for name in arguments config claims tokens; do
    compile gcc $name "$link"
    $memcheck "$work/$name"
  done
  compile 'gcc -DROUNDS=50' threads "$link"
  $memcheck "$work/threads"
  compile gcc vectors "$link -ljansson"
  $memcheck "$work/vectors" "$vectors"
  compile gcc bad "$link"
  for how in overflow free leak uninitialised; do
    expect_failure '^==' $memcheck "$work/bad" $how
  done
done
