//! What no verifier or signer can do without.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::tokens::SECRET;

/// HMAC-SHA-256 from a keyed state over the signing inputs of the tokens, one a call.
pub fn hmac_of(tokens: &[String]) -> impl FnMut(usize) + use<> {
    let keyed = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length");
    let input = |token: &String| token.rsplit_once('.').expect("dots").0.as_bytes().to_vec();
    let inputs: Vec<Vec<u8>> = tokens.iter().map(input).collect();
    move |turn| {
        let mut mac = keyed.clone();
        mac.update(black_box(&inputs[turn % inputs.len()]));
        black_box(mac.finalize().into_bytes());
    }
}
