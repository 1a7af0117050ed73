//! Another Rust library in the same program, with its own standard library, panics and symbols.

use std::collections::HashMap;
use std::panic::catch_unwind;

/// The digits of 0 to `n`, or 77 after a panic that 7 brings about.
#[unsafe(no_mangle)]
pub extern "C" fn second_digits(n: u32) -> usize {
    catch_unwind(|| {
        let numbers: HashMap<u32, String> = (0..n).map(|number| (number, number.to_string())).collect();
        assert!(n != 7, "seven");
        numbers.values().map(String::len).sum()
    })
    .unwrap_or(77)
}
