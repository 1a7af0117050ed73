//! Several keys: which of them may have signed a token, and where they come from (JWK Set, RFC 7517).

use std::borrow::Cow;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, CommonParameters, JwkSet, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::header::{self, Header};
use crate::key::{Algorithms, Key, check_secret};
use crate::token::{self, Segments};

/// A secret that waits to be keyed until all options are known.
#[derive(Clone)]
pub(crate) struct Secret {
    bytes: Zeroizing<Vec<u8>>,
    kid: Option<Box<str>>,
    /// What its JWK's `alg` restricts it to.
    alg: Option<Algorithms>,
}

/// The secrets of a configuration, in order of adding.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    pub(crate) fn add(&mut self, secret: &[u8], kid: Option<&str>) -> Result<(), Error> {
        self.push(Secret { bytes: secret.to_vec().into(), kid: kid.map(Box::from), alg: None })
    }

    /// Reads a JWK Set and adds all its usable keys, or none; the number added.
    pub(crate) fn add_jwks_json(&mut self, json: &str) -> Result<usize, Error> {
        let set: JsonSet<'_> = serde_json::from_str(json).map_err(|_| Error::JwkSyntax)?;
        self.add_all(set.keys.into_iter().filter(|key| key.kty == "oct").map(|key| {
            let JsonKey { k, kid, alg, r#use, key_ops, .. } = key;
            let common = CommonParameters {
                public_key_use: r#use,
                key_operations: key_ops,
                key_algorithm: alg,
                key_id: kid,
                ..CommonParameters::default()
            };
            Secret::from_jwk(&k.ok_or(Error::JwkSyntax)?, &common)
        }))
    }

    /// As [`add_jwks_json`](Self::add_jwks_json), of a set that is read already.
    pub(crate) fn add_jwk_set(&mut self, set: &JwkSet) -> Result<usize, Error> {
        self.add_all(set.keys.iter().filter_map(|jwk| match &jwk.algorithm {
            AlgorithmParameters::OctetKey(oct) => Some(Secret::from_jwk(&oct.value, &jwk.common)),
            _ => None,
        }))
    }

    fn add_all(&mut self, mut keys: impl Iterator<Item = Result<Option<Secret>, Error>>) -> Result<usize, Error> {
        let before = self.0.len();
        let result = keys.try_for_each(|key| key?.map_or(Ok(()), |secret| self.push(secret)));
        match result {
            Ok(()) if self.0.len() == before => Err(Error::JwkUnsupported),
            Ok(()) => Ok(self.0.len() - before),
            Err(error) => {
                self.0.truncate(before);
                Err(error)
            }
        }
    }

    fn push(&mut self, secret: Secret) -> Result<(), Error> {
        check_secret(&secret.bytes)?;
        if secret.kid.is_some() && self.0.iter().any(|other| other.kid == secret.kid) {
            return Err(Error::DuplicateKid);
        }
        self.0.push(secret);
        Ok(())
    }

    /// Keys all secrets for what of the allowed algorithms each may serve.
    pub(crate) fn keyed(&self, allowed: Algorithms, allow_short: bool) -> Result<Keyring, Error> {
        let keyed = |secret: &Secret| {
            let serves = secret.alg.map_or(Some(allowed), |alg| alg.both(allowed));
            let key = serves.map(|serves| Key::new(&secret.bytes, serves, allow_short));
            let algorithms = serves.into_iter().flat_map(Algorithms::iter);
            let known =
                secret.kid.as_deref().map(|kid| algorithms.map(|alg| (header::encode(alg, Some(kid)), alg)).collect());
            Ok(Entry { kid: secret.kid.clone(), key: key.transpose()?, known: known.unwrap_or_default() })
        };
        if self.0.is_empty() {
            return Err(Error::NoKeys);
        }
        Ok(Keyring(self.0.iter().map(keyed).collect::<Result<_, _>>()?))
    }

    /// The first secret with its `kid`, and what its JWK's `alg` restricts it to.
    pub(crate) fn first(&self) -> Option<(&[u8], Option<&str>, Option<Algorithms>)> {
        let first = self.0.first()?;
        Some((&first.bytes, first.kid.as_deref(), first.alg))
    }
}

impl Secret {
    /// A symmetric key; `None` for one of another use, which RFC 7517 section 5 has us pass over.
    fn from_jwk(k: &str, common: &CommonParameters) -> Result<Option<Self>, Error> {
        let alg = match &common.key_algorithm {
            None => None,
            Some(KeyAlgorithm::HS256) => Some(Algorithms::only(Algorithm::HS256)?),
            Some(KeyAlgorithm::HS384) => Some(Algorithms::only(Algorithm::HS384)?),
            Some(KeyAlgorithm::HS512) => Some(Algorithms::only(Algorithm::HS512)?),
            Some(_) => return Ok(None),
        };
        let for_signatures = common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature)
            && common.key_operations.as_ref().is_none_or(|operations| {
                operations.iter().any(|operation| matches!(operation, KeyOperations::Sign | KeyOperations::Verify))
            });
        if !for_signatures {
            return Ok(None);
        }
        let mut bytes = Zeroizing::new(vec![0; token::decoded_len(k.len())]);
        let len = token::decode(k.as_bytes(), &mut bytes).map_err(|_| Error::JwkSyntax)?.len();
        bytes.truncate(len);
        Ok(Some(Secret { bytes, kid: common.key_id.as_deref().map(Box::from), alg }))
    }
}

