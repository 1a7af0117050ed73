//go:build cgo

package mjwt

import (
	"context"
	"errors"
	"net/http"
)

// Middleware lets the requests through whose Authorization header holds a good token, and gives the handler its claims:
// see [FromContext]. Others get 401 with the challenge of RFC 6750 section 3: without an error code where the request brought
// no bearer token, else error="invalid_token" and a fixed sentence that says why. What is not the token's fault, such as a
// closed verifier, gets 500.
func Middleware(v *Verifier) func(next http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			claims, err := v.VerifyBearer(r.Header.Get("Authorization"))
			if err != nil {
				refuse(w, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), claims)))
		})
	}
}

// FromContext returns the claims that [Middleware] put into the context of a request; false where it did not run.
func FromContext(ctx context.Context) (*Claims, bool) {
	claims, ok := ctx.Value(contextKey{}).(*Claims)
	return claims, ok
}

// NewContext returns a context from which [FromContext] gets these claims, for middleware of one's own.
func NewContext(ctx context.Context, claims *Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, claims)
}

type contextKey struct{}

func refuse(w http.ResponseWriter, err error) {
	var e *Error
	if !errors.As(err, &e) || !IsTokenError(err) {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	// A challenge has at least one parameter (RFC 6750 section 3); the realm is the one that is always there.
	challenge := `Bearer realm="api"`
	if !errors.Is(e, ErrNoBearer) {
		challenge += `, error="invalid_token", error_description="` + e.message() + `"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
}
