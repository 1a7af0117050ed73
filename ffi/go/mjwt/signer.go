package mjwt

// #cgo noescape mjwt_sign
// #cgo nocallback mjwt_sign
// #include <mjwt.h>
import "C"

import (
	"encoding/base64"
	"encoding/json"
	"runtime"
	"slices"
	"sync/atomic"
	"unsafe"
)

// A Signer makes tokens with one key. It never changes, and is safe for concurrent use.
type Signer struct {
	handle atomic.Pointer[signerHandle]
}

// A signerHandle owns one reference of libmjwt, as verifierHandle does.
type signerHandle struct {
	c     *C.mjwt_signer
	frame int   // the length of a token without its payload
	_     *byte // for the garbage collector; see verifierHandle
}

// NewSigner makes a signer. Unless the options say more, it signs with HS256 and a secret of 32 bytes or more. The secret is
// copied, and the copy is wiped when the signer, closed or forgotten, is collected.
//
// It fails with [ErrKeyTooShort], or [ErrInvalidArgument] for an option out of range or a secret that is a PEM block.
func NewSigner(secret []byte, options ...SignerOption) (*Signer, error) {
	config := signerConfig{algorithm: HS256}
	for _, option := range options {
		if option == nil {
			return nil, check(C.MJWT_ERR_INVALID_ARGUMENT, "nil option")
		}
		if err := option.forSigner(&config); err != nil {
			return nil, err
		}
	}
	var c *C.mjwt_signer
	status := C.mjwt_signer_new(bytes(secret), C.size_t(len(secret)), char(unsafe.StringData(config.kid)),
		C.size_t(len(config.kid)), C.mjwt_algorithm(config.algorithm), config.flags, &c)
	if err := check(status, config.where(status)); err != nil {
		return nil, err
	}
	handle := &signerHandle{c: c, frame: int(C.mjwt_sign_bound(c, 0))}
	runtime.AddCleanup(handle, func(c *C.mjwt_signer) { C.mjwt_signer_free(c) }, c)
	s := new(Signer)
	s.handle.Store(handle)
	return s, nil
}

// Sign makes a token of anything that encoding/json turns into a JSON object. Nothing is added: iat and exp are the caller's to set,
// in seconds since 1970, such as time.Now().Add(time.Hour).Unix().
//
// It fails with an error of encoding/json, with [ErrClaimsNotObject], or with [ErrClaimType] when exp, nbf or iat is not a number.
func (s *Signer) Sign(claims any) (string, error) {
	text, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return s.SignJSON(text)
}

// SignJSON makes a token of claims that are a JSON object already, byte by byte. It fails as [Signer.Sign].
func (s *Signer) SignJSON(claims []byte) (string, error) {
	handle := s.handle.Load()
	if handle == nil {
		return "", ErrClosed
	}
	token, err := handle.appendSign(make([]byte, 0, handle.tokenLen(claims)), claims)
	return unsafe.String(unsafe.SliceData(token), len(token)), err // Nobody else holds these bytes.
}

// AppendSign is as [Signer.SignJSON], and appends the token to dst, whose spare room must not overlap the claims. It allocates
// nothing when dst has room for the token. On failure the length of dst stays as it was.
func (s *Signer) AppendSign(dst, claims []byte) ([]byte, error) {
	handle := s.handle.Load()
	if handle == nil {
		return dst, ErrClosed
	}
	return handle.appendSign(slices.Grow(dst, handle.tokenLen(claims)), claims)
}

// Close ends the signer: its methods then return [ErrClosed]. See [Verifier.Close].
func (s *Signer) Close() error {
	s.handle.Store(nil)
	return nil
}

// tokenLen is mjwt_sign_bound without a call into C: only the payload's part of a token varies.
func (h *signerHandle) tokenLen(claims []byte) int {
	return h.frame + base64.RawURLEncoding.EncodedLen(len(claims))
}

// appendSign makes the one call into C. dst has room for the token.
func (h *signerHandle) appendSign(dst, claims []byte) ([]byte, error) {
	out := dst[len(dst) : len(dst)+h.tokenLen(claims)]
	var n C.size_t
	status := C.mjwt_sign(h.c, char(unsafe.SliceData(claims)), C.size_t(len(claims)),
		char(unsafe.SliceData(out)), C.size_t(len(out)), &n)
	runtime.KeepAlive(h)
	if err := check(status, ""); err != nil {
		return dst, err
	}
	return dst[:len(dst)+int(n)], nil
}
