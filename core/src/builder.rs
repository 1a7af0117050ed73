//! [`VerifierBuilder`]: options -> policy and keys.

use std::fmt;

use crate::algorithm::Algorithm;
use crate::error::Error;
use crate::jwks::{self, Purpose};
use crate::keyring::Keyring;
use crate::policy::Policy;
use crate::policy_json::{self, Member};
use crate::secret::Secrets;

/// Collects the keys and the options of a [`Verifier`](crate::Verifier), which
/// [`build`](Self::build) makes.
///
/// Every setter returns the builder, so that they chain. One that fails leaves the builder as it
/// was.
///
/// ```
/// use mastra_jwt_core::{Algorithm, Verifier};
///
/// let verifier = Verifier::builder()
///     .secret_with_kid(&[1; 64], "2026-11")?
///     .secret_with_kid(&[2; 64], "2026-10")?
///     .algorithms(&[Algorithm::HS256, Algorithm::HS512])?
///     .issuer("https://issuer.example")?
///     .audience("api")?
///     .leeway(5)?
///     .require_exp(true)?
///     .build()?;
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct VerifierBuilder {
    policy: Policy,
    secrets: Secrets,
    /// Which members were set by an option, and which by a policy document, as bits.
    by_option: u32,
    by_document: u32,
}

impl VerifierBuilder {
    /// Adds a secret without a `kid`. It is copied, and wiped when the builder is dropped.
    ///
    /// # Errors
    /// [`Error::KeyTooShort`] when empty; [`Error::InvalidArgument`] when it is somebody's key: a
    /// PEM block, the text of an OpenSSH public key, a JWK or a JWK Set, or a public key in DER,
    /// also when one of them is in base64. Other lengths are checked by [`build`](Self::build).
    pub fn secret(&mut self, secret: &[u8]) -> Result<&mut Self, Error> {
        self.secrets.add(secret, None)?;
        Ok(self)
    }

    /// Adds a secret that tokens name by `kid` (RFC 7515 section 4.1.4).
    ///
    /// # Errors
    /// As [`secret`](Self::secret); [`Error::DuplicateKid`]; [`Error::InvalidArgument`] for an
    /// empty `kid`.
    pub fn secret_with_kid(&mut self, secret: &[u8], kid: &str) -> Result<&mut Self, Error> {
        self.secrets.add(secret, Some(kid))?;
        Ok(self)
    }

    /// Adds the symmetric keys of a JWK Set in JSON (RFC 7517 section 5) that are for signatures
    /// and whose `key_ops`, if present, hold `verify`. Keys of another kind or use are passed over.
    /// All are added, or none.
    ///
    /// # Errors
    /// [`Error::JwkSyntax`], which names the key that is wrong; [`Error::JwkUnsupported`] when no
    /// key of the set is usable; those of [`secret_with_kid`](Self::secret_with_kid).
    pub fn jwks_json(&mut self, json: &str) -> Result<&mut Self, Error> {
        self.secrets.add_all(jwks::read(json, Purpose::Verify)?)?;
        Ok(self)
    }

    /// As [`jwks_json`](Self::jwks_json), from a set that `jsonwebtoken` has read.
    ///
    /// # Errors
    /// As [`jwks_json`](Self::jwks_json).
    #[cfg(feature = "jsonwebtoken")]
    pub fn jwk_set(&mut self, set: &jsonwebtoken::jwk::JwkSet) -> Result<&mut Self, Error> {
        self.secrets.add_all(jwks::from_set(set, Purpose::Verify)?)?;
        Ok(self)
    }

