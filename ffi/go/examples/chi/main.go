// Command chi guards a part of a chi router: chi takes mjwt.Middleware as it
// is.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

func main() {
	verifier, err := mjwt.NewVerifier([]byte(os.Getenv("JWT_AUTH_SECRET")))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", newRouter(verifier)))
}

func newRouter(verifier *mjwt.Verifier) http.Handler {
	router := chi.NewRouter()
	router.Get("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "open to all") })
	router.Group(func(router chi.Router) {
		router.Use(mjwt.Middleware(verifier))
		router.Get("/me", func(w http.ResponseWriter, r *http.Request) {
			claims, _ := mjwt.FromContext(r.Context())
			fmt.Fprintln(w, claims.Subject())
		})
	})
	return router
}
