//! A JWK Set (RFC 7517 section 5) -> secrets.
//!
//! Why not `serde`: it leaves an owned copy of `k` in freed memory. Here every member is borrowed
//! from the caller's text.

use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::error::{Error, KeyName};
use crate::json::{JsonString, Malformed, Object, elements};
use crate::secret::Secret;
use crate::token;

/// What the keys of a set are wanted for: a value of `key_ops` (RFC 7517 section 4.3).
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Verify,
    Sign,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Purpose::Verify => "verify",
            Purpose::Sign => "sign",
        }
    }
}

/// Reads the symmetric signing keys of a set. A member of another kind or use is passed over,
/// whatever it holds.
pub(crate) fn read(json: &str, purpose: Purpose) -> Result<Vec<(KeyName, Secret)>, Error> {
    let of_set = |reason| Error::JwkSyntax { key: None, reason };
    let keys =
        keys_of(json.as_bytes()).map_err(|Malformed| of_set("not one JSON object"))?.ok_or(of_set("no member keys"))?;
    if keys.first() != Some(&b'[') {
        return Err(of_set("keys is not an array"));
    }
    let mut secrets = vec![];
    for (position, jwk) in elements(keys).enumerate() {
        let mut key = KeyName { position, kid: None };
        match read_key(jwk, purpose, &mut key) {
            Ok(Some(secret)) => secrets.push((key, secret)),
            Ok(None) => {}
            Err(reason) => return Err(Error::JwkSyntax { key: Some(key.into()), reason }),
        }
    }
    Ok(secrets)
}

/// The value of the last member `keys`.
fn keys_of(json: &[u8]) -> Result<Option<&[u8]>, Malformed> {
    let mut object = Object::open(json)?;
    let mut keys = None;
    while let Some(member) = object.next_member()? {
        if JsonString::from_value(&json[member.name]).is_some_and(|name| name == *"keys") {
            keys = Some(&json[member.value]);
        }
    }
    Ok(keys)
}

/// The members of a JWK that are looked at, each as its JSON text.
#[derive(Default)]
struct Members<'a> {
    kty: Option<&'a [u8]>,
    k: Option<&'a [u8]>,
    kid: Option<&'a [u8]>,
    alg: Option<&'a [u8]>,
    r#use: Option<&'a [u8]>,
    key_ops: Option<&'a [u8]>,
    /// One of them is there twice.
    repeated: bool,
}

impl<'a> Members<'a> {
    fn read(jwk: &'a [u8]) -> Result<Self, Malformed> {
        let mut members = Members::default();
        let mut object = Object::open(jwk)?;
        while let Some(member) = object.next_member()? {
            let name = JsonString::from_value(&jwk[member.name]).ok_or(Malformed)?;
            let slots = [
                ("kty", &mut members.kty),
                ("k", &mut members.k),
                ("kid", &mut members.kid),
                ("alg", &mut members.alg),
                ("use", &mut members.r#use),
                ("key_ops", &mut members.key_ops),
            ];
            for (known, slot) in slots {
                if name == *known {
                    members.repeated |= slot.replace(&jwk[member.value.clone()]).is_some();
                }
            }
        }
        Ok(members)
    }
}

/// `None` for a key that is not a symmetric key for this purpose. Fails with what is wrong.
fn read_key(jwk: &[u8], purpose: Purpose, key: &mut KeyName) -> Result<Option<Secret>, &'static str> {
    let members = Members::read(jwk).map_err(|Malformed| "not a JSON object")?;
    if members.kty.and_then(JsonString::from_value).is_none_or(|kty| kty != *"oct") {
        return Ok(None);
    }
    if let Some(kid) = text(members.kid, "kid is not a string")? {
        key.kid = Some(kid.decode().map_err(|_| "kid is not well-formed text")?.into());
    }
    if members.repeated {
        return Err("a member is there twice");
    }
    let k = text(members.k, "k is not a string")?.ok_or("k is absent")?;
    let alg = text(members.alg, "alg is not a string")?;
    let r#use = text(members.r#use, "use is not a string")?;
    let is_allowed = members.key_ops.map_or(Ok(true), |key_ops| allows(key_ops, purpose))?;
    let algorithm = alg.map(|alg| Algorithm::from_name(|name| alg == *name));
    if algorithm == Some(None) || r#use.is_some_and(|r#use| r#use != *"sig") || !is_allowed {
        return Ok(None);
    }
    let k = secret_from(&unescaped(k)?)?;
    Ok(Some(Secret { bytes: k, kid: key.kid.clone(), alg: algorithm.flatten() }))
}

/// The string that a member is; `None` when it is absent.
fn text<'a>(value: Option<&'a [u8]>, otherwise: &'static str) -> Result<Option<JsonString<'a>>, &'static str> {
    value.map(|value| JsonString::from_value(value).ok_or(otherwise)).transpose()
}

