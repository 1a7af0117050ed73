//! Reading any JSON object, writing one.

use std::borrow::Cow;

use libc::{c_char, c_double, c_int, size_t};
use mastra_jwt_core::{Error, elements, member};

use crate::guard::{buffer, bytes, check_apart, check_out, exclusive, give, guard, put, shared, take, text};
use crate::status::{Failure, mjwt_status};

/// Claims in the making: a JSON object whose members keep the order in which they were first set.
/// Belongs to one thread at a time.
#[derive(Default)]
pub struct mjwt_claims {
    /// Name and value, both as JSON text.
    members: Vec<(String, String)>,
}

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
        // SAFETY: pointers and lengths are valid by the contract of the header, and apart
        // (checked).
        unsafe {
            let (_, value) = find(claims, claims_len, name, name_len)?;
            let value = string(value).ok_or(Error::ClaimType)?;
            fill(value.as_bytes(), out, out_cap, out_len)
        }
    })
}

/// Reads a number member whose value is exactly an int64_t, however it is written: 12, 12.0 and
/// 1.2e1 are 12. Nothing is rounded: any other number is MJWT_ERR_CLAIM_TYPE.
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

/// Reads a number member as the double nearest to it.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_get_double(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    out: *mut c_double,
) -> mjwt_status {
    guard(|| {
        check_out(out)?;
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (_, value) = unsafe { find(claims, claims_len, name, name_len) }?;
        if !value.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
            return Err(Error::ClaimType.into());
        }
        // SAFETY: as above.
        unsafe { put(out, value.parse().map_err(|_| Error::ClaimType)?) }
    })
}

/// Reads a member that is true (1) or false (0).
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_get_bool(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    out: *mut c_int,
) -> mjwt_status {
    guard(|| {
        check_out(out)?;
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (_, value) = unsafe { find(claims, claims_len, name, name_len) }?;
        let value = match value {
            "true" => 1,
            "false" => 0,
            _ => return Err(Error::ClaimType.into()),
        };
        // SAFETY: as above.
        unsafe { put(out, value) }
    })
}

/// Whether a member is this string, or an array that has it as an element: for aud, roles and the
/// like. `out` receives 1 or 0. Elements that are not strings are passed over. Any other type, and
/// an absent member, is an error.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_contains(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    value: *const c_char,
    value_len: size_t,
    out: *mut c_int,
) -> mjwt_status {
    guard(|| {
        check_out(out)?;
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (wanted, (_, found)) =
            unsafe { (text(value, value_len, "value")?, find(claims, claims_len, name, name_len)?) };
        let is_wanted = |json: &str| string(json).is_some_and(|text| text == wanted);
        let contains = match found.as_bytes().first() {
            Some(b'"') => is_wanted(found),
            Some(b'[') => elements(found).any(is_wanted),
            _ => return Err(Error::ClaimType.into()),
        };
        // SAFETY: as above.
        unsafe { put(out, c_int::from(contains)) }
    })
}

/// Steps through the elements of an array member. Start with `*cursor` 0. Each call receives where
/// the JSON text of the next element is in `claims`, and moves the cursor; after the last one it is
/// MJWT_ERR_CLAIM_ABSENT:
///
///   size_t cursor = 0, at, len;
///   while (mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &at, &len) == MJWT_OK)
///     printf("%.*s\n", (int)len, claims + at);
///
/// Claims and name must stay the same from call to call.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_claims_next(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
    cursor: *mut size_t,
    offset: *mut size_t,
    len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        check_out(cursor)?;
        check_out(offset)?;
        check_out(len)?;
        // The cursor is where the array goes on, so that no element is read twice.
        // SAFETY: not NULL (checked); pointers and lengths are valid by the contract of the header.
        let (start, rest) = unsafe {
            match cursor.read() {
                0 => find(claims, claims_len, name, name_len)?,
                start => {
                    text(name, name_len, "name")?;
                    let claims = std::str::from_utf8(bytes(claims, claims_len, "claims")?);
                    let rest = claims.map_err(|_| Error::ClaimsNotObject)?.get(start..);
                    (start, rest.filter(|rest| rest.starts_with([',', ']'])).ok_or(INVALID_CURSOR)?)
                }
            }
        };
        if !rest.starts_with(['[', ',', ']']) {
            return Err(Error::ClaimType.into());
        }
        let element = elements(rest).next().ok_or(Failure::ClaimAbsent)?;
        let at = element.as_ptr().addr() - rest.as_ptr().addr();
        let behind = rest[at + element.len()..].trim_start_matches(WHITE_SPACE);
        // SAFETY: as above.
        unsafe {
            put(offset, start + at)?;
            put(len, element.len())?;
            put(cursor, start + rest.len() - behind.len())
        }
    })
}

/// Finds a member of any type: `offset` and `len` receive where its JSON text is in `claims`.
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

/// Sets a member to a string. A member of that name is replaced, and keeps its place. Name and
/// value are copied; both must be UTF-8 (MJWT_ERR_INVALID_ARGUMENT) and may hold any character.
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
        let (claims, name, value) =
            unsafe { (exclusive(claims)?, text(name, name_len, "name")?, text(value, value_len, "value")?) };
        claims.set(name, quoted(value));
        Ok(())
    })
}

