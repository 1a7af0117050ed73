package mjwt_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// The vectors that every face of the library runs; their README says what they mean.
const vectorsDir = "../../../tests/vectors"

type policy struct {
	Keys           []key    `json:"keys"`
	JWKS           *string  `json:"jwks"`
	Algorithms     []string `json:"algorithms"`
	Issuer         []string `json:"issuer"`
	Audience       []string `json:"audience"`
	Subject        *string  `json:"subject"`
	JWTID          *string  `json:"jwt_id"`
	Type           *string  `json:"type"`
	Leeway         *int64   `json:"leeway"`
	MaxAge         *int64   `json:"max_age"`
	RequireExp     bool     `json:"require_exp"`
	CheckIat       bool     `json:"check_iat"`
	RequiredClaims []string `json:"required_claims"`
	AllowShortKeys bool     `json:"allow_short_keys"`
	MaxTokenBytes  *int     `json:"max_token_bytes"`
}

type key struct {
	Secret string  `json:"secret"`
	Kid    *string `json:"kid"`
}

// load reads a file of vectors strictly: a member that this test does not know is an error, not a rule left untested.
func load(t testing.TB, name string, into any) {
	t.Helper()
	file, err := os.Open(filepath.Join(vectorsDir, name))
	if err != nil {
		t.Fatalf("the shared test vectors are not there: %v", err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func unbase64(t testing.TB, text string) []byte {
	t.Helper()
	bytes, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

var algorithms = map[string]mjwt.Algorithm{"HS256": mjwt.HS256, "HS384": mjwt.HS384, "HS512": mjwt.HS512}

// maxSeconds is the longest time.Duration.
const maxSeconds = math.MaxInt64 / int64(time.Second)

// none stands for an algorithm that there is not.
const none = mjwt.Algorithm(1 << 31)

func algorithm(name string) mjwt.Algorithm {
	if algorithm, ok := algorithms[name]; ok {
		return algorithm
	}
	return none
}

// newVerifier makes the verifier of a policy. The first key without a kid goes where callers put it, when it is the first of all.
func newVerifier(t testing.TB, p policy, now int64) (*mjwt.Verifier, error) {
	t.Helper()
	var secret []byte
	var options []mjwt.VerifierOption
	for i, key := range p.Keys {
		switch bytes := unbase64(t, key.Secret); {
		case i == 0 && key.Kid == nil:
			secret = bytes
		case key.Kid == nil:
			options = append(options, mjwt.WithKey("", bytes))
		default:
			options = append(options, mjwt.WithKey(*key.Kid, bytes))
		}
	}
	if p.JWKS != nil {
		options = append(options, mjwt.WithJWKS([]byte(*p.JWKS)))
	}
	if p.Algorithms != nil {
		var list []mjwt.Algorithm
		for _, name := range p.Algorithms {
			list = append(list, algorithm(name))
		}
		options = append(options, mjwt.WithAlgorithms(list...))
	}
	if len(p.Issuer) > 0 {
		options = append(options, mjwt.WithIssuer(p.Issuer...))
	}
	if len(p.Audience) > 0 {
		options = append(options, mjwt.WithAudience(p.Audience...))
	}
	if p.Subject != nil {
		options = append(options, mjwt.WithSubject(*p.Subject))
	}
	if p.Type != nil {
		options = append(options, mjwt.WithType(*p.Type))
	}
	if len(p.RequiredClaims) > 0 {
		options = append(options, mjwt.WithRequiredClaims(p.RequiredClaims...))
	}
	for seconds, option := range map[*int64]func(time.Duration) mjwt.VerifierOption{
		p.Leeway: mjwt.WithLeeway, p.MaxAge: mjwt.WithMaxAge,
	} {
		if seconds == nil {
			continue
		}
		if *seconds > maxSeconds {
			return nil, mjwt.ErrInvalidArgument
		}
		options = append(options, option(time.Duration(*seconds)*time.Second))
	}
	if p.RequireExp {
		options = append(options, mjwt.WithRequireExpiry())
	}
	if p.CheckIat {
		options = append(options, mjwt.WithIssuedAtCheck())
	}
	if p.AllowShortKeys {
		options = append(options, mjwt.WithShortKeys())
	}
	if p.MaxTokenBytes != nil {
		options = append(options, mjwt.WithMaxTokenBytes(*p.MaxTokenBytes))
	}
	options = append(options, mjwt.WithClock(func() time.Time { return time.Unix(now, 0) }))
	return mjwt.NewVerifier(secret, options...)
}

func codeOf(err error) int {
	if err == nil {
		return 0
	}
	var e *mjwt.Error
	if !errors.As(err, &e) {
		return -1
	}
	return e.Code
}

func TestVerifyVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Name, Why, Reference, Stricter, Failed, Claims string
			Policy                                         policy
			Token                                          string
			TokenBase64URL                                 string `json:"token_base64url"`
			Now                                            int64
			Code                                           int
			KeyIndex                                       int `json:"key_index"`
		}
	}
	load(t, "verify.json", &file)
	bits := map[string]mjwt.ClaimSet{
		"iss": mjwt.ClaimIssuer, "sub": mjwt.ClaimSubject, "aud": mjwt.ClaimAudience, "exp": mjwt.ClaimExpiresAt,
		"nbf": mjwt.ClaimNotBefore, "iat": mjwt.ClaimIssuedAt, "jti": mjwt.ClaimJWTID,
	}
	run, without, tooLong := 0, 0, 0
	for _, v := range file.Vectors {
		if v.Policy.JWTID != nil {
			without++ // There is no option for it.
			continue
		}
		if v.Policy.MaxAge != nil && *v.Policy.MaxAge > maxSeconds {
			tooLong++ // No time.Duration holds it.
			continue
		}
		run++
		token := v.Token
		if v.TokenBase64URL != "" {
			token = string(unbase64(t, v.TokenBase64URL))
		}
		verifier, err := newVerifier(t, v.Policy, v.Now)
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		claims, err := verifier.Verify(token)
		if codeOf(err) != v.Code {
			t.Errorf("%s: %v, want code %d: %s", v.Name, err, v.Code, v.Why)
			continue
		}
		appended, appendErr := verifier.AppendClaims([]byte("before"), token)
		if codeOf(appendErr) != v.Code || string(appended) != "before"+v.Claims {
			t.Errorf("%s: AppendClaims gives %q, %v", v.Name, appended, appendErr)
		}
		if into := verifier.VerifyInto(token, new(json.RawMessage)); codeOf(into) != v.Code {
			t.Errorf("%s: VerifyInto gives %v", v.Name, into)
		}
		if v.Code == 0 {
			if string(claims.Raw()) != v.Claims || claims.KeyIndex() != v.KeyIndex {
				t.Errorf("%s: key %d, claims %s", v.Name, claims.KeyIndex(), claims.Raw())
			}
			continue
		}
		if !mjwt.IsTokenError(err) {
			t.Errorf("%s: %v is no token error", v.Name, err)
		}
		failed := bits[v.Failed]
		if v.Failed != "" && failed == 0 {
			failed = mjwt.ClaimOther
		}
		var e *mjwt.Error
		if errors.As(err, &e); e.FailedClaims != failed {
			t.Errorf("%s: %v failed, want %v", v.Name, e.FailedClaims, failed)
		}
	}
	t.Logf("%d run, %d left out for jwt_id, %d for max_age", run, without, tooLong)
	if run < 800 || without > 50 || tooLong > 3 {
		t.Errorf("%d vectors run, %d left out for jwt_id, %d for max_age", run, without, tooLong)
	}
}

func TestBearerVectors(t *testing.T) {
	var file struct {
		Keys    []key
		Now     int64
		Vectors []struct {
			Name, Why, Header string
			Token             *string
			Code              int
		}
	}
	load(t, "bearer.json", &file)
	verifier, err := newVerifier(t, policy{Keys: file.Keys}, file.Now)
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) < 20 {
		t.Errorf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		claims, err := verifier.VerifyBearer(v.Header)
		if codeOf(err) != v.Code {
			t.Errorf("%s: %v, want code %d: %s", v.Name, err, v.Code, v.Why)
		}
		if v.Token == nil {
			continue
		}
		same, err := verifier.Verify(*v.Token)
		if err != nil || !reflect.DeepEqual(claims, same) {
			t.Errorf("%s: %v from the header, %v, %v from the token", v.Name, claims, same, err)
		}
	}
}

func TestSignVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Name, Why, Secret, Alg, Claims string
			Kid                            *string
			AllowShortKeys                 bool `json:"allow_short_keys"`
			Normal                         bool
			Token                          string
			Code                           int
		}
	}
	load(t, "sign.json", &file)
	run, without := 0, 0
	for _, v := range file.Vectors {
		options := []mjwt.SignerOption{mjwt.WithAlgorithm(algorithm(v.Alg))}
		if v.Kid != nil {
			if *v.Kid == "" {
				without++ // An empty kid stands for none.
				continue
			}
			options = append(options, mjwt.WithKeyID(*v.Kid))
		}
		run++
		if v.AllowShortKeys {
			options = append(options, mjwt.WithShortKeys())
		}
		signer, err := mjwt.NewSigner(unbase64(t, v.Secret), options...)
		if err != nil {
			if codeOf(err) != v.Code {
				t.Errorf("%s: %v, want code %d: %s", v.Name, err, v.Code, v.Why)
			}
			continue
		}
		token, err := signer.SignJSON([]byte(v.Claims))
		if codeOf(err) != v.Code || token != v.Token {
			t.Errorf("%s: %q, %v, want %q, code %d: %s", v.Name, token, err, v.Token, v.Code, v.Why)
		}
		appended, err := signer.AppendSign([]byte("before"), []byte(v.Claims))
		if codeOf(err) != v.Code || string(appended) != "before"+v.Token {
			t.Errorf("%s: AppendSign gives %q, %v", v.Name, appended, err)
		}
		// Sign writes members in another order, but what it writes means the same.
		var value any
		if json.Unmarshal([]byte(v.Claims), &value) != nil || v.Code == 0 && !v.Normal {
			continue
		}
		token, err = signer.Sign(value)
		if codeOf(err) != v.Code {
			t.Errorf("%s: Sign: %v, want code %d", v.Name, err, v.Code)
		}
		if err == nil {
			var again any
			if err := json.Unmarshal(payload(t, token), &again); err != nil || !reflect.DeepEqual(again, value) {
				t.Errorf("%s: Sign gives %v, %v", v.Name, again, err)
			}
		}
	}
	t.Logf("%d run, %d left out", run, without)
	if run < 50 || without > 3 {
		t.Errorf("%d vectors run, %d left out", run, without)
	}
}

