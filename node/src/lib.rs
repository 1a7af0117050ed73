//! The Node addon: lends `mastra-jwt-core` to JavaScript. Types and errors are translated here, nothing is decided.

#![allow(clippy::needless_pass_by_value)] // what JavaScript passes is owned

mod function;

use mastra_jwt_core::{Algorithm, CODES, Error, Signer, Verifier, decode_unverified};
use napi::bindgen_prelude::{Env, Object, Uint8Array, Unknown};
use napi_derive::napi;

type Result<T> = std::result::Result<T, napi::Error<String>>;

/// A JavaScript `Error` with `code` `MJWT_<NAME>`.
fn thrown(error: Error) -> napi::Error<String> {
    napi::Error::new(format!("MJWT_{}", error.name()), error.to_string())
}

fn failed(error: napi::Error) -> napi::Error<String> {
    napi::Error::new(error.status.to_string(), error.reason.clone())
}

/// One row of the table of failures.
#[napi(object, object_from_js = false)]
pub struct Code {
    /// The stable number.
    pub code: u32,
    /// The stable name, such as `EXPIRED`.
    pub name: &'static str,
    /// One English sentence.
    pub message: &'static str,
}

/// Every failure, in the order of its code.
#[napi]
#[must_use]
pub fn codes() -> Vec<Code> {
    let panic = Code { code: function::PANIC, name: "PANIC", message: "internal error: a defect was caught" };
    let mut codes: Vec<Code> =
        CODES.iter().map(|row| Code { code: row.code, name: row.name, message: row.message }).chain([panic]).collect();
    codes.sort_by_key(|row| row.code);
    codes
}

/// The version of the addon.
#[napi]
#[must_use]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// A secret and the `kid` that names it.
#[napi(object)]
pub struct Key {
    /// The secret's bytes.
    pub secret: Uint8Array,
    /// RFC 7515 section 4.1.4.
    pub kid: Option<String>,
}

/// Keys and demands of a verifier; see `VerifierBuilder` in the core for each.
#[napi(object)]
pub struct VerifierConfig {
    /// Secrets in order.
    pub keys: Vec<Key>,
    /// A JWK Set in JSON.
    pub jwks: Option<String>,
    /// HS256 alone unless given.
    pub algorithms: Option<Vec<String>>,
    /// One of them must be `iss`.
    pub issuer: Option<Vec<String>>,
    /// One of them must be in `aud`.
    pub audience: Option<Vec<String>>,
    /// Must be `sub`.
    pub subject: Option<String>,
    /// Must be `jti`.
    pub jwt_id: Option<String>,
    /// Must be the header's `typ`.
    #[napi(js_name = "type")]
    pub typ: Option<String>,
    /// Whole seconds, 0 to 86400.
    pub leeway: Option<f64>,
    /// Whole seconds from `iat`.
    pub max_age: Option<f64>,
    /// Names of claims that must be there.
    pub required_claims: Option<Vec<String>>,
    /// Whether an `iat` that lies ahead is refused.
    pub check_iat: Option<bool>,
    /// Whether secrets may be shorter than their hash.
    pub allow_short_keys: Option<bool>,
}

/// Key and options of a signer.
#[napi(object)]
pub struct SignerConfig {
    /// The secret and its `kid`.
    pub key: Option<Key>,
    /// A JWK Set in JSON; its first usable key signs.
    pub jwks: Option<String>,
    /// HS256 unless given.
    pub algorithm: Option<String>,
    /// Whether the secret may be shorter than its hash.
    pub allow_short_keys: Option<bool>,
}

/// A token taken apart without any check of its signature.
#[napi(object, object_from_js = false)]
pub struct Decoded {
    /// The header's JSON.
    pub header: String,
    /// The payload's JSON.
    pub payload: String,
    /// The signature segment.
    pub signature: String,
}

/// Takes a token apart **without checking its signature**; null when that cannot be done.
#[napi]
#[must_use]
pub fn decode(token: String) -> Option<Decoded> {
    let token = decode_unverified(token.as_bytes()).ok()?;
    Some(Decoded {
        header: token.header_json().to_owned(),
        payload: token.claims_json().to_owned(),
        signature: token.signature().to_owned(),
    })
}

