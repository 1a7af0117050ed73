#!/bin/sh
# run.sh TARBALLS [test file ...]    the packed package of the folder TARBALLS on the runtimes of
#                                    tests/README.md
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
TARBALLS=$(cd "$1" && pwd)
export TARBALLS
shift
. "$here/../tools.sh"
require tests/runtimes node npm tar

"$here/install.sh"
"$here/install.sh" others
cd "$here"
run_tests "$@"
