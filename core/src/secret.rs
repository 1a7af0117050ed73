//! What may be a secret, and the secrets of a configuration until they are keyed.

use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::error::{Error, KeyName};
use crate::json::{JsonString, Object};

/// A secret that waits to be keyed until all options are known.
#[derive(Clone)]
pub(crate) struct Secret {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    pub(crate) kid: Option<Box<str>>,
    /// The one algorithm that its JWK names.
    pub(crate) alg: Option<Algorithm>,
}

/// The secrets of a configuration, in order of adding.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    pub(crate) fn add(&mut self, secret: &[u8], kid: Option<&str>) -> Result<(), Error> {
        if kid == Some("") {
            return Err(Error::invalid("kid: must not be empty"));
        }
        let key = KeyName { position: self.0.len(), kid: kid.map(Box::from) };
        self.push(Secret { bytes: secret.to_vec().into(), kid: key.kid.clone(), alg: None }, &key)
    }

    /// Adds all secrets, or none.
    pub(crate) fn add_all(&mut self, secrets: Vec<(KeyName, Secret)>) -> Result<usize, Error> {
        let before = self.0.len();
        for (key, secret) in secrets {
            if let Err(error) = self.push(secret, &key) {
                self.0.truncate(before);
                return Err(error);
            }
        }
        match self.0.len() - before {
            0 => Err(Error::JwkUnsupported),
            added => Ok(added),
        }
    }

    fn push(&mut self, secret: Secret, key: &KeyName) -> Result<(), Error> {
        check_secret(&secret.bytes, key)?;
        if secret.kid.is_some() && self.0.iter().any(|other| other.kid == secret.kid) {
            return Err(Error::DuplicateKid(secret.kid.unwrap_or_default()));
        }
        self.0.push(secret);
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (KeyName, &Secret)> {
        self.0.iter().enumerate().map(|(position, secret)| (KeyName { position, kid: secret.kid.clone() }, secret))
    }
}

/// Refuses what no algorithm can make good: an empty secret, and somebody's key. With a public key
/// as the secret, anybody could sign (RFC 8725 section 2.1).
fn check_secret(secret: &[u8], key: &KeyName) -> Result<(), Error> {
    if secret.is_empty() {
        return Err(Error::KeyTooShort { key: key.clone().into(), bytes: 0, algorithm: None });
    }
    let found = kind_of_key(secret).or_else(|| kind_of_key(&from_base64(secret)?));
    let Some(kind) = found else { return Ok(()) };
    let instead = match kind {
        JWK => "add it as a JWK Set",
        JWK_SET => "add it as a JWK Set, not as a secret",
        _ => "use a shared secret of at least 32 random bytes; tokens of a key pair are not verified here",
    };
    Err(Error::InvalidArgument(format!("secret: {key} is {kind}, not a shared secret: {instead}").into()))
}

const JWK: &str = "the text of a JSON Web Key (RFC 7517)";
const JWK_SET: &str = "the text of a JWK Set (RFC 7517)";

/// What kind of key these bytes are, if they are one.
fn kind_of_key(bytes: &[u8]) -> Option<&'static str> {
    const OPENSSH: [&[u8]; 6] = [
        b"ssh-rsa AAAA",
        b"ssh-dss AAAA",
        b"ssh-ed25519 AAAA",
        b"ecdsa-sha2-nistp",
        b"sk-ssh-ed25519@openssh.com AAAA",
        b"sk-ecdsa-sha2-nistp",
    ];
    let contains = |text: &[u8]| memchr::memmem::find(bytes, text).is_some();
    if contains(b"-----BEGIN ") {
        return Some("a PEM block (a public key, a private key or a certificate)");
    }
    let wire_name = bytes.get(..4).zip(bytes.get(4..)).filter(|(len, _)| len[..3] == [0, 0, 0]);
    let is_wire =
        |name: &[u8]| name.starts_with(b"ssh-") || name.starts_with(b"ecdsa-sha2-") || name.starts_with(b"sk-");
    if contains(b"---- BEGIN SSH2 ")
        || OPENSSH.iter().any(|text| contains(text) && contains(b" AAAA"))
        || wire_name.is_some_and(|(_, name)| is_wire(name))
    {
        return Some("an OpenSSH public key");
    }
    if is_subject_public_key_info(bytes) {
        return Some("a public key in DER (SubjectPublicKeyInfo, RFC 5280)");
    }
    kind_of_jwk(bytes)
}

