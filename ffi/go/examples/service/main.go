// Command service is an HTTP service beside a Mastra server. It takes the
// tokens that the Mastra server takes, because it knows the same secret, and
// makes tokens of its own to call the Mastra server.
//
//	JWT_AUTH_SECRET=… MASTRA_URL=http://127.0.0.1:4111 go run .
//	curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/me
//	curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/agents
package main

import (
	"cmp"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

func main() {
	handler, err := newService([]byte(os.Getenv("JWT_AUTH_SECRET")), cmp.Or(os.Getenv("MASTRA_URL"), "http://127.0.0.1:4111"))
	if err != nil {
		log.Fatalf("JWT_AUTH_SECRET: %v", err)
	}
	listener, err := net.Listen("tcp", cmp.Or(os.Getenv("ADDRESS"), "127.0.0.1:8080"))
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%v", listener.Addr())
	log.Fatal((&http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}).Serve(listener))
}

// service is what the requests share.
type service struct {
	signer    *mjwt.Signer
	mastraURL string
	client    http.Client
}

func newService(secret []byte, mastraURL string) (http.Handler, error) {
	verifier, err := mjwt.NewVerifier(secret, mjwt.WithLeeway(5*time.Second))
	if err != nil {
		return nil, err
	}
	signer, err := mjwt.NewSigner(secret)
	if err != nil {
		return nil, err
	}
	s := &service{signer: signer, mastraURL: mastraURL, client: http.Client{Timeout: 10 * time.Second}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /me", s.me)
	mux.HandleFunc("GET /agents", s.agents)
	return mjwt.Middleware(verifier)(mux), nil
}

// me answers with the claims of the caller.
func (s *service) me(w http.ResponseWriter, r *http.Request) {
	claims, _ := mjwt.FromContext(r.Context())
	w.Header().Set("Content-Type", "application/json")
	w.Write(claims.Raw())
}

// agents asks the Mastra server for its agents, on behalf of the caller.
func (s *service) agents(w http.ResponseWriter, r *http.Request) {
	claims, _ := mjwt.FromContext(r.Context())
	response, err := s.callMastra(r, "/api/agents", claims.Subject())
	if err != nil {
		log.Print(err)
		http.Error(w, "the Mastra server cannot be reached", http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body)
}

// callMastra makes a token that is good for a minute, and calls the Mastra
// server with it.
func (s *service) callMastra(r *http.Request, path, subject string) (*http.Response, error) {
	now := time.Now()
	token, err := s.signer.Sign(map[string]any{
		"sub": subject,
		"iss": "example-service",
		"iat": now.Unix(),
		"exp": now.Add(time.Minute).Unix(),
	})
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, s.mastraURL+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return s.client.Do(request)
}
