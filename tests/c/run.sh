#!/bin/sh
# Tests the C face: header, installation, linking, behaviour, memory, threads, interoperation.
# Needs the packages of apt-packages.txt and the Rust toolchain. `tests/c/nightly.sh` has what needs nightly Rust.
set -eu
export LC_ALL=C
unset RUST_BACKTRACE MJWT_WRITE_HEADER

cd "$(dirname "$0")/../.."
root=$(pwd)
here=$root/tests/c
vectors=$root/tests/vectors
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=${CARGO_TARGET_DIR:-$root/target}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

step() {
  echo "== $*"
}

# Runs a command that must fail, with a text in what it prints: expect_failure <text> <command...>
expect_failure() {
  text=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    fail "went well and should not have: $*"
  fi
  grep -q "$text" "$work/output" || { cat "$work/output"; fail "no \"$text\" from: $*"; }
}

step tools
for tool in cargo rustc gcc g++ clang clang++ ld objcopy ar nm readelf make cmake pkg-config valgrind; do
  command -v "$tool" >/dev/null || fail "$tool is missing: see tests/c/apt-packages.txt"
done
for library in jansson libjwt libcrypto; do
  pkg-config --exists "$library" || fail "$library is missing: see tests/c/apt-packages.txt"
done
echo 'int main(void) { return 0; }' >"$work/empty.c"
clang -fsanitize=address,undefined "$work/empty.c" -o "$work/empty" 2>/dev/null \
  || fail "clang has no sanitizers: see tests/c/apt-packages.txt"
for file in verify config sign bearer codes; do
  [ -f "$vectors/$file.json" ] || fail "tests/vectors/$file.json is missing"
done

step header, Rust side
cargo test --locked --quiet --package mastra-jwt-ffi

step install, move, uninstall
PREFIX=/usr DESTDIR="$work/stage" ffi/install.sh
mv "$work/stage/usr" "$work/prefix" # The prefix may move afterwards.
prefix=$work/prefix
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
(cd "$prefix" && find . -type f -o -type l | sort) >"$work/installed"
cat >"$work/expected" <<END
./include/mjwt.h
./lib/cmake/mjwt/mjwt-config-version.cmake
./lib/cmake/mjwt/mjwt-config.cmake
./lib/libmjwt.a
./lib/libmjwt.so
./lib/libmjwt.so.0
./lib/libmjwt.so.0.1.0
./lib/pkgconfig/mjwt.pc
END
diff "$work/expected" "$work/installed" || fail "other files were installed than expected"
cp -R "$prefix" "$work/removed"
PREFIX="$work/removed" ffi/install.sh uninstall
[ -z "$(find "$work/removed" -type f -o -type l)" ] || fail "uninstall left files"
[ "$(pkg-config --modversion mjwt)" = 0.1.0 ] || fail "pkg-config tells another version"
readelf -d "$prefix/lib/libmjwt.so" | grep -q 'soname: \[libmjwt.so.0\]' || fail "the soname is not libmjwt.so.0"

step symbols
nm -D --defined-only "$prefix/lib/libmjwt.so" | awk '{print $3}' | sort | diff "$here/symbols.txt" - \
  || fail "libmjwt.so exports other symbols than symbols.txt"
nm -g --defined-only "$prefix/lib/libmjwt.a" | awk 'NF == 3 {print $3}' | sort | diff "$here/symbols.txt" - \
  || fail "libmjwt.a exports other symbols than symbols.txt"
sed -n 's/^\(MJWT_MUST_USE \)\{0,1\}[a-z].*[ *]\(mjwt_[a-z_]*\)(.*/\2/p' "$prefix/include/mjwt.h" | sort | diff "$here/symbols.txt" - \
  || fail "mjwt.h declares other functions than symbols.txt"

warnings='-Wall -Wextra -Wpedantic -Werror'
shared=$(pkg-config --cflags --libs mjwt)
static="-I$prefix/include $prefix/lib/libmjwt.a $(pkg-config --static --libs-only-l mjwt | sed 's/-lmjwt//')"

