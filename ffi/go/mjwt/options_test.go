package mjwt_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

var pem = []byte("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----")

// Every mistake has a code, and a text that names the option and says what it
// must be.
func TestVerifierOptionsOutOfRange(t *testing.T) {
	many := make([]string, 65)
	for i := range many {
		many[i] = "claim" + strconv.Itoa(i)
	}
	const aKey = "is a PEM block (a public key, a private key or a certificate), not a shared secret"
	for _, c := range []struct {
		secret  []byte
		options []mjwt.VerifierOption
		want    error
		text    string
	}{
		{nil, nil, mjwt.ErrNoKeys, "mjwt: no key was given"},
		{[]byte{}, []mjwt.VerifierOption{mjwt.WithShortKeys()}, mjwt.ErrKeyTooShort, "mjwt: key 0: the secret is empty"},
		{secret[:31], nil, mjwt.ErrKeyTooShort,
			"mjwt: key 0: the secret has 31 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)"},
		{secret, []mjwt.VerifierOption{mjwt.WithAlgorithms(mjwt.HS256, mjwt.HS512)}, mjwt.ErrKeyTooShort,
			"mjwt: key 0: the secret has 33 bytes; HS512 needs at least 64 (RFC 7518 section 3.2)"},
		{secret, []mjwt.VerifierOption{mjwt.WithKey("k", other), mjwt.WithKey("short", other[:5])}, mjwt.ErrKeyTooShort,
			`mjwt: key 2 (kid "short"): the secret has 5 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)`},
		{secret, []mjwt.VerifierOption{mjwt.WithKey("k", other), mjwt.WithKey("k", secret)}, mjwt.ErrDuplicateKid,
			`mjwt: two keys carry the same kid: "k"`},
		{pem, []mjwt.VerifierOption{mjwt.WithShortKeys()}, mjwt.ErrInvalidArgument, "mjwt: secret: key 0 " + aKey},
		{secret, []mjwt.VerifierOption{mjwt.WithKey("a", pem)}, mjwt.ErrInvalidArgument, `mjwt: secret: key 1 (kid "a") ` + aKey},
		{secret, []mjwt.VerifierOption{mjwt.WithKey("\xff", secret)}, mjwt.ErrInvalidArgument, `mjwt: WithKey("\xff"): not UTF-8`},
		{secret, []mjwt.VerifierOption{mjwt.WithJWKS([]byte("{"))}, mjwt.ErrJWKSyntax,
			"mjwt: the JWK Set is malformed: not one JSON object"},
		{secret, []mjwt.VerifierOption{mjwt.WithJWKS(nil)}, mjwt.ErrJWKSyntax,
			"mjwt: the JWK Set is malformed: not one JSON object"},
		{secret, []mjwt.VerifierOption{mjwt.WithJWKS([]byte(`{"keys":[]}`))}, mjwt.ErrJWKUnsupported, "mjwt: the JWK Set holds no"},
		{secret, []mjwt.VerifierOption{mjwt.WithAlgorithms()}, mjwt.ErrInvalidArgument,
			"mjwt: WithAlgorithms(): at least one is needed"},
		{secret, []mjwt.VerifierOption{mjwt.WithAlgorithms(mjwt.HS256, 8)}, mjwt.ErrInvalidArgument,
			"mjwt: WithAlgorithms(Algorithm(8)): not one of HS256, HS384, HS512"},
		{secret, []mjwt.VerifierOption{mjwt.WithLeeway(-time.Second)}, mjwt.ErrInvalidArgument,
			"mjwt: leeway: must be a whole number of seconds from 0 to 86400"},
		{secret, []mjwt.VerifierOption{mjwt.WithLeeway(24*time.Hour + time.Second)}, mjwt.ErrInvalidArgument,
			"mjwt: leeway: must be a whole number of seconds from 0 to 86400"},
		{secret, []mjwt.VerifierOption{mjwt.WithLeeway(1500 * time.Millisecond)}, mjwt.ErrInvalidArgument,
			"mjwt: WithLeeway(1.5s): a part of a second is not possible"},
		{secret, []mjwt.VerifierOption{mjwt.WithMaxAge(-time.Nanosecond)}, mjwt.ErrInvalidArgument,
			"mjwt: WithMaxAge(-1ns): a part of a second is not possible"},
		// A limit that was meant, and came out as none, is not switched off.
		{secret, []mjwt.VerifierOption{mjwt.WithMaxAge(0)}, mjwt.ErrInvalidArgument,
			"mjwt: maxAge: must be a whole number of seconds from 1 to 2^53"},
		{secret, []mjwt.VerifierOption{mjwt.WithMaxTokenBytes(0)}, mjwt.ErrInvalidArgument,
			"mjwt: maxTokenBytes: must be a whole number from 1 to 16777216"},
		{secret, []mjwt.VerifierOption{mjwt.WithMaxTokenBytes(1<<24 + 1)}, mjwt.ErrInvalidArgument,
			"mjwt: maxTokenBytes: must be a whole number from 1 to 16777216"},
		{secret, []mjwt.VerifierOption{mjwt.WithIssuer()}, mjwt.ErrInvalidArgument, "mjwt: WithIssuer(): at least one is needed"},
		{secret, []mjwt.VerifierOption{mjwt.WithIssuer("good", "")}, mjwt.ErrInvalidArgument, "mjwt: issuer: "},
		{secret, []mjwt.VerifierOption{mjwt.WithIssuer("good", "\xff")}, mjwt.ErrInvalidArgument, `mjwt: WithIssuer("\xff"): not UTF-8`},
		{secret, []mjwt.VerifierOption{mjwt.WithIssuer("a\xed\xa0\x80")}, mjwt.ErrInvalidArgument, `mjwt: WithIssuer("a\xed\xa0\x80"): not UTF-8`},
		{secret, []mjwt.VerifierOption{mjwt.WithAudience()}, mjwt.ErrInvalidArgument, "mjwt: WithAudience(): at least one is needed"},
		{secret, []mjwt.VerifierOption{mjwt.WithAudience("")}, mjwt.ErrInvalidArgument, "mjwt: audience: "},
		{secret, []mjwt.VerifierOption{mjwt.WithRequiredClaims()}, mjwt.ErrInvalidArgument,
			"mjwt: WithRequiredClaims(): at least one is needed"},
		{secret, []mjwt.VerifierOption{mjwt.WithRequiredClaims("")}, mjwt.ErrInvalidArgument, "mjwt: requiredClaims: "},
		{secret, []mjwt.VerifierOption{mjwt.WithRequiredClaims(many...)}, mjwt.ErrInvalidArgument, "mjwt: requiredClaims: at most 64"},
		{secret, []mjwt.VerifierOption{mjwt.WithSubject("")}, mjwt.ErrInvalidArgument, "mjwt: subject: "},
		{secret, []mjwt.VerifierOption{mjwt.WithSubject("\xff")}, mjwt.ErrInvalidArgument, `mjwt: WithSubject("\xff"): not UTF-8`},
		{secret, []mjwt.VerifierOption{mjwt.WithJWTID("")}, mjwt.ErrInvalidArgument, "mjwt: jwtId: "},
		{secret, []mjwt.VerifierOption{mjwt.WithJWTID("\xff")}, mjwt.ErrInvalidArgument, `mjwt: WithJWTID("\xff"): not UTF-8`},
		{secret, []mjwt.VerifierOption{mjwt.WithType("")}, mjwt.ErrInvalidArgument, "mjwt: type: "},
		{secret, []mjwt.VerifierOption{mjwt.WithType("\xff")}, mjwt.ErrInvalidArgument, `mjwt: WithType("\xff"): not UTF-8`},
		{secret, []mjwt.VerifierOption{mjwt.WithClock(nil)}, mjwt.ErrInvalidArgument, "mjwt: WithClock(nil): a function is needed"},
		{secret, []mjwt.VerifierOption{nil}, mjwt.ErrInvalidArgument, "mjwt: nil option: an option is needed"},
		{secret, []mjwt.VerifierOption{mjwt.WithPolicy(nil)}, mjwt.ErrInvalidArgument, "mjwt: policy: must be one JSON object"},
		{secret, []mjwt.VerifierOption{mjwt.WithPolicy([]byte("{\"issuer\":[\"\xff\"]}"))}, mjwt.ErrInvalidArgument, "mjwt: WithPolicy("},
		{secret, []mjwt.VerifierOption{mjwt.WithPolicy([]byte(`{"isuer":["x"]}`))}, mjwt.ErrInvalidArgument,
			`mjwt: policy: unknown member "isuer"`},
		// The same thing in two places.
		{secret, []mjwt.VerifierOption{mjwt.WithPolicy([]byte(`{"leeway":1}`)), mjwt.WithLeeway(time.Second)},
			mjwt.ErrInvalidArgument, "mjwt: leeway: "},
		{secret, []mjwt.VerifierOption{mjwt.WithRequireExpiry(), mjwt.WithPolicy([]byte(`{"requireExp":false}`))},
			mjwt.ErrInvalidArgument, "mjwt: requireExp: "},
		{secret, []mjwt.VerifierOption{mjwt.WithPolicy([]byte(`{"jwtId":"a"}`)), mjwt.WithPolicy([]byte(`{"jwtId":"a"}`))},
			mjwt.ErrInvalidArgument, "mjwt: jwtId: "},
	} {
		v, err := mjwt.NewVerifier(c.secret, c.options...)
		if v != nil || !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), c.text) {
			t.Errorf("%v, want %q", err, c.text)
		}
	}
	for _, option := range []mjwt.VerifierOption{
		mjwt.WithLeeway(0), mjwt.WithLeeway(24 * time.Hour), mjwt.WithMaxAge(time.Second), mjwt.WithMaxAge(1<<63 - 1 - (1<<63-1)%time.Second),
		mjwt.WithMaxTokenBytes(1), mjwt.WithMaxTokenBytes(1 << 24), mjwt.WithRequiredClaims(many[:64]...),
		mjwt.WithAlgorithms(mjwt.HS256, mjwt.HS256), mjwt.WithPolicy([]byte(" {} ")),
	} {
		if _, err := mjwt.NewVerifier(secret, option); err != nil {
			t.Errorf("at the edge of its range: %v", err)
		}
	}
}

