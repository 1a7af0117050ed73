package mjwttest_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt/mjwttest"
)

func TestKit(t *testing.T) {
	kit := mjwttest.New(t, mjwt.WithAudience("api"))
	session := mjwt.RegisteredClaims{
		Subject:   "ada",
		Audience:  mjwt.Audience{"api"},
		ExpiresAt: mjwt.At(kit.Clock.Now().Add(time.Minute)),
	}
	token := kit.Token(session)
	claims, err := kit.Verifier.Verify(token)
	if err != nil || claims.Subject() != "ada" {
		t.Fatalf("%v, %v", claims, err)
	}
	if _, err := kit.Verifier.Verify(kit.Token(map[string]string{"aud": "web"})); !errors.Is(err, mjwt.ErrAudience) {
		t.Errorf("the option is not used: %v", err)
	}
	if _, err := kit.Verifier.Verify(kit.Forged(session)); !errors.Is(err, mjwt.ErrSignature) {
		t.Errorf("the forged token: %v", err)
	}
	if _, err := mjwttest.New(t).Verifier.Verify(token); !errors.Is(err, mjwt.ErrSignature) {
		t.Errorf("another kit: %v", err)
	}
	if claims := kit.Claims(session); claims.Subject() != "ada" {
		t.Errorf("claims %v", claims)
	}
	request := kit.Authorize(httptest.NewRequest("GET", "/", nil), session)
	if claims, err := kit.Verifier.VerifyBearer(request.Header.Get("Authorization")); err != nil || claims.Subject() != "ada" {
		t.Errorf("%v, %v", claims, err)
	}

	kit.Clock.Advance(59 * time.Second)
	if _, err := kit.Verifier.Verify(token); err != nil {
		t.Errorf("in the last second: %v", err)
	}
	kit.Clock.Advance(time.Second)
	if _, err := kit.Verifier.Verify(token); !errors.Is(err, mjwt.ErrExpired) {
		t.Errorf("at exp: %v", err)
	}
	kit.Clock.Set(mjwttest.Start)
	if _, err := kit.Verifier.Verify(token); err != nil {
		t.Errorf("back at the start: %v", err)
	}
}

// recorder is a test that notes its end.
type recorder struct {
	testing.TB
	fatal    string
	cleanups []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Fatalf(format string, arguments ...any) {
	r.fatal = fmt.Sprintf(format, arguments...)
	runtime.Goexit()
}

func TestFailuresEndTheTest(t *testing.T) {
	for name, run := range map[string]func(*recorder){
		"option": func(r *recorder) { mjwttest.New(r, mjwt.WithIssuer()) },
		"token":  func(r *recorder) { mjwttest.New(r).Token([]int{1}) },
		"forged": func(r *recorder) { mjwttest.New(r).Forged(nil) },
		"claims": func(r *recorder) { mjwttest.New(r).Claims(map[string]int{"exp": 1}) },
		"header": func(r *recorder) { mjwttest.New(r).Authorize(httptest.NewRequest("GET", "/", nil), 1) },
	} {
		r, done := &recorder{TB: t}, make(chan bool)
		go func() {
			defer close(done)
			run(r)
		}()
		<-done
		if r.fatal == "" {
			t.Errorf("%s: the test goes on", name)
		}
	}
}

func TestKitIsClosedAtTheEnd(t *testing.T) {
	r := &recorder{TB: t}
	kit := mjwttest.New(r)
	for _, cleanup := range r.cleanups {
		cleanup()
	}
	if _, err := kit.Verifier.Verify(""); err != mjwt.ErrClosed {
		t.Error(err)
	}
	if _, err := kit.Signer.Sign(struct{}{}); err != mjwt.ErrClosed {
		t.Error(err)
	}
}
