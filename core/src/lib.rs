//! Verifies and signs JSON Web Tokens (RFC 7519) that are signed with a shared secret: HS256, HS384 and HS512.
//!
//! ```
//! use mastra_jwt_core::{Signer, Verifier};
//!
//! let secret = b"supersecretdevkeythatishs256safe!";
//! let token = Signer::from_secret(secret)?.sign_json(br#"{"sub":"me"}"#)?;
//! assert_eq!(Verifier::from_secret(secret)?.verify(&token)?["sub"], "me");
//! # Ok::<(), mastra_jwt_core::Error>(())
//! ```
//!
//! The verifier keys its secret once, compares the headers that nearly all tokens have instead of parsing them, compares the
//! encoded MAC in constant time, and reads the payload in one pass that borrows. [`Verifier::verify_into`] makes no heap allocation.
//! `now` is an argument; only [`Verifier::verify`] and [`Verifier::verify_as`] read a clock.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod algorithm;
mod bearer;
mod builder;
mod claims;
mod error;
mod header;
mod hs256;
mod json;
mod jwks;
mod key;
mod keyring;
mod policy;
mod policy_json;
mod registered;
mod report;
mod secret;
mod signer;
mod token;
mod unverified;
mod verifier;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use bearer::bearer_token;
pub use builder::VerifierBuilder;
pub use claims::{Claims, member};
pub use error::{CODES, Code, Error, KeyName};
pub use json::JsonString;
pub use policy::MAX_LEEWAY_SECONDS;
pub use registered::Registered;
pub use report::Report;
pub use signer::{Signer, SignerBuilder};
pub use token::DEFAULT_MAX_TOKEN_BYTES;
pub use unverified::{Unverified, decode_unverified};
pub use verifier::{Verified, Verifier, system_now};

/// The Rust of the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
