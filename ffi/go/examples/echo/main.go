// Command echo guards a group of routes of echo, which wraps mjwt.Middleware.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"
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
	router := echo.New()
	router.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "open to all\n") })
	guarded := router.Group("", echo.WrapMiddleware(mjwt.Middleware(verifier)))
	guarded.GET("/me", func(c echo.Context) error {
		claims, _ := mjwt.FromContext(c.Request().Context())
		return c.String(http.StatusOK, claims.Subject()+"\n")
	})
	return router
}
