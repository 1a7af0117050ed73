//! Taking a token apart without checking it.

use std::fmt;

use crate::claims::Claims;
use crate::error::Error;
use crate::header::Header;
use crate::token::{Segments, decode, decoded_len};

/// A token taken apart without a check of its signature: to look at, never to trust.
#[derive(Clone)]
pub struct Unverified {
    header: Vec<u8>,
    claims: Vec<u8>,
    signature: String,
}

/// Takes a token apart **without checking its signature**.
///
/// ```
/// use mastra_jwt_core::decode_unverified;
///
/// let token = decode_unverified(b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2ln")?;
/// assert_eq!(token.header_json(), r#"{"alg":"HS256"}"#);
/// assert_eq!(token.claims_json(), r#"{"sub":"me"}"#);
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::TokenFormat`], [`Error::TokenBase64`], [`Error::HeaderJson`] or [`Error::ClaimsJson`]
/// when a segment is not as RFC 7515 section 3 says. Any algorithm, any length and an empty
/// signature are let through.
pub fn decode_unverified(token: &[u8]) -> Result<Unverified, Error> {
    let segments = Segments::split(token)?;
    let decoded = |segment: &[u8]| -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; decoded_len(segment.len())];
        let len = decode(segment, &mut bytes)?.len();
        bytes.truncate(len);
        Ok(bytes)
    };
    let header = decoded(segments.header)?;
    Header::parse(&header)?;
    let claims = decoded(segments.payload)?;
    Claims::parse(&claims)?;
    if !segments.signature.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(Error::TokenBase64);
    }
    let signature = String::from_utf8_lossy(segments.signature).into_owned();
    Ok(Unverified { header, claims, signature })
}

impl Unverified {
    /// The header byte by byte.
    ///
    /// # Panics
    /// Never: the bytes were checked when they were read.
    #[must_use]
    pub fn header_json(&self) -> &str {
        str::from_utf8(&self.header).expect("a header is UTF-8")
    }

    /// The payload byte by byte.
    ///
    /// # Panics
    /// Never: the bytes were checked when they were read.
    #[must_use]
    pub fn claims_json(&self) -> &str {
        str::from_utf8(&self.claims).expect("claims are UTF-8")
    }

    /// The signature segment byte by byte.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

/// Shows nothing of the token: whoever has it can use it.
impl fmt::Debug for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_trusted_in_a_decoded_token() {
        let token = decode_unverified(b"eyJhbGciOiJub25lIn0.e30.").unwrap();
        assert_eq!((token.header_json(), token.claims_json(), token.signature()), (r#"{"alg":"none"}"#, "{}", ""));
        let signed = decode_unverified(b"eyJhbGciOiJub25lIn0.e30.c2ln").unwrap();
        assert_eq!(signed.signature(), "c2ln");
        assert_eq!(format!("{signed:?}"), "Unverified { .. }");
        assert_eq!(decode_unverified(b"eyJhbGciOiJub25lIn0.W10.").unwrap_err(), Error::ClaimsJson);
        assert_eq!(decode_unverified(b"W10.e30.").unwrap_err(), Error::HeaderJson);
        for signature in ["=", "a+b", "\u{e9}"] {
            let token = format!("eyJhbGciOiJub25lIn0.e30.{signature}");
            assert_eq!(decode_unverified(token.as_bytes()).unwrap_err(), Error::TokenBase64);
        }
    }
}
