//! A secret, keyed once: the inner and outer HMAC states (RFC 2104 section 4) are computed when it is added, and
//! copied for every token.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::Algorithm;
use sha2::{Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::hs256::Hs256;
use crate::token;

/// A set of algorithms of ours, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Algorithms(u8);

impl Algorithms {
    pub(crate) const HS256: Algorithms = Algorithms(1);

    pub(crate) fn from_list(list: &[Algorithm]) -> Result<Self, Error> {
        let mut set = 0;
        for algorithm in list {
            set |= Algorithms::only(*algorithm)?.0;
        }
        if set == 0 {
            return Err(Error::InvalidArgument("algorithms: name at least one of HS256, HS384, HS512"));
        }
        Ok(Algorithms(set))
    }

    pub(crate) fn only(algorithm: Algorithm) -> Result<Self, Error> {
        match algorithm {
            Algorithm::HS256 => Ok(Algorithms(1)),
            Algorithm::HS384 => Ok(Algorithms(2)),
            Algorithm::HS512 => Ok(Algorithms(4)),
            _ => Err(Error::InvalidArgument("algorithm: a shared secret serves HS256, HS384 and HS512 only")),
        }
    }

    #[inline]
    pub(crate) fn has(self, algorithm: Algorithm) -> bool {
        Algorithms::only(algorithm).is_ok_and(|one| one.0 & self.0 != 0)
    }

    /// The algorithms that are in both; `None` when there are none.
    pub(crate) fn both(self, other: Self) -> Option<Self> {
        let set = self.0 & other.0;
        (set != 0).then_some(Algorithms(set))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Algorithm> {
        [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512].into_iter().filter(move |algorithm| self.has(*algorithm))
    }
}

/// Bytes of an algorithm's hash, which RFC 7518 section 3.2 wants a secret to have at least.
const fn hash_len(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::HS384 => 48,
        Algorithm::HS512 => 64,
        _ => 32,
    }
}

/// Characters of the longest signature, that of HS512.
const MAX_SIGNATURE_LEN: usize = token::encoded_len(64);

/// Characters of an algorithm's signature.
pub(crate) const fn signature_len(algorithm: Algorithm) -> usize {
    token::encoded_len(hash_len(algorithm))
}

/// A prekeyed secret for one or more algorithms. The secret itself is not kept; its states are wiped on drop.
#[derive(Clone)]
pub(crate) struct Key {
    serves: Algorithms,
    short: bool,
    hs256: Option<Hs256>,
    // Boxed: rarely there, and large.
    hs384: Option<Box<Hmac<Sha384>>>,
    hs512: Option<Box<Hmac<Sha512>>>,
}

impl Key {
    /// # Errors
    /// `InvalidArgument` for a PEM block, `KeyTooShort` for an empty secret or, unless `allow_short`, one shorter than the hash
    /// of any algorithm it is to serve.
    pub(crate) fn new(secret: &[u8], serves: Algorithms, allow_short: bool) -> Result<Self, Error> {
        check_secret(secret)?;
        if !allow_short && serves.iter().any(|algorithm| secret.len() < hash_len(algorithm)) {
            return Err(Error::KeyTooShort);
        }
        Ok(Key {
            serves,
            short: serves.iter().all(|algorithm| secret.len() < hash_len(algorithm)),
            hs256: serves.has(Algorithm::HS256).then(|| Hs256::new(secret)),
            hs384: keyed(secret, serves.has(Algorithm::HS384)).map(Box::new),
            hs512: keyed(secret, serves.has(Algorithm::HS512)).map(Box::new),
        })
    }

    #[inline]
    pub(crate) fn serves(&self, algorithm: Algorithm) -> bool {
        self.serves.has(algorithm)
    }

    /// Whether the secret is shorter than the hash of every algorithm it serves.
    pub(crate) fn is_short(&self) -> bool {
        self.short
    }

    /// Whether `signature` is the MAC of `input`, encoded. Takes the same time wherever they differ.
    #[inline]
    pub(crate) fn verify(&self, algorithm: Algorithm, input: &[u8], signature: &[u8]) -> bool {
        let mut expected = [0; MAX_SIGNATURE_LEN];
        let expected = self.sign(algorithm, input, &mut expected);
        expected.is_some_and(|expected| same(expected, signature))
    }

    /// Writes the encoded MAC of `input` to the front of `out`; `None` when this key does not serve the algorithm.
    #[inline]
    pub(crate) fn sign<'b>(&self, algorithm: Algorithm, input: &[u8], out: &'b mut [u8]) -> Option<&'b [u8]> {
        #[inline]
        fn mac<'b, M: Mac + Clone>(keyed: &M, input: &[u8], out: &'b mut [u8]) -> &'b [u8] {
            let mut mac = keyed.clone();
            mac.update(input);
            token::encode(&mac.finalize().into_bytes(), out)
        }
        Some(match algorithm {
            Algorithm::HS256 => token::encode(&self.hs256.as_ref()?.mac(input), out),
            Algorithm::HS384 => mac(self.hs384.as_deref()?, input, out),
            Algorithm::HS512 => mac(self.hs512.as_deref()?, input, out),
            _ => return None,
        })
    }
}

