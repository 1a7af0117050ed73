package mjwt_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

var secret = []byte("supersecretdevkeythatishs256safe!")

const now = 1700000000

var atNow = mjwt.WithClock(func() time.Time { return time.Unix(now, 999) })

func must[T any](value T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// long is secret as tokenWith uses it: enough for each algorithm.
var long = bytes.Repeat(secret, 2)

// tokenWith signs without the package, with long, what its signer would
// refuse.
func tokenWith(header, claims string) string { return hmacWith(long, header, claims) }

// hmacToken is tokenWith for secret and HS256.
func hmacToken(claims string) string { return hmacWith(secret, `{"alg":"HS256"}`, claims) }

func hmacWith(secret []byte, header, claims string) string {
	hash := sha256.New
	switch {
	case strings.Contains(header, "HS384"):
		hash = sha512.New384
	case strings.Contains(header, "HS512"):
		hash = sha512.New
	}
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	mac := hmac.New(hash, secret)
	mac.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func sign(t testing.TB, claims string) string {
	t.Helper()
	return must(must(mjwt.NewSigner(secret))(t).SignJSON([]byte(claims)))(t)
}

func TestLibraryVersion(t *testing.T) {
	want := os.Getenv("MJWT_VERSION")
	if want == "" {
		said, err := exec.Command("pkg-config", "--modversion", "mjwt").Output()
		if err != nil {
			t.Fatal(err)
		}
		want = strings.TrimSpace(string(said))
	}
	if got := mjwt.LibraryVersion(); got != want {
		t.Errorf("version %q, want %q", got, want)
	}
}

func TestSystemClock(t *testing.T) {
	v := must(mjwt.NewVerifier(secret))(t)
	seconds := time.Now().Unix()
	if _, err := v.Verify(sign(t, fmt.Sprintf(`{"exp":%d}`, seconds+3600))); err != nil {
		t.Error(err)
	}
	if _, err := v.Verify(sign(t, fmt.Sprintf(`{"exp":%d}`, seconds-1))); !errors.Is(err, mjwt.ErrExpired) {
		t.Error(err)
	}
}

func TestClockIsRoundedDown(t *testing.T) {
	for _, c := range []struct {
		now  time.Time
		want error
	}{{time.Unix(99, 999999999), nil}, {time.Unix(100, 0), mjwt.ErrExpired}, {time.Unix(-1, 5), nil}} {
		v := must(mjwt.NewVerifier(secret, mjwt.WithClock(func() time.Time { return c.now })))(t)
		if _, err := v.Verify(sign(t, `{"exp":100}`)); !errors.Is(err, c.want) {
			t.Errorf("%v: %v", c.now, err)
		}
	}
}

// Whatever is cut off or changed, the token is refused, and the error shows
// nothing of it.
func TestEveryTruncationAndChange(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow))(t)
	token := sign(t, `{"sub":"somebody"}`)
	refused := func(bad string) {
		t.Helper()
		claims, err := v.Verify(bad)
		if claims != nil || !mjwt.IsTokenError(err) {
			t.Errorf("%q: %v, %v", bad, claims, err)
			return
		}
		for _, part := range strings.Split(token, ".") {
			if text := fmt.Sprintf("%v %+v %q", err, err, err); strings.Contains(text, part[:8]) {
				t.Errorf("the error shows the token: %s", text)
			}
		}
	}
	for n := range token {
		refused(token[:n])
		refused(token[n+1:])
		refused(token[:n] + token[n+1:])
		for _, c := range []byte("AB.=-_ \x00\xff") {
			if token[n] != c {
				refused(token[:n] + string([]byte{c}) + token[n+1:])
			}
		}
	}
	for _, more := range []string{"A", ".", "=", " ", "\n", "\x00"} {
		refused(token + more)
		refused(more + token)
	}
	if _, err := v.Verify(token); err != nil {
		t.Error(err)
	}
}

