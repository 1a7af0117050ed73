//! The builder of a verifier.

use libc::{c_char, size_t};
use mastra_jwt_core::{Algorithm, Error, Verifier, VerifierBuilder};

use crate::guard::{bytes, exclusive, give, guard, take, text};
use crate::status::mjwt_status;

/// # Options of mjwt_config_set
///
/// Seconds that exp, nbf and iat may be off, 0 to 86400. Default 0.
pub const MJWT_OPT_LEEWAY_SECONDS: u32 = 1;
/// Bytes of the longest token that is looked at, 1 to 16777216. Default 16384.
pub const MJWT_OPT_MAX_TOKEN_BYTES: u32 = 2;
/// Seconds after iat when a token is too old, 1 to 2^53; iat is then required. Default 0: off.
pub const MJWT_OPT_MAX_AGE_SECONDS: u32 = 3;
/// 1 refuses a token without exp. Default 0.
pub const MJWT_OPT_REQUIRE_EXP: u32 = 4;
/// 1 refuses a token whose iat lies in the future. Default 0.
pub const MJWT_OPT_CHECK_IAT: u32 = 5;
/// 1 takes secrets that are shorter than RFC 7518 section 3.2 demands. Default 0.
pub const MJWT_OPT_ALLOW_SHORT_KEYS: u32 = 6;
/// The algorithms that are allowed, a sum of MJWT_ALG_ bits. Default MJWT_ALG_HS256.
pub const MJWT_OPT_ALGORITHMS: u32 = 7;

/// # Algorithms
///
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

/// What a token must be. Belongs to one thread at a time.
#[derive(Default)]
pub struct mjwt_config {
    builder: VerifierBuilder,
}

/// # Configuration: a builder for a verifier, for one thread at a time
///
/// Makes a configuration with the defaults and no keys. Free it with mjwt_config_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_new(out: *mut *mut mjwt_config) -> mjwt_status {
    guard(|| {
        let builder = Verifier::builder();
        // SAFETY: `out` is NULL or writable, by the contract of the header.
        unsafe { give(out, mjwt_config { builder }) }
    })
}

/// Frees a configuration. Verifiers made from it live on. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_free(config: *mut mjwt_config) {
    // SAFETY: NULL or a configuration that the caller owns, by the contract of the header.
    unsafe { take(config) };
}

/// Sets an option. An unknown option, or a value out of its range, is MJWT_ERR_INVALID_ARGUMENT; as
/// with every call that fails, the configuration then stays as it was.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_set(config: *mut mjwt_config, option: mjwt_option, value: i64) -> mjwt_status {
    guard(|| {
        // SAFETY: NULL or a configuration of this thread, by the contract of the header.
        let builder = &mut unsafe { exclusive(config) }?.builder;
        match option {
            MJWT_OPT_LEEWAY_SECONDS => builder.leeway(count(value)?)?,
            MJWT_OPT_MAX_TOKEN_BYTES => builder.max_token_bytes(count(value)?)?,
            MJWT_OPT_MAX_AGE_SECONDS => builder.max_age(match count(value)? {
                0 => None,
                seconds => Some(seconds),
            })?,
            MJWT_OPT_REQUIRE_EXP => builder.require_exp(switch(value)?)?,
            MJWT_OPT_CHECK_IAT => builder.check_iat(switch(value)?)?,
            MJWT_OPT_ALLOW_SHORT_KEYS => builder.allow_short_keys(switch(value)?)?,
            MJWT_OPT_ALGORITHMS => builder.algorithms(&algorithms(count(value)?)?)?,
            _ => return Err(Error::InvalidArgument("option: not an MJWT_OPT_ number".into())),
        };
        Ok(())
    })
}

