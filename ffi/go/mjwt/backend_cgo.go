//go:build cgo

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
	"fmt"
	"runtime"
	"slices"
	"unicode/utf8"
	"unsafe"
)

func libraryVersion() string        { return C.GoString(C.mjwt_version_string()) }
func statusName(code int) string    { return C.GoString(C.mjwt_status_name(C.mjwt_status(code))) }
func statusMessage(code int) string { return C.GoString(C.mjwt_status_message(C.mjwt_status(code))) }

// verifierBackend owns one reference to a verifier of libmjwt. Whoever still
// uses it keeps it alive, and no call takes a lock.
//
// It must stay an object that the garbage collector looks at by itself: the
// runtime packs objects of less than 16 bytes and without pointers together,
// and then runs their cleanups late or never. A pointer to an opaque C type
// does not count as a pointer.
type verifierBackend struct {
	c *C.mjwt_verifier
	_ *byte
}

func newVerifierBackend(keys []key, p *policy) (*verifierBackend, error) {
	var config *C.mjwt_config
	if err := check(C.mjwt_config_new(&config), "NewVerifier"); err != nil {
		return nil, err
	}
	defer C.mjwt_config_free(config)
	for _, key := range keys {
		if err := addKey(config, key); err != nil {
			return nil, err
		}
	}
	if err := applyPolicy(config, p); err != nil {
		return nil, err
	}
	var c *C.mjwt_verifier
	if err := check(C.mjwt_verifier_new(config, &c), "NewVerifier"); err != nil {
		return nil, err
	}
	b := &verifierBackend{c: c}
	runtime.AddCleanup(b, func(c *C.mjwt_verifier) { C.mjwt_verifier_free(c) }, c)
	return b, nil
}

func addKey(config *C.mjwt_config, k key) error {
	if k.isSet {
		return check(C.mjwt_config_add_jwks(config, char(unsafe.SliceData(k.bytes)), C.size_t(len(k.bytes)), nil), k.where)
	}
	status := C.mjwt_config_add_secret(config, octets(k.bytes), C.size_t(len(k.bytes)),
		char(unsafe.StringData(k.kid)), C.size_t(len(k.kid)))
	where := k.where
	// Apart from a kid that is not UTF-8, this is the one reason.
	if status == C.MJWT_ERR_INVALID_ARGUMENT && utf8.ValidString(k.kid) {
		where += pemBlock
	}
	return check(status, where)
}

func applyPolicy(config *C.mjwt_config, p *policy) error {
	numbers := []struct {
		option C.mjwt_option
		value  *int64
		where  string
	}{
		{C.MJWT_OPT_ALGORITHMS, algorithmBits(p.Algorithms), "WithAlgorithms"},
		{C.MJWT_OPT_LEEWAY_SECONDS, p.Leeway, "WithLeeway"},
		{C.MJWT_OPT_MAX_AGE_SECONDS, p.MaxAge, "WithMaxAge"},
		{C.MJWT_OPT_REQUIRE_EXP, flag(p.RequireExp), "WithRequireExpiry"},
		{C.MJWT_OPT_CHECK_IAT, flag(p.CheckIat), "WithIssuedAtCheck"},
		{C.MJWT_OPT_ALLOW_SHORT_KEYS, flag(p.AllowShortKeys), "WithShortKeys"},
		{C.MJWT_OPT_MAX_TOKEN_BYTES, p.MaxTokenBytes, "WithMaxTokenBytes"},
	}
	for _, n := range numbers {
		if n.value == nil {
			continue
		}
		status := C.mjwt_config_set(config, n.option, C.int64_t(*n.value))
		if err := check(status, fmt.Sprintf("%s: %d", n.where, *n.value)); err != nil {
			return err
		}
	}
	texts := []struct {
		values []string
		where  string
		add    func(*C.mjwt_config, *C.char, C.size_t) C.mjwt_status
	}{
		{p.Issuer, "WithIssuer", func(c *C.mjwt_config, s *C.char, n C.size_t) C.mjwt_status {
			return C.mjwt_config_add_issuer(c, s, n)
		}},
		{p.Audience, "WithAudience", func(c *C.mjwt_config, s *C.char, n C.size_t) C.mjwt_status {
			return C.mjwt_config_add_audience(c, s, n)
		}},
		{one(p.Subject), "WithSubject", func(c *C.mjwt_config, s *C.char, n C.size_t) C.mjwt_status {
			return C.mjwt_config_set_subject(c, s, n)
		}},
		{one(p.Type), "WithType", func(c *C.mjwt_config, s *C.char, n C.size_t) C.mjwt_status {
			return C.mjwt_config_set_type(c, s, n)
		}},
		{p.RequiredClaims, "WithRequiredClaims", func(c *C.mjwt_config, s *C.char, n C.size_t) C.mjwt_status {
			return C.mjwt_config_require_claim(c, s, n)
		}},
	}
	for _, t := range texts {
		for _, text := range t.values {
			status := t.add(config, char(unsafe.StringData(text)), C.size_t(len(text)))
			if err := check(status, fmt.Sprintf("%s: %q", t.where, text)); err != nil {
				return err
			}
		}
	}
	return nil
}

func algorithmBits(names []string) *int64 {
	if names == nil {
		return nil
	}
	var bits int64
	for _, algorithm := range []Algorithm{HS256, HS384, HS512} {
		if slices.Contains(names, algorithm.String()) {
			bits |= int64(algorithm)
		}
	}
	return &bits
}

func flag(set bool) *int64 {
	if !set {
		return nil
	}
	value := int64(1)
	return &value
}

func one(text *string) []string {
	if text == nil {
		return nil
	}
	return []string{*text}
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
	*found = report{
		claimsLen: int(info.claims_len),
		exp:       int64(info.exp),
		nbf:       int64(info.nbf),
		iat:       int64(info.iat),
		subOffset: int(info.sub_offset),
		subLen:    int(info.sub_len),
		present:   ClaimSet(info.present),
		failed:    ClaimSet(info.failed),
		keyIndex:  int(info.key_index),
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
	status := C.mjwt_signer_new(octets(secret), C.size_t(len(secret)), char(unsafe.StringData(config.kid)),
		C.size_t(len(config.kid)), C.mjwt_algorithm(config.algorithm), flags, &c)
	where := "secret"
	if status == C.MJWT_ERR_INVALID_ARGUMENT {
		where += pemBlock // The options were looked at before.
	}
	if err := check(status, where); err != nil {
		return nil, err
	}
	b := &signerBackend{c: c, frame: int(C.mjwt_sign_bound(c, 0))}
	runtime.AddCleanup(b, func(c *C.mjwt_signer) { C.mjwt_signer_free(c) }, c)
	return b, nil
}

// sign makes the one call into C. token has tokenLen bytes.
func (b *signerBackend) sign(claims, token []byte) (n, status int) {
	var written C.size_t
	code := C.mjwt_sign(b.c, char(unsafe.SliceData(claims)), C.size_t(len(claims)),
		char(unsafe.SliceData(token)), C.size_t(len(token)), &written)
	runtime.KeepAlive(b)
	return int(written), int(code)
}

func check(status C.mjwt_status, where string) error {
	if status == C.MJWT_OK {
		return nil
	}
	return refusal(int(status), where)
}

const pemBlock = ": a PEM block is not a shared secret"

// char passes Go bytes to C without a copy.
func char(first *byte) *C.char { return (*C.char)(unsafe.Pointer(first)) }

// octets passes a secret to C without a copy.
func octets(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))) }
