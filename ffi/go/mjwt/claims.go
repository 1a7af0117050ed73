package mjwt

// #include <mjwt.h>
import "C"

import (
	"encoding/json"
	"strings"
	"time"
	"unsafe"
)

// A ClaimSet is a sum of claims.
type ClaimSet uint32

// The registered claims (RFC 7519 section 4.1), and all others.
const (
	ClaimIssuer    ClaimSet = C.MJWT_CLAIM_ISS
	ClaimSubject   ClaimSet = C.MJWT_CLAIM_SUB
	ClaimAudience  ClaimSet = C.MJWT_CLAIM_AUD
	ClaimExpiresAt ClaimSet = C.MJWT_CLAIM_EXP
	ClaimNotBefore ClaimSet = C.MJWT_CLAIM_NBF
	ClaimIssuedAt  ClaimSet = C.MJWT_CLAIM_IAT
	ClaimJWTID     ClaimSet = C.MJWT_CLAIM_JTI
	ClaimOther     ClaimSet = C.MJWT_CLAIM_OTHER // one that WithRequiredClaims named
)

// String returns the names of the claims in a token, such as "iss,exp"; "other" stands for any that is not registered.
func (s ClaimSet) String() string {
	var names []string
	for bit, name := range []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "other"} {
		if s&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// Claims are those of a token that was verified. They are safe for concurrent use.
type Claims struct {
	raw           []byte
	exp, nbf, iat int64
	sub           []byte // within raw; not unescaped
	present       ClaimSet
	keyIndex      int
}

func newClaims(buffer []byte, info *C.mjwt_info) *Claims {
	raw := buffer[:info.claims_len:info.claims_len]
	return &Claims{
		raw:      raw,
		exp:      int64(info.exp),
		nbf:      int64(info.nbf),
		iat:      int64(info.iat),
		sub:      raw[info.sub_offset : info.sub_offset+info.sub_len],
		present:  ClaimSet(info.present),
		keyIndex: int(info.key_index),
	}
}

// Raw returns the payload as it was signed, a JSON object in UTF-8. Do not change it.
func (c *Claims) Raw() json.RawMessage { return c.raw }

// Decode decodes the claims into dst with encoding/json, for which "SUB" fits a field named "sub" too: where the issuer of
// the token lets others name claims, read them with the methods of Claims, which take a name for itself alone.
func (c *Claims) Decode(dst any) error { return json.Unmarshal(c.raw, dst) }

// Has reports whether all of these registered claims are in the token.
func (c *Claims) Has(claims ClaimSet) bool { return c.present&claims == claims }

// KeyIndex returns which key signed the token, from 0: the secret of [NewVerifier], then those of the options in their order.
func (c *Claims) KeyIndex() int { return c.keyIndex }

// Issuer returns iss (RFC 7519 section 4.1.1), or "" where it is absent or not a string.
func (c *Claims) Issuer() string { return c.registered("iss", ClaimIssuer) }

// JWTID returns jti (RFC 7519 section 4.1.7), or "" where it is absent or not a string.
func (c *Claims) JWTID() string { return c.registered("jti", ClaimJWTID) }

// Subject returns sub (RFC 7519 section 4.1.2), or "" where it is absent or not a string.
func (c *Claims) Subject() string {
	for _, b := range c.sub {
		if b == '\\' {
			return c.registered("sub", ClaimSubject)
		}
	}
	return string(c.sub)
}

// Audience returns aud (RFC 7519 section 4.1.3), an array of one where it is a string; nil where it is absent or neither.
func (c *Claims) Audience() []string {
	text, err := c.GetJSON("aud")
	if err != nil {
		return nil
	}
	var many []string
	if json.Unmarshal(text, &many) == nil {
		return many
	}
	if one, err := c.GetString("aud"); err == nil {
		return []string{one}
	}
	return nil
}

// ExpiresAt returns exp (RFC 7519 section 4.1.4), rounded down to the second; the zero time where it is absent.
// A year beyond 1 to 9999 becomes the nearest moment within.
func (c *Claims) ExpiresAt() time.Time { return c.time(ClaimExpiresAt, c.exp) }

// NotBefore returns nbf (RFC 7519 section 4.1.5), as [Claims.ExpiresAt] returns exp.
func (c *Claims) NotBefore() time.Time { return c.time(ClaimNotBefore, c.nbf) }

// IssuedAt returns iat (RFC 7519 section 4.1.6), as [Claims.ExpiresAt] returns exp.
func (c *Claims) IssuedAt() time.Time { return c.time(ClaimIssuedAt, c.iat) }

// GetString returns a claim that is a string. It fails with [ErrClaimAbsent] or [ErrClaimType].
func (c *Claims) GetString(name string) (string, error) {
	text, err := c.GetJSON(name)
	if err != nil {
		return "", err
	}
	out := make([]byte, len(text)) // Unescaping makes no string longer.
	var n C.size_t
	status := C.mjwt_claims_get_string(char(unsafe.SliceData(c.raw)), C.size_t(len(c.raw)),
		char(unsafe.StringData(name)), C.size_t(len(name)), char(unsafe.SliceData(out)), C.size_t(len(out)), &n)
	if err := check(status, name); err != nil {
		return "", err
	}
	return string(out[:n]), nil
}

// GetInt returns a claim that is an integer of 64 bits; 12.0 and 1.2e1 are 12. It fails with [ErrClaimAbsent] or
// [ErrClaimType].
func (c *Claims) GetInt(name string) (int64, error) {
	var value C.int64_t
	status := C.mjwt_claims_get_int(char(unsafe.SliceData(c.raw)), C.size_t(len(c.raw)),
		char(unsafe.StringData(name)), C.size_t(len(name)), &value)
	return int64(value), check(status, name)
}

// GetJSON returns the JSON text of a claim, the last of those of that name. Do not change it. It fails with [ErrClaimAbsent].
func (c *Claims) GetJSON(name string) (json.RawMessage, error) {
	var offset, n C.size_t
	status := C.mjwt_claims_get_json(char(unsafe.SliceData(c.raw)), C.size_t(len(c.raw)),
		char(unsafe.StringData(name)), C.size_t(len(name)), &offset, &n)
	if err := check(status, name); err != nil {
		return nil, err
	}
	return c.raw[offset : offset+n : offset+n], nil
}

func (c *Claims) registered(name string, claim ClaimSet) string {
	if !c.Has(claim) {
		return ""
	}
	text, err := c.GetString(name)
	if err != nil {
		return ""
	}
	return text
}

func (c *Claims) time(claim ClaimSet, seconds int64) time.Time {
	if !c.Has(claim) {
		return time.Time{}
	}
	const first, last = -62135596800, 253402300799 // 0001-01-01T00:00:00Z, 9999-12-31T23:59:59Z
	return time.Unix(max(first, min(seconds, last)), 0)
}
