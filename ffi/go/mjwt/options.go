package mjwt

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// An Algorithm is a MAC of RFC 7518 section 3.2.
type Algorithm uint32

// The algorithms, and the length of the shortest secret for each.
const (
	HS256 Algorithm = 1 // HMAC with SHA-256; 32 bytes
	HS384 Algorithm = 2 // HMAC with SHA-384; 48 bytes
	HS512 Algorithm = 4 // HMAC with SHA-512; 64 bytes
)

// String returns the name of the algorithm in a token, such as "HS256".
func (a Algorithm) String() string {
	switch a {
	case HS256:
		return "HS256"
	case HS384:
		return "HS384"
	case HS512:
		return "HS512"
	}
	return fmt.Sprintf("Algorithm(%d)", uint32(a))
}

// A VerifierOption says what a token must be, or which other keys may have
// signed it.
type VerifierOption interface {
	forVerifier(*verifierConfig) error
}

// A SignerOption says how tokens are signed.
type SignerOption interface {
	forSigner(*signerConfig) error
}

// An Option is one for [NewVerifier] and for [NewSigner].
type Option interface {
	VerifierOption
	SignerOption
}

// A key is a secret, or a JWK Set.
type key struct {
	bytes []byte
	kid   string
	isSet bool
}

// A policy has one member for each option about tokens. The names are those
// of the policy document, which every binding of the library reads.
type policy struct {
	Algorithms     []string `json:"algorithms,omitempty"`
	Issuer         []string `json:"issuer,omitempty"`
	Audience       []string `json:"audience,omitempty"`
	Subject        *string  `json:"subject,omitempty"`
	JWTID          *string  `json:"jwtId,omitempty"`
	Type           *string  `json:"type,omitempty"`
	Leeway         *int64   `json:"leeway,omitempty"`
	MaxAge         *int64   `json:"maxAge,omitempty"`
	RequiredClaims []string `json:"requiredClaims,omitempty"`
	RequireExp     bool     `json:"requireExp,omitempty"`
	CheckIat       bool     `json:"checkIat,omitempty"`
	StrictClaims   bool     `json:"strictClaims,omitempty"`
	IgnoreExp      bool     `json:"ignoreExpiration,omitempty"`
	AllowShortKeys bool     `json:"allowShortKeys,omitempty"`
	MaxTokenBytes  *int64   `json:"maxTokenBytes,omitempty"`
}

type verifierConfig struct {
	keys      []key
	policy    policy
	documents []string // Of WithPolicy.
	clock     func() time.Time
}

type signerConfig struct {
	kid            string
	algorithm      Algorithm
	allowShortKeys bool
	maxTokenBytes  int
}

// A keyOption adds a key. It is the kind that ReplaceKeys takes.
type keyOption key

func (o keyOption) forVerifier(c *verifierConfig) error {
	c.keys = append(c.keys, key(o))
	return checkText("WithKey", o.kid)
}

type policyOption struct {
	name  string // For errors.
	apply func(*verifierConfig) error
}

func (o policyOption) forVerifier(c *verifierConfig) error { return o.apply(c) }

type signerOption func(*signerConfig) error

func (o signerOption) forSigner(c *signerConfig) error { return o(c) }

// WithKey adds a secret for the tokens that carry this kid in their header
// (RFC 7515 section 4.1.4), for the rotation of keys. With an empty kid it
// serves every token whose kid no other key carries.
func WithKey(kid string, secret []byte) VerifierOption {
	return keyOption{bytes: secret, kid: kid}
}

// WithJWKS adds the symmetric signing keys of a JWK Set (RFC 7517 section 5),
// given as JSON. Keys of other kinds are passed over.
func WithJWKS(json []byte) VerifierOption {
	return keyOption{bytes: json, isSet: true}
}

