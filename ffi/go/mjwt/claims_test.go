package mjwt_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// verified are the claims of a token that says so.
func verified(t testing.TB, claims string) *mjwt.Claims {
	t.Helper()
	return must(must(mjwt.NewVerifier(secret, atNow))(t).Verify(sign(t, claims)))(t)
}

func TestClaims(t *testing.T) {
	const text = `{"iss":"i","sub":"s","jti":"j","aud":["a","b"],"exp":1700000001.9,"nbf":-0.5,"iat":3,"n":12.0,"deep":{"x":[1]},"n":13}`
	c := verified(t, text)
	if string(c.Raw()) != text || c.Issuer() != "i" || c.Subject() != "s" || c.JWTID() != "j" ||
		!reflect.DeepEqual(c.Audience(), []string{"a", "b"}) {
		t.Errorf("%s: %q %q %q %q", c.Raw(), c.Issuer(), c.Subject(), c.JWTID(), c.Audience())
	}
	if c.ExpiresAt().Unix() != 1700000001 || c.NotBefore().Unix() != -1 || c.IssuedAt().Unix() != 3 {
		t.Errorf("%v %v %v", c.ExpiresAt(), c.NotBefore(), c.IssuedAt())
	}
	all := mjwt.ClaimIssuer | mjwt.ClaimSubject | mjwt.ClaimAudience | mjwt.ClaimExpiresAt | mjwt.ClaimNotBefore |
		mjwt.ClaimIssuedAt | mjwt.ClaimJWTID
	if !c.Has(all) || all.String() != "iss,sub,aud,exp,nbf,iat,jti" || mjwt.ClaimOther.String() != "other" {
		t.Errorf("%v", all)
	}
	var into struct {
		Sub  string
		Deep struct{ X []int }
	}
	if err := c.Decode(&into); err != nil || into.Sub != "s" || !reflect.DeepEqual(into.Deep.X, []int{1}) {
		t.Errorf("%+v, %v", into, err)
	}
	if n, err := c.GetInt("n"); n != 13 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if raw, err := c.GetJSON("deep"); string(raw) != `{"x":[1]}` || err != nil {
		t.Errorf("%s, %v", raw, err)
	}
	if _, err := c.GetString("n"); !errors.Is(err, mjwt.ErrClaimType) {
		t.Error(err)
	}
	if _, err := c.GetInt("sub"); !errors.Is(err, mjwt.ErrClaimType) {
		t.Error(err)
	}
	for _, name := range []string{"SUB", "", "x", "\xff"} {
		if got, err := c.GetString(name); got != "" || err == nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if _, err := c.GetJSON("absent"); !errors.Is(err, mjwt.ErrClaimAbsent) || mjwt.IsTokenError(err) ||
		err.Error() != "mjwt: absent: the claim is absent" {
		t.Error(err)
	}

	// Nothing there.
	c = verified(t, `{}`)
	if c.Issuer() != "" || c.Subject() != "" || c.JWTID() != "" || c.Audience() != nil || !c.ExpiresAt().IsZero() ||
		!c.NotBefore().IsZero() || !c.IssuedAt().IsZero() || c.Has(mjwt.ClaimSubject) {
		t.Errorf("%s", c.Raw())
	}
	// Other types.
	c = verified(t, `{"iss":1,"sub":null,"jti":[],"aud":{"a":"b"}}`)
	if c.Issuer() != "" || c.Subject() != "" || c.JWTID() != "" || c.Audience() != nil || !c.Has(mjwt.ClaimSubject) {
		t.Errorf("%s", c.Raw())
	}
	// Escapes, NUL and other scripts; half of a surrogate pair.
	c = verified(t, `{"sub":"\u0041\"\\\ud83e\udd80\u0000","iss":"日","aud":"one\/two","jti":"\ud800","":""}`)
	if c.Subject() != "A\"\\🦀\x00" || c.Issuer() != "日" || c.JWTID() != "" ||
		!reflect.DeepEqual(c.Audience(), []string{"one/two"}) {
		t.Errorf("%q %q %q %q", c.Subject(), c.Issuer(), c.JWTID(), c.Audience())
	}
	if empty, err := c.GetString(""); empty != "" || err != nil {
		t.Errorf("%q, %v", empty, err)
	}
	// Times that time.Time cannot tell.
	c = verified(t, `{"exp":1e300,"nbf":-1e300,"iat":-62135596801}`)
	if c.ExpiresAt().UTC().Year() != 9999 || c.NotBefore().UTC().Year() != 1 || c.IssuedAt().UTC().Year() != 1 {
		t.Errorf("%v %v %v", c.ExpiresAt(), c.NotBefore(), c.IssuedAt())
	}
}

// Claims are their JSON, printed and in JSON.
func TestClaimsPrint(t *testing.T) {
	const text = `{"sub":"a","n":1.50}`
	c := verified(t, text)
	for _, format := range []string{"%v", "%+v", "%s"} {
		if got := fmt.Sprintf(format, c); got != text {
			t.Errorf("%s gives %q", format, got)
		}
	}
	got, err := json.Marshal(map[string]any{"claims": c, "none": (*mjwt.Claims)(nil), "zero": new(mjwt.Claims)})
	if string(got) != `{"claims":`+text+`,"none":null,"zero":null}` || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if got := new(mjwt.Claims).Audience(); got != nil {
		t.Errorf("%v", got)
	}
}

// RFC 7519 section 4.1.3 knows a string, and an array of strings.
func TestAudience(t *testing.T) {
	for text, want := range map[string][]string{
		`"a"`: {"a"}, `["a"]`: {"a"}, ` [ "a" , "\u0062" ] `: {"a", "b"}, `[]`: {}, `""`: {""}, `["a","a"]`: {"a", "a"},
		`["a",1]`: nil, `["a",null]`: nil, `[["a"]]`: nil, `[{"a":"b"}]`: nil, `{"a":"b"}`: nil, `null`: nil, `1`: nil,
		`["a","\ud800"]`: nil, `"\udc00"`: nil, `true`: nil,
	} {
		if got := verified(t, `{"aud":`+text+`}`).Audience(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, want %#v", text, got, want)
		}
	}
}

// An integer is exact, or an error.
func TestGetInt(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "0.000": 0, "-0e5": 0, "0e999999999999999999999": 0, "12": 12, "12.0": 12, "1.2e1": 12,
		"120e-1": 12, "1200E-2": 12, "-12.5e+1": -125, "1e18": 1e18, "9e18": 9e18, "0.1e1": 1, "0.00001e5": 1,
		"123456789012345678e0": 123456789012345678, "9007199254740993.0": 9007199254740993,
		"9223372036854775807": 9223372036854775807, "-9223372036854775808": -9223372036854775808,
		"922337203685477580.7e1": 9223372036854775807, "1000000000000000000000e-20": 10,
	} {
		if got, err := verified(t, `{"n":`+text+`}`).GetInt("n"); got != want || err != nil {
			t.Errorf("%s: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"0.5", "1.2", "12e-1", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19", "1e300", "-1e300",
		"9007199254740992.5", "0.0000001", "1e-99999", "92233720368547758070e-2",
		`"1"`, `"1e5"`, `""`, "true", "false", "null", "[]", "[1]", "{}", `{"e":1}`,
	} {
		if got, err := verified(t, `{"n":`+text+`}`).GetInt("n"); got != 0 || !errors.Is(err, mjwt.ErrClaimType) {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
}
