#!/bin/sh
# Builds libmjwt and runs bench.c against it; needs libjwt-dev, libssl-dev, pkg-config.
set -eu
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ffi/build-lib.sh >&2
PREFIX=$work ffi/install.sh >/dev/null
export PKG_CONFIG_PATH="$work/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}" LD_LIBRARY_PATH="$work/lib"
# shellcheck disable=SC2046 # Each word is a flag.
cc -O2 -Wall -Wextra tests/bench/c/bench.c -o "$work/bench" $(pkg-config --cflags --libs mjwt libjwt libcrypto)
"$work/bench"