fn kind_of_jwk(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut object = Object::open(text).ok()?;
    let mut kind = None;
    while let Some(member) = object.next_member().ok()? {
        let name = JsonString::from_value(&text[member.name])?;
        if name == *"kty" {
            kind = Some(JWK);
        } else if name == *"keys" && text[member.value].starts_with(b"[") {
            kind = Some(JWK_SET);
        }
    }
    kind
}

/// The bytes that a secret means when it is base64 or base64url text, with or without padding and
/// line breaks.
fn from_base64(secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(secret.to_vec());
    for byte in text.iter_mut() {
        match byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            _ => {}
        }
    }
    let len = base64_simd::forgiving_decode_inplace(&mut text).ok()?.len();
    text.truncate(len);
    Some(text)
}

/// Whether the bytes are `SEQUENCE { SEQUENCE { OBJECT IDENTIFIER, … }, BIT STRING }` and nothing
/// else (RFC 5280 section 4.1).
fn is_subject_public_key_info(der: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    const BIT_STRING: u8 = 0x03;
    let parts = || {
        let (info, rest) = element(der, SEQUENCE)?;
        let (algorithm, key) = element(info, SEQUENCE)?;
        element(algorithm, OBJECT_IDENTIFIER)?;
        let (_, behind) = element(key, BIT_STRING)?;
        Some(rest.is_empty() && behind.is_empty())
    };
    parts().unwrap_or(false)
}

