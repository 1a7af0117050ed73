package mjwt

import (
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
	policy        policy
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
	state, err := newVerifierState(&config)
	if err != nil {
		return nil, err
	}
	v := new(Verifier)
	v.state.Store(state)
	return v, nil
}

func (c *verifierConfig) apply(secret []byte, options []VerifierOption) error {
	if secret != nil {
		c.keys = append(c.keys, key{bytes: secret, where: "secret"})
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

func newVerifierState(config *verifierConfig) (*verifierState, error) {
	backend, err := newVerifierBackend(config.keys, &config.policy)
	if err != nil {
		return nil, err
	}
	maxTokenBytes := defaultMaxTokenBytes
	if n := config.policy.MaxTokenBytes; n != nil {
		maxTokenBytes = int(*n)
	}
	return &verifierState{backend, config.policy, config.clock, maxTokenBytes}, nil
}

// ReplaceKeys replaces all keys, in one step: the new ones are the secret, if
// it is not nil, and those of [WithKey] and [WithJWKS]. What else was demanded
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
	config := verifierConfig{policy: old.policy, clock: old.clock}
	if err := config.apply(secret, keys); err != nil {
		return err
	}
	state, err := newVerifierState(&config)
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
	if option, ok := option.(policyOption); ok {
		return option.name
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

// The default of the policy's maxTokenBytes.
const defaultMaxTokenBytes = 16384

// The now that stands for the system clock.
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
	return newClaims(buffer, &found), nil
}

func (s *verifierState) verify(token string, bearer bool, claims []byte, found *report) error {
	now := int64(systemClock)
	if s.clock != nil {
		now = s.clock().Unix()
	}
	if status := s.backend.verify(token, bearer, now, claims, found); status != 0 {
		return &Error{Code: status, FailedClaims: found.failed}
	}
	return nil
}

// A report is what a backend found in a token.
type report struct {
	claimsLen         int
	exp, nbf, iat     int64
	subOffset, subLen int
	present, failed   ClaimSet
	keyIndex          int
}
