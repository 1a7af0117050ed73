// Package mjwt verifies and signs HS256, HS384 and HS512 JSON Web Tokens (RFC 7519) with a shared
// secret. It lends its work to libmjwt, through cgo and pkg-config: the package needs a C compiler,
// and libmjwt where pkg-config finds it. README.md says how to install and link it.
//
// A [Verifier] and a [Signer] hold a keyed state, so make them once and share them: all their
// methods are safe for concurrent use. Every failure is an [*Error] that errors.Is compares with
// one sentinel a code, such as [ErrExpired], except for [ErrClosed] and the errors of encoding/json.
// No error holds a token or a secret.
package mjwt

// #cgo pkg-config: mjwt
// #cgo mjwt_static pkg-config: --static
// #cgo mjwt_static,!darwin LDFLAGS: -l:libmjwt.a -Wl,--as-needed
// #include <mjwt.h>
import "C"

// LibraryVersion returns the version of the libmjwt that runs, such as "0.1.0".
func LibraryVersion() string {
	return C.GoString(C.mjwt_version_string())
}
