#!/bin/sh
# deb.sh DEST: builds the Debian packages libmjwt0, libmjwt-dev and their source with
# dpkg-buildpackage, into DEST.
#
# Takes the committed files (HEAD; TREE= names another tree) and Rust from the PATH, which need not
# be Debian's.
set -eu
[ $# -eq 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/tools.sh"
require deb git dpkg-buildpackage dh cargo rustc doxygen
mkdir -p "$1"
dest=$(cd "$1" && pwd)
version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' "$root/include/mjwt.h")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

source=$work/mjwt-$version
mkdir "$source"
git -C "$root" archive "${TREE:-HEAD}" | tar -C "$source" -xf -
cp -R "$source/ffi/package/debian" "$source/debian"
cat >"$source/debian/changelog" <<END
mjwt ($version) unstable; urgency=medium

  * Release $version. See CHANGELOG.md.

 -- $(sed -n 's/^Maintainer: //p' "$source/debian/control")  $(git -C "$root" log -1 --format=%cD)
END
cd "$source"
# debhelper gives the build another HOME. -d: Rust may come from elsewhere than Debian.
CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} dpkg-buildpackage -us -uc -d
cp "$work"/mjwt_* "$work"/libmjwt* "$dest"