fn keyed<M: KeyInit>(secret: &[u8], wanted: bool) -> Option<M> {
    wanted.then(|| M::new_from_slice(secret).expect("HMAC takes a key of any length"))
}

/// What no algorithm can make good: an empty secret, and a PEM block (RFC 7468), which is somebody's public key more often than
/// not, and then anybody could sign.
pub(crate) fn check_secret(secret: &[u8]) -> Result<(), Error> {
    if secret.is_empty() {
        return Err(Error::KeyTooShort);
    }
    if memchr::memmem::find(secret, b"-----BEGIN ").is_some() {
        return Err(Error::InvalidArgument("secret: a PEM block; a shared secret is wanted, no public or private key"));
    }
    Ok(())
}

/// Constant-time equality; the lengths are no secret. Eight bytes at a time, as `subtle` compares word by word.
#[inline]
fn same(expected: &[u8], given: &[u8]) -> bool {
    if expected.len() != given.len() {
        return false;
    }
    let (expected, expected_tail) = expected.as_chunks();
    let (given, given_tail) = given.as_chunks();
    let words = expected.iter().zip(given);
    let difference = words.fold(0, |sum, (a, b)| sum | (u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b)));
    (difference.ct_eq(&0) & expected_tail.ct_eq(given_tail)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_standard() {
        let all = Algorithms::from_list(&[Algorithm::HS256, Algorithm::HS384, Algorithm::HS512]).unwrap();
        for (algorithm, bytes, characters) in
            [(Algorithm::HS256, 32, 43), (Algorithm::HS384, 48, 64), (Algorithm::HS512, 64, 86)]
        {
            let only = Algorithms::only(algorithm).unwrap();
            assert!(Key::new(&vec![7; bytes], only, false).is_ok());
            assert_eq!(Key::new(&vec![7; bytes - 1], only, false).err(), Some(Error::KeyTooShort));
            assert!(Key::new(&vec![7; bytes - 1], only, true).unwrap().is_short());
            assert_eq!(signature_len(algorithm), characters);
        }
        assert_eq!(Key::new(&[7; 63], all, false).err(), Some(Error::KeyTooShort));
        assert!(!Key::new(&[7; 32], all, true).unwrap().is_short());
        assert_eq!(Key::new(b"", all, true).err(), Some(Error::KeyTooShort));
    }

    #[test]
    fn a_pem_block_is_no_secret() {
        let pem = b"\n-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n";
        assert!(
            matches!(Key::new(pem, Algorithms::HS256, true), Err(Error::InvalidArgument(text)) if text.contains("PEM"))
        );
        assert!(Key::new(b"-----BEGINNERS' secret, long enough for all-----", Algorithms::HS256, false).is_ok());
    }

    #[test]
    fn equality_looks_at_every_byte() {
        let expected = [b'x'; 43];
        assert!(same(&expected, &expected));
        for at in 0..43 {
            let mut given = expected;
            given[at] = b'y';
            assert!(!same(&expected, &given));
            assert!(!same(&expected, &expected[..at]));
        }
    }

    #[test]
    fn a_key_serves_its_algorithms_alone() {
        let key = Key::new(&[7; 64], Algorithms::only(Algorithm::HS384).unwrap(), false).unwrap();
        assert!(key.sign(Algorithm::HS384, b"x", &mut [0; 86]).is_some());
        assert!(key.sign(Algorithm::HS256, b"x", &mut [0; 86]).is_none());
        assert!(!key.verify(Algorithm::HS256, b"x", b""));
        assert!(Algorithms::only(Algorithm::RS256).is_err());
        assert!(Algorithms::from_list(&[]).is_err());
    }
}
