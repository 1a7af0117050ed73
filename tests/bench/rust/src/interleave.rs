//! Times contenders in turn, so that whatever the machine does meanwhile hits all of them alike.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

/// What a contender is to the picture.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Ours,
    Peer,
    Floor,
}

pub struct Contender<'a> {
    pub name: &'static str,
    pub kind: Kind,
    /// What tells it from others of the same name.
    pub what: Value,
    /// Runs once; the number rotates through the tokens.
    run: Box<dyn FnMut(usize) + 'a>,
}

impl<'a> Contender<'a> {
    pub fn new(kind: Kind, name: &'static str, run: impl FnMut(usize) + 'a) -> Self {
        Contender { name, kind, what: json!({}), run: Box::new(run) }
    }

    #[must_use]
    pub fn with(self, what: Value) -> Self {
        Contender { what, ..self }
    }

    pub fn once(&mut self, turn: usize) {
        (self.run)(turn);
    }

    fn time(&mut self, runs: usize) -> Duration {
        let start = processor_time();
        for turn in 0..runs {
            self.once(turn);
        }
        processor_time() - start
    }
}

/// What this thread has had of a processor: a run of milliseconds may lose it to other programs in
/// between.
fn processor_time() -> Duration {
    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanoseconds: i64,
    }
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3; // of Linux
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: `time` is what the function fills on 64-bit Linux.
    assert_eq!(unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &raw mut time) }, 0, "clock_gettime");
    Duration::new(time.seconds as u64, time.nanoseconds as u32)
}

/// Nanoseconds a run over all rounds; `ratio` is the median over the rounds of (this contender /
/// the first one).
#[derive(Serialize)]
pub struct Timing {
    pub ns: f64,
    pub p25: f64,
    pub p75: f64,
    pub ratio: f64,
    pub allocations: f64,
}

pub struct Effort {
    pub rounds: usize,
    pub batch: Duration,
}

/// Every round runs each contender for about `batch`, in another order each time.
pub fn interleave(effort: &Effort, contenders: &mut [Contender]) -> Vec<Timing> {
    let runs: Vec<usize> = contenders.iter_mut().map(|contender| calibrate(contender, effort.batch)).collect();
    let allocations: Vec<f64> = contenders.iter_mut().map(count_allocations).collect();
    let mut rounds = vec![vec![0.0; effort.rounds]; contenders.len()];
    for round in 0..effort.rounds {
        for place in 0..contenders.len() {
            let who = (place + round) % contenders.len();
            let taken = contenders[who].time(runs[who]);
            rounds[who][round] = taken.as_secs_f64() * 1e9 / runs[who] as f64;
        }
    }
    let first = rounds[0].clone();
    let timing = |(times, allocations): (Vec<f64>, f64)| {
        let ratios = times.iter().zip(&first).map(|(time, first)| time / first).collect();
        let sorted = sorted(times);
        let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
        Timing { ns: at(0.5), p25: at(0.25), p75: at(0.75), ratio: median(ratios), allocations }
    };
    rounds.into_iter().zip(allocations).map(timing).collect()
}

/// How many runs fill a batch; warms up on the way.
fn calibrate(contender: &mut Contender, batch: Duration) -> usize {
    let mut runs = 1;
    loop {
        let taken = contender.time(runs);
        if taken >= batch / 2 {
            let fitting = runs as f64 * batch.as_secs_f64() / taken.as_secs_f64();
            return (fitting as usize).max(1);
        }
        runs *= 2;
    }
}

fn count_allocations(contender: &mut Contender) -> f64 {
    const RUNS: usize = 16;
    let before = crate::allocator::count();
    contender.time(RUNS);
    (crate::allocator::count() - before) as f64 / RUNS as f64
}

fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    times
}

fn median(values: Vec<f64>) -> f64 {
    let sorted = sorted(values);
    sorted[sorted.len() / 2]
}