// WithAlgorithms sets the algorithms that are allowed. By default that is
// HS256 alone.
func WithAlgorithms(algorithms ...Algorithm) VerifierOption {
	names := make([]string, len(algorithms))
	for i, algorithm := range algorithms {
		names[i] = algorithm.String()
	}
	return policyOption{"WithAlgorithms", func(c *verifierConfig) error {
		if len(algorithms) == 0 {
			return invalid("WithAlgorithms()", "at least one is needed")
		}
		for _, name := range names {
			if strings.HasPrefix(name, "Algorithm(") {
				return invalid("WithAlgorithms("+name+")", unknownAlgorithm)
			}
		}
		c.policy.Algorithms = names
		return nil
	}}
}

// WithIssuer requires that iss (RFC 7519 section 4.1.1) is one of these.
func WithIssuer(issuers ...string) VerifierOption {
	return texts("WithIssuer", issuers, func(p *policy) *[]string { return &p.Issuer })
}

// WithAudience requires that aud (RFC 7519 section 4.1.3) is one of these, or
// an array that holds one of these.
func WithAudience(audiences ...string) VerifierOption {
	return texts("WithAudience", audiences, func(p *policy) *[]string { return &p.Audience })
}

// WithSubject requires this sub (RFC 7519 section 4.1.2).
func WithSubject(subject string) VerifierOption {
	return text("WithSubject", subject, func(p *policy) **string { return &p.Subject })
}

// WithJWTID requires this jti (RFC 7519 section 4.1.7).
func WithJWTID(jti string) VerifierOption {
	return text("WithJWTID", jti, func(p *policy) **string { return &p.JWTID })
}

// WithType requires this typ in the header (RFC 7515 section 4.1.9), such as
// "JWT" or "at+jwt". Case and a leading "application/" do not matter.
func WithType(typ string) VerifierOption {
	return text("WithType", typ, func(p *policy) **string { return &p.Type })
}

// WithRequiredClaims requires that the token has claims of these names,
// whatever their values. At most 64 names that RFC 7519 section 4.1 does not
// register.
func WithRequiredClaims(names ...string) VerifierOption {
	return texts("WithRequiredClaims", names, func(p *policy) *[]string { return &p.RequiredClaims })
}

// WithLeeway is how far exp, nbf and iat may be off: whole seconds, from 0,
// the default, to 24 hours.
func WithLeeway(leeway time.Duration) VerifierOption {
	return seconds("WithLeeway", leeway, func(p *policy) **int64 { return &p.Leeway })
}

// WithMaxAge requires iat, and refuses a token this long after it, or with an
// iat that lies ahead: whole seconds, from 1. By default tokens of any age are
// taken.
func WithMaxAge(age time.Duration) VerifierOption {
	return seconds("WithMaxAge", age, func(p *policy) **int64 { return &p.MaxAge })
}

// WithRequireExpiry refuses tokens without exp.
func WithRequireExpiry() VerifierOption {
	return policyOption{"WithRequireExpiry", func(c *verifierConfig) error {
		c.policy.RequireExp = true
		return nil
	}}
}

// WithIssuedAtCheck refuses tokens whose iat lies in the future.
func WithIssuedAtCheck() VerifierOption {
	return policyOption{"WithIssuedAtCheck", func(c *verifierConfig) error {
		c.policy.CheckIat = true
		return nil
	}}
}

// WithStrictClaims refuses what RFC 7519 does not allow to the letter: a
// registered claim of the wrong type, or twice, and aud if WithAudience is not
// there.
func WithStrictClaims() VerifierOption {
	return policyOption{"WithStrictClaims", func(c *verifierConfig) error {
		c.policy.StrictClaims = true
		return nil
	}}
}

// WithIgnoreExpiration does not look at exp and the age of a token, for
// end-points that renew tokens. nbf is still checked.
func WithIgnoreExpiration() VerifierOption {
	return policyOption{"WithIgnoreExpiration", func(c *verifierConfig) error {
		c.policy.IgnoreExp = true
		return nil
	}}
}

