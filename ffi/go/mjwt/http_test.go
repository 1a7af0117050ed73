package mjwt_test

import (
	"context"
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
		{[]string{"Bearer x", "Bearer " + good}, 401, "Unauthorized\n", invalid("the token is not three segments")},
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

func TestContext(t *testing.T) {
	if claims, ok := mjwt.FromContext(context.Background()); claims != nil || ok {
		t.Errorf("%v from nowhere", claims)
	}
	claims := must(must(mjwt.NewVerifier(secret))(t).Verify(sign(t, `{}`)))(t)
	if got, ok := mjwt.FromContext(mjwt.NewContext(context.Background(), claims)); got != claims || !ok {
		t.Errorf("%v, %v", got, ok)
	}
}
