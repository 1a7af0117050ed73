package mjwt

import (
	"errors"
	"strconv"
	"strings"
)

// An Error is a failure that has a code. Compare it with errors.Is and a
// sentinel, such as [ErrExpired].
type Error struct {
	// Code is the number of the failure, the same in every language:
	// 1 to 99 the caller's fault, 100 to 199 the token is refused up to and
	// including its signature, 200 to 299 its signature is good and its claims
	// are refused. A number is never used twice, and later versions may have
	// more of them.
	Code int
	// FailedClaims are the claims that were refused: one for codes 201 to
	// 210, none for others.
	FailedClaims ClaimSet
	// MissingClaim is the name of the claim that the token lacks, for code
	// 209; "" for others.
	MissingClaim string

	where  string // Which argument, option or claim.
	reason string // In place of the sentence of the code.
	cause  error  // What encoding/json says.
}

// Name returns the name of the code, such as "EXPIRED"; "UNKNOWN" for a number
// that is not in use.
func (e *Error) Name() string { return statusName(e.Code) }

// Error returns one English sentence, which holds nothing of a token or a
// secret.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("mjwt: ")
	if e.where != "" {
		text.WriteString(e.where + ": ")
	}
	if e.reason != "" {
		text.WriteString(e.reason)
	} else {
		text.WriteString(e.message())
	}
	if e.MissingClaim != "" {
		text.WriteString(": " + strconv.Quote(e.MissingClaim))
	} else if e.FailedClaims != 0 {
		text.WriteString(" (" + e.FailedClaims.String() + ")")
	}
	if e.cause != nil {
		text.WriteString(": " + e.cause.Error())
	}
	return text.String()
}

// Is reports whether target is an [*Error] of the same code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// Unwrap returns the error of encoding/json that an [ErrClaimsMismatch] comes
// from; nil for other codes.
func (e *Error) Unwrap() error { return e.cause }

// message returns the sentence of the code alone.
func (e *Error) message() string { return statusMessage(e.Code) }

// IsTokenError reports whether err refuses a token (codes 100 to 299; answer
// 401). Any other error is the caller's fault (answer 500).
func IsTokenError(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code >= 100 && e.Code <= 299
}

// ErrClosed is returned by the methods of a [Verifier] or a [Signer] after
// Close, and by those of a zero value.
var ErrClosed = errors.New("mjwt: the verifier or signer is closed, or was not made by its constructor")

// The caller's fault.
var (
	// ErrNullPointer is never returned to Go programs; its code is C's.
	ErrNullPointer error = &Error{Code: 1}
	// ErrInvalidArgument: an option or argument is out of its range.
	ErrInvalidArgument error = &Error{Code: 2}
	// ErrBufferTooSmall is never returned to Go programs; its code is C's.
	ErrBufferTooSmall error = &Error{Code: 3}
	// ErrNoMemory is reserved.
	ErrNoMemory error = &Error{Code: 4}
	// ErrPanic: a defect of the library was caught.
	ErrPanic error = &Error{Code: 5}
	// ErrClock: the system clock is before 1970.
	ErrClock error = &Error{Code: 6}

	// ErrKeyTooShort: a secret is shorter than RFC 7518 section 3.2 requires.
	ErrKeyTooShort error = &Error{Code: 20}
	// ErrNoKeys: a verifier was given no key.
	ErrNoKeys error = &Error{Code: 21}
	// ErrJWKSyntax: a JWK Set is malformed (RFC 7517).
	ErrJWKSyntax error = &Error{Code: 22}
	// ErrJWKUnsupported: a JWK Set has no symmetric signing key.
	ErrJWKUnsupported error = &Error{Code: 23}
	// ErrDuplicateKid: two keys have the same kid.
	ErrDuplicateKid error = &Error{Code: 24}

	// ErrClaimsNotObject: the claims to sign are not a JSON object.
	ErrClaimsNotObject error = &Error{Code: 40}
	// ErrClaimAbsent: the claim to read is not in the token.
	ErrClaimAbsent error = &Error{Code: 41}
	// ErrClaimType: the claim to read or sign has another type.
	ErrClaimType error = &Error{Code: 42}
)

