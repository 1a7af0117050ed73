#!/usr/bin/env bash
# node.sh [FILE...]    mutation testing of node/ts, or of these files of it alone (ts/keys.ts);
#                      needs what `make build` builds. What lives is listed, also in
#                      target/mutants/node.
set -euo pipefail
shopt -s extglob
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tools.sh"
require tests/mutants node npm git tar
root=$(cd "$here/../.." && pwd)
out=$root/target/mutants/node
wanted=" $* "
(cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)

# StrykerJS writes its mutants into the sources, so that it gets a copy of all that the tests read.
rm -rf "$out"
mkdir -p "$out/tree"
(cd "$root" && {
  git ls-files -z --cached --others --exclude-standard
  git ls-files -z --others --ignored --exclude-standard -- node/ts node/dist ':(glob)node/*.node'
} | tar -c --null -T -) | tar -x -C "$out/tree"
cp -R "$out/tree/node/ts" "$out/ts"
ln -s "$root/node/node_modules" "$out/tree/node/node_modules"
cd "$out/tree/node"
unset JWT_AUTH_SECRET MASTRA_JWT_SECRET MASTRA_JWT_BACKEND NODE_ENV NODE_OPTIONS

# mutate NAME TESTS FILE...    tries the mutants of the files with the tests, the quick ones first.
#     The property tests are not among them: a mutant must be caught by a test that says what is
#     right, not by chance.
mutate() {
  local name=$1 files=()
  export TESTS=$2 REPORT=$out/$1.json
  shift 2
  for file; do
    case $wanted in *" $file "* | '  ') files+=("$file") ;; esac
  done
  [ ${#files[@]} -gt 0 ] || return 0
  export MUTATE=${files[*]}
  "$here/node_modules/.bin/stryker" run "$here/stryker.mjs" | tee "$out/$name.log"
}

mutate package 'signer mastra-jwt-auth options keys environment verifier mastra-auth wasm backend vectors' \
  ts/!(version).ts ts/backend/!(wasm*|platforms|platform-requires|edge-light|workerd|*.d).ts
MASTRA_JWT_BACKEND=wasm mutate wasm 'wasm signer options keys verifier mastra-jwt-auth mastra-auth vectors' \
  ts/backend/wasm?(-inline).ts
mutate command 'cli-text cli-sign cli-verify cli-secret cli cli-doctor' ts/cli/*.ts
