#!/usr/bin/env bash
# run.sh LIBMJWT.SO    tokens to and from PyJWT (through the C ABI), jsonwebtoken, jose and fast-jwt
#                      (through the npm package, as built in node/dist); before that, the vectors
#                      are checked against jsonwebtoken and jose.
# PYTHON names the Python to use (3.9 or newer, with venv); python3 unless set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { sed -n '2,/^[^#]/s/^# //p' "$0" >&2; exit 2; }
[ -f "$1" ] || { echo "tests/interop: there is no library $1: build it first" >&2; exit 2; }
library=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
python=${PYTHON:-python3}
. "$here/../tools.sh"
require tests/interop "$python" node npm

echo '== vectors'
npm ci --ignore-scripts --no-audit --no-fund --silent --prefix "$here/../vectors"
npm run --silent check --prefix "$here/../vectors"

echo '== PyJWT and libmjwt'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$python" -m venv "$work/venv" || { echo "tests/interop: $python has no venv (Debian: python3-venv)" >&2; exit 2; }
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
  -r "$here/requirements.txt"
"$work/venv/bin/python" "$here/interop.py" "$library"

echo '== jsonwebtoken, jose, fast-jwt and the npm package'
npm ci --ignore-scripts --no-audit --no-fund --silent --prefix "$here"
npm test --silent --prefix "$here"
