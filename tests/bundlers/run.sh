#!/bin/sh
# run.sh TARBALLS [test file ...]    the packed package of the folder TARBALLS through the bundlers of tests/README.md
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
TARBALLS=$(cd "$1" && pwd)
export TARBALLS
shift
. "$here/../tools.sh"
require tests/bundlers node npm
need_chromium tests/bundlers

unset JWT_AUTH_SECRET MASTRA_JWT_SECRET MASTRA_JWT_BACKEND NODE_ENV NODE_OPTIONS
cd "$here"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
[ $# -gt 0 ] || set -- *.test.mjs
# The limit is there to end a test that hangs.
node --test --test-reporter=spec --test-timeout=600000 "$@"
