# Building and installing are two steps; the directories are where they were asked for; uninstalling
# leaves nothing.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
listed() { (cd "$1" && find . -type f -o -type l | sort); }
# must_hold <prefix> <libdir> <includedir>: these files and no others, except man pages if they were
# made
must_hold() {
  version=$(pkg-config --modversion mjwt)
  sort >"$work/expected" <<END
./$3/mjwt.h
./$2/cmake/mjwt/mjwt-config-version.cmake
./$2/cmake/mjwt/mjwt-config.cmake
./$2/libmjwt.a
./$2/libmjwt.so
./$2/libmjwt.so.0
./$2/libmjwt.so.$version
./$2/pkgconfig/mjwt.pc
END
  listed "$1" | grep -v '^./share/man/' | diff "$work/expected" - || fail "other files were installed than expected"
}
empty() { [ -z "$(listed "$1")" ] || fail "uninstall left files in $1"; }

must_hold "$prefix" lib include
cp -R "$prefix" "$work/removed"
quietly env PREFIX="$work/removed" ffi/install.sh uninstall
empty "$work/removed"
quietly env PREFIX="$work/removed" ffi/install.sh uninstall # Of nothing, it is not an error.
grep -q 'there is no libmjwt' "$work/output" || fail "uninstall of nothing says nothing"

# `make install` copies: it needs no cargo, and nothing else that is not in every system.
mkdir "$work/bin"
for tool in sh sed cat cp ln mkdir mv rm install basename dirname tr grep uname; do
  ln -s "$(command -v $tool)" "$work/bin/$tool"
done
cat >"$work/says" <<END
$work/multi/include/mjwt/mjwt.h
$work/multi/lib/x86_64-linux-gnu/libmjwt.so.0 -> libmjwt.so.$(pkg-config --modversion mjwt)
END
env PATH="$work/bin" PREFIX="$work/multi" LIBDIR=lib/x86_64-linux-gnu INCLUDEDIR="$work/multi/include/mjwt" \
  ffi/install.sh >"$work/said" || fail "install needs more than it says"
must_hold "$work/multi" lib/x86_64-linux-gnu include/mjwt
[ "$(grep -cxFf "$work/says" "$work/said")" = 2 ] || { cat "$work/said"; fail "install does not say what went where"; }
# The prefix may be moved, and a directory above it may hold a space.
mkdir "$work/a space"
mv "$work/multi" "$work/a space/multi"
for variable in libdir includedir; do
  directory=$(PKG_CONFIG_PATH="$work/a space/multi/lib/x86_64-linux-gnu/pkgconfig" pkg-config --variable=$variable mjwt)
  eval "test -d $directory" || fail "$variable of the moved prefix is $directory"
done

PREFIX="$work/wide" LIBDIR=lib64 ffi/install.sh >"$work/said"
must_hold "$work/wide" lib64 include
grep -q "The dynamic linker does not search $work/wide/lib64: set LD_LIBRARY_PATH=" "$work/said" \
  || fail "no word on the dynamic linker"
grep -q "export PKG_CONFIG_PATH=$work/wide/lib64/pkgconfig" "$work/said" || fail "no word on pkg-config"
quietly env PREFIX="$work/wide" LIBDIR=lib64 ffi/install.sh uninstall
empty "$work/wide"

# Directories outside the prefix stay where they are.
PREFIX="$work/apart" LIBDIR="$work/elsewhere" DESTDIR="$work/dest" ffi/install.sh >"$work/said"
[ "$(PKG_CONFIG_PATH="$work/dest$work/elsewhere/pkgconfig" pkg-config --variable=libdir mjwt)" = "$work/elsewhere" ] \
  || fail "an absolute LIBDIR"
if grep -q LD_LIBRARY_PATH "$work/said"; then fail "says how to use what is not in its place yet"; fi

# shellcheck disable=SC2016 # Backticks of the message.
expect_failure 'libmjwt is not built: run `make build-lib` first' env BUILT="$work/nothing" PREFIX="$work/none" \
  ffi/install.sh
[ ! -e "$work/none" ] || fail "a failed install made directories"

readelf -d "$prefix/lib/libmjwt.so" | grep -q 'soname: \[libmjwt.so.0\]' || fail "the soname is not libmjwt.so.0"
