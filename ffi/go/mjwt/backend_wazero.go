//go:build !cgo || mjwt_wasm

package mjwt

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

func libraryVersion() string {
	facts, err := wasmFacts()
	if err != nil {
		return "unknown"
	}
	return facts.version
}

func statusName(code int) string    { return wasmStatus(code).name }
func statusMessage(code int) string { return wasmStatus(code).message }

// ownCodes are the codes that libmjwt adds to those of the core, which is all
// that the WebAssembly module has. TestCodeTable and TestMessages check them.
var ownCodes = map[int]wasmCode{
	0:  {"OK", "success"},
	1:  {"NULL_POINTER", "a pointer is NULL that must not be"},
	4:  {"NO_MEMORY", "out of memory"},
	5:  {"PANIC", "internal error: a defect of this library was caught"},
	41: {"CLAIM_ABSENT", "the claim is absent"},
}

func wasmStatus(code int) wasmCode {
	if row, ok := ownCodes[code]; ok {
		return row
	}
	facts, err := wasmFacts()
	if err == nil {
		if row, ok := facts.codes[code]; ok {
			return row
		}
	}
	return wasmCode{"UNKNOWN", "unknown status"}
}

// verifierBackend is a verifier in each of some instances of the WebAssembly
// module.
type verifierBackend struct {
	pool   *wasmPool
	limit  int  // The longest token that is looked at.
	oneKey bool // It is always key 0.
}

func newVerifierBackend(keys []key, policies []string) (*verifierBackend, error) {
	// The caller may wipe its keys, but each instance is made of them.
	keys = slices.Clone(keys)
	for i := range keys {
		keys[i].bytes = slices.Clone(keys[i].bytes)
	}
	wipe := func() {
		for _, key := range keys {
			clear(key.bytes)
		}
	}
	pool, first, err := newWasmPool(func(i *wasmInstance) error {
		for _, key := range keys {
			if err := i.addKey(key); err != nil {
				return err
			}
		}
		for _, policy := range policies {
			if err := i.configure("verifier_policy", []byte(policy), uint64(len(policy))); err != nil {
				return err
			}
		}
		return i.build("verifier_build")
	}, wipe)
	if err != nil {
		return nil, err
	}
	limit, err := first.call("verifier_limit", first.handle)
	if err != nil {
		pool.close()
		return nil, refusal(panicked, "")
	}
	pool.put(first)
	b := &verifierBackend{pool, int(limit), len(keys) == 1 && !keys[0].isSet}
	runtime.AddCleanup(b, (*wasmPool).close, pool)
	return b, nil
}

func (i *wasmInstance) addKey(k key) error {
	if k.isSet {
		return i.configure("verifier_jwks", k.bytes, uint64(len(k.bytes)))
	}
	kidLen := noKid
	if k.kid != "" {
		kidLen = uint64(len(k.kid))
	}
	input := append(slices.Clone(k.bytes), k.kid...)
	defer clear(input)
	return i.configure("verifier_secret", input, uint64(len(k.bytes)), kidLen)
}

// noKid is -1 as the module's functions take it.
const noKid = uint64(math.MaxUint32)

// verify takes one instance for the time of the call. now is in seconds, or
// systemClock.
func (b *verifierBackend) verify(token string, bearer bool, now int64, claims []byte, found *report) int {
	defer runtime.KeepAlive(b)
	if bearer {
		if token = bearerToken(token); token == "" {
			return noBearer
		}
	}
	if now == systemClock {
		if now = time.Now().Unix(); now < 0 {
			return clockError
		}
	}
	// What is too long is still too long when it is cut.
	token = token[:min(len(token), b.limit+1)]
	i, err := b.pool.get()
	if err != nil {
		return statusOf(err)
	}
	status, err := i.verify(token, float64(now), claims, found)
	if err == nil && status == 0 && !b.oneKey {
		found.keyIndex, err = i.fast(i.keyIndexFunction)
	}
	if err != nil {
		b.pool.drop(i)
		return panicked
	}
	b.pool.put(i)
	return status
}