func TestSignerOptionsOutOfRange(t *testing.T) {
	for _, c := range []struct {
		secret []byte
		option mjwt.SignerOption
		want   error
		text   string
	}{
		{nil, mjwt.WithShortKeys(), mjwt.ErrKeyTooShort, "mjwt: key 0: the secret is empty"},
		{secret[:31], mjwt.WithKeyID("a"), mjwt.ErrKeyTooShort,
			"mjwt: key 0: the secret has 31 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)"},
		{secret, mjwt.WithAlgorithm(mjwt.HS384), mjwt.ErrKeyTooShort,
			"mjwt: key 0: the secret has 33 bytes; HS384 needs at least 48 (RFC 7518 section 3.2)"},
		{long[:63], mjwt.WithAlgorithm(mjwt.HS512), mjwt.ErrKeyTooShort,
			"mjwt: key 0: the secret has 63 bytes; HS512 needs at least 64 (RFC 7518 section 3.2)"},
		{secret, mjwt.WithAlgorithm(0), mjwt.ErrInvalidArgument, "mjwt: WithAlgorithm(Algorithm(0)): not one of HS256, HS384, HS512"},
		{secret, mjwt.WithAlgorithm(mjwt.HS256 | mjwt.HS384), mjwt.ErrInvalidArgument,
			"mjwt: WithAlgorithm(Algorithm(3)): not one of HS256, HS384, HS512"},
		{secret, mjwt.WithKeyID("\xff"), mjwt.ErrInvalidArgument, `mjwt: WithKeyID("\xff"): not UTF-8`},
		{secret, mjwt.WithMaxTokenBytes(0), mjwt.ErrInvalidArgument, "mjwt: maxTokenBytes: must be a whole number from 1 to 16777216"},
		{secret, mjwt.WithMaxTokenBytes(1<<24 + 1), mjwt.ErrInvalidArgument, "mjwt: maxTokenBytes: must be a whole number from 1 to 16777216"},
		{pem, mjwt.WithShortKeys(), mjwt.ErrInvalidArgument,
			"mjwt: secret: key 0 is a PEM block (a public key, a private key or a certificate), not a shared secret"},
		{secret, nil, mjwt.ErrInvalidArgument, "mjwt: nil option: an option is needed"},
	} {
		s, err := mjwt.NewSigner(c.secret, c.option)
		if s != nil || !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), c.text) {
			t.Errorf("%v, want %q", err, c.text)
		}
	}
	for _, option := range []mjwt.SignerOption{mjwt.WithMaxTokenBytes(1), mjwt.WithMaxTokenBytes(1 << 24), mjwt.WithKeyID("")} {
		if _, err := mjwt.NewSigner(secret, option); err != nil {
			t.Errorf("at the edge of its range: %v", err)
		}
	}
}

