//! Every way to fail: one table of variant, code, name, message, and the claim that was refused.
//!
//! Codes 1 to 99 are the caller's fault, 100 to 199 refuse a token up to and including its
//! signature, 200 to 299 refuse the claims of a token whose signature is good. A code is never
//! reused. The C constants, the Go sentinels and the JavaScript errors come from this table, or are
//! checked against it. Codes that only a binding can give (1, 4, 5, 41) are there:
//! `ffi/src/codes.rs`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::algorithm::{Algorithm, UnknownAlgorithm};
use crate::registered::Registered;

/// Writes the enum and the table from one list: `Variant = code, name, message, claim`.
macro_rules! errors {
    ($(
        $(#[$doc:meta])*
        $variant:ident $({ $($fields:tt)* })? $(($inner:ty))? = $code:literal, $name:literal, $message:literal
            $(, $claim:ident)?;
    )*) => {
        /// Why a call failed. Holds neither a token nor a secret; [`Display`](fmt::Display) says
        /// what and where.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[$doc])* $variant $({ $($fields)* })? $(($inner))?,)*
        }

        /// Every failure, in the order of its code.
        pub const CODES: &[Code] = &[$(Code { code: $code, name: $name, message: $message }),*];

        impl Error {
            /// The stable code, as in [`CODES`].
            #[must_use]
            pub fn code(&self) -> u32 {
                match self { $(Error::$variant { .. } => $code,)* }
            }

            /// The stable name, such as `EXPIRED`.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Error::$variant { .. } => $name,)* }
            }

            /// One English sentence, the same for every error of this code.
            /// [`Display`](fmt::Display) says more where it can.
            #[must_use]
            pub fn message(&self) -> &'static str {
                match self { $(Error::$variant { .. } => $message,)* }
            }

            /// The registered claim that was refused, where it was one (RFC 7519 section 4.1).
            #[must_use]
            pub fn claim(&self) -> Option<Registered> {
                match self {
                    $($(Error::$variant { .. } => Some(Registered::$claim),)?)*
                    Error::MissingClaim { name, .. } => Registered::from_name(name),
                    Error::ClaimMalformed(claim) => Some(*claim),
                    _ => None,
                }
            }
        }
    };
}

