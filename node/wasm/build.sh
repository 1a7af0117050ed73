#!/usr/bin/env bash
# build.sh
#
# Builds target/wasm/mjwt.wasm, and target/wasm/mjwt.js, which is the same in JavaScript. Needs
# cargo, node and npm, and the standard library for wasm32-unknown-unknown, which comes from the
# first of these that works:
#   rustup   the toolchain's own, which `rustup target add` installs
#   debian   Debian's rustc-web and rust-web-src, unpacked under target/: no root, and nothing is
#            installed; gives a smaller module
# MJWT_WASM_TOOLCHAIN=rustup|debian takes that one only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/tools.sh"
require node/wasm/build.sh cargo rustc node npm
target=wasm32-unknown-unknown
tools=${CARGO_TARGET_DIR:-$root/target}/wasm-toolchain
out=${CARGO_TARGET_DIR:-$root/target}/wasm
log=$tools/log
mkdir -p "$tools" "$out"
say() { echo "node/wasm/build.sh: $*" >&2; }
fail() { say "$@"; exit 1; }

has_std() { compgen -G "$(rustc --print target-libdir --target $target)/libstd-*.rlib" >/dev/null; }
# Where rustup's server cannot be reached, rustup tries for minutes.
from_rustup() {
  has_std && return
  command -v rustup >/dev/null && RUSTUP_MAX_RETRIES=0 timeout 60 rustup target add $target >"$log" 2>&1 && has_std
}

# Debian's packages, with package lists of our own: those of the system may be old or absent, and
# are not ours to renew.
apt() {
  local options=(-qq -o "Dir::State=$tools/apt/state" -o "Dir::Cache=$tools/apt/cache" -o APT::Sandbox::User=root)
  "$1" "${options[@]}" -o Dir::State::status=/var/lib/dpkg/status "${@:2}"
}
needed_by() {
  apt apt-cache show --no-all-versions "$1" | sed -n 's/^Depends: //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//'
}
from_debian() {
  local unpacked=$tools/debian wanted minimum
  if [ ! -e "$unpacked/complete" ]; then
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    say "fetching Debian's Rust into $tools (150 MB)"
    mkdir -p "$tools"/apt/{state/lists/partial,cache/archives/partial}
    apt apt-get update >"$log" 2>&1 || return 1
    minimum=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    at_least "$minimum" "$(apt apt-cache show --no-all-versions rustc-web 2>>"$log" | sed -n 's/^Version: //p')" \
      || return 1
    wanted=$(needed_by libstd-rust-web-dev | grep libstd-rust-web)
    rm -rf "$unpacked" "$tools/debs"
    mkdir -p "$unpacked" "$tools/debs"
    # shellcheck disable=SC2046 # words
    (cd "$tools/debs" && apt apt-get download rustc-web rust-web-src libstd-rust-web-dev "$wanted" \
      $(needed_by "$wanted" | grep '^libllvm')) >>"$log" 2>&1 || return 1
    for deb in "$tools"/debs/*.deb; do
      dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$unpacked" --no-wildcards-match-slash --exclude='./usr/share' \
        --exclude='./usr/src/*/src' --exclude='./usr/src/*/compiler' || return 1
    done
    rm -rf "$tools/debs" "$tools/apt"
    touch "$unpacked/complete"
  fi
  LD_LIBRARY_PATH=$(echo "$unpacked"/usr/lib/*-linux-gnu)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  RUSTC=$unpacked/usr/bin/rustc
  # The standard library is built with our own settings: RUSTC_BOOTSTRAP lets a stable compiler do
  # that.
  RUSTC_BOOTSTRAP=1
  export LD_LIBRARY_PATH RUSTC RUSTC_BOOTSTRAP
  cargo_options=('-Zbuild-std=std,panic_abort' -Zbuild-std-features=optimize_for_size)
  flags+=(-Zunstable-options -Cpanic=immediate-abort)
}

# Debian's compiler has no linker for WebAssembly beside it: the one of the toolchain, else of lld,
# is the same.
linker() {
  local host
  host=$(rustc -vV | sed -n 's/^host: //p')
  local own
  own=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
  if [ -x "$own" ]; then echo "$own"; else command -v rust-lld || command -v wasm-ld || true; fi
}

cargo_options=()
# The stack takes most of an instance's memory; verifying needs 40 KB of it. No path of the machine
# that built it is kept.
flags=(-Clink-arg=-zstack-size=98304
  "--remap-path-prefix=$root=." "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
  "--remap-path-prefix=$(rustc --print sysroot)=rust" "--remap-path-prefix=$tools/debian/usr=rust")
ld=$(linker)
case ${MJWT_WASM_TOOLCHAIN:-any} in
  rustup) from_rustup || fail "rustup could not add the target $target: $(tail -1 "$log" 2>/dev/null)" ;;
  debian)
    from_debian \
      || fail "Debian's packages rustc-web and rust-web-src are not to be had: $(tail -1 "$log" 2>/dev/null)" ;;
  any) from_rustup || from_debian \
    || fail "the standard library for $target is missing. Either run \`rustup target add $target\`
(with a toolchain of rustup), or build on a Debian whose rustc-web is new enough (Debian 12 with its security updates);
what went wrong last: $(tail -1 "$log" 2>/dev/null)" ;;
  *) fail 'MJWT_WASM_TOOLCHAIN must be rustup or debian' ;;
esac
[ -n "$ld" ] || fail 'no linker for WebAssembly: install lld (Debian: apt-get install lld)'

export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$ld
cd "$root"
compile() { # compile DIRECTORY [FLAG]
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${flags[*]} ${2:-}" cargo build --quiet --locked \
    "${cargo_options[@]}" \
    --profile wasm --target $target -p mastra-jwt-wasm --target-dir "$out/$1"
}
compile build -Ctarget-feature=+simd128
# JavaScript has no SIMD. Where the other is not switched off, wasm2js translates Rust's `as` as
# C's, which does not saturate.
compile build-plain -Ctarget-feature=-nontrapping-fptoint

if ! cmp -s "$here/package-lock.json" "$here/node_modules/.installed-lock"; then
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
  cp "$here/package-lock.json" "$here/node_modules/.installed-lock"
fi
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext --enable-mutable-globals --enable-multivalue
  --enable-reference-types)
"$here/node_modules/.bin/wasm-opt" -O3 --enable-simd --enable-nontrapping-float-to-int "${features[@]}" \
  --strip-debug --strip-producers --strip-target-features \
  "$out/build/$target/wasm/mastra_jwt_wasm.wasm" -o "$out/mjwt.wasm"
"${RUSTC:-rustc}" --version >"$out/rustc" # For the bill of materials.
plain=$out/build-plain/$target/wasm/mastra_jwt_wasm.wasm
if [ ! "$out/mjwt.js" -nt "$plain" ]; then
  # Small first: it becomes two and a half times the size.
  "$here/node_modules/.bin/wasm-opt" -Oz --disable-nontrapping-float-to-int "${features[@]}" \
    --strip-debug --strip-producers \
    --strip-target-features --llvm-memory-copy-fill-lowering --signext-lowering -Oz "$plain" -o "$out/plain.wasm"
  "$here/node_modules/.bin/wasm2js" -O2 "$out/plain.wasm" -o "$out/mjwt.js.new"
  mv "$out/mjwt.js.new" "$out/mjwt.js"
fi
node "$here/check.mjs" "$out/mjwt.wasm" "${#cargo_options[@]}"
