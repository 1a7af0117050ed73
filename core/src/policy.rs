//! The options of a verifier, and the checks on the claims after the signature was verified.

use std::slice::from_ref;
use std::sync::Arc;

use crate::algorithm::{Algorithm, Algorithms};
use crate::claims::Found;
use crate::error::Error;
use crate::json::{JsonString, elements};
use crate::names::Names;
use crate::registered::Registered;
use crate::token::DEFAULT_MAX_TOKEN_BYTES;

/// The largest leeway, one day in seconds.
pub const MAX_LEEWAY_SECONDS: u64 = 86_400;

/// The largest maximum age in seconds: up to here a double holds every whole number.
pub(crate) const MAX_AGE_SECONDS: u64 = 1 << 53;

/// The largest limit to the length of a token, 16 MiB.
pub(crate) const MAX_MAX_TOKEN_BYTES: usize = 1 << 24;

/// The bits of `Found::wanted`.
const MAX_WANTED: usize = 64;

#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // each an option of its own
pub(crate) struct Policy {
    pub(crate) algorithms: Algorithms,
    pub(crate) allow_short_keys: bool,
    pub(crate) max_token_bytes: usize,
    pub(crate) typ: Option<Box<str>>,
    issuers: Vec<Box<str>>,
    audiences: Vec<Box<str>>,
    subject: Option<Box<str>>,
    jwt_id: Option<Box<str>>,
    /// Seconds; doubles, as `NumericDate` is (RFC 7519 section 2), so that no sum can overflow.
    leeway: f64,
    max_age: Option<f64>,
    required: Vec<Required>,
    /// The required claims that are not registered, in order; what the pass over the claims looks
    /// for.
    pub(crate) wanted: Names,
    pub(crate) require_exp: bool,
    pub(crate) check_iat: bool,
    pub(crate) strict_claims: bool,
    pub(crate) ignore_expiration: bool,
    /// The names `exp` and `iat`, kept so that a refusal allocates nothing. Not static: that would
    /// outlive `dlclose`.
    exp: Arc<str>,
    iat: Arc<str>,
}

#[derive(Clone, Debug)]
struct Required {
    name: Arc<str>,
    claim: RequiredClaim,
}

#[derive(Clone, Copy, Debug)]
enum RequiredClaim {
    Registered(Registered),
    /// The position in `Policy::wanted`.
    Wanted(usize),
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            algorithms: Algorithm::HS256.into(),
            allow_short_keys: false,
            max_token_bytes: DEFAULT_MAX_TOKEN_BYTES,
            typ: None,
            issuers: vec![],
            audiences: vec![],
            subject: None,
            jwt_id: None,
            leeway: 0.0,
            max_age: None,
            required: vec![],
            wanted: Names::default(),
            require_exp: false,
            check_iat: false,
            strict_claims: false,
            ignore_expiration: false,
            exp: Registered::Exp.name().into(),
            iat: Registered::Iat.name().into(),
        }
    }
}

/// The options, each with its range. The name in an error is that of the policy document.
impl Policy {
    pub(crate) fn set_algorithms(&mut self, algorithms: &[Algorithm]) -> Result<(), Error> {
        self.algorithms = Algorithms::from_list(algorithms).ok_or(Error::invalid("algorithms: must not be empty"))?;
        Ok(())
    }

    pub(crate) fn add_issuer(&mut self, issuer: &str) -> Result<(), Error> {
        self.issuers.push(not_empty(issuer, "issuer: must not be empty")?);
        Ok(())
    }

    pub(crate) fn add_audience(&mut self, audience: &str) -> Result<(), Error> {
        self.audiences.push(not_empty(audience, "audience: must not be empty")?);
        Ok(())
    }

    pub(crate) fn set_subject(&mut self, subject: &str) -> Result<(), Error> {
        self.subject = Some(not_empty(subject, "subject: must not be empty")?);
        Ok(())
    }

    pub(crate) fn set_jwt_id(&mut self, jwt_id: &str) -> Result<(), Error> {
        self.jwt_id = Some(not_empty(jwt_id, "jwtId: must not be empty")?);
        Ok(())
    }

    pub(crate) fn set_type(&mut self, typ: &str) -> Result<(), Error> {
        self.typ = Some(not_empty(typ, "type: must not be empty")?);
        Ok(())
    }

    pub(crate) fn set_leeway(&mut self, seconds: u64) -> Result<(), Error> {
        if seconds > MAX_LEEWAY_SECONDS {
            return Err(Error::invalid("leeway: must be a whole number of seconds from 0 to 86400"));
        }
        self.leeway = as_double(seconds);
        Ok(())
    }

    pub(crate) fn set_max_age(&mut self, seconds: Option<u64>) -> Result<(), Error> {
        if seconds.is_some_and(|seconds| !(1..=MAX_AGE_SECONDS).contains(&seconds)) {
            return Err(Error::invalid("maxAge: must be a whole number of seconds from 1 to 2^53"));
        }
        self.max_age = seconds.map(as_double);
        Ok(())
    }

