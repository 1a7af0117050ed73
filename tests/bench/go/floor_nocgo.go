//go:build !cgo || mjwt_wasm

package bench

// Without cgo no call leaves Go.
const callsC = false

func emptyCall() uint32 { return 0 }
