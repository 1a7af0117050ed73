//! The one boundary between C and Rust: panics stop here, and raw pointers become references here.
//!
//! Every export calls [`guard`] or [`guard_value`], and touches a pointer of its caller through
//! this file only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use libc::{c_char, size_t};
use mastra_jwt_core::Error;

use crate::status::{Failure, MJWT_OK, mjwt_status};

/// Runs the body of an export and turns its error, or its panic, into a status.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> mjwt_status {
    guard_value(Failure::Panic.status(), || match body() {
        Ok(()) => MJWT_OK,
        Err(failure) => failure.status(),
    })
}

/// Runs the body of an export that returns no status; a panic becomes `fallback`.
///
/// The payload of a panic is forgotten, not dropped: its own destructor may panic.
pub(crate) fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        std::mem::forget(payload);
        fallback
    })
}

/// Borrows `len` bytes of the caller; NULL means no bytes. `name` is that of the argument.
///
/// # Safety
/// `pointer` is NULL, or readable for `len` bytes while the result lives.
pub(crate) unsafe fn bytes<'a, T: Byte>(
    pointer: *const T,
    len: size_t,
    name: &'static str,
) -> Result<&'a [u8], Failure> {
    check_range(pointer, len, name)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL and no longer than isize::MAX (checked); readable by this function's
    // contract.
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), len) })
}

/// Borrows `len` bytes of the caller as UTF-8.
///
/// # Safety
/// As for [`bytes`].
pub(crate) unsafe fn text<'a>(pointer: *const c_char, len: size_t, name: &'static str) -> Result<&'a str, Failure> {
    // SAFETY: this function has the same contract.
    let bytes = unsafe { bytes(pointer, len, name) }?;
    std::str::from_utf8(bytes).map_err(|_| invalid(name, "must be UTF-8"))
}

/// Borrows a buffer of the caller for writing; NULL means no room.
///
/// # Safety
/// `pointer` is NULL, or writable for `cap` bytes that nothing else uses while the result lives.
pub(crate) unsafe fn buffer<'a>(
    pointer: *mut c_char,
    cap: size_t,
    name: &'static str,
) -> Result<&'a mut [u8], Failure> {
    check_range(pointer, cap, name)?;
    if cap == 0 {
        return Ok(&mut []);
    }
    // SAFETY: not NULL and no longer than isize::MAX (checked); writable and exclusive by this
    // function's contract; u8 has no invalid values.
    Ok(unsafe { std::slice::from_raw_parts_mut(pointer.cast(), cap) })
}

/// Refuses an input and an output buffer that share bytes: Rust may not borrow such a pair.
pub(crate) fn check_apart(
    input: *const c_char,
    len: size_t,
    output: *const c_char,
    cap: size_t,
) -> Result<(), Failure> {
    let (input, output) = (input.addr(), output.addr());
    let apart = len == 0 || cap == 0 || input >= output.saturating_add(cap) || output >= input.saturating_add(len);
    if !apart {
        return Err(Failure::invalid("output: must not overlap another argument"));
    }
    Ok(())
}

/// Writes a required output.
///
/// # Safety
/// `out` is NULL, or aligned and writable for one `T`.
pub(crate) unsafe fn put<T>(out: *mut T, value: T) -> Result<(), Failure> {
    check_out(out)?;
    // SAFETY: not NULL (checked); aligned and writable by this function's contract.
    unsafe { out.write(value) };
    Ok(())
}

/// Refuses a NULL output before any work is done for it.
pub(crate) fn check_out<T>(out: *const T) -> Result<(), Failure> {
    if out.is_null() { Err(Failure::NullPointer("output")) } else { Ok(()) }
}

/// Borrows a handle.
///
/// # Safety
/// `handle` is NULL, or came from this library and is not freed while the result lives.
pub(crate) unsafe fn shared<'a, T>(handle: *const T) -> Result<&'a T, Failure> {
    // SAFETY: a handle that this library made points to an aligned, living T.
    unsafe { handle.as_ref() }.ok_or(Failure::NullPointer("handle"))
}

/// Borrows a handle that belongs to the calling thread.
///
/// # Safety
/// As for [`shared`], and no other thread uses the handle meanwhile.
pub(crate) unsafe fn exclusive<'a, T>(handle: *mut T) -> Result<&'a mut T, Failure> {
    // SAFETY: as in `shared`, and exclusive by this function's contract.
    unsafe { handle.as_mut() }.ok_or(Failure::NullPointer("handle"))
}

/// Hands an owned handle to the caller.
///
/// # Safety
/// `out` is as for [`put`].
pub(crate) unsafe fn give<T>(out: *mut *mut T, value: T) -> Result<(), Failure> {
    check_out(out)?;
    // SAFETY: this function has the same contract.
    unsafe { put(out, Box::into_raw(Box::new(value))) }
}

/// Takes an owned handle back and drops it; NULL is nothing.
///
/// # Safety
/// `handle` is NULL, or came from [`give`] and was not taken back before.
pub(crate) unsafe fn take<T>(handle: *mut T) {
    guard_value((), || {
        if !handle.is_null() {
            // SAFETY: it came from Box::into_raw in `give`, once.
            drop(unsafe { Box::from_raw(handle) });
        }
    });
}

/// Hands a reference-counted handle to the caller.
///
/// # Safety
/// `out` is as for [`put`].
pub(crate) unsafe fn give_shared<T: Send + Sync>(out: *mut *const T, value: T) -> Result<(), Failure> {
    check_out(out)?;
    // SAFETY: this function has the same contract.
    unsafe { put(out, Arc::into_raw(Arc::new(value))) }
}

/// Adds a reference; NULL stays NULL.
///
/// # Safety
/// `handle` is NULL, or came from [`give_shared`] and is not freed.
pub(crate) unsafe fn retain<T>(handle: *const T) -> *const T {
    guard_value(std::ptr::null(), || {
        if !handle.is_null() {
            // SAFETY: it came from Arc::into_raw and at least one reference lives.
            unsafe { Arc::increment_strong_count(handle) };
        }
        handle
    })
}

/// Gives a reference back, and drops the value with the last one; NULL is nothing.
///
/// # Safety
/// `handle` is NULL, or one of the references that [`give_shared`] and [`retain`] handed out.
pub(crate) unsafe fn release<T>(handle: *const T) {
    guard_value((), || {
        if !handle.is_null() {
            // SAFETY: it came from Arc::into_raw, and the caller owns this reference.
            unsafe { Arc::decrement_strong_count(handle) };
        }
    });
}

/// A byte as C spells it: `char` or `uint8_t`.
pub(crate) trait Byte {}
impl Byte for u8 {}
impl Byte for i8 {}

/// NULL goes with length 0 only, and no object is longer than `isize::MAX`.
fn check_range<T: Byte>(pointer: *const T, len: size_t, name: &'static str) -> Result<(), Failure> {
    if pointer.is_null() && len != 0 {
        return Err(Failure::NullPointer(name));
    }
    if isize::try_from(len).is_err() {
        return Err(invalid(name, "its length must be 0 to PTRDIFF_MAX"));
    }
    Ok(())
}

fn invalid(name: &str, must: &str) -> Failure {
    Failure::Core(Error::InvalidArgument(format!("{name}: {must}").into()))
}
