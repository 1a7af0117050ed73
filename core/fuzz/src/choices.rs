//! Where a generated case takes its choices from: a fuzzer's bytes, or a random sequence that a
//! number means.

use std::cell::Cell;

/// A source of choices. Shared references suffice, so that calls nest.
pub struct Choices<'a>(Cell<Source<'a>>);

#[derive(Clone, Copy)]
enum Source<'a> {
    /// Bytes of a fuzzer; a source that is used up chooses 0, the plainest.
    Bytes(&'a [u8]),
    /// The state of `SplitMix64` (<https://prng.di.unimi.it/splitmix64.c>).
    Random(u64),
}

impl<'a> Choices<'a> {
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        Choices(Cell::new(Source::Bytes(bytes)))
    }

    pub fn random(seed: u64) -> Self {
        Choices(Cell::new(Source::Random(seed)))
    }

    /// Any 64 bits.
    pub fn bits(&self) -> u64 {
        match self.0.get() {
            Source::Bytes(bytes) => {
                let (word, rest) = bytes.split_at(bytes.len().min(8));
                self.0.set(Source::Bytes(rest));
                word.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
            }
            Source::Random(state) => {
                let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                self.0.set(Source::Random(state));
                let bits = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
                bits ^ bits >> 31
            }
        }
    }

    /// A number below `end`, which is at most 256: one byte of a fuzzer, so that each of its edits
    /// hits one choice.
    pub fn below(&self, end: usize) -> usize {
        let bits = match self.0.get() {
            Source::Bytes([first, rest @ ..]) => {
                self.0.set(Source::Bytes(rest));
                usize::from(*first)
            }
            Source::Bytes([]) => 0,
            Source::Random(_) => (self.bits() >> 32) as usize,
        };
        bits % end
    }

    /// True in one of `of` cases.
    pub fn one_in(&self, of: usize) -> bool {
        self.below(of) == of - 1
    }

    /// One of these.
    pub fn of<T: Copy>(&self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
