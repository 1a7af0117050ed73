#!/usr/bin/env bash
# build.sh PLATFORM DIRECTORY
#
# Builds the Node addon and libmjwt for a platform of node/platforms.json, on a Linux machine,
# checks both, and leaves DIRECTORY/mastra-jwt.PLATFORM.node and DIRECTORY/libmjwt/.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
. "$(dirname "$0")/tools.sh"
name=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
cd "$root"
target=$(platform "$name" target)
glibc=$(platform "$name" glibc)
macos=$(platform "$name" macos)
rust_for "$target"
[ $rust = rustup ] || export LD_LIBRARY_PATH=$library_path

# No path of this machine may be in a binary: it would tell where it was built, and differ from one
# build to the next.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
flags=(
  "--remap-path-prefix=$root=/mastra-jwt"
  "--remap-path-prefix=$cargo_home=/cargo"
  "--remap-path-prefix=$(rustc --print sysroot)=/rust"
  "--remap-path-prefix=$DIST_TOOLS=/tools"
)
cargo fetch --quiet --locked
for registry in "$cargo_home"/registry/src/*; do flags+=("--remap-path-prefix=$registry=/cargo/registry"); done
case $target in
*-linux-*) flags+=("-Clink-arg=-Wl,-T,.ci/dist/discard.ld") ;; # Cargo links in the root.
aarch64-pc-windows-*) flags+=(-Ctarget-feature=+sha2) ;;       # Windows on Arm is not asked at run time.
esac
case $target in
*-musl) flags+=(-Ctarget-feature=-crt-static) ;; # A library that is loaded, not a static program.
esac
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && echo "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS
unset RUSTFLAGS
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

rustc --version >"$out/rustc" # For the bill of materials.

# In a directory of its own: other flags than in development, which cargo would rebuild for.
export CARGO_TARGET_DIR=$root/target/dist/$rust
machine=${target%%-*}
case $target in
*-linux-*)
  cargo=$python/bin/cargo-zigbuild build=zigbuild
  ;;
*-apple-*)
  macos_sdk
  export MACOSX_DEPLOYMENT_TARGET=$macos SDKROOT=$MACOS_SDK
  cargo=cargo build=build linker=link-macos.sh
  ;;
*-windows-*)
  # napi-build wants a libnode to link with, of which nothing is used: the addon looks its symbols
  # up when it is loaded.
  export LIBNODE_PATH=$DIST_TOOLS/libnode
  mkdir -p "$LIBNODE_PATH"
  printf '!<arch>\n' >"$LIBNODE_PATH/libnode.a"
  : >"$LIBNODE_PATH/libnode.dll"
  export ZIGBUILD=$python/bin/cargo-zigbuild ZIG_TARGET=$machine-windows-gnu
  cargo=cargo build=build linker=link-windows.sh
  ;;
esac
if [ -n "${linker-}" ]; then
  variable=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")_LINKER
  export "$variable=$root/.ci/dist/$linker"
fi
full=$target${glibc:+.$glibc}
built=$CARGO_TARGET_DIR/$target/release
export OBJECTS=$built

# shellcheck disable=SC2086 # None, or one word.
"$cargo" $build --locked --release --target "$full" $cargo_flags --package mastra-jwt-node
for file in libmastra_jwt_node.so libmastra_jwt_node.dylib mastra_jwt_node.dll; do
  if [ -f "$built/$file" ]; then cp "$built/$file" "$out/mastra-jwt.$name.node"; fi
done
node .ci/dist/binary.mjs "$name" addon "$out/mastra-jwt.$name.node"

case $target in
*-musl)
  if [ $rust = debian ]; then # Its libunwind is for glibc; Zig makes one, and says where.
    : >"$out/empty.c"
    UNWIND=$("$zig" cc -target "$machine-linux-musl" -shared -lunwind --verbose "$out/empty.c" -o "$out/empty.so" \
      2>&1 | grep -o '[^ ]*/libunwind\.a' | tail -1)
    export UNWIND
    rm "$out/empty.c" "$out/empty.so"
  fi
  ;;
esac
CARGO=$cargo DEBUG_SYMBOLS=1 CARGO_FLAGS=$cargo_flags CARGO_BUILD_TARGET=$full \
  LD=$DIST_TOOLS/bin/$machine-ld OBJCOPY=$DIST_TOOLS/bin/$machine-objcopy AR=$DIST_TOOLS/bin/$machine-ar \
    ffi/build-lib.sh
rm -rf "$out/libmjwt"
cp -R "$built/libmjwt" "$out/libmjwt"
for file in "$out"/libmjwt/libmjwt.so "$out"/libmjwt/libmjwt.dylib "$out"/libmjwt/mjwt.dll; do
  if [ -f "$file" ]; then node .ci/dist/binary.mjs "$name" library "$file"; fi
done
