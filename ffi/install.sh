#!/bin/sh
# Builds libmjwt and installs it, or removes what it installed.
#
#   ffi/install.sh [install|uninstall]
#
# PREFIX              where it will live (/usr/local)
# DESTDIR             put before PREFIX, for packages
# CARGO_BUILD_TARGET  for another machine, together with LD, OBJCOPY and AR for it
set -eu
cd "$(dirname "$0")/.."

root=${DESTDIR:-}${PREFIX:-/usr/local}
version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' include/mjwt.h)
abi=$(sed -n 's/^#define MJWT_ABI_VERSION //p' include/mjwt.h)

if [ "${1:-install}" = uninstall ]; then
  cd "$root"
  rm -f include/mjwt.h lib/libmjwt.so "lib/libmjwt.so.$abi" "lib/libmjwt.so.$version" lib/libmjwt.a \
    lib/pkgconfig/mjwt.pc lib/cmake/mjwt/mjwt-config.cmake lib/cmake/mjwt/mjwt-config-version.cmake
  if [ -d lib/cmake/mjwt ]; then rmdir lib/cmake/mjwt; fi
  exit
fi

built=${CARGO_TARGET_DIR:-target}${CARGO_BUILD_TARGET:+/$CARGO_BUILD_TARGET}/release
mkdir -p "$built"
built=$(cd "$built" && pwd)
cargo rustc --locked --release --package mastra-jwt-ffi --lib -- --print "native-static-libs=$built/mjwt-libs"

# The compiler driver adds libgcc_s by itself, and a -static link has none.
libs=$(tr ' ' '\n' <"$built/mjwt-libs" | grep '^-l' | grep -v '^-lgcc_s$' | awk '!seen[$0]++' | tr '\n' ' ')
libs=${libs% }

# One object whose only global symbols are ours, and no COMDAT group, which another Rust library in the
# same program would share by name.
roots=$(sed -n 's/.*[ *]\(mjwt_[a-z_]*\)(.*/-u \1/p' include/mjwt.h)
"${OBJCOPY:-objcopy}" -R .llvmbc -R .llvmcmd "$built/libmjwt.a" "$built/mjwt.a" # Joined bitcode crashes LLVM plug-ins.
# shellcheck disable=SC2086 # One word each.
"${LD:-ld}" -r --gc-sections --force-group-allocation $roots -o "$built/mjwt.o" "$built/mjwt.a"
"${OBJCOPY:-objcopy}" --wildcard --keep-global-symbol='mjwt_*' --strip-debug "$built/mjwt.o"
rm -f "$built/mjwt.a"
"${AR:-ar}" rcs "$built/mjwt.a" "$built/mjwt.o"

fill() {
  sed -e "s|@VERSION@|$version|" -e "s|@ABI@|$abi|" -e "s|@LIBS_PRIVATE@|$2|" "ffi/package/$1.in" >"$built/$1"
}
fill mjwt.pc "$libs"
fill mjwt-config.cmake "$(echo "$libs" | tr ' ' ';')"
fill mjwt-config-version.cmake ''

mkdir -p "$root/include" "$root/lib/pkgconfig" "$root/lib/cmake/mjwt"
install -m 644 include/mjwt.h "$root/include/"
install -m 755 "$built/libmjwt.so" "$root/lib/libmjwt.so.$version"
ln -sf "libmjwt.so.$version" "$root/lib/libmjwt.so.$abi"
ln -sf "libmjwt.so.$abi" "$root/lib/libmjwt.so"
install -m 644 "$built/mjwt.a" "$root/lib/libmjwt.a"
install -m 644 "$built/mjwt.pc" "$root/lib/pkgconfig/"
install -m 644 "$built/mjwt-config.cmake" "$built/mjwt-config-version.cmake" "$root/lib/cmake/mjwt/"
