package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt/mjwttest"
)

func TestRouter(t *testing.T) {
	kit := mjwttest.New(t)
	router := newRouter(kit.Verifier)
	ada := map[string]any{"sub": "ada", "exp": kit.Clock.Now().Add(time.Minute).Unix()}
	get := func(path string, authorization ...string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.Header["Authorization"] = authorization
		response := httptest.NewRecorder()
		router.ServeHTTP(response, request)
		return response
	}
	token := "Bearer " + kit.Token(ada)
	if r := get("/"); r.Code != 200 || r.Body.String() != "open to all\n" {
		t.Errorf("/: %d %s", r.Code, r.Body)
	}
	if r := get("/me", token); r.Code != 200 || r.Body.String() != "ada\n" {
		t.Errorf("/me: %d %s", r.Code, r.Body)
	}
	for name, authorization := range map[string][]string{
		"none": nil, "forged": {"Bearer " + kit.Forged(ada)}, "two": {token, token}, "basic": {"Basic dTpw"},
	} {
		r := get("/me", authorization...)
		if r.Code != 401 || strings.Contains(r.Body.String(), "ada") || r.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %v %s", name, r.Code, r.Header(), r.Body)
		}
	}
	kit.Clock.Advance(time.Minute)
	if r := get("/me", token); r.Code != 401 {
		t.Errorf("expired: %d %s", r.Code, r.Body)
	}
}