    /// The number of keys that were added so far.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.secrets.iter().count()
    }

    /// Sets the options that a policy document names: a JSON object that services in all languages
    /// share, described by `policy.schema.json` in this package. It never holds a secret. All of it
    /// is taken, or nothing.
    ///
    /// ```
    /// use mastra_jwt_core::Verifier;
    ///
    /// let verifier = Verifier::builder()
    ///     .secret(b"supersecretdevkeythatishs256safe!")?
    ///     .policy_json(r#"{ "issuer": ["https://login.example"], "requireExp": true }"#)?
    ///     .build()?;
    /// # Ok::<(), mastra_jwt_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], which names the member that is unknown, of the wrong type, out
    /// of its range, or set already by an option or another document.
    pub fn policy_json(&mut self, json: &str) -> Result<&mut Self, Error> {
        let mut policy = self.policy.clone();
        let members = policy_json::apply(&mut policy, json)?;
        check_once(members & self.by_option, "an option")?;
        check_once(members & self.by_document, "another policy document")?;
        self.policy = policy;
        self.by_document |= members;
        Ok(self)
    }

    /// The algorithms that tokens may use. Default: HS256 alone.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty list.
    pub fn algorithms(&mut self, algorithms: &[Algorithm]) -> Result<&mut Self, Error> {
        self.set(Member::Algorithms, |policy| policy.set_algorithms(algorithms))
    }

    /// Adds an expected issuer: `iss` must be one of them (RFC 7519 section 4.1.1). Default: any or
    /// none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn issuer(&mut self, issuer: &str) -> Result<&mut Self, Error> {
        self.set(Member::Issuer, |policy| policy.add_issuer(issuer))
    }

    /// Adds an expected audience: one of them must be in `aud` (RFC 7519 section 4.1.3). Default:
    /// `aud` is not checked, where `PyJWT` and the `jsonwebtoken` crate refuse a token that has
    /// one.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn audience(&mut self, audience: &str) -> Result<&mut Self, Error> {
        self.set(Member::Audience, |policy| policy.add_audience(audience))
    }

    /// The subject that `sub` must be (RFC 7519 section 4.1.2). Default: any or none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn subject(&mut self, subject: &str) -> Result<&mut Self, Error> {
        self.set(Member::Subject, |policy| policy.set_subject(subject))
    }

    /// The id that `jti` must be (RFC 7519 section 4.1.7). Default: any or none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn jwt_id(&mut self, jwt_id: &str) -> Result<&mut Self, Error> {
        self.set(Member::JwtId, |policy| policy.set_jwt_id(jwt_id))
    }

    /// The media type that the header's `typ` must be; case and a leading `application/` do not
    /// count (RFC 7515 section 4.1.9). Default: any or none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn token_type(&mut self, typ: &str) -> Result<&mut Self, Error> {
        self.set(Member::Type, |policy| policy.set_type(typ))
    }

    /// Seconds that `exp`, `nbf` and `iat` may be off: 0 to 86400. Default: 0.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] beyond 86400.
    pub fn leeway(&mut self, seconds: u64) -> Result<&mut Self, Error> {
        self.set(Member::Leeway, |policy| policy.set_leeway(seconds))
    }

    /// Seconds after `iat` from which a token is too old, 1 to 2^53. `iat` is then required, and
    /// must not lie ahead. Default: `None`, no limit.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for 0 and beyond 2^53.
    pub fn max_age(&mut self, seconds: Option<u64>) -> Result<&mut Self, Error> {
        self.set(Member::MaxAge, |policy| policy.set_max_age(seconds))
    }

    /// Adds the name of a claim that must be there, whatever its value.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty, and beyond 64 names that RFC 7519 section 4.1 does
    /// not register.
    pub fn required_claim(&mut self, name: &str) -> Result<&mut Self, Error> {
        self.set(Member::RequiredClaims, |policy| policy.require(name))
    }

    /// Whether a token without `exp` is refused. Default: false.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when a policy document has set it; the same for the options
    /// below.
    pub fn require_exp(&mut self, required: bool) -> Result<&mut Self, Error> {
        self.switch(Member::RequireExp, |policy| policy.require_exp = required)
    }

    /// Whether a token with an `iat` that lies ahead is refused. Default: false.
    ///
    /// # Errors
    /// As [`require_exp`](Self::require_exp).
    pub fn check_iat(&mut self, check: bool) -> Result<&mut Self, Error> {
        self.switch(Member::CheckIat, |policy| policy.check_iat = check)
    }

    /// Whether the claims must be as RFC 7519 says to the letter. Refused are then: a registered
    /// claim of the wrong type, or twice ([`Error::ClaimMalformed`]), and `aud` where no audience
    /// is expected ([`Error::Audience`]). Default: false.
    ///
    /// # Errors
    /// As [`require_exp`](Self::require_exp).
    pub fn strict_claims(&mut self, strict: bool) -> Result<&mut Self, Error> {
        self.switch(Member::StrictClaims, |policy| policy.strict_claims = strict)
    }

    /// Whether `exp` and the maximum age are left unchecked, for end-points that renew tokens.
    /// `nbf` is still checked. Default: false.
    ///
    /// # Errors
    /// As [`require_exp`](Self::require_exp).
    pub fn ignore_expiration(&mut self, ignore: bool) -> Result<&mut Self, Error> {
        self.switch(Member::IgnoreExpiration, |policy| policy.ignore_expiration = ignore)
    }

    /// Whether secrets may be shorter than the hash output, against RFC 7518 section 3.2. Default:
    /// false.
    ///
    /// # Errors
    /// As [`require_exp`](Self::require_exp).
    pub fn allow_short_keys(&mut self, allow: bool) -> Result<&mut Self, Error> {
        self.switch(Member::AllowShortKeys, |policy| policy.allow_short_keys = allow)
    }

    /// The longest token that is looked at, in bytes: 1 to 16777216. Default: 16384.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] outside of these.
    pub fn max_token_bytes(&mut self, bytes: usize) -> Result<&mut Self, Error> {
        self.set(Member::MaxTokenBytes, |policy| policy.set_max_token_bytes(bytes))
    }

    /// The policy, and the keys for it.
    pub(crate) fn parts(&self) -> Result<(Policy, Keyring), Error> {
        let keys = Keyring::new(&self.secrets, self.policy.algorithms, self.policy.allow_short_keys)?;
        Ok((self.policy.clone(), keys))
    }

    fn switch(&mut self, member: Member, apply: impl FnOnce(&mut Policy)) -> Result<&mut Self, Error> {
        self.set(member, |policy| {
            apply(policy);
            Ok(())
        })
    }

    fn set(
        &mut self,
        member: Member,
        apply: impl FnOnce(&mut Policy) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        check_once(member.bit() & self.by_document, "a policy document")?;
        apply(&mut self.policy)?;
        self.by_option |= member.bit();
        Ok(self)
    }
}

