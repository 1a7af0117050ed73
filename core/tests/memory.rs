//! Nothing of a secret stays in the memory of the process: it is searched for in every mapping, in
//! heap that was freed and in stack that was left. One test, since another one's secrets and
//! threads would be found as well.
#![cfg(target_os = "linux")]

use std::fs::{File, read_to_string};
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};

use mastra_jwt_core::{Algorithm, Error, Signer, Verifier};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// An allocator writes to the front of what it takes back, so the first bytes say nothing.
const SKIP: usize = 16;
const MASK: u8 = 0xa7;

/// What is searched for. Masked, or it would find itself.
struct Needle(Vec<u8>);

impl Needle {
    fn of(secret: &[u8]) -> Self {
        Needle(secret.iter().map(|byte| byte ^ MASK).collect())
    }

    /// The secret under a pad of HMAC (RFC 2104 section 2), which is as good as the secret.
    fn padded(&self, pad: u8) -> Self {
        Needle(self.0.iter().map(|byte| byte ^ pad).collect())
    }

    /// The two states of HMAC-SHA-256 that a key keeps (RFC 2104 section 4): who has them can sign.
    fn of_states(secret: &[u8]) -> Self {
        let mut key = [0; 64];
        if secret.len() > key.len() {
            key[..32].copy_from_slice(&Sha256::digest(secret));
        } else {
            key[..secret.len()].copy_from_slice(secret);
        }
        let mut masked = Vec::with_capacity(64);
        for pad in [0x36, 0x5c] {
            // FIPS 180-4 section 5.3.3.
            let mut state = [
                0x6a09_e667,
                0xbb67_ae85,
                0x3c6e_f372,
                0xa54f_f53a,
                0x510e_527f,
                0x9b05_688c,
                0x1f83_d9ab,
                0x5be0_cd19_u32,
            ];
            compress256(&mut state, &[key.map(|byte| byte ^ pad)]);
            masked.extend(state.iter().flat_map(|word| word.to_ne_bytes()).map(|byte| byte ^ MASK));
        }
        Needle(masked)
    }

    /// How often it is in the memory of this process.
    fn count(&self, buffer: &mut [u8]) -> usize {
        let wanted = &self.0[SKIP..];
        let own = buffer.as_ptr().addr()..buffer.as_ptr().addr() + buffer.len();
        let mut memory = File::open("/proc/self/mem").unwrap();
        let mut count = 0;
        for line in read_to_string("/proc/self/maps").unwrap().lines() {
            let (range, rest) = line.split_once(' ').unwrap();
            if !rest.starts_with('r') || rest.contains("[v") {
                continue;
            }
            let (from, to) = range.split_once('-').unwrap();
            let (mut from, to) = (usize::from_str_radix(from, 16).unwrap(), usize::from_str_radix(to, 16).unwrap());
            while from + wanted.len() <= to {
                // The buffer holds what was read last, which is not a copy that somebody left.
                if own.contains(&from) {
                    from = own.end;
                    continue;
                }
                let end = if from < own.start { to.min(own.start) } else { to };
                let len = buffer.len().min(end - from);
                memory.seek(SeekFrom::Start(from as u64)).unwrap();
                if len < wanted.len() || memory.read_exact(&mut buffer[..len]).is_err() {
                    from += len.max(1);
                    continue;
                }
                let is_wanted =
                    |at: &usize| buffer[*at..].iter().zip(wanted).all(|(byte, masked)| byte ^ MASK == *masked);
                let starts = &buffer[..=len - wanted.len()];
                count += memchr::memchr_iter(wanted[0] ^ MASK, starts).filter(is_wanted).count();
                from += len - wanted.len() + 1;
            }
        }
        count
    }

    fn assert_gone(&self, what: &str, buffer: &mut [u8]) {
        assert_eq!(self.count(buffer), 0, "{what}");
        for pad in [0x36, 0x5c] {
            assert_eq!(self.padded(pad).count(buffer), 0, "{what}, under the pad {pad:#x}");
        }
    }
}

/// Bytes that nothing else in the process has.
fn fresh(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    bytes
}

/// Does the work where the search itself, which needs less stack, overwrites nothing that it
/// leaves.
#[inline(never)]
#[allow(clippy::large_stack_arrays)] // It is meant to be large.
fn far_down<T>(work: impl FnOnce() -> T) -> T {
    black_box(&mut [0_u8; 1 << 16]);
    black_box(work())
}

#[test]
fn no_secret_stays_in_memory() {
    let mut buffer = vec![0; 1 << 20];
    let buffer = &mut buffer[..];
    for len in [32, 64, 65, 200] {
        let mut secret = fresh(len);
        let needle = Needle::of(&secret);
        assert_eq!(needle.count(buffer), 1, "it is found where it is");
        let states = far_down(|| Needle::of_states(&secret));
        far_down(|| black_box([0_u8; 1 << 14])); // over what that has left there
        let made = far_down(|| {
            let verifier = Verifier::builder()
                .algorithms(&Algorithm::ALL)
                .and_then(|builder| builder.allow_short_keys(true)?.secret_with_kid(&secret, "a"))
                .and_then(|builder| builder.build());
            (verifier.unwrap(), Signer::from_secret(&secret).unwrap())
        });
        secret.zeroize();
        needle.assert_gone("in use", buffer);
        assert_eq!(states.count(buffer), 2, "the states of the verifier and of the signer");
        far_down(|| drop(made));
        assert_eq!(states.count(buffer), 0, "the states");
        needle.assert_gone("dropped", buffer);
    }

    for (tail, works) in
        [("\"}]}", true), ("\",\"use\":1}]}", false), ("\"},{\"kty\":\"oct\"}]}", false), ("\"},", false)]
    {
        let mut secret = fresh(48);
        let mut k = base64(&secret);
        let (bytes, text) = (Needle::of(&secret), Needle::of(k.as_bytes()));
        let mut json = String::with_capacity(256);
        json.extend([r#"{"keys":[{"kty":"oct","k":""#, &k, tail]);
        secret.zeroize();
        k.zeroize();
        assert_eq!((bytes.count(buffer), text.count(buffer)), (0, 1));
        let (verifier, signer) = far_down(|| {
            let verifier = Verifier::builder().jwks_json(&json).and_then(|builder| builder.build());
            (verifier, Signer::builder().jwks_json(&json).and_then(|builder| builder.build()))
        });
        json.zeroize();
        assert_eq!(verifier.is_ok() && signer.is_ok(), works);
        assert!(works || matches!(verifier, Err(Error::JwkSyntax { .. })));
        bytes.assert_gone("the bytes of a JWK, in use", buffer);
        text.assert_gone("the text of a JWK, in use", buffer);
        far_down(|| drop((verifier, signer)));
        bytes.assert_gone("the bytes of a JWK, dropped", buffer);
        text.assert_gone("the text of a JWK, dropped", buffer);
    }
}

/// base64url without padding, with no copy of its own.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 4);
    base64_simd::URL_SAFE_NO_PAD.encode_append(bytes, &mut text);
    text
}
