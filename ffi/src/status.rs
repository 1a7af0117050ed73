//! Status codes, their names and texts, and the version.

use libc::c_char;
use mastra_jwt_core::{CODES, Code, Error};

use crate::guard::guard_value;

/// Major.
pub const MJWT_VERSION_MAJOR: u32 = 0;
/// Minor.
pub const MJWT_VERSION_MINOR: u32 = 1;
/// Patch.
pub const MJWT_VERSION_PATCH: u32 = 0;
/// As one number that grows: major * 1000000 + minor * 1000 + patch.
pub const MJWT_VERSION_NUMBER: u32 = 1000;
/// Version of the binary interface, the number in libmjwt.so.0. Programs built with one number run
/// with every library of that number which is as new as their header, or newer.
pub const MJWT_ABI_VERSION: u32 = 0;

/// # Status codes
///
/// Success.
pub const MJWT_OK: i32 = 0;

/// # 1 to 99: the caller's fault, answer 500
///
/// A pointer is NULL that must not be.
pub const MJWT_ERR_NULL_POINTER: i32 = 1;
/// An argument is out of its range.
pub const MJWT_ERR_INVALID_ARGUMENT: i32 = 2;
/// The output buffer is too small. Never reported for a token that is otherwise refused.
pub const MJWT_ERR_BUFFER_TOO_SMALL: i32 = 3;
/// Memory could not be had. Reserved.
pub const MJWT_ERR_NO_MEMORY: i32 = 4;
/// A defect of this library was caught. Only free the handles of the call that said so.
pub const MJWT_ERR_PANIC: i32 = 5;
/// The system clock stands before 1970.
pub const MJWT_ERR_CLOCK: i32 = 6;
/// The secret is empty or shorter than the hash output of its algorithm (RFC 7518 section 3.2).
pub const MJWT_ERR_KEY_TOO_SHORT: i32 = 20;
/// No key was given.
pub const MJWT_ERR_NO_KEYS: i32 = 21;
/// The JWK Set is malformed (RFC 7517).
pub const MJWT_ERR_JWK_SYNTAX: i32 = 22;
/// The JWK Set holds no symmetric (oct) signing key.
pub const MJWT_ERR_JWK_UNSUPPORTED: i32 = 23;
/// Two keys carry the same kid.
pub const MJWT_ERR_DUPLICATE_KID: i32 = 24;
/// The claims are not a JSON object.
pub const MJWT_ERR_CLAIMS_NOT_OBJECT: i32 = 40;
/// The claim is absent.
pub const MJWT_ERR_CLAIM_ABSENT: i32 = 41;
/// The claim has another type.
pub const MJWT_ERR_CLAIM_TYPE: i32 = 42;

/// # 100 to 199: the token is refused up to and including its signature, answer 401
///
/// The Authorization header holds no bearer token (RFC 6750 section 2.1).
pub const MJWT_ERR_NO_BEARER: i32 = 100;
/// The token is longer than MJWT_OPT_MAX_TOKEN_BYTES.
pub const MJWT_ERR_TOKEN_TOO_LONG: i32 = 101;
/// The token is not three segments (RFC 7515 section 7.1).
pub const MJWT_ERR_TOKEN_FORMAT: i32 = 102;
/// A segment of the token is not base64url without padding (RFC 7515 section 2).
pub const MJWT_ERR_TOKEN_BASE64: i32 = 103;
/// The token's header is not a proper JSON object (RFC 7515 section 4).
pub const MJWT_ERR_HEADER_JSON: i32 = 104;
/// The token's algorithm is not allowed.
pub const MJWT_ERR_ALGORITHM: i32 = 105;
/// The token's header demands an extension: crit (RFC 7515 section 4.1.11).
pub const MJWT_ERR_CRITICAL_HEADER: i32 = 106;
/// The token's typ is not the one of mjwt_config_set_type.
pub const MJWT_ERR_TYPE_HEADER: i32 = 107;
/// No key serves the token's kid.
pub const MJWT_ERR_UNKNOWN_KID: i32 = 108;
/// The token is not signed.
pub const MJWT_ERR_SIGNATURE_MISSING: i32 = 109;
/// The token's signature does not match.
pub const MJWT_ERR_SIGNATURE: i32 = 120;

/// # 200 to 299: the signature is good, the claims are refused, answer 401
///
/// The token's payload is not a proper JSON object (RFC 7519 section 7.2).
pub const MJWT_ERR_CLAIMS_JSON: i32 = 200;
/// The token has expired: exp (RFC 7519 section 4.1.4).
pub const MJWT_ERR_EXPIRED: i32 = 201;
/// The token is not valid yet: nbf (RFC 7519 section 4.1.5).
pub const MJWT_ERR_NOT_YET_VALID: i32 = 202;
/// The token was issued in the future: iat, with MJWT_OPT_CHECK_IAT.
pub const MJWT_ERR_ISSUED_IN_FUTURE: i32 = 203;
/// The token is too old: iat, with MJWT_OPT_MAX_AGE_SECONDS.
pub const MJWT_ERR_TOO_OLD: i32 = 204;
/// The token's iss is not an expected one.
pub const MJWT_ERR_ISSUER: i32 = 205;
/// The token is meant for another audience: aud.
pub const MJWT_ERR_AUDIENCE: i32 = 206;
/// The token's sub is not the expected one.
pub const MJWT_ERR_SUBJECT: i32 = 207;
/// The token's jti is not the expected one.
pub const MJWT_ERR_JWT_ID: i32 = 208;
/// The token lacks a required claim.
pub const MJWT_ERR_MISSING_CLAIM: i32 = 209;
/// A time claim of the token is not a number: exp, nbf or iat.
pub const MJWT_ERR_CLAIM_MALFORMED: i32 = 210;
/// The token is valid, and its claims do not fit the type that the caller wants (not given by C calls).
pub const MJWT_ERR_CLAIMS_MISMATCH: i32 = 211;

