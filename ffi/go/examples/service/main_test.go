package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

var secret = []byte("supersecretdevkeythatishs256safe!")

// A token that jsonwebtoken, which Mastra's own auth package uses, made with
// this secret: {"sub":"me"}.
const fromNode = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJtZSJ9.XrIQaPU5hnbgLJAzfXy3AIvHhMfrl_R67oZrXgP2-wI"

// serve serves on a free port until the test ends, and returns the address.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String()
}

func get(t *testing.T, url, authorization string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestService(t *testing.T) {
	// In place of a Mastra server, one that checks the token in the same way
	// and says what it got.
	strict, err := mjwt.NewVerifier(secret, mjwt.WithRequireExpiry(), mjwt.WithMaxAge(time.Minute), mjwt.WithIssuer("example-service"))
	if err != nil {
		t.Fatal(err)
	}
	mastraURL := serve(t, mjwt.Middleware(strict)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := mjwt.FromContext(r.Context())
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"path": r.URL.Path, "sub": claims.Subject()})
	})))
	handler, err := newService(secret, mastraURL)
	if err != nil {
		t.Fatal(err)
	}
	url := serve(t, handler)

	if response, body := get(t, url+"/me", "Bearer "+fromNode); response.StatusCode != 200 || body != `{"sub":"me"}` {
		t.Errorf("/me: %s %s", response.Status, body)
	}
	response, body := get(t, url+"/agents", "Bearer "+fromNode)
	if response.StatusCode != 200 || strings.TrimSpace(body) != `{"path":"/api/agents","sub":"me"}` {
		t.Errorf("/agents: %s %s", response.Status, body)
	}
	for _, authorization := range []string{"", "Bearer " + fromNode[:len(fromNode)-1], "Basic bWU6bWU="} {
		for _, path := range []string{"/me", "/agents"} {
			response, body := get(t, url+path, authorization)
			if response.StatusCode != 401 || !strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s with %q: %s %s", path, authorization, response.Status, body)
			}
		}
	}
}

func TestServiceWithoutMastra(t *testing.T) {
	handler, err := newService(secret, "http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	if response, body := get(t, serve(t, handler)+"/agents", "Bearer "+fromNode); response.StatusCode != http.StatusBadGateway {
		t.Errorf("%s %s", response.Status, body)
	}
}

func TestServiceWithoutSecret(t *testing.T) {
	if _, err := newService([]byte(""), ""); err == nil || err.Error() != "mjwt: key 0: the secret is empty" {
		t.Error(err)
	}
}