func TestAppendClaims(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow))(t)
	const claims = `{"sub":"somebody"}`
	token := sign(t, claims)

	// Room that is enough is used, and what is before and behind it stays.
	room := (len(token)/4 + 1) * 3
	backing := bytes.Repeat([]byte{'#'}, 10+room+10)
	out, err := v.AppendClaims(backing[:10:10+room], token)
	if err != nil || string(out) != strings.Repeat("#", 10)+claims || &out[0] != &backing[0] {
		t.Errorf("%q, %v", out, err)
	}
	if string(backing[10+room:]) != strings.Repeat("#", 10) {
		t.Error("written beyond the capacity")
	}

	// Less room grows.
	for n := range room {
		out, err = v.AppendClaims(make([]byte, 3, 3+n), token)
		if err != nil || string(out) != "\x00\x00\x00"+claims {
			t.Errorf("%d bytes of room: %q, %v", n, out, err)
		}
	}

	// A refused token leaves nothing behind, however far it came.
	for _, bad := range []string{sign(t, `{"sub":"somebody","exp":1}`), token[:len(token)-1], ""} {
		buffer := make([]byte, 4, 500)
		out, err = v.AppendClaims(buffer, bad)
		if !mjwt.IsTokenError(err) || len(out) != 4 || bytes.Contains(out[:cap(out)], []byte("some")) {
			t.Errorf("%q, %v", out[:cap(out)], err)
		}
	}
}

func TestAllocations(t *testing.T) {
	v := must(mjwt.NewVerifier(secret))(t)
	clocked := must(mjwt.NewVerifier(secret, atNow))(t)
	s := must(mjwt.NewSigner(secret))(t)
	for _, size := range []int{1, 1000, 10000} {
		claims := []byte(`{"sub":"` + strings.Repeat("x", size) + `"}`)
		token := must(s.SignJSON(claims))(t)
		bad := token[:len(token)-1]
		buffer := make([]byte, 0, 2*len(token))
		for _, c := range []struct {
			name string
			want float64
			run  func() error
		}{
			{"AppendClaims", 0, func() error { _, err := v.AppendClaims(buffer, token); return err }},
			{"AppendClaims with a clock", 0, func() error { _, err := clocked.AppendClaims(buffer, token); return err }},
			{"AppendSign", 0, func() error { _, err := s.AppendSign(buffer, claims); return err }},
			{"SignJSON", 1, func() error { _, err := s.SignJSON(claims); return err }},
			{"Verify", 2, func() error { _, err := v.Verify(token); return err }},
			{"refusing", 1, func() error {
				if _, err := v.AppendClaims(buffer, bad); err == nil {
					return errors.New("accepted")
				}
				return nil
			}},
		} {
			got := testing.AllocsPerRun(100, func() {
				if err := c.run(); err != nil {
					t.Fatal(err)
				}
			})
			if got != c.want {
				t.Errorf("%s of %d bytes: %v allocations, want %v", c.name, len(token), got, c.want)
			}
		}
	}
}

// A token far beyond the limit makes the caller allocate no more than the
// longest good one.
func TestLongTokens(t *testing.T) {
	longest := func(n int) string {
		for pad := n / 4 * 3; ; pad-- {
			if token := hmacToken(`{"pad":"` + strings.Repeat("x", pad) + `"}`); len(token) <= n {
				return token
			}
		}
	}
	for _, limit := range []int{200, 16384, 100000} {
		v := must(mjwt.NewVerifier(secret, mjwt.WithMaxTokenBytes(limit)))(t)
		if limit == 16384 {
			v = must(mjwt.NewVerifier(secret))(t) // The default.
		}
		token := longest(limit)
		if len(token) < limit-1 {
			t.Fatalf("a token of %d bytes is not a test of %d", len(token), limit)
		}
		if _, err := v.Verify(token); err != nil {
			t.Errorf("%d bytes: %v", len(token), err)
		}
		if _, err := v.VerifyBearer("Bearer " + token); err != nil {
			t.Errorf("%d bytes: %v", len(token), err)
		}
		long := token + strings.Repeat("A", limit+1-len(token))
		if _, err := v.Verify(long); !errors.Is(err, mjwt.ErrTokenTooLong) {
			t.Errorf("%d bytes: %v", len(long), err)
		}
	}
	v := must(mjwt.NewVerifier(secret))(t)
	out, err := v.AppendClaims(nil, strings.Repeat("A", 10_000_000))
	if !errors.Is(err, mjwt.ErrTokenTooLong) || cap(out) > 20_000 {
		t.Errorf("%d bytes of buffer, %v", cap(out), err)
	}
}