/// What came of a call: MJWT_OK, or an MJWT_ERR_ code. Later versions may return codes that this
/// header does not name; MJWT_IS_TOKEN_ERROR and mjwt_status_message know what to do with them.
pub type mjwt_status = i32;

/// # Status and version: from any thread
///
/// The name of a status, such as "EXPIRED"; "OK" for MJWT_OK, "UNKNOWN" for a number not in use.
/// Static: do not free. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_status_name(status: mjwt_status) -> *const c_char {
    guard_value(c"UNKNOWN".as_ptr(), || match row(status) {
        Some(row) => texts(row).0,
        None if status == MJWT_OK => c"OK".as_ptr(),
        None => c"UNKNOWN".as_ptr(),
    })
}

/// One English sentence for a status. It holds nothing of a token or a secret.
/// Static: do not free. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_status_message(status: mjwt_status) -> *const c_char {
    guard_value(c"unknown status".as_ptr(), || match row(status) {
        Some(row) => texts(row).1,
        None if status == MJWT_OK => c"success".as_ptr(),
        None => c"unknown status".as_ptr(),
    })
}

/// MJWT_VERSION_NUMBER of the library that runs, which may be newer than the header.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_version_number() -> u32 {
    MJWT_VERSION_NUMBER
}

/// MJWT_VERSION_STRING of the library that runs. Static: do not free. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_version_string() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// MJWT_ABI_VERSION of the library that runs.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_abi_version() -> u32 {
    MJWT_ABI_VERSION
}

/// Panics, so that a test can see the panic stopped. Not in the header, not in a release.
///
/// cbindgen:ignore
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_test_panic() -> mjwt_status {
    crate::guard::guard(|| std::panic::panic_any("mjwt_test_panic was called"))
}

/// The code of an error; the core's table is the only place where codes are given.
pub(crate) fn status_of(error: &Error) -> mjwt_status {
    error.code().cast_signed()
}

/// Where the status stands in the core's table.
fn row(status: mjwt_status) -> Option<usize> {
    let code = u32::try_from(status).ok()?;
    CODES.binary_search_by_key(&code, |row| row.code).ok()
}

/// The name and the message of a row, each with the NUL that C wants.
fn texts(row: usize) -> (*const c_char, *const c_char) {
    let (name, message) = STARTS[row];
    (TEXT[name..].as_ptr().cast(), TEXT[message..].as_ptr().cast())
}

/// Every name and message of the core's table in its order, each followed by NUL.
static TEXT: [u8; TEXT_LEN] = {
    let mut text = [0; TEXT_LEN];
    let mut at = 0;
    let mut row = 0;
    while row < CODES.len() {
        at = copy(&mut text, at, CODES[row].name) + 1;
        at = copy(&mut text, at, CODES[row].message) + 1;
        row += 1;
    }
    text
};

/// Where the name and the message of each row start in [`TEXT`].
static STARTS: [(usize, usize); CODES.len()] = {
    let mut starts = [(0, 0); CODES.len()];
    let mut at = 0;
    let mut row = 0;
    while row < CODES.len() {
        starts[row] = (at, at + CODES[row].name.len() + 1);
        at += text_len(&CODES[row]);
        row += 1;
    }
    starts
};

const TEXT_LEN: usize = {
    let mut len = 0;
    let mut row = 0;
    while row < CODES.len() {
        len += text_len(&CODES[row]);
        row += 1;
    }
    len
};

const fn text_len(code: &Code) -> usize {
    code.name.len() + code.message.len() + 2
}

const fn copy(to: &mut [u8; TEXT_LEN], mut at: usize, from: &str) -> usize {
    let mut next = 0;
    while next < from.len() {
        to[at] = from.as_bytes()[next];
        at += 1;
        next += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    fn read(text: *const c_char) -> &'static str {
        // SAFETY: the functions above return static text that ends with NUL.
        unsafe { CStr::from_ptr(text) }.to_str().unwrap()
    }

    #[test]
    fn every_code_of_the_core_has_its_name_and_message() {
        for code in CODES {
            let status = code.code.cast_signed();
            assert_eq!(read(mjwt_status_name(status)), code.name);
            assert_eq!(read(mjwt_status_message(status)), code.message);
        }
        assert_eq!(read(mjwt_status_name(MJWT_OK)), "OK");
        for unused in [-1, 7, 110, i32::MIN, i32::MAX] {
            assert_eq!(read(mjwt_status_name(unused)), "UNKNOWN");
            assert_eq!(read(mjwt_status_message(unused)), "unknown status");
        }
    }

    #[test]
    fn the_version_is_that_of_the_crate() {
        let (major, minor, patch) = (MJWT_VERSION_MAJOR, MJWT_VERSION_MINOR, MJWT_VERSION_PATCH);
        assert_eq!(env!("CARGO_PKG_VERSION"), format!("{major}.{minor}.{patch}"));
        assert_eq!(read(mjwt_version_string()), env!("CARGO_PKG_VERSION"));
        assert_eq!(MJWT_VERSION_NUMBER, major * 1_000_000 + minor * 1000 + patch);
    }
}
