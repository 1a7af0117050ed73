//! Every way to fail, each with its stable code, name and text.
//!
//! [`CODES`] is the one table: the C constants, the Go sentinels and the JavaScript errors all derive from it.
//! Codes 1 to 99 are the caller's fault, 100 to 199 refuse a token up to and including its signature,
//! 200 to 299 refuse the claims of a token whose signature is good. A code is never reused.

use std::fmt;
use std::sync::Arc;

use crate::claims::Registered;

/// Why a call failed. Holds neither the token nor the secret.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A pointer was NULL where one is needed (C only).
    NullPointer,
    /// An argument is out of its range; the text names it and the range.
    InvalidArgument(&'static str),
    /// The output buffer is shorter than `needed` bytes. Only reported for a call that is otherwise good.
    BufferTooSmall {
        /// Bytes that would have been enough.
        needed: usize,
    },
    /// Memory could not be had.
    NoMemory,
    /// A defect in this library was caught at the boundary.
    Panic,
    /// The system clock stands before 1970.
    Clock,
    /// A secret is empty, or shorter than the hash output of an algorithm it serves (RFC 7518 section 3.2).
    KeyTooShort,
    /// No key was given.
    NoKeys,
    /// A JWK or JWK Set is not as RFC 7517 and RFC 7518 section 6.4 say.
    JwkSyntax,
    /// No key of the JWK Set is a symmetric signing key.
    JwkUnsupported,
    /// Two keys carry the same `kid`.
    DuplicateKid,
    /// The claims are not one JSON object.
    ClaimsNotObject,
    /// The claim is not there.
    ClaimAbsent,
    /// The claim has another type than the one asked for.
    ClaimType,
    /// The `Authorization` header holds no bearer token (RFC 6750 section 2.1).
    NoBearer,
    /// The token is longer than the limit.
    TokenTooLong,
    /// The token is not three segments separated by dots (RFC 7515 section 7.1).
    TokenFormat,
    /// The header or the payload is not strict base64url without padding (RFC 7515 section 2).
    TokenBase64,
    /// The header is not a UTF-8 JSON object with each of `alg`, `kid` and `crit` at most once (RFC 7515 section 4).
    HeaderJson,
    /// `alg` is absent or not among the allowed ones.
    Algorithm,
    /// The header has `crit`: it asks for extensions that are not understood here (RFC 7515 section 4.1.11).
    CriticalHeader,
    /// `typ` is not the one the policy names.
    TypeHeader,
    /// No key serves this `kid` and `alg`.
    UnknownKid,
    /// The signature segment is empty.
    SignatureMissing,
    /// The signature does not match.
    Signature,
    /// The payload is not a UTF-8 JSON object, or holds a number beyond the range of a double (RFC 7519 section 7.2).
    ClaimsJson,
    /// `exp` has passed (RFC 7519 section 4.1.4).
    Expired {
        /// `exp`, seconds since 1970.
        expired_at: f64,
    },
    /// `nbf` lies ahead (RFC 7519 section 4.1.5).
    NotYetValid {
        /// `nbf`, seconds since 1970.
        not_before: f64,
    },
    /// `iat` lies ahead and the policy minds.
    IssuedInFuture,
    /// The token is older than the policy's maximum age.
    TooOld {
        /// `iat` plus the maximum age, seconds since 1970.
        expired_at: f64,
    },
    /// `iss` is not one of the expected ones.
    Issuer,
    /// No `aud` is one of the expected ones.
    Audience,
    /// `sub` is not the expected one.
    Subject,
    /// `jti` is not the expected one.
    JwtId,
    /// A claim that the policy requires is absent.
    MissingClaim(Arc<str>),
    /// `exp`, `nbf` or `iat` is not a JSON number (RFC 7519 section 2, `NumericDate`).
    ClaimMalformed(Registered),
}

/// One row of the table of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

const fn row(code: u32, name: &'static str, message: &'static str) -> Code {
    Code { code, name, message }
}

