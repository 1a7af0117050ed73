# What the functions do; the heap and stack they take; what they leave in memory; vectors, libjwt;
# shared and static.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
for link in "$shared" "$static"; do
  for name in arguments config claims tokens threads allocations stack; do
    compile 'gcc -O2' $name "$link"
    "$work/$name"
  done
  compile 'gcc -O2' vectors "$link -ljansson"
  "$work/vectors" "$vectors"
  compile 'gcc -O2' interop_libjwt "$link -ljwt"
  "$work/interop_libjwt"
  compile 'gcc -O2' migrating "$link -ljwt -lcrypto"
  "$work/migrating"
  compile 'gcc -O2' secrets "$link -lcrypto"
  "$work/secrets"
done
