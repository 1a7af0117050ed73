#!/bin/sh
# test.sh PREFIX [WASM]
#
# Tests the Go package, its examples and its benchmarks against the libmjwt that is installed in
# PREFIX; and the module as it is published, with that library and the WebAssembly module in the
# file WASM, if it is given.
set -eu
[ $# -ge 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/lib.sh"
against "$1"
wasm=
[ -z "${2:-}" ] || wasm=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
MJWT_VERSION=$(pkg-config --modversion mjwt) MJWT_VECTORS=$root/tests/vectors
export MJWT_VERSION MJWT_VECTORS
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

cd "$here/mjwt"
step "shared library"
go test -c -o "$work/shared" .
readelf -d "$work/shared" | grep -q 'NEEDED.*libmjwt\.so' || fail "the default build does not use libmjwt.so"
$with_library "$work/shared" -test.count=1

step "shared library, race detector"
(cd "$here" && $with_library go test -count=1 -race ./...)

step "static library"
go test -c -tags mjwt_static -o "$work/static" .
! readelf -d "$work/static" | grep -q 'NEEDED.*libmjwt' || fail "-tags mjwt_static still needs libmjwt.so"
"$work/static"

step "nothing but static"
go test -c -tags mjwt_static,netgo,osusergo -ldflags '-linkmode external -extldflags -static' -o "$work/all-static" .
! readelf -d "$work/all-static" | grep -q NEEDED || fail "the static build needs shared libraries"
"$work/all-static" -test.run 'Vectors|Example'

for target in FuzzVerify FuzzSign FuzzJSON; do
  step "$target"
  $with_library go test -run '^$' -fuzz "^$target\$" -fuzztime 20000x .
done

step "golang-jwt and C: interop"
(cd "$here/interop" && $with_library go test -count=1 ./...)

for example in "$here"/examples/*; do
  step "example: $(basename "$example")"
  (cd "$example" && $with_library go test -count=1 -race ./...)
done

step "benchmarks, once each"
(cd "$root/tests/bench/go" && $with_library go test -count=1 -bench . -benchtime 1x ./... >"$work/bench") || {
  cat "$work/bench"
  fail "the benchmarks fail"
}

# app NAME MODULE [BUILD FLAGS]    builds a program of somebody else, and the one in README.md, with
#                                  what go mod vendor copies
app() {
  mkdir -p "$work/$1/readme"
  cd "$work/$1"
  cp "$here"/testdata/app/*.go .
  awk '/^```go$/ { go = 1; next } /^```$/ { go = 0 } go' "$here/README.md" >readme/main.go
  grep -q NewVerifier readme/main.go || fail "no program in README.md"
  go mod init example.com/app 2>/dev/null
  go mod edit -replace "github.com/mastra-jwt/mastra-jwt/ffi/go=$2"
  go mod tidy 2>/dev/null
  go mod vendor
  shift 2
  go vet "$@" ./...
  go build "$@" -o app .
  go build "$@" -o readme/readme ./readme
}

step "a program of somebody else, with the checkout"
app checkout "$here"
[ "$($with_library ./app)" = outside ] || fail "the program does not work"

if [ -n "$wasm" ]; then
  step "the module as it is published"
  name=libmjwt-$MJWT_VERSION-$(rustc -vV | sed -n 's/^host: //p')
  mkdir -p "$work/archives" "$work/$name"
  cp -R "$prefix/." "$work/$name"
  echo 'The archive has them.' >"$work/$name/THIRD-PARTY-NOTICES"
  tar -C "$work" -czf "$work/archives/$name.tar.gz" "$name"
  "$here/module.sh" "$work/module" "$work/archives" "$wasm"
  unset PKG_CONFIG_PATH
  cd "$work/module"
  unformatted=$(gofmt -l .)
  [ -z "$unformatted" ] || fail "gofmt -l: $unformatted"

  step "bundled library"
  go test -c -o "$work/bundled" ./mjwt
  ! readelf -d "$work/bundled" | grep -q 'NEEDED.*libmjwt' || fail "the published module needs libmjwt.so"
  (cd mjwt && "$work/bundled" -test.count=1)
  step "bundled library, race detector"
  go test -count=1 -race ./...
  step "no cgo"
  CGO_ENABLED=0 go vet ./...
  CGO_ENABLED=0 go test -count=1 ./...
  step "WebAssembly, race detector"
  go test -count=1 -race -tags mjwt_wasm -run 'Close|Replace|Trap|Instances|Middleware|Kit|Freed' ./...
  step "system library"
  PKG_CONFIG_PATH=$prefix/lib/pkgconfig go test -c -tags mjwt_system -o "$work/system" ./mjwt
  readelf -d "$work/system" | grep -q 'NEEDED.*libmjwt\.so' || fail "-tags mjwt_system does not use libmjwt.so"
  for platform in linux/386 windows/arm64 darwin/arm64 freebsd/amd64; do
    step "no cgo, $platform"
    CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} go vet ./mjwt
  done

  step "a program of somebody else, with the published module"
  app published "$work/module" -mod=vendor
  [ "$(./app)" = outside ] || fail "the program does not work"
  mkdir "$work/alone"
  for tool in go gcc as ld; do ln -s "$(command -v $tool)" "$work/alone/$tool"; done
  alone="env -i HOME=$HOME PATH=$work/alone GOFLAGS=-mod=vendor GOTOOLCHAIN=local"
  step "with a C compiler alone"
  $alone CGO_ENABLED=1 go test -count=1 .
  step "without one, no cgo"
  rm "$work/alone/gcc" "$work/alone/as" "$work/alone/ld"
  $alone CGO_ENABLED=0 go test -count=1 .
  CGO_ENABLED=0 go build -o nocgo .
  [ "$(./nocgo)" = outside ] || fail "the program does not work without cgo"
  for platform in windows/arm64 darwin/arm64 linux/riscv64; do
    step "cross-compiled, $platform"
    $alone CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} go build -o app.exe .
  done
fi

echo "ffi/go/test.sh: all passed"