/// Adds a shared secret, which is copied, and wiped when the last handle that holds it is freed.
/// Length 0 of kid: the key has no kid, and serves every token whose kid no other key carries.
/// The order of adding is the order of trying, and key_index in mjwt_info.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_secret(
    config: *mut mjwt_config,
    secret: *const u8,
    secret_len: size_t,
    kid: *const c_char,
    kid_len: size_t,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (config, secret, kid) =
            unsafe { (exclusive(config)?, bytes(secret, secret_len)?, text(kid, kid_len, "kid: not UTF-8")?) };
        if kid.is_empty() {
            config.builder.secret(secret)?;
        } else {
            config.builder.secret_with_kid(secret, kid)?;
        }
        Ok(())
    })
}

/// Adds the symmetric signing keys of a JWK Set (RFC 7517), a JSON object with the member keys;
/// keys of other kinds are passed over. `added` receives how many were added, and may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_jwks(
    config: *mut mjwt_config,
    json: *const c_char,
    json_len: size_t,
    added: *mut size_t,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (config, json) = unsafe { (exclusive(config)?, bytes(json, json_len)?) };
        let json = std::str::from_utf8(json).map_err(|_| Error::JwkSyntax { key: None, reason: "not UTF-8" })?;
        let before = config.builder.key_count();
        let count = config.builder.jwks_json(json)?.key_count() - before;
        if !added.is_null() {
            // SAFETY: not NULL (checked); writable by the contract of the header.
            unsafe { added.write(count) };
        }
        Ok(())
    })
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
    unsafe { add_text(config, iss, iss_len, VerifierBuilder::issuer) }
}

/// Adds an audience: aud must be, or hold, one of those added (RFC 7519 section 4.1.3).
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_add_audience(
    config: *mut mjwt_config,
    aud: *const c_char,
    aud_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, aud, aud_len, VerifierBuilder::audience) }
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
    unsafe { add_text(config, sub, sub_len, VerifierBuilder::subject) }
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
    unsafe { add_text(config, typ, typ_len, VerifierBuilder::token_type) }
}

/// Adds the name of a claim that a token must hold, whatever its value. At most 64 names that RFC 7519
/// section 4.1 does not register.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_config_require_claim(
    config: *mut mjwt_config,
    name: *const c_char,
    name_len: size_t,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { add_text(config, name, name_len, VerifierBuilder::required_claim) }
}

impl mjwt_config {
    pub(crate) fn build(&self) -> Result<Verifier, Error> {
        self.builder.build()
    }
}

/// The algorithms of a set of MJWT_ALG_ bits.
pub(crate) fn algorithms(bits: u64) -> Result<Vec<Algorithm>, Error> {
    const KNOWN: [(u32, Algorithm); 3] =
        [(MJWT_ALG_HS256, Algorithm::HS256), (MJWT_ALG_HS384, Algorithm::HS384), (MJWT_ALG_HS512, Algorithm::HS512)];
    let all = KNOWN.iter().fold(0, |all, (bit, _)| all | u64::from(*bit));
    if bits == 0 || bits & !all != 0 {
        return Err(Error::InvalidArgument("algorithms: not a sum of MJWT_ALG_ bits".into()));
    }
    let set = KNOWN.into_iter().filter(|(bit, _)| bits & u64::from(*bit) != 0);
    Ok(set.map(|(_, algorithm)| algorithm).collect())
}

/// One text argument for the builder.
///
/// # Safety
/// As the header says of every export: `config` NULL or a configuration of this thread, `value`
/// NULL or readable for `len` bytes.
unsafe fn add_text(
    config: *mut mjwt_config,
    value: *const c_char,
    len: size_t,
    add: impl for<'a> FnOnce(&'a mut VerifierBuilder, &str) -> Result<&'a mut VerifierBuilder, Error>,
) -> mjwt_status {
    guard(|| {
        // SAFETY: this function has the same contract.
        let (config, value) = unsafe { (exclusive(config)?, text(value, len, "text: not UTF-8")?) };
        add(&mut config.builder, value)?;
        Ok(())
    })
}

fn count<T: TryFrom<i64>>(value: i64) -> Result<T, Error> {
    T::try_from(value).map_err(|_| Error::InvalidArgument("value: out of its range".into()))
}

fn switch(value: i64) -> Result<bool, Error> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::InvalidArgument("value: 0 or 1".into())),
    }
}
