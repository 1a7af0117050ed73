//! The builder of a verifier.

use std::ffi::CString;
use std::sync::{Mutex, PoisonError};

use libc::{c_char, size_t};
use mastra_jwt_core::{Algorithm, Error, Verifier, VerifierBuilder};

use crate::guard::{bytes, exclusive, give, guard, guard_value, shared, take, text};
use crate::status::{Failure, mjwt_status};

/// Seconds that exp, nbf and iat may be off, 0 to 86400. Default 0.
pub const MJWT_OPT_LEEWAY_SECONDS: u32 = 1;
/// Bytes of the longest token that is looked at, 1 to 16777216. Default 16384.
pub const MJWT_OPT_MAX_TOKEN_BYTES: u32 = 2;
/// Seconds after iat from which a token is too old, 1 to 2^53. iat is then required, and must not
/// lie ahead. Default 0: no limit.
pub const MJWT_OPT_MAX_AGE_SECONDS: u32 = 3;
/// 1 refuses a token without exp. Default 0.
pub const MJWT_OPT_REQUIRE_EXP: u32 = 4;
/// 1 refuses a token whose iat lies in the future. Default 0.
pub const MJWT_OPT_CHECK_IAT: u32 = 5;
/// 1 takes secrets that are shorter than RFC 7518 section 3.2 requires. Default 0.
pub const MJWT_OPT_ALLOW_SHORT_KEYS: u32 = 6;
/// The algorithms that are allowed, a sum of MJWT_ALG_ bits. Default MJWT_ALG_HS256.
pub const MJWT_OPT_ALGORITHMS: u32 = 7;
/// 1 leaves exp and MJWT_OPT_MAX_AGE_SECONDS unchecked, for end-points that renew tokens; nbf is
/// still checked. Default 0.
pub const MJWT_OPT_IGNORE_EXPIRATION: u32 = 8;
/// 1 refuses what RFC 7519 does not allow to the letter: a registered claim of the wrong type, or
/// twice, and aud where no audience is expected. Default 0.
pub const MJWT_OPT_STRICT_CLAIMS: u32 = 9;

/// HMAC with SHA-256 (RFC 7518 section 3.2); secrets of 32 bytes or more.
pub const MJWT_ALG_HS256: u32 = 1;
/// HMAC with SHA-384; secrets of 48 bytes or more.
pub const MJWT_ALG_HS384: u32 = 2;
/// HMAC with SHA-512; secrets of 64 bytes or more.
pub const MJWT_ALG_HS512: u32 = 4;

/// Which option: an MJWT_OPT_ number. Later versions may know more of them.
pub type mjwt_option = u32;

/// Which algorithm: an MJWT_ALG_ number.
pub type mjwt_algorithm = u32;

/// What a token must be, and the keys, in the making. Belongs to one thread at a time.
pub struct mjwt_config {
    builder: VerifierBuilder,
    /// What the last call that failed found wrong. Behind a lock, since mjwt_verifier_new, which
    /// only reads the builder, notes its failure too.
    error: Mutex<CString>,
}

/// Makes a configuration with the defaults and no keys. Free it with mjwt_config_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_new(out: *mut *mut mjwt_config) -> mjwt_status {
    guard(|| {
        let config = mjwt_config { builder: Verifier::builder(), error: Mutex::default() };
        // SAFETY: `out` is NULL or writable, by the contract of the header.
        unsafe { give(out, config) }
    })
}

/// Frees a configuration. Verifiers made from it live on. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_free(config: *mut mjwt_config) {
    // SAFETY: NULL or a configuration that the caller owns, by the contract of the header.
    unsafe { take(config) };
}

/// What the last failed call on this configuration found wrong, mjwt_verifier_new included: which
/// argument, option or key, and what it must be. One line of English in UTF-8, which holds nothing
/// of a secret; "" when no call has failed. The text belongs to the configuration, and is good
/// until the next call on it. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_error(config: *const mjwt_config) -> *const c_char {
    guard_value(c"".as_ptr(), || {
        // SAFETY: NULL or a configuration of this thread, by the contract of the header.
        unsafe { shared(config) }.map_or(c"".as_ptr(), mjwt_config::error)
    })
}