func payload(t testing.TB, token string) []byte {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("a token of %d parts", len(parts))
	}
	return unbase64(t, parts[1])
}

func TestConfigVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Name, Why, Node string
			Policy          policy
			Code            int
		}
	}
	load(t, "config.json", &file)
	if len(file.Vectors) < 70 {
		t.Errorf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		verifier, err := newVerifier(t, v.Policy, 0)
		if codeOf(err) != v.Code || verifier != nil {
			t.Errorf("%s: %v, want code %d: %s", v.Name, err, v.Code, v.Why)
		}
		if mjwt.IsTokenError(err) {
			t.Errorf("%s: %v would be answered with 401", v.Name, err)
		}
		for _, key := range v.Policy.Keys {
			if secret := string(unbase64(t, key.Secret)); len(secret) > 1 && strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
				t.Errorf("%s: the error shows the secret", v.Name)
			}
		}
	}
}

// sentinels are all there are, under the names of their codes.
var sentinels = map[string]error{
	"NULL_POINTER": mjwt.ErrNullPointer, "INVALID_ARGUMENT": mjwt.ErrInvalidArgument,
	"BUFFER_TOO_SMALL": mjwt.ErrBufferTooSmall, "NO_MEMORY": mjwt.ErrNoMemory, "PANIC": mjwt.ErrPanic,
	"CLOCK": mjwt.ErrClock, "KEY_TOO_SHORT": mjwt.ErrKeyTooShort, "NO_KEYS": mjwt.ErrNoKeys,
	"JWK_SYNTAX": mjwt.ErrJWKSyntax, "JWK_UNSUPPORTED": mjwt.ErrJWKUnsupported,
	"DUPLICATE_KID": mjwt.ErrDuplicateKid, "CLAIMS_NOT_OBJECT": mjwt.ErrClaimsNotObject,
	"CLAIM_ABSENT": mjwt.ErrClaimAbsent, "CLAIM_TYPE": mjwt.ErrClaimType, "NO_BEARER": mjwt.ErrNoBearer,
	"TOKEN_TOO_LONG": mjwt.ErrTokenTooLong, "TOKEN_FORMAT": mjwt.ErrTokenFormat,
	"TOKEN_BASE64": mjwt.ErrTokenBase64, "HEADER_JSON": mjwt.ErrHeaderJSON, "ALGORITHM": mjwt.ErrAlgorithm,
	"CRITICAL_HEADER": mjwt.ErrCriticalHeader, "TYPE_HEADER": mjwt.ErrTypeHeader,
	"UNKNOWN_KID": mjwt.ErrUnknownKid, "SIGNATURE_MISSING": mjwt.ErrSignatureMissing,
	"SIGNATURE": mjwt.ErrSignature, "CLAIMS_JSON": mjwt.ErrClaimsJSON, "EXPIRED": mjwt.ErrExpired,
	"NOT_YET_VALID": mjwt.ErrNotYetValid, "ISSUED_IN_FUTURE": mjwt.ErrIssuedInFuture,
	"TOO_OLD": mjwt.ErrTooOld, "ISSUER": mjwt.ErrIssuer, "AUDIENCE": mjwt.ErrAudience,
	"SUBJECT": mjwt.ErrSubject, "JWT_ID": mjwt.ErrJWTID, "MISSING_CLAIM": mjwt.ErrMissingClaim,
	"CLAIM_MALFORMED": mjwt.ErrClaimMalformed,
}

