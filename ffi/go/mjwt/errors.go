package mjwt

// #include <mjwt.h>
import "C"

import (
	"errors"
	"strings"
)

// An Error is a status code of libmjwt. Compare it with errors.Is and a sentinel, such as [ErrExpired].
type Error struct {
	// Code is the number of the failure, the same in every language:
	// 1 to 99 the caller's fault, 100 to 199 the token is refused up to and including its
	// signature, 200 to 299 its signature is good and its claims are refused. A number is never
	// used twice, and later versions of libmjwt may have more of them.
	Code int
	// FailedClaims are the claims that were refused: one for codes 201 to 210, else none.
	FailedClaims ClaimSet

	// where names the argument of a constructor that was refused.
	where string
}

// Name returns the name of the code, such as "EXPIRED"; "UNKNOWN" for a number that is not in use.
func (e *Error) Name() string {
	return C.GoString(C.mjwt_status_name(C.mjwt_status(e.Code)))
}

// Error returns one English sentence, which holds nothing of a token or a secret.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("mjwt: ")
	if e.where != "" {
		text.WriteString(e.where + ": ")
	}
	text.WriteString(e.message())
	if e.FailedClaims != 0 {
		text.WriteString(" (" + e.FailedClaims.String() + ")")
	}
	return text.String()
}

// Is reports whether target is an [*Error] of the same code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// message returns the sentence of the code alone.
func (e *Error) message() string {
	return C.GoString(C.mjwt_status_message(C.mjwt_status(e.Code)))
}

// IsTokenError reports whether err refuses a token (codes 100 to 299; answer 401). Any other error is the
// caller's fault (answer 500).
func IsTokenError(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code >= 100 && e.Code <= 299
}

// ErrClosed is returned by the methods of a [Verifier] or a [Signer] after Close, and by those of a zero value.
var ErrClosed = errors.New("mjwt: the verifier or signer is closed, or was not made by its constructor")

// The caller's fault.
var (
	ErrNullPointer     error = &Error{Code: C.MJWT_ERR_NULL_POINTER}
	ErrInvalidArgument error = &Error{Code: C.MJWT_ERR_INVALID_ARGUMENT}
	ErrBufferTooSmall  error = &Error{Code: C.MJWT_ERR_BUFFER_TOO_SMALL}
	ErrNoMemory        error = &Error{Code: C.MJWT_ERR_NO_MEMORY}
	ErrPanic           error = &Error{Code: C.MJWT_ERR_PANIC}
	ErrClock           error = &Error{Code: C.MJWT_ERR_CLOCK}

	ErrKeyTooShort    error = &Error{Code: C.MJWT_ERR_KEY_TOO_SHORT} // RFC 7518 section 3.2
	ErrNoKeys         error = &Error{Code: C.MJWT_ERR_NO_KEYS}
	ErrJWKSyntax      error = &Error{Code: C.MJWT_ERR_JWK_SYNTAX} // RFC 7517
	ErrJWKUnsupported error = &Error{Code: C.MJWT_ERR_JWK_UNSUPPORTED}
	ErrDuplicateKid   error = &Error{Code: C.MJWT_ERR_DUPLICATE_KID}

	ErrClaimsNotObject error = &Error{Code: C.MJWT_ERR_CLAIMS_NOT_OBJECT}
	ErrClaimAbsent     error = &Error{Code: C.MJWT_ERR_CLAIM_ABSENT}
	ErrClaimType       error = &Error{Code: C.MJWT_ERR_CLAIM_TYPE}
)

// The token is refused, up to and including its signature.
var (
	ErrNoBearer         error = &Error{Code: C.MJWT_ERR_NO_BEARER}      // RFC 6750 section 2.1
	ErrTokenTooLong     error = &Error{Code: C.MJWT_ERR_TOKEN_TOO_LONG} // WithMaxTokenBytes
	ErrTokenFormat      error = &Error{Code: C.MJWT_ERR_TOKEN_FORMAT}   // RFC 7515 section 7.1
	ErrTokenBase64      error = &Error{Code: C.MJWT_ERR_TOKEN_BASE64}   // RFC 7515 section 2
	ErrHeaderJSON       error = &Error{Code: C.MJWT_ERR_HEADER_JSON}    // RFC 7515 section 4
	ErrAlgorithm        error = &Error{Code: C.MJWT_ERR_ALGORITHM}
	ErrCriticalHeader   error = &Error{Code: C.MJWT_ERR_CRITICAL_HEADER} // RFC 7515 section 4.1.11
	ErrTypeHeader       error = &Error{Code: C.MJWT_ERR_TYPE_HEADER}     // WithType
	ErrUnknownKid       error = &Error{Code: C.MJWT_ERR_UNKNOWN_KID}
	ErrSignatureMissing error = &Error{Code: C.MJWT_ERR_SIGNATURE_MISSING}
	ErrSignature        error = &Error{Code: C.MJWT_ERR_SIGNATURE}
)

// The signature is good, and the claims are refused.
var (
	ErrClaimsJSON     error = &Error{Code: C.MJWT_ERR_CLAIMS_JSON}      // RFC 7519 section 7.2
	ErrExpired        error = &Error{Code: C.MJWT_ERR_EXPIRED}          // RFC 7519 section 4.1.4
	ErrNotYetValid    error = &Error{Code: C.MJWT_ERR_NOT_YET_VALID}    // RFC 7519 section 4.1.5
	ErrIssuedInFuture error = &Error{Code: C.MJWT_ERR_ISSUED_IN_FUTURE} // WithIssuedAtCheck
	ErrTooOld         error = &Error{Code: C.MJWT_ERR_TOO_OLD}          // WithMaxAge
	ErrIssuer         error = &Error{Code: C.MJWT_ERR_ISSUER}
	ErrAudience       error = &Error{Code: C.MJWT_ERR_AUDIENCE}
	ErrSubject        error = &Error{Code: C.MJWT_ERR_SUBJECT}
	ErrJWTID          error = &Error{Code: C.MJWT_ERR_JWT_ID}
	ErrMissingClaim   error = &Error{Code: C.MJWT_ERR_MISSING_CLAIM}
	ErrClaimMalformed error = &Error{Code: C.MJWT_ERR_CLAIM_MALFORMED}
)

// check turns a status into an error; where names the refused argument, or is "".
func check(status C.mjwt_status, where string) error {
	if status == C.MJWT_OK {
		return nil
	}
	return &Error{Code: int(status), where: where}
}
