# Sourced by the scripts for Go.
# shellcheck shell=sh disable=SC2034,SC2154 # The scripts use what is set here, and set root.
. "$root/tests/tools.sh"

fail() {
  echo "$0: $*" >&2
  exit 1
}
step() { echo "== $*"; }

# against PREFIX    builds with the libmjwt that is installed there; $with_library runs what links
#                   it
against() {
  require "$0" go gcc pkg-config readelf
  prefix=$(cd "$1" 2>/dev/null && pwd) || fail "$1 is not a directory"
  [ -f "$prefix/lib/pkgconfig/mjwt.pc" ] || fail "no libmjwt in $prefix: make stage"
  export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" CGO_ENABLED=1
  unset LD_LIBRARY_PATH # What is linked statically must not need it.
  with_library="env LD_LIBRARY_PATH=$prefix/lib"
}

staticcheck() { go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 "$@"; }