// An option by its function and by its member in a document require the same.
func TestOptionsAndDocument(t *testing.T) {
	header := func(header string) string { return tokenWith(header, `{"sub":"s"}`) }
	const hs256 = `{"alg":"HS256"}`
	for _, c := range []struct {
		option          mjwt.VerifierOption
		document        string
		accepted        string
		refused         string
		want            error
		withoutRefusing bool // What is refused without the option.
	}{
		{mjwt.WithIssuer("a", "b"), `{"issuer":["a","b"]}`, `{"iss":"b"}`, `{"iss":"c"}`, mjwt.ErrIssuer, false},
		{mjwt.WithAudience("a", "b"), `{"audience":["a","b"]}`, `{"aud":["x","b"]}`, `{"aud":"x"}`, mjwt.ErrAudience, false},
		{mjwt.WithSubject("s"), `{"subject":"s"}`, `{"sub":"s"}`, `{"sub":"S"}`, mjwt.ErrSubject, false},
		{mjwt.WithJWTID("j"), `{"jwtId":"j"}`, `{"jti":"j"}`, `{"jti":"k"}`, mjwt.ErrJWTID, false},
		{mjwt.WithJWTID("j"), `{"jwtId":"j"}`, `{"jti":"j"}`, `{}`, mjwt.ErrJWTID, false},
		{mjwt.WithType("at+jwt"), `{"type":"at+jwt"}`, header(`{"alg":"HS256","typ":"application/AT+JWT"}`),
			header(`{"alg":"HS256","typ":"JWT"}`), mjwt.ErrTypeHeader, false},
		{mjwt.WithAlgorithms(mjwt.HS256, mjwt.HS384), `{"algorithms":["HS256","HS384"]}`,
			header(`{"alg":"HS384"}`), header(`{"alg":"HS512"}`), mjwt.ErrAlgorithm, false},
		{mjwt.WithMaxAge(time.Minute), `{"maxAge":60}`, `{"iat":1699999941}`, `{"iat":1699999940}`, mjwt.ErrTooOld, false},
		{mjwt.WithMaxAge(time.Minute), `{"maxAge":60}`, `{"iat":1700000000}`, `{"iat":1700000000000}`, mjwt.ErrIssuedInFuture, false},
		{mjwt.WithRequiredClaims("a"), `{"requiredClaims":["a"]}`, `{"a":null}`, `{"A":1}`, mjwt.ErrMissingClaim, false},
		{mjwt.WithRequireExpiry(), `{"requireExp":true}`, `{"exp":1700000001}`, `{}`, mjwt.ErrMissingClaim, false},
		{mjwt.WithIssuedAtCheck(), `{"checkIat":true}`, `{"iat":1700000000}`, `{"iat":1700000001}`, mjwt.ErrIssuedInFuture, false},
		{mjwt.WithStrictClaims(), `{"strictClaims":true}`, `{"sub":"s"}`, `{"sub":1}`, mjwt.ErrClaimMalformed, false},
		{mjwt.WithStrictClaims(), `{"strictClaims":true}`, `{}`, `{"aud":"x"}`, mjwt.ErrAudience, false},
		{mjwt.WithMaxTokenBytes(90), `{"maxTokenBytes":90}`, `{}`, `{"sub":"long enough to be too long"}`, mjwt.ErrTokenTooLong, false},
		{mjwt.WithLeeway(5 * time.Second), `{"leeway":5}`, `{"exp":1699999996}`, `{"exp":1699999995}`, mjwt.ErrExpired, true},
		{mjwt.WithIgnoreExpiration(), `{"ignoreExpiration":true}`, `{"exp":1}`, `{"nbf":1700000001}`, mjwt.ErrNotYetValid, true},
	} {
		token := func(claims string) string {
			if strings.HasPrefix(claims, "{") {
				return tokenWith(hs256, claims)
			}
			return claims
		}
		for _, option := range []mjwt.VerifierOption{c.option, mjwt.WithPolicy([]byte(c.document))} {
			v := must(mjwt.NewVerifier(long, atNow, option))(t)
			if _, err := v.Verify(token(c.accepted)); err != nil {
				t.Errorf("%s: %v", c.document, err)
			}
			if _, err := v.Verify(token(c.refused)); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.document, err, c.want)
			}
		}
		without := must(mjwt.NewVerifier(long, atNow))(t)
		if _, err := without.Verify(token(c.accepted)); (err != nil) != c.withoutRefusing && c.want != mjwt.ErrAlgorithm {
			t.Errorf("%s makes no difference: %v", c.document, err)
		}
		if _, err := without.Verify(token(c.refused)); (err != nil) != (c.withoutRefusing || c.want == mjwt.ErrAlgorithm) {
			t.Errorf("%s makes no difference: %v", c.document, err)
		}
	}
	for _, option := range []mjwt.VerifierOption{mjwt.WithShortKeys(), mjwt.WithPolicy([]byte(`{"allowShortKeys":true}`))} {
		if _, err := mjwt.NewVerifier([]byte("short"), option); err != nil {
			t.Error(err)
		}
	}
	// A document and options together.
	v := must(mjwt.NewVerifier(long, atNow, mjwt.WithPolicy([]byte(`{"issuer":["i"]}`)), mjwt.WithSubject("s")))(t)
	for claims, want := range map[string]error{
		`{"iss":"i","sub":"s"}`: nil, `{"sub":"s"}`: mjwt.ErrIssuer, `{"iss":"i"}`: mjwt.ErrSubject,
	} {
		if _, err := v.Verify(tokenWith(hs256, claims)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", claims, err, want)
		}
	}
}

