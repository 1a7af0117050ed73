#!/bin/sh
# archive.sh TARGET LIBRARY_DIR DEST
#
# Writes DEST/libmjwt-<version>-<TARGET>.tar.gz, which works wherever it is unpacked: header, shared
# and static library, pkg-config and CMake files, a Meson project, man pages, examples, licences,
# README. With debug symbols, they go to DEST/libmjwt-<version>-<TARGET>-debug.tar.gz.
#
#   TARGET       as it is in the archive's name: x86_64-unknown-linux-gnu
#   LIBRARY_DIR  what ffi/build-lib.sh made for it: target/TARGET/release/libmjwt
#
# The same library gives the same bytes. SOURCE_DATE_EPOCH is the time of the files (that of the
# last commit).
set -eu
umask 022
[ $# -eq 3 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fail() {
  echo "archive: $*" >&2
  exit 1
}

root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/tools.sh"
require archive tar gzip install sed
target=$1
[ -f "$2/libs" ] || fail "there is no library in $2: it is made by ffi/build-lib.sh"
built=$(cd "$2" && pwd)
mkdir -p "$3"
dest=$(cd "$3" && pwd)
version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' "$built/mjwt.h")
name=libmjwt-$version-$target
time=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$root/ffi/docs/build.sh"
top=$work/$name
env BUILT="$built" PREFIX="$top" DESTDIR= LIBDIR= INCLUDEDIR= MANDIR= "$root/ffi/install.sh" >/dev/null
mkdir "$top/examples"
cp "$root"/ffi/examples/c/* "$top/examples"
cp "$root"/LICENSE-* "$top"
"$root/.ci/notices/notices.sh" ffi "$(cat "$built/target")" "$top/THIRD-PARTY-NOTICES"
libs=$(cat "$built/libs")
for file in README.md CMakeLists.txt meson.build; do
  sed -e "s|@VERSION@|$version|" -e "s|@TARGET@|$target|" -e "s|@LIBS_PRIVATE@|$libs|" \
    "$root/ffi/package/archive/$file" >"$top/$file"
done

pack() { # pack NAME: the directory of that name
  tar -C "$work" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$time" \
    -cf - "$1" | gzip -9n >"$dest/$1.tar.gz"
  echo "$dest/$1.tar.gz"
}
for symbols in "$top"/lib/.debug "$top"/lib/*.dSYM "$top"/bin/*.debug; do
  [ -e "$symbols" ] || continue
  directory=$top-debug/$(basename "$(dirname "$symbols")")
  mkdir -p "$directory"
  mv "$symbols" "$directory"
done
[ ! -d "$top-debug" ] || pack "$name-debug"
pack "$name"
