//! What must hold of a token whose signature is good: issuer, audience, times, required claims.

use std::slice::from_ref;
use std::sync::Arc;

use crate::claims::{Found, Registered};
use crate::error::Error;
use crate::json::{JsonString, elements};
use crate::key::Algorithms;
use crate::token::DEFAULT_MAX_TOKEN_BYTES;

/// The largest leeway, one day in seconds.
pub const MAX_LEEWAY_SECONDS: u64 = 86_400;

/// The bits of `Found::others`.
const MAX_OTHER_CLAIMS: usize = 64;

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) algorithms: Algorithms,
    pub(crate) max_token_bytes: usize,
    pub(crate) typ: Option<Box<str>>,
    pub(crate) issuers: Vec<Box<str>>,
    pub(crate) audiences: Vec<Box<str>>,
    pub(crate) subject: Option<Box<str>>,
    pub(crate) jwt_id: Option<Box<str>>,
    /// Seconds; doubles, as `NumericDate` is (RFC 7519 section 2), so that no sum can overflow.
    pub(crate) leeway: f64,
    pub(crate) max_age: Option<f64>,
    pub(crate) check_iat: bool,
    required: Vec<Required>,
    /// The required claims that are not registered, in order; what the claim pass looks out for.
    pub(crate) others: Vec<Arc<str>>,
    /// The name `iat`, kept so that refusing allocates nothing.
    iat: Arc<str>,
}

#[derive(Clone, Debug)]
struct Required {
    name: Arc<str>,
    claim: Wanted,
}

#[derive(Clone, Copy, Debug)]
enum Wanted {
    Registered(Registered),
    /// The position in `Policy::others`.
    Other(usize),
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            algorithms: Algorithms::HS256,
            max_token_bytes: DEFAULT_MAX_TOKEN_BYTES,
            typ: None,
            issuers: vec![],
            audiences: vec![],
            subject: None,
            jwt_id: None,
            leeway: 0.0,
            max_age: None,
            check_iat: false,
            required: vec![],
            others: vec![],
            iat: Registered::Iat.name().into(),
        }
    }
}

impl Policy {
    pub(crate) fn require(&mut self, name: &str) -> Result<(), Error> {
        if self.required.iter().any(|required| *required.name == *name) {
            return Ok(());
        }
        let name: Arc<str> = name.into();
        let claim = if let Some(claim) = Registered::from_name(&name) {
            Wanted::Registered(claim)
        } else {
            if self.others.len() == MAX_OTHER_CLAIMS {
                return Err(Error::InvalidArgument("required claims: at most 64 that are not registered"));
            }
            self.others.push(name.clone());
            Wanted::Other(self.others.len() - 1)
        };
        self.required.push(Required { name, claim });
        Ok(())
    }

    /// Judges the claims at `now`, seconds since 1970, in the order that the documentation of [`Verifier`](crate::Verifier) gives.
    pub(crate) fn check(&self, json: &[u8], claims: &Found, now: f64) -> Result<(), Error> {
        let nbf = claims.time(Registered::Nbf)?;
        if nbf > now + self.leeway {
            return Err(Error::NotYetValid { not_before: nbf });
        }
        let exp = claims.time(Registered::Exp)?;
        if now >= exp + self.leeway {
            return Err(Error::Expired { expired_at: exp });
        }
        let iat = claims.time(Registered::Iat)?;
        if let Some(max_age) = self.max_age {
            if iat.is_nan() {
                return Err(Error::MissingClaim(self.iat.clone()));
            }
            if now >= iat + max_age + self.leeway {
                return Err(Error::TooOld { expired_at: iat + max_age });
            }
        }
        if self.check_iat && iat > now + self.leeway {
            return Err(Error::IssuedInFuture);
        }
        self.check_names(json, claims)?;
        let missing = self.required.iter().find(|required| match required.claim {
            Wanted::Registered(claim) => claims.present & claim.bit() == 0,
            Wanted::Other(position) => claims.others & 1 << position == 0,
        });
        missing.map_or(Ok(()), |required| Err(Error::MissingClaim(required.name.clone())))
    }

    fn check_names(&self, json: &[u8], claims: &Found) -> Result<(), Error> {
        let is_one_of = |claim, expected: &[Box<str>]| {
            let found = claims.string(json, claim);
            found.is_some_and(|found| expected.iter().any(|one| found == **one))
        };
        if !self.issuers.is_empty() && !is_one_of(Registered::Iss, &self.issuers) {
            return Err(Error::Issuer);
        }
        if !self.audiences.is_empty() && !self.is_audience(claims.value(json, Registered::Aud)) {
            return Err(Error::Audience);
        }
        if self.subject.as_ref().is_some_and(|subject| !is_one_of(Registered::Sub, from_ref(subject))) {
            return Err(Error::Subject);
        }
        if self.jwt_id.as_ref().is_some_and(|jwt_id| !is_one_of(Registered::Jti, from_ref(jwt_id))) {
            return Err(Error::JwtId);
        }
        Ok(())
    }

    /// Whether a string, or one of an array of strings, is an expected audience (RFC 7519 section 4.1.3).
    fn is_audience(&self, aud: Option<&[u8]>) -> bool {
        let expected =
            |value| JsonString::from_value(value).is_some_and(|aud| self.audiences.iter().any(|one| aud == **one));
        aud.is_some_and(|aud| expected(aud) || elements(aud).any(expected))
    }
}
