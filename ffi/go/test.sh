#!/bin/sh
# Tests the Go package, its example and its benchmarks against an installed libmjwt.
#
#   ffi/go/test.sh PREFIX     where libmjwt is: PREFIX/lib/pkgconfig/mjwt.pc
set -eu

fail() {
  echo "ffi/go/test.sh: $*" >&2
  exit 1
}
step() { echo "== $*"; }

[ $# -eq 1 ] || fail "usage: test.sh PREFIX"
prefix=$(cd "$1" 2>/dev/null && pwd) || fail "$1 is no folder"
[ -f "$prefix/lib/pkgconfig/mjwt.pc" ] || fail "no libmjwt in $prefix: make install PREFIX=$prefix"
for tool in go gcc pkg-config readelf; do
  command -v "$tool" >/dev/null || fail "$tool is needed"
done
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" CGO_ENABLED=1
unset LD_LIBRARY_PATH # What is linked statically must not need it.
with_library="env LD_LIBRARY_PATH=$prefix/lib"

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for module in ffi/go ffi/go/interop ffi/go/examples/service tests/bench/go; do
  step "$module: gofmt, go vet, go mod tidy"
  cd "$root/$module"
  unformatted=$(gofmt -l .)
  [ -z "$unformatted" ] || fail "gofmt -l: $unformatted"
  go vet ./...
  go mod tidy -diff || fail "$module/go.mod is not tidy"
done

cd "$here/mjwt"
step "tests, shared library"
go test -c -o "$work/shared" .
readelf -d "$work/shared" | grep -q 'NEEDED.*libmjwt\.so' || fail "the default build does not use libmjwt.so"
$with_library "$work/shared" -test.count=1

step "tests under the race detector"
$with_library go test -count=1 -race ./...

step "tests, static library"
go test -c -tags mjwt_static -o "$work/static" .
! readelf -d "$work/static" | grep -q 'NEEDED.*libmjwt' || fail "-tags mjwt_static still needs libmjwt.so"
"$work/static"

step "tests, nothing but static"
go test -c -tags mjwt_static,netgo,osusergo -ldflags '-linkmode external -extldflags -static' -o "$work/all-static" .
! readelf -d "$work/all-static" | grep -q NEEDED || fail "the static build needs shared libraries"
"$work/all-static" -test.run 'Vectors|Example'

for target in FuzzVerify FuzzSign; do
  step "$target"
  $with_library go test -run '^$' -fuzz "^$target\$" -fuzztime 20000x .
done

step "interoperation with golang-jwt"
cd "$here/interop" && $with_library go test -count=1 ./...

step "the example"
cd "$here/examples/service" && $with_library go test -count=1 -race ./...

step "benchmarks, once each"
cd "$root/tests/bench/go"
$with_library go test -count=1 -bench . -benchtime 1x ./... >"$work/bench" || {
  cat "$work/bench"
  fail "the benchmarks fail"
}

# A user's module: outside of the repository, and with nothing of it but what go mod vendor copies.
step "a vendored build"
mkdir "$work/app" && cd "$work/app"
cp "$here/testdata/vendored/main.go" .
go mod init example.com/app 2>/dev/null
go mod edit -require github.com/mastra-jwt/mastra-jwt/ffi/go@v0.0.0 -replace "github.com/mastra-jwt/mastra-jwt/ffi/go=$here"
go mod vendor
[ -f vendor/github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt/verifier.go ] || fail "go mod vendor copies nothing"
go build -mod=vendor -o app .
[ "$($with_library ./app)" = vendored ] || fail "the vendored program does not work"

step "the program in README.md"
mkdir readme
awk '/^```go$/ { go = 1; next } /^```$/ { go = 0 } go' "$here/README.md" >readme/main.go
grep -q NewVerifier readme/main.go || fail "no program in README.md"
go vet -mod=vendor ./readme
go build -mod=vendor -o readme/readme ./readme

step "the message without cgo"
if CGO_ENABLED=0 go build -mod=vendor -o app . 2>"$work/nocgo"; then
  fail "builds without cgo"
fi
grep -q 'mjwt needs cgo: build with CGO_ENABLED=1' "$work/nocgo" || fail "without cgo: $(cat "$work/nocgo")"
[ "$(grep -c '\.go:' "$work/nocgo")" -eq 1 ] || fail "without cgo the message drowns: $(cat "$work/nocgo")"

echo "ffi/go/test.sh: all passed"
