#!/bin/sh
# Copies libmjwt, as ffi/build-lib.sh left it, to where it will live; or removes it from there.
#
#   ffi/install.sh [install|uninstall]
#
# PREFIX              where it will live (/usr/local)
# LIBDIR, INCLUDEDIR  below it, or absolute (lib, include); LIBDIR=lib64,
# LIBDIR=lib/x86_64-linux-gnu
# CMAKEDIR            the same, for the CMake files (cmake/mjwt in LIBDIR)
# MANDIR              the same, for the man pages, if `make doc-c` made them (share/man)
# DESTDIR             put before all of them, for packages
# BUILT               what build-lib.sh made (target/release/libmjwt)
set -eu
fail() {
  echo "$action: $*" >&2
  exit 1
}

action=${1:-install}
here=$(cd "$(dirname "$0")" && pwd)
under() { # under PREFIX DIRECTORY: its absolute name
  case $2 in /*) echo "$2" ;; *) echo "${1%/}/$2" ;; esac
}
DESTDIR=${DESTDIR:-}
prefix=$(under "$(pwd)" "${PREFIX:-/usr/local}")
prefix=${prefix%/}
libdir=$(under "$prefix" "${LIBDIR:-lib}")
includedir=$(under "$prefix" "${INCLUDEDIR:-include}")
mandir=$(under "$prefix" "${MANDIR:-share/man}")
cmakedir=$(under "$prefix" "${CMAKEDIR:-$libdir/cmake/mjwt}")
bindir=$prefix/bin

cargo=${CARGO_TARGET_DIR:-$here/../target}
built=${BUILT:-$cargo${CARGO_BUILD_TARGET:+/${CARGO_BUILD_TARGET%%.*}}/release/libmjwt}
man=$cargo/doc-c/man/man3

header=$built/mjwt.h
if [ "$action" = uninstall ]; then
  header=$DESTDIR$includedir/mjwt.h # Which version is there?
  if [ ! -f "$header" ]; then
    echo "uninstall: there is no libmjwt in $DESTDIR$prefix"
    exit
  fi
elif [ ! -f "$built/libs" ]; then
  fail "libmjwt is not built: run \`make build-lib\` first (there is no $built)"
fi
version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' "$header")
abi=$(sed -n 's/^#define MJWT_ABI_VERSION //p' "$header")

if [ "$action" = uninstall ]; then
  gone() { # removes what is there, and says so
    for file in "$@"; do
      if [ -e "$DESTDIR$file" ] || [ -L "$DESTDIR$file" ]; then
        rm "$DESTDIR$file"
        echo "removed $DESTDIR$file"
      fi
    done
  }
  gone "$libdir/libmjwt.so" "$libdir/libmjwt.so.$abi" "$libdir/libmjwt.so.$version" \
    "$libdir/.debug/libmjwt.so.$version.debug" "$libdir/libmjwt.dylib" "$libdir/libmjwt.$abi.dylib" \
    "$bindir/mjwt.dll" "$bindir/mjwt.dll.debug" "$libdir/libmjwt.dll.a" "$libdir/mjwt.lib" \
    "$libdir/libmjwt.a" "$libdir/pkgconfig/mjwt.pc" "$cmakedir/mjwt-config.cmake" \
    "$cmakedir/mjwt-config-version.cmake"
  for page in "$DESTDIR$mandir"/man3/mjwt*.3; do gone "${page#"$DESTDIR"}"; done
  dsym=$libdir/libmjwt.$abi.dylib.dSYM/Contents
  gone "$dsym/Info.plist" "$dsym/Resources/DWARF/libmjwt.$abi.dylib"
  gone "$includedir/mjwt.h" # Last: it says that there is something to remove.
  for directory in "$cmakedir" "$libdir/.debug" "$dsym/Resources/DWARF" "$dsym/Resources" "$dsym" "${dsym%/*}"; do
    rmdir "$DESTDIR$directory" 2>/dev/null || true
  done
  exit
fi

target=$(cat "$built/target")
libs=$(cat "$built/libs")
copy() { # copy MODE FILE DIRECTORY [NAME]
  mkdir -p "$DESTDIR$3"
  install -m "$1" "$2" "$DESTDIR$3/${4:-$(basename "$2")}"
  echo "$DESTDIR$3/${4:-$(basename "$2")}"
}
link() { # link TO NAME
  ln -sf "$1" "$DESTDIR$libdir/$2"
  echo "$DESTDIR$libdir/$2 -> $1"
}

# A pkg-config or CMake file finds the prefix from where itself is, so that the prefix may be moved.
up() { # up PREFIX DIRECTORY: how to come from a directory below the prefix to it, or nothing
  case $2/ in "$1"/*) echo "${2#"$1"}" | sed 's|/[^/]*|/..|g' ;; esac
}
below() { # below ROOT DIRECTORY: the directory, from there if the prefix has it
  case $2 in "$prefix"/*) echo "$1${2#"$prefix"}" ;; *) echo "$2" ;; esac
}
fill() { # fill TEMPLATE DIRECTORY LIBS-SEPARATOR ROOT
  climb=$(up "$prefix" "$2")
  root=$prefix
  [ -z "$climb" ] || root=$4$climb
  mkdir -p "$DESTDIR$2"
  sed -e "s|@VERSION@|$version|" -e "s|@ABI@|$abi|" -e "s|@LIBS_PRIVATE@|$(echo "$libs" | tr ' ' "$3")|" \
    -e "s|@PREFIX@|$root|" -e "s|@LIBDIR@|$(below "$5" "$libdir")|" -e "s|@INCLUDEDIR@|$(below "$5" "$includedir")|" \
    -e "s|@RPATH@|$rpath|" -e "s|@SHARED@|$shared|" -e "s|@SHARED_NAME@|$shared_name|" "$here/package/$1.in" \
    >"$DESTDIR$2/$1"
  echo "$DESTDIR$2/$1"
}

rpath=
copy 644 "$built/mjwt.h" "$includedir"
case $target in
*-apple-*)
  copy 755 "$built/libmjwt.dylib" "$libdir" "libmjwt.$abi.dylib"
  link "libmjwt.$abi.dylib" libmjwt.dylib
  dsym=libmjwt.$abi.dylib.dSYM/Contents
  if [ -d "$built/$dsym" ]; then
    copy 644 "$built/$dsym/Info.plist" "$libdir/$dsym"
    copy 644 "$built/$dsym/Resources/DWARF/libmjwt.$abi.dylib" "$libdir/$dsym/Resources/DWARF"
  fi
  shared="\${_mjwt_libdir}/libmjwt.$abi.dylib" shared_name="IMPORTED_SONAME \"@rpath/libmjwt.$abi.dylib\""
  # shellcheck disable=SC2016 # pkg-config's variable.
  rpath=' -Wl,-rpath,${libdir}' # The library's name for the dynamic linker is relative to it.
  ;;
*-windows-*)
  copy 755 "$built/mjwt.dll" "$bindir"
  [ ! -f "$built/mjwt.dll.debug" ] || copy 644 "$built/mjwt.dll.debug" "$bindir"
  copy 644 "$built/libmjwt.dll.a" "$libdir"
  copy 644 "$built/libmjwt.dll.a" "$libdir" mjwt.lib # The name that Microsoft's linker looks for.
  shared="\${_mjwt_prefix}/bin/mjwt.dll" shared_name="IMPORTED_IMPLIB \"\${_mjwt_libdir}/libmjwt.dll.a\""
  ;;
*)
  copy 755 "$built/libmjwt.so" "$libdir" "libmjwt.so.$version"
  link "libmjwt.so.$version" "libmjwt.so.$abi"
  link "libmjwt.so.$abi" libmjwt.so
  shared="\${_mjwt_libdir}/libmjwt.so.$version" shared_name="IMPORTED_SONAME \"libmjwt.so.$abi\""
  # Where a debugger looks; beside the library, ldconfig would take it for one.
  [ ! -f "$built/libmjwt.so.$version.debug" ] || copy 644 "$built/libmjwt.so.$version.debug" "$libdir/.debug"
  ;;
esac
copy 644 "$built/libmjwt.a" "$libdir"
# shellcheck disable=SC2016 # pkg-config's and CMake's variables.
{
  fill mjwt.pc "$libdir/pkgconfig" ' ' '${pcfiledir}' '${prefix}'
  fill mjwt-config.cmake "$cmakedir" ';' '${_mjwt_here}' '${_mjwt_prefix}'
  fill mjwt-config-version.cmake "$cmakedir" ';' '' ''
}
for page in "$man"/mjwt*.3; do
  [ ! -f "$page" ] || copy 644 "$page" "$mandir/man3" >/dev/null
done

[ -z "$DESTDIR" ] || exit 0
PATH=$PATH:/sbin:/usr/sbin # Not every user's has ldconfig.
if command -v ldconfig >/dev/null && [ "$(uname -s)" = Linux ]; then
  if ldconfig -N -v 2>/dev/null | grep -q "^$libdir:"; then
    echo "Now run \`ldconfig\` as root, so that programs find libmjwt.so.$abi."
  else
    echo "The dynamic linker does not search $libdir: set LD_LIBRARY_PATH=$libdir, or link with -Wl,-rpath,$libdir"
  fi
fi
if command -v pkg-config >/dev/null && ! pkg-config --variable pc_path pkg-config | tr : '\n' \
  | grep -qxF "$libdir/pkgconfig"; then
  echo "pkg-config does not search there by itself: export PKG_CONFIG_PATH=$libdir/pkgconfig"
fi
