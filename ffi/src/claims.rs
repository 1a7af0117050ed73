//! Reading any JSON object, writing one.

use libc::{c_char, size_t};
use mastra_jwt_core::{Error, member};

use crate::guard::{buffer, bytes, check_apart, check_out, exclusive, give, guard, put, shared, take, text};
use crate::status::mjwt_status;

/// Claims in the making: a JSON object whose members keep the order in which they were first set.
/// Belongs to one thread at a time.
#[derive(Default)]
pub struct mjwt_claims {
    /// Name and value, both as JSON text.
    members: Vec<(String, String)>,
}

/// # Reading claims: any JSON object, from any thread
///
/// As mjwt_verify wrote it, for instance. Of a member that stands twice the last one counts, as in
/// verification. Failures: MJWT_ERR_CLAIMS_NOT_OBJECT, _CLAIM_ABSENT, _CLAIM_TYPE.
///
/// Copies a string member, escapes decoded, in UTF-8, without terminator; it may hold NUL
/// characters. It is never longer than claims_len. `out_len` receives the bytes written, or, with
/// MJWT_ERR_BUFFER_TOO_SMALL, needed. The claims must not overlap `out`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_get_string(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    out: *mut c_char,
    out_cap: size_t,
    out_len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        check_out(out_len)?;
        check_apart(claims, claims_len, out, out_cap)?;
        check_apart(name, name_len, out, out_cap)?;
        // SAFETY: pointers and lengths are valid by the contract of the header, and apart (checked).
        unsafe {
            let (_, value) = find(claims, claims_len, name, name_len)?;
            let value: String = serde_json::from_str(value).map_err(|_| Error::ClaimType)?;
            fill(value.as_bytes(), out, out_cap, out_len)
        }
    })
}

/// Reads a number member that is an integer and fits. 12.0 and 1.2e1 are 12; a fraction, or more
/// than 64 bits, is MJWT_ERR_CLAIM_TYPE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_get_int(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    out: *mut i64,
) -> mjwt_status {
    guard(|| {
        check_out(out)?;
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (_, value) = unsafe { find(claims, claims_len, name, name_len) }?;
        // SAFETY: as above.
        unsafe { put(out, integer(value).ok_or(Error::ClaimType)?) }
    })
}

/// Finds a member of any type: `offset` and `len` receive where its JSON text stands in `claims`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_get_json(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    offset: *mut size_t,
    len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        check_out(offset)?;
        check_out(len)?;
        // SAFETY: pointers and lengths are valid by the contract of the header.
        unsafe {
            let (at, value) = find(claims, claims_len, name, name_len)?;
            put(offset, at)?;
            put(len, value.len())
        }
    })
}

/// # Writing claims: a JSON object in the making, for one thread at a time
///
/// Makes an empty JSON object. Free it with mjwt_claims_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_new(out: *mut *mut mjwt_claims) -> mjwt_status {
    // SAFETY: `out` is NULL or writable, by the contract of the header.
    guard(|| unsafe { give(out, mjwt_claims::default()) })
}

/// Frees claims. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_free(claims: *mut mjwt_claims) {
    // SAFETY: NULL or claims that the caller owns, by the contract of the header.
    unsafe { take(claims) };
}

/// Sets a member to a string. A member of that name is replaced, and keeps its place. Name and value
/// are copied; both must be UTF-8 (MJWT_ERR_INVALID_ARGUMENT) and may hold any character.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_set_string(
    claims: *mut mjwt_claims,
    name: *const c_char,
    name_len: size_t,
    value: *const c_char,
    value_len: size_t,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (claims, name, value) = unsafe {
            (exclusive(claims)?, text(name, name_len, "name: not UTF-8")?, text(value, value_len, "value: not UTF-8")?)
        };
        claims.set(name, quoted(value));
        Ok(())
    })
}

