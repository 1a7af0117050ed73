package mjwt_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

func TestMiddleware(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow))(t)
	handler := mjwt.Middleware(v)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, ok := mjwt.FromContext(r.Context())
		if !ok {
			t.Error("no claims in the context")
			return
		}
		w.Write([]byte(claims.Subject()))
	}))
	good := sign(t, `{"sub":"me","exp":1700000001}`)
	const none = `Bearer realm="api"`
	invalid := func(text string) string {
		return none + `, error="invalid_token", error_description="` + text + `"`
	}
	for _, c := range []struct {
		header    []string
		code      int
		body      string
		challenge string
	}{
		{[]string{"Bearer " + good}, 200, "me", ""},
		{[]string{"bearer  " + good}, 200, "me", ""},
		{nil, 401, "Unauthorized\n", none},
		{[]string{""}, 401, "Unauthorized\n", none},
		{[]string{"Bearer"}, 401, "Unauthorized\n", none},
		{[]string{"Basic dTpw"}, 401, "Unauthorized\n", none},
		{[]string{"Bearer " + good[:len(good)-1]}, 401, "Unauthorized\n", invalid("the token's signature does not match")},
		{[]string{"Bearer " + sign(t, `{"sub":"me","exp":1700000000}`)}, 401, "Unauthorized\n", invalid("the token has expired")},
		{[]string{`Bearer "\"` + "\n" + good}, 401, "Unauthorized\n", invalid("a segment of the token is not base64url")},
		{[]string{"Bearer x"}, 401, "Unauthorized\n", invalid("the token is not three segments")},
		{[]string{"Bearer " + good + "\xff"}, 401, "Unauthorized\n", none}, // Not UTF-8: no text, and no token.
		// Two readers could take two of them.
		{[]string{"Bearer x", "Bearer " + good}, 401, "Unauthorized\n", none},
		{[]string{"Bearer " + good, "Bearer " + good}, 401, "Unauthorized\n", none},
		{[]string{"Bearer " + good, ""}, 401, "Unauthorized\n", none},
		{[]string{"", "Basic dTpw", "Bearer " + good}, 401, "Unauthorized\n", none},
	} {
		request := httptest.NewRequest("GET", "/", nil)
		request.Header["Authorization"] = c.header
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		challenge := response.Header().Get("WWW-Authenticate")
		if response.Code != c.code || response.Body.String() != c.body || challenge != c.challenge {
			t.Errorf("%q: %d, %q, challenge %s, want %d, %q, %s", c.header, response.Code, response.Body, challenge,
				c.code, c.body, c.challenge)
		}
	}
}

func TestMiddlewareOfAClosedVerifier(t *testing.T) {
	v := must(mjwt.NewVerifier(secret))(t)
	v.Close()
	handler := mjwt.Middleware(v)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("let through") }))
	request := httptest.NewRequest("GET", "/", nil)
	request.Header.Set("Authorization", "Bearer "+sign(t, `{}`))
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	if response.Code != 500 || response.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("%d %v", response.Code, response.Header())
	}
}

func TestMiddlewareOptions(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow))(t)
	good := sign(t, `{}`)
	var refused []error
	handler := mjwt.Middleware(v, mjwt.WithRealm(`a "b\c`), mjwt.WithOnRefused(func(r *http.Request, err error) {
		if r.URL.Path != "/path" {
			t.Errorf("the request is that for %s", r.URL)
		}
		refused = append(refused, err)
	}))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	const realm = `Bearer realm="a \"b\\c"`
	for _, c := range []struct {
		headers   []string
		challenge string
		err       error
		text      string
	}{
		{[]string{"Bearer " + good}, "", nil, ""},
		{nil, realm, mjwt.ErrNoBearer, ""},
		{[]string{"Bearer " + good, "Bearer " + good}, realm, mjwt.ErrNoBearer, "mjwt: 2 Authorization headers instead of one"},
		{[]string{"Bearer " + sign(t, `{"exp":1}`)},
			realm + `, error="invalid_token", error_description="the token has expired"`, mjwt.ErrExpired, ""},
	} {
		refused = nil
		request := httptest.NewRequest("GET", "/path", nil)
		request.Header["Authorization"] = c.headers
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		if got := response.Header().Get("WWW-Authenticate"); got != c.challenge {
			t.Errorf("%q: challenge %s, want %s", c.headers, got, c.challenge)
		}
		if c.err == nil && len(refused) == 0 {
			continue
		}
		if len(refused) != 1 || !errors.Is(refused[0], c.err) || c.text != "" && refused[0].Error() != c.text {
			t.Errorf("%q: refused with %v, want %v", c.headers, refused, c.err)
		}
	}
	v.Close()
	refused = nil
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/path", nil))
	if len(refused) != 1 || refused[0] != mjwt.ErrClosed {
		t.Errorf("a closed verifier: %v", refused)
	}
}

// Mistakes of the program show at once, not with the first request.
func TestMiddlewareMistakes(t *testing.T) {
	for text, wrong := range map[string]func(){
		"mjwt: Middleware: the verifier is nil":                                 func() { mjwt.Middleware(nil) },
		"mjwt: WithRealm(\"a\\nb\"): a realm is printable ASCII, and not empty": func() { mjwt.WithRealm("a\nb") },
		"mjwt: WithRealm(\"\"): a realm is printable ASCII, and not empty":      func() { mjwt.WithRealm("") },
		"mjwt: WithRealm(\"é\"): a realm is printable ASCII, and not empty":     func() { mjwt.WithRealm("é") },
		"mjwt: WithRealm(\"\\x7f\"): a realm is printable ASCII, and not empty": func() { mjwt.WithRealm("\x7f") },
		"mjwt: WithOnRefused(nil): a function is needed":                        func() { mjwt.WithOnRefused(nil) },
	} {
		func() {
			defer func() {
				if got := recover(); got != text {
					t.Errorf("panics with %v, want %s", got, text)
				}
			}()
			wrong()
		}()
	}
	mjwt.WithRealm(" ~")
}

func TestContext(t *testing.T) {
	if claims, ok := mjwt.FromContext(context.Background()); claims != nil || ok {
		t.Errorf("%v from nowhere", claims)
	}
	claims := must(must(mjwt.NewVerifier(secret))(t).Verify(sign(t, `{}`)))(t)
	if got, ok := mjwt.FromContext(mjwt.NewContext(context.Background(), claims)); got != claims || !ok {
		t.Errorf("%v, %v", got, ok)
	}
}
