#!/bin/sh
# notices.sh CRATE TARGET FILE
#
# Writes to FILE the licences of all that is linked into the binary of a crate (a directory: core,
# ffi, node) for a target. Fails when a dependency has a licence that about.toml does not accept.
# ZIG_LIB and ZIG_VERSION say that Zig links it.
set -eu
[ $# -eq 3 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/tools.sh"
require notices cargo
cargo_tool cargo-about 0.9.3 '--features cli'
manifest=$root/$1/Cargo.toml
# Offline means that only the crates' own licence files are read, not a service's opinion of them.
cargo fetch --quiet --locked --manifest-path "$manifest"
"$tool" generate --locked --offline --manifest-path "$manifest" --target "$2" --config "$root/.ci/notices/about.toml" \
  --output-file "$3" "$root/.ci/notices/about.hbs"

of_zig() { # of_zig NAME LICENCE FILE: as about.hbs writes it
  printf '\n%s\n%s, for:\n  %s %s (https://ziglang.org)\n%s\n' "$(printf %080d 0 | tr 0 =)" "$2" "$1" "$ZIG_VERSION" \
    "$(printf %080d 0 | tr 0 -)"
  cat "$ZIG_LIB/$3"
}
[ -n "${ZIG_LIB:-}" ] || exit 0
case $2 in
*-linux-* | *-windows-*)
  of_zig zig-compiler-rt 'MIT License (MIT)' LICENSE >>"$3"
  of_zig llvm-libunwind 'Apache License 2.0 with LLVM exceptions (Apache-2.0 WITH LLVM-exception)' \
    lib/libunwind/LICENSE.TXT >>"$3"
  ;;
esac
case $2 in *-windows-*) of_zig mingw-w64 'Zope Public License 2.1 (ZPL-2.1)' lib/libc/mingw/COPYING >>"$3" ;; esac
