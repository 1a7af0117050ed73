// Command app is what test.sh builds and tests outside of the repository.
package main

import (
	"fmt"
	"log"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// subject signs a token, and reads it again.
func subject() (string, error) {
	secret := []byte("supersecretdevkeythatishs256safe!")
	signer, err := mjwt.NewSigner(secret)
	if err != nil {
		return "", err
	}
	token, err := signer.Sign(map[string]string{"sub": "outside"})
	if err != nil {
		return "", err
	}
	verifier, err := mjwt.NewVerifier(secret)
	if err != nil {
		return "", err
	}
	claims, err := verifier.Verify(token)
	if err != nil {
		return "", err
	}
	return claims.Subject(), nil
}

func main() {
	subject, err := subject()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(subject)
}