/// The text of `k`. With room for all of it from the start: a string that grows would leave copies
/// behind.
fn unescaped(k: JsonString<'_>) -> Result<Zeroizing<String>, &'static str> {
    let mut text = Zeroizing::new(String::with_capacity(k.raw().len()));
    for character in k.characters() {
        text.push(character.ok_or("k is not base64url")?);
    }
    Ok(text)
}

fn allows(key_ops: &[u8], purpose: Purpose) -> Result<bool, &'static str> {
    const WRONG: &str = "key_ops is not an array of strings";
    if key_ops.first() != Some(&b'[') {
        return Err(WRONG);
    }
    let mut found = false;
    for operation in elements(key_ops) {
        found |= JsonString::from_value(operation).ok_or(WRONG)? == *purpose.name();
    }
    Ok(found)
}

fn secret_from(k: &str) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    let mut bytes = Zeroizing::new(vec![0; token::decoded_len(k.len())]);
    let len = token::decode(k.as_bytes(), &mut bytes).map_err(|_| "k is not base64url (RFC 7515 section 2)")?.len();
    bytes.truncate(len);
    Ok(bytes)
}

/// As [`read`], of a set that `jsonwebtoken` has read.
#[cfg(feature = "jsonwebtoken")]
pub(crate) fn from_set(set: &jsonwebtoken::jwk::JwkSet, purpose: Purpose) -> Result<Vec<(KeyName, Secret)>, Error> {
    use jsonwebtoken::jwk::{AlgorithmParameters, KeyAlgorithm, KeyOperations, PublicKeyUse};

    let wanted = match purpose {
        Purpose::Verify => KeyOperations::Verify,
        Purpose::Sign => KeyOperations::Sign,
    };
    let mut secrets = vec![];
    for (position, jwk) in set.keys.iter().enumerate() {
        let AlgorithmParameters::OctetKey(oct) = &jwk.algorithm else { continue };
        let common = &jwk.common;
        let alg = match common.key_algorithm {
            None => None,
            Some(KeyAlgorithm::HS256) => Some(Algorithm::HS256),
            Some(KeyAlgorithm::HS384) => Some(Algorithm::HS384),
            Some(KeyAlgorithm::HS512) => Some(Algorithm::HS512),
            Some(_) => continue,
        };
        if common.public_key_use.as_ref().is_some_and(|used| *used != PublicKeyUse::Signature)
            || common.key_operations.as_ref().is_some_and(|operations| !operations.contains(&wanted))
        {
            continue;
        }
        let kid: Option<Box<str>> = common.key_id.as_deref().map(Box::from);
        let key = KeyName { position, kid: kid.clone() };
        match secret_from(&oct.value) {
            Ok(bytes) => secrets.push((key, Secret { bytes, kid, alg })),
            Err(reason) => return Err(Error::JwkSyntax { key: Some(key.into()), reason }),
        }
    }
    Ok(secrets)
}

#[cfg(test)]
mod tests {
    use super::*;

