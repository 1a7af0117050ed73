//! The compact serialization (RFC 7515 section 7.1): three segments of strict base64url.

use base64_simd::{AsOut, URL_SAFE_NO_PAD};
use zeroize::Zeroize;

use crate::error::Error;

/// The default limit to the length of a token in bytes: what a Node HTTP server lets through in a
/// header.
pub const DEFAULT_MAX_TOKEN_BYTES: usize = 16384;

/// A token cut at its two dots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segments<'a> {
    pub(crate) header: &'a [u8],
    pub(crate) payload: &'a [u8],
    /// Empty where the token is not signed.
    pub(crate) signature: &'a [u8],
    /// What is signed: header, dot, payload.
    pub(crate) signing_input: &'a [u8],
}

impl<'a> Segments<'a> {
    pub(crate) fn split(token: &'a [u8]) -> Result<Self, Error> {
        let mut dots = memchr::memchr_iter(b'.', token);
        let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
            return Err(Error::TokenFormat);
        };
        let segments = Segments {
            header: &token[..first],
            payload: &token[first + 1..second],
            signature: &token[second + 1..],
            signing_input: &token[..second],
        };
        if segments.header.is_empty() || segments.payload.is_empty() {
            return Err(Error::TokenFormat);
        }
        Ok(segments)
    }
}

/// Bytes that a base64url segment of this length decodes to, at most.
pub(crate) const fn decoded_len(segment_len: usize) -> usize {
    segment_len / 4 * 3 + segment_len % 4 * 3 / 4
}

/// Characters that `len` bytes take in base64url without padding; the largest number where that is
/// larger still.
pub(crate) const fn encoded_len(len: usize) -> usize {
    (len / 3).saturating_mul(4).saturating_add((len % 3 * 4).div_ceil(3))
}

/// Decodes a segment into the front of `out`, which must be [`decoded_len`] long. Padding, other
/// alphabets and stray trailing bits are refused.
pub(crate) fn decode<'b>(segment: &[u8], out: &'b mut [u8]) -> Result<&'b mut [u8], Error> {
    URL_SAFE_NO_PAD.decode(segment, out.as_out()).map_err(|_| Error::TokenBase64)
}

/// Encodes into the front of `out`, which must be [`encoded_len`] long.
pub(crate) fn encode<'b>(bytes: &[u8], out: &'b mut [u8]) -> &'b mut [u8] {
    URL_SAFE_NO_PAD.encode(bytes, out.as_out())
}

/// Calls `work` with a zeroed buffer of `len` bytes and wipes it afterwards. Uses the stack for
/// tokens of the default size, the heap beyond.
pub(crate) fn with_scratch<T>(len: usize, work: impl FnOnce(&mut [u8]) -> T) -> T {
    const LARGE: usize = decoded_len(DEFAULT_MAX_TOKEN_BYTES);

    #[inline(never)] // so that only those who need it pay for so large a frame
    fn large<T>(len: usize, work: impl FnOnce(&mut [u8]) -> T) -> T {
        wiped(&mut [0; LARGE][..len], work)
    }
    fn wiped<T>(buffer: &mut [u8], work: impl FnOnce(&mut [u8]) -> T) -> T {
        let result = work(buffer);
        buffer.zeroize();
        result
    }

    match len {
        0..=768 => wiped(&mut [0; 768][..len], work),
        769..=LARGE => large(len, work),
        _ => wiped(&mut vec![0; len], work),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_three_segments() {
        let segments = Segments::split(b"a.bb.ccc").unwrap();
        assert_eq!(segments.header, b"a");
        assert_eq!(segments.payload, b"bb");
        assert_eq!(segments.signature, b"ccc");
        assert_eq!(segments.signing_input, b"a.bb");
        assert_eq!(Segments::split(b"a.b.").unwrap().signature, b"");
        for token in [&b""[..], b".", b"..", b"a", b"a.b", ".b.c".as_bytes(), b"a..c", b"a.b.c.", b"a.b.c.d"] {
            assert_eq!(Segments::split(token), Err(Error::TokenFormat));
        }
    }

    #[test]
    fn base64url_is_strict() {
        let mut out = [0; 16];
        assert_eq!(decode(b"-_8", &mut out).unwrap(), b"\xfb\xff");
        for segment in [&b"+/8"[..], b"-_8=", b"-_9", b"-_8 ", b"-", b"-_8A-", b"-_\n8", b"\xc3\xa9AA"] {
            assert_eq!(decode(segment, &mut out), Err(Error::TokenBase64), "{segment:?}");
        }
    }

    #[test]
    fn every_non_canonical_tail_is_refused() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut out = [0; 64];
        for head in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let accepted = |tail: &[u8]| {
                let segment = [head.as_bytes(), tail].concat();
                decode(&segment, &mut [0; 64]).is_ok()
            };
            let two = ALPHABET.iter().filter(|last| accepted(&[b'A', **last])).count();
            let three = ALPHABET.iter().filter(|last| accepted(&[b'A', b'A', **last])).count();
            assert_eq!((two, three), (4, 16));
            assert!(!accepted(b"A"));
        }
        assert_eq!(decode(b"", &mut out).unwrap(), b"");
    }

    #[test]
    fn lengths_match_what_is_encoded_and_decoded() {
        for len in 0..200 {
            let bytes = vec![0xa5; len];
            let mut encoded = vec![0; encoded_len(len)];
            assert_eq!(encode(&bytes, &mut encoded).len(), encoded_len(len));
            assert_eq!(decoded_len(encoded.len()), len);
            let mut decoded = vec![0; len];
            assert_eq!(decode(&encoded, &mut decoded).unwrap(), bytes);
        }
    }

    #[test]
    fn scratch_is_as_long_as_asked_for() {
        for len in [0, 1, 768, 769, 12_288, 12_289, 1 << 20] {
            assert_eq!(with_scratch(len, |buffer| buffer.len()), len);
        }
    }
}
