//! `mastra-jwt-core` for WebAssembly hosts: functions over linear memory, no imports.
//!
//! The host writes into the first half of one I/O buffer, calls, and reads from the second half.
//! `instance` says what each function does; `exports` gives it to the host. Types are translated
//! here, nothing is decided.

#![deny(unsafe_code)]

pub mod exports;
mod instance;
mod slab;