    const K: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn kids(members: &str, purpose: Purpose) -> Result<Vec<String>, Error> {
        let set = read(&format!(r#"{{"keys":[{}]}}"#, members.replace("$K", K)), purpose)?;
        Ok(set
            .into_iter()
            .map(|(key, secret)| {
                assert_eq!(key.kid, secret.kid);
                assert_eq!(*secret.bytes, (0..32).collect::<Vec<u8>>());
                format!("{} {} {:?}", key.position, key.kid.as_deref().unwrap_or("-"), secret.alg)
            })
            .collect())
    }

    #[test]
    fn symmetric_signing_keys_are_taken_and_others_passed_over() {
        let members = r#"
            {"kty":"RSA","n":"AQAB","e":"AQAB","kid":7},
            {"kty":"from the future","alg":null,"key_ops":"verify"},
            {"kty":["oct"]}, {},
            {"kty":"oct","kid":"a","alg":"HS256","k":"$K"},
            {"kty":"oct","kid":"b","use":"enc","k":"$K"},
            {"kty":"oct","kid":"c","key_ops":["encrypt"],"k":"$K"},
            {"kty":"oct","kid":"d","alg":"A128KW","k":"$K"},
            {"kty":"oct","k":"$K","use":"sig"},
            {"kty":"oct","kid":"v","key_ops":["verify"],"k":"$K"},
            {"kty":"oct","kid":"s","key_ops":["sign"],"k":"$K","alg":"HS512"},
            {"kty":"oct","kid":"\u0062\u006fth","key_ops":["sign","verify"],"k":"\u0041AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
        assert_eq!(
            kids(members, Purpose::Verify).unwrap(),
            ["4 a Some(HS256)", "8 - None", "9 v None", "11 both None"]
        );
        assert_eq!(
            kids(members, Purpose::Sign).unwrap(),
            ["4 a Some(HS256)", "8 - None", "10 s Some(HS512)", "11 both None"]
        );
    }

    #[test]
    fn a_set_that_is_malformed_is_refused_whole() {
        for (json, reason) in [
            ("", "not one JSON object"),
            ("[]", "not one JSON object"),
            (r#"{"keys":[]}x"#, "not one JSON object"),
            ("{}", "no member keys"),
            (r#"{"keys":{}}"#, "keys is not an array"),
            (r#"{"keys":null}"#, "keys is not an array"),
        ] {
            assert_eq!(read(json, Purpose::Verify).err(), Some(Error::JwkSyntax { key: None, reason }), "{json}");
        }
    }

    #[test]
    fn a_malformed_symmetric_key_is_named() {
        for (jwk, reason) in [
            ("1", "not a JSON object"),
            (r#""oct""#, "not a JSON object"),
            (r#"{"kty":"oct"}"#, "k is absent"),
            (r#"{"kty":"oct","k":1}"#, "k is not a string"),
            (r#"{"kty":"oct","k":null}"#, "k is not a string"),
            (r#"{"kty":"oct","k":"+/"}"#, "k is not base64url (RFC 7515 section 2)"),
            (r#"{"kty":"oct","k":"\ud800"}"#, "k is not base64url"),
            (r#"{"kty":"oct","k":"AAAA","kid":1}"#, "kid is not a string"),
            (r#"{"kty":"oct","k":"AAAA","kid":"\ud800"}"#, "kid is not well-formed text"),
            (r#"{"kty":"oct","k":"AAAA","alg":null}"#, "alg is not a string"),
            (r#"{"kty":"oct","k":"AAAA","use":1}"#, "use is not a string"),
            (r#"{"kty":"oct","k":"AAAA","key_ops":"verify"}"#, "key_ops is not an array of strings"),
            (r#"{"kty":"oct","k":"AAAA","key_ops":["verify",1]}"#, "key_ops is not an array of strings"),
            (r#"{"kty":"oct","k":"AAAA","k":"AAAA"}"#, "a member is there twice"),
            (r#"{"kty":"RSA","kty":"oct","k":"AAAA"}"#, "a member is there twice"),
        ] {
            let key = Some(KeyName { position: 1, kid: None }.into());
            let refused = kids(&format!(r#"{{"kty":"RSA"}},{jwk}"#), Purpose::Verify);
            assert_eq!(refused, Err(Error::JwkSyntax { key, reason }), "{jwk}");
        }
        let named = kids(r#"{"kty":"oct","kid":"n\u0061me"}"#, Purpose::Sign).unwrap_err();
        assert_eq!(named.to_string(), "the JWK Set is malformed: key 0 (kid \"name\"): k is absent");
    }

    #[cfg(feature = "jsonwebtoken")]
    #[test]
    fn a_set_of_jsonwebtoken_gives_the_same_keys() {
        let json = format!(
            r#"{{"keys":[
                {{"kty":"RSA","n":"AQAB","e":"AQAB"}},
                {{"kty":"oct","kid":"a","alg":"HS384","k":"{K}"}},
                {{"kty":"oct","kid":"b","use":"enc","k":"{K}"}},
                {{"kty":"oct","kid":"c","key_ops":["sign"],"k":"{K}"}},
                {{"kty":"oct","kid":"d","key_ops":["verify"],"k":"{K}"}},
                {{"kty":"oct","kid":"e","alg":"HS256","k":"{K}"}},
                {{"kty":"oct","kid":"f","alg":"HS512","k":"{K}"}},
                {{"kty":"oct","kid":"g","alg":"RS256","k":"{K}"}},
                {{"kty":"oct","k":"{K}"}}]}}"#
        );
        let set = serde_json::from_str(&json).unwrap();
        let all = |secrets: Vec<(KeyName, Secret)>| -> Vec<_> {
            secrets.into_iter().map(|(key, secret)| (key, secret.bytes, secret.kid, secret.alg)).collect()
        };
        for purpose in [Purpose::Verify, Purpose::Sign] {
            let ours = all(read(&json, purpose).unwrap());
            assert_eq!(ours.len(), 5);
            assert_eq!(all(from_set(&set, purpose).unwrap()), ours);
        }
        let bad = serde_json::from_str(r#"{"keys":[{"kty":"oct","kid":"x","k":"="}]}"#).unwrap();
        let refused = from_set(&bad, Purpose::Sign).err().unwrap().to_string();
        assert!(refused.contains("key 0 (kid \"x\"): k is not base64url"), "{refused}");
    }
}