// The order of keys is that of the calls, and each option takes several values.
func TestKeysAndLists(t *testing.T) {
	a, b := bytes.Repeat([]byte("a"), 32), bytes.Repeat([]byte("b"), 32)
	jwks := []byte(`{"keys":[{"kty":"oct","kid":"c","k":"Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M"}]}`)
	v := must(mjwt.NewVerifier(secret, mjwt.WithKey("a", a), mjwt.WithKey("", b), mjwt.WithJWKS(jwks),
		mjwt.WithIssuer("x"), mjwt.WithIssuer("y", "z"), mjwt.WithAudience("p", "q")))(t)
	for i, c := range []struct {
		secret []byte
		kid    string
	}{{secret, ""}, {a, "a"}, {b, "unknown"}, {bytes.Repeat([]byte("c"), 32), "c"}} {
		signer := must(mjwt.NewSigner(c.secret, mjwt.WithKeyID(c.kid)))(t)
		for _, iss := range []string{"x", "y", "z"} {
			claims, err := v.Verify(must(signer.Sign(map[string]any{"iss": iss, "aud": []string{"o", "q"}}))(t))
			if err != nil || claims.KeyIndex() != i || claims.Issuer() != iss {
				t.Errorf("key %d: %v, %v", i, claims, err)
			}
		}
		if _, err := v.Verify(must(signer.Sign(map[string]any{"iss": "w", "aud": "p"}))(t)); !errors.Is(err, mjwt.ErrIssuer) {
			t.Error(err)
		}
		if _, err := v.Verify(must(signer.Sign(map[string]any{"iss": "x", "aud": "o"}))(t)); !errors.Is(err, mjwt.ErrAudience) {
			t.Error(err)
		}
	}
}

func TestErrors(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow, mjwt.WithRequiredClaims("sub"), mjwt.WithRequiredClaims("role", "jti"),
		mjwt.WithMaxAge(time.Hour)))(t)
	for _, c := range []struct {
		claims string
		want   mjwt.Error
		text   string
	}{
		{`{"exp":1}`, mjwt.Error{Code: 201, FailedClaims: mjwt.ClaimExpiresAt}, "mjwt: the token has expired (exp)"},
		{`{"iat":1700000000}`, mjwt.Error{Code: 209, FailedClaims: mjwt.ClaimSubject, MissingClaim: "sub"},
			`mjwt: the token lacks a required claim: "sub"`},
		{`{"iat":1700000000,"sub":"s"}`, mjwt.Error{Code: 209, FailedClaims: mjwt.ClaimOther, MissingClaim: "role"},
			`mjwt: the token lacks a required claim: "role"`},
		{`{"iat":1700000000,"sub":"s","role":1}`, mjwt.Error{Code: 209, FailedClaims: mjwt.ClaimJWTID, MissingClaim: "jti"},
			`mjwt: the token lacks a required claim: "jti"`},
		{`{"sub":"s","role":1,"jti":1}`, mjwt.Error{Code: 209, FailedClaims: mjwt.ClaimIssuedAt, MissingClaim: "iat"},
			`mjwt: the token lacks a required claim: "iat"`},
		{`{"nbf":"1"}`, mjwt.Error{Code: 210, FailedClaims: mjwt.ClaimNotBefore},
			"mjwt: a registered claim of the token is malformed (nbf)"},
	} {
		_, err := v.Verify(hmacToken(c.claims))
		var e *mjwt.Error
		if !errors.As(err, &e) || !reflect.DeepEqual(*e, c.want) || err.Error() != c.text {
			t.Errorf("%s: %v, %+v", c.claims, err, e)
		}
	}
	var e *mjwt.Error
	if _, err := v.Verify(hmacToken(`{"exp":1}`)); !errors.As(err, &e) || e.Name() != "EXPIRED" {
		t.Errorf("%v", err)
	}
	if mjwt.IsTokenError(nil) || mjwt.IsTokenError(mjwt.ErrClosed) || mjwt.IsTokenError(&mjwt.Error{Code: 300}) ||
		mjwt.IsTokenError(&mjwt.Error{Code: 99}) {
		t.Error("no token was refused")
	}
}

func TestSigner(t *testing.T) {
	s := must(mjwt.NewSigner(secret))(t)
	for name, bad := range map[string]any{"channel": make(chan int), "array": []int{1}, "bytes": []byte("{}"), "nil": nil} {
		if token, err := s.Sign(bad); token != "" || err == nil {
			t.Errorf("%s: %q, %v", name, token, err)
		}
	}
	if _, err := s.Sign(map[string]any{"exp": time.Now()}); !errors.Is(err, mjwt.ErrClaimType) {
		t.Error(err)
	}
	// The room that is asked for is the room that is needed, for every length
	// modulo 3, kid and algorithm.
	for _, algorithm := range []mjwt.Algorithm{mjwt.HS256, mjwt.HS384, mjwt.HS512} {
		for _, kid := range []string{"", "k", "ki", "kid"} {
			s := must(mjwt.NewSigner(bytes.Repeat(secret, 2), mjwt.WithAlgorithm(algorithm), mjwt.WithKeyID(kid)))(t)
			for n := range 20 {
				claims := []byte(`{"x":"` + strings.Repeat("y", n) + `"}`)
				token := must(s.SignJSON(claims))(t)
				dst := make([]byte, 0, len(token))
				out := must(s.AppendSign(dst, claims))(t)
				if string(out) != token || &out[0] != &dst[:1][0] {
					t.Errorf("room of %d bytes is not enough for %q", len(token), out)
				}
			}
		}
	}
	// The claims in the spare room of the buffer are refused, or signed
	// before they are written over.
	want := must(s.SignJSON([]byte(`{"sub":"me"}`)))(t)
	buffer := append(make([]byte, 0, 500), `{"sub":"me"}`...)
	out, err := s.AppendSign(buffer[:0], buffer)
	if refused := errors.Is(err, mjwt.ErrInvalidArgument) && len(out) == 0; !refused && string(out) != want {
		t.Errorf("%q, %v", out, err)
	}
}

