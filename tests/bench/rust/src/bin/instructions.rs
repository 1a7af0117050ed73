//! Does one thing N times and prints nothing: `instructions hmac|verify|refuse|sign SIZE N`, for
//! counting under callgrind.

use std::hint::black_box;

use mastra_jwt_bench::floor::hmac_of;
use mastra_jwt_bench::tokens::{NOW, SECRET, token_set};
use mastra_jwt_core::{Signer, Verifier};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let [_, what, size, times] = &words[..] else { panic!("usage: instructions hmac|verify|refuse|sign SIZE N") };
    let set = token_set(size.parse().expect("SIZE: a number"), false);
    let times: usize = times.parse().expect("N: a number");
    let verifier = Verifier::from_secret(SECRET).expect("long enough");
    let signer = Signer::from_secret(SECRET).expect("long enough");
    let mut hmac = hmac_of(&set.good);
    let mut buffer = vec![0; 16384];
    for turn in 0..times {
        let at = turn % set.good.len();
        match what.as_str() {
            "hmac" => hmac(turn),
            "verify" => drop(verifier.verify_into(black_box(set.good[at].as_bytes()), NOW, &mut buffer).expect("good")),
            "refuse" => {
                let bad = black_box(set.bad_signature[at].as_bytes());
                // No more room than the claims need: all of it is wiped.
                let _ = verifier.verify_into(bad, NOW, &mut buffer[..set.claims[at].len()]).expect_err("bad");
            }
            "sign" => {
                let claims = black_box(set.claims[at].as_bytes());
                black_box(signer.sign_into(claims, &mut buffer).expect("an object"));
            }
            _ => panic!("hmac, verify, refuse or sign"),
        }
    }
}
