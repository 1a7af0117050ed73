// Command app is what test.sh builds outside of the repository.
package main

import (
	"fmt"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

func main() {
	secret := []byte("supersecretdevkeythatishs256safe!")
	signer, err := mjwt.NewSigner(secret)
	if err != nil {
		panic(err)
	}
	token, err := signer.Sign(map[string]string{"sub": "outside"})
	if err != nil {
		panic(err)
	}
	verifier, err := mjwt.NewVerifier(secret)
	if err != nil {
		panic(err)
	}
	claims, err := verifier.Verify(token)
	if err != nil {
		panic(err)
	}
	fmt.Println(claims.Subject())
}