/// Sets a member to an integer. Readers that hold numbers as doubles, such as JavaScript, round
/// what lies beyond 2^53 either way.
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
        let (claims, name) = unsafe { (exclusive(claims)?, text(name, name_len, "name")?) };
        claims.set(name, value.to_string());
        Ok(())
    })
}

/// Sets a member to any JSON value, given as JSON text: `true`, `null`, `1.5`, `["a","b"]`,
/// `{"a":1}`. MJWT_ERR_INVALID_ARGUMENT when the text is not one JSON value.
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
        let (claims, name, json) =
            unsafe { (exclusive(claims)?, text(name, name_len, "name")?, text(json, json_len, "json")?) };
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

/// The white space of JSON (RFC 8259 section 2).
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

const INVALID_CURSOR: Error =
    Error::InvalidArgument(Cow::Borrowed("cursor: must be 0, or what the last call with these claims left"));

/// The text of a JSON string; `None` for another value, and for a lone surrogate, which UTF-8
/// cannot hold.
fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// The JSON text of one value, as the core reads it: what can be set is what can be read.
fn one_value(json: &str) -> Result<String, Failure> {
    let json = json.trim_matches(WHITE_SPACE);
    let object = format!("{{\"\":{json}}}");
    // `1,"":2` makes an object too, but not one whose member is the whole text.
    match member(&object, "") {
        Ok(Some(value)) if value == json => Ok(value.to_owned()),
        _ => Err(Failure::invalid("json: must be one JSON value")),
    }
}

/// A member of a JSON object of the caller: where its JSON text is, and the text.
///
/// # Safety
/// As for [`bytes`], twice.
unsafe fn find<'a>(
    claims: *const c_char,
    claims_len: size_t,
    name: *const c_char,
    name_len: size_t,
) -> Result<(usize, &'a str), Failure> {
    // SAFETY: this function has the same contract.
    let (claims, name) = unsafe { (bytes(claims, claims_len, "claims")?, text(name, name_len, "name")?) };
    let claims = std::str::from_utf8(claims).map_err(|_| Error::ClaimsNotObject)?;
    let value = member(claims, name)?.ok_or(Failure::ClaimAbsent)?;
    Ok((value.as_ptr().addr() - claims.as_ptr().addr(), value))
}

/// Copies to a buffer of the caller, and says how much was written or is needed.
///
/// # Safety
/// As for [`buffer`] and [`put`].
pub(crate) unsafe fn fill(from: &[u8], out: *mut c_char, out_cap: size_t, out_len: *mut size_t) -> Result<(), Failure> {
    // SAFETY: this function has the same contract.
    let out = unsafe { buffer(out, out_cap, "out") }?;
    // SAFETY: this function has the same contract.
    unsafe { put(out_len, from.len()) }?;
    let needed = from.len();
    out.get_mut(..needed).ok_or(Error::BufferTooSmall { needed })?.copy_from_slice(from);
    Ok(())
}

/// The integer that a JSON number is, computed from its digits: a double would round beyond 2^53.
/// `None` when it is not one, or not a number at all.
fn integer(json: &str) -> Option<i64> {
    let (sign, number) = json.strip_prefix('-').map_or((1, json), |number| (-1, number));
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    // Zeros count only when a digit follows, so that neither 0e99 nor 10.00 is too long.
    let (mut value, mut zeros) = (0_i128, 0_i64);
    for digit in whole.chars().chain(fraction.chars()) {
        match digit.to_digit(10)? {
            0 => zeros += 1,
            digit => {
                value = scaled(value, zeros + 1)? + i128::from(digit);
                zeros = 0;
            }
        }
    }
    // Beyond 64 bits it is out of every range, either way.
    let exponent = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let value = scaled(value, exponent.saturating_add(zeros).saturating_sub(fraction.len().try_into().ok()?))?;
    (sign * value).try_into().ok()
}

/// `value * 10^exponent`, where that is an integer, and not far out of range.
fn scaled(value: i128, exponent: i64) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    let scaled = value.checked_mul(10_i128.checked_pow(exponent.try_into().ok()?)?)?;
    (scaled <= 1 << 64).then_some(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_exact_or_none() {
        for (json, expected) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0e5", 0),
            ("0e99999999999999999999", 0),
            ("0.000e-99999999999999999999", 0),
            ("12", 12),
            ("12.0", 12),
            ("1.2e1", 12),
            ("1.5e1", 15),
            ("120E-1", 12),
            ("-1.20e+1", -12),
            ("1e18", 1_000_000_000_000_000_000),
            ("123456789012345678e0", 123_456_789_012_345_678),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("9223372036854775807", i64::MAX),
            ("9223372036854775807.000", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-922337203685477580.8e1", i64::MIN),
            ("0.0000000000000000000000000000000000000000000000000001e52", 1),
            ("10000000000000000000000000000000000000000000000000000e-52", 1),
        ] {
            assert_eq!(integer(json), Some(expected), "{json}");
        }
        for json in [
            "9223372036854775808",
            "-9223372036854775809",
            "1e19",
            "1e400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "1.5",
            "15e-1",
            "-0.5",
            "9007199254740993.5",
            "100000000000000000000000000000000000000000000000000001",
            "true",
            "null",
            "\"12\"",
            "[12]",
            "{}",
        ] {
            assert_eq!(integer(json), None, "{json}");
        }
    }
}