/// Builds a verifier: `{ verify, hasShortKey }`. `verify(token, now)` gives the payload's JSON, or why not: the code, or
/// `[code, detail]` with the second or the name of the claim that failed.
///
/// # Errors
/// What the core says of the keys and demands.
#[napi]
pub fn create_verifier(env: Env, config: VerifierConfig) -> Result<Object<'static>> {
    let verifier = verifier(&config).map_err(thrown)?;
    let has_short_key = verifier.has_short_key();
    let verify = function::verifier(env, verifier).map_err(failed)?;
    named(env, "verify", verify, has_short_key)
}

fn verifier(config: &VerifierConfig) -> std::result::Result<Verifier, Error> {
    let mut builder = Verifier::builder();
    for key in &config.keys {
        match &key.kid {
            Some(kid) => builder.secret_with_kid(&key.secret, kid)?,
            None => builder.secret(&key.secret)?,
        };
    }
    if let Some(jwks) = &config.jwks {
        builder.jwks_json(jwks)?;
    }
    if let Some(names) = &config.algorithms {
        let algorithms = names.iter().map(|name| algorithm(name)).collect::<std::result::Result<Vec<_>, _>>()?;
        builder.algorithms(&algorithms)?;
    }
    for issuer in config.issuer.iter().flatten() {
        builder.issuer(issuer)?;
    }
    for audience in config.audience.iter().flatten() {
        builder.audience(audience)?;
    }
    if let Some(subject) = &config.subject {
        builder.subject(subject)?;
    }
    if let Some(jwt_id) = &config.jwt_id {
        builder.jwt_id(jwt_id)?;
    }
    if let Some(typ) = &config.typ {
        builder.token_type(typ)?;
    }
    if let Some(leeway) = config.leeway {
        builder.leeway(whole(leeway))?;
    }
    if let Some(max_age) = config.max_age {
        builder.max_age(Some(whole(max_age)))?;
    }
    for name in config.required_claims.iter().flatten() {
        builder.required_claim(name)?;
    }
    builder.check_iat(config.check_iat.unwrap_or_default())?;
    builder.allow_short_keys(config.allow_short_keys.unwrap_or_default())?;
    builder.build()
}

/// Builds a signer: `{ sign, hasShortKey }`. `sign(claimsJson, kid?)` gives the token, or the code of why not.
///
/// # Errors
/// What the core says of the key.
#[napi]
pub fn create_signer(env: Env, config: SignerConfig) -> Result<Object<'static>> {
    let signer = signer(&config).map_err(thrown)?;
    let has_short_key = signer.has_short_key();
    let sign = function::signer(env, signer).map_err(failed)?;
    named(env, "sign", sign, has_short_key)
}

fn named(env: Env, name: &str, function: Unknown<'static>, has_short_key: bool) -> Result<Object<'static>> {
    let mut object = Object::new(&env).map_err(failed)?;
    object.set(name, function).map_err(failed)?;
    object.set("hasShortKey", has_short_key).map_err(failed)?;
    Ok(object)
}

fn signer(config: &SignerConfig) -> std::result::Result<Signer, Error> {
    let mut builder = Signer::builder();
    if let Some(key) = &config.key {
        builder.secret(&key.secret)?;
        if let Some(kid) = &key.kid {
            builder.kid(kid)?;
        }
    }
    if let Some(jwks) = &config.jwks {
        builder.jwks_json(jwks)?;
    }
    if let Some(name) = &config.algorithm {
        builder.algorithm(algorithm(name)?)?;
    }
    builder.allow_short_keys(config.allow_short_keys.unwrap_or_default())?;
    builder.build()
}

fn algorithm(name: &str) -> std::result::Result<Algorithm, Error> {
    name.parse().map_err(|_| Error::InvalidArgument("algorithm: HS256, HS384 or HS512".into()))
}

/// A JavaScript number as whole seconds; what is none becomes a number that the core refuses.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(seconds: f64) -> u64 {
    if seconds >= 0.0 && seconds.fract() == 0.0 { seconds as u64 } else { u64::MAX }
}