    pub(crate) fn set_max_token_bytes(&mut self, bytes: usize) -> Result<(), Error> {
        check_max_token_bytes(bytes)?;
        self.max_token_bytes = bytes;
        Ok(())
    }

    pub(crate) fn require(&mut self, name: &str) -> Result<(), Error> {
        let name: Arc<str> = not_empty(name, "requiredClaims: must not hold an empty name")?.into();
        let known = self.required.iter().find(|required| required.name == name);
        let claim = match (known, Registered::from_name(&name)) {
            (Some(known), _) => known.claim,
            (None, Some(claim)) => RequiredClaim::Registered(claim),
            (None, None) if self.wanted.len() == MAX_WANTED => {
                return Err(Error::invalid("requiredClaims: at most 64 names that are not registered"));
            }
            (None, None) => {
                self.wanted.push(name.as_bytes());
                RequiredClaim::Wanted(self.wanted.len() - 1)
            }
        };
        self.required.push(Required { name, claim });
        Ok(())
    }
}

pub(crate) fn check_max_token_bytes(bytes: usize) -> Result<(), Error> {
    if !(1..=MAX_MAX_TOKEN_BYTES).contains(&bytes) {
        return Err(Error::invalid("maxTokenBytes: must be a whole number from 1 to 16777216"));
    }
    Ok(())
}

fn not_empty(text: &str, otherwise: &'static str) -> Result<Box<str>, Error> {
    if text.is_empty() { Err(Error::invalid(otherwise)) } else { Ok(text.into()) }
}

#[allow(clippy::cast_precision_loss)] // at most 2^53
fn as_double(seconds: u64) -> f64 {
    seconds as f64
}

impl Policy {
    /// Checks the claims at `now`, seconds since 1970, in the order that
    /// [`Verifier`](crate::Verifier) documents.
    #[inline]
    pub(crate) fn check(&self, json: &[u8], claims: &Found, now: f64) -> Result<(), Error> {
        if self.strict_claims {
            claims.check_types(json)?;
        }
        let nbf = claims.time(Registered::Nbf)?;
        if nbf > now + self.leeway {
            return Err(Error::NotYetValid { not_before: nbf });
        }
        if !self.ignore_expiration {
            let exp = claims.time(Registered::Exp)?;
            if now >= exp + self.leeway {
                return Err(Error::Expired { expired_at: exp });
            }
        }
        self.check_iat(claims.time(Registered::Iat)?, now)?;
        self.check_names(json, claims)?;
        self.check_required(claims)
    }

    /// `iat` is NaN when the claim is absent.
    #[inline]
    fn check_iat(&self, iat: f64, now: f64) -> Result<(), Error> {
        let max_age = self.max_age.filter(|_| !self.ignore_expiration);
        if let Some(max_age) = max_age {
            if iat.is_nan() {
                return Err(Error::MissingClaim { name: self.iat.clone(), index: None });
            }
            if now >= iat + max_age + self.leeway {
                return Err(Error::TooOld { expired_at: iat + max_age });
            }
        }
        // With a maximum age too: else an iat in milliseconds, or years ahead, would never be too
        // old.
        if (self.check_iat || max_age.is_some()) && iat > now + self.leeway {
            return Err(Error::IssuedInFuture);
        }
        Ok(())
    }

    #[inline]
    fn check_names(&self, json: &[u8], claims: &Found) -> Result<(), Error> {
        let is_one_of = |claim, expected: &[Box<str>]| {
            let found = claims.string(json, claim);
            found.is_some_and(|found| expected.iter().any(|one| found == **one))
        };
        if !self.issuers.is_empty() && !is_one_of(Registered::Iss, &self.issuers) {
            return Err(Error::Issuer);
        }
        let is_audience = if self.audiences.is_empty() {
            // RFC 7519 section 4.1.3: who does not find itself in an `aud` that is there must
            // reject the token.
            !(self.strict_claims && claims.has(Registered::Aud))
        } else {
            self.is_audience(claims.value(json, Registered::Aud))
        };
        if !is_audience {
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

    /// Whether a string, or one of an array of strings, is an expected audience (RFC 7519 section
    /// 4.1.3).
    fn is_audience(&self, aud: Option<&[u8]>) -> bool {
        let expected =
            |value| JsonString::from_value(value).is_some_and(|aud| self.audiences.iter().any(|one| aud == **one));
        aud.is_some_and(|aud| expected(aud) || elements(aud).any(expected))
    }

    #[inline]
    fn check_required(&self, claims: &Found) -> Result<(), Error> {
        let missing = self.required.iter().position(|required| match required.claim {
            RequiredClaim::Registered(claim) => !claims.has(claim),
            RequiredClaim::Wanted(position) => claims.wanted & 1 << position == 0,
        });
        if let Some(index) = missing {
            return Err(Error::MissingClaim {
                name: self.required[index].name.clone(),
                index: u32::try_from(index).ok(),
            });
        }
        if self.require_exp && !claims.has(Registered::Exp) {
            return Err(Error::MissingClaim { name: self.exp.clone(), index: None });
        }
        Ok(())
    }
}
