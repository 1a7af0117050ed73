package mjwt

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// RegisteredClaims are those of RFC 7519 section 4.1, to embed in a struct of
// your own claims. What is zero is left out when it is signed.
//
//	type Session struct {
//		mjwt.RegisteredClaims
//		Roles []string `json:"roles"`
//	}
type RegisteredClaims struct {
	Issuer    string      `json:"iss,omitempty"`
	Subject   string      `json:"sub,omitempty"`
	Audience  Audience    `json:"aud,omitempty"`
	ExpiresAt NumericDate `json:"exp,omitzero"`
	NotBefore NumericDate `json:"nbf,omitzero"`
	IssuedAt  NumericDate `json:"iat,omitzero"`
	JWTID     string      `json:"jti,omitempty"`
}

// A NumericDate is a time that is a number of seconds since 1970 in JSON (RFC
// 7519 section 2), rounded down to whole seconds in both directions. The zero
// value means that there is none.
type NumericDate struct{ time.Time }

// At returns the NumericDate of a time.
func At(t time.Time) NumericDate { return NumericDate{t} }

// MarshalJSON returns whole seconds since 1970; null for the zero value.
func (d NumericDate) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, d.Unix(), 10), nil
}

// UnmarshalJSON takes any JSON number, and null as the zero value. What lies
// beyond the years 1 to 9999 becomes the nearest moment within.
func (d *NumericDate) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*d = NumericDate{}
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(text, &seconds); err != nil {
		return errors.New("mjwt: a NumericDate is a number of seconds since 1970")
	}
	*d = NumericDate{moment(seconds)}
	return nil
}

// An Audience is a list of strings that JSON may give as one string too (RFC
// 7519 section 4.1.3).
type Audience []string

// MarshalJSON returns a string for one, and an array for more.
func (a Audience) MarshalJSON() ([]byte, error) {
	if len(a) == 1 {
		return json.Marshal(a[0])
	}
	return json.Marshal([]string(a))
}

// UnmarshalJSON takes a string or an array of strings alone, and null as none.
func (a *Audience) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*a = nil
		return nil
	}
	if one, ok := unquote(text); ok {
		*a = Audience{one}
		return nil
	}
	values, ok := elements(text)
	audience := make(Audience, len(values))
	for i, value := range values {
		var isText bool
		audience[i], isText = unquote(value)
		ok = ok && isText
	}
	if !ok {
		return errors.New("mjwt: an audience is a string or an array of strings")
	}
	*a = audience
	return nil
}
