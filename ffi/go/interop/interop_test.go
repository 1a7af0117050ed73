package interop

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

var secret = bytes.Repeat([]byte("interoperability"), 4) // 64 bytes, enough for HS512.

const now = 1700000000

func clock() time.Time { return time.Unix(now, 0) }

var methods = []struct {
	theirs *jwt.SigningMethodHMAC
	ours   mjwt.Algorithm
}{{jwt.SigningMethodHS256, mjwt.HS256}, {jwt.SigningMethodHS384, mjwt.HS384}, {jwt.SigningMethodHS512, mjwt.HS512}}

var claimSets = []string{
	`{}`,
	`{"sub":"ada","iss":"i","aud":["a","b"],"exp":1700000001,"nbf":1700000000,"iat":1600000000,"jti":"j"}`,
	`{"aud":"a","nested":{"list":[1,2.5,null,true,"\u0000\"é🦀"]},"exp":1700000001.5}`,
	`{"pad":"` + string(bytes.Repeat([]byte("x"), 9000)) + `"}`,
}

func key(*jwt.Token) (any, error) { return secret, nil }

func decode(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// What golang-jwt signs, mjwt accepts, with the same claims.
func TestTheirTokens(t *testing.T) {
	for _, method := range methods {
		v, err := mjwt.NewVerifier(secret, mjwt.WithAlgorithms(method.ours), mjwt.WithClock(clock))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range claimSets {
			want := decode(t, []byte(text))
			for _, kid := range []any{nil, "some key"} {
				theirs := jwt.NewWithClaims(method.theirs, jwt.MapClaims(want))
				if kid != nil {
					theirs.Header["kid"] = kid
				}
				token, err := theirs.SignedString(secret)
				if err != nil {
					t.Fatal(err)
				}
				claims, err := v.Verify(token)
				if err != nil {
					t.Errorf("%s, %.40s: %v", method.theirs.Alg(), text, err)
				} else if got := decode(t, claims.Raw()); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, %.40s: became %v", method.theirs.Alg(), text, got)
				}
				for _, other := range methods {
					if other != method {
						v, err := mjwt.NewVerifier(secret, mjwt.WithAlgorithms(other.ours), mjwt.WithClock(clock))
						if err != nil {
							t.Fatal(err)
						}
						if _, err := v.Verify(token); !errors.Is(err, mjwt.ErrAlgorithm) {
							t.Errorf("%s is taken for %s: %v", method.theirs.Alg(), other.theirs.Alg(), err)
						}
					}
				}
			}
		}
	}
}

