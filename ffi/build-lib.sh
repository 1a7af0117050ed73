#!/bin/sh
# Builds libmjwt with cargo, and makes what ffi/install.sh copies: target/[TARGET/]release/libmjwt/.
#
#   ffi/build-lib.sh
#
# CARGO_BUILD_TARGET   for another machine: its name as rustc has it (a glibc version may follow for
#                      cargo-zigbuild)
# LD, OBJCOPY, AR      the binutils for that machine (ld, objcopy, ar); those of LLVM are used for
#                      macOS and Windows
# CARGO, CARGO_FLAGS   the cargo to call (cargo), and more arguments for it
# UNWIND               for musl: the libunwind.a that becomes a part of libmjwt.a (that of rustc's
#                      target, if it has one)
# DEBUG_SYMBOLS=1      keeps the debug symbols, in a file of their own (needs OBJCOPY; for macOS and
#                      Windows llvm-objcopy, for macOS dsymutil too)
set -eu
cd "$(dirname "$0")/.."
LD=${LD:-ld} OBJCOPY=${OBJCOPY:-objcopy} AR=${AR:-ar} CARGO=${CARGO:-cargo}
. tests/tools.sh
target=${CARGO_BUILD_TARGET:-}
unset CARGO_BUILD_TARGET # cargo does not know a name with a glibc version.
case ${target:-$(uname -s)} in
*-apple-* | *-windows-* | Darwin) require build-lib "${CARGO%% *}" rustc ;;
Linux | *BSD) require build-lib "${CARGO%% *}" rustc cc "$LD" "$OBJCOPY" "$AR" ;;
*) require build-lib "${CARGO%% *}" rustc "$LD" "$OBJCOPY" "$AR" ;;
esac
built=${CARGO_TARGET_DIR:-target}${target:+/${target%%.*}}/release
mkdir -p "$built"
built=$(cd "$built" && pwd)
out=$built/libmjwt

if [ -n "${DEBUG_SYMBOLS:-}" ]; then
  case ${target:-$(uname -s)} in
  *-apple-* | Darwin) require build-lib dsymutil llvm-objcopy ;;
  *-windows-*) require build-lib llvm-objcopy ;;
  esac
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
# The compiler driver adds libgcc_s by itself, and a -static link has none. Nothing of libiconv is
# used.
tr ' ' '\n' <"$built/mjwt-libs" | grep '^-l' | grep -vx -e -lgcc_s -e -liconv | awk '!seen[$0]++' | tr '\n' ' ' \
  | sed 's/ $//' >"$out/libs"
case $target in # Catching a panic needs this header, which a -static link leaves out by default.
*-musl) printf ' -Wl,--eh-frame-hdr' >>"$out/libs" ;;
esac

# One object whose only global symbols are ours, and no COMDAT group, which another Rust library in
# the same program would share by name.
static_elf() {
  roots=$(sed -n 's/.*[ *]\(mjwt_[a-z_]*\)(.*/-u \1/p' include/mjwt.h)
  "$OBJCOPY" -R .llvmbc -R .llvmcmd "$built/libmjwt.a" "$built/mjwt.a" # Joined bitcode crashes LLVM plug-ins.
  # The unwinder for musl: the one that musl-gcc links by default needs glibc. Its symbols are
  # hidden.
  case $target in
  *-musl) unwind=${UNWIND:-$(rustc --print sysroot)/lib/rustlib/$target/lib/self-contained/libunwind.a} ;;
  *) unwind='' ;;
  esac
  [ -f "$unwind" ] || unwind=''
  # shellcheck disable=SC2086 # One word each.
  "$LD" -r --gc-sections --force-group-allocation $roots -o "$built/mjwt.o" "$built/mjwt.a" $unwind
  "$OBJCOPY" --wildcard --keep-global-symbol='mjwt_*' --strip-debug "$built/mjwt.o"
  "$AR" rcsD "$out/libmjwt.a" "$built/mjwt.o"
  rm -f "$built/mjwt.a" "$built/mjwt.o"
}

# Not for ELF: with LTO one object has all the code. What it defines beside mjwt_* would clash with
# another Rust library, and the linkers of these systems know no other remedy than a name of our
# own.
static_other() { # static_other darwin|windows
  if ! command -v llvm-objcopy >/dev/null || ! command -v llvm-ar >/dev/null || ! command -v llvm-nm >/dev/null; then
    echo 'build-lib: without llvm-objcopy, llvm-ar and llvm-nm, libmjwt.a keeps symbols of the Rust library' >&2
    cp "$built/libmjwt.a" "$out"
    return
  fi
  object=$(llvm-nm --print-file-name --defined-only "$built/libmjwt.a" 2>/dev/null \
    | sed -n 's/.*:\(mjwt[^:]*\): .* _\{0,1\}mjwt_verify$/\1/p')
  (cd "$out" && llvm-ar x "$built/libmjwt.a" "$object")
  llvm-nm --extern-only --defined-only --just-symbol-name "$out/$object" | grep -v '^_\{0,1\}mjwt_' \
    | sed 's/\(_\{0,1\}\)\(.*\)/\1\2 \1mjwt_private_\2/' >"$out/renamed"
  llvm-objcopy --strip-debug --redefine-syms="$out/renamed" "$out/$object" "$out/mjwt.o"
  if [ "$1" = darwin ]; then
    llvm-ar --format=darwin rcsD "$out/libmjwt.a" "$out/mjwt.o"
  else # The members called *.dll are what it imports.
    cp "$built/libmjwt.a" "$out"
    # shellcheck disable=SC2046 # One word each.
    llvm-ar dD "$out/libmjwt.a" $(llvm-ar t "$out/libmjwt.a" | grep -v '\.dll$')
    llvm-ar rcsD "$out/libmjwt.a" "$out/mjwt.o"
  fi
  rm "$out/$object" "$out/mjwt.o" "$out/renamed"
}

# separate OBJCOPY LIBRARY NAME: moves the debug symbols to a file of that name, by which a debugger
# looks for it
separate() {
  [ -n "${DEBUG_SYMBOLS:-}" ] || return 0
  (cd "$out" && "$1" --only-keep-debug "$2" "$3" && "$1" --strip-all "$2" && "$1" "--add-gnu-debuglink=$3" "$2")
}

case $target in
*-apple-*)
  cp "$built/libmjwt.dylib" "$out"
  if [ -n "${DEBUG_SYMBOLS:-}" ]; then
    # A debugger looks for the name under which the library is installed, with the UUID of the
    # library in it.
    abi=$(sed -n 's/^#define MJWT_ABI_VERSION //p' include/mjwt.h)
    cp "$built/libmjwt.dylib" "$out/libmjwt.$abi.dylib"
    # Objects may be named from there.
    (cd "$built" && dsymutil -o "$out/libmjwt.$abi.dylib.dSYM" "$out/libmjwt.$abi.dylib")
    rm "$out/libmjwt.$abi.dylib"
    llvm-objcopy --strip-debug --discard-all "$out/libmjwt.dylib"
  fi
  static_other darwin
  ;;
*-windows-*)
  cp "$built/mjwt.dll" "$built/libmjwt.dll.a" "$out"
  separate llvm-objcopy mjwt.dll mjwt.dll.debug
  static_other windows
  ;;
*)
  cp "$built/libmjwt.so" "$out"
  version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' include/mjwt.h)
  separate "$OBJCOPY" libmjwt.so "libmjwt.so.$version.debug"
  static_elf
  ;;
esac
echo "build-lib: $out"
