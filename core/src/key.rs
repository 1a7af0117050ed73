//! A secret, keyed once: the inner and outer HMAC states (RFC 2104 section 4) are computed when it
//! is added, and copied for every token.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha384, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::algorithm::{Algorithm, Algorithms};
use crate::error::{Error, KeyName};
use crate::hs256::Hs256;
use crate::token;

/// Characters of the longest signature, that of HS512.
const MAX_SIGNATURE_LEN: usize = token::encoded_len(64);

/// Characters of an algorithm's signature.
pub(crate) const fn signature_len(algorithm: Algorithm) -> usize {
    token::encoded_len(algorithm.hash_len())
}

/// A prekeyed secret for one or more algorithms. The secret itself is not kept; its states are
/// wiped on drop.
#[derive(Clone)]
pub(crate) struct Key {
    serves: Algorithms,
    short: bool,
    // Boxed, so that no copy of a state stays where a key was moved from.
    hs256: Option<Box<Hs256>>,
    hs384: Option<Box<Hmac<Sha384>>>,
    hs512: Option<Box<Hmac<Sha512>>>,
}

impl Key {
    /// # Errors
    /// `KeyTooShort`, unless `allow_short`, when the secret is shorter than the hash of an
    /// algorithm it is to serve.
    pub(crate) fn new(secret: &[u8], serves: Algorithms, allow_short: bool, name: &KeyName) -> Result<Self, Error> {
        let is_short = |algorithm: &Algorithm| secret.len() < algorithm.hash_len();
        if let Some(algorithm) = serves.iter().find(is_short).filter(|_| !allow_short) {
            return Err(Error::KeyTooShort {
                key: name.clone().into(),
                bytes: secret.len(),
                algorithm: Some(algorithm),
            });
        }
        let key = Key::keyed(secret, serves);
        wipe_stack();
        Ok(key)
    }

    /// Of its own, so that all that it leaves on the stack is beyond the frame that wipes it.
    #[inline(never)]
    fn keyed(secret: &[u8], serves: Algorithms) -> Self {
        Key {
            serves,
            short: serves.iter().all(|algorithm| secret.len() < algorithm.hash_len()),
            hs256: serves.contains(Algorithm::HS256).then(|| Box::new(Hs256::new(secret))),
            hs384: keyed(secret, serves.contains(Algorithm::HS384)).map(Box::new),
            hs512: keyed(secret, serves.contains(Algorithm::HS512)).map(Box::new),
        }
    }

    #[inline]
    pub(crate) fn serves(&self, algorithm: Algorithm) -> bool {
        self.serves.contains(algorithm)
    }

    /// Whether the secret is shorter than the hash of every algorithm it serves.
    pub(crate) fn is_short(&self) -> bool {
        self.short
    }

    /// Whether `signature` is the MAC of `input`, encoded. Takes the same time wherever they
    /// differ.
    #[inline]
    pub(crate) fn verify(&self, algorithm: Algorithm, input: &[u8], signature: &[u8]) -> bool {
        let mut expected = [0; MAX_SIGNATURE_LEN];
        let expected = self.sign(algorithm, input, &mut expected);
        expected.is_some_and(|expected| constant_time_eq(expected, signature))
    }

    /// Writes the encoded MAC of `input` to the front of `out`; `None` when this key does not serve
    /// the algorithm.
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
        })
    }
}

/// Overwrites the stack that earlier calls have used: keying leaves the padded secret there, ours
/// and that of the `hmac` crate. Without optimization that reaches deeper than 8 KiB.
#[inline(never)]
fn wipe_stack() {
    let mut used = [0_u8; 16384];
    used.zeroize();
}

fn keyed<M: KeyInit>(secret: &[u8], wanted: bool) -> Option<M> {
    wanted.then(|| M::new_from_slice(secret).expect("HMAC takes a key of any length"))
}

/// Takes the same time wherever the bytes differ; the lengths are not secret. Eight bytes at a
/// time, as `subtle` compares word by word; the last word may hold bytes of the one before.
#[inline]
fn constant_time_eq(expected: &[u8], given: &[u8]) -> bool {
    let (Some(expected_end), Some(given_end)) = (expected.last_chunk(), given.last_chunk()) else { return false };
    if expected.len() != given.len() {
        return false;
    }
    let differs = |a: &[u8; 8], b: &[u8; 8]| u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
    let words = expected.as_chunks().0.iter().zip(given.as_chunks().0);
    words.fold(differs(expected_end, given_end), |sum, (a, b)| sum | differs(a, b)).ct_eq(&0).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &[u8], algorithms: &[Algorithm], allow_short: bool) -> Result<Key, Error> {
        let name = KeyName { position: 3, kid: None };
        Key::new(secret, Algorithms::from_list(algorithms).unwrap(), allow_short, &name)
    }

    fn too_short(bytes: usize, algorithm: Algorithm) -> Error {
        let key = KeyName { position: 3, kid: None }.into();
        Error::KeyTooShort { key, bytes, algorithm: Some(algorithm) }
    }

    #[test]
    fn lengths_are_those_of_the_standard() {
        for (algorithm, bytes, characters) in
            [(Algorithm::HS256, 32, 43), (Algorithm::HS384, 48, 64), (Algorithm::HS512, 64, 86)]
        {
            assert!(!key(&vec![7; bytes], &[algorithm], false).unwrap().is_short());
            assert_eq!(key(&vec![7; bytes - 1], &[algorithm], false).err(), Some(too_short(bytes - 1, algorithm)));
            assert!(key(&vec![7; bytes - 1], &[algorithm], true).unwrap().is_short());
            assert_eq!(signature_len(algorithm), characters);
        }
        assert_eq!(key(&[7; 63], &Algorithm::ALL, false).err(), Some(too_short(63, Algorithm::HS512)));
        assert_eq!(key(&[7; 32], &Algorithm::ALL, false).err(), Some(too_short(32, Algorithm::HS384)));
        assert!(!key(&[7; 32], &Algorithm::ALL, true).unwrap().is_short());
    }

    #[test]
    fn equality_looks_at_every_byte() {
        for len in [43, 64, 86] {
            let expected = vec![b'x'; len];
            assert!(constant_time_eq(&expected, &expected));
            for at in 0..len {
                let mut given = expected.clone();
                given[at] = b'y';
                assert!(!constant_time_eq(&expected, &given));
                assert!(!constant_time_eq(&expected, &expected[..at]));
                // Two equal differences do not cancel each other, wherever they are.
                for other in 0..at {
                    let mut given = given.clone();
                    given[other] = b'y';
                    assert!(!constant_time_eq(&expected, &given), "{other} and {at}");
                }
            }
        }
    }

    #[test]
    fn a_key_serves_its_algorithms_alone() {
        let key = key(&[7; 64], &[Algorithm::HS384], false).unwrap();
        assert!(key.sign(Algorithm::HS384, b"x", &mut [0; 86]).is_some());
        assert!(key.sign(Algorithm::HS256, b"x", &mut [0; 86]).is_none());
        assert!(!key.verify(Algorithm::HS256, b"x", b""));
        assert!(key.serves(Algorithm::HS384) && !key.serves(Algorithm::HS512));
    }
}
