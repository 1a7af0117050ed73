#!/usr/bin/env bash
# go.sh    mutation testing of the Go package, over WebAssembly; needs `make wasm`. A mutant that
#          lives is LIVED.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tools.sh
require tests/mutants go
gremlins=github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
cp target/wasm/mjwt.wasm ffi/go/mjwt/
MJWT_VECTORS=$PWD/tests/vectors
MJWT_VERSION=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
export MJWT_VECTORS MJWT_VERSION

# Without cgo: with it, each mutant would be linked with libmjwt.
cd ffi/go
CGO_ENABLED=0 GOFLAGS=-failfast go run "$gremlins" unleash --workers 1 --timeout-coefficient 5 -E 'backend_cgo|link' \
  ./mjwt
