//! `libmjwt`: the C ABI over `mastra-jwt-core`.
//!
//! This crate translates types and errors and decides nothing: every rule about tokens lives in the
//! core. A C developer reads `include/mjwt.h`, which is generated from the comments here and
//! `mjwt.h.in`. The contract (threads, memory, errors, panics, growth) is the first comment of that
//! header.

// The names are those of the C header.
#![allow(non_camel_case_types)]
// The contract of every pointer is written once, at the top of the header.
#![allow(clippy::missing_safety_doc)]
// The comments of the exports become C comments.
#![allow(clippy::doc_markdown, clippy::doc_link_with_quotes)]

mod challenge;
mod claims;
mod codes;
mod config;
mod guard;
mod signer;
mod status;
#[cfg(test)]
mod tests;
mod verifier;

/// Bytes of stack that are enough for every call, on top of what the caller uses.
pub const MJWT_STACK_BYTES: u32 = 32768;

pub use challenge::*;
pub use claims::*;
pub use config::*;
pub use signer::*;
pub use status::*;
pub use verifier::*;
