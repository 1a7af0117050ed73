//! [`Signer`]: claims -> token.

use std::fmt;

use serde::Serialize;

use crate::algorithm::Algorithm;
use crate::claims::Found;
use crate::error::Error;
use crate::header;
use crate::jwks::{self, Purpose};
use crate::key::{Key, signature_len};
use crate::names::Names;
use crate::policy::check_max_token_bytes;
use crate::registered::Registered;
use crate::secret::Secrets;
use crate::token::{DEFAULT_MAX_TOKEN_BYTES, encode, encoded_len};

/// Signs tokens with one secret. Immutable: share it between threads behind a reference or an
/// `Arc`.
///
/// ```
/// use mastra_jwt_core::Signer;
///
/// let signer = Signer::from_secret(b"supersecretdevkeythatishs256safe!")?;
/// let token = signer.sign(&serde_json::json!({ "sub": "me", "exp": 1_900_000_000 }))?;
/// assert!(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Signer {
    key: Key,
    algorithm: Algorithm,
    /// The encoded header.
    head: Vec<u8>,
    max_token_bytes: usize,
}

impl Signer {
    /// A signer of HS256 tokens with a secret of at least 32 bytes and no `kid`.
    ///
    /// # Errors
    /// As [`SignerBuilder::secret`] and [`SignerBuilder::build`].
    pub fn from_secret(secret: &[u8]) -> Result<Self, Error> {
        Signer::builder().secret(secret)?.build()
    }

    /// Starts a signer with options.
    #[must_use]
    pub fn builder() -> SignerBuilder {
        SignerBuilder::default()
    }

    /// Bytes of the token that claims of this many bytes of JSON give; the largest number where
    /// that is larger still.
    #[must_use]
    pub fn bound(&self, claims_len: usize) -> usize {
        encoded_len(claims_len).saturating_add(self.head.len() + signature_len(self.algorithm) + 2)
    }

    /// The hot path: signs claims, given as a JSON object, into the front of `out`. The payload is
    /// `claims` byte by byte.
    ///
    /// # Errors
    /// [`Error::TokenTooLong`] when the token would be longer than
    /// [`SignerBuilder::max_token_bytes`]; [`Error::ClaimsNotObject`] when `claims` is not a UTF-8
    /// JSON object; [`Error::ClaimType`] when its `exp`, `nbf` or `iat` is not a number;
    /// [`Error::BufferTooSmall`] when `out` is shorter than [`bound`](Self::bound).
    pub fn sign_into<'b>(&self, claims: &[u8], out: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let needed = self.bound(claims.len());
        if needed > self.max_token_bytes {
            return Err(Error::TokenTooLong);
        }
        check_claims(claims)?;
        let Some(out) = out.get_mut(..needed) else {
            return Err(Error::BufferTooSmall { needed });
        };
        let (head, rest) = out.split_at_mut(self.head.len());
        head.copy_from_slice(&self.head);
        rest[0] = b'.';
        encode(claims, &mut rest[1..]);
        let (input, rest) = out.split_at_mut(needed - 1 - signature_len(self.algorithm));
        rest[0] = b'.';
        match self.key.sign(self.algorithm, input, &mut rest[1..]) {
            Some(_) => Ok(out),
            None => Err(Error::Algorithm),
        }
    }

    /// Signs claims, given as a JSON object.
    ///
    /// # Errors
    /// As [`sign_into`](Self::sign_into).
    ///
    /// # Panics
    /// Never: a token is ASCII.
    pub fn sign_json(&self, claims: &[u8]) -> Result<String, Error> {
        let mut out = vec![0; self.bound(claims.len()).min(self.max_token_bytes)];
        self.sign_into(claims, &mut out)?;
        Ok(String::from_utf8(out).expect("a token is ASCII"))
    }

    /// Signs anything that serializes to a JSON object.
    ///
    /// # Errors
    /// As [`sign_into`](Self::sign_into); [`Error::ClaimsNotObject`] also when it does not
    /// serialize.
    pub fn sign<T: Serialize>(&self, claims: &T) -> Result<String, Error> {
        let claims = serde_json::to_vec(claims).map_err(|_| Error::ClaimsNotObject)?;
        self.sign_json(&claims)
    }

    /// Whether the secret is shorter than the hash of its algorithm, which RFC 7518 section 3.2
    /// forbids and [`SignerBuilder::allow_short_keys`] allows.
    #[must_use]
    pub fn has_short_key(&self) -> bool {
        self.key.is_short()
    }

    /// The same signer with another `kid` in the header of its tokens.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn with_kid(&self, kid: &str) -> Result<Signer, Error> {
        check_kid(kid)?;
        Ok(Signer { head: header::encode(self.algorithm, Some(kid)), ..self.clone() })
    }
}

