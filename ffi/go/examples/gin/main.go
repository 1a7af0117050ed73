// Command gin guards a group of routes of gin.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// Auth is mjwt.Middleware for gin.
func Auth(verifier *mjwt.Verifier, options ...mjwt.MiddlewareOption) gin.HandlerFunc {
	middleware := mjwt.Middleware(verifier, options...)
	return func(c *gin.Context) {
		accepted := false
		middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			accepted = true
			c.Request = r // Its context has the claims.
			c.Next()
		})).ServeHTTP(c.Writer, c.Request)
		if !accepted {
			c.Abort()
		}
	}
}

func main() {
	verifier, err := mjwt.NewVerifier([]byte(os.Getenv("JWT_AUTH_SECRET")))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", newRouter(verifier)))
}

func newRouter(verifier *mjwt.Verifier) http.Handler {
	router := gin.New()
	router.GET("/", func(c *gin.Context) { c.String(http.StatusOK, "open to all\n") })
	guarded := router.Group("", Auth(verifier))
	guarded.GET("/me", func(c *gin.Context) {
		claims, _ := mjwt.FromContext(c.Request.Context())
		c.String(http.StatusOK, "%s\n", claims.Subject())
	})
	return router
}
