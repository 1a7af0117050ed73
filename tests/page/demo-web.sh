#!/bin/sh
# demo-web.sh TARBALLS    the weather server and the React client, until Ctrl-C; prints the address
#                         of the page
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { sed -n '2s/^# \{0,1\}//p' "$0" >&2; exit 2; }
tarballs=$(cd "$1" && pwd)
. "$here/../tools.sh"
require demo-web node npm
"$here/../runtimes/install.sh"
PATH=$(cd "$here/../runtimes/node_modules/node-22/bin" && pwd):$PATH
export PATH MASTRA_TELEMETRY_DISABLED=1
work=$(mktemp -d)
server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"; }
trap end EXIT
trap 'exit 0' INT TERM

echo 'Installing the server and the page ...'
"$here/../mastra/install.sh" "$here/../../node/examples/weather-server" "$tarballs" "$work/server"
cp "$here"/../../node/examples/weather-server/*.mjs "$work/server"
cp -R "$here/../../node/examples/react-client" "$work/client"
rm -rf "$work/client/node_modules"
(cd "$work/client" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
cd "$work/server"
MASTRA_JWT_SECRET=$(node_modules/.bin/mastra-jwt secret)
export MASTRA_JWT_SECRET
VITE_MASTRA_JWT_TOKEN=$(node_modules/.bin/mastra-jwt sign --sub me --expires-in 1h)
export VITE_MASTRA_JWT_TOKEN
node server.mjs &
server=$!
cd "$work/client"
echo 'Change the token in the page to see a 401. Ctrl-C ends both.'
node_modules/.bin/vite
