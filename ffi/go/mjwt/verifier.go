package mjwt

// #cgo noescape mjwt_verify
// #cgo nocallback mjwt_verify
// #cgo noescape mjwt_verify_bearer
// #cgo nocallback mjwt_verify_bearer
// #include <mjwt.h>
import "C"

import (
	"encoding/json"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"
)

// A Verifier checks tokens against one policy and its keys. It never changes, and is safe for concurrent use.
type Verifier struct {
	handle atomic.Pointer[verifierHandle]
}

// A verifierHandle owns one reference of libmjwt. It is apart from Verifier so that Close can drop it at once: calls that
// still use it keep it alive, and no call takes a lock.
//
// It must stay an object that the garbage collector looks at by itself. The runtime packs those of less than 16 bytes and
// without pointers together, and then runs their cleanups late or never; a pointer to an opaque C type counts for none.
type verifierHandle struct {
	c             *C.mjwt_verifier
	clock         func() time.Time
	maxTokenBytes int
}

// NewVerifier makes a verifier. Unless the options say more, it takes HS256 tokens that are signed with this secret, of 32 bytes
// or more, and checks exp and nbf where present. A nil secret stands for none: the keys then come from
// [WithKey] or [WithJWKS]. Secrets are copied, and the copies are wiped when the verifier, closed or forgotten, is
// collected.
//
// It fails with [ErrKeyTooShort], [ErrNoKeys], [ErrDuplicateKid], [ErrJWKSyntax], [ErrJWKUnsupported], or
// [ErrInvalidArgument], which names the option that is out of range; a secret that is a PEM block is one.
func NewVerifier(secret []byte, options ...VerifierOption) (*Verifier, error) {
	config := verifierConfig{maxTokenBytes: defaultMaxTokenBytes}
	if err := check(C.mjwt_config_new(&config.c), "NewVerifier"); err != nil {
		return nil, err
	}
	defer C.mjwt_config_free(config.c)
	if secret != nil {
		if err := config.addSecret(secret, "", "secret"); err != nil {
			return nil, err
		}
	}
	for _, option := range options {
		if option == nil {
			return nil, check(C.MJWT_ERR_INVALID_ARGUMENT, "nil option")
		}
		if err := option.forVerifier(&config); err != nil {
			return nil, err
		}
	}
	var c *C.mjwt_verifier
	if err := check(C.mjwt_verifier_new(config.c, &c), "NewVerifier"); err != nil {
		return nil, err
	}
	handle := &verifierHandle{c, config.clock, config.maxTokenBytes}
	runtime.AddCleanup(handle, func(c *C.mjwt_verifier) { C.mjwt_verifier_free(c) }, c)
	v := new(Verifier)
	v.handle.Store(handle)
	return v, nil
}

// Verify checks a token and returns its claims. It fails with one of the errors of codes 100 to 299.
func (v *Verifier) Verify(token string) (*Claims, error) {
	return v.claims(token, false)
}

// VerifyBearer is as [Verifier.Verify], for the value of an HTTP Authorization header: "Bearer" in any case, spaces, the
// token (RFC 6750 section 2.1). It fails with [ErrNoBearer] where there is none.
func (v *Verifier) VerifyBearer(authorization string) (*Claims, error) {
	return v.claims(authorization, true)
}

// VerifyInto checks a token and decodes its claims into dst, as [Claims.Decode] does.
func (v *Verifier) VerifyInto(token string, dst any) error {
	claims, err := v.AppendClaims(nil, token)
	if err != nil {
		return err
	}
	return json.Unmarshal(claims, dst)
}

// AppendClaims checks a token, appends its claims to dst, a JSON object in UTF-8, and returns the extended buffer. It
// allocates nothing when dst has room for three quarters of the token's length, and 3 bytes more. A token that is refused
// leaves no trace in the buffer, whose length then stays as it was.
func (v *Verifier) AppendClaims(dst []byte, token string) ([]byte, error) {
	handle := v.handle.Load()
	if handle == nil {
		return dst, ErrClosed
	}
	room := handle.room(token)
	dst = slices.Grow(dst, room)
	var info C.mjwt_info
	if err := handle.verify(token, false, dst[len(dst):len(dst)+room], &info); err != nil {
		return dst, err
	}
	return dst[:len(dst)+int(info.claims_len)], nil
}

// Close ends the verifier: its methods then return [ErrClosed]. Calls under way in other goroutines end
// undisturbed, and the garbage collector has the keys wiped after the last of them. Without Close that happens when
// the verifier is no longer reachable.
func (v *Verifier) Close() error {
	v.handle.Store(nil)
	return nil
}

// The default of libmjwt, MJWT_OPT_MAX_TOKEN_BYTES.
const defaultMaxTokenBytes = 16384

// room is MJWT_CLAIMS_BOUND, for a token that is not too long: that one gives no claims, and no matter how long it is, it
// makes us allocate no more than the longest good one.
func (h *verifierHandle) room(token string) int {
	return (min(len(token), h.maxTokenBytes)/4 + 1) * 3
}

func (v *Verifier) claims(token string, bearer bool) (*Claims, error) {
	handle := v.handle.Load()
	if handle == nil {
		return nil, ErrClosed
	}
	buffer := make([]byte, handle.room(token))
	var info C.mjwt_info
	if err := handle.verify(token, bearer, buffer, &info); err != nil {
		return nil, err
	}
	return newClaims(buffer, &info), nil
}

// verify makes the one call into C.
func (h *verifierHandle) verify(token string, bearer bool, claims []byte, info *C.mjwt_info) error {
	now := C.int64_t(C.MJWT_NOW)
	if h.clock != nil {
		now = C.int64_t(h.clock().Unix())
	}
	info.struct_size = C.sizeof_mjwt_info
	in, inLen := char(unsafe.StringData(token)), C.size_t(len(token))
	out, outCap := char(unsafe.SliceData(claims)), C.size_t(len(claims))
	var status C.mjwt_status
	if bearer {
		status = C.mjwt_verify_bearer(h.c, in, inLen, now, out, outCap, info)
	} else {
		status = C.mjwt_verify(h.c, in, inLen, now, out, outCap, info)
	}
	runtime.KeepAlive(h)
	if status != C.MJWT_OK {
		return &Error{Code: int(status), FailedClaims: ClaimSet(info.failed)}
	}
	return nil
}