// What the caller changes afterwards does not change the option.
func TestOptionsAreCopied(t *testing.T) {
	issuers, algorithms, document := []string{"a"}, []mjwt.Algorithm{mjwt.HS256}, []byte(`{"subject":"s"}`)
	options := []mjwt.VerifierOption{
		atNow, mjwt.WithIssuer(issuers...), mjwt.WithAlgorithms(algorithms...), mjwt.WithPolicy(document),
	}
	issuers[0], algorithms[0], document[13] = "b", mjwt.HS512, 't'
	for range 2 { // Options can be used again.
		v := must(mjwt.NewVerifier(secret, options...))(t)
		if _, err := v.Verify(sign(t, `{"iss":"a","sub":"s"}`)); err != nil {
			t.Error(err)
		}
	}
}

func TestAlgorithmNames(t *testing.T) {
	for want, algorithm := range map[string]mjwt.Algorithm{
		"HS256": mjwt.HS256, "HS384": mjwt.HS384, "HS512": mjwt.HS512, "Algorithm(0)": 0, "Algorithm(3)": 3,
	} {
		if got := algorithm.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A signer and a verifier with the same limit agree on the longest token.
func TestSignerLimit(t *testing.T) {
	for _, limit := range []int{0, 300, 1 << 20} {
		var signerOptions []mjwt.SignerOption
		var verifierOptions []mjwt.VerifierOption
		if limit != 0 {
			signerOptions, verifierOptions = append(signerOptions, mjwt.WithMaxTokenBytes(limit)),
				append(verifierOptions, mjwt.WithMaxTokenBytes(limit))
		} else {
			limit = 16384
		}
		s, v := must(mjwt.NewSigner(secret, signerOptions...))(t), must(mjwt.NewVerifier(secret, verifierOptions...))(t)
		n := limit/4*3 - 100
		for ; ; n++ {
			token, err := s.SignJSON([]byte(`{"pad":"` + strings.Repeat("x", n) + `"}`))
			if errors.Is(err, mjwt.ErrTokenTooLong) {
				break
			}
			if err != nil || len(token) > limit {
				t.Fatalf("limit %d: a token of %d bytes, %v", limit, len(token), err)
			}
			if _, err := v.Verify(token); err != nil {
				t.Fatalf("limit %d: signed, but %v", limit, err)
			}
		}
		if token := hmacToken(`{"pad":"` + strings.Repeat("x", n+16) + `"}`); len(token) <= limit {
			t.Errorf("limit %d: refused to sign too early", limit)
		}
	}
}

// Several documents and options are one policy, in whichever of them a member
// is.
func TestPoliciesTogether(t *testing.T) {
	claims := `{"a":1,"pad":"` + strings.Repeat("x", 20_000) + `"}`
	long := hmacToken(claims)
	document := func(text string) mjwt.VerifierOption { return mjwt.WithPolicy([]byte(text)) }
	leeway, limit, required := document(`{"leeway":1}`), document(`{"maxTokenBytes":30000}`), document(`{"requiredClaims":["a"]}`)
	for _, options := range [][]mjwt.VerifierOption{
		{leeway, mjwt.WithMaxTokenBytes(30_000), mjwt.WithRequiredClaims("a")},
		{leeway, limit, required},
		{required, limit, leeway},
		{limit, mjwt.WithRequiredClaims("a")},
		{required, mjwt.WithMaxTokenBytes(30_000)},
	} {
		v := must(mjwt.NewVerifier(secret, append(options, atNow)...))(t)
		if verified, err := v.Verify(long); err != nil || verified.String() != claims {
			t.Errorf("%d bytes, %v", len(verified.String()), err)
		}
		_, err := v.Verify(hmacToken(`{"b":1}`))
		var refusal *mjwt.Error
		if !errors.As(err, &refusal) || refusal.MissingClaim != "a" {
			t.Error(err)
		}
	}
}