// What mjwt signs, golang-jwt accepts, with the same header and claims.
func TestOurTokens(t *testing.T) {
	for _, method := range methods {
		parser := jwt.NewParser(jwt.WithValidMethods([]string{method.theirs.Alg()}), jwt.WithTimeFunc(clock))
		for _, kid := range []string{"", "some \"key\""} {
			s, err := mjwt.NewSigner(secret, mjwt.WithAlgorithm(method.ours), mjwt.WithKeyID(kid))
			if err != nil {
				t.Fatal(err)
			}
			wantHeader := map[string]any{"alg": method.theirs.Alg(), "typ": "JWT"}
			if kid != "" {
				wantHeader["kid"] = kid
			}
			for _, text := range claimSets {
				want := decode(t, []byte(text))
				asJSON, err := s.SignJSON([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				asValue, err := s.Sign(want)
				if err != nil {
					t.Fatal(err)
				}
				for _, token := range []string{asJSON, asValue} {
					parsed, err := parser.Parse(token, key)
					if err != nil {
						t.Errorf("%.40s: %v", text, err)
						continue
					}
					if got := map[string]any(parsed.Claims.(jwt.MapClaims)); !reflect.DeepEqual(got, want) {
						t.Errorf("%.40s: became %v", text, got)
					}
					if !reflect.DeepEqual(parsed.Header, wantHeader) {
						t.Errorf("header %v, want %v", parsed.Header, wantHeader)
					}
				}
			}
		}
	}
}

// golang-jwt accepts what we accept, and both refuse the rest for the same
// reason.
func TestSameRefusals(t *testing.T) {
	v, err := mjwt.NewVerifier(secret, mjwt.WithClock(clock), mjwt.WithIssuer("i"), mjwt.WithAudience("a"), mjwt.WithSubject("s"))
	if err != nil {
		t.Fatal(err)
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(clock), jwt.WithIssuer("i"),
		jwt.WithAudience("a"), jwt.WithSubject("s"))
	sign := func(claims string) string {
		s, err := mjwt.NewSigner(secret)
		if err != nil {
			t.Fatal(err)
		}
		token, err := s.SignJSON([]byte(claims))
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := sign(`{"iss":"i","aud":"a","sub":"s"}`)
	none, err := jwt.New(jwt.SigningMethodNone).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		token        string
		ours, theirs error
	}{
		{good, nil, nil},
		{sign(`{"iss":"i","aud":["b","a"],"sub":"s","exp":1700000001,"nbf":1700000000}`), nil, nil},
		{sign(`{"iss":"i","aud":"a","sub":"s","exp":1700000000}`), mjwt.ErrExpired, jwt.ErrTokenExpired},
		{sign(`{"iss":"i","aud":"a","sub":"s","nbf":1700000001}`), mjwt.ErrNotYetValid, jwt.ErrTokenNotValidYet},
		{sign(`{"iss":"I","aud":"a","sub":"s"}`), mjwt.ErrIssuer, jwt.ErrTokenInvalidIssuer},
		{sign(`{"iss":"i","aud":["b"],"sub":"s"}`), mjwt.ErrAudience, jwt.ErrTokenInvalidAudience},
		{sign(`{"iss":"i","aud":"a","sub":"S"}`), mjwt.ErrSubject, jwt.ErrTokenInvalidSubject},
		{good[:len(good)-4], mjwt.ErrSignature, jwt.ErrTokenSignatureInvalid},
		{good + ".x", mjwt.ErrTokenFormat, jwt.ErrTokenMalformed},
		{"", mjwt.ErrTokenFormat, jwt.ErrTokenMalformed},
		{none, mjwt.ErrSignatureMissing, jwt.ErrTokenSignatureInvalid},
	} {
		if _, err := v.Verify(c.token); !errors.Is(err, c.ours) {
			t.Errorf("%q: ours %v, want %v", c.token, err, c.ours)
		}
		if _, err := parser.Parse(c.token, key); !errors.Is(err, c.theirs) {
			t.Errorf("%q: theirs %v, want %v", c.token, err, c.theirs)
		}
	}
}

// What MIGRATING.md says of the differences: the same token, and what each
// package makes of it by default.
func TestDifferences(t *testing.T) {
	v, err := mjwt.NewVerifier(secret, mjwt.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	parser := jwt.NewParser(jwt.WithTimeFunc(clock))
	sign := func(header, claims string) string {
		input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
		hash := sha256.New
		if strings.Contains(header, "HS512") {
			hash = sha512.New
		}
		mac := hmac.New(hash, secret)
		mac.Write([]byte(input))
		return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	const hs256 = `{"alg":"HS256"}`
	for _, c := range []struct {
		what, header, claims string
		ours, theirs         error
	}{
		{"another algorithm", `{"alg":"HS512"}`, `{}`, mjwt.ErrAlgorithm, nil},
		{"an extension that nobody knows", `{"alg":"HS256","crit":["x"],"x":1}`, `{}`, mjwt.ErrCriticalHeader, nil},
		{"20000 bytes", hs256, `{"pad":"` + strings.Repeat("x", 15000) + `"}`, mjwt.ErrTokenTooLong, nil},
		{"no claims at all", hs256, `null`, mjwt.ErrClaimsJSON, nil},
		{"a fraction of exp", hs256, `{"exp":1700000000.5}`, nil, jwt.ErrTokenExpired},
		{"a foreign audience", hs256, `{"aud":"somebody else"}`, nil, nil},
		{"no exp", hs256, `{}`, nil, nil},
		{"an iat ahead", hs256, `{"iat":1800000000}`, nil, nil},
		{"an iat that is text", hs256, `{"iat":"1"}`, mjwt.ErrClaimMalformed, nil},
	} {
		token := sign(c.header, c.claims)
		if _, err := v.Verify(token); !errors.Is(err, c.ours) {
			t.Errorf("%s: ours %v, want %v", c.what, err, c.ours)
		}
		if _, err := parser.Parse(token, key); !errors.Is(err, c.theirs) {
			t.Errorf("%s: theirs %v, want %v", c.what, err, c.theirs)
		}
	}

	// Their clock has fractions, and so may their leeway.
	half := func() time.Time { return time.Unix(now, 600_000_000) }
	token := sign(hs256, `{"nbf":1700000000.5,"exp":1700000001}`)
	halfway, err := mjwt.NewVerifier(secret, mjwt.WithClock(half))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := halfway.Verify(token); !errors.Is(err, mjwt.ErrNotYetValid) {
		t.Errorf("half a second: ours %v", err)
	}
	if _, err := jwt.NewParser(jwt.WithTimeFunc(half)).Parse(token, key); err != nil {
		t.Errorf("half a second: theirs %v", err)
	}
	if _, err := mjwt.NewVerifier(secret, mjwt.WithLeeway(1500*time.Millisecond)); !errors.Is(err, mjwt.ErrInvalidArgument) {
		t.Errorf("a leeway of 1.5 s: ours %v", err)
	}

	// A short secret.
	if _, err := jwt.New(jwt.SigningMethodHS256).SignedString([]byte("short")); err != nil {
		t.Errorf("a short secret: theirs %v", err)
	}
	if _, err := mjwt.NewSigner([]byte("short")); !errors.Is(err, mjwt.ErrKeyTooShort) {
		t.Errorf("a short secret: ours %v", err)
	}
}
