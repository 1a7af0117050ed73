#!/bin/sh
# run.sh TARBALLS [test file ...]    the packed package of the folder TARBALLS through the bundlers
#                                    of tests/README.md
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
TARBALLS=$(cd "$1" && pwd)
export TARBALLS
shift
. "$here/../tools.sh"
require tests/bundlers node npm
need_chromium tests/bundlers

cd "$here"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
run_tests "$@"
