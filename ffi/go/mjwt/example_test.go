package mjwt_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

func Example() {
	secret := []byte("supersecretdevkeythatishs256safe!") // From your configuration: 32 bytes or more.

	signer, err := mjwt.NewSigner(secret)
	if err != nil {
		log.Fatal(err)
	}
	token, err := signer.Sign(map[string]any{"sub": "ada", "exp": time.Now().Add(time.Hour).Unix()})
	if err != nil {
		log.Fatal(err)
	}

	verifier, err := mjwt.NewVerifier(secret, mjwt.WithLeeway(5*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.Subject(), claims.ExpiresAt().After(time.Now()))
	// Output: ada true
}

func ExampleVerifier_Verify() {
	verifier, err := mjwt.NewVerifier([]byte("supersecretdevkeythatishs256safe!"))
	if err != nil {
		log.Fatal(err)
	}
	// Signed with this secret, and good until 14 November 2023.
	_, err = verifier.Verify("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJleHAiOjE3MDAwMDAwMDB9." +
		"Ka7ADaLXnuWKLia7GWI5li9kQttwqwrGNrtJzqx-q8w")
	switch {
	case errors.Is(err, mjwt.ErrExpired):
		fmt.Println("log in again")
	case mjwt.IsTokenError(err):
		fmt.Println("refused:", err)
	case err != nil:
		log.Fatal(err)
	}
	// Output: log in again
}

func ExampleVerifier_VerifyInto() {
	secret := []byte("supersecretdevkeythatishs256safe!")
	signer, err := mjwt.NewSigner(secret)
	if err != nil {
		log.Fatal(err)
	}
	token, err := signer.Sign(map[string]any{"sub": "ada", "roles": []string{"admin", "author"}})
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := mjwt.NewVerifier(secret, mjwt.WithRequiredClaims("sub", "roles"))
	if err != nil {
		log.Fatal(err)
	}
	var session struct {
		Subject string   `json:"sub"`
		Roles   []string `json:"roles"`
	}
	if err := verifier.VerifyInto(token, &session); err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Subject, session.Roles)
	// Output: ada [admin author]
}

func ExampleVerifier_AppendClaims() {
	secret := []byte("supersecretdevkeythatishs256safe!")
	signer, err := mjwt.NewSigner(secret)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := mjwt.NewVerifier(secret)
	if err != nil {
		log.Fatal(err)
	}
	var buffer []byte // Used again for each token, so that nothing is allocated.
	for _, subject := range []string{"ada", "grace"} {
		token, err := signer.Sign(map[string]any{"sub": subject})
		if err != nil {
			log.Fatal(err)
		}
		buffer, err = verifier.AppendClaims(buffer[:0], token)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", buffer)
	}
	// Output:
	// {"sub":"ada"}
	// {"sub":"grace"}
}

func ExampleWithKey() {
	newSecret, oldSecret := []byte("the secret of this month, 32 bytes"), []byte("the secret of last month, 32 bytes")
	// Sign with the new key; take both until the tokens of the old one have
	// expired.
	signer, err := mjwt.NewSigner(newSecret, mjwt.WithKeyID("2026-11"))
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := mjwt.NewVerifier(nil, mjwt.WithKey("2026-11", newSecret), mjwt.WithKey("2026-10", oldSecret))
	if err != nil {
		log.Fatal(err)
	}
	token, err := signer.Sign(map[string]any{"sub": "ada"})
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.Subject(), "by key", claims.KeyIndex())
	// Output: ada by key 0
}

func ExampleMiddleware() {
	verifier, err := mjwt.NewVerifier([]byte("supersecretdevkeythatishs256safe!"))
	if err != nil {
		log.Fatal(err)
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := mjwt.FromContext(r.Context())
		fmt.Fprintf(w, "hello %s\n", claims.Subject())
	})
	server := httptest.NewServer(mjwt.Middleware(verifier)(hello))
	defer server.Close()

	response, err := http.Get(server.URL) // Without a token.
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s", response.Status, body)
	fmt.Println(response.Header.Get("WWW-Authenticate"))
	// Output:
	// 401 Unauthorized: Unauthorized
	// Bearer realm="api"
}
