//! `libmjwt`: the C ABI over `mastra-jwt-core`.
//!
//! This crate translates types and errors and decides nothing: every rule about tokens lives in
//! the core. A C developer reads `include/mjwt.h`, which is generated from the comments here. The
//! contract (threads, memory, errors, panics, growth) is the first comment of that header.

// The names are those of the C header.
#![allow(non_camel_case_types)]
// The contract of every pointer is written once, at the top of the header.
#![allow(clippy::missing_safety_doc)]
// The comments of the exports become C comments.
#![allow(clippy::doc_markdown)]

mod claims;
mod config;
mod guard;
mod signer;
mod status;
#[cfg(test)]
mod tests;
mod verifier;

pub use claims::*;
pub use config::*;
pub use signer::*;
pub use status::*;
pub use verifier::*;
