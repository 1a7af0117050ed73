//! Changes the keys of a running service with `arc-swap`: threads verify a token all the while, as
//! the main thread puts one JWK Set after another into use. A set that is not good is refused as a
//! whole, and the keys before it stay.
//!
//! `cargo run --bin rotate -- <token> <JWK Set file>...`
//!
//! Each set serves until 1000 tokens were verified with it. Exits with 1 when a token was refused
//! meanwhile.

use std::error::Error as StdError;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::{env, fs, thread};

use arc_swap::ArcSwap;
use mastra_jwt_core::Verifier;

const THREADS: usize = 4;
const TOKENS_PER_SET: u64 = 1000;

/// A verifier, and what was counted with it.
struct InUse {
    verifier: Verifier,
    accepted: AtomicU64,
    refused: AtomicU64,
}

/// Reads a JWK Set. All of the policy is here, so that a new set never changes what is checked.
fn load(path: &str) -> Result<Arc<InUse>, Box<dyn StdError>> {
    let verifier = Verifier::builder().jwks_json(&fs::read_to_string(path)?)?.require_exp(true)?.build()?;
    Ok(Arc::new(InUse { verifier, accepted: AtomicU64::new(0), refused: AtomicU64::new(0) }))
}

fn serve(current: &ArcSwap<InUse>, token: &str, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        // The guard keeps these keys alive until this request is done with them, whoever replaces
        // them. It takes no lock.
        let in_use = current.load();
        let count = if in_use.verifier.verify(token).is_ok() { &in_use.accepted } else { &in_use.refused };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Puts each set into use. Tells whether no token was refused.
fn rotate(current: &ArcSwap<InUse>, paths: &[String]) -> bool {
    let mut all_accepted = true;
    for path in paths {
        let used = match load(path) {
            Ok(next) => {
                current.store(next);
                "in use"
            }
            Err(error) => {
                eprintln!("{path}: {error}");
                "not used"
            }
        };
        let in_use = current.load_full();
        let counts = || (in_use.accepted.load(Ordering::Relaxed), in_use.refused.load(Ordering::Relaxed));
        let (accepted_before, refused_before) = counts();
        let (accepted, refused) = loop {
            let (accepted, refused) = counts();
            let (accepted, refused) = (accepted - accepted_before, refused - refused_before);
            if accepted + refused >= TOKENS_PER_SET {
                break (accepted, refused);
            }
            thread::yield_now();
        };
        let result = match (accepted, refused) {
            (_, 0) => "all accepted",
            (0, _) => "all refused",
            _ => "some refused",
        };
        println!("{path}: {used}, {result}");
        all_accepted &= refused == 0;
    }
    all_accepted
}

fn usage() -> ExitCode {
    eprintln!("usage: rotate <token> <JWK Set file>...");
    ExitCode::from(2)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [token, paths @ ..] = arguments.as_slice() else { return usage() };
    let [first, ..] = paths else { return usage() };
    let current = match load(first) {
        Ok(first) => ArcSwap::new(first),
        Err(error) => {
            eprintln!("{first}: {error}");
            return ExitCode::from(2);
        }
    };
    let stop = AtomicBool::new(false);
    let all_accepted = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| serve(&current, token, &stop));
        }
        let all_accepted = rotate(&current, paths);
        stop.store(true, Ordering::Relaxed);
        all_accepted
    });
    if all_accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
