#!/bin/sh
# run.sh TARBALLS [test file ...]    the packed package of the folder TARBALLS in applications that
#                                    Mastra and Next.js build
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
TARBALLS=$(cd "$1" && pwd)
export TARBALLS
shift
. "$here/../tools.sh"
require tests/frameworks node npm tar

"$here/../runtimes/install.sh"
# Mastra takes no Node that is older.
PATH=$(cd "$here/../runtimes/node_modules/node-24/bin" && pwd):$PATH
export PATH
unset JWT_AUTH_SECRET MASTRA_JWT_SECRET MASTRA_JWT_BACKEND MASTRA_DEV NODE_ENV NODE_OPTIONS
cd "$here"
[ $# -gt 0 ] || set -- *.test.mjs
# One file after the other: a build uses all cores. The limit is there to end a test that hangs.
node --test --test-reporter=spec --test-concurrency=1 --test-timeout=1200000 "$@"