/// Refuses members that are set already: two places that say different things would leave it open
/// which one holds.
fn check_once(members: u32, already: &str) -> Result<(), Error> {
    match Member::named(members) {
        None => Ok(()),
        Some(name) => Err(Error::InvalidArgument(format!("{name}: already set by {already}").into())),
    }
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder").field("policy", &self.policy).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_set_in_two_places() {
        let document = r#"{"leeway":1,"issuer":["a"]}"#;
        let mut builder = VerifierBuilder::default();
        builder.leeway(5).unwrap();
        let refused = builder.policy_json(document).unwrap_err();
        assert_eq!(refused.to_string(), "leeway: already set by an option");
        assert!(builder.issuer("b").is_ok(), "nothing of the document was taken");

        let mut builder = VerifierBuilder::default();
        builder.policy_json(document).unwrap().policy_json(r#"{"audience":["x"]}"#).unwrap().subject("s").unwrap();
        assert_eq!(builder.issuer("b").unwrap_err().to_string(), "issuer: already set by a policy document");
        let twice = builder.policy_json(r#"{"audience":["y"]}"#).unwrap_err();
        assert_eq!(twice.to_string(), "audience: already set by another policy document");
        assert!(builder.check_iat(true).is_ok());
    }

    #[test]
    fn a_setter_that_fails_changes_nothing() {
        let mut builder = VerifierBuilder::default();
        let before = format!("{builder:?}");
        assert!(builder.issuer("").is_err() && builder.audience("").is_err() && builder.subject("").is_err());
        assert!(builder.jwt_id("").is_err() && builder.token_type("").is_err() && builder.required_claim("").is_err());
        assert!(builder.leeway(86_401).is_err() && builder.max_age(Some(0)).is_err());
        assert!(builder.max_age(Some((1 << 53) + 1)).is_err() && builder.algorithms(&[]).is_err());
        assert!(builder.max_token_bytes(0).is_err() && builder.max_token_bytes((1 << 24) + 1).is_err());
        assert!(builder.policy_json(r#"{"issuer":["a"],"leeway":-1}"#).is_err());
        assert_eq!(format!("{builder:?}"), before);
        assert!(builder.policy_json(r#"{"issuer":["a"],"leeway":1}"#).is_ok());
    }

    #[test]
    fn setters_return_their_own_builder() {
        let mut builder = VerifierBuilder::default();
        builder.allow_short_keys(true).unwrap().secret(b"short").unwrap();
        assert_eq!(builder.key_count(), 1);
        assert!(builder.build().is_ok());
        builder.allow_short_keys(false).unwrap().secret_with_kid(&[7; 32], "a").unwrap();
        assert_eq!(builder.key_count(), 2);
        assert!(matches!(builder.build().err(), Some(Error::KeyTooShort { .. })));
    }

    #[cfg(feature = "jsonwebtoken")]
    #[test]
    fn keys_of_a_set_of_jsonwebtoken_are_added() {
        let set = |kid: &str| {
            let k = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
            serde_json::from_str(&format!(r#"{{"keys":[{{"kty":"oct","kid":"{kid}","k":"{k}"}}]}}"#)).unwrap()
        };
        let mut builder = VerifierBuilder::default();
        builder.jwk_set(&set("a")).unwrap().jwk_set(&set("b")).unwrap();
        assert_eq!(builder.key_count(), 2);
        assert_eq!(builder.jwk_set(&set("a")).err(), Some(Error::DuplicateKid("a".into())));
        let nothing = serde_json::from_str(r#"{"keys":[]}"#).unwrap();
        assert_eq!(builder.jwk_set(&nothing).err(), Some(Error::JwkUnsupported));
    }

    #[test]
    fn ranges_end_where_they_are_said_to_end() {
        let mut builder = VerifierBuilder::default();
        assert!(builder.leeway(86_400).is_ok() && builder.leeway(0).is_ok());
        assert!(
            builder.max_age(Some(1)).is_ok() && builder.max_age(Some(1 << 53)).is_ok() && builder.max_age(None).is_ok()
        );
        assert!(builder.max_token_bytes(1 << 24).is_ok() && builder.max_token_bytes(1).is_ok());
        for position in 0..64 {
            builder.required_claim(&position.to_string()).unwrap();
        }
        assert!(builder.required_claim("exp").is_ok() && builder.required_claim("7").is_ok());
        assert!(builder.required_claim("64").is_err());
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let mut builder = VerifierBuilder::default();
        builder.secret(b"supersecretdevkeythatishs256safe!").unwrap();
        let shown = format!("{builder:?}");
        assert!(!shown.contains("supersecret") && !shown.contains("115, 117, 112"), "{shown}");
        assert!(shown.contains("leeway: 0.0"), "the options are: {shown}");
        assert_eq!(builder.key_count(), 1);
    }
}
