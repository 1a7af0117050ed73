package mjwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A ClaimSet is a sum of claims.
type ClaimSet uint32

// The registered claims (RFC 7519 section 4.1), and all others.
const (
	ClaimIssuer    ClaimSet = 1 << iota // iss
	ClaimSubject                        // sub
	ClaimAudience                       // aud
	ClaimExpiresAt                      // exp
	ClaimNotBefore                      // nbf
	ClaimIssuedAt                       // iat
	ClaimJWTID                          // jti

	ClaimOther ClaimSet = 1 << 31 // a claim that WithRequiredClaims named
)

// The names of the registered claims, in the order of their bits.
var claimNames = [...]string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}

// String returns the names of the claims in a token, such as "iss,exp";
// "other" for one that is not registered.
func (s ClaimSet) String() string {
	var names []string
	for bit, name := range claimNames {
		if s&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	if s&ClaimOther != 0 {
		names = append(names, "other")
	}
	return strings.Join(names, ",")
}

// Claims are those of a token that was verified. They are safe for concurrent
// use. Printed, and as JSON, they are the payload of the token.
type Claims struct {
	raw      []byte
	keyIndex int
}

// Raw returns the payload as it was signed, a JSON object in UTF-8. Do not
// change it.
func (c *Claims) Raw() json.RawMessage { return c.raw }

// String returns the payload as it was signed.
func (c *Claims) String() string { return string(c.raw) }

// MarshalJSON returns the payload as it was signed.
func (c *Claims) MarshalJSON() ([]byte, error) {
	if c == nil || c.raw == nil {
		return []byte("null"), nil
	}
	return c.raw, nil
}

// Decode decodes the claims into dst with encoding/json. Claims that do not
// fit are [ErrClaimsMismatch], which refuses the token; dst may then hold some
// of them.
//
// For encoding/json "SUB" fits a field named "sub" too. If the issuer of the
// token lets others name claims, read them with the methods of Claims, which
// take a name for itself alone.
func (c *Claims) Decode(dst any) error { return decode(c.raw, dst) }

func decode(claims []byte, dst any) error {
	err := json.Unmarshal(claims, dst)
	if err == nil {
		return nil
	}
	if notPointer := (*json.InvalidUnmarshalError)(nil); errors.As(err, &notPointer) {
		return invalid("dst", fmt.Sprintf("%T is not a pointer to a value", dst))
	}
	return &Error{Code: claimsMismatch, reason: "the claims do not fit the type", cause: err}
}

// Has reports whether all of these registered claims are in the token.
func (c *Claims) Has(claims ClaimSet) bool {
	for bit, name := range claimNames {
		if claims&(1<<bit) != 0 && member(c.raw, name) == nil {
			return false
		}
	}
	return claims&ClaimOther == 0
}

// KeyIndex returns which key signed the token, from 0: the secret of
// [NewVerifier], then those of the options in their order.
func (c *Claims) KeyIndex() int { return c.keyIndex }

// Issuer returns iss (RFC 7519 section 4.1.1), or "" if it is absent or not a
// string.
func (c *Claims) Issuer() string { return c.text("iss") }

// JWTID returns jti (RFC 7519 section 4.1.7), or "" if it is absent or not a
// string.
func (c *Claims) JWTID() string { return c.text("jti") }

// Subject returns sub (RFC 7519 section 4.1.2), or "" if it is absent or not a
// string.
func (c *Claims) Subject() string { return c.text("sub") }

// Audience returns aud (RFC 7519 section 4.1.3), as an array of one if it is a
// string. It is nil if aud is absent, or anything but a string or an array of
// strings alone: the standard knows no other.
func (c *Claims) Audience() []string {
	var audience Audience
	if audience.UnmarshalJSON(member(c.raw, "aud")) != nil {
		return nil
	}
	return audience
}

// ExpiresAt returns exp (RFC 7519 section 4.1.4), rounded down to the second;
// the zero time if it is absent. What lies beyond the years 1 to 9999 becomes
// the nearest moment within.
func (c *Claims) ExpiresAt() time.Time { return c.time("exp") }

// NotBefore returns nbf (RFC 7519 section 4.1.5), as [Claims.ExpiresAt]
// returns exp.
func (c *Claims) NotBefore() time.Time { return c.time("nbf") }

// IssuedAt returns iat (RFC 7519 section 4.1.6), as [Claims.ExpiresAt] returns
// exp.
func (c *Claims) IssuedAt() time.Time { return c.time("iat") }

// GetString returns a claim that is a string. It fails with [ErrClaimAbsent]
// or [ErrClaimType].
func (c *Claims) GetString(name string) (string, error) {
	value, err := c.GetJSON(name)
	if err != nil {
		return "", err
	}
	text, ok := unquote(value)
	if !ok {
		return "", refusal(claimType, name)
	}
	return text, nil
}

// GetInt returns a claim that is an integer of 64 bits, exactly: 12.0 and
// 1.2e1 are 12. It fails with [ErrClaimAbsent] or [ErrClaimType].
func (c *Claims) GetInt(name string) (int64, error) {
	value, err := c.GetJSON(name)
	if err != nil {
		return 0, err
	}
	n, ok := integer(value)
	if !ok {
		return 0, refusal(claimType, name)
	}
	return n, nil
}

// GetJSON returns the JSON text of a claim, the last of those of that name. Do
// not change it. It fails with [ErrClaimAbsent].
func (c *Claims) GetJSON(name string) (json.RawMessage, error) {
	value := member(c.raw, name)
	if value == nil {
		return nil, refusal(claimAbsent, name)
	}
	return value, nil
}

// text returns a claim that is a string, or "".
func (c *Claims) text(name string) string {
	text, _ := unquote(member(c.raw, name))
	return text
}

// time returns a claim that is a number, as every verified exp, nbf and iat is.
func (c *Claims) time(name string) time.Time {
	seconds, err := strconv.ParseFloat(string(member(c.raw, name)), 64)
	if err != nil {
		return time.Time{}
	}
	return moment(seconds)
}

// moment is the start of the second, or the nearest that time.Time and JSON
// can tell.
func moment(seconds float64) time.Time {
	const first, last = -62135596800, 253402300799 // 0001-01-01T00:00:00Z, 9999-12-31T23:59:59Z
	return time.Unix(int64(math.Floor(max(first, min(seconds, last)))), 0)
}
