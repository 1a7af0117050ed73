#!/bin/sh
# run.sh    keys that change on 50 servers in virtual time, and tokens that are revoked in a real
#           Redis; with node/dist as built
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools.sh"
require tests/fleet node npm redis-server
npm ci --ignore-scripts --no-audit --no-fund --silent --prefix "$here"
npm test --silent --prefix "$here"
