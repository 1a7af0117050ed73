// Package mjwt verifies and signs HS256, HS384 and HS512 JSON Web Tokens
// (RFC 7519) with a shared secret. The work is done by libmjwt, through cgo
// and pkg-config: the package needs a C compiler, and libmjwt where pkg-config
// finds it. README.md says how to install and link it.
//
// A [Verifier] and a [Signer] are costly to make and cheap to use: make them
// once and share them. All their methods are safe for concurrent use. Every
// failure is an [*Error], which errors.Is compares with one sentinel for each
// code, such as [ErrExpired]. [ErrClosed] and the errors that encoding/json
// gives to [Signer.Sign] are the exceptions. No error holds a token or a
// secret.
package mjwt

// LibraryVersion returns the version of libmjwt, such as "0.1.0".
func LibraryVersion() string { return libraryVersion() }
