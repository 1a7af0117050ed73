#!/bin/sh
# install.sh [FOLDER]    installs the pinned programs of FOLDER, by default those of this folder:
#                        the Node binaries, which are then node_modules/node-20/bin/node and so on.
# Does nothing where they are there already. Safe to run several times at once.
set -eu
cd "$(dirname "$0")"
. ../tools.sh
cd "${1:-.}"

ready() { cmp -s package-lock.json node_modules/.installed-lock; }
ready && exit 0

if [ "$(uname -sm)" != 'Linux x86_64' ]; then
  echo "tests/runtimes: the pinned binaries are for Linux on x86_64, this is $(uname -sm)." >&2
  exit 1
fi
require tests/runtimes node npm

# Beside the final place, so that moving it there is one step and nobody sees half an installation.
work=$(mktemp -d ./.install-XXXXXX)
trap 'rm -rf "$work"' EXIT
cp package.json package-lock.json "$work"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
cp package-lock.json "$work/node_modules/.installed-lock"

ready && exit 0
[ ! -e node_modules ] || mv -T node_modules "$work/stale" 2>/dev/null || true
mv -T "$work/node_modules" node_modules 2>/dev/null || true
ready || { echo 'tests/runtimes: the binaries could not be put in place.' >&2; exit 1; }
