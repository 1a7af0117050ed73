//! [`Verifier`]: token + now -> claims. The order of checks is the order of the code.

use std::fmt;
use std::ops::{Deref, Range};
use std::time::SystemTime;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::claims::{Claims, Found, Registered};
use crate::error::Error;
use crate::header::Header;
use crate::key::Algorithms;
use crate::keyring::{Keyring, Secrets};
use crate::policy::{MAX_LEEWAY_SECONDS, Policy};
use crate::token::{self, Segments, decoded_len, with_scratch};

/// Verifies tokens against one policy and its keys. Immutable: share it between threads behind a reference or an `Arc`.
///
/// A token is checked in this order, and the first failure is the answer:
/// its size; its three segments; its header; which key may have signed it; its signature, in constant time; only then its payload;
/// `nbf`, `exp`, `iat`; `iss`, `aud`, `sub`, `jti`; required claims.
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
    /// A verifier of HS256 tokens with one secret of at least 32 bytes, and no demands on the claims but that they are in time.
    ///
    /// # Errors
    /// [`Error::KeyTooShort`], or [`Error::InvalidArgument`] for a PEM block.
    pub fn from_secret(secret: &[u8]) -> Result<Self, Error> {
        let mut builder = Verifier::builder();
        builder.secret(secret)?;
        builder.build()
    }

    /// Starts a verifier with keys and demands of its own.
    #[must_use]
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::default()
    }

    /// The hot path: verifies a token at `now`, seconds since 1970, and writes its payload to the front of `buffer`.
    /// Makes no heap allocation for tokens of up to [`DEFAULT_MAX_TOKEN_BYTES`](crate::DEFAULT_MAX_TOKEN_BYTES) whose claims nest
    /// less than 64 deep.
    /// A buffer of three quarters of the token's length is always enough. On failure the whole buffer is zeroed, so that no claims of
    /// an earlier token are left in it.
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
    /// Codes 100 to 299 when the token is refused; [`Error::BufferTooSmall`] when the token is good and its payload longer than the buffer;
    /// [`Error::InvalidArgument`] when `now` is not finite.
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

    /// As [`verify_report`](Self::verify_report), for those who do not want the claims: no buffer is needed.
    ///
    /// # Errors
    /// As [`verify_into`](Self::verify_into), but never [`Error::BufferTooSmall`].
    pub fn check(&self, token: &[u8], now: f64, report: &mut Report) -> Result<(), Error> {
        match self.verify_report(token, now, &mut [], report) {
            Err(Error::BufferTooSmall { .. }) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Verifies a token now, by the system clock, and gives its claims.
    ///
    /// # Errors
    /// As [`verify_as`](Self::verify_as).
    pub fn verify(&self, token: &str) -> Result<Map<String, Value>, Error> {
        self.verify_as(token)
    }

    /// Verifies a token now, by the system clock, and gives its claims as a type of yours.
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
    /// Codes 100 to 299 when the token is refused; [`Error::ClaimType`] when its claims do not fit the type (or no Rust string can hold them);
    /// [`Error::Clock`].
    pub fn verify_as<T: DeserializeOwned>(&self, token: &str) -> Result<T, Error> {
        let now = system_now()?;
        with_scratch(decoded_len(token.len().min(self.policy.max_token_bytes)), |buffer| {
            let verified = self.verify_into(token.as_bytes(), now, buffer)?;
            serde_json::from_slice(verified.json_bytes()).map_err(|_| Error::ClaimType)
        })
    }

    /// Whether a secret is shorter than the hash of every algorithm it serves, which RFC 7518 section 3.2 forbids
    /// and [`VerifierBuilder::allow_short_keys`] allows.
    #[must_use]
    pub fn has_short_key(&self) -> bool {
        self.keys.has_short_key()
    }

    /// The whole verification. `note` sees how far it came before the buffer is handed out or wiped.
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
                buffer.fill(0);
                Err(error)
            }
        }
    }

    /// Gives the position of the key.
    #[inline]
    fn attempt(&self, token: &[u8], now: f64, buffer: &mut [u8], progress: &mut Progress) -> Result<usize, Error> {
        let (payload, key_index) = self.authenticate(token, now)?;
        progress.key_index = Some(key_index);
        let room = decoded_len(payload.len());
        if let Some(buffer) = buffer.get_mut(..room) {
            self.judge(payload, now, buffer, progress)?;
            return Ok(key_index);
        }
        // A payload too long for the buffer is judged all the same: only a good token is worth a larger one.
        with_scratch(room, |scratch| self.judge(payload, now, scratch, progress))?;
        Err(Error::BufferTooSmall { needed: progress.claims_len })
    }

    /// Everything up to and including the signature: the payload segment, and the position of the key.
    fn authenticate<'t>(&self, token: &'t [u8], now: f64) -> Result<(&'t [u8], usize), Error> {
        if !now.is_finite() {
            return Err(Error::InvalidArgument("now: not a finite number of seconds"));
        }
        if token.len() > self.policy.max_token_bytes {
            return Err(Error::TokenTooLong);
        }
        let segments = Segments::split(token)?;
        let known = Header::known(segments.header).or_else(|| self.keys.known_header(segments.header));
        let key_index = match known {
            Some(header) => self.check_signature(&header, &segments)?,
            None => with_scratch(decoded_len(segments.header.len()), |buffer| {
                let json = token::decode(segments.header, buffer)?;
                self.check_signature(&Header::parse(json)?, &segments)
            })?,
        };
        Ok((segments.payload, key_index))
    }

    fn check_signature(&self, header: &Header<'_>, token: &Segments<'_>) -> Result<usize, Error> {
        if token.signature.is_empty() {
            return Err(Error::SignatureMissing);
        }
        let algorithm = header.alg.filter(|alg| self.policy.algorithms.has(*alg)).ok_or(Error::Algorithm)?;
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
    fn judge(&self, payload: &[u8], now: f64, buffer: &mut [u8], progress: &mut Progress) -> Result<(), Error> {
        let json = token::decode(payload, buffer)?;
        progress.claims_len = json.len();
        progress.found.read(json, &self.policy.others)?;
        self.policy.check(json, &progress.found, now)
    }
}

