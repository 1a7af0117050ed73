//! [`Verifier`]: token + now -> claims. The order of checks is the order of the code.

use std::fmt;
use std::ops::Deref;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::builder::VerifierBuilder;
use crate::claims::Claims;
use crate::error::Error;
use crate::header::Header;
use crate::keyring::Keyring;
use crate::policy::Policy;
use crate::report::{Progress, Report};
use crate::token::{self, Segments, decoded_len, with_scratch};

/// Verifies tokens against one policy and its keys. Immutable: share it between threads behind a
/// reference or an `Arc`.
///
/// A token is checked in this order, and the first failure is the answer: its size; its three
/// segments; its header; which key may have signed it; its signature, in constant time; only then
/// its payload; with strict claims, the types of the registered claims; `nbf`, `exp`, `iat`; `iss`,
/// `aud`, `sub`, `jti`; required claims.
///
/// ```
/// use mastra_jwt_core::{Signer, Verifier};
///
/// let secret = b"supersecretdevkeythatishs256safe!";
/// let verifier = Verifier::from_secret(secret)?;
/// let token = Signer::from_secret(secret)?.sign_json(br#"{"sub":"me"}"#)?;
/// let claims = verifier.verify(&token)?;
/// assert_eq!(claims["sub"], "me");
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    policy: Policy,
    keys: Keyring,
}

impl Verifier {
    /// A verifier of HS256 tokens with one secret of at least 32 bytes, which checks `exp` and
    /// `nbf` where present.
    ///
    /// # Errors
    /// As [`VerifierBuilder::secret`] and [`VerifierBuilder::build`].
    pub fn from_secret(secret: &[u8]) -> Result<Self, Error> {
        Verifier::builder().secret(secret)?.build()
    }

