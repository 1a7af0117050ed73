package mjwt

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"sync/atomic"
	"unsafe"
)

// A Signer makes tokens with one key. It never changes, and is safe for
// concurrent use.
type Signer struct {
	backend       atomic.Pointer[signerBackend]
	maxTokenBytes int
}

// NewSigner makes a signer. By default it signs with HS256 and a secret of 32
// bytes or more. The secret is copied, and the copy is wiped when the signer,
// closed or forgotten, is collected.
//
// It fails with [ErrKeyTooShort], or [ErrInvalidArgument] for an option out of
// its range or a secret that is a PEM block.
func NewSigner(secret []byte, options ...SignerOption) (*Signer, error) {
	config := signerConfig{algorithm: HS256, maxTokenBytes: defaultMaxTokenBytes}
	for _, option := range options {
		if option == nil {
			return nil, invalid("nil option", "an option is needed")
		}
		if err := option.forSigner(&config); err != nil {
			return nil, err
		}
	}
	backend, err := newSignerBackend(secret, &config)
	if err != nil {
		return nil, err
	}
	s := &Signer{maxTokenBytes: config.maxTokenBytes}
	s.backend.Store(backend)
	return s, nil
}

// Sign makes a token of anything that encoding/json turns into a JSON object.
// Nothing is added: iat and exp are the caller's to set, as numbers of seconds
// since 1970, such as time.Now().Add(time.Hour).Unix(), or as a [NumericDate].
//
// It fails with an error of encoding/json, with [ErrClaimsNotObject], or with
// [ErrClaimType] when exp, nbf or iat is not a number.
func (s *Signer) Sign(claims any) (string, error) {
	text, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return s.SignJSON(text)
}

// SignJSON makes a token of a JSON object in UTF-8, whose bytes become the
// payload as they are. It fails as [Signer.Sign] does.
func (s *Signer) SignJSON(claims []byte) (string, error) {
	backend := s.backend.Load()
	if backend == nil {
		return "", ErrClosed
	}
	token := make([]byte, s.room(backend, claims))
	n, status := backend.sign(claims, token)
	if status != 0 {
		return "", refusal(status, "")
	}
	return unsafe.String(unsafe.SliceData(token), n), nil // Nobody else has these bytes.
}

// AppendSign is as [Signer.SignJSON], and appends the token to dst, whose
// spare room must not overlap the claims. It allocates nothing when dst has
// room for the token. On failure the length of dst stays as it was.
func (s *Signer) AppendSign(dst, claims []byte) ([]byte, error) {
	backend := s.backend.Load()
	if backend == nil {
		return dst, ErrClosed
	}
	room := s.room(backend, claims)
	dst = slices.Grow(dst, room)
	n, status := backend.sign(claims, dst[len(dst):len(dst)+room])
	if status != 0 {
		return dst, refusal(status, "")
	}
	return dst[:len(dst)+n], nil
}

// room is the length of the token: only the payload's part varies. What is
// over the limit is refused, so it needs no more.
func (s *Signer) room(backend *signerBackend, claims []byte) int {
	return min(backend.frame+base64.RawURLEncoding.EncodedLen(len(claims)), s.maxTokenBytes)
}

// Close ends the signer: its methods then return [ErrClosed]. See
// [Verifier.Close].
func (s *Signer) Close() error {
	s.backend.Store(nil)
	return nil
}
