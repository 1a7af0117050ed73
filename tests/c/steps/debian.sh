# Debian packages: built, without an error of lintian, and a program builds against what they hold.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
require tests/c git dpkg-buildpackage dh lintian
# The files as they are, committed or not.
cp "$(git rev-parse --git-dir)/index" "$work/index" 2>/dev/null || true
GIT_INDEX_FILE="$work/index" git add -A
TREE=$(GIT_INDEX_FILE="$work/index" git write-tree)
CARGO_TARGET_DIR="$target/debian" TREE=$TREE quietly ffi/package/deb.sh "$work/debian"
quietly lintian --allow-root --fail-on error "$work"/debian/*.changes
version=$(pkg-config --modversion mjwt)
mkdir "$work/root"
for package in libmjwt0 libmjwt-dev; do
  dpkg-deb -x "$work/debian/${package}_${version}_$(dpkg --print-architecture).deb" "$work/root"
done
libdir=$work/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
export PKG_CONFIG_PATH="$libdir/pkgconfig" LD_LIBRARY_PATH="$libdir"
# shellcheck disable=SC2046 # One word each.
gcc "$here/consumer/app.c" -o "$work/app" $(pkg-config --cflags --libs mjwt)
runs shared "$work/app"
cmake_consumer "$work/cmake" -Dmjwt_DIR="$libdir/cmake/mjwt"
# Dependents are to ask for the version in which what they use came.
dpkg-deb -I "$work"/debian/libmjwt0_*.deb symbols | sed -n 's/^ \(mjwt_[a-z_]*\)@Base .*/\1/p' \
  | diff "$here/symbols.txt" - || fail "the symbols file of libmjwt0 names other symbols than symbols.txt"
