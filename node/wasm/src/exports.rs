//! The functions that the host calls. Each gives the function of the same name in `instance`, which
//! says what it does.
//!
//! The only file with `unsafe` in it, for the attribute that keeps a function's name. There is no
//! unsafe code.

#![allow(unsafe_code, missing_docs)] // see above

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::instance::Instance;

/// The state of this module's memory. A module without shared memory has one thread, so the lock is
/// a flag. It stays set when a call traps, and every later call traps then too: nothing is verified
/// with a state that a trap has left.
static INSTANCE: Mutex<Instance> = Mutex::new(Instance::new());

fn instance() -> MutexGuard<'static, Instance> {
    INSTANCE.lock().unwrap_or_else(PoisonError::into_inner)
}

// The names are kept only where they are the module's interface: elsewhere some would hide
// functions of the C library.
macro_rules! exports {
    ($($name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {$(
        #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
        pub extern "C" fn $name($($argument: $type),*) $(-> $result)? {
            instance().$name($($argument),*)
        }
    )*};
}

exports! {
    room() -> usize;
    codes() -> usize;
    version() -> usize;
    error_text() -> usize;
    error_time() -> f64;
    error_claim() -> usize;
    discard();
    verifier_secret(len: usize, kid_len: i32) -> i32;
    verifier_jwks(len: usize) -> i32;
    verifier_policy(len: usize) -> i32;
    verifier_build() -> i32;
    verifier_has_short_key(handle: usize) -> bool;
    verifier_limit(handle: usize) -> usize;
    verifier_free(handle: usize);
    signer_secret(len: usize) -> i32;
    signer_jwks(len: usize) -> i32;
    signer_kid(len: usize) -> i32;
    signer_algorithm(len: usize) -> i32;
    signer_limit(bytes: usize) -> i32;
    signer_build(allow_short_keys: bool) -> i32;
    signer_has_short_key(handle: usize) -> bool;
    signer_bound(handle: usize, claims_len: usize) -> usize;
    signer_free(handle: usize);
    verify(handle: usize, len: usize, now: f64) -> i32;
    key_index() -> usize;
    sign(handle: usize, len: usize, kid_len: i32) -> i32;
    decode(len: usize) -> i32;
    part(which: usize) -> usize;
}

/// As the function in `instance`; returns where the buffer is.
#[must_use]
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn reserve(len: usize) -> *mut u8 {
    instance().reserve(len).as_mut_ptr()
}
