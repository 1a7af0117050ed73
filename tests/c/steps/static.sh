# A program that is static as a whole.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
compile 'gcc -O2' arguments "-static $(pkg-config --static --cflags --libs mjwt)"
"$work/arguments"
