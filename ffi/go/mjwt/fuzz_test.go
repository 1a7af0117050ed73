package mjwt_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// FuzzVerify: what is accepted was signed, as crypto/hmac confirms, and its
// claims are the payload. Whatever else is given is refused.
func FuzzVerify(f *testing.F) {
	good := sign(f, `{"sub":"me","exp":1700000001}`)
	for _, seed := range []string{
		"", ".", "..", "...", good, good[:len(good)-1], good + ".", "Bearer " + good, sign(f, `{"exp":1}`),
		"eyJhbGciOiJub25lIn0.e30.", strings.Repeat("A", 16385),
	} {
		f.Add(seed)
	}
	v := must(mjwt.NewVerifier(secret, atNow))(f)
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := v.Verify(token)
		if err != nil {
			if !mjwt.IsTokenError(err) || claims != nil {
				t.Fatalf("%v, %v", claims, err)
			}
			return
		}
		dot := strings.LastIndexByte(token, '.')
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(token[:dot]))
		if base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) != token[dot+1:] {
			t.Fatalf("accepted, but not signed: %q", token)
		}
		if string(claims.Raw()) != string(payload(t, token)) || !json.Valid(claims.Raw()) {
			t.Fatalf("claims %s", claims.Raw())
		}
	})
}

// FuzzSign: what is signed verifies again, with the same claims.
func FuzzSign(f *testing.F) {
	for _, seed := range []string{"", "{}", "[]", `{"exp":"1"}`, `{"sub":"\ud800"}`, `{"a":[1,2.5,null,{"b":true}]}`} {
		f.Add([]byte(seed))
	}
	v, s := must(mjwt.NewVerifier(secret, atNow, mjwt.WithMaxTokenBytes(1<<24)))(f), must(mjwt.NewSigner(secret))(f)
	f.Fuzz(func(t *testing.T, claims []byte) {
		token, err := s.SignJSON(claims)
		if err != nil {
			if mjwt.IsTokenError(err) || token != "" {
				t.Fatalf("%q, %v", token, err)
			}
			return
		}
		if string(payload(t, token)) != string(claims) {
			t.Fatalf("%q became %q", claims, payload(t, token))
		}
		if again, err := v.Verify(token); err == nil {
			if string(again.Raw()) != string(claims) {
				t.Fatalf("%q became %q", claims, again.Raw())
			}
		} else if code := codeOf(err); code != 201 && code != 202 {
			t.Fatalf("signed, but %v", err)
		}
	})
}
