//go:build cgo && !mjwt_wasm

package bench

// #cgo pkg-config: mjwt
// #cgo noescape mjwt_abi_version
// #cgo nocallback mjwt_abi_version
// #include <mjwt.h>
import "C"

const callsC = true

// emptyCall goes into C and returns: the least that a call of libmjwt costs.
func emptyCall() uint32 {
	return uint32(C.mjwt_abi_version())
}