/// How far a verification came.
#[derive(Default)]
struct Progress {
    key_index: Option<usize>,
    /// Bytes of the decoded payload.
    claims_len: usize,
    found: Found,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// A token that holds: its claims, in the buffer that was lent.
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

/// What a verification found, on refusal too. Anything of the claims is there only once the signature was good.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The registered claims that are in the token, as bits ([`Registered::bit`]).
    pub present: u32,
    /// The claim that was refused, as a bit; [`Registered::OTHER_BIT`] for a required claim that is not registered.
    pub failed: u32,
    /// `exp` in seconds since 1970.
    pub exp: Option<f64>,
    /// `nbf` in seconds since 1970.
    pub nbf: Option<f64>,
    /// `iat` in seconds since 1970.
    pub iat: Option<f64>,
    /// Which key signed the token, in order of adding from 0.
    pub key_index: Option<usize>,
    /// Bytes of the payload: written, or needed.
    pub claims_len: usize,
    /// Where the content of a string `sub` stands in the buffer; `None` when nothing was written.
    pub sub: Option<Range<usize>>,
}

impl Report {
    fn fill(&mut self, progress: &Progress, json: &[u8], error: Option<&Error>) {
        let Progress { key_index, claims_len, found } = progress;
        self.key_index = *key_index;
        self.present = found.present;
        self.exp = found.number(Registered::Exp);
        self.nbf = found.number(Registered::Nbf);
        self.iat = found.number(Registered::Iat);
        match error {
            None => self.sub = found.sub_content(json),
            Some(error @ Error::MissingClaim(_)) => {
                self.failed = error.claim().map_or(Registered::OTHER_BIT, Registered::bit);
            }
            Some(error) => self.failed = error.claim().map_or(0, Registered::bit),
        }
        if matches!(error, None | Some(Error::BufferTooSmall { .. })) {
            self.claims_len = *claims_len;
        }
    }
}

/// Collects keys and demands for a [`Verifier`].
///
/// ```
/// use mastra_jwt_core::{Algorithm, Verifier};
///
/// let mut builder = Verifier::builder();
/// builder.secret_with_kid(&[1; 64], "2026-11")?.secret_with_kid(&[2; 64], "2026-10")?;
/// builder.algorithms(&[Algorithm::HS256, Algorithm::HS512])?;
/// builder.issuer("https://issuer.example").audience("api").leeway(5)?.require_exp(true);
/// let verifier = builder.build()?;
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct VerifierBuilder {
    policy: Policy,
    secrets: Secrets,
    require_exp: bool,
    allow_short_keys: bool,
}

impl VerifierBuilder {
    /// Adds a secret without a `kid`. It is copied, and wiped when the builder is dropped.
    ///
    /// # Errors
    /// [`Error::KeyTooShort`] when empty, [`Error::InvalidArgument`] for a PEM block. Other lengths are judged by [`build`](Self::build).
    pub fn secret(&mut self, secret: &[u8]) -> Result<&mut Self, Error> {
        self.secrets.add(secret, None)?;
        Ok(self)
    }

