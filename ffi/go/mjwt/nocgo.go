//go:build !cgo

package mjwt

// Without cgo this is the only file of the package, and its error the only one that the compiler prints.
var _ int = "mjwt needs cgo: build with CGO_ENABLED=1, a C compiler, and libmjwt where pkg-config finds it"
