#!/bin/sh
# demo.sh TARBALLS
#
# Shows a real Mastra server guarded by the packed mastra-jwt in the folder TARBALLS. Installs into
# a folder of its own, takes a free port, ends by itself; may run several times at once. The exit
# code is 0 when every step gave what it should.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
example=$here/../../node/examples/weather-server
fail() { echo "demo: $1" >&2; exit 2; }

[ $# -eq 1 ] || fail 'usage: demo.sh FOLDER, the folder with the packed tarballs (make pack DEST=FOLDER)'
. "$here/../tools.sh"
require demo node npm curl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

echo 'A Mastra server guarded by mastra-jwt, from the packed npm package, offline.'
echo
if ! at_least 22.13 "$(node --version)"; then
  echo "Mastra wants Node 22.13 or newer and this is $(node --version), so the demo takes a Node 22 from npm."
  "$here/../runtimes/install.sh"
  PATH=$(cd "$here/../runtimes/node_modules/node-22/bin" && pwd):$PATH
  export PATH
fi
echo "Installing Mastra and mastra-jwt into an empty folder, with Node $(node --version) ..."
"$here/install.sh" "$example" "$1" "$work"
mkdir "$work/suite"
cp "$here/suite/curl.mjs" "$work/suite"
cp "$example"/*.mjs "$here/demo.mjs" "$work"
cd "$work"
MASTRA_TELEMETRY_DISABLED=1 node demo.mjs
