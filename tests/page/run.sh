#!/bin/sh
# run.sh TARBALLS    the token page and the React client in headless Chromium, with the packed
#                    package of the folder TARBALLS
#
# Keeps a picture of each state in SCREENSHOTS=target/screenshots. The weather server takes port
# 4111, Mastra's own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
tarballs=$(cd "$1" && pwd)
. "$here/../tools.sh"
require tests/page node npm bash
need_chromium tests/page

"$here/../runtimes/install.sh"
PATH=$(cd "$here/../runtimes/node_modules/node-22/bin" && pwd):$PATH
export PATH
SCREENSHOTS=${SCREENSHOTS:-$here/../../target/screenshots}
mkdir -p "$SCREENSHOTS"
SCREENSHOTS=$(cd "$SCREENSHOTS" && pwd)
export SCREENSHOTS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
npm_quiet() { npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null; }

echo '== the token page'
(cd "$here" && npm_quiet ci)
"$here/../mastra/install.sh" "$here/../../node/examples/weather-server" "$tarballs" "$work/server"
PACKAGE=$work/server/node_modules/mastra-jwt node --test --test-reporter=spec "$here/page.test.mjs"

echo '== the React client'
cp "$here"/../../node/examples/weather-server/*.mjs "$work/server"
cp -R "$here/../../node/examples/react-client" "$work/client"
rm -rf "$work/client/node_modules"
(cd "$work/client" && npm_quiet ci && npm run --silent build >/dev/null)
SERVER=$work/server CLIENT=$work/client node --test --test-reporter=spec "$here/react.test.mjs"
