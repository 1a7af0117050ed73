package mjwt

import (
	"encoding/json"
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// A Verifier checks tokens against one policy and its keys. It is safe for
// concurrent use.
type Verifier struct {
	state atomic.Pointer[verifierState]
}

// A verifierState never changes. Verifier drops it at once, on Close or when
// keys are replaced: calls that still use it keep it alive.
type verifierState struct {
	backend       *verifierBackend
	policies      []string
	clock         func() time.Time
	maxTokenBytes int
}

// NewVerifier makes a verifier. By default it takes HS256 tokens that are
// signed with this secret, of 32 bytes or more, and checks exp and nbf where
// present. With a nil secret the keys come from [WithKey] or [WithJWKS] alone.
// Secrets are copied; the copies are wiped when the verifier, closed or
// forgotten, is collected.
//
// It fails with [ErrKeyTooShort], [ErrNoKeys], [ErrDuplicateKid],
// [ErrJWKSyntax], [ErrJWKUnsupported], or [ErrInvalidArgument], whose text
// names the option. A secret that is a PEM block is an invalid argument too.
func NewVerifier(secret []byte, options ...VerifierOption) (*Verifier, error) {
	var config verifierConfig
	if err := config.apply(secret, options); err != nil {
		return nil, err
	}
	policies, err := config.policies()
	if err != nil {
		return nil, err
	}
	state, err := newVerifierState(config.keys, policies, config.clock)
	if err != nil {
		return nil, err
	}
	v := new(Verifier)
	v.state.Store(state)
	return v, nil
}

func (c *verifierConfig) apply(secret []byte, options []VerifierOption) error {
	if secret != nil {
		c.keys = append(c.keys, key{bytes: secret})
	}
	for _, option := range options {
		if option == nil {
			return invalid("nil option", "an option is needed")
		}
		if err := option.forVerifier(c); err != nil {
			return err
		}
	}
	return nil
}

// policies are the documents of the caller, and one of all options.
func (c *verifierConfig) policies() ([]string, error) {
	options, err := json.Marshal(c.policy)
	return append(slices.Clip(c.documents), string(options)), err
}

func newVerifierState(keys []key, policies []string, clock func() time.Time) (*verifierState, error) {
	backend, err := newVerifierBackend(keys, policies)
	if err != nil {
		return nil, err
	}
	known, err := knownOf(policies)
	if err != nil {
		return nil, err
	}
	return &verifierState{backend, policies, clock, int(known.MaxTokenBytes)}, nil
}

// known is what we need of the policy ourselves.
type known struct {
	MaxTokenBytes  float64  `json:"maxTokenBytes"`
	RequiredClaims []string `json:"requiredClaims"`
}

// knownOf reads documents that the core has read before: no member is in two
// of them.
func knownOf(policies []string) (known, error) {
	known := known{MaxTokenBytes: defaultMaxTokenBytes}
	for _, document := range policies {
		if err := json.Unmarshal([]byte(document), &known); err != nil {
			return known, err
		}
	}
	return known, nil
}

// ReplaceKeys replaces all keys, in one step: the new ones are the secret, if
// it is not nil, and those of [WithKey] and [WithJWKS]. What else was required
// of tokens stays as it was. Calls under way in other goroutines end with the
// keys that they began with. When it fails, the old keys stay in use.
func (v *Verifier) ReplaceKeys(secret []byte, keys ...VerifierOption) error {
	for _, option := range keys {
		if _, ok := option.(keyOption); !ok && option != nil {
			return invalid("ReplaceKeys: "+optionName(option), "not a key; all but the keys stays as it was")
		}
	}
	old := v.state.Load()
	if old == nil {
		return ErrClosed
	}
	var config verifierConfig
	if err := config.apply(secret, keys); err != nil {
		return err
	}
	state, err := newVerifierState(config.keys, old.policies, old.clock)
	if err != nil {
		return err
	}
	// Beside another ReplaceKeys either order is right, but what was closed
	// stays closed.
	for !v.state.CompareAndSwap(old, state) {
		if old = v.state.Load(); old == nil {
			return ErrClosed
		}
	}
	return nil
}

func optionName(option VerifierOption) string {
	switch option := option.(type) {
	case policyOption:
		return option.name
	case maxTokenBytes:
		return "WithMaxTokenBytes"
	}
	return "WithShortKeys"
}

// Verify checks a token and returns its claims. It fails with one of the
// errors of codes 100 to 299.
func (v *Verifier) Verify(token string) (*Claims, error) {
	return v.claims(token, false)
}

// VerifyBearer is as [Verifier.Verify], for the value of an HTTP Authorization
// header: "Bearer" in any case, spaces, the token (RFC 6750 section 2.1). It
// fails with [ErrNoBearer] if there is none.
func (v *Verifier) VerifyBearer(authorization string) (*Claims, error) {
	return v.claims(authorization, true)
}

// VerifyInto checks a token and decodes its claims into dst, as
// [Claims.Decode] does.
func (v *Verifier) VerifyInto(token string, dst any) error {
	claims, err := v.AppendClaims(nil, token)
	if err != nil {
		return err
	}
	return decode(claims, dst)
}

// VerifyAs checks a token and returns its claims as a T, such as a struct that
// embeds [RegisteredClaims]. Claims that do not fit T are
// [ErrClaimsMismatch]. On failure it returns the zero value.
func VerifyAs[T any](v *Verifier, token string) (T, error) {
	var claims T
	if err := v.VerifyInto(token, &claims); err != nil {
		return *new(T), err
	}
	return claims, nil
}

// AppendClaims checks a token, appends its claims to dst, a JSON object in
// UTF-8, and returns the extended buffer. It allocates nothing when dst has
// room for three quarters of the token's length and 3 bytes more. A token that
// is refused leaves no trace in the buffer, whose length then stays as it was.
func (v *Verifier) AppendClaims(dst []byte, token string) ([]byte, error) {
	state := v.state.Load()
	if state == nil {
		return dst, ErrClosed
	}
	room := state.room(token)
	dst = slices.Grow(dst, room)
	var found report
	if err := state.verify(token, false, dst[len(dst):len(dst)+room], &found); err != nil {
		return dst, err
	}
	return dst[:len(dst)+found.claimsLen], nil
}

// Close ends the verifier: its methods then return [ErrClosed]. Calls under
// way in other goroutines end undisturbed, and the garbage collector has the
// keys wiped after the last of them. Without Close that happens when the
// verifier is no longer reachable.
func (v *Verifier) Close() error {
	v.state.Store(nil)
	return nil
}

// The limit of a verifier and a signer without WithMaxTokenBytes.
const defaultMaxTokenBytes = 16384

// The now that means the system clock.
const systemClock = math.MinInt64

// room is enough for the claims of every good token of that length. However
// long the token is, we allocate no more than for the longest good one.
func (s *verifierState) room(token string) int {
	return (min(len(token), s.maxTokenBytes)/4 + 1) * 3
}

func (v *Verifier) claims(token string, bearer bool) (*Claims, error) {
	state := v.state.Load()
	if state == nil {
		return nil, ErrClosed
	}
	buffer := make([]byte, state.room(token))
	var found report
	if err := state.verify(token, bearer, buffer, &found); err != nil {
		return nil, err
	}
	return &Claims{buffer[:found.claimsLen:found.claimsLen], found.keyIndex}, nil
}

func (s *verifierState) verify(token string, bearer bool, claims []byte, found *report) error {
	now := int64(systemClock)
	if s.clock != nil {
		now = s.clock().Unix()
	}
	status := s.backend.verify(token, bearer, now, claims, found)
	if status == 0 {
		return nil
	}
	return &Error{Code: status, FailedClaims: found.failed, MissingClaim: found.missing}
}

// A report is what a backend says of a token beside the status.
type report struct {
	claimsLen int
	keyIndex  int
	failed    ClaimSet
	missing   string // The claim that is missing.
}
