#!/usr/bin/env bash
# The linker that rustc calls for macOS: LLVM's, with the arguments that it would get from clang.
# Zig's own linker has no list of exports, and writes the path of the output into it. The UUID is a
# hash of the output, so nothing in it may tell where and when it was built; with debug symbols, the
# names of the object files (now relative to OBJECTS) and their times would.
set -eu
arguments=(-syslibroot "$MACOS_SDK" -platform_version macos "$MACOSX_DEPLOYMENT_TARGET" "$MACOSX_DEPLOYMENT_TARGET"
  -adhoc_codesign -dead_strip_dylibs -oso_prefix "$OBJECTS/")
export ZERO_AR_DATE=1
name=
while [ $# -gt 0 ]; do
  case $1 in
  -Wl) ;; # What napi-build says before -undefined dynamic_lookup: the addon looks up what it takes from Node by itself.
  -undefined) shift ;;
  -Wl,*)
    IFS=, read -ra words <<<"${1#-Wl,}"
    arguments+=("${words[@]}")
    [ "${words[0]}" != -install_name ] || name=given
    ;;
  -dynamiclib) arguments+=(-dylib) ;;
  -target | -isysroot) shift ;;
  -mmacosx-version-min=* | -nodefaultlibs | -fuse-ld=*) ;;
  -o)
    output=$2
    arguments+=(-o "$2")
    shift
    ;;
  *) arguments+=("$1") ;;
  esac
  shift
done
[ -n "$name" ] || arguments+=(-install_name "@rpath/$(basename "$output")")
exec "$LLD" -flavor darwin "${arguments[@]}"
