// Package interop compares package mjwt with others: it exchanges tokens with
// golang-jwt, and reads claims as libmjwt does. It is a module of its own, so
// that mjwt does not depend on them.
package interop

// #cgo pkg-config: mjwt
// #include <mjwt.h>
import "C"

import "unsafe"

func char(first *byte) *C.char { return (*C.char)(unsafe.Pointer(first)) }

// cString is mjwt_claims_get_string. The status is 0 on success.
func cString(claims, name string) (string, int) {
	out := make([]byte, len(claims)+1)
	var n C.size_t
	status := C.mjwt_claims_get_string(char(unsafe.StringData(claims)), C.size_t(len(claims)),
		char(unsafe.StringData(name)), C.size_t(len(name)), char(&out[0]), C.size_t(len(out)), &n)
	return string(out[:n]), int(status)
}

// cInt is mjwt_claims_get_int.
func cInt(claims, name string) (int64, int) {
	var value C.int64_t
	status := C.mjwt_claims_get_int(char(unsafe.StringData(claims)), C.size_t(len(claims)),
		char(unsafe.StringData(name)), C.size_t(len(name)), &value)
	return int64(value), int(status)
}

// cJSON is mjwt_claims_get_json.
func cJSON(claims, name string) (string, int) {
	var offset, n C.size_t
	status := C.mjwt_claims_get_json(char(unsafe.StringData(claims)), C.size_t(len(claims)),
		char(unsafe.StringData(name)), C.size_t(len(name)), &offset, &n)
	return claims[offset : offset+n], int(status)
}

// cChallenge is mjwt_www_authenticate.
func cChallenge(status int, realm string) string {
	out := make([]byte, 1000)
	var n C.size_t
	if C.mjwt_www_authenticate(C.mjwt_status(status), char(unsafe.StringData(realm)), C.size_t(len(realm)),
		char(&out[0]), C.size_t(len(out)), &n) != C.MJWT_OK {
		return ""
	}
	return string(out[:n])
}
