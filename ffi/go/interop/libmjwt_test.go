package interop

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

func statusOf(err error) int {
	var e *mjwt.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// FuzzGetters: whatever the claims of a token are, the methods of Claims read
// them as libmjwt does.
func FuzzGetters(f *testing.F) {
	for _, value := range []string{
		"0", "-0", "12", "12.0", "1.2e1", "120e-1", "1e18", "9e18", "1e19", "123456789012345678e0", "9007199254740993.0",
		"9007199254740992.5", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
		"0e99999999999999999999", "1e-99999999999999999999", "1000000000000000000000e-20", "1e300", "0.5", "1E+2",
		`"text"`, `"\u0041\"\\\/\b\f\n\r\t\ud83e\udd80"`, `"\ud800"`, `"\udc00\ud800"`, "true", "null", "[1]", `{"n":1}`,
	} {
		f.Add(fmt.Sprintf(`{"n":%s}`, value), "n")
		f.Add(fmt.Sprintf(` { "\u006e" : 1 , "m" : {"n":2} , "n" : %s } `, value), "n")
	}
	f.Add(`{"a\"b":1,"a\\":2,"":3,"é":4,"\ud800":5}`, `a"b`)
	f.Add(`{"\ud800":5}`, "\uFFFD")
	f.Add(`{"n":1,"N":2,"n ":3}`, "N")
	v, err := mjwt.NewVerifier(secret, mjwt.WithClock(clock), mjwt.WithMaxTokenBytes(1<<24))
	if err != nil {
		f.Fatal(err)
	}
	s, err := mjwt.NewSigner(secret, mjwt.WithMaxTokenBytes(1<<24))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		token, err := s.SignJSON([]byte(text))
		if err != nil {
			return
		}
		claims, err := v.Verify(token)
		if err != nil {
			return
		}
		gotText, err := claims.GetString(name)
		wantText, status := cString(text, name)
		if status == 2 {
			return // A name that is not UTF-8: absent in Go.
		}
		if gotText != wantText || statusOf(err) != status {
			t.Errorf("%q in %q: the string %q, %v, in C %q, %d", name, text, gotText, err, wantText, status)
		}
		gotInt, err := claims.GetInt(name)
		if wantInt, status := cInt(text, name); gotInt != wantInt || statusOf(err) != status {
			t.Errorf("%q in %q: the integer %d, %v, in C %d, %d", name, text, gotInt, err, wantInt, status)
		}
		gotJSON, err := claims.GetJSON(name)
		if wantJSON, status := cJSON(text, name); string(gotJSON) != wantJSON || statusOf(err) != status {
			t.Errorf("%q in %q: the JSON %q, %v, in C %q, %d", name, text, gotJSON, err, wantJSON, status)
		}
	})
}

// The challenge of the middleware is that of libmjwt.
func TestChallenge(t *testing.T) {
	v, err := mjwt.NewVerifier(secret, mjwt.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mjwt.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	expired, err := s.SignJSON([]byte(`{"exp":1}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, realm := range []string{"api", `a "quoted" \ realm`, " ~"} {
		for authorization, status := range map[string]int{"": 100, "Bearer x": 102, "Bearer " + expired: 201} {
			request := httptest.NewRequest("GET", "/", nil)
			request.Header.Set("Authorization", authorization)
			response := httptest.NewRecorder()
			mjwt.Middleware(v, mjwt.WithRealm(realm))(http.NotFoundHandler()).ServeHTTP(response, request)
			if got, want := response.Header().Get("WWW-Authenticate"), cChallenge(status, realm); got != want {
				t.Errorf("realm %q, code %d: %s, in C %s", realm, status, got, want)
			}
		}
	}
}
