# Sourced by the scripts of `make dist`: installs what builds for other platforms, under
# target/tools, and sets the environment to use it. Needs a Debian or Ubuntu (x86-64), python3 with
# venv, node. Reaches PyPI and Debian's mirror, and the server of rustup if that answers; if not,
# Debian has a Rust with the sources of its library, which is then compiled too.
#
# DIST_TOOLS   another directory for the tools (target/tools)
# DIST_RUST    rustup or debian, to force one of them
# shellcheck shell=bash disable=SC2034 # Used by who sources it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/tests/tools.sh"

rust_version=1.95.0 # of rustup
debian_rust=1.96    # of Debian
zig_version=0.17.1
zigbuild_version=0.24.1
DIST_TOOLS=${DIST_TOOLS:-$root/target/tools}

require dist python3 node dpkg-deb apt-get
mkdir -p "$DIST_TOOLS"
DIST_TOOLS=$(cd "$DIST_TOOLS" && pwd)

python=$DIST_TOOLS/zig-$zig_version-$zigbuild_version
if [ ! -e "$python/.complete" ]; then
  echo "dist: installing zig $zig_version and cargo-zigbuild $zigbuild_version" >&2
  python3 -m venv --clear "$python"
  "$python/bin/pip" install -q "ziglang==$zig_version" "cargo-zigbuild==$zigbuild_version"
  touch "$python/.complete"
fi
zig=$(echo "$python"/lib/python3*/site-packages/ziglang/zig)
export ZIG_LIB=${zig%/zig} ZIG_VERSION=$zig_version # For the licence notices, and the bills of materials.
export CARGO_ZIGBUILD_ZIG_PATH=$zig ZIG_GLOBAL_CACHE_DIR=$DIST_TOOLS/zig-cache
export CARGO_ZIGBUILD_CACHE_DIR=$DIST_TOOLS/zigbuild-cache

binutils=$DIST_TOOLS/binutils
"$root/.ci/dist/debian.sh" bookworm amd64 "$binutils" binutils-common libbinutils binutils-x86-64-linux-gnu \
  binutils-aarch64-linux-gnu libctf0 libctf-nobfd0 libjansson4 libzstd1 zlib1g
# For the objects of macOS and Windows.
llvm=$DIST_TOOLS/llvm
"$root/.ci/dist/debian.sh" bookworm amd64 "$llvm" llvm-14 libllvm14 libedit2 libbsd0 libmd0 libtinfo6 libxml2 \
  libicu72 liblzma5 \
  libz3-4 libffi8
library_path=$binutils/usr/lib/x86_64-linux-gnu

# rust_for TARGET: a Rust whose library exists for it, or can be made. Sets $rust, $cargo_flags and
# LLD.
rust_for() {
  if [ "${DIST_RUST:-rustup}" = rustup ] && command -v rustup >/dev/null; then
    if rustup run $rust_version rustc --version >/dev/null 2>&1 \
      || timeout 600 rustup toolchain install $rust_version --profile minimal --no-self-update >&2; then
      local library
      library=$(rustup run $rust_version rustc --print sysroot)/lib/rustlib/$1/lib
      if [ -d "$library" ] || timeout 600 rustup target add --toolchain $rust_version "$1" >&2; then
        export RUSTUP_TOOLCHAIN=$rust_version
        rust=rustup cargo_flags=
        export LLD=${library%/"$1"/lib}/x86_64-unknown-linux-gnu/bin/rust-lld
        return
      fi
    fi
  fi
  if [ "${DIST_RUST:-debian}" != debian ]; then
    echo "dist: rustup cannot install the library for $1" >&2
    exit 2
  fi
  rust=debian cargo_flags=-Zbuild-std=std,panic_unwind
  local debian=$DIST_TOOLS/rust
  "$root/.ci/dist/debian.sh" bookworm amd64 "$debian" rustc-web cargo-web rust-web-src libstd-rust-web-$debian_rust \
    libstd-rust-web-dev libllvm22 llvm-22 lld-22 libgit2-1.5 libhttp-parser2.9 libmbedcrypto7 libmbedtls14 libmbedx509-1
  # `strip = true` calls it for Apple's targets.
  ln -sf ../lib/llvm-22/bin/llvm-objcopy "$debian/usr/bin/rust-objcopy"
  export RUSTC_BOOTSTRAP=1 PATH=$debian/usr/bin:$PATH
  library_path=$library_path:$debian/usr/lib/x86_64-linux-gnu
  export LLD=$debian/usr/lib/llvm-22/bin/lld
}

# macos_sdk: what macOS programs are linked with, from zig. Sets MACOS_SDK.
macos_sdk() {
  export MACOS_SDK=$DIST_TOOLS/macos-sdk-$zig_version
  mkdir -p "$MACOS_SDK/usr/lib"
  # This LLVM does not know one of the newest machines; and a library for arm64e serves arm64.
  sed 's/arm64e\.x1-/arm64e-/g; s/arm64e-/arm64-/g' "${zig%/zig}/lib/libc/darwin/libSystem.tbd" \
    >"$MACOS_SDK/usr/lib/libSystem.tbd"
  local library
  for library in c m iconv; do cp "$MACOS_SDK/usr/lib/libSystem.tbd" "$MACOS_SDK/usr/lib/lib$library.tbd"; done
}

# tool NAME COMMAND...: writes a program of that name that calls the command with the tools' own
# libraries.
tool() {
  local name=$DIST_TOOLS/bin/$1
  shift
  mkdir -p "$DIST_TOOLS/bin"
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %s "$@"\n' "$library_path" "$(printf '%q ' "$@")" >"$name.$$"
  chmod +x "$name.$$"
  mv "$name.$$" "$name"
}
for name in llvm-nm llvm-ar llvm-objcopy llvm-dwarfdump dsymutil; do
  library_path=$llvm/usr/lib/x86_64-linux-gnu:$library_path tool "$name" "$llvm/usr/lib/llvm-14/bin/$name"
done
export PATH=$DIST_TOOLS/bin:$PATH
for machine in x86_64 aarch64; do
  for name in ld objcopy ar; do tool "$machine-$name" "$binutils/usr/bin/$machine-linux-gnu-$name"; done
done

# platform NAME FIELD: that field of node/platforms.json, or nothing.
platform() {
  # shellcheck disable=SC2016 # JavaScript
  node -e '
    const [file, name, field] = process.argv.slice(1);
    const platform = JSON.parse(fs.readFileSync(file, "utf8")).find((each) => each.name === name);
    if (!platform) {
      console.error(`dist: ${name} is not a platform of node/platforms.json`);
      process.exit(2);
    }
    console.log([platform[field] ?? ""].flat().join(" "));
  ' "$root/node/platforms.json" "$@"
}
