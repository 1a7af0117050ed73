//! What a verification found.

use std::ops::Range;

use crate::claims::Found;
use crate::error::Error;
use crate::registered::Registered;

/// How far a verification came.
#[derive(Default)]
pub(crate) struct Progress {
    pub(crate) key_index: Option<usize>,
    /// Bytes of the decoded payload.
    pub(crate) claims_len: usize,
    pub(crate) found: Found,
}

/// What a verification found, on refusal too. Anything of the claims is there only after the
/// signature was verified.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The registered claims that are in the token, as bits ([`Registered::bit`]).
    pub present: u32,
    /// The claim that was refused, as a bit; [`Registered::OTHER_BIT`] for a required claim that is
    /// not registered.
    pub failed: u32,
    /// The position of the required claim that is missing, in order of adding; `None` for `exp` and
    /// `iat` that another option requires.
    pub missing: Option<u32>,
    /// `exp` in seconds since 1970.
    pub exp: Option<f64>,
    /// `nbf` in seconds since 1970.
    pub nbf: Option<f64>,
    /// `iat` in seconds since 1970.
    pub iat: Option<f64>,
    /// The position of the key that signed the token, in order of adding from 0.
    pub key_index: Option<usize>,
    /// Bytes of the payload: written, or needed.
    pub claims_len: usize,
    /// Byte range of the `sub` string's content in the buffer. `None` if nothing was written.
    pub sub: Option<Range<usize>>,
}

impl Report {
    pub(crate) fn fill(&mut self, progress: &Progress, json: &[u8], error: Option<&Error>) {
        let Progress { key_index, claims_len, found } = progress;
        self.key_index = *key_index;
        self.present = found.present;
        self.exp = found.number(Registered::Exp);
        self.nbf = found.number(Registered::Nbf);
        self.iat = found.number(Registered::Iat);
        match error {
            None => self.sub = found.sub_content(json),
            Some(Error::MissingClaim { name, index }) => {
                self.failed = Registered::from_name(name).map_or(Registered::OTHER_BIT, Registered::bit);
                self.missing = *index;
            }
            Some(error) => self.failed = error.claim().map_or(0, Registered::bit),
        }
        if matches!(error, None | Some(Error::BufferTooSmall { .. })) {
            self.claims_len = *claims_len;
        }
    }
}