    /// Adds a secret that tokens name by `kid` (RFC 7515 section 4.1.4).
    ///
    /// # Errors
    /// As [`secret`](Self::secret), and [`Error::DuplicateKid`].
    pub fn secret_with_kid(&mut self, secret: &[u8], kid: &str) -> Result<&mut Self, Error> {
        self.secrets.add(secret, Some(kid))?;
        Ok(self)
    }

    /// Adds the symmetric signing keys of a JWK Set in JSON (RFC 7517 section 5) and gives their number.
    /// Keys of another kind or use are passed over. All are added, or none.
    ///
    /// # Errors
    /// [`Error::JwkSyntax`], [`Error::JwkUnsupported`] when no key of the set is usable, and those of [`secret_with_kid`](Self::secret_with_kid).
    pub fn jwks_json(&mut self, json: &str) -> Result<usize, Error> {
        self.secrets.add_jwks_json(json)
    }

    /// As [`jwks_json`](Self::jwks_json), from a set that is read already.
    ///
    /// # Errors
    /// As [`jwks_json`](Self::jwks_json).
    pub fn jwk_set(&mut self, set: &JwkSet) -> Result<usize, Error> {
        self.secrets.add_jwk_set(set)
    }

    /// The algorithms that tokens may use; HS256 alone unless told.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty list, and for any but HS256, HS384 and HS512.
    pub fn algorithms(&mut self, algorithms: &[Algorithm]) -> Result<&mut Self, Error> {
        self.policy.algorithms = Algorithms::from_list(algorithms)?;
        Ok(self)
    }

    /// Adds an expected issuer: `iss` must be one of them (RFC 7519 section 4.1.1).
    pub fn issuer(&mut self, issuer: &str) -> &mut Self {
        self.policy.issuers.push(issuer.into());
        self
    }

    /// Adds an expected audience: one of them must be in `aud` (RFC 7519 section 4.1.3).
    pub fn audience(&mut self, audience: &str) -> &mut Self {
        self.policy.audiences.push(audience.into());
        self
    }

    /// The subject that `sub` must be (RFC 7519 section 4.1.2).
    pub fn subject(&mut self, subject: &str) -> &mut Self {
        self.policy.subject = Some(subject.into());
        self
    }

    /// The id that `jti` must be (RFC 7519 section 4.1.7).
    pub fn jwt_id(&mut self, jwt_id: &str) -> &mut Self {
        self.policy.jwt_id = Some(jwt_id.into());
        self
    }

    /// The media type that the header's `typ` must be; case and a leading `application/` do not count (RFC 7515 section 4.1.9).
    pub fn token_type(&mut self, typ: &str) -> &mut Self {
        self.policy.typ = Some(typ.into());
        self
    }

    /// Seconds of clock difference to forgive: 0 (unless told) to 86400.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] beyond 86400.
    pub fn leeway(&mut self, seconds: u64) -> Result<&mut Self, Error> {
        if seconds > MAX_LEEWAY_SECONDS {
            return Err(Error::InvalidArgument("leeway: 0 to 86400 seconds"));
        }
        self.policy.leeway = as_double(seconds);
        Ok(self)
    }

    /// Seconds after `iat` from which a token is too old; `iat` is then required. `None`, unless told: no limit.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for 0 and beyond 2^53.
    pub fn max_age(&mut self, seconds: Option<u64>) -> Result<&mut Self, Error> {
        if seconds.is_some_and(|seconds| seconds == 0 || seconds > 1 << 53) {
            return Err(Error::InvalidArgument("max age: 1 to 2^53 seconds"));
        }
        self.policy.max_age = seconds.map(as_double);
        Ok(self)
    }

    /// Adds the name of a claim that must be there, whatever its value.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] beyond 64 that are not registered.
    pub fn required_claim(&mut self, name: &str) -> Result<&mut Self, Error> {
        self.policy.require(name)?;
        Ok(self)
    }

    /// Whether a token without `exp` is refused; not so unless told.
    pub fn require_exp(&mut self, required: bool) -> &mut Self {
        self.require_exp = required;
        self
    }

    /// Whether a token with an `iat` that lies ahead is refused; not so unless told.
    pub fn check_iat(&mut self, check: bool) -> &mut Self {
        self.policy.check_iat = check;
        self
    }

    /// Whether secrets may be shorter than their hash, against RFC 7518 section 3.2; not so unless told.
    pub fn allow_short_keys(&mut self, allow: bool) -> &mut Self {
        self.allow_short_keys = allow;
        self
    }

    /// Bytes that a token may be long at most: 16384 unless told, 1 to 16777216.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] outside of these.
    pub fn max_token_bytes(&mut self, bytes: usize) -> Result<&mut Self, Error> {
        if !(1..=1 << 24).contains(&bytes) {
            return Err(Error::InvalidArgument("max token bytes: 1 to 16777216"));
        }
        self.policy.max_token_bytes = bytes;
        Ok(self)
    }

