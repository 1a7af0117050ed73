package mjwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Middleware lets the requests through whose Authorization header has a valid
// token, and gives the handler its claims: see [FromContext]. Others get 401
// with the challenge of RFC 6750 section 3: without an error code if the
// request brought no bearer token, else error="invalid_token" and a fixed
// sentence that says why. A request with more than one Authorization header is
// refused too. What is not the token's fault, such as a closed verifier, gets
// 500.
//
// It panics when v is nil or an option is out of its range.
func Middleware(v *Verifier, options ...MiddlewareOption) func(next http.Handler) http.Handler {
	if v == nil {
		panic("mjwt: Middleware: the verifier is nil")
	}
	m := middleware{realm: "api", onRefused: func(*http.Request, error) {}}
	for _, option := range options {
		option(&m)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			claims, err := verifyRequest(v, r)
			if err != nil {
				m.onRefused(r, err)
				m.refuse(w, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), claims)))
		})
	}
}

// A MiddlewareOption is one for [Middleware].
type MiddlewareOption func(*middleware)

type middleware struct {
	realm     string
	onRefused func(*http.Request, error)
}

// WithRealm sets the realm of the challenge (RFC 9110 section 11.5), by
// default "api". It is printable ASCII, and not empty.
func WithRealm(realm string) MiddlewareOption {
	notPrintable := func(c rune) bool { return c < ' ' || c > '~' }
	if realm == "" || strings.ContainsFunc(realm, notPrintable) {
		panic(fmt.Sprintf("mjwt: WithRealm(%q): a realm is printable ASCII, and not empty", realm))
	}
	return func(m *middleware) { m.realm = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(realm) }
}

// WithOnRefused has a function called for each request that is refused, before
// it is answered: to log and count. The error holds nothing of the token;
// [IsTokenError] tells whether the answer is 401 or 500.
func WithOnRefused(onRefused func(*http.Request, error)) MiddlewareOption {
	if onRefused == nil {
		panic("mjwt: WithOnRefused(nil): a function is needed")
	}
	return func(m *middleware) { m.onRefused = onRefused }
}

// FromContext returns the claims that [Middleware] put into the context of a
// request; false if it did not run.
func FromContext(ctx context.Context) (*Claims, bool) {
	claims, ok := ctx.Value(contextKey{}).(*Claims)
	return claims, ok
}

// NewContext returns a context from which [FromContext] gets these claims, for
// middleware of your own.
func NewContext(ctx context.Context, claims *Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, claims)
}

type contextKey struct{}

// verifyRequest refuses a request with several Authorization headers: which of
// them counts would be a matter of who reads it.
func verifyRequest(v *Verifier, r *http.Request) (*Claims, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return nil, &Error{Code: noBearer, reason: fmt.Sprintf("%d Authorization headers instead of one", len(headers))}
	}
	return v.VerifyBearer(strings.Join(headers, ""))
}

func (m *middleware) refuse(w http.ResponseWriter, err error) {
	var e *Error
	if !errors.As(err, &e) || !IsTokenError(err) {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	challenge := `Bearer realm="` + m.realm + `"`
	if !errors.Is(e, ErrNoBearer) {
		challenge += `, error="invalid_token", error_description="` + e.message() + `"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
}
