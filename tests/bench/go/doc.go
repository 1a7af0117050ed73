// Package bench measures package mjwt with other JWT packages for Go, on the
// same tokens. Without cgo it measures the WebAssembly backend.
package bench
