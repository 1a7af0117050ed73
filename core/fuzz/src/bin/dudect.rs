//! Whether the time of a refusal tells where a signature is wrong: Welch's t-test over many timings
//! of two classes of tokens, as in "dude, is my code constant time?"
//! (<https://eprint.iacr.org/2016/1123>). In one class the first character of the signature is
//! wrong, in the other the last. Above 4.5 the two differ for certain.
//!
//! The control is the same verification followed by a comparison that stops at the first
//! difference. It must be found out: else the machine is too noisy, or the clock too coarse, for
//! the test to say anything.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use mastra_jwt_core::{Algorithm, Report, Signer, Verifier};
use mastra_jwt_core_fuzz::choices::Choices;

const LIMIT: f64 = 4.5;
const SECRET: [u8; 64] = [0x5a; 64];
const NOW: f64 = 1_700_000_000.0;

/// Count, mean and sum of squared differences of one class (Welford).
#[derive(Clone, Copy, Default)]
struct Class {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Class {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let difference = value - self.mean;
        self.mean += difference / self.count;
        self.squares += difference * (value - self.mean);
    }

    fn variance_of_mean(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

fn welch([one, other]: &[Class; 2]) -> f64 {
    (one.mean - other.mean) / (one.variance_of_mean() + other.variance_of_mean()).sqrt()
}

/// Times `refuse` on tokens whose signature is wrong at its first or its last character.
fn t_of(token: &[u8], signature_at: usize, samples: usize, choices: &Choices, refuse: impl Fn(&[u8])) -> f64 {
    let ends = [signature_at, token.len() - 1];
    // One buffer for both classes, so that neither is favoured by where it lies.
    let mut wrong = token.to_vec();
    let mut time = |class: usize| {
        wrong.copy_from_slice(token);
        wrong[ends[class]] = if token[ends[class]] == b'A' { b'Q' } else { b'A' };
        let started = Instant::now();
        refuse(black_box(&wrong));
        started.elapsed().as_nanos() as f64
    };
    let class = || (choices.bits() >> 63) as usize;
    // What the system interrupts takes longest: the slowest tenth is left out, by a limit that
    // knows nothing of the classes.
    let mut first: Vec<f64> = (0..samples / 20).map(|_| time(class())).collect();
    first.sort_by(f64::total_cmp);
    let slow = first[first.len() * 9 / 10];
    let mut classes = [Class::default(); 2];
    for _ in 0..samples {
        let class = class();
        let nanoseconds = time(class);
        if nanoseconds <= slow {
            classes[class].add(nanoseconds);
        }
    }
    welch(&classes)
}

fn main() -> ExitCode {
    let samples = match std::env::args().nth(1).map(|count| count.parse()) {
        None => 2_000_000,
        Some(Ok(count)) if count >= 1000 => count,
        Some(_) => {
            eprintln!("usage: dudect [samples, at least 1000; 2000000 by default]");
            return ExitCode::from(2);
        }
    };
    let choices = Choices::random(u64::from(std::process::id()));
    let mut passed = true;
    for algorithm in Algorithm::ALL {
        let signer = Signer::builder().secret(&SECRET).and_then(|builder| builder.algorithm(algorithm)?.build());
        let verifier =
            Verifier::builder().secret(&SECRET).and_then(|builder| builder.algorithms(&[algorithm])?.build());
        let (signer, verifier) = (signer.expect("a good secret"), verifier.expect("a good secret"));
        let token = signer.sign_json(br#"{"sub":"me"}"#).expect("good claims").into_bytes();
        let signature_at = token.iter().rposition(|byte| *byte == b'.').expect("three segments") + 1;
        let right = &token[signature_at..];

        let refuse = |wrong: &[u8]| {
            let refused = verifier.check(wrong, NOW, &mut Report::default());
            assert!(black_box(refused).is_err());
        };
        let leaky = |wrong: &[u8]| {
            refuse(wrong);
            black_box(right.iter().zip(&wrong[signature_at..]).position(|(one, other)| black_box(one) != other));
        };
        let t = t_of(&token, signature_at, samples, &choices, refuse);
        let control = t_of(&token, signature_at, samples, &choices, leaky);
        println!(
            "{algorithm}: |t| {:.2} over {samples} samples; the control, which leaks, {:.0}",
            t.abs(),
            control.abs()
        );
        if t.abs() >= LIMIT {
            eprintln!("{algorithm}: the time tells where the signature is wrong");
            passed = false;
        }
        if control.abs() < LIMIT {
            eprintln!("{algorithm}: the control was not found out: nothing can be said on this machine");
            passed = false;
        }
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
