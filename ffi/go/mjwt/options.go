package mjwt

// #include <mjwt.h>
import "C"

import (
	"fmt"
	"math"
	"time"
	"unicode/utf8"
	"unsafe"
)

// An Algorithm is a MAC of RFC 7518 section 3.2.
type Algorithm uint32

// The algorithms, and the shortest secret of each.
const (
	HS256 Algorithm = C.MJWT_ALG_HS256 // HMAC with SHA-256; 32 bytes
	HS384 Algorithm = C.MJWT_ALG_HS384 // HMAC with SHA-384; 48 bytes
	HS512 Algorithm = C.MJWT_ALG_HS512 // HMAC with SHA-512; 64 bytes
)

// A VerifierOption says what a token must be, or which further keys may have signed it.
type VerifierOption interface {
	forVerifier(*verifierConfig) error
}

// A SignerOption says how tokens are signed.
type SignerOption interface {
	forSigner(*signerConfig) error
}

// A KeyOption is one for [NewVerifier] and for [NewSigner].
type KeyOption interface {
	VerifierOption
	SignerOption
}

type verifierConfig struct {
	c             *C.mjwt_config
	clock         func() time.Time
	maxTokenBytes int
}

type signerConfig struct {
	kid       string
	algorithm Algorithm
	flags     C.uint32_t
}

type verifierOption func(*verifierConfig) error

func (o verifierOption) forVerifier(c *verifierConfig) error { return o(c) }

type signerOption func(*signerConfig) error

func (o signerOption) forSigner(c *signerConfig) error { return o(c) }

// WithKey adds a secret for the tokens that carry this kid in their header (RFC 7515 section 4.1.4), for
// the rotation of keys. With an empty kid it serves every token whose kid no other key carries.
func WithKey(kid string, secret []byte) VerifierOption {
	return verifierOption(func(c *verifierConfig) error {
		return c.addSecret(secret, kid, fmt.Sprintf("WithKey(%q)", kid))
	})
}

// WithJWKS adds the symmetric signing keys of a JWK Set (RFC 7517 section 5), given as JSON. Keys of other kinds
// are passed over.
func WithJWKS(json []byte) VerifierOption {
	return verifierOption(func(c *verifierConfig) error {
		return check(C.mjwt_config_add_jwks(c.c, char(unsafe.SliceData(json)), C.size_t(len(json)), nil), "WithJWKS")
	})
}

// WithAlgorithms replaces the algorithms that are allowed, which are HS256 alone unless told.
func WithAlgorithms(algorithms ...Algorithm) VerifierOption {
	var sum Algorithm
	for _, algorithm := range algorithms {
		sum |= algorithm
	}
	return number(C.MJWT_OPT_ALGORITHMS, int64(sum), "WithAlgorithms")
}

// WithIssuer demands that iss (RFC 7519 section 4.1.1) is one of these, at least one.
func WithIssuer(issuers ...string) VerifierOption {
	return texts("WithIssuer", issuers, func(c *C.mjwt_config, text *C.char, n C.size_t) C.mjwt_status {
		return C.mjwt_config_add_issuer(c, text, n)
	})
}

// WithAudience demands that aud (RFC 7519 section 4.1.3) is, or holds, one of these, at least one.
func WithAudience(audiences ...string) VerifierOption {
	return texts("WithAudience", audiences, func(c *C.mjwt_config, text *C.char, n C.size_t) C.mjwt_status {
		return C.mjwt_config_add_audience(c, text, n)
	})
}

// WithSubject demands this sub (RFC 7519 section 4.1.2).
func WithSubject(subject string) VerifierOption {
	return texts("WithSubject", []string{subject}, func(c *C.mjwt_config, text *C.char, n C.size_t) C.mjwt_status {
		return C.mjwt_config_set_subject(c, text, n)
	})
}

// WithType demands this typ in the header (RFC 7515 section 4.1.9), such as "JWT" or "at+jwt". Case and a leading
// "application/" do not count.
func WithType(typ string) VerifierOption {
	return texts("WithType", []string{typ}, func(c *C.mjwt_config, text *C.char, n C.size_t) C.mjwt_status {
		return C.mjwt_config_set_type(c, text, n)
	})
}

// WithRequiredClaims demands that the token holds the claims of these names, at least one, whatever their values.
// At most 64 names that RFC 7519 section 4.1 does not register.
func WithRequiredClaims(names ...string) VerifierOption {
	return texts("WithRequiredClaims", names, func(c *C.mjwt_config, text *C.char, n C.size_t) C.mjwt_status {
		return C.mjwt_config_require_claim(c, text, n)
	})
}

// WithLeeway is how far exp, nbf and iat may be off: whole seconds, 0 (unless told) to 24 hours.
func WithLeeway(leeway time.Duration) VerifierOption {
	return duration(C.MJWT_OPT_LEEWAY_SECONDS, leeway, "WithLeeway")
}

// WithMaxAge demands iat, and refuses a token this long after it: whole seconds, 1 or more. 0 demands nothing.
func WithMaxAge(age time.Duration) VerifierOption {
	return duration(C.MJWT_OPT_MAX_AGE_SECONDS, age, "WithMaxAge")
}

