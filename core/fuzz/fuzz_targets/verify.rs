//! Any bytes as a token: no panic, no claims without a signature, and a buffer left empty on
//! refusal.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mastra_jwt_core::{Signer, Verifier, decode_unverified};

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::from_secret(&[7; 32]).unwrap());
static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::from_secret(&[7; 32]).unwrap());

fuzz_target!(|bytes: &[u8]| {
    let mut buffer = [0xaa; 4096];
    match VERIFIER.verify_into(bytes, 1.7e9, &mut buffer) {
        // Nobody guesses the secret: the fuzzer can only replay a token of ours, and is given none.
        Ok(_) => panic!("accepted without the secret"),
        Err(error) => assert!((100..200).contains(&error.code())),
    }
    assert!(buffer.iter().all(|byte| *byte == 0));
    let _ = decode_unverified(bytes);

    // The same bytes as claims, rightly signed: what we sign we accept, unless it is out of time.
    if let Ok(token) = SIGNER.sign_json(bytes) {
        match VERIFIER.check(token.as_bytes(), 1.7e9, &mut Default::default()) {
            Ok(()) => {}
            Err(error) => assert!(matches!(error.code(), 101 | 201 | 202), "{error}"),
        }
    }
});