errors! {
    /// An argument is wrong; the text names it, and what it must be.
    InvalidArgument(Cow<'static, str>) = 2, "INVALID_ARGUMENT", "an argument is out of its range";
    /// The output buffer is shorter than `needed` bytes. Only reported for a call that is otherwise
    /// good.
    BufferTooSmall {
        /// Bytes that would have been enough.
        needed: usize,
    } = 3, "BUFFER_TOO_SMALL", "the output buffer is too small";
    /// The system clock is before 1970.
    Clock = 6, "CLOCK", "the system clock is before 1970";
    /// A secret is empty, or shorter than the hash output of an algorithm it serves (RFC 7518
    /// section 3.2).
    KeyTooShort {
        /// Which key.
        key: Box<KeyName>,
        /// Its length in bytes.
        bytes: usize,
        /// The algorithm that needs [`hash_len`](Algorithm::hash_len) bytes; `None` for an empty
        /// secret.
        algorithm: Option<Algorithm>,
    } = 20, "KEY_TOO_SHORT", "the secret is empty or shorter than the hash output of its algorithm";
    /// No key was given.
    NoKeys = 21, "NO_KEYS", "no key was given";
    /// A JWK Set, or a symmetric key in it, is not as RFC 7517 and RFC 7518 section 6.4 say.
    JwkSyntax {
        /// The key that is wrong; `None` where it is the set itself.
        key: Option<Box<KeyName>>,
        /// What is wrong.
        reason: &'static str,
    } = 22, "JWK_SYNTAX", "the JWK Set is malformed";
    /// No key of the JWK Set is a symmetric key for this use.
    JwkUnsupported = 23, "JWK_UNSUPPORTED", "the JWK Set holds no symmetric (oct) signing key";
    /// Two keys carry the same `kid`, which the text names.
    DuplicateKid(Box<str>) = 24, "DUPLICATE_KID", "two keys carry the same kid";
    /// The claims are not one JSON object.
    ClaimsNotObject = 40, "CLAIMS_NOT_OBJECT", "the claims are not a JSON object";
    /// The claim has another type than the one that is needed.
    ClaimType = 42, "CLAIM_TYPE", "the claim has another type";
    /// The `Authorization` header holds no bearer token (RFC 6750 section 2.1).
    NoBearer = 100, "NO_BEARER", "the Authorization header holds no bearer token";
    /// The token is longer than the limit.
    TokenTooLong = 101, "TOKEN_TOO_LONG", "the token is longer than the limit";
    /// The token is not three segments separated by dots (RFC 7515 section 7.1).
    TokenFormat = 102, "TOKEN_FORMAT", "the token is not three segments";
    /// The header or the payload is not strict base64url without padding (RFC 7515 section 2).
    TokenBase64 = 103, "TOKEN_BASE64", "a segment of the token is not base64url";
    /// The header is not a UTF-8 JSON object with each of `alg`, `kid` and `crit` at most once (RFC
    /// 7515 section 4).
    HeaderJson = 104, "HEADER_JSON", "the token's header is not a proper JSON object";
    /// `alg` is absent or not among the allowed ones.
    Algorithm = 105, "ALGORITHM", "the token's algorithm is not allowed";
    /// The header has `crit`: it asks for extensions that are not understood here (RFC 7515 section
    /// 4.1.11).
    CriticalHeader = 106, "CRITICAL_HEADER", "the token's header requires an extension";
    /// `typ` is not the one that the policy names.
    TypeHeader = 107, "TYPE_HEADER", "the token's type is not the expected one";
    /// No key serves this `kid` and `alg`.
    UnknownKid = 108, "UNKNOWN_KID", "no key serves the token's kid";
    /// The signature segment is empty.
    SignatureMissing = 109, "SIGNATURE_MISSING", "the token is not signed";
    /// The signature does not match.
    Signature = 120, "SIGNATURE", "the token's signature does not match";
    /// The payload is not a UTF-8 JSON object, or holds a number beyond the range of a double (RFC
    /// 7519 section 7.2).
    ClaimsJson = 200, "CLAIMS_JSON", "the token's payload is not a proper JSON object";
    /// `exp` has passed (RFC 7519 section 4.1.4).
    Expired {
        /// `exp`, seconds since 1970.
        expired_at: f64,
    } = 201, "EXPIRED", "the token has expired", Exp;
    /// `nbf` lies ahead (RFC 7519 section 4.1.5).
    NotYetValid {
        /// `nbf`, seconds since 1970.
        not_before: f64,
    } = 202, "NOT_YET_VALID", "the token is not valid yet", Nbf;
    /// `iat` lies ahead, and the policy checks `iat` or sets a maximum age.
    IssuedInFuture = 203, "ISSUED_IN_FUTURE", "the token was issued in the future", Iat;
    /// The token is older than the policy's maximum age.
    TooOld {
        /// `iat` plus the maximum age, seconds since 1970.
        expired_at: f64,
    } = 204, "TOO_OLD", "the token is too old", Iat;
    /// `iss` is not one of the expected ones.
    Issuer = 205, "ISSUER", "the token's issuer is not the expected one", Iss;
    /// No `aud` is one of the expected ones; with strict claims, also `aud` where none is expected.
    Audience = 206, "AUDIENCE", "the token is meant for another audience", Aud;
    /// `sub` is not the expected one.
    Subject = 207, "SUBJECT", "the token's subject is not the expected one", Sub;
    /// `jti` is not the expected one.
    JwtId = 208, "JWT_ID", "the token's jti is not the expected one", Jti;
    /// A claim that the policy requires is absent.
    MissingClaim {
        /// The name of the claim.
        name: Arc<str>,
        /// Its position among the required claims, in order of adding; `None` for `exp` and `iat`
        /// that another option requires.
        index: Option<u32>,
    } = 209, "MISSING_CLAIM", "the token lacks a required claim";
    /// `exp`, `nbf` or `iat` is not a JSON number (RFC 7519 section 2, `NumericDate`); with strict
    /// claims, also another registered claim of the wrong type, or one that is there twice.
    ClaimMalformed(Registered) = 210, "CLAIM_MALFORMED", "a registered claim of the token is malformed";
    /// The token is valid, and its claims do not fit the caller's type; the text is the decoder's
    /// reason.
    ClaimsMismatch(Box<str>) = 211, "CLAIMS_MISMATCH", "the token's claims do not fit the wanted type";
}

/// Which of several keys: its position in order of adding, and its `kid` if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyName {
    /// The position from 0; within a JWK Set, the position in `keys`.
    pub position: usize,
    /// The `kid` (RFC 7517 section 4.5).
    pub kid: Option<Box<str>>,
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kid {
            Some(kid) => write!(f, "key {} (kid {kid:?})", self.position),
            None => write!(f, "key {}", self.position),
        }
    }
}

/// One row of the table of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// The stable number.
    pub code: u32,
    /// The stable name, such as `EXPIRED`.
    pub name: &'static str,
    /// One English sentence.
    pub message: &'static str,
}

impl Code {
    /// The row of a code; `None` for 0 and for numbers not in use.
    #[must_use]
    pub fn of(code: u32) -> Option<&'static Code> {
        CODES.binary_search_by_key(&code, |row| row.code).ok().map(|at| &CODES[at])
    }
}