    /// Starts a verifier with options.
    #[must_use]
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::default()
    }

    /// The hot path: verifies a token at `now`, seconds since 1970, and writes its payload to the
    /// front of `buffer`. Makes no heap allocation for tokens of up to
    /// [`DEFAULT_MAX_TOKEN_BYTES`](crate::DEFAULT_MAX_TOKEN_BYTES) whose claims nest less than 64
    /// deep. A buffer of three quarters of the token's length is always enough. On failure as much
    /// of the buffer is zeroed as the longest token of the policy could have written, so that no
    /// claims of an earlier token are left in it.
    ///
    /// ```
    /// use mastra_jwt_core::{Error, Signer, Verifier};
    ///
    /// let secret = [7; 32];
    /// let token = Signer::from_secret(&secret)?.sign_json(br#"{"sub":"me","exp":1700000000}"#)?;
    /// let verifier = Verifier::from_secret(&secret)?;
    /// let mut buffer = [0; 512];
    /// let verified = verifier.verify_into(token.as_bytes(), 1_699_999_999.0, &mut buffer)?;
    /// assert_eq!(verified.json(), r#"{"sub":"me","exp":1700000000}"#);
    /// let refusal = verifier.verify_into(token.as_bytes(), 1_700_000_000.0, &mut buffer);
    /// assert_eq!(refusal.unwrap_err(), Error::Expired { expired_at: 1_700_000_000.0 });
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Codes 100 to 299 when the token is refused; [`Error::BufferTooSmall`] when the token is
    /// valid and its payload is longer than the buffer; [`Error::InvalidArgument`] when `now` is
    /// not finite.
    pub fn verify_into<'b>(&self, token: &[u8], now: f64, buffer: &'b mut [u8]) -> Result<Verified<'b>, Error> {
        self.verify_with(token, now, buffer, |_, _, _| {})
    }

    /// As [`verify_into`](Self::verify_into), and says in `report` what was found, on refusal too.
    ///
    /// # Errors
    /// As [`verify_into`](Self::verify_into).
    pub fn verify_report<'b>(
        &self,
        token: &[u8],
        now: f64,
        buffer: &'b mut [u8],
        report: &mut Report,
    ) -> Result<Verified<'b>, Error> {
        *report = Report::default();
        self.verify_with(token, now, buffer, |progress, json, error| report.fill(progress, json, error))
    }

    /// As [`verify_report`](Self::verify_report), for those who do not want the claims: no buffer
    /// is needed.
    ///
    /// # Errors
    /// As [`verify_into`](Self::verify_into), but never [`Error::BufferTooSmall`].
    pub fn check(&self, token: &[u8], now: f64, report: &mut Report) -> Result<(), Error> {
        match self.verify_report(token, now, &mut [], report) {
            Err(Error::BufferTooSmall { .. }) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Verifies a token now, by the system clock, and returns its claims.
    ///
    /// # Errors
    /// As [`verify_as`](Self::verify_as).
    pub fn verify(&self, token: &str) -> Result<Map<String, Value>, Error> {
        self.verify_as(token)
    }

    /// Verifies a token now, by the system clock, and returns its claims as a type of yours.
    ///
    /// ```
    /// # use mastra_jwt_core::{Signer, Verifier};
    /// #[derive(serde::Deserialize)]
    /// struct Claims {
    ///     sub: String,
    /// }
    /// # let token = Signer::from_secret(&[7; 32])?.sign_json(br#"{"sub":"me"}"#)?;
    /// let claims: Claims = Verifier::from_secret(&[7; 32])?.verify_as(&token)?;
    /// assert_eq!(claims.sub, "me");
    /// # Ok::<(), mastra_jwt_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// Codes 100 to 210 when the token is refused; [`Error::ClaimsMismatch`] when its claims do not
    /// fit the type; [`Error::Clock`].
    pub fn verify_as<T: DeserializeOwned>(&self, token: &str) -> Result<T, Error> {
        let now = system_now()?;
        with_scratch(decoded_len(token.len().min(self.policy.max_token_bytes)), |buffer| {
            let verified = self.verify_into(token.as_bytes(), now, buffer)?;
            serde_json::from_slice(verified.json_bytes())
                .map_err(|reason| Error::ClaimsMismatch(reason.to_string().into()))
        })
    }

    /// Whether a secret is shorter than the hash of every algorithm it serves, which RFC 7518
    /// section 3.2 forbids and [`VerifierBuilder::allow_short_keys`] allows.
    #[must_use]
    pub fn has_short_key(&self) -> bool {
        self.keys.has_short_key()
    }

    /// The longest token that is looked at, in bytes ([`VerifierBuilder::max_token_bytes`]).
    #[must_use]
    pub fn max_token_bytes(&self) -> usize {
        self.policy.max_token_bytes
    }

    /// The whole verification. `note` sees how far it came before the buffer is handed out or
    /// wiped.
    #[inline]
    fn verify_with<'b>(
        &self,
        token: &[u8],
        now: f64,
        buffer: &'b mut [u8],
        note: impl FnOnce(&Progress, &[u8], Option<&Error>),
    ) -> Result<Verified<'b>, Error> {
        let mut progress = Progress::default();
        let verified = self.attempt(token, now, buffer, &mut progress);
        let json = buffer.get(..progress.claims_len).unwrap_or_default();
        note(&progress, json, verified.as_ref().err());
        match verified {
            Ok(key_index) => {
                Ok(Verified { claims: Claims::new(&buffer[..progress.claims_len], progress.found), key_index })
            }
            Err(error) => {
                let len = buffer.len().min(decoded_len(self.policy.max_token_bytes));
                buffer[..len].fill(0);
                Err(error)
            }
        }
    }

    /// Returns the position of the key.
    #[inline]
    fn attempt(&self, token: &[u8], now: f64, buffer: &mut [u8], progress: &mut Progress) -> Result<usize, Error> {
        let (payload, key_index) = self.authenticate(token, now)?;
        progress.key_index = Some(key_index);
        let room = decoded_len(payload.len());
        if let Some(buffer) = buffer.get_mut(..room) {
            self.check_payload(payload, now, buffer, progress)?;
            return Ok(key_index);
        }
        // A payload that is too long for the buffer is checked all the same: only a valid token is
        // worth a larger one.
        with_scratch(room, |scratch| self.check_payload(payload, now, scratch, progress))?;
        Err(Error::BufferTooSmall { needed: progress.claims_len })
    }

    /// Everything up to and including the signature: the payload segment, and the position of the
    /// key.
    fn authenticate<'t>(&self, token: &'t [u8], now: f64) -> Result<(&'t [u8], usize), Error> {
        if !now.is_finite() {
            return Err(Error::invalid("now: must be a finite number of seconds"));
        }
        if token.len() > self.policy.max_token_bytes {
            return Err(Error::TokenTooLong);
        }
        let segments = Segments::split(token)?;
        let known = Header::known(segments.header).or_else(|| self.keys.known_header(segments.header));
        let key_index = match known {
            Some(header) => self.check_header_and_signature(&header, &segments)?,
            None => with_scratch(decoded_len(segments.header.len()), |buffer| {
                let json = token::decode(segments.header, buffer)?;
                self.check_header_and_signature(&Header::parse(json)?, &segments)
            })?,
        };
        Ok((segments.payload, key_index))
    }

    fn check_header_and_signature(&self, header: &Header<'_>, token: &Segments<'_>) -> Result<usize, Error> {
        if token.signature.is_empty() {
            return Err(Error::SignatureMissing);
        }
        let Some(algorithm) = header.alg.filter(|alg| self.policy.algorithms.contains(*alg)) else {
            return Err(Error::Algorithm);
        };
        if header.crit {
            return Err(Error::CriticalHeader);
        }
        if self.policy.typ.as_ref().is_some_and(|typ| !header.has_type(typ)) {
            return Err(Error::TypeHeader);
        }
        self.keys.verify(header, algorithm, token)
    }

    /// Decodes an authenticated payload into `buffer` and checks its claims.
    #[inline]
    fn check_payload(&self, payload: &[u8], now: f64, buffer: &mut [u8], progress: &mut Progress) -> Result<(), Error> {
        let json = token::decode(payload, buffer)?;
        progress.claims_len = json.len();
        progress.found.read(json, &self.policy.wanted)?;
        self.policy.check(json, &progress.found, now)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// A verified token. The claims borrow the caller's buffer.
#[derive(Clone, Debug)]
pub struct Verified<'b> {
    claims: Claims<'b>,
    key_index: usize,
}

