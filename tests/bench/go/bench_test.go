package bench

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unsafe"

	cristal "github.com/cristalhq/jwt/v5"
	golang "github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v3/jwa"
	jwx "github.com/lestrrat-go/jwx/v3/jwt"
	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

var secret = []byte("supersecretdevkeythatishs256safe!")

// claims are those of every token: five of a session, and padding for longer
// tokens.
type claims struct {
	Sub   string `json:"sub"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Iat   int64  `json:"iat"`
	Exp   int64  `json:"exp"`
	Pad   string `json:"pad,omitempty"`
}

type golangClaims struct {
	golang.RegisteredClaims
	Name  string `json:"name"`
	Email string `json:"email"`
	Pad   string `json:"pad,omitempty"`
}

// isValidAt is for cristalhq/jwt, which checks no times by itself: what the
// others check.
func (c *claims) isValidAt(now int64) bool { return now < c.Exp }

// claimsOf are claims whose token is about this many bytes long.
func claimsOf(tokenBytes int, exp int64) claims {
	c := claims{Sub: "user-123", Name: "Ada", Email: "ada@example.com", Iat: 1700000000, Exp: exp}
	if missing := tokenBytes - len(sign(c)); missing > 0 {
		c.Pad = strings.Repeat("x", max(0, missing*3/4-len(`,"pad":""`)))
	}
	return c
}

func sign(c claims) string {
	text, err := json.Marshal(c)
	check(err)
	signer, err := mjwt.NewSigner(secret)
	check(err)
	token, err := signer.SignJSON(text)
	check(err)
	return token
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

const future, past = 4102444800, 1700000001 // exp

var sizes = []struct {
	name  string
	bytes int
}{{"200B", 200}, {"1KiB", 1 << 10}, {"4KiB", 4 << 10}, {"16KiB", 16<<10 - 2}}

// A verifier is one way to turn a token into claims, whatever their type.
type verifier struct {
	name   string
	verify func(token string) error
}

func verifiers() []verifier {
	ours := must(mjwt.NewVerifier(secret))
	var buffer []byte
	golangKey := func(*golang.Token) (any, error) { return secret, nil }
	golangParser := golang.NewParser(golang.WithValidMethods([]string{"HS256"}))
	cristalVerifier := must(cristal.NewVerifierHS(cristal.HS256, secret))
	jwxKey := jwx.WithKey(jwa.HS256(), secret)
	all := []verifier{
		{"mjwt_append", func(token string) (err error) {
			buffer, err = ours.AppendClaims(buffer[:0], token)
			return err
		}},
		{"mjwt_claims", func(token string) error {
			_, err := ours.Verify(token)
			return err
		}},
		{"mjwt_struct", func(token string) error {
			var c claims
			return ours.VerifyInto(token, &c)
		}},
		{"mjwt_map", func(token string) error {
			var c map[string]any
			return ours.VerifyInto(token, &c)
		}},
		{"golang-jwt_struct", func(token string) error {
			_, err := golangParser.ParseWithClaims(token, &golangClaims{}, golangKey)
			return err
		}},
		{"golang-jwt_map", func(token string) error {
			_, err := golangParser.Parse(token, golangKey)
			return err
		}},
		{"cristalhq_struct", func(token string) error {
			var c claims
			if err := cristal.ParseClaims([]byte(token), cristalVerifier, &c); err != nil {
				return err
			}
			if !c.isValidAt(time.Now().Unix()) {
				return errors.New("expired")
			}
			return nil
		}},
		{"jwx", func(token string) error {
			_, err := jwx.ParseString(token, jwxKey)
			return err
		}},
		{"floor_hmac", hmacFloor()},
	}
	if callsC {
		all = append(all, verifier{"floor_cgo", func(string) error {
			if emptyCall() > 1000 {
				return errors.New("no ABI version")
			}
			return nil
		}})
	}
	return all
}

// hmacFloor is the signature alone, by crypto/hmac with a state that is made
// once.
func hmacFloor() func(token string) error {
	mac := hmac.New(sha256.New, secret)
	var sum []byte
	return func(token string) error {
		input := token[:strings.LastIndexByte(token, '.')]
		mac.Reset()
		mac.Write(unsafe.Slice(unsafe.StringData(input), len(input)))
		sum = mac.Sum(sum[:0])
		return nil
	}
}

func isFloor(v verifier) bool { return strings.HasPrefix(v.name, "floor_") }

// BenchmarkVerify accepts tokens of several sizes.
func BenchmarkVerify(b *testing.B) {
	for _, size := range sizes {
		token := sign(claimsOf(size.bytes, future))
		for _, v := range verifiers() {
			b.Run(size.name+"/"+v.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					check(v.verify(token))
				}
			})
		}
	}
}

// BenchmarkRefuse refuses short tokens with a bad signature, and expired ones.
func BenchmarkRefuse(b *testing.B) {
	good := sign(claimsOf(200, future))
	badSignature := good[:len(good)-2] + swapped(good[len(good)-2]) + good[len(good)-1:]
	for _, bad := range []struct{ name, token string }{
		{"signature", badSignature}, {"expired", sign(claimsOf(200, past))},
	} {
		for _, v := range verifiers() {
			if isFloor(v) {
				continue
			}
			b.Run(bad.name+"/"+v.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if v.verify(bad.token) == nil {
						b.Fatal("accepted")
					}
				}
			})
		}
	}
}

// BenchmarkParallel accepts the short token on all processors at once.
func BenchmarkParallel(b *testing.B) {
	ours := must(mjwt.NewVerifier(secret))
	token := sign(claimsOf(200, future))
	b.Run("mjwt_claims", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				must(ours.Verify(token))
			}
		})
	})
	parser := golang.NewParser(golang.WithValidMethods([]string{"HS256"}))
	key := func(*golang.Token) (any, error) { return secret, nil }
	b.Run("golang-jwt_struct", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				must(parser.ParseWithClaims(token, &golangClaims{}, key))
			}
		})
	})
}

// BenchmarkSign makes tokens of several sizes.
func BenchmarkSign(b *testing.B) {
	for _, size := range sizes {
		c := claimsOf(size.bytes, future)
		for _, s := range signers(c) {
			b.Run(size.name+"/"+s.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					check(s.sign())
				}
			})
		}
	}
}

type signer struct {
	name string
	sign func() error
}

func signers(c claims) []signer {
	ours := must(mjwt.NewSigner(secret))
	text := must(json.Marshal(c))
	var buffer []byte
	golangStruct := golangClaims{
		RegisteredClaims: golang.RegisteredClaims{
			Subject:   c.Sub,
			IssuedAt:  golang.NewNumericDate(time.Unix(c.Iat, 0)),
			ExpiresAt: golang.NewNumericDate(time.Unix(c.Exp, 0)),
		},
		Name: c.Name, Email: c.Email, Pad: c.Pad,
	}
	golangMap := golang.MapClaims{"sub": c.Sub, "name": c.Name, "email": c.Email, "iat": c.Iat, "exp": c.Exp}
	if c.Pad != "" {
		golangMap["pad"] = c.Pad
	}
	cristalBuilder := cristal.NewBuilder(must(cristal.NewSignerHS(cristal.HS256, secret)))
	jwxToken := must(jwx.NewBuilder().Subject(c.Sub).IssuedAt(time.Unix(c.Iat, 0)).Expiration(time.Unix(c.Exp, 0)).
		Claim("name", c.Name).Claim("email", c.Email).Claim("pad", c.Pad).Build())
	jwxKey := jwx.WithKey(jwa.HS256(), secret)
	return []signer{
		{"mjwt_append", func() (err error) {
			buffer, err = ours.AppendSign(buffer[:0], text)
			return err
		}},
		{"mjwt_json", func() error {
			_, err := ours.SignJSON(text)
			return err
		}},
		{"mjwt_struct", func() error {
			_, err := ours.Sign(c)
			return err
		}},
		{"mjwt_map", func() error {
			_, err := ours.Sign(golangMap)
			return err
		}},
		{"golang-jwt_struct", func() error {
			_, err := golang.NewWithClaims(golang.SigningMethodHS256, golangStruct).SignedString(secret)
			return err
		}},
		{"golang-jwt_map", func() error {
			_, err := golang.NewWithClaims(golang.SigningMethodHS256, golangMap).SignedString(secret)
			return err
		}},
		{"cristalhq_struct", func() error {
			_, err := cristalBuilder.Build(c)
			return err
		}},
		{"jwx", func() error {
			_, err := jwx.Sign(jwxToken, jwxKey)
			return err
		}},
	}
}

// swapped is another character that base64url has.
func swapped(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

// TestFair shows that every contender does the work that is measured: it
// accepts the good token, and refuses the bad ones.
func TestFair(t *testing.T) {
	for _, size := range sizes {
		want := claimsOf(size.bytes, future)
		good := sign(want)
		var got claims
		if err := must(mjwt.NewVerifier(secret)).VerifyInto(good, &got); err != nil || got != want {
			t.Errorf("%s: the token holds %+v, %v", size.name, got, err)
		}
		if len(good) > 16384 || len(good) < size.bytes-8 || len(good) > size.bytes+8 {
			t.Errorf("%s: a token of %d bytes", size.name, len(good))
		}
		bad := good[:len(good)-2] + swapped(good[len(good)-2]) + good[len(good)-1:]
		expired := sign(claimsOf(size.bytes, past))
		for _, v := range verifiers() {
			if isFloor(v) {
				check(v.verify(good))
				continue
			}
			if err := v.verify(good); err != nil {
				t.Errorf("%s %s: %v", size.name, v.name, err)
			}
			if v.verify(bad) == nil || v.verify(expired) == nil {
				t.Errorf("%s %s accepts a bad token", size.name, v.name)
			}
		}
		for _, s := range signers(claimsOf(size.bytes, future)) {
			if err := s.sign(); err != nil {
				t.Errorf("%s %s: %v", size.name, s.name, err)
			}
		}
	}
}
