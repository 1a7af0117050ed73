// Package mjwttest is for the tests of programs that use package mjwt: it
// mints tokens, and has a verifier that takes them, at a time that the test
// sets.
//
//	func TestHandler(t *testing.T) {
//		kit := mjwttest.New(t, mjwt.WithAudience("api"))
//		handler := newHandler(kit.Verifier)
//		request := httptest.NewRequest("GET", "/", nil)
//		kit.Authorize(request, map[string]any{"sub": "ada", "aud": "api"})
//		…
//		kit.Clock.Advance(time.Hour)
//		…
//	}
package mjwttest

import (
	"crypto/rand"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// Start is the time of the clock of a new [Kit]:
// 2023-11-14T22:13:20Z.
var Start = time.Unix(1700000000, 0).UTC()

// A Kit is an issuer of tokens and a verifier that takes them.
type Kit struct {
	// Verifier takes the tokens of this kit and no others.
	Verifier *mjwt.Verifier
	// Signer signs the tokens of this kit.
	Signer *mjwt.Signer
	// Secret is the key of both, made for this kit.
	Secret []byte
	// Clock is the time for Verifier.
	Clock *Clock

	t testing.TB
}

// New makes a kit with a secret of its own. The options are those of
// [mjwt.NewVerifier]. What fails here, and in the methods of the kit, ends the
// test.
func New(t testing.TB, options ...mjwt.VerifierOption) *Kit {
	t.Helper()
	kit := &Kit{Secret: make([]byte, 32), Clock: &Clock{now: Start}, t: t}
	rand.Read(kit.Secret)
	options = append([]mjwt.VerifierOption{mjwt.WithClock(kit.Clock.Now)}, options...)
	kit.Verifier = must(mjwt.NewVerifier(kit.Secret, options...))(t)
	kit.Signer = must(mjwt.NewSigner(kit.Secret))(t)
	t.Cleanup(func() {
		kit.Verifier.Close()
		kit.Signer.Close()
	})
	return kit
}

// Token signs claims: anything that encoding/json turns into a JSON object.
// Nothing is added to them.
func (k *Kit) Token(claims any) string {
	k.t.Helper()
	return must(k.Signer.Sign(claims))(k.t)
}

// Forged signs claims with another secret: a token that is refused with
// [mjwt.ErrSignature].
func (k *Kit) Forged(claims any) string {
	k.t.Helper()
	other := make([]byte, 32)
	rand.Read(other)
	signer := must(mjwt.NewSigner(other))(k.t)
	defer signer.Close()
	return must(signer.Sign(claims))(k.t)
}

// Claims are those of a token that the kit has signed and verified, for a
// handler that reads them from its context: see [mjwt.NewContext].
func (k *Kit) Claims(claims any) *mjwt.Claims {
	k.t.Helper()
	return must(k.Verifier.Verify(k.Token(claims)))(k.t)
}

// Authorize sets the Authorization header of a request to a token with these
// claims, and returns the request.
func (k *Kit) Authorize(r *http.Request, claims any) *http.Request {
	k.t.Helper()
	r.Header.Set("Authorization", "Bearer "+k.Token(claims))
	return r
}

// A Clock does not move until it is moved. It is safe for concurrent use.
type Clock struct {
	mutex sync.Mutex
	now   time.Time
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// Set sets the time of the clock.
func (c *Clock) Set(now time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = now
}

// Advance moves the clock on, or back if d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(d)
}

func must[T any](value T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatalf("mjwttest: %v", err)
		}
		return value
	}
}
