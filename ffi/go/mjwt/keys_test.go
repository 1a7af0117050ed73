package mjwt_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

var other = bytes.Repeat([]byte("o"), 32)

func signWith(t testing.TB, secret []byte, claims string, options ...mjwt.SignerOption) string {
	t.Helper()
	return must(must(mjwt.NewSigner(secret, options...))(t).SignJSON([]byte(claims)))(t)
}

func TestReplaceKeys(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow, mjwt.WithIssuer("i"), mjwt.WithMaxTokenBytes(300), mjwt.WithKey("k", other)))(t)
	claims := `{"iss":"i","exp":1700000001}`
	state := func(want map[string]error) {
		t.Helper()
		for name, token := range map[string]string{
			"secret":  signWith(t, secret, claims),
			"other":   signWith(t, other, claims),
			"kid":     signWith(t, other, claims, mjwt.WithKeyID("k")),
			"issuer":  signWith(t, other, `{"iss":"x"}`, mjwt.WithKeyID("k")),
			"expired": signWith(t, other, `{"iss":"i","exp":1700000000}`, mjwt.WithKeyID("k")),
			"long":    signWith(t, other, `{"iss":"i","pad":"`+strings.Repeat("x", 300)+`"}`, mjwt.WithKeyID("k")),
		} {
			if _, err := v.Verify(token); !errors.Is(err, want[name]) {
				t.Errorf("%s: %v, want %v", name, err, want[name])
			}
		}
	}
	before := map[string]error{
		"issuer": mjwt.ErrIssuer, "expired": mjwt.ErrExpired, "long": mjwt.ErrTokenTooLong,
	}
	state(before)

	// What is refused changes nothing.
	for want, options := range map[error][]mjwt.VerifierOption{
		mjwt.ErrKeyTooShort:     {mjwt.WithKey("n", other), mjwt.WithKey("m", other[:31])},
		mjwt.ErrDuplicateKid:    {mjwt.WithKey("n", other), mjwt.WithKey("n", secret)},
		mjwt.ErrJWKSyntax:       {mjwt.WithKey("n", other), mjwt.WithJWKS([]byte("{"))},
		mjwt.ErrNoKeys:          nil,
		mjwt.ErrInvalidArgument: {mjwt.WithKey("n", other), mjwt.WithKey("\xff", secret)},
	} {
		if err := v.ReplaceKeys(nil, options...); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
		state(before)
	}
	for text, option := range map[string]mjwt.VerifierOption{
		"mjwt: ReplaceKeys: WithIssuer: not a key":    mjwt.WithIssuer("x"),
		"mjwt: ReplaceKeys: WithLeeway: not a key":    mjwt.WithLeeway(0),
		"mjwt: ReplaceKeys: WithShortKeys: not a key": mjwt.WithShortKeys(),
		"mjwt: ReplaceKeys: WithClock: not a key":     atNow,
		"mjwt: nil option":                            nil,
	} {
		if err := v.ReplaceKeys(other, option); !errors.Is(err, mjwt.ErrInvalidArgument) || !strings.HasPrefix(err.Error(), text) {
			t.Errorf("%v, want %s", err, text)
		}
		state(before)
	}

	// The keys are others, the policy is the same.
	if err := v.ReplaceKeys(other); err != nil {
		t.Error(err)
	}
	state(map[string]error{
		"secret": mjwt.ErrSignature, "issuer": mjwt.ErrIssuer, "expired": mjwt.ErrExpired, "long": mjwt.ErrTokenTooLong,
	})
	if err := v.ReplaceKeys(nil, mjwt.WithKey("k", other)); err != nil {
		t.Error(err)
	}
	state(map[string]error{
		"secret": mjwt.ErrSignature, "issuer": mjwt.ErrIssuer, "expired": mjwt.ErrExpired, "long": mjwt.ErrTokenTooLong,
	})

	// Short keys are policy too: once allowed, they stay so.
	short := must(mjwt.NewVerifier(secret, mjwt.WithShortKeys()))(t)
	if err := short.ReplaceKeys([]byte("short")); err != nil {
		t.Error(err)
	}

	v.Close()
	for _, v := range []*mjwt.Verifier{v, new(mjwt.Verifier)} {
		if err := v.ReplaceKeys(secret); err != mjwt.ErrClosed {
			t.Error(err)
		}
	}
}

// While keys change under load, every token of a key that is in use on both
// sides of each change is accepted, and none of a retired key once
// ReplaceKeys has returned.
func TestReplaceKeysUnderLoad(t *testing.T) {
	keys := make([][]byte, 4)
	tokens := make([]string, len(keys))
	for i := range keys {
		keys[i] = bytes.Repeat([]byte{byte('a' + i)}, 32)
		tokens[i] = signWith(t, keys[i], `{"sub":"me"}`, mjwt.WithKeyID(string(rune('a'+i))))
	}
	option := func(i int) mjwt.VerifierOption { return mjwt.WithKey(string(rune('a'+i%len(keys))), keys[i%len(keys)]) }
	v := must(mjwt.NewVerifier(nil, option(0), option(1)))(t)
	var common atomic.Int64 // The key that is there before and after the change.
	common.Store(1)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-done:
					return
				default:
				}
				i := common.Load()
				_, err := v.Verify(tokens[i%4])
				// Of use as a proof only if the change was not overtaken.
				if err != nil && common.Load() == i {
					t.Errorf("key %d: %v", i, err)
				}
			}
		}()
	}
	for i := 1; i < 400; i++ {
		if err := v.ReplaceKeys(nil, option(i), option(i+1)); err != nil {
			t.Error(err)
		}
		if _, err := v.Verify(tokens[(i-1)%4]); !errors.Is(err, mjwt.ErrUnknownKid) {
			t.Errorf("retired key %d: %v", i-1, err)
		}
		common.Store(int64(i + 1))
	}
	close(done)
	readers.Wait()
}

// What was closed stays closed, whatever is replaced at that moment.
func TestReplaceKeysBesideClose(t *testing.T) {
	for range 50 {
		v := must(mjwt.NewVerifier(secret))(t)
		var others sync.WaitGroup
		for range 4 {
			others.Add(1)
			go func() {
				defer others.Done()
				for {
					if err := v.ReplaceKeys(other); err == mjwt.ErrClosed {
						return
					} else if err != nil {
						t.Error(err)
					}
				}
			}()
		}
		v.Close()
		if err := v.ReplaceKeys(other); err != mjwt.ErrClosed {
			t.Error(err)
		}
		others.Wait()
		if _, err := v.Verify(""); err != mjwt.ErrClosed {
			t.Error(err)
		}
	}
}
