//! Lets the core and the model check a number of tokens on all processors. A batch depends on the
//! seed and its own number alone, so that a difference can be seen again with `--seed S --batch N`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use mastra_jwt_core_fuzz::choices::Choices;
use mastra_jwt_core_fuzz::compare::{self, REFUSALS, Tally};

/// Tokens for one verifier.
const TOKENS: usize = 200;

fn batch(seed: u64, number: u64, tally: &mut Tally) {
    // Mixed, so that neighbouring numbers have nothing in common.
    let start = Choices::random(seed ^ Choices::random(number).bits()).bits();
    compare::run(&Choices::random(start), TOKENS, tally);
}

/// The tokens in a tally; the other codes are of options that were refused before any token.
fn tokens_in(tally: &Tally) -> u64 {
    tally.iter().enumerate().filter(|(code, _)| *code == 0 || *code >= 100).map(|(_, count)| count).sum()
}

fn main() -> ExitCode {
    let (mut wanted, mut seed, mut only) = (1_000_000, 1, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse().ok());
        match (name.as_str(), value) {
            ("--tokens", Some(value)) => wanted = value,
            ("--seed", Some(value)) => seed = value,
            ("--batch", Some(value)) => only = Some(value),
            _ => {
                eprintln!("usage: long-run [--tokens 1000000] [--seed 1] [--batch NUMBER]");
                return ExitCode::from(2);
            }
        }
    }
    if let Some(number) = only {
        batch(seed, number, &mut [0; 256]);
        println!("batch {number} of seed {seed}: no difference");
        return ExitCode::SUCCESS;
    }

    let started = Instant::now();
    let (next, checked) = (AtomicU64::new(0), AtomicU64::new(0));
    let work = || {
        let mut tally = [0; 256];
        while checked.load(Ordering::Relaxed) < wanted {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let before = tokens_in(&tally);
            if catch_unwind(AssertUnwindSafe(|| batch(seed, number, &mut tally))).is_err() {
                eprintln!("again: --seed {seed} --batch {number}");
                checked.store(u64::MAX, Ordering::Relaxed);
                return None;
            }
            checked.fetch_add(tokens_in(&tally) - before, Ordering::Relaxed);
        }
        Some(tally)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let tallies: Option<Vec<Tally>> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|thread| thread.join().ok().flatten()).collect()
    });
    let Some(tallies) = tallies else { return ExitCode::FAILURE };
    let count = |code: usize| tallies.iter().map(|tally| tally[code]).sum::<u64>();
    let tokens: u64 = tallies.iter().map(tokens_in).sum();
    for code in (0..256).filter(|code| count(*code) > 0) {
        println!("{code:3} {:12}", count(code));
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{tokens} tokens, no difference; {:.0} tokens a second on {threads} threads", tokens as f64 / seconds);
    let unseen: Vec<_> = REFUSALS.into_iter().filter(|code| count(*code) == 0).collect();
    if wanted >= 100_000 && (!unseen.is_empty() || count(0) * 10 < tokens) {
        eprintln!("not a fair sample: no token with {unseen:?}, or too few that are accepted");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