# All the words of a list of flags are flags.
# shellcheck disable=SC2086
{
step conformance
for language in c89 c90 gnu89 c99 c11 c17; do
  for compiler in gcc clang; do
    "$compiler" -std=$language $warnings "$here/conformance.c" $shared -o "$work/conformance"
    "$work/conformance" || fail "conformance, $compiler $language"
  done
done
for language in c++98 c++03 c++11 c++14 c++17 c++20; do
  for compiler in g++ clang++; do
    "$compiler" -x c++ -std=$language $warnings "$here/conformance.c" -x none $shared -o "$work/conformance"
    "$work/conformance" || fail "conformance, $compiler $language"
  done
done
printf '#include <mjwt.h>\nint main(void) { mjwt_claims_new(0); return 0; }\n' >"$work/dropped.c"
expect_failure 'warn_unused_result\|unused-result' gcc $warnings "$work/dropped.c" $shared -o "$work/dropped"

# compile <compiler and flags> <name> <link flags>
compile() {
  $1 -g -std=gnu11 $warnings "$here/$2.c" -pthread -o "$work/$2" $3
}

step behaviour
for link in "$shared" "$static"; do
  for name in arguments tokens threads allocations; do
    compile 'gcc -O2' $name "$link"
    "$work/$name"
  done
  compile 'gcc -O2' vectors "$link -ljansson"
  "$work/vectors" "$vectors"
  compile 'gcc -O2' interop_libjwt "$link -ljwt"
  "$work/interop_libjwt"
done

step everything static
compile 'gcc -O2' arguments "-static $(pkg-config --static --cflags --libs mjwt)"
"$work/arguments"

step a second Rust library in the same program
rustc -O --edition 2024 --crate-type staticlib "$here/second.rs" -o "$work/libsecond.a"
for link in "$static $work/libsecond.a" "$work/libsecond.a $static" "-static $static $work/libsecond.a"; do
  compile gcc second "$link -lm" 2>"$work/warnings" || { cat "$work/warnings"; fail "does not link"; }
  "$work/second" 2>/dev/null
done

step a panic
cargo build --locked --quiet --package mastra-jwt-ffi --features test-panic --target-dir "$target/test-panic"
compile gcc panic "-I$prefix/include -L$target/test-panic/debug -lmjwt"
ln -sf libmjwt.so "$target/test-panic/debug/libmjwt.so.0"
LD_LIBRARY_PATH="$target/test-panic/debug" "$work/panic" 2>"$work/output" || { cat "$work/output"; fail panic; }
grep -q 'mjwt_test_panic was called' "$work/output" || fail "nothing panicked"

step valgrind
memcheck='valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all'
for link in "$shared" "$static"; do
  for name in arguments tokens; do
    compile gcc $name "$link"
    $memcheck "$work/$name"
  done
  compile 'gcc -DROUNDS=50' threads "$link"
  $memcheck "$work/threads"
  compile gcc vectors "$link -ljansson"
  $memcheck "$work/vectors" "$vectors"
  compile gcc bad "$link"
  for how in overflow free leak uninitialised; do
    expect_failure '^==' $memcheck "$work/bad" $how
  done
done

step helgrind, drd
compile 'gcc -DHELGRIND -DROUNDS=50' threads "$shared"
compile gcc bad "$shared"
for tool in helgrind drd; do
  valgrind -q --tool=$tool --error-exitcode=9 "$work/threads"
  expect_failure '[Dd]ata race\|Conflicting' valgrind -q --tool=$tool --error-exitcode=9 "$work/bad" race
done

step sanitizers
sanitized='clang -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'
for link in "$shared" "$static"; do
  for name in arguments tokens threads; do
    compile "$sanitized" $name "$link"
    "$work/$name"
  done
  compile "$sanitized" vectors "$link -ljansson"
  "$work/vectors" "$vectors"
  compile "$sanitized" bad "$link"
  expect_failure 'AddressSanitizer: heap-buffer-overflow' "$work/bad" overflow
  expect_failure 'LeakSanitizer: detected memory leaks' "$work/bad" leak
  expect_failure 'runtime error: signed integer overflow' "$work/bad" undefined
done

step examples
use() {
  token=$("$1/mint" alice 60)
  "$1/verify" "Bearer $token" 2>"$work/output" | grep -q '^{"sub":"alice",' || fail "$1/verify"
  grep -q '^subject: alice$' "$work/output" || fail "$1/verify tells no subject"
  "$1/threads" "$token" | grep -q '^4000 of 4000 accepted$' || fail "$1/threads"
  expect_failure '^SIGNATURE: ' "$1/verify" "Bearer ${token%?????}AAAAA"
  expect_failure '^EXPIRED: ' "$1/verify" "Bearer $("$1/mint" alice -1)"
  expect_failure '^NO_BEARER: ' "$1/verify" "$token"
  $memcheck "$1/verify" "Bearer $token" >"$work/output" 2>&1 || { cat "$work/output"; fail "valgrind, $1/verify"; }
}
export MJWT_SECRET=supersecretdevkeythatishs256safe!
# shellcheck disable=SC2016 # Backticks of Markdown.
sed -n '/^```c$/,/^```$/p' ffi/README.md | sed '/^```/d' >"$work/readme.c"
gcc $warnings "$work/readme.c" $shared -o "$work/readme"
[ "$($memcheck "$work/readme" 2>&1)" = '{"sub":"me"}' ] || fail "the program of ffi/README.md"
for option in '' STATIC=1; do
  cp -R ffi/examples/c "$work/examples$option"
  make -C "$work/examples$option" --silent CFLAGS="-std=c99 $warnings" $option
  use "$work/examples$option"
done
readelf -d "$work/examples/verify" | grep -q 'libmjwt.so.0' || fail "make links no shared library"
if readelf -d "$work/examplesSTATIC=1/verify" | grep -q libmjwt; then fail "make STATIC=1 links the shared library"; fi
for option in OFF ON; do
  cmake -S "$work/examples" -B "$work/cmake-$option" -DCMAKE_PREFIX_PATH="$prefix" -DMJWT_STATIC=$option >"$work/output" \
    || { cat "$work/output"; fail cmake; }
  cmake --build "$work/cmake-$option" >"$work/output" || { cat "$work/output"; fail cmake; }
  use "$work/cmake-$option"
done
sed 's/find_package(mjwt 0.1 /find_package(mjwt 0.2 /' "$work/examples/CMakeLists.txt" >"$work/examples/newer"
mv "$work/examples/newer" "$work/examples/CMakeLists.txt"
expect_failure 'with requested version "0.2"' cmake -S "$work/examples" -B "$work/newer" -DCMAKE_PREFIX_PATH="$prefix"
}

echo "== all passed"