/// Sets a member to an integer. Readers that hold numbers as doubles, such as JavaScript, round what
/// lies beyond 2^53 either way.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_set_int(
    claims: *mut mjwt_claims,
    name: *const c_char,
    name_len: size_t,
    value: i64,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (claims, name) = unsafe { (exclusive(claims)?, text(name, name_len, "name: not UTF-8")?) };
        claims.set(name, value.to_string());
        Ok(())
    })
}

/// Sets a member to any JSON value, given as JSON text: `true`, `null`, `1.5`, `["a","b"]`, `{"a":1}`.
/// MJWT_ERR_INVALID_ARGUMENT when the text is not one JSON value.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_set_json(
    claims: *mut mjwt_claims,
    name: *const c_char,
    name_len: size_t,
    json: *const c_char,
    json_len: size_t,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (claims, name, json) = unsafe {
            (exclusive(claims)?, text(name, name_len, "name: not UTF-8")?, text(json, json_len, "json: not UTF-8")?)
        };
        claims.set(name, one_value(json)?);
        Ok(())
    })
}

/// Writes the claims as JSON, without terminator. `out_len` receives the bytes written, or, with
/// MJWT_ERR_BUFFER_TOO_SMALL, needed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_json(
    claims: *const mjwt_claims,
    out: *mut c_char,
    out_cap: size_t,
    out_len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        // SAFETY: NULL or claims of this thread, by the contract of the header.
        let claims = unsafe { shared(claims) }?;
        // SAFETY: pointers and lengths are valid by the contract of the header.
        unsafe { fill(claims.json().as_bytes(), out, out_cap, out_len) }
    })
}

impl mjwt_claims {
    fn set(&mut self, name: &str, value: String) {
        let name = quoted(name);
        match self.members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name, value)),
        }
    }

    fn json(&self) -> String {
        let members: Vec<String> = self.members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// A JSON string, quotes included.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The JSON text of one value, as the core reads it: what can be set is what can be read.
fn one_value(json: &str) -> Result<String, Error> {
    const MALFORMED: Error = Error::InvalidArgument(std::borrow::Cow::Borrowed("json: not one JSON value"));
    let json = json.trim_matches([' ', '\t', '\n', '\r']);
    let object = format!("{{\"\":{json}}}");
    // `1,"":2` makes an object too, but not one whose member is the whole text.
    match member(&object, "") {
        Ok(Some(value)) if value == json => Ok(value.to_owned()),
        _ => Err(MALFORMED),
    }
}

/// A member of a JSON object of the caller: where its JSON text stands, and the text.
///
/// # Safety
/// As for [`bytes`], twice.
unsafe fn find<'a>(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
) -> Result<(usize, &'a str), Error> {
    // SAFETY: this function has the same contract.
    let (claims, name) = unsafe { (bytes(claims, claims_len)?, text(name, name_len, "name: not UTF-8")?) };
    let claims = std::str::from_utf8(claims).map_err(|_| Error::ClaimsNotObject)?;
    let value = member(claims, name)?.ok_or(Error::ClaimAbsent)?;
    Ok((value.as_ptr().addr() - claims.as_ptr().addr(), value))
}

/// Copies to a buffer of the caller, and says how much was written or is needed.
///
/// # Safety
/// As for [`buffer`] and [`put`].
unsafe fn fill(from: &[u8], out: *mut c_char, out_cap: size_t, out_len: *mut size_t) -> Result<(), Error> {
    // SAFETY: this function has the same contract.
    let out = unsafe { buffer(out, out_cap) }?;
    // SAFETY: this function has the same contract.
    unsafe { put(out_len, from.len()) }?;
    let needed = from.len();
    out.get_mut(..needed).ok_or(Error::BufferTooSmall { needed })?.copy_from_slice(from);
    Ok(())
}

/// The integer that a JSON number stands for.
fn integer(json: &str) -> Option<i64> {
    // Up to 2^53 a double holds every integer, so nothing is rounded.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Ok(value) = json.parse() {
        return Some(value);
    }
    if !json.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return None;
    }
    let value: f64 = json.parse().ok()?;
    #[allow(clippy::cast_possible_truncation)] // In range: checked here.
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}
