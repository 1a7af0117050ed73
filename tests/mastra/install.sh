#!/bin/sh
# install.sh PROJECT TARBALLS DEST
#
# Makes in DEST what a user of the package would have: the pinned dependencies of PROJECT (its
# package.json and package-lock.json) by `npm ci`, then mastra-jwt from the packed tarballs in the
# folder TARBALLS, under its own name and as @mastra/auth. The tarballs are not part of the lock
# file, so they may change while it stays valid. TARBALLS may be --reference: then nothing is added.
# Dependencies that are in DEST already are kept.
set -eu
project=$(cd "$1" && pwd)
tarballs=$2
dest=$3
fail() { echo "install: $1" >&2; exit 1; }
npm_quiet() { npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null; }
one() { # the one file that a pattern matches
  [ -f "$1" ] || fail "there is no $1; make the tarballs with: make pack DEST=$tarballs"
  [ $# -eq 1 ] || fail "wanted one tarball, found $#: $*"
  echo "$1"
}

if [ "$tarballs" != --reference ]; then
  [ -d "$tarballs" ] || fail "there is no folder $tarballs; make the tarballs with: make pack DEST=$tarballs"
  tarballs=$(cd "$tarballs" && pwd)
  main=$(one "$tarballs"/mastra-jwt-[0-9]*.tgz)
  binary=$(one "$tarballs/mastra-jwt-$(node -p 'process.platform + "-" + process.arch')"*-[0-9]*.tgz)
fi

mkdir -p "$dest"
if ! cmp -s "$project/package-lock.json" "$dest/node_modules/.installed-lock"; then
  cp "$project/package.json" "$project/package-lock.json" "$dest"
  (cd "$dest" && npm_quiet ci)
  cp "$project/package-lock.json" "$dest/node_modules/.installed-lock"
fi
[ "$tarballs" != --reference ] || exit 0

# A tarball of the same version may differ from the one installed before, and npm would not look.
rm -rf "$dest/node_modules/mastra-jwt" "$dest/node_modules/@mastra/auth" "$dest/node_modules/@mastra-jwt"
(cd "$dest" && npm_quiet install --no-save "$main" "$binary" "@mastra/auth@file:$main")