// The token is refused, up to and including its signature.
var (
	// ErrNoBearer: an Authorization header without bearer token (RFC 6750
	// section 2.1).
	ErrNoBearer error = &Error{Code: 100}
	// ErrTokenTooLong: the token is longer than WithMaxTokenBytes allows.
	ErrTokenTooLong error = &Error{Code: 101}
	// ErrTokenFormat: the token is not three segments (RFC 7515 section 7.1).
	ErrTokenFormat error = &Error{Code: 102}
	// ErrTokenBase64: a segment of the token is not base64url (RFC 7515
	// section 2).
	ErrTokenBase64 error = &Error{Code: 103}
	// ErrHeaderJSON: the token's header is not a proper JSON object (RFC 7515
	// section 4).
	ErrHeaderJSON error = &Error{Code: 104}
	// ErrAlgorithm: the token's alg is not one of WithAlgorithms.
	ErrAlgorithm error = &Error{Code: 105}
	// ErrCriticalHeader: the token requires an extension (RFC 7515 section
	// 4.1.11).
	ErrCriticalHeader error = &Error{Code: 106}
	// ErrTypeHeader: the token's typ is not that of WithType.
	ErrTypeHeader error = &Error{Code: 107}
	// ErrUnknownKid: no key has the token's kid.
	ErrUnknownKid error = &Error{Code: 108}
	// ErrSignatureMissing: the token is not signed.
	ErrSignatureMissing error = &Error{Code: 109}
	// ErrSignature: the token's signature does not match.
	ErrSignature error = &Error{Code: 120}
)

// The signature is good, and the claims are refused.
var (
	// ErrClaimsJSON: the payload is not a proper JSON object (RFC 7519 section
	// 7.2).
	ErrClaimsJSON error = &Error{Code: 200}
	// ErrExpired: exp has passed (RFC 7519 section 4.1.4).
	ErrExpired error = &Error{Code: 201}
	// ErrNotYetValid: nbf lies ahead (RFC 7519 section 4.1.5).
	ErrNotYetValid error = &Error{Code: 202}
	// ErrIssuedInFuture: iat lies ahead (WithIssuedAtCheck, WithMaxAge).
	ErrIssuedInFuture error = &Error{Code: 203}
	// ErrTooOld: iat is longer ago than WithMaxAge allows.
	ErrTooOld error = &Error{Code: 204}
	// ErrIssuer: iss is not one of WithIssuer.
	ErrIssuer error = &Error{Code: 205}
	// ErrAudience: aud has none of WithAudience.
	ErrAudience error = &Error{Code: 206}
	// ErrSubject: sub is not that of WithSubject.
	ErrSubject error = &Error{Code: 207}
	// ErrJWTID: jti is not the one that is required.
	ErrJWTID error = &Error{Code: 208}
	// ErrMissingClaim: a claim that is required is absent.
	ErrMissingClaim error = &Error{Code: 209}
	// ErrClaimMalformed: a registered claim has the wrong type.
	ErrClaimMalformed error = &Error{Code: 210}
	// ErrClaimsMismatch: the claims do not fit the type of the caller.
	ErrClaimsMismatch error = &Error{Code: claimsMismatch}
)

const (
	invalidArgument = 2
	panicked        = 5
	clockError      = 6
	claimAbsent     = 41
	claimType       = 42
	noBearer        = 100
	missingClaim    = 209
	claimMalformed  = 210
	claimsMismatch  = 211
)

// refusal makes an error; where names the refused argument, or is "".
func refusal(code int, where string) error { return &Error{Code: code, where: where} }

// invalid refuses an argument that the library never sees.
func invalid(where, why string) error {
	return &Error{Code: invalidArgument, where: where, reason: why}
}