/// A JWK Set, borrowed from its JSON so that no copy of a secret is left in memory.
#[derive(Deserialize)]
struct JsonSet<'a> {
    #[serde(borrow)]
    keys: Vec<JsonKey<'a>>,
}

/// What matters of a key of any kind; keys of kinds that are not known here are passed over, as RFC 7517 section 5 asks.
#[derive(Deserialize)]
struct JsonKey<'a> {
    kty: String,
    #[serde(borrow)]
    k: Option<Cow<'a, str>>,
    kid: Option<String>,
    alg: Option<KeyAlgorithm>,
    r#use: Option<PublicKeyUse>,
    key_ops: Option<Vec<KeyOperations>>,
}

#[derive(Clone)]
struct Entry {
    kid: Option<Box<str>>,
    /// `None` where the JWK's `alg` is none of those allowed: the key then serves nothing, but its `kid` stays taken.
    key: Option<Key>,
    /// The encoded headers that we and `jsonwebtoken` write for this `kid`: compared, not parsed.
    known: Vec<(Vec<u8>, Algorithm)>,
}

/// Keyed secrets, in order of adding.
#[derive(Clone)]
pub(crate) struct Keyring(Vec<Entry>);

impl Keyring {
    /// The header of an encoded segment that needs no parsing, as [`Header::known`], for the keys' own `kid`s.
    #[inline]
    pub(crate) fn known_header(&self, segment: &[u8]) -> Option<Header<'_>> {
        self.0.iter().find_map(|entry| {
            let (_, algorithm) = entry.known.iter().find(|(known, _)| *known == segment)?;
            Header::with_kid(*algorithm, entry.kid.as_deref()?)
        })
    }

    /// The position of the key that signed the token.
    #[inline]
    pub(crate) fn verify(
        &self,
        header: &Header<'_>,
        algorithm: Algorithm,
        token: &Segments<'_>,
    ) -> Result<usize, Error> {
        let named = header
            .kid
            .and_then(|kid| self.0.iter().position(|entry| entry.kid.as_deref().is_some_and(|of_key| kid == *of_key)));
        let may_have_signed = |(position, entry): &(usize, &Entry)| match (named, header.kid) {
            (Some(named), _) => *position == named,
            (None, Some(_)) => entry.kid.is_none(),
            (None, None) => true,
        };
        let mut refusal = Error::UnknownKid;
        for (position, entry) in self.0.iter().enumerate().filter(may_have_signed) {
            let Some(key) = entry.key.as_ref().filter(|key| key.serves(algorithm)) else {
                continue;
            };
            if key.verify(algorithm, token.signing_input, token.signature) {
                return Ok(position);
            }
            refusal = Error::Signature;
        }
        Err(refusal)
    }

    pub(crate) fn has_short_key(&self) -> bool {
        self.0.iter().filter_map(|entry| entry.key.as_ref()).any(Key::is_short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str = r#"{"keys":[
        {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"rsa"},
        {"kty":"from the future"},
        {"kty":"oct","kid":"a","alg":"HS256","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
        {"kty":"oct","kid":"b","use":"enc","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
        {"kty":"oct","kid":"c","key_ops":["encrypt"],"k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
        {"kty":"oct","kid":"d","alg":"A128KW","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
        {"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}
    ]}"#;

    fn add(json: &str) -> Result<usize, Error> {
        Secrets::default().add_jwks_json(json)
    }

    #[test]
    fn symmetric_signing_keys_are_taken_and_others_passed_over() {
        let mut secrets = Secrets::default();
        assert_eq!(secrets.add_jwks_json(SET), Ok(2));
        let (bytes, kid, alg) = secrets.first().unwrap();
        assert_eq!(bytes, (0..32).collect::<Vec<u8>>());
        assert_eq!((kid, alg), (Some("a"), Some(Algorithms::HS256)));

        // Read by jsonwebtoken first, the set gives the same keys.
        let mut known: serde_json::Value = serde_json::from_str(SET).unwrap();
        known["keys"].as_array_mut().unwrap().remove(1);
        let mut same = Secrets::default();
        assert_eq!(same.add_jwk_set(&serde_json::from_value(known).unwrap()), Ok(2));
        assert!(same.first() == secrets.first());
    }

    #[test]
    fn malformed_sets_are_refused_whole() {
        for json in [
            "",
            "[]",
            "{}",
            r#"{"keys":{}}"#,
            r#"{"keys":[1]}"#,
            r#"{"keys":[{}]}"#,
            r#"{"keys":[{"kty":"oct"}]}"#,
            r#"{"keys":[{"kty":"oct","k":"+/"}]}"#,
            r#"{"keys":[{"kty":"oct","k":1}]}"#,
        ] {
            assert_eq!(add(json), Err(Error::JwkSyntax), "{json}");
        }
        assert_eq!(add(r#"{"keys":[]}"#), Err(Error::JwkUnsupported));
        assert_eq!(add(r#"{"keys":[{"kty":"EC","crv":"P-256","x":"","y":""}]}"#), Err(Error::JwkUnsupported));
        let mut secrets = Secrets::default();
        let twice = r#"{"keys":[{"kty":"oct","kid":"a","k":"AAAA"},{"kty":"oct","kid":"a","k":"AAAB"}]}"#;
        assert_eq!(secrets.add_jwks_json(twice), Err(Error::DuplicateKid));
        assert!(secrets.first().is_none());
    }
}