/// Sets an option. An unknown option, or a value out of its range, is MJWT_ERR_INVALID_ARGUMENT; as
/// with every call that fails, the configuration then stays as it was.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_set(config: *mut mjwt_config, option: mjwt_option, value: i64) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe {
        change(config, |builder| {
            match option {
                MJWT_OPT_LEEWAY_SECONDS => builder.leeway(seconds(value))?,
                MJWT_OPT_MAX_TOKEN_BYTES => builder.max_token_bytes(value.try_into().unwrap_or(usize::MAX))?,
                MJWT_OPT_MAX_AGE_SECONDS => builder.max_age((value != 0).then_some(seconds(value)))?,
                MJWT_OPT_REQUIRE_EXP => builder.require_exp(switch(value, "requireExp: must be 0 or 1")?)?,
                MJWT_OPT_CHECK_IAT => builder.check_iat(switch(value, "checkIat: must be 0 or 1")?)?,
                MJWT_OPT_ALLOW_SHORT_KEYS => {
                    builder.allow_short_keys(switch(value, "allowShortKeys: must be 0 or 1")?)?
                }
                MJWT_OPT_ALGORITHMS => builder.algorithms(&algorithms(value)?)?,
                MJWT_OPT_IGNORE_EXPIRATION => {
                    builder.ignore_expiration(switch(value, "ignoreExpiration: must be 0 or 1")?)?
                }
                MJWT_OPT_STRICT_CLAIMS => builder.strict_claims(switch(value, "strictClaims: must be 0 or 1")?)?,
                _ => return Err(Failure::invalid("option: must be an MJWT_OPT_ number")),
            };
            Ok(())
        })
    }
}

/// Adds a shared secret, which is copied, and wiped when the last handle that uses it is freed.
/// Length 0 of kid: the key has no kid, and serves every token whose kid no other key has.
/// The order of adding is the order of trying, and of key_index in mjwt_info.
///
/// Refused with MJWT_ERR_INVALID_ARGUMENT is what is a key of another kind: a PEM block, an OpenSSH
/// public key, a JWK or JWK Set, a public key in DER. Whoever knows a public key could sign.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_secret(
    config: *mut mjwt_config,
    secret: *const u8,
    secret_len: size_t,
    kid: *const c_char,
    kid_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe {
        change(config, |builder| {
            let (secret, kid) = (bytes(secret, secret_len, "secret")?, text(kid, kid_len, "kid")?);
            if kid.is_empty() {
                builder.secret(secret)?;
            } else {
                builder.secret_with_kid(secret, kid)?;
            }
            Ok(())
        })
    }
}

/// Adds the symmetric keys of a JWK Set (RFC 7517), a JSON object with the member keys, that are
/// for signatures and whose key_ops, if present, hold "verify". Keys of other kinds are passed
/// over. `added` receives how many were added, and may be NULL. All are added, or none.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_jwks(
    config: *mut mjwt_config,
    json: *const c_char,
    json_len: size_t,
    added: *mut size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe {
        change(config, |builder| {
            let json = jwks_text(bytes(json, json_len, "json")?)?;
            let before = builder.key_count();
            let count = builder.jwks_json(json)?.key_count() - before;
            if !added.is_null() {
                added.write(count);
            }
            Ok(())
        })
    }
}

/// Sets the options that a policy document names, a JSON object that services in all languages
/// share (core/policy.schema.json):
///
///   {"algorithms": ["HS256"], "issuer": ["login.example"], "audience": ["api"],
///    "subject": "me", "jwtId": "1", "type": "at+jwt", "leeway": 5, "maxAge": 3600,
///    "requiredClaims": ["tenant"], "requireExp": true, "checkIat": false, "strictClaims": false,
///    "ignoreExpiration": false, "allowShortKeys": false, "maxTokenBytes": 16384}
///
/// Every member may be absent; a secret is never one of them. A member that is unknown, out of its
/// range, or set already by an option is MJWT_ERR_INVALID_ARGUMENT; mjwt_config_error names it. All
/// of the document is taken, or nothing.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_set_policy(
    config: *mut mjwt_config,
    json: *const c_char,
    json_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, json, json_len, "json", VerifierBuilder::policy_json) }
}

/// Adds an issuer: iss must be one of those added (RFC 7519 section 4.1.1).
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_issuer(
    config: *mut mjwt_config,
    iss: *const c_char,
    iss_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, iss, iss_len, "iss", VerifierBuilder::issuer) }
}