fn check_kid(kid: &str) -> Result<(), Error> {
    if kid.is_empty() { Err(Error::invalid("kid: must not be empty")) } else { Ok(()) }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// What our own verifier would refuse is not signed.
fn check_claims(claims: &[u8]) -> Result<(), Error> {
    let mut found = Found::default();
    found.read(claims, &Names::default()).map_err(|_| Error::ClaimsNotObject)?;
    for time in [Registered::Exp, Registered::Nbf, Registered::Iat] {
        found.time(time).map_err(|_| Error::ClaimType)?;
    }
    Ok(())
}

/// Collects the key and the options of a [`Signer`], which [`build`](Self::build) makes. Every
/// setter returns the builder, so that they chain.
///
/// ```
/// use mastra_jwt_core::{Algorithm, Signer};
///
/// let signer = Signer::builder()
///     .secret(&[7; 64])?
///     .kid("2026-11")?
///     .algorithm(Algorithm::HS512)?
///     .build()?;
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct SignerBuilder {
    secrets: Secrets,
    kid: Option<Box<str>>,
    algorithm: Option<Algorithm>,
    allow_short_keys: bool,
    max_token_bytes: Option<usize>,
}

impl SignerBuilder {
    /// The secret. It is copied, and wiped when the builder is dropped. Of several, the first
    /// signs.
    ///
    /// # Errors
    /// As [`VerifierBuilder::secret`](crate::VerifierBuilder::secret).
    pub fn secret(&mut self, secret: &[u8]) -> Result<&mut Self, Error> {
        self.secrets.add(secret, None)?;
        Ok(self)
    }

    /// Takes the key from a JWK Set in JSON: its first symmetric key that is for signatures and
    /// whose `key_ops`, if present, hold `sign`. The key signs with its `kid` and, if it names one,
    /// its `alg`.
    ///
    /// # Errors
    /// As [`VerifierBuilder::jwks_json`](crate::VerifierBuilder::jwks_json).
    pub fn jwks_json(&mut self, json: &str) -> Result<&mut Self, Error> {
        self.secrets.add_all(jwks::read(json, Purpose::Sign)?)?;
        Ok(self)
    }

    /// As [`jwks_json`](Self::jwks_json), from a set that `jsonwebtoken` has read.
    ///
    /// # Errors
    /// As [`jwks_json`](Self::jwks_json).
    #[cfg(feature = "jsonwebtoken")]
    pub fn jwk_set(&mut self, set: &jsonwebtoken::jwk::JwkSet) -> Result<&mut Self, Error> {
        self.secrets.add_all(jwks::from_set(set, Purpose::Sign)?)?;
        Ok(self)
    }

    /// The `kid` for the header of tokens (RFC 7515 section 4.1.4). Default: that of the key's JWK,
    /// else none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when empty.
    pub fn kid(&mut self, kid: &str) -> Result<&mut Self, Error> {
        check_kid(kid)?;
        self.kid = Some(kid.into());
        Ok(self)
    }

    /// The algorithm. Default: the `alg` of the key's JWK, else HS256.
    ///
    /// # Errors
    /// None today; a `Result` as all setters give it.
    pub fn algorithm(&mut self, algorithm: Algorithm) -> Result<&mut Self, Error> {
        self.algorithm = Some(algorithm);
        Ok(self)
    }

    /// Whether the secret may be shorter than the hash output, against RFC 7518 section 3.2.
    /// Default: false.
    ///
    /// # Errors
    /// None today; a `Result` as all setters give it.
    pub fn allow_short_keys(&mut self, allow: bool) -> Result<&mut Self, Error> {
        self.allow_short_keys = allow;
        Ok(self)
    }

    /// The longest token to sign, in bytes: 1 to 16777216. Default: 16384, the default limit of a
    /// verifier, so that what is signed can be verified.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] outside of these.
    pub fn max_token_bytes(&mut self, bytes: usize) -> Result<&mut Self, Error> {
        check_max_token_bytes(bytes)?;
        self.max_token_bytes = Some(bytes);
        Ok(self)
    }

    /// Makes the signer; the builder can go on to make others.
    ///
    /// # Errors
    /// [`Error::NoKeys`]; [`Error::KeyTooShort`], which says for which algorithm;
    /// [`Error::InvalidArgument`] when the JWK of the key names another algorithm than the one
    /// asked for.
    pub fn build(&self) -> Result<Signer, Error> {
        let (name, secret) = self.secrets.iter().next().ok_or(Error::NoKeys)?;
        let algorithm = self.algorithm.or(secret.alg).unwrap_or_default();
        if let Some(alg) = secret.alg.filter(|alg| *alg != algorithm) {
            let text = format!("algorithm: must be {alg}, the alg of the JWK, not {algorithm}");
            return Err(Error::InvalidArgument(text.into()));
        }
        Ok(Signer {
            key: Key::new(&secret.bytes, algorithm.into(), self.allow_short_keys, &name)?,
            algorithm,
            head: header::encode(algorithm, self.kid.as_deref().or(secret.kid.as_deref())),
            max_token_bytes: self.max_token_bytes.unwrap_or(DEFAULT_MAX_TOKEN_BYTES),
        })
    }
}

impl fmt::Debug for SignerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerBuilder").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verifier;

    #[test]
    fn a_token_is_what_other_libraries_write() {
        // By PyJWT 2.15.1: jwt.encode({"sub": "me"}, b"supersecretdevkeythatishs256safe!")
        let signer = Signer::from_secret(b"supersecretdevkeythatishs256safe!").unwrap();
        assert_eq!(signer.sign_json(br#"{"sub":"me"}"#).unwrap(), EXPECTED);
        assert_eq!(signer.sign(&serde_json::json!({ "sub": "me" })).unwrap(), EXPECTED);
    }

    const EXPECTED: &str =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJtZSJ9.XrIQaPU5hnbgLJAzfXy3AIvHhMfrl_R67oZrXgP2-wI";

    #[test]
    fn every_algorithm_and_length_verifies_again() {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let mut builder = Signer::builder();
            builder.secret(&[9; 64]).unwrap().algorithm(algorithm).unwrap();
            let signer = builder.kid("a \"quoted\" kid").unwrap().build().unwrap();
            let mut policy = Verifier::builder();
            policy.secret_with_kid(&[9; 64], "a \"quoted\" kid").unwrap().algorithms(&[algorithm]).unwrap();
            let verifier = policy.build().unwrap();
            for len in 0..70 {
                let claims = format!(r#"{{"x":"{}"}}"#, "y".repeat(len));
                let token = signer.sign_json(claims.as_bytes()).unwrap();
                assert_eq!(token.len(), signer.bound(claims.len()));
                let mut buffer = [0; 128];
                assert_eq!(verifier.verify_into(token.as_bytes(), 0.0, &mut buffer).unwrap().json(), claims);
            }
        }
    }

    #[test]
    fn what_cannot_be_claims_is_not_signed() {
        let signer = Signer::from_secret(&[7; 32]).unwrap();
        for claims in [&b""[..], b"[]", b"{", b"\"x\"", b"{\"a\":\"\xff\"}"] {
            assert_eq!(signer.sign_json(claims), Err(Error::ClaimsNotObject));
        }
        for claims in [&br#"{"exp":"1"}"#[..], br#"{"nbf":null}"#, br#"{"iat":[1]}"#] {
            assert_eq!(signer.sign_json(claims), Err(Error::ClaimType));
        }
        assert_eq!(signer.bound(usize::MAX), usize::MAX);
        let needed = signer.bound(2);
        assert_eq!(signer.sign_into(b"{}", &mut vec![0; needed - 1]), Err(Error::BufferTooSmall { needed }));
    }

    #[test]
    fn a_jwk_brings_its_kid_and_algorithm() {
        let jwks = r#"{"keys":[{"kty":"oct","kid":"k","alg":"HS384","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"}]}"#;
        let mut builder = Signer::builder();
        builder.jwks_json(jwks).unwrap();
        let token = builder.build().unwrap().sign_json(b"{}").unwrap();
        let header = crate::decode_unverified(token.as_bytes()).unwrap();
        assert_eq!(header.header_json(), r#"{"alg":"HS384","typ":"JWT","kid":"k"}"#);
        let refused = builder.algorithm(Algorithm::HS256).unwrap().build().unwrap_err();
        assert_eq!(refused.to_string(), "algorithm: must be HS384, the alg of the JWK, not HS256");
        assert_eq!(Signer::builder().build().err(), Some(Error::NoKeys));
    }

    #[test]
    fn a_short_secret_is_refused_or_reported() {
        let mut builder = Signer::builder();
        builder.secret(&[7; 31]).unwrap();
        let refused = builder.build().unwrap_err().to_string();
        assert_eq!(refused, "key 0: the secret has 31 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)");
        assert!(builder.allow_short_keys(true).unwrap().build().unwrap().has_short_key());
        assert!(!Signer::from_secret(&[7; 32]).unwrap().has_short_key());
    }

    #[test]
    fn another_kid_changes_the_header_alone() {
        let signer = Signer::from_secret(&[7; 32]).unwrap();
        let token = signer.with_kid("k2").unwrap().sign_json(b"{}").unwrap();
        let parts = crate::decode_unverified(token.as_bytes()).unwrap();
        assert_eq!(parts.header_json(), r#"{"alg":"HS256","typ":"JWT","kid":"k2"}"#);
        assert!(Verifier::from_secret(&[7; 32]).unwrap().verify(&token).is_ok());
        assert!(signer.with_kid("").is_err() && Signer::builder().kid("").is_err());
    }

    #[test]
    fn what_is_signed_is_not_too_long_to_be_verified() {
        let claims = |len: usize| format!(r#"{{"x":"{}"}}"#, "y".repeat(len - 8));
        let longest = |signer: &Signer| (8..16384).find(|len| signer.bound(len + 1) > 16384).unwrap();
        let signer = Signer::from_secret(&[7; 32]).unwrap();
        let len = longest(&signer);
        let token = signer.sign_json(claims(len).as_bytes()).unwrap();
        assert!(Verifier::from_secret(&[7; 32]).unwrap().verify(&token).is_ok());
        assert_eq!(signer.sign_json(claims(len + 1).as_bytes()), Err(Error::TokenTooLong));
        assert_eq!(signer.sign_into(claims(len + 1).as_bytes(), &mut vec![0; 20_000]), Err(Error::TokenTooLong));

        let mut builder = Signer::builder();
        builder.secret(&[7; 32]).unwrap().max_token_bytes(1 << 24).unwrap();
        assert!(builder.build().unwrap().sign_json(claims(1 << 20).as_bytes()).is_ok());
        assert!(builder.max_token_bytes(0).is_err() && builder.max_token_bytes((1 << 24) + 1).is_err());
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let mut builder = Signer::builder();
        builder.secret(b"supersecretdevkeythatishs256safe!").unwrap();
        for shown in [format!("{builder:?}"), format!("{:?}", builder.build().unwrap())] {
            assert!(!shown.contains("supersecret") && !shown.contains("115, 117, 112"), "{shown}");
        }
        assert_eq!(format!("{builder:?}"), "SignerBuilder { algorithm: None, .. }");
        assert_eq!(format!("{:?}", builder.build().unwrap()), "Signer { algorithm: HS256, .. }");
    }

    #[cfg(feature = "jsonwebtoken")]
    #[test]
    fn a_key_of_a_set_of_jsonwebtoken_signs() {
        let json = r#"{"keys":[{"kty":"oct","kid":"k","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}"#;
        let set = serde_json::from_str(json).unwrap();
        let signed = |builder: &mut SignerBuilder| builder.build().unwrap().sign_json(br#"{"sub":"me"}"#).unwrap();
        let token = signed(Signer::builder().jwk_set(&set).unwrap());
        assert_eq!(token, signed(Signer::builder().jwks_json(json).unwrap()));
        let nothing = serde_json::from_str(r#"{"keys":[]}"#).unwrap();
        assert_eq!(Signer::builder().jwk_set(&nothing).err(), Some(Error::JwkUnsupported));
    }
}