// WithRequireExpiry refuses tokens without exp.
func WithRequireExpiry() VerifierOption {
	return number(C.MJWT_OPT_REQUIRE_EXP, 1, "WithRequireExpiry")
}

// WithIssuedAtCheck refuses tokens whose iat lies in the future.
func WithIssuedAtCheck() VerifierOption {
	return number(C.MJWT_OPT_CHECK_IAT, 1, "WithIssuedAtCheck")
}

// WithMaxTokenBytes is the length of the longest token that is looked at: 1 to 16777216, 16384 unless told.
func WithMaxTokenBytes(n int) VerifierOption {
	return verifierOption(func(c *verifierConfig) error {
		c.maxTokenBytes = n
		return c.set(C.MJWT_OPT_MAX_TOKEN_BYTES, int64(n), fmt.Sprintf("WithMaxTokenBytes(%d)", n))
	})
}

// WithClock replaces the system clock. It is called once a verification, from any goroutine; fractions of a second
// are dropped.
func WithClock(now func() time.Time) VerifierOption {
	return verifierOption(func(c *verifierConfig) error {
		if now == nil {
			return check(C.MJWT_ERR_INVALID_ARGUMENT, "WithClock(nil)")
		}
		c.clock = now
		return nil
	})
}

// WithShortKeys allows secrets that are shorter than RFC 7518 section 3.2 demands, but for empty ones.
func WithShortKeys() KeyOption { return shortKeys{} }

type shortKeys struct{}

func (shortKeys) forVerifier(c *verifierConfig) error {
	return c.set(C.MJWT_OPT_ALLOW_SHORT_KEYS, 1, "WithShortKeys")
}

func (shortKeys) forSigner(c *signerConfig) error {
	c.flags |= C.MJWT_SIGNER_ALLOW_SHORT_KEY
	return nil
}

// WithAlgorithm is the algorithm to sign with, HS256 unless told.
func WithAlgorithm(algorithm Algorithm) SignerOption {
	return signerOption(func(c *signerConfig) error {
		c.algorithm = algorithm
		return nil
	})
}

// WithKeyID puts this kid into the header of tokens (RFC 7515 section 4.1.4). They have none unless told.
func WithKeyID(kid string) SignerOption {
	return signerOption(func(c *signerConfig) error {
		c.kid = kid
		return nil
	})
}

func (c *verifierConfig) addSecret(secret []byte, kid, where string) error {
	status := C.mjwt_config_add_secret(c.c, bytes(secret), C.size_t(len(secret)),
		char(unsafe.StringData(kid)), C.size_t(len(kid)))
	return checkSecret(status, kid, where)
}

func (c *verifierConfig) set(option C.mjwt_option, value int64, where string) error {
	return check(C.mjwt_config_set(c.c, option, C.int64_t(value)), where)
}

// checkSecret says what the status cannot: of an argument out of its range, which one. Apart from a kid that is not
// UTF-8, libmjwt says so of a secret for one reason.
func checkSecret(status C.mjwt_status, kid, where string) error {
	if status == C.MJWT_ERR_INVALID_ARGUMENT && utf8.ValidString(kid) {
		where += pemBlock
	}
	return check(status, where)
}

// where does the same for the one call that takes all the options of a signer.
func (c *signerConfig) where(status C.mjwt_status) string {
	switch {
	case status != C.MJWT_ERR_INVALID_ARGUMENT:
		return "secret"
	case !utf8.ValidString(c.kid):
		return fmt.Sprintf("WithKeyID(%q)", c.kid)
	case c.algorithm != HS256 && c.algorithm != HS384 && c.algorithm != HS512:
		return fmt.Sprintf("WithAlgorithm(%d)", c.algorithm)
	}
	return "secret" + pemBlock
}

const pemBlock = ": a PEM block is no shared secret"

func number(option C.mjwt_option, value int64, where string) VerifierOption {
	return verifierOption(func(c *verifierConfig) error { return c.set(option, value, where) })
}

func duration(option C.mjwt_option, value time.Duration, where string) VerifierOption {
	seconds := int64(value / time.Second)
	if value%time.Second != 0 {
		seconds = math.MinInt64 // A part of a second is out of range, as everything below 0 is.
	}
	return number(option, seconds, fmt.Sprintf("%s(%v)", where, value))
}

// texts calls add for each text. No text at all is refused: it would demand nothing where something was meant.
func texts(where string, texts []string, add func(*C.mjwt_config, *C.char, C.size_t) C.mjwt_status) VerifierOption {
	return verifierOption(func(c *verifierConfig) error {
		if len(texts) == 0 {
			return check(C.MJWT_ERR_INVALID_ARGUMENT, where+"()")
		}
		for _, text := range texts {
			status := add(c.c, char(unsafe.StringData(text)), C.size_t(len(text)))
			if err := check(status, fmt.Sprintf("%s(%q)", where, text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// char passes Go bytes to C without a copy.
func char(first *byte) *C.char { return (*C.char)(unsafe.Pointer(first)) }

// bytes passes a secret to C without a copy.
func bytes(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))) }