/// Every failure, in the order of its code.
pub const CODES: &[Code] = &[
    row(1, "NULL_POINTER", "a pointer is NULL that must not be"),
    row(2, "INVALID_ARGUMENT", "an argument is out of its range"),
    row(3, "BUFFER_TOO_SMALL", "the output buffer is too small"),
    row(4, "NO_MEMORY", "out of memory"),
    row(5, "PANIC", "internal error: a defect of this library was caught"),
    row(6, "CLOCK", "the system clock stands before 1970"),
    row(20, "KEY_TOO_SHORT", "the secret is empty or shorter than the hash output of its algorithm"),
    row(21, "NO_KEYS", "no key was given"),
    row(22, "JWK_SYNTAX", "the JWK Set is malformed"),
    row(23, "JWK_UNSUPPORTED", "the JWK Set holds no symmetric (oct) signing key"),
    row(24, "DUPLICATE_KID", "two keys carry the same kid"),
    row(40, "CLAIMS_NOT_OBJECT", "the claims are not a JSON object"),
    row(41, "CLAIM_ABSENT", "the claim is absent"),
    row(42, "CLAIM_TYPE", "the claim has another type"),
    row(100, "NO_BEARER", "the Authorization header holds no bearer token"),
    row(101, "TOKEN_TOO_LONG", "the token is longer than the limit"),
    row(102, "TOKEN_FORMAT", "the token is not three segments"),
    row(103, "TOKEN_BASE64", "a segment of the token is not base64url"),
    row(104, "HEADER_JSON", "the token's header is not a proper JSON object"),
    row(105, "ALGORITHM", "the token's algorithm is not allowed"),
    row(106, "CRITICAL_HEADER", "the token's header demands an extension"),
    row(107, "TYPE_HEADER", "the token's type is not the expected one"),
    row(108, "UNKNOWN_KID", "no key serves the token's kid"),
    row(109, "SIGNATURE_MISSING", "the token is not signed"),
    row(120, "SIGNATURE", "the token's signature does not match"),
    row(200, "CLAIMS_JSON", "the token's payload is not a proper JSON object"),
    row(201, "EXPIRED", "the token has expired"),
    row(202, "NOT_YET_VALID", "the token is not valid yet"),
    row(203, "ISSUED_IN_FUTURE", "the token was issued in the future"),
    row(204, "TOO_OLD", "the token is too old"),
    row(205, "ISSUER", "the token's issuer is not the expected one"),
    row(206, "AUDIENCE", "the token is meant for another audience"),
    row(207, "SUBJECT", "the token's subject is not the expected one"),
    row(208, "JWT_ID", "the token's jti is not the expected one"),
    row(209, "MISSING_CLAIM", "the token lacks a required claim"),
    row(210, "CLAIM_MALFORMED", "a time claim of the token is not a number"),
];

impl Error {
    /// The stable code, as in [`CODES`].
    #[must_use]
    pub fn code(&self) -> u32 {
        match self {
            Error::NullPointer => 1,
            Error::InvalidArgument(_) => 2,
            Error::BufferTooSmall { .. } => 3,
            Error::NoMemory => 4,
            Error::Panic => 5,
            Error::Clock => 6,
            Error::KeyTooShort => 20,
            Error::NoKeys => 21,
            Error::JwkSyntax => 22,
            Error::JwkUnsupported => 23,
            Error::DuplicateKid => 24,
            Error::ClaimsNotObject => 40,
            Error::ClaimAbsent => 41,
            Error::ClaimType => 42,
            Error::NoBearer => 100,
            Error::TokenTooLong => 101,
            Error::TokenFormat => 102,
            Error::TokenBase64 => 103,
            Error::HeaderJson => 104,
            Error::Algorithm => 105,
            Error::CriticalHeader => 106,
            Error::TypeHeader => 107,
            Error::UnknownKid => 108,
            Error::SignatureMissing => 109,
            Error::Signature => 120,
            Error::ClaimsJson => 200,
            Error::Expired { .. } => 201,
            Error::NotYetValid { .. } => 202,
            Error::IssuedInFuture => 203,
            Error::TooOld { .. } => 204,
            Error::Issuer => 205,
            Error::Audience => 206,
            Error::Subject => 207,
            Error::JwtId => 208,
            Error::MissingClaim(_) => 209,
            Error::ClaimMalformed(_) => 210,
        }
    }