func (i *wasmInstance) verify(token string, now float64, claims []byte, found *report) (status int, err error) {
	if err := i.reserve(len(token)); err != nil {
		return 0, err
	}
	i.memory.WriteString(i.input, token)
	n, err := i.fast(i.verifyFunction, i.handle, uint64(len(token)), math.Float64bits(now))
	if err != nil {
		return 0, err
	}
	if n >= 0 {
		found.claimsLen = copy(claims, i.output(n))
		return 0, nil
	}
	status = -n
	found.failed = failedClaims[status]
	if status == missingClaim || status == claimMalformed {
		name, err := i.text("error_claim")
		if err != nil {
			return 0, err
		}
		found.failed = ClaimOther
		if bit := slices.Index(claimNames[:], name); bit >= 0 {
			found.failed = 1 << bit
		}
		if status == missingClaim {
			found.missing = name
		}
	}
	return status, nil
}

// failedClaims are those that a code is about.
var failedClaims = map[int]ClaimSet{
	201: ClaimExpiresAt, 202: ClaimNotBefore, 203: ClaimIssuedAt, 204: ClaimIssuedAt, 205: ClaimIssuer, 206: ClaimAudience,
	207: ClaimSubject, 208: ClaimJWTID,
}

// bearerToken is the token of an Authorization header (RFC 6750 section 2.1),
// or "". As in libmjwt, what is not UTF-8 has none.
func bearerToken(authorization string) string {
	const scheme = "bearer "
	if len(authorization) < len(scheme) || !strings.EqualFold(authorization[:len(scheme)], scheme) ||
		!utf8.ValidString(authorization) {
		return ""
	}
	return strings.Trim(authorization[len(scheme):], " \t")
}

// signerBackend is a signer in each of some instances of the WebAssembly
// module.
type signerBackend struct {
	pool  *wasmPool
	frame int // The length of a token without its payload.
}

func newSignerBackend(secret []byte, config *signerConfig) (*signerBackend, error) {
	secret = slices.Clone(secret)
	options := *config
	pool, first, err := newWasmPool(func(i *wasmInstance) error {
		if err := i.configure("signer_secret", secret, uint64(len(secret))); err != nil {
			return err
		}
		if options.kid != "" {
			if err := i.configure("signer_kid", []byte(options.kid), uint64(len(options.kid))); err != nil {
				return err
			}
		}
		algorithm := options.algorithm.String()
		if err := i.configure("signer_algorithm", []byte(algorithm), uint64(len(algorithm))); err != nil {
			return err
		}
		if err := i.configure("signer_limit", nil, uint64(options.maxTokenBytes)); err != nil {
			return err
		}
		var allowShortKeys uint64
		if options.allowShortKeys {
			allowShortKeys = 1
		}
		return i.build("signer_build", allowShortKeys)
	}, func() { clear(secret) })
	if err != nil {
		return nil, err
	}
	frame, err := first.call("signer_bound", first.handle, 0)
	if err != nil {
		pool.close()
		return nil, refusal(panicked, "")
	}
	pool.put(first)
	b := &signerBackend{pool, int(frame)}
	runtime.AddCleanup(b, (*wasmPool).close, pool)
	return b, nil
}

// sign takes one instance for the time of the call. token is as long as it
// will be, or as the limit.
func (b *signerBackend) sign(claims, token []byte) (n, status int) {
	defer runtime.KeepAlive(b)
	i, err := b.pool.get()
	if err != nil {
		return 0, statusOf(err)
	}
	n, err = i.sign(claims, token)
	if err != nil {
		b.pool.drop(i)
		return 0, panicked
	}
	b.pool.put(i)
	if n < 0 {
		return 0, -n
	}
	return n, 0
}

// sign returns the length of the token, or minus a code.
func (i *wasmInstance) sign(claims, token []byte) (int, error) {
	// What is too long is still too long when it is cut.
	claims = claims[:min(len(claims), len(token))]
	if err := i.reserve(len(token)); err != nil {
		return 0, err
	}
	i.memory.Write(i.input, claims)
	n, err := i.fast(i.signFunction, i.handle, uint64(len(claims)), noKid)
	if err == nil && n >= 0 {
		n = copy(token, i.output(n))
	}
	return n, err
}
