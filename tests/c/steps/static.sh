# A program that is static as a whole.
# shellcheck shell=sh disable=SC2086,SC2154 # Sourced by run.sh; all the words of a list of flags are flags.
compile 'gcc -O2' arguments "-static $(pkg-config --static --cflags --libs mjwt)"
"$work/arguments"