/// The content of a DER element of this tag at the front (ITU-T X.690 section 8.1), and what
/// follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [found, first, rest @ ..] = der else { return None };
    if *found != tag {
        return None;
    }
    let (len, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) =
            rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| matches!(digits.len(), 1..=4))?;
        (digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(secret: &[u8]) -> Result<(), Error> {
        Secrets::default().add(secret, None)
    }

    fn refused_as(secret: &[u8], kind: &str) {
        match add(secret) {
            Err(Error::InvalidArgument(text)) => assert!(text.contains(kind), "{text}"),
            other => panic!("{other:?}: {}", String::from_utf8_lossy(secret)),
        }
    }

    /// `openssl genpkey -algorithm ed25519 | openssl pkey -pubout -outform DER`, in base64.
    const SPKI: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    #[test]
    fn somebodys_key_is_not_a_secret() {
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{SPKI}\n-----END PUBLIC KEY-----\n");
        refused_as(pem.as_bytes(), "PEM");
        refused_as(format!("\u{feff} {pem}").as_bytes(), "PEM");
        let encoded = base64_simd::STANDARD.encode_to_string(&pem);
        refused_as(encoded.as_bytes(), "PEM");
        refused_as(encoded.trim_end_matches('=').as_bytes(), "PEM");
        refused_as(format!(" {}\n{}\n", &encoded[..60], &encoded[60..]).as_bytes(), "PEM");
        refused_as(base64_simd::URL_SAFE_NO_PAD.encode_to_string(&pem).as_bytes(), "PEM");
        refused_as(SPKI.as_bytes(), "DER");
        refused_as(&base64_simd::STANDARD.decode_to_vec(SPKI).unwrap(), "DER");
        for text in [
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh me@example",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ",
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY me",
            "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAI me",
            "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20 me",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2E\n---- END SSH2 PUBLIC KEY ----",
            "AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh",
            "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY",
            "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t",
        ] {
            refused_as(text.as_bytes(), "OpenSSH");
        }
        refused_as(br#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#, "JSON Web Key");
        refused_as(b"\xef\xbb\xbf\n {\"k\\u0074y\":1}", "JSON Web Key");
        refused_as(br#"{"keys":[]}"#, "JWK Set");
        refused_as(br#"{"kty":"oct"}"#, "not a shared secret: add it as a JWK Set");
        refused_as(br#"{"keys":[]}"#, "not a shared secret: add it as a JWK Set, not as a secret");
        refused_as(SPKI.as_bytes(), "not a shared secret: use a shared secret of at least 32 random bytes");
    }

    #[test]
    fn what_only_looks_like_a_key_is_a_secret() {
        for secret in [
            &b"-----BEGINNERS' secret, long enough for all-----"[..],
            b"ssh-rsa is not what I use, I use passwords",
            b"ecdsa-sha2-nistp256 is a curve",
            b"supersecretdevkeythatishs256safe!",
            b"c3VwZXJzZWNyZXRkZXZrZXl0aGF0aXNoczI1NnNhZmUh",
            br#"{"key":"value"}"#,
            br#"{"keys":"many"}"#,
            br#"{"kty":"oct""#,
            br#"["kty"]"#,
            &[0x30, 0x03, 0x02, 0x01, 0x01],
            &[0x30, 0x80, 0, 0],
            &[0x30],
            &[0xff; 64],
            &[0; 32],
        ] {
            assert_eq!(add(secret), Ok(()), "{}", String::from_utf8_lossy(secret));
        }
        // One byte behind the key, one missing.
        let spki = base64_simd::STANDARD.decode_to_vec(SPKI).unwrap();
        assert_eq!(add(&[&spki[..], b"x"].concat()), Ok(()));
        assert_eq!(add(&spki[..spki.len() - 1]), Ok(()));
    }

    #[test]
    fn der_lengths_are_read_in_both_forms() {
        assert_eq!(element(&[0x30, 1, 7, 8], 0x30), Some((&[7][..], &[8][..])));
        assert_eq!(element(&[0x30, 0x81, 1, 7], 0x30), Some((&[7][..], &[][..])));
        assert_eq!(element(&[0x30, 0x82, 0, 1, 7], 0x30), Some((&[7][..], &[][..])));
        // 0x80 is the length that BER leaves open, and DER does not have.
        assert_eq!(element(&[&[0x30, 0x80][..], &[0; 128]].concat(), 0x30), None);
        for der in [&[][..], &[0x30], &[0x30, 2, 7], &[0x30, 0x82, 0], &[0x30, 0x85, 0, 0, 0, 0, 1, 7], &[0x31, 0]] {
            assert_eq!(element(der, 0x30), None, "{der:?}");
        }
    }

    #[test]
    fn all_secrets_are_added_or_none() {
        let secret = |kid: &str| Secret { bytes: vec![7; 32].into(), kid: Some(kid.into()), alg: None };
        let named = |position, kid| (KeyName { position, kid: None }, secret(kid));
        let mut secrets = Secrets::default();
        assert_eq!(secrets.add(b"", None).unwrap_err().to_string(), "key 0: the secret is empty");
        assert_eq!(secrets.add(&[7; 32], Some("a")), Ok(()));
        assert_eq!(secrets.add(&[7; 32], Some("")), Err(Error::invalid("kid: must not be empty")));
        let twice = secrets.add_all(vec![named(0, "b"), named(1, "a")]);
        assert_eq!(twice, Err(Error::DuplicateKid("a".into())));
        assert_eq!(secrets.iter().count(), 1);
        assert_eq!(secrets.add_all(vec![]), Err(Error::JwkUnsupported));
        assert_eq!(secrets.add_all(vec![named(0, "b"), named(1, "c")]), Ok(2));
        let shown: Vec<String> = secrets.iter().map(|(key, _)| key.to_string()).collect();
        assert_eq!(shown, ["key 0 (kid \"a\")", "key 1 (kid \"b\")", "key 2 (kid \"c\")"]);
    }
}
