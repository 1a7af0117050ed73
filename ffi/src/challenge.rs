//! A refusal -> the challenge for the WWW-Authenticate header (RFC 6750 section 3).

use libc::{c_char, size_t};
use mastra_jwt_core::Error;

use crate::claims::fill;
use crate::guard::{check_apart, check_out, guard, text};
use crate::status::{Failure, is_token_error, mjwt_status, row};

/// Writes the value of the WWW-Authenticate header for an answer 401 (RFC 6750 section 3), without
/// terminator. `status` is why the token was refused:
///
///   Bearer realm="api", error="invalid_token", error_description="the token has expired"
///   Bearer realm="api"            for MJWT_ERR_NO_BEARER: there was no token
///
/// A status for which MJWT_IS_TOKEN_ERROR is 0 is MJWT_ERR_INVALID_ARGUMENT: answer 500 instead.
/// `realm` names what is protected. It is put between quotes, with `"` and `\` escaped; it must not
/// be empty, or have a control character other than TAB (MJWT_ERR_INVALID_ARGUMENT). `out_len`
/// receives the bytes written, or, with MJWT_ERR_BUFFER_TOO_SMALL, needed. The realm must not
/// overlap `out`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_www_authenticate(
    status: mjwt_status,
    realm: *const c_char,
    realm_len: size_t,
    out: *mut c_char,
    out_cap: size_t,
    out_len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        check_out(out_len)?;
        check_apart(realm, realm_len, out, out_cap)?;
        // SAFETY: pointers and lengths are valid by the contract of the header, and apart
        // (checked).
        unsafe {
            let challenge = challenge(status, text(realm, realm_len, "realm")?)?;
            fill(challenge.as_bytes(), out, out_cap, out_len)
        }
    })
}

fn challenge(status: mjwt_status, realm: &str) -> Result<String, Failure> {
    let row = row(status).filter(|_| is_token_error(status));
    let row = row.ok_or(Failure::invalid("status: must be one that refuses a token"))?;
    let realm = quoted(realm).ok_or(Failure::invalid("realm: must be text without control characters, not empty"))?;
    if row.code == Error::NoBearer.code() {
        return Ok(format!("Bearer realm={realm}"));
    }
    // A message is made of characters that error_description may have: a test looks at all of them.
    Ok(format!("Bearer realm={realm}, error=\"invalid_token\", error_description=\"{}\"", row.message))
}

/// A quoted-string (RFC 9110 section 5.6.4); `None` for what cannot be one. A line break above all
/// would let a realm add headers of its own.
fn quoted(text: &str) -> Option<String> {
    if text.is_empty() || text.chars().any(|character| character != '\t' && character.is_control()) {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::ROWS;

    #[test]
    fn a_challenge_is_that_of_rfc_6750() {
        let of = |status, realm| challenge(status, realm).ok();
        assert_eq!(of(100, "api").unwrap(), r#"Bearer realm="api""#);
        assert_eq!(
            of(201, r#"a "b" \ ü"#).unwrap(),
            r#"Bearer realm="a \"b\" \\ ü", error="invalid_token", error_description="the token has expired""#
        );
        for status in [-1, 0, 1, 41, 99, 110, 299, 300] {
            assert_eq!(of(status, "api"), None, "{status}");
        }
        for realm in ["", "a\r\nb", "a\0", "\u{7f}", "\u{85}"] {
            assert_eq!(of(100, realm), None, "{realm:?}");
        }
        assert!(of(100, "a\tb").is_some());
    }

    #[test]
    fn every_message_fits_into_a_challenge() {
        for row in ROWS.iter().filter(|row| is_token_error(row.code.cast_signed())) {
            let allowed = |byte: u8| matches!(byte, 0x20..=0x7e) && byte != b'"' && byte != b'\\';
            assert!(row.message.bytes().all(allowed), "{}", row.message);
        }
    }
}
