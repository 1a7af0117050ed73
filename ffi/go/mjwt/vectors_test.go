package mjwt_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// The vectors that every binding of the library runs; their README says what
// they mean. Outside of a checkout the variable says where they are.
var vectorsDir = cmp.Or(os.Getenv("MJWT_VECTORS"), "../../../tests/vectors")

// A setup says how a verifier is made.
type setup struct {
	Keys   []key
	JWKS   *string
	Policy json.RawMessage
}

type key struct {
	Secret string
	Kid    *string
}

// load reads a file of vectors strictly: a member that this test does not know
// is an error, not a rule left untested.
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

// verifier makes the verifier. The first key, if it has no kid, is given where
// callers give it.
func (s *setup) verifier(t testing.TB, now int64) (*mjwt.Verifier, error) {
	t.Helper()
	var secret []byte
	options := []mjwt.VerifierOption{mjwt.WithClock(func() time.Time { return time.Unix(now, 0) })}
	for i, key := range s.Keys {
		switch bytes := unbase64(t, key.Secret); {
		case i == 0 && key.Kid == nil:
			secret = bytes
		case key.Kid == nil:
			options = append(options, mjwt.WithKey("", bytes))
		default:
			options = append(options, mjwt.WithKey(*key.Kid, bytes))
		}
	}
	if s.JWKS != nil {
		options = append(options, mjwt.WithJWKS([]byte(*s.JWKS)))
	}
	if s.Policy != nil {
		options = append(options, mjwt.WithPolicy(s.Policy))
	}
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
			setup
			Name, Why, Reference, Stricter, Failed, Claims string
			Token                                          string
			TokenBase64URL                                 string `json:"token_base64url"`
			Now                                            int64
			Code                                           int
			KeyIndex                                       int `json:"key_index"`
			Missing                                        *int
		}
	}
	load(t, "verify.json", &file)
	bits := map[string]mjwt.ClaimSet{
		"iss": mjwt.ClaimIssuer, "sub": mjwt.ClaimSubject, "aud": mjwt.ClaimAudience, "exp": mjwt.ClaimExpiresAt,
		"nbf": mjwt.ClaimNotBefore, "iat": mjwt.ClaimIssuedAt, "jti": mjwt.ClaimJWTID,
	}
	if len(file.Vectors) < 870 {
		t.Errorf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		token := v.Token
		if v.TokenBase64URL != "" {
			token = string(unbase64(t, v.TokenBase64URL))
		}
		verifier, err := v.verifier(t, v.Now)
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
			t.Errorf("%s: %v is not a token error", v.Name, err)
		}
		failed := bits[v.Failed]
		if v.Failed != "" && failed == 0 {
			failed = mjwt.ClaimOther
		}
		missing := ""
		if v.Code == 209 {
			missing = v.Failed
		}
		var e *mjwt.Error
		if errors.As(err, &e); e.FailedClaims != failed || e.MissingClaim != missing {
			t.Errorf("%s: %v failed, missing %q, want %v, %q", v.Name, e.FailedClaims, e.MissingClaim, failed, missing)
		}
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
	verifier, err := (&setup{Keys: file.Keys}).verifier(t, file.Now)
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
			Name, Why, Node, Mentions, Secret, Alg, Claims string
			JWKS, Kid                                      *string
			AllowShortKeys                                 bool `json:"allow_short_keys"`
			MaxTokenBytes                                  *int `json:"max_token_bytes"`
			Normal                                         bool
			Token                                          string
			Code                                           int
		}
	}
	load(t, "sign.json", &file)
	algorithms := map[string]mjwt.Algorithm{"HS256": mjwt.HS256, "HS384": mjwt.HS384, "HS512": mjwt.HS512}
	run, without := 0, 0
	for _, v := range file.Vectors {
		var options []mjwt.SignerOption
		if v.Alg != "" {
			options = append(options, mjwt.WithAlgorithm(algorithms[v.Alg])) // 0 where there is none of that name.
		}
		if v.Kid != nil {
			if *v.Kid == "" {
				without++ // Here an empty kid is none.
				continue
			}
			options = append(options, mjwt.WithKeyID(*v.Kid))
		}
		if v.JWKS != nil {
			without++ // A signer has one secret.
			continue
		}
		run++
		if v.AllowShortKeys {
			options = append(options, mjwt.WithShortKeys())
		}
		if v.MaxTokenBytes != nil {
			options = append(options, mjwt.WithMaxTokenBytes(*v.MaxTokenBytes))
		}
		signer, err := mjwt.NewSigner(unbase64(t, v.Secret), options...)
		if err != nil {
			if codeOf(err) != v.Code || !strings.Contains(err.Error(), v.Mentions) {
				t.Errorf("%s: %v, want code %d, %q: %s", v.Name, err, v.Code, v.Mentions, v.Why)
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
		// Sign writes members in another order, but what it writes means the
		// same.
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
	if run < 75 || without > 20 {
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
			setup
			Name, Why, Node, Mentions string
			Code                      int
		}
	}
	load(t, "config.json", &file)
	if len(file.Vectors) < 75 {
		t.Errorf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		if v.Name == "empty-kid" {
			continue // Here an empty kid is none.
		}
		verifier, err := v.verifier(t, 0)
		if codeOf(err) != v.Code || verifier != nil {
			t.Errorf("%s: %v, want code %d: %s", v.Name, err, v.Code, v.Why)
			continue
		}
		if mjwt.IsTokenError(err) {
			t.Errorf("%s: %v would be answered with 401", v.Name, err)
		}
		if !strings.Contains(err.Error(), v.Mentions) {
			t.Errorf("%s: %v does not mention %q", v.Name, err, v.Mentions)
		}
		for _, key := range v.Keys {
			if secret := string(unbase64(t, key.Secret)); len(secret) > 1 && strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
				t.Errorf("%s: the error shows the secret", v.Name)
			}
		}
	}
}

func TestPolicyVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Name, Why, Document, Mentions, Schema string
			Code                                  int
		}
	}
	load(t, "policy.json", &file)
	if len(file.Vectors) < 170 {
		t.Errorf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		_, err := mjwt.NewVerifier(bytes.Repeat(secret, 2), mjwt.WithPolicy([]byte(v.Document)))
		if codeOf(err) != v.Code || err != nil && !strings.Contains(err.Error(), v.Mentions) {
			t.Errorf("%s: %v, want code %d, %q: %s", v.Name, err, v.Code, v.Mentions, v.Why)
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
	"CLAIM_MALFORMED": mjwt.ErrClaimMalformed, "CLAIMS_MISMATCH": mjwt.ErrClaimsMismatch,
}

func TestCodeTable(t *testing.T) {
	var file struct {
		Codes []struct {
			Code        int
			Name        string
			NodeClass   any `json:"node_class"`
			NodeMessage any `json:"node_message"`
			Only        any
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

// The header's comment on a code is its message, as a sentence.
func TestMessages(t *testing.T) {
	header, err := os.ReadFile(filepath.Join(vectorsDir, "..", "..", "include", "mjwt.h"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`/\* ([^/]+)\. \*/\n#define MJWT_ERR_(\w+) \d+\n`)
	rows := row.FindAllStringSubmatch(string(header), -1)
	if len(rows) != len(sentinels) {
		t.Errorf("%d codes in the header, %d sentinels", len(rows), len(sentinels))
	}
	for _, row := range rows {
		sentence := strings.ReplaceAll(row[1], "\n * ", " ")
		want := "mjwt: " + strings.ToLower(sentence[:1]) + sentence[1:]
		if sentinel := sentinels[row[2]]; sentinel == nil || sentinel.Error() != want {
			t.Errorf("%s is %v, want %s", row[2], sentinel, want)
		}
	}
}
