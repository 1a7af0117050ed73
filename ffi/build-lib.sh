#!/bin/sh
# Builds libmjwt with cargo, and makes what ffi/install.sh copies: target/[TARGET/]release/libmjwt/.
#
#   ffi/build-lib.sh
#
# CARGO_BUILD_TARGET   for another machine: its name as rustc has it (a glibc version may follow for cargo-zigbuild)
# LD, OBJCOPY, AR      the binutils for that machine (ld, objcopy, ar); for macOS and Windows OBJCOPY is llvm-objcopy
# CARGO, CARGO_FLAGS   the cargo to call (cargo), and more arguments for it
# DEBUG_SYMBOLS=1      keeps the debug symbols, in a file of their own (needs OBJCOPY)
set -eu
cd "$(dirname "$0")/.."
LD=${LD:-ld} OBJCOPY=${OBJCOPY:-objcopy} AR=${AR:-ar} CARGO=${CARGO:-cargo}
. tests/tools.sh
target=${CARGO_BUILD_TARGET:-}
unset CARGO_BUILD_TARGET # cargo does not know a name with a glibc version.
case ${target:-$(uname -s)} in
*-apple-* | Darwin) require build-lib "${CARGO%% *}" rustc ;;
Linux | *BSD) require build-lib "${CARGO%% *}" rustc cc "$LD" "$OBJCOPY" "$AR" ;;
*) require build-lib "${CARGO%% *}" rustc "$LD" "$OBJCOPY" "$AR" ;;
esac
built=${CARGO_TARGET_DIR:-target}${target:+/${target%%.*}}/release
mkdir -p "$built"
built=$(cd "$built" && pwd)
out=$built/libmjwt

if [ -n "${DEBUG_SYMBOLS:-}" ]; then
  export CARGO_PROFILE_RELEASE_DEBUG=full CARGO_PROFILE_RELEASE_STRIP=none
fi
# shellcheck disable=SC2086 # One word each.
$CARGO rustc --locked --release --package mastra-jwt-ffi --lib ${target:+--target "$target"} ${CARGO_FLAGS:-} \
  -- --print "native-static-libs=$built/mjwt-libs"

target=${target%%.*}
[ -n "$target" ] || target=$(rustc -vV | sed -n 's/^host: //p')
rm -rf "$out"
mkdir "$out"
cp include/mjwt.h "$out"
echo "$target" >"$out/target"
# The compiler driver adds libgcc_s by itself, and a -static link has none.
tr ' ' '\n' <"$built/mjwt-libs" | grep '^-l' | grep -v '^-lgcc_s$' | awk '!seen[$0]++' | tr '\n' ' ' | sed 's/ $//' >"$out/libs"

# One object whose only global symbols are ours, and no COMDAT group, which another Rust library in the
# same program would share by name.
static_elf() {
  roots=$(sed -n 's/.*[ *]\(mjwt_[a-z_]*\)(.*/-u \1/p' include/mjwt.h)
  "$OBJCOPY" -R .llvmbc -R .llvmcmd "$built/libmjwt.a" "$built/mjwt.a" # Joined bitcode crashes LLVM plug-ins.
  # shellcheck disable=SC2086 # One word each.
  "$LD" -r --gc-sections --force-group-allocation $roots -o "$built/mjwt.o" "$built/mjwt.a"
  "$OBJCOPY" --wildcard --keep-global-symbol='mjwt_*' --strip-debug "$built/mjwt.o"
  "$AR" rcsD "$out/libmjwt.a" "$built/mjwt.o"
  rm -f "$built/mjwt.a" "$built/mjwt.o"
}

case $target in
*-apple-*)
  cp "$built/libmjwt.dylib" "$built/libmjwt.a" "$out"
  ;;
*-windows-*)
  cp "$built/mjwt.dll" "$built/libmjwt.dll.a" "$built/libmjwt.a" "$out"
  ;;
*)
  cp "$built/libmjwt.so" "$out"
  if [ -n "${DEBUG_SYMBOLS:-}" ]; then
    version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' include/mjwt.h)
    # The name by which a debugger looks for it.
    "$OBJCOPY" --only-keep-debug "$out/libmjwt.so" "$out/libmjwt.so.$version.debug"
    "$OBJCOPY" --strip-all "$out/libmjwt.so"
    (cd "$out" && "$OBJCOPY" "--add-gnu-debuglink=libmjwt.so.$version.debug" libmjwt.so)
  fi
  static_elf
  ;;
esac
echo "build-lib: $out"
