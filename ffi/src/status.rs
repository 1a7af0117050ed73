//! Status codes, their names and texts, and the version.

use std::borrow::Cow;
use std::fmt;

use libc::{c_char, c_int};
use mastra_jwt_core::Error;

use crate::codes::{CLAIM_ABSENT, NULL_POINTER, OK, PANIC, ROWS, Row};
use crate::guard::guard_value;

/// cbindgen:ignore
pub const MJWT_VERSION_NUMBER: u32 = version_number([
    number(env!("CARGO_PKG_VERSION_MAJOR")),
    number(env!("CARGO_PKG_VERSION_MINOR")),
    number(env!("CARGO_PKG_VERSION_PATCH")),
]);
/// Version of the binary interface, the number in libmjwt.so.0. Programs built with one number run
/// with every library of that number which is as new as their header, or newer.
pub const MJWT_ABI_VERSION: u32 = 0;

/// cbindgen:ignore
pub const MJWT_OK: mjwt_status = OK.code.cast_signed();

/// The result of a call: MJWT_OK, or an MJWT_ERR_ code. Later versions may return codes that this
/// header does not name; MJWT_IS_TOKEN_ERROR and mjwt_status_message know what to do with them.
pub type mjwt_status = i32;

/// Why a call failed: an error of the core, or one that only a call from C can make.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The argument of this name is NULL and must not be.
    NullPointer(&'static str),
    Panic,
    ClaimAbsent,
    Core(Error),
}

impl Failure {
    pub(crate) fn invalid(text: &'static str) -> Self {
        Failure::Core(Error::InvalidArgument(Cow::Borrowed(text)))
    }

    pub(crate) fn status(&self) -> mjwt_status {
        match self {
            Failure::NullPointer(_) => NULL_POINTER.code,
            Failure::Panic => PANIC.code,
            Failure::ClaimAbsent => CLAIM_ABSENT.code,
            Failure::Core(error) => error.code(),
        }
        .cast_signed()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Core(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NullPointer(argument) => write!(f, "{argument}: must not be NULL"),
            Failure::Panic => f.write_str(PANIC.message),
            Failure::ClaimAbsent => f.write_str(CLAIM_ABSENT.message),
            Failure::Core(error) => error.fmt(f),
        }
    }
}

/// The name of a status, such as "EXPIRED"; "OK" for MJWT_OK, "UNKNOWN" for a number not in use.
/// Static: do not free. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_status_name(status: mjwt_status) -> *const c_char {
    guard_value(c"UNKNOWN".as_ptr(), || position(status).map_or(c"UNKNOWN".as_ptr(), |row| texts(row).0))
}

/// One English sentence for a status. It holds nothing of a token or a secret.
/// Static: do not free. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_status_message(status: mjwt_status) -> *const c_char {
    guard_value(c"unknown status".as_ptr(), || position(status).map_or(c"unknown status".as_ptr(), |row| texts(row).1))
}

/// MJWT_IS_TOKEN_ERROR as a function: 1 when the status refuses the token, else 0.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_is_token_error(status: mjwt_status) -> c_int {
    c_int::from(is_token_error(status))
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

/// Whether a status refuses the token. The macro is written in mjwt.h.in.
pub(crate) fn is_token_error(status: mjwt_status) -> bool {
    (100..=299).contains(&status)
}

/// The row of a status in the table.
pub(crate) fn row(status: mjwt_status) -> Option<&'static Row> {
    Some(&ROWS[position(status)?])
}

fn position(status: mjwt_status) -> Option<usize> {
    let code = u32::try_from(status).ok()?;
    ROWS.binary_search_by_key(&code, |row| row.code).ok()
}

/// The name and the message of a row, each with the NUL that C wants.
fn texts(row: usize) -> (*const c_char, *const c_char) {
    let (name, message) = STARTS[row];
    (TEXT[name..].as_ptr().cast(), TEXT[message..].as_ptr().cast())
}

/// Every name and message of the table in its order, each followed by NUL.
static TEXT: [u8; TEXT_LEN] = {
    let mut text = [0; TEXT_LEN];
    let mut at = 0;
    let mut row = 0;
    while row < ROWS.len() {
        at = copy(&mut text, at, ROWS[row].name) + 1;
        at = copy(&mut text, at, ROWS[row].message) + 1;
        row += 1;
    }
    text
};

/// Where the name and the message of each row start in [`TEXT`].
static STARTS: [(usize, usize); ROWS.len()] = {
    let mut starts = [(0, 0); ROWS.len()];
    let mut at = 0;
    let mut row = 0;
    while row < ROWS.len() {
        starts[row] = (at, at + ROWS[row].name.len() + 1);
        at += text_len(&ROWS[row]);
        row += 1;
    }
    starts
};

const TEXT_LEN: usize = {
    let mut len = 0;
    let mut row = 0;
    while row < ROWS.len() {
        len += text_len(&ROWS[row]);
        row += 1;
    }
    len
};

const fn version_number([major, minor, patch]: [u32; 3]) -> u32 {
    major * 1_000_000 + minor * 1000 + patch
}

const fn number(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a part of the version is not a number"),
    }
}

const fn text_len(row: &Row) -> usize {
    row.name.len() + row.message.len() + 2
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

    use mastra_jwt_core::CODES;

    use super::*;

    fn read(text: *const c_char) -> &'static str {
        // SAFETY: the functions above return static text that ends with NUL.
        unsafe { CStr::from_ptr(text) }.to_str().unwrap()
    }

    #[test]
    fn every_code_has_its_name_and_message() {
        for (code, name, message) in CODES
            .iter()
            .map(|row| (row.code, row.name, row.message))
            .chain(ROWS.map(|row| (row.code, row.name, row.message)))
        {
            assert_eq!(read(mjwt_status_name(code.cast_signed())), name);
            assert_eq!(read(mjwt_status_message(code.cast_signed())), message);
        }
        assert_eq!(read(mjwt_status_name(MJWT_OK)), "OK");
        assert_eq!(read(mjwt_status_name(Failure::ClaimAbsent.status())), "CLAIM_ABSENT");
        for unused in [-1, 7, 110, i32::MIN, i32::MAX] {
            assert_eq!(read(mjwt_status_name(unused)), "UNKNOWN");
            assert_eq!(read(mjwt_status_message(unused)), "unknown status");
        }
    }

    #[test]
    fn the_rows_are_in_order() {
        assert!(ROWS.windows(2).all(|two| two[0].code < two[1].code));
        for (at, row) in ROWS.iter().enumerate() {
            assert!(ROWS[..at].iter().all(|other| other.name != row.name), "{}", row.name);
        }
    }

    #[test]
    fn the_version_is_that_of_the_crate() {
        let parts: Vec<u32> = env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse().unwrap()).collect();
        assert_eq!(read(mjwt_version_string()), env!("CARGO_PKG_VERSION"));
        assert_eq!(mjwt_version_number(), parts[0] * 1_000_000 + parts[1] * 1000 + parts[2]);
        assert_eq!(version_number([12, 34, 56]), 12_034_056);
    }
}