    /// The verifier; the builder can go on to make others.
    ///
    /// # Errors
    /// [`Error::NoKeys`]; [`Error::KeyTooShort`] when a secret is shorter than the hash of an algorithm it may serve.
    pub fn build(&self) -> Result<Verifier, Error> {
        let mut policy = self.policy.clone();
        if self.require_exp {
            policy.require(Registered::Exp.name())?;
        }
        let keys = self.secrets.keyed(policy.algorithms, self.allow_short_keys)?;
        Ok(Verifier { policy, keys })
    }
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder").field("policy", &self.policy).finish_non_exhaustive()
    }
}

#[allow(clippy::cast_precision_loss)] // at most 2^53
fn as_double(seconds: u64) -> f64 {
    seconds as f64
}

/// The system clock, whole seconds since 1970.
///
/// # Errors
/// [`Error::Clock`] when it stands before 1970.
pub fn system_now() -> Result<f64, Error> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(|_| Error::Clock)?;
    Ok(as_double(since.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Signer;

    const NOW: f64 = 1_700_000_000.0;

    fn token(secret: &[u8], kid: Option<&str>, claims: &str) -> Vec<u8> {
        let mut builder = Signer::builder();
        builder.secret(secret).unwrap();
        if let Some(kid) = kid {
            builder.kid(kid);
        }
        builder.build().unwrap().sign_json(claims.as_bytes()).unwrap().into_bytes()
    }

    fn refusal(build: fn(&mut VerifierBuilder) -> &mut VerifierBuilder, claims: &str) -> Error {
        let mut builder = Verifier::builder();
        builder.secret(&[7; 32]).unwrap();
        build(&mut builder);
        let verifier = builder.build().unwrap();
        verifier.verify_into(&token(&[7; 32], None, claims), NOW, &mut [0; 512]).map(drop).unwrap_err()
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
    fn times_are_judged_at_their_edges() {
        let at = |leeway, claims: &str| {
            let mut builder = Verifier::builder();
            builder.secret(&[7; 32]).unwrap().leeway(leeway).unwrap().check_iat(true);
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
        let strict: fn(&mut VerifierBuilder) -> &mut VerifierBuilder = |policy| {
            policy
                .max_age(Some(5))
                .unwrap()
                .issuer("i")
                .audience("a")
                .subject("s")
                .jwt_id("j")
                .required_claim("r")
                .unwrap()
        };
        let mut claims = r#"{"iat":1699999996"#.to_owned();
        for (code, member) in
            [(205, r#","iss":"i""#), (206, r#","aud":"a""#), (207, r#","sub":"s""#), (208, r#","jti":"j""#)]
        {
            assert_eq!(refusal(strict, &format!("{claims}}}")).code(), code);
            claims += member;
        }
        assert_eq!(refusal(strict, &format!("{claims}}}")), Error::MissingClaim("r".into()));
        assert_eq!(refusal(strict, "{}"), Error::MissingClaim("iat".into()));
        assert_eq!(refusal(|policy| policy.require_exp(true), "{}"), Error::MissingClaim("exp".into()));
        assert_eq!(refusal(|policy| policy.token_type("at+jwt"), "{}"), Error::TypeHeader);
        assert_eq!(refusal(|policy| policy.max_token_bytes(16).unwrap(), "{}"), Error::TokenTooLong);
    }

    #[test]
    fn a_short_buffer_is_reported_for_a_good_token_alone_and_is_left_empty() {
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
        }
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        let verifier = Verifier::from_secret(&[7; 32]).unwrap();
        for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let refused = verifier.verify_into(&token(&[7; 32], None, "{}"), now, &mut [0; 8]).map(drop);
            assert!(matches!(refused, Err(Error::InvalidArgument(_))));
        }
        let mut builder = Verifier::builder();
        assert!(builder.leeway(86_400).is_ok() && builder.leeway(86_401).is_err());
        assert!(builder.max_age(Some(1)).is_ok() && builder.max_age(Some(0)).is_err() && builder.max_age(None).is_ok());
        assert!(builder.max_token_bytes(1 << 24).is_ok() && builder.max_token_bytes(0).is_err());
        assert!(builder.algorithms(&[Algorithm::RS256]).is_err() && builder.algorithms(&[]).is_err());
        assert_eq!(builder.build().err(), Some(Error::NoKeys));
        for position in 0..64 {
            builder.required_claim(&position.to_string()).unwrap();
        }
        assert!(builder.required_claim("exp").is_ok() && builder.required_claim("7").is_ok());
        assert!(builder.required_claim("64").is_err());
    }
}
