//! Several keys, and which of them may have signed a token.

use crate::algorithm::{Algorithm, Algorithms};
use crate::error::Error;
use crate::header::{self, Header};
use crate::json::JsonString;
use crate::key::Key;
use crate::names::Names;
use crate::secret::Secrets;
use crate::token::Segments;

#[derive(Clone)]
struct Entry {
    kid: Option<Box<str>>,
    /// `None` where the JWK's `alg` is not allowed: the key then serves nothing, but its `kid`
    /// stays taken.
    key: Option<Key>,
}

/// Keyed secrets, in order of adding.
#[derive(Clone)]
pub(crate) struct Keyring {
    entries: Box<[Entry]>,
    /// `None` where no key has a `kid`: most verifiers have one key, and no use for the room.
    by_kid: Option<Box<ByKid>>,
}

/// Which entry a `kid` names.
#[derive(Clone, Default)]
struct ByKid {
    kids: Names,
    /// The positions of their entries.
    entries: Vec<usize>,
    /// The encoded headers that we and `jsonwebtoken` write for the `kid`s: compared, not parsed.
    headers: Names,
    /// What each header says: its algorithm, and the position of the entry.
    of_header: Vec<(Algorithm, usize)>,
}

impl Keyring {
    /// Keys all secrets for those of the allowed algorithms that each may serve.
    pub(crate) fn new(secrets: &Secrets, allowed: Algorithms, allow_short: bool) -> Result<Self, Error> {
        let mut entries = vec![];
        let mut by_kid: Option<Box<ByKid>> = None;
        for (name, secret) in secrets.iter() {
            let serves = secret.alg.map_or(Some(allowed), |alg| allowed.intersection(alg.into()));
            let key = serves.map(|serves| Key::new(&secret.bytes, serves, allow_short, &name)).transpose()?;
            if let Some(kid) = &secret.kid {
                let by_kid = by_kid.get_or_insert_default();
                by_kid.kids.push(kid.as_bytes());
                by_kid.entries.push(name.position);
                for algorithm in serves.into_iter().flat_map(Algorithms::iter) {
                    by_kid.headers.push(&header::encode(algorithm, Some(kid)));
                    by_kid.of_header.push((algorithm, name.position));
                }
            }
            entries.push(Entry { kid: secret.kid.clone(), key });
        }
        if entries.is_empty() { Err(Error::NoKeys) } else { Ok(Keyring { entries: entries.into(), by_kid }) }
    }

    /// The header of an encoded segment that needs no parsing, as [`Header::known`], for the keys'
    /// own `kid`s.
    #[inline]
    pub(crate) fn known_header(&self, segment: &[u8]) -> Option<Header<'_>> {
        let by_kid = self.by_kid.as_ref()?;
        let (algorithm, position) = by_kid.of_header[by_kid.headers.position(segment)?];
        Header::with_kid(algorithm, self.entries[position].kid.as_deref()?, position)
    }

    /// Returns the position of the key that signed the token.
    #[inline]
    pub(crate) fn verify(
        &self,
        header: &Header<'_>,
        algorithm: Algorithm,
        token: &Segments<'_>,
    ) -> Result<usize, Error> {
        let mut tried = false;
        let mut matches = |entry: &Entry| {
            let Some(key) = entry.key.as_ref().filter(|key| key.serves(algorithm)) else {
                return false;
            };
            tried = true;
            key.verify(algorithm, token.signing_input, token.signature)
        };
        let named = header.key.or_else(|| self.position_of(header.kid?));
        let found = match named {
            Some(named) => matches(&self.entries[named]).then_some(named),
            None if header.kid.is_none() => self.entries.iter().position(matches),
            None => self.entries.iter().position(|entry| entry.kid.is_none() && matches(entry)),
        };
        match found {
            Some(position) => Ok(position),
            None if tried => Err(Error::Signature),
            None => Err(Error::UnknownKid),
        }
    }

    /// The key of that `kid`.
    fn position_of(&self, kid: JsonString<'_>) -> Option<usize> {
        let by_kid = self.by_kid.as_ref()?;
        let kid = kid.decode().ok()?;
        Some(by_kid.entries[by_kid.kids.position(kid.as_bytes())?])
    }

    pub(crate) fn has_short_key(&self) -> bool {
        self.entries.iter().filter_map(|entry| entry.key.as_ref()).any(Key::is_short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn keyring(secrets: &[(&[u8], Option<&str>)]) -> Keyring {
        let mut all = Secrets::default();
        for (secret, kid) in secrets {
            all.add(secret, *kid).unwrap();
        }
        Keyring::new(&all, Algorithms::from_list(&Algorithm::ALL).unwrap(), true).unwrap()
    }

    #[test]
    fn the_header_of_every_kid_is_known() {
        let names: Vec<String> = (0..100).map(|number| format!("key {}", number * 7919 % 100)).collect();
        let secrets: Vec<_> = names.iter().map(|name| (name.as_bytes(), Some(name.as_str()))).collect();
        let keyring = keyring(&secrets);
        for (position, name) in names.iter().enumerate() {
            for algorithm in Algorithm::ALL {
                let segment = header::encode(algorithm, Some(name));
                let header = keyring.known_header(&segment).unwrap();
                assert!(header.kid.unwrap() == **name);
                let mut buffer = [0; 128];
                let parsed = Header::parse(token::decode(&segment, &mut buffer).unwrap()).unwrap();
                assert_eq!((header.alg, header.crit), (parsed.alg, parsed.crit));
                assert_eq!(keyring.position_of(parsed.kid.unwrap()), Some(position));
            }
        }
        assert!(keyring.known_header(&header::encode(Algorithm::HS256, Some("key 100"))).is_none());
        assert_eq!(keyring.position_of(JsonString::from_value(b"\"key 100\"").unwrap()), None);
        assert_eq!(
            keyring.position_of(JsonString::from_value(b"\"k\\u0065y 5\"").unwrap()),
            Some(names.iter().position(|name| name == "key 5").unwrap())
        );
        assert_eq!(keyring.position_of(JsonString::from_value(b"\"\\ud800\"").unwrap()), None);
    }

    #[test]
    fn without_a_key_there_is_no_keyring() {
        assert_eq!(Keyring::new(&Secrets::default(), Algorithm::HS256.into(), true).err(), Some(Error::NoKeys));
    }
}
