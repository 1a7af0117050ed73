//! Verifies and signs JSON Web Tokens (RFC 7519) that are signed with a shared secret: HS256, HS384
//! and HS512.
//!
//! A [`Verifier`] holds keys and one policy; it turns a token into claims, or into an [`Error`]
//! with a stable code. A [`Signer`] holds one key; it turns claims into a token. Both are immutable
//! and cheap to call: make them once, and share them between threads behind a reference or an
//! `Arc`.
//!
//! # Examples
//!
//! Sign and verify, with one secret:
//!
//! ```
//! use mastra_jwt_core::{Signer, Verifier};
//!
//! let secret = b"supersecretdevkeythatishs256safe!";
//! let token = Signer::from_secret(secret)?.sign_json(br#"{"sub":"me"}"#)?;
//! let claims = Verifier::from_secret(secret)?.verify(&token)?;
//! assert_eq!(claims["sub"], "me");
//! # Ok::<(), mastra_jwt_core::Error>(())
//! ```
//!
//! Say what a token must be, and read its claims as a type of yours:
//!
//! ```
//! use mastra_jwt_core::{Signer, Verifier};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Session {
//!     iss: String,
//!     sub: String,
//!     exp: u64,
//!     roles: Vec<String>,
//! }
//!
//! let secret = b"supersecretdevkeythatishs256safe!";
//! let session = Session {
//!     iss: "https://login.example".into(),
//!     sub: "ada".into(),
//!     exp: 4_000_000_000,
//!     roles: vec!["admin".into()],
//! };
//! let token = Signer::from_secret(secret)?.sign(&session)?;
//! let verifier = Verifier::builder()
//!     .secret(secret)?
//!     .issuer("https://login.example")?
//!     .leeway(5)?
//!     .require_exp(true)?
//!     .build()?;
//! let session: Session = verifier.verify_as(&token)?;
//! assert_eq!(session.roles, ["admin"]);
//! # Ok::<(), mastra_jwt_core::Error>(())
//! ```
//!
//! Change keys without an interruption: both verify, and tokens say by `kid` which one signed them.
//!
//! ```
//! use mastra_jwt_core::{Signer, Verifier};
//!
//! let (old, new) = ([1; 32], [2; 32]);
//! let verifier = Verifier::builder()
//!     .secret_with_kid(&new, "2026-11")?
//!     .secret_with_kid(&old, "2026-10")?
//!     .build()?;
//! let token = Signer::builder().secret(&old)?.kid("2026-10")?.build()?.sign_json(b"{}")?;
//! let mut buffer = [0; 256];
//! let verified = verifier.verify_into(token.as_bytes(), 1_700_000_000.0, &mut buffer)?;
//! assert_eq!(verified.key_index(), 1);
//! # Ok::<(), mastra_jwt_core::Error>(())
//! ```
//!
//! Tell the refusals apart:
//!
//! ```
//! use mastra_jwt_core::{Error, Signer, Verifier};
//!
//! let token = Signer::from_secret(&[7; 32])?.sign_json(br#"{"exp":1700000000}"#)?;
//! match Verifier::from_secret(&[7; 32])?.verify(&token) {
//!     Ok(claims) => println!("welcome, {}", claims["sub"]),
//!     Err(Error::Expired { .. }) => println!("log in again"),
//!     Err(error) if error.code() >= 100 => println!("401: {error}"), // the token's fault
//!     Err(error) => println!("500: {error}"),                        // ours
//! }
//! # Ok::<(), mastra_jwt_core::Error>(())
//! ```
//!
//! # Why this crate
//!
//! - It is strict where leniency has led to attacks: `alg` comes from the policy and never from the
//!   token alone, a public key is not taken as a secret, base64url has one spelling, nothing of a
//!   payload is read before its signature is verified, and the signature is compared in constant
//!   time.
//! - It gives the same answers as `libmjwt` (C, Go) and the npm package `mastra-jwt`, which are
//!   thin bindings over it. One [policy document](VerifierBuilder::policy_json) configures all of
//!   them.
//! - It is fast: the secret is keyed once, the headers that nearly all tokens have are compared
//!   instead of parsed, and the payload is read in one pass that borrows. [`Verifier::verify_into`]
//!   makes no heap allocation.
//! - Time is an argument. Only [`Verifier::verify`] and [`Verifier::verify_as`] read a clock.
//!
//! Compared with the crate `jsonwebtoken`: a leeway of 0 and not 60 seconds, `exp` checked where
//! present and required only on request, a token expires at `exp` and not a second later, and `aud`
//! checked only where an audience is expected.
//!
//! # Features
//!
//! `jsonwebtoken` (default): conversions from the `Algorithm` and the `JwkSet` of the crate of that
//! name. Without it this crate has its own types alone, and builds for `wasm32-unknown-unknown` as
//! well.

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
mod names;
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
pub use claims::{Claims, elements, member};
pub use error::{CODES, Code, Error, KeyName};
pub use json::JsonString;
pub use policy::MAX_LEEWAY_SECONDS;
pub use registered::Registered;
pub use report::Report;
pub use signer::{Signer, SignerBuilder};
pub use token::DEFAULT_MAX_TOKEN_BYTES;
pub use unverified::{Unverified, decode_unverified};
pub use verifier::{Verified, Verifier, system_now};

/// The Rust of README.md, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