/// Adds an audience: aud must be, or contain, one of those added (RFC 7519 section 4.1.3). Without
/// one aud is not checked; PyJWT, for instance, refuses a token that has aud then: see
/// MJWT_OPT_STRICT_CLAIMS.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_audience(
    config: *mut mjwt_config,
    aud: *const c_char,
    aud_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, aud, aud_len, "aud", VerifierBuilder::audience) }
}

/// Sets the subject that sub must be (RFC 7519 section 4.1.2).
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_set_subject(
    config: *mut mjwt_config,
    sub: *const c_char,
    sub_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, sub, sub_len, "sub", VerifierBuilder::subject) }
}

/// Sets the id that jti must be (RFC 7519 section 4.1.7).
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_set_jwt_id(
    config: *mut mjwt_config,
    jti: *const c_char,
    jti_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, jti, jti_len, "jti", VerifierBuilder::jwt_id) }
}

/// Sets the type that typ in the token's header must be (RFC 7515 section 4.1.9), such as "JWT" or
/// "at+jwt". Case and a leading "application/" do not count.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_set_type(
    config: *mut mjwt_config,
    typ: *const c_char,
    typ_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, typ, typ_len, "typ", VerifierBuilder::token_type) }
}

/// Adds the name of a claim that a token must have, whatever its value. At most 64 names that RFC
/// 7519 section 4.1 does not register.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_require_claim(
    config: *mut mjwt_config,
    name: *const c_char,
    name_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, name, name_len, "name", VerifierBuilder::required_claim) }
}

impl mjwt_config {
    pub(crate) fn build(&self) -> Result<Verifier, Failure> {
        Ok(self.builder.build()?)
    }

    /// Keeps what went wrong for mjwt_config_error.
    pub(crate) fn note<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &result {
            // Names are escaped in it, so that no NUL is left; a text cut short would do as well.
            let text = CString::new(failure.to_string()).unwrap_or_default();
            *self.error.lock().unwrap_or_else(PoisonError::into_inner) = text;
        }
        result
    }

    fn error(&self) -> *const c_char {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).as_ptr()
    }
}

/// The text of a JWK Set: one that is not UTF-8 is malformed as a set.
pub(crate) fn jwks_text(json: &[u8]) -> Result<&str, Error> {
    str::from_utf8(json).map_err(|_| Error::JwkSyntax { key: None, reason: "json is not UTF-8" })
}

/// The algorithms of a set of MJWT_ALG_ bits.
pub(crate) fn algorithms(bits: i64) -> Result<Vec<Algorithm>, Failure> {
    const KNOWN: [(u32, Algorithm); 3] =
        [(MJWT_ALG_HS256, Algorithm::HS256), (MJWT_ALG_HS384, Algorithm::HS384), (MJWT_ALG_HS512, Algorithm::HS512)];
    let all = KNOWN.iter().fold(0, |all, (bit, _)| all | i64::from(*bit));
    if bits == 0 || bits & !all != 0 {
        return Err(Failure::invalid("algorithms: must be a sum of MJWT_ALG_ bits"));
    }
    let set = KNOWN.into_iter().filter(|(bit, _)| bits & i64::from(*bit) != 0);
    Ok(set.map(|(_, algorithm)| algorithm).collect())
}

/// One change of a configuration: it is done, or it is noted why not.
///
/// # Safety
/// `config` is NULL, or a configuration of this thread.
unsafe fn change(
    config: *mut mjwt_config,
    body: impl FnOnce(&mut VerifierBuilder) -> Result<(), Failure>,
) -> mjwt_status {
    guard(|| {
        // SAFETY: this function has the same contract.
        let config = unsafe { exclusive(config) }?;
        let result = body(&mut config.builder);
        config.note(result)
    })
}

/// One text argument for the builder; `name` is that of the argument.
///
/// # Safety
/// As for [`change`]; `value` is NULL, or readable for `len` bytes.
unsafe fn add_text(
    config: *mut mjwt_config,
    value: *const c_char,
    len: size_t,
    name: &'static str,
    add: impl for<'a> FnOnce(&'a mut VerifierBuilder, &str) -> Result<&'a mut VerifierBuilder, Error>,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe {
        change(config, |builder| {
            add(builder, text(value, len, name)?)?;
            Ok(())
        })
    }
}

/// Below 0 is out of every range, which the builder then names.
fn seconds(value: i64) -> u64 {
    value.try_into().unwrap_or(u64::MAX)
}

fn switch(value: i64, otherwise: &'static str) -> Result<bool, Failure> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Failure::invalid(otherwise)),
    }
}