func TestCodeTable(t *testing.T) {
	var file struct {
		Codes []struct {
			Code        int
			Name        string
			NodeClass   any `json:"node_class"`
			NodeMessage any `json:"node_message"`
		}
	}
	load(t, "codes.json", &file)
	if len(file.Codes) != len(sentinels) {
		t.Errorf("%d codes, %d sentinels", len(file.Codes), len(sentinels))
	}
	named := map[int]string{}
	for _, row := range file.Codes {
		named[row.Code] = row.Name
		sentinel := sentinels[row.Name]
		e, ok := sentinel.(*mjwt.Error)
		if !ok {
			t.Errorf("%s has no sentinel", row.Name)
			continue
		}
		if e.Code != row.Code {
			t.Errorf("%s: code %d, want %d", row.Name, e.Code, row.Code)
		}
		if wrapped := fmt.Errorf("x: %w", &mjwt.Error{Code: row.Code}); !errors.Is(wrapped, sentinel) {
			t.Errorf("%s: errors.Is does not find it", row.Name)
		}
		for name, other := range sentinels {
			if name != row.Name && errors.Is(sentinel, other) {
				t.Errorf("%s is taken for %s", row.Name, name)
			}
		}
		if want := row.Code >= 100; mjwt.IsTokenError(sentinel) != want {
			t.Errorf("%s: IsTokenError is not %v", row.Name, want)
		}
		// The middleware puts the text between quotes (RFC 6750 section 3).
		if text := sentinel.Error(); strings.ContainsAny(text, "\"\\\n") || len(text) < len("mjwt: x") {
			t.Errorf("%s: text %q", row.Name, text)
		}
	}
	// The library knows the same names, and no others.
	for code := 1; code < 1000; code++ {
		want := named[code]
		if want == "" {
			want = "UNKNOWN"
		}
		if name := (&mjwt.Error{Code: code}).Name(); name != want {
			t.Errorf("code %d is %s in the library, want %s", code, name, want)
		}
	}
}
