//go:build cgo && !mjwt_wasm

package mjwt

// The C functions that a hot path calls must not make Go move its arguments
// to the heap.

// #cgo noescape mjwt_verify
// #cgo nocallback mjwt_verify
// #cgo noescape mjwt_verify_bearer
// #cgo nocallback mjwt_verify_bearer
// #cgo noescape mjwt_sign
// #cgo nocallback mjwt_sign
// #include <mjwt.h>
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"
)

func libraryVersion() string        { return C.GoString(C.mjwt_version_string()) }
func statusName(code int) string    { return C.GoString(C.mjwt_status_name(C.mjwt_status(code))) }
func statusMessage(code int) string { return C.GoString(C.mjwt_status_message(C.mjwt_status(code))) }

// verifierBackend owns one reference to a verifier of libmjwt. Whoever still
// uses it keeps it alive, and no call takes a lock.
//
// It must be an object that the garbage collector looks at by itself: the
// runtime packs objects of less than 16 bytes and without pointers together,
// and then runs their cleanups late or never. A pointer to an opaque C type
// does not count as a pointer.
type verifierBackend struct {
	c              *C.mjwt_verifier
	requiredClaims []string
}

func newVerifierBackend(keys []key, policies []string) (*verifierBackend, error) {
	var config *C.mjwt_config
	if status := C.mjwt_config_new(&config); status != C.MJWT_OK {
		return nil, &Error{Code: int(status)}
	}
	defer C.mjwt_config_free(config)
	check := func(status C.mjwt_status) error {
		if status == C.MJWT_OK {
			return nil
		}
		return &Error{Code: int(status), reason: C.GoString(C.mjwt_config_error(config))}
	}
	for _, key := range keys {
		if err := check(addKey(config, key)); err != nil {
			return nil, err
		}
	}
	for _, policy := range policies {
		status := C.mjwt_config_set_policy(config, char(unsafe.StringData(policy)), C.size_t(len(policy)))
		if err := check(status); err != nil {
			return nil, err
		}
	}
	var c *C.mjwt_verifier
	if err := check(C.mjwt_verifier_new(config, &c)); err != nil {
		return nil, err
	}
	known, err := knownOf(policies)
	if err != nil {
		C.mjwt_verifier_free(c)
		return nil, err
	}
	b := &verifierBackend{c, known.RequiredClaims}
	runtime.AddCleanup(b, func(c *C.mjwt_verifier) { C.mjwt_verifier_free(c) }, c)
	return b, nil
}

func addKey(config *C.mjwt_config, k key) C.mjwt_status {
	if k.isSet {
		return C.mjwt_config_add_jwks(config, char(unsafe.SliceData(k.bytes)), C.size_t(len(k.bytes)), nil)
	}
	return C.mjwt_config_add_secret(config, octets(k.bytes), C.size_t(len(k.bytes)),
		char(unsafe.StringData(k.kid)), C.size_t(len(k.kid)))
}

// verify makes the one call into C. now is in seconds, or systemClock.
func (b *verifierBackend) verify(token string, bearer bool, now int64, claims []byte, found *report) int {
	info := C.mjwt_info{struct_size: C.sizeof_mjwt_info}
	in, inLen := char(unsafe.StringData(token)), C.size_t(len(token))
	out, outCap := char(unsafe.SliceData(claims)), C.size_t(len(claims))
	var status C.mjwt_status
	if bearer {
		status = C.mjwt_verify_bearer(b.c, in, inLen, C.int64_t(now), out, outCap, &info)
	} else {
		status = C.mjwt_verify(b.c, in, inLen, C.int64_t(now), out, outCap, &info)
	}
	runtime.KeepAlive(b)
	found.claimsLen = int(info.claims_len)
	found.keyIndex = int(info.key_index)
	found.failed = ClaimSet(info.failed)
	if status == C.MJWT_ERR_MISSING_CLAIM {
		// A name of its own, or exp or iat, which another option requires.
		found.missing = found.failed.String()
		if i := uint64(info.missing_index); i < uint64(len(b.requiredClaims)) {
			found.missing = b.requiredClaims[i]
		}
	}
	return int(status)
}

// signerBackend owns one reference to a signer of libmjwt, as verifierBackend.
type signerBackend struct {
	c     *C.mjwt_signer
	frame int // The length of a token without its payload.
	_     *byte
}

func newSignerBackend(secret []byte, config *signerConfig) (*signerBackend, error) {
	var flags C.uint32_t
	if config.allowShortKeys {
		flags |= C.MJWT_SIGNER_ALLOW_SHORT_KEYS
	}
	var c *C.mjwt_signer
	status := C.mjwt_signer_new_sized(octets(secret), C.size_t(len(secret)), char(unsafe.StringData(config.kid)),
		C.size_t(len(config.kid)), C.mjwt_algorithm(config.algorithm), flags, C.size_t(config.maxTokenBytes), &c)
	if status != C.MJWT_OK {
		return nil, signerError(int(status), secret, config)
	}
	b := &signerBackend{c: c, frame: int(C.mjwt_sign_bound(c, 0))}
	runtime.AddCleanup(b, func(c *C.mjwt_signer) { C.mjwt_signer_free(c) }, c)
	return b, nil
}

// signerError asks a verifier with the same key for the words: only those
// have some. The options of the signer were looked at before.
func signerError(status int, secret []byte, config *signerConfig) error {
	policy := fmt.Sprintf(`{"algorithms":["%v"],"allowShortKeys":%v}`, config.algorithm, config.allowShortKeys)
	_, err := newVerifierBackend([]key{{bytes: secret}}, []string{policy})
	if errors.Is(err, &Error{Code: status}) {
		return err
	}
	return refusal(status, "")
}

// sign makes the one call into C. token has tokenLen bytes.
func (b *signerBackend) sign(claims, token []byte) (n, status int) {
	var written C.size_t
	code := C.mjwt_sign(b.c, char(unsafe.SliceData(claims)), C.size_t(len(claims)),
		char(unsafe.SliceData(token)), C.size_t(len(token)), &written)
	runtime.KeepAlive(b)
	return int(written), int(code)
}

// char passes Go bytes to C without a copy.
func char(first *byte) *C.char { return (*C.char)(unsafe.Pointer(first)) }

// octets passes a secret to C without a copy.
func octets(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))) }
