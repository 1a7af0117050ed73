# The vcpkg port: its portfile, with what vcpkg calls replaced, and a program that finds what it
# installs.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
version=$(pkg-config --modversion mjwt)
grep -q "\"version\": \"$version\"" ffi/package/vcpkg/mjwt/vcpkg.json \
  || fail "vcpkg.json names another version than mjwt.h"
unset PKG_CONFIG_PATH LD_LIBRARY_PATH
for linkage in dynamic static; do
  quietly cmake -DROOT="$root" -DWORK="$target/vcpkg" -DLINKAGE=$linkage -P "$here/vcpkg.cmake"
  [ -s "$target/vcpkg/packages/share/mjwt/copyright" ] || fail "no copyright file"
  quietly cmake -S "$here/consumer" -B "$work/$linkage" -DCMAKE_PREFIX_PATH="$target/vcpkg/packages"
  quietly cmake --build "$work/$linkage"
  case $linkage in
    dynamic) runs shared "$work/dynamic/app-shared" ;;
    static) runs static "$work/static/app-shared" ;;
  esac
done
