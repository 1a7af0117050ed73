#!/usr/bin/env bash
# The linker that rustc calls for Windows: zig. It exports what the program declares and much of the
# C run-time too, unless it is given rustc's list of exports as an argument of its own, and under
# another name than cargo-zigbuild leaves out.
set -eu
arguments=()
output=
previous=
for argument in "$@"; do
  [ "$previous" != -o ] || output=$argument
  previous=$argument
  case $argument in
  -Wl,*/list.def)
    list=${argument#-Wl,}
    cp "$list" "${list%/*}/exports.def"
    arguments+=("${list%/*}/exports.def")
    ;;
  *) arguments+=("$argument") ;;
  esac
done
export CARGO_ZIGBUILD_ZIG_COMMAND=$CARGO_ZIGBUILD_ZIG_PATH
"$ZIGBUILD" zig cc -- -fno-sanitize=all -target "$ZIG_TARGET" "${arguments[@]}"
node "$(dirname "$0")/build-id.mjs" "$output"