func TestClosed(t *testing.T) {
	v, s := must(mjwt.NewVerifier(secret))(t), must(mjwt.NewSigner(secret))(t)
	token := sign(t, `{}`)
	for range 2 {
		if err := errors.Join(v.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	}
	for _, v := range []*mjwt.Verifier{v, new(mjwt.Verifier)} {
		claims, err := v.Verify(token)
		_, bearer := v.VerifyBearer("Bearer " + token)
		out, appended := v.AppendClaims([]byte("x"), token)
		into := v.VerifyInto(token, nil)
		for _, err := range []error{err, bearer, appended, into} {
			if err != mjwt.ErrClosed {
				t.Error(err)
			}
		}
		if claims != nil || string(out) != "x" {
			t.Errorf("%v, %q", claims, out)
		}
	}
	for _, s := range []*mjwt.Signer{s, new(mjwt.Signer)} {
		if token, err := s.Sign(struct{}{}); token != "" || err != mjwt.ErrClosed {
			t.Errorf("%q, %v", token, err)
		}
	}
}

// Many goroutines use a verifier and a signer while another closes them, and
// the garbage collector runs.
func TestCloseDuringCalls(t *testing.T) {
	const claims = `{"sub":"me"}`
	token := sign(t, claims)
	for range 20 {
		v, s := must(mjwt.NewVerifier(secret))(t), must(mjwt.NewSigner(secret))(t)
		var calls, started sync.WaitGroup
		for range 8 {
			started.Add(1)
			calls.Add(1)
			go func() {
				defer calls.Done()
				var buffer []byte
				for first := true; ; first = false {
					out, err := v.AppendClaims(buffer[:0], token)
					if err == nil && string(out) != claims || err != nil && err != mjwt.ErrClosed {
						t.Errorf("%q, %v", out, err)
					}
					again, signErr := s.SignJSON([]byte(claims))
					if signErr == nil && again != token || signErr != nil && signErr != mjwt.ErrClosed {
						t.Errorf("%q, %v", again, signErr)
					}
					if first {
						started.Done()
					}
					if err != nil && signErr != nil {
						return
					}
				}
			}()
		}
		started.Wait()
		v.Close()
		runtime.GC()
		s.Close()
		runtime.GC()
		calls.Wait()
	}
}

// Handles that are closed, and those that are only forgotten, give their
// memory back.
func TestHandlesAreFreed(t *testing.T) {
	issuer := mjwt.WithIssuer(strings.Repeat("x", 100_000))
	kid := mjwt.WithKeyID(strings.Repeat("x", 100_000))
	var small []*int64 // What the runtime might pack together with a handle, and so keep alive.
	round := func() {
		for i := range 200 {
			small = append(small, new(int64))
			v := must(mjwt.NewVerifier(secret, issuer))(t)
			small = append(small, new(int64))
			s := must(mjwt.NewSigner(secret, kid))(t)
			if i%2 == 0 {
				v.Close()
				s.Close()
			}
		}
		// The second collection waits for the cleanups of the first to be
		// queued; they run beside us.
		runtime.GC()
		done := make(chan struct{})
		runtime.AddCleanup(new([64]byte), func(done chan struct{}) { close(done) }, done)
		runtime.GC()
		<-done
	}
	for range 3 {
		round()
	}
	before := residentBytes(t)
	for range 8 {
		round() // 1600 of each: 160 MB for either kind, were they kept.
	}
	if grown := residentBytes(t) - before; grown > 80_000_000 {
		t.Errorf("memory grew by %d bytes", grown)
	}
	runtime.KeepAlive(small)
}

func residentBytes(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	return must(strconv.Atoi(strings.Fields(string(text))[1]))(t) * os.Getpagesize()
}
