//go:build cgo && !mjwt_wasm

package mjwt

// #cgo pkg-config: mjwt
// #cgo mjwt_static pkg-config: --static
// #cgo mjwt_static,!darwin LDFLAGS: -l:libmjwt.a -Wl,--as-needed
import "C"