    /// The row of the table that this error belongs to.
    ///
    /// # Panics
    /// Never: a test walks all variants.
    #[must_use]
    pub fn row(&self) -> &'static Code {
        Code::of(self.code()).expect("every error has a row")
    }

    /// The stable name, such as `EXPIRED`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.row().name
    }

    /// One English sentence, the same for every error of this code. [`Display`](fmt::Display) says more where it can.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.row().message
    }

    /// The registered claim that was refused, where it was one (RFC 7519 section 4.1).
    #[must_use]
    pub fn claim(&self) -> Option<Registered> {
        match self {
            Error::Expired { .. } => Some(Registered::Exp),
            Error::NotYetValid { .. } => Some(Registered::Nbf),
            Error::IssuedInFuture | Error::TooOld { .. } => Some(Registered::Iat),
            Error::Issuer => Some(Registered::Iss),
            Error::Audience => Some(Registered::Aud),
            Error::Subject => Some(Registered::Sub),
            Error::JwtId => Some(Registered::Jti),
            Error::MissingClaim(name) => Registered::from_name(name),
            Error::ClaimMalformed(claim) => Some(*claim),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidArgument(what) => f.write_str(what),
            Error::BufferTooSmall { needed } => write!(f, "{}: {needed} bytes are needed", self.message()),
            Error::MissingClaim(name) => write!(f, "the token lacks the required claim {name:?}"),
            Error::ClaimMalformed(claim) => write!(f, "the token's {} is not a number", claim.name()),
            _ => f.write_str(self.message()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Error> {
        vec![
            Error::NullPointer,
            Error::InvalidArgument("leeway"),
            Error::BufferTooSmall { needed: 7 },
            Error::NoMemory,
            Error::Panic,
            Error::Clock,
            Error::KeyTooShort,
            Error::NoKeys,
            Error::JwkSyntax,
            Error::JwkUnsupported,
            Error::DuplicateKid,
            Error::ClaimsNotObject,
            Error::ClaimAbsent,
            Error::ClaimType,
            Error::NoBearer,
            Error::TokenTooLong,
            Error::TokenFormat,
            Error::TokenBase64,
            Error::HeaderJson,
            Error::Algorithm,
            Error::CriticalHeader,
            Error::TypeHeader,
            Error::UnknownKid,
            Error::SignatureMissing,
            Error::Signature,
            Error::ClaimsJson,
            Error::Expired { expired_at: 1.0 },
            Error::NotYetValid { not_before: 1.0 },
            Error::IssuedInFuture,
            Error::TooOld { expired_at: 1.0 },
            Error::Issuer,
            Error::Audience,
            Error::Subject,
            Error::JwtId,
            Error::MissingClaim("role".into()),
            Error::ClaimMalformed(Registered::Exp),
        ]
    }

    #[test]
    fn every_error_has_its_row_and_every_row_its_error() {
        let codes: Vec<u32> = all().iter().map(Error::code).collect();
        let rows: Vec<u32> = CODES.iter().map(|row| row.code).collect();
        assert_eq!(codes, rows);
        assert!(rows.is_sorted_by(|a, b| a < b));
        for error in all() {
            assert!(!error.to_string().is_empty() && !error.name().is_empty());
        }
        assert_eq!(Code::of(0), None);
        assert_eq!(Code::of(110), None);
    }

    #[test]
    fn the_text_says_what_and_where() {
        assert_eq!(Error::MissingClaim("role".into()).to_string(), r#"the token lacks the required claim "role""#);
        assert_eq!(Error::ClaimMalformed(Registered::Nbf).to_string(), "the token's nbf is not a number");
    }
}