impl<'b> Verified<'b> {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims<'b> {
        &self.claims
    }

    /// Which key signed the token, in order of adding from 0.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.key_index
    }
}

impl<'b> Deref for Verified<'b> {
    type Target = Claims<'b>;

    fn deref(&self) -> &Claims<'b> {
        &self.claims
    }
}

impl VerifierBuilder {
    /// Makes the verifier; the builder can go on to make others.
    ///
    /// # Errors
    /// [`Error::NoKeys`]; [`Error::KeyTooShort`], which names the key and the algorithm that needs
    /// a longer one.
    pub fn build(&self) -> Result<Verifier, Error> {
        let (policy, keys) = self.parts()?;
        Ok(Verifier { policy, keys })
    }
}

/// The system clock, whole seconds since 1970.
///
/// # Errors
/// [`Error::Clock`] when it is before 1970.
pub fn system_now() -> Result<f64, Error> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(|_| Error::Clock)?;
    #[allow(clippy::cast_precision_loss)] // far below 2^53
    Ok(since.as_secs() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Registered, Signer};

    const NOW: f64 = 1_700_000_000.0;

    fn token(secret: &[u8], kid: Option<&str>, claims: &str) -> Vec<u8> {
        let mut builder = Signer::builder();
        builder.secret(secret).unwrap();
        if let Some(kid) = kid {
            builder.kid(kid).unwrap();
        }
        builder.build().unwrap().sign_json(claims.as_bytes()).unwrap().into_bytes()
    }

    type Build = fn(&mut VerifierBuilder) -> Result<&mut VerifierBuilder, Error>;

    fn refusal(build: Build, claims: &str) -> Error {
        let mut builder = Verifier::builder();
        builder.secret(&[7; 32]).unwrap();
        build(&mut builder).unwrap();
        let verifier = builder.build().unwrap();
        verifier.verify_into(&token(&[7; 32], None, claims), NOW, &mut [0; 512]).map(drop).unwrap_err()
    }

    fn missing(name: &str, index: Option<u32>) -> Error {
        Error::MissingClaim { name: name.into(), index }
    }

    #[test]
    fn keys_are_chosen_by_kid() {
        let [a, b, c] = [[1; 32], [2; 32], [3; 32]];
        let mut builder = Verifier::builder();
        builder.secret_with_kid(&a, "a").unwrap().secret(&b).unwrap().secret_with_kid(&c, "c").unwrap();
        let verifier = builder.build().unwrap();
        let key = |secret: &[u8], kid| {
            verifier.verify_into(&token(secret, kid, "{}"), NOW, &mut [0; 8]).map(|verified| verified.key_index())
        };
        assert_eq!(key(&a, Some("a")), Ok(0));
        assert_eq!(key(&c, Some("a")), Err(Error::Signature));
        assert_eq!(key(&b, Some("x")), Ok(1));
        assert_eq!(key(&a, Some("x")), Err(Error::Signature));
        for (position, secret) in [a, b, c].iter().enumerate() {
            assert_eq!(key(secret, None), Ok(position));
        }
        let mut named_only = Verifier::builder();
        named_only.secret_with_kid(&a, "a").unwrap();
        let refused = named_only.build().unwrap().verify_into(&token(&a, Some("b"), "{}"), NOW, &mut [0; 8]).map(drop);
        assert_eq!(refused, Err(Error::UnknownKid));
    }

    #[test]
    fn times_are_checked_at_their_edges() {
        let at = |leeway, claims: &str| {
            let mut builder = Verifier::builder();
            builder.secret(&[7; 32]).unwrap().leeway(leeway).unwrap().check_iat(true).unwrap();
            let verifier = builder.build().unwrap();
            verifier
                .verify_into(&token(&[7; 32], None, claims), NOW, &mut [0; 64])
                .map(drop)
                .map_err(|error| error.code())
        };
        assert_eq!(at(0, r#"{"exp":1700000000}"#), Err(201));
        assert_eq!(at(0, r#"{"exp":1700000000.5}"#), Ok(()));
        assert_eq!(at(1, r#"{"exp":1700000000}"#), Ok(()));
        assert_eq!(at(1, r#"{"exp":1699999999}"#), Err(201));
        assert_eq!(at(0, r#"{"nbf":1700000000}"#), Ok(()));
        assert_eq!(at(0, r#"{"nbf":1700000001}"#), Err(202));
        assert_eq!(at(1, r#"{"nbf":1700000001}"#), Ok(()));
        assert_eq!(at(0, r#"{"iat":1700000000}"#), Ok(()));
        assert_eq!(at(0, r#"{"iat":1700000001}"#), Err(203));
        assert_eq!(at(0, r#"{"exp":1e308,"nbf":-1e308}"#), Ok(()));
    }

    #[test]
    fn the_first_failure_in_order_is_the_answer() {
        let claims = r#"{"nbf":1800000000,"exp":1,"iat":1}"#;
        assert_eq!(refusal(|policy| policy.issuer("x"), claims).code(), 202);
        assert_eq!(refusal(|policy| policy.issuer("x"), r#"{"exp":1,"iat":1}"#).code(), 201);
        let all: Build = |policy| {
            policy.max_age(Some(5))?.issuer("i")?.audience("a")?.subject("s")?.jwt_id("j")?.required_claim("r")
        };
        let mut claims = r#"{"iat":1699999996"#.to_owned();
        for (code, member) in
            [(205, r#","iss":"i""#), (206, r#","aud":"a""#), (207, r#","sub":"s""#), (208, r#","jti":"j""#)]
        {
            assert_eq!(refusal(all, &format!("{claims}}}")).code(), code);
            claims += member;
        }
        assert_eq!(refusal(all, &format!("{claims}}}")), missing("r", Some(0)));
        assert_eq!(refusal(all, "{}"), missing("iat", None));
        assert_eq!(refusal(|policy| policy.require_exp(true), "{}"), missing("exp", None));
        assert_eq!(refusal(|policy| policy.token_type("at+jwt"), "{}"), Error::TypeHeader);
        assert_eq!(refusal(|policy| policy.max_token_bytes(16), "{}"), Error::TokenTooLong);
    }

    #[test]
    fn a_short_buffer_is_reported_for_a_valid_token_alone_and_is_left_empty() {
        let verifier = Verifier::from_secret(&[7; 32]).unwrap();
        let good = token(&[7; 32], None, r#"{"exp":1700000001}"#);
        let expired = token(&[7; 32], None, r#"{"exp":1700000000}"#);
        for room in 0..18 {
            let mut buffer = vec![0xaa; room];
            let mut report = Report::default();
            let refused = verifier.verify_report(&good, NOW, &mut buffer, &mut report).map(drop);
            assert_eq!(refused, Err(Error::BufferTooSmall { needed: 18 }));
            assert_eq!((report.claims_len, report.exp, report.failed), (18, Some(NOW + 1.0), 0));
            assert!(buffer.iter().all(|byte| *byte == 0));
            let refused = verifier.verify_into(&expired, NOW, &mut buffer).map(drop);
            assert_eq!(refused, Err(Error::Expired { expired_at: NOW }));
        }
        assert_eq!(verifier.verify_into(&good, NOW, &mut [0; 18]).unwrap().json(), r#"{"exp":1700000001}"#);
        assert_eq!(verifier.check(&good, NOW, &mut Report::default()), Ok(()));
        assert!(verifier.check(&expired, NOW, &mut Report::default()).is_err());
    }

    #[test]
    fn a_refusal_wipes_the_buffer_and_reports_what_was_found() {
        let verifier = Verifier::from_secret(&[7; 32]).unwrap();
        let mut report = Report::default();
        let mut buffer = [0xaa; 64];
        let expired = token(&[7; 32], None, r#"{"sub":"s","exp":5}"#);
        assert!(verifier.verify_report(&expired, NOW, &mut buffer, &mut report).is_err());
        assert_eq!(buffer, [0; 64]);
        assert_eq!(report.failed, Registered::Exp.bit());
        assert_eq!(report.present, Registered::Exp.bit() | Registered::Sub.bit());
        assert_eq!((report.exp, report.sub.clone(), report.key_index), (Some(5.0), None, Some(0)));
        buffer = [0xaa; 64];
        assert!(verifier.verify_report(&token(&[8; 32], None, "{}"), NOW, &mut buffer, &mut report).is_err());
        assert_eq!(buffer, [0; 64]);
        assert_eq!(report, Report::default());
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let mut builder = Verifier::builder();
        builder.secret(b"supersecretdevkeythatishs256safe!").unwrap();
        for shown in [format!("{builder:?}"), format!("{:?}", builder.build().unwrap())] {
            assert!(!shown.contains("supersecret") && !shown.contains("115, 117, 112"), "{shown}");
            assert!(shown.starts_with("Verifier") && shown.contains("leeway: 0.0"), "the options are: {shown}");
        }
    }

    #[test]
    fn the_system_clock_is_the_time_of_verify() {
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64().floor();
        let before = since(SystemTime::now());
        let now = system_now().unwrap();
        assert!(before <= now && now <= since(SystemTime::now()));

        let verifier = Verifier::from_secret(&[7; 32]).unwrap();
        let signed = |claims: &str| String::from_utf8(token(&[7; 32], None, claims)).unwrap();
        let ahead = signed(&format!(r#"{{"exp":{},"roles":["a"]}}"#, now + 86_400.0));
        let claims = verifier.verify(&ahead).unwrap();
        assert_eq!((claims.len(), &claims["roles"]), (2, &serde_json::json!(["a"])));
        let over = format!(r#"{{"exp":{now}}}"#);
        assert_eq!(verifier.verify(&signed(&over)), Err(Error::Expired { expired_at: now }));
    }

    #[test]
    fn a_short_secret_is_reported() {
        let has_short_key = |secrets: &[&[u8]]| {
            let mut builder = Verifier::builder();
            builder.allow_short_keys(true).unwrap();
            for secret in secrets {
                builder.secret(secret).unwrap();
            }
            builder.build().unwrap().has_short_key()
        };
        assert!(!has_short_key(&[&[7; 32], &[8; 33]]));
        assert!(has_short_key(&[&[7; 32], &[8; 31]]));
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        let verifier = Verifier::from_secret(&[7; 32]).unwrap();
        for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let refused = verifier.verify_into(&token(&[7; 32], None, "{}"), now, &mut [0; 8]).map(drop);
            assert!(matches!(refused, Err(Error::InvalidArgument(_))));
        }
        assert_eq!(Verifier::builder().build().err(), Some(Error::NoKeys));
    }

    #[test]
    fn a_maximum_age_is_not_defeated_by_an_iat_ahead() {
        let build: Build = |policy| policy.max_age(Some(3600))?.leeway(5);
        let mut builder = Verifier::builder();
        build(builder.secret(&[7; 32]).unwrap()).unwrap();
        let verifier = builder.build().unwrap();
        let at = |iat: &str| {
            let token = token(&[7; 32], None, &format!(r#"{{"iat":{iat}}}"#));
            verifier.verify_into(&token, NOW, &mut [0; 64]).map(drop).map_err(|error| error.code())
        };
        assert_eq!(at("1700000005"), Ok(()));
        assert_eq!(at("1700000006"), Err(203));
        assert_eq!(at("1700000000000"), Err(203));
        assert_eq!(at("1e300"), Err(203));
        assert_eq!(at("1699996396"), Ok(()));
        assert_eq!(at("1699996395"), Err(204));
        assert_eq!(refusal(build, r#"{"iat":1699990000}"#), Error::TooOld { expired_at: 1_699_993_600.0 });
    }

    #[test]
    fn expiration_is_ignored_on_request() {
        let build: Build = |policy| policy.max_age(Some(5))?.ignore_expiration(true);
        let mut builder = Verifier::builder();
        build(builder.secret(&[7; 32]).unwrap()).unwrap();
        let verifier = builder.build().unwrap();
        let check = |claims: &str| {
            let token = token(&[7; 32], None, claims);
            verifier.verify_into(&token, NOW, &mut [0; 64]).map(drop).map_err(|error| error.code())
        };
        assert_eq!(check(r#"{"exp":1}"#), Ok(()));
        assert_eq!(check(r#"{"exp":1,"iat":1}"#), Ok(()));
        assert_eq!(check(r#"{"iat":1800000000}"#), Ok(()));
        assert_eq!(check(r#"{"exp":1,"nbf":1800000000}"#), Err(202));
        let required: Build = |policy| policy.ignore_expiration(true)?.require_exp(true)?.check_iat(true);
        assert_eq!(refusal(required, r#"{"exp":1,"iat":1800000000}"#), Error::IssuedInFuture);
        assert_eq!(refusal(required, "{}"), missing("exp", None));
    }

    #[test]
    fn strict_claims_come_before_the_times() {
        let strict: Build = |policy| policy.strict_claims(true);
        assert_eq!(refusal(strict, r#"{"exp":1,"sub":1}"#), Error::ClaimMalformed(Registered::Sub));
        assert_eq!(refusal(strict, r#"{"exp":1,"sub":"a","sub":"a"}"#), Error::ClaimMalformed(Registered::Sub));
        assert_eq!(refusal(strict, r#"{"exp":1,"aud":"a"}"#).code(), 201);
        assert_eq!(refusal(strict, r#"{"aud":"a"}"#), Error::Audience);
        assert_eq!(refusal(|policy| policy.strict_claims(true)?.audience("b"), r#"{"aud":"a"}"#), Error::Audience);
        let mut builder = Verifier::builder();
        builder.secret(&[7; 32]).unwrap().strict_claims(true).unwrap().audience("a").unwrap();
        let token = token(&[7; 32], None, r#"{"aud":["a"],"sub":"s"}"#);
        assert!(builder.build().unwrap().verify_into(&token, NOW, &mut [0; 64]).is_ok());
    }

    #[test]
    fn the_index_of_a_missing_claim_is_that_of_adding() {
        let mut builder = Verifier::builder();
        builder.secret(&[7; 32]).unwrap();
        for name in ["exp", "a", "a", "b"] {
            builder.required_claim(name).unwrap();
        }
        let verifier = builder.build().unwrap();
        let mut report = Report::default();
        for (claims, index) in [("{}", 0), (r#"{"exp":2e9}"#, 1), (r#"{"exp":2e9,"a":0}"#, 3)] {
            assert_eq!(verifier.check(&token(&[7; 32], None, claims), NOW, &mut report).unwrap_err().code(), 209);
            assert_eq!(report.missing, Some(index), "{claims}");
        }
        assert_eq!(report.failed, Registered::OTHER_BIT);
        assert!(verifier.check(&token(&[7; 32], None, r#"{"exp":2e9,"a":0,"b":0}"#), NOW, &mut report).is_ok());
        assert_eq!(report.missing, None);
    }

    #[test]
    fn claims_that_do_not_fit_are_the_tokens_fault() {
        #[derive(Debug, serde::Deserialize)]
        struct Session {
            #[allow(dead_code)]
            level: u8,
        }
        let verifier = Verifier::from_secret(&[7; 32]).unwrap();
        let signed = |claims| String::from_utf8(token(&[7; 32], None, claims)).unwrap();
        assert!(verifier.verify_as::<Session>(&signed(r#"{"level":7}"#)).is_ok());
        let refused = verifier.verify_as::<Session>(&signed("{}")).unwrap_err();
        assert_eq!(refused.code(), 211);
        assert!(refused.to_string().contains("missing field `level`"), "{refused}");
    }

    #[test]
    fn a_refusal_wipes_no_more_than_a_token_could_have_written() {
        let mut builder = Verifier::builder();
        builder.secret(&[7; 32]).unwrap().max_token_bytes(400).unwrap();
        let verifier = builder.build().unwrap();
        let mut buffer = [0xaa; 1000];
        assert!(verifier.verify_into(b"a.b.c", NOW, &mut buffer).is_err());
        assert!(buffer[..300].iter().all(|byte| *byte == 0) && buffer[300..].iter().all(|byte| *byte == 0xaa));
        assert_eq!(verifier.max_token_bytes(), 400);
    }
}