impl Error {
    pub(crate) const fn invalid(text: &'static str) -> Self {
        Error::InvalidArgument(Cow::Borrowed(text))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidArgument(what) => f.write_str(what),
            Error::BufferTooSmall { needed } => write!(f, "{}: {needed} bytes are needed", self.message()),
            Error::KeyTooShort { key, algorithm: None, .. } => write!(f, "{key}: the secret is empty"),
            Error::KeyTooShort { key, bytes, algorithm: Some(algorithm) } => {
                let needed = algorithm.hash_len();
                write!(
                    f,
                    "{key}: the secret has {bytes} bytes; {algorithm} needs at least {needed} (RFC 7518 section 3.2)"
                )
            }
            Error::JwkSyntax { key: Some(key), reason } => write!(f, "{}: {key}: {reason}", self.message()),
            Error::JwkSyntax { key: None, reason } => write!(f, "{}: {reason}", self.message()),
            Error::DuplicateKid(kid) => write!(f, "{}: {kid:?}", self.message()),
            Error::MissingClaim { name, .. } => write!(f, "the token lacks the required claim {name:?}"),
            Error::ClaimMalformed(claim) => write!(f, "the token's {} is malformed", claim.name()),
            Error::ClaimsMismatch(reason) => write!(f, "{}: {reason}", self.message()),
            _ => f.write_str(self.message()),
        }
    }
}

impl std::error::Error for Error {}

impl From<UnknownAlgorithm> for Error {
    fn from(unknown: UnknownAlgorithm) -> Self {
        Error::InvalidArgument(unknown.to_string().into())
    }
}

// A result with an error is moved from call to call on the hot path.
const _: () = assert!(size_of::<Error>() <= 32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_names_are_unique() {
        assert!(CODES.windows(2).all(|two| two[0].code < two[1].code));
        for row in CODES {
            assert_eq!(CODES.iter().filter(|other| other.name == row.name).count(), 1, "{}", row.name);
            assert!(!row.message.is_empty());
            assert_eq!(Code::of(row.code), Some(row));
        }
        assert_eq!(Code::of(0), None);
        assert_eq!(Code::of(299), None);
    }

    #[test]
    fn an_error_agrees_with_its_row() {
        let error = Error::Expired { expired_at: 5.0 };
        let row = Code::of(error.code()).unwrap();
        assert_eq!((row.name, row.message), (error.name(), error.message()));
        assert_eq!((row.code, row.name), (201, "EXPIRED"));
    }

    #[test]
    fn the_claim_of_a_refusal_is_told() {
        let missing = |name: &str| Error::MissingClaim { name: name.into(), index: None };
        for (error, claim) in [
            (Error::Expired { expired_at: 1.0 }, Some(Registered::Exp)),
            (Error::NotYetValid { not_before: 1.0 }, Some(Registered::Nbf)),
            (Error::IssuedInFuture, Some(Registered::Iat)),
            (Error::TooOld { expired_at: 1.0 }, Some(Registered::Iat)),
            (Error::Issuer, Some(Registered::Iss)),
            (Error::Audience, Some(Registered::Aud)),
            (Error::Subject, Some(Registered::Sub)),
            (Error::JwtId, Some(Registered::Jti)),
            (missing("jti"), Some(Registered::Jti)),
            (missing("tenant"), None),
            (Error::ClaimMalformed(Registered::Nbf), Some(Registered::Nbf)),
            (Error::Signature, None),
        ] {
            assert_eq!(error.claim(), claim, "{error}");
        }
    }

    #[test]
    fn texts_say_what_and_where() {
        let key = KeyName { position: 2, kid: Some("a\u{202e}\"b".into()) };
        let short = Error::KeyTooShort { key: key.into(), bytes: 31, algorithm: Some(Algorithm::HS256) };
        for (error, text) in [
            (
                short,
                "key 2 (kid \"a\\u{202e}\\\"b\"): the secret has 31 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)",
            ),
            (
                Error::KeyTooShort { key: KeyName { position: 0, kid: None }.into(), bytes: 0, algorithm: None },
                "key 0: the secret is empty",
            ),
            (
                Error::JwkSyntax { key: Some(KeyName { position: 1, kid: None }.into()), reason: "k is absent" },
                "the JWK Set is malformed: key 1: k is absent",
            ),
            (Error::JwkSyntax { key: None, reason: "not JSON" }, "the JWK Set is malformed: not JSON"),
            (Error::DuplicateKid("a".into()), "two keys carry the same kid: \"a\""),
            (
                Error::MissingClaim { name: "tenant".into(), index: Some(0) },
                "the token lacks the required claim \"tenant\"",
            ),
            (Error::ClaimMalformed(Registered::Iat), "the token's iat is malformed"),
            (Error::ClaimsMismatch("why".into()), "the token's claims do not fit the wanted type: why"),
            (Error::BufferTooSmall { needed: 7 }, "the output buffer is too small: 7 bytes are needed"),
            (Error::invalid("leeway: must be 5"), "leeway: must be 5"),
            (Error::Signature, "the token's signature does not match"),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
