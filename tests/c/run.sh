#!/bin/sh
# Tests the C binding.
#
#   tests/c/run.sh             everything that runs with stable Rust; `tests/c/nightly.sh` has what
#                              needs nightly
#   tests/c/run.sh STEP...     these steps alone: the files in tests/c/steps, without .sh
#   tests/c/run.sh --list      the names of the steps, in order
#
# Needs the packages of apt-packages.txt and the Rust toolchain.
# shellcheck disable=SC2034 # The steps use the variables.
set -eu
export LC_ALL=C
unset RUST_BACKTRACE MJWT_WRITE_HEADER PREFIX DESTDIR LIBDIR INCLUDEDIR MANDIR BUILT DEBUG_SYMBOLS

steps='rust install symbols conformance behaviour static second panic valgrind threads sanitizers tsan examples
  pkgconfig cmake meson archive docs debug debian conan vcpkg'

cd "$(dirname "$0")/../.."
root=$(pwd)
here=$root/tests/c
# shellcheck disable=SC2086 # One word each.
[ "${1:-}" != --list ] || { printf '%s\n' $steps; exit; }
for name in "$@"; do
  [ -f "$here/steps/$name.sh" ] || { echo "tests/c/run.sh: there is no step $name (--list names them)" >&2; exit 2; }
done
. tests/tools.sh
require tests/c cargo rustc gcc g++ clang clang++ ld objcopy ar nm readelf make cmake pkg-config valgrind \
  curl doxygen gdb man meson ninja
require_libraries tests/c jansson libjwt libcrypto libmicrohttpd

vectors=$root/tests/vectors
target=${CARGO_TARGET_DIR:-$root/target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/c/lib.sh

# What the steps test: an installed libmjwt, whose prefix was moved after the installation.
ffi/build-lib.sh >"$work/output" 2>&1 || { cat "$work/output"; fail "ffi/build-lib.sh"; }
PREFIX=/usr DESTDIR="$work/stage" ffi/install.sh >/dev/null
mv "$work/stage/usr" "$work/prefix"
prefix=$work/prefix
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
shared=$(pkg-config --cflags --libs mjwt)
static="-I$prefix/include $prefix/lib/libmjwt.a $(pkg-config --static --libs-only-l mjwt | sed 's/-lmjwt//')"

# shellcheck disable=SC2086 # One word each.
[ $# -gt 0 ] || set -- $steps
for name in "$@"; do
  echo "== $name"
  set +e # With `||` after it, a command that fails would not end the step.
  (
    set -e
    work=$work/$name
    mkdir "$work"
    # shellcheck source=/dev/null
    . "$here/steps/$name.sh"
  )
  code=$?
  set -e
  [ $code = 0 ] || fail "step $name"
done
echo "== all passed: $*"
