#!/bin/sh
# screenshots.sh TARBALLS [FOLDER]    takes the README's two pictures of the token page, of the
#                                     packed package in the folder TARBALLS
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2s/^# \{0,1\}//p' "$0" >&2; exit 2; }
tarballs=$(cd "$1" && pwd)
folder=${2:-$here/pictures}
. "$here/../tools.sh"
require screenshots node npm tar
need_chromium screenshots
(cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$(echo "$tarballs"/mastra-jwt-[0-9]*.tgz)" -C "$work"
PACKAGE=$work/package node "$here/screenshots.mjs" "$folder"