// WithPolicy takes options from a policy document, a JSON object that services
// in several languages can share: README.md of the project has its members. A
// member that is an option of its own too is an [ErrInvalidArgument].
func WithPolicy(json []byte) VerifierOption {
	document := string(json)
	return policyOption{"WithPolicy", func(c *verifierConfig) error {
		c.documents = append(c.documents, document)
		return checkText("WithPolicy", document)
	}}
}

// WithMaxTokenBytes is the length of the longest token that is looked at, or
// signed: 1 to 16777216, by default 16384. Signers and verifiers of the same
// tokens need the same limit.
func WithMaxTokenBytes(n int) Option { return maxTokenBytes(n) }

type maxTokenBytes int

func (n maxTokenBytes) forVerifier(c *verifierConfig) error {
	value := int64(n)
	c.policy.MaxTokenBytes = &value
	return nil
}

func (n maxTokenBytes) forSigner(c *signerConfig) error {
	if n < 1 || n > 1<<24 {
		return invalid("maxTokenBytes", "must be a whole number from 1 to 16777216")
	}
	c.maxTokenBytes = int(n)
	return nil
}

// WithClock replaces the system clock. It is called once for each
// verification, from any goroutine; fractions of a second are dropped.
func WithClock(now func() time.Time) VerifierOption {
	return policyOption{"WithClock", func(c *verifierConfig) error {
		if now == nil {
			return invalid("WithClock(nil)", "a function is needed")
		}
		c.clock = now
		return nil
	}}
}

// WithShortKeys allows secrets that are shorter than RFC 7518 section 3.2
// requires, except for empty ones.
func WithShortKeys() Option { return shortKeys{} }

type shortKeys struct{}

func (shortKeys) forVerifier(c *verifierConfig) error {
	c.policy.AllowShortKeys = true
	return nil
}

func (shortKeys) forSigner(c *signerConfig) error {
	c.allowShortKeys = true
	return nil
}

// WithAlgorithm is the algorithm to sign with, by default HS256.
func WithAlgorithm(algorithm Algorithm) SignerOption {
	return signerOption(func(c *signerConfig) error {
		if name := algorithm.String(); strings.HasPrefix(name, "Algorithm(") {
			return invalid("WithAlgorithm("+name+")", unknownAlgorithm)
		}
		c.algorithm = algorithm
		return nil
	})
}

// WithKeyID puts this kid into the header of tokens (RFC 7515 section 4.1.4).
// By default, and with "", they have none.
func WithKeyID(kid string) SignerOption {
	return signerOption(func(c *signerConfig) error {
		c.kid = kid
		return checkText("WithKeyID", kid)
	})
}

const unknownAlgorithm = "not one of HS256, HS384, HS512"

func text(name, value string, member func(*policy) **string) VerifierOption {
	return policyOption{name, func(c *verifierConfig) error {
		*member(&c.policy) = &value
		return checkText(name, value)
	}}
}

// texts adds to a list. No text at all is refused: it would require nothing
// where something was meant.
func texts(name string, values []string, member func(*policy) *[]string) VerifierOption {
	values = slices.Clone(values)
	return policyOption{name, func(c *verifierConfig) error {
		if len(values) == 0 {
			return invalid(name+"()", "at least one is needed")
		}
		for _, value := range values {
			if err := checkText(name, value); err != nil {
				return err
			}
		}
		list := member(&c.policy)
		*list = append(*list, values...)
		return nil
	}}
}

// checkText is here because JSON, in which the policy travels, has no place
// for other bytes.
func checkText(option, value string) error {
	if !utf8.ValidString(value) {
		return invalid(fmt.Sprintf("%s(%q)", option, value), "not UTF-8")
	}
	return nil
}

func seconds(name string, value time.Duration, member func(*policy) **int64) VerifierOption {
	return policyOption{name, func(c *verifierConfig) error {
		if value%time.Second != 0 {
			return invalid(fmt.Sprintf("%s(%v)", name, value), "a part of a second is not possible")
		}
		n := int64(value / time.Second)
		*member(&c.policy) = &n
		return nil
	}}
}
