//! Claims to tokens.

use libc::{c_char, size_t};
use mastra_jwt_core::{Error, Signer};

use crate::config::{algorithms, mjwt_algorithm};
use crate::guard::{
    buffer, bytes, check_apart, check_out, give_shared, guard, guard_value, put, release, retain, shared, text,
};
use crate::status::mjwt_status;

/// # Flags of mjwt_signer_new
///
/// Takes a secret that is shorter than RFC 7518 section 3.2 demands.
pub const MJWT_SIGNER_ALLOW_SHORT_KEY: u32 = 1;

/// A key that signs. Immutable, reference counted, shared freely between threads.
pub struct mjwt_signer {
    signer: Signer,
}

/// # Signer: immutable, reference counted, free to share between threads
///
/// Makes a signer from a secret, which is copied. Length 0 of kid: the tokens name no key.
/// `algorithm` is one MJWT_ALG_ number; `flags` a sum of MJWT_SIGNER_ bits, or 0.
/// Free it with mjwt_signer_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_signer_new(
    secret: *const u8,
    secret_len: size_t,
    kid: *const c_char,
    kid_len: size_t,
    algorithm: mjwt_algorithm,
    flags: u32,
    out: *mut *const mjwt_signer,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointers and lengths are valid by the contract of the header.
        let (secret, kid) = unsafe { (bytes(secret, secret_len)?, text(kid, kid_len, "kid: not UTF-8")?) };
        check_out(out)?;
        let [algorithm] = algorithms(algorithm.into())?[..] else {
            return Err(Error::InvalidArgument("algorithm: not one MJWT_ALG_ number".into()));
        };
        if flags & !MJWT_SIGNER_ALLOW_SHORT_KEY != 0 {
            return Err(Error::InvalidArgument("flags: not a sum of MJWT_SIGNER_ bits".into()));
        }
        let mut builder = Signer::builder();
        builder.allow_short_keys(flags & MJWT_SIGNER_ALLOW_SHORT_KEY != 0)?;
        builder.algorithm(algorithm)?.secret(secret)?;
        if !kid.is_empty() {
            builder.kid(kid)?;
        }
        let signer = builder.build()?;
        // SAFETY: `out` is writable by the contract of the header.
        unsafe { give_shared(out, mjwt_signer { signer }) }
    })
}

/// Adds a reference and returns its argument. Each reference is freed once, by any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_signer_retain(signer: *const mjwt_signer) -> *const mjwt_signer {
    // SAFETY: NULL or a signer that the caller holds, by the contract of the header.
    unsafe { retain(signer) }
}

/// Gives a reference back. The last one wipes the key. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_signer_free(signer: *const mjwt_signer) {
    // SAFETY: NULL or a reference that the caller owns, by the contract of the header.
    unsafe { release(signer) };
}

/// The length of the token that claims of that length give; 0 for NULL, or beyond PTRDIFF_MAX.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_sign_bound(signer: *const mjwt_signer, claims_len: size_t) -> size_t {
    guard_value(0, || {
        // SAFETY: NULL or living, by the contract of the header.
        match unsafe { shared(signer) } {
            Ok(handle) if isize::try_from(claims_len).is_ok() => handle.signer.bound(claims_len),
            _ => 0,
        }
    })
}

/// Signs claims, a JSON object in UTF-8, and writes the token, without terminator.
///
/// `token` needs mjwt_sign_bound(signer, claims_len) bytes. `token_len` receives the bytes written,
/// or, with MJWT_ERR_BUFFER_TOO_SMALL, needed. The claims must not overlap `token`. Nothing is
/// added to the claims: iat and exp are the caller's to set; when there, they must be numbers
/// (MJWT_ERR_CLAIM_TYPE).
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_sign(
    signer: *const mjwt_signer,
    claims: *const c_char,
    claims_len: size_t,
    token: *mut c_char,
    token_cap: size_t,
    token_len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        // SAFETY: NULL or living, by the contract of the header.
        let signer = unsafe { &shared(signer)?.signer };
        check_out(token_len)?;
        check_apart(claims, claims_len, token, token_cap)?;
        // SAFETY: pointers and lengths are valid by the contract of the header, and apart (checked).
        let (claims, out) = unsafe { (bytes(claims, claims_len)?, buffer(token, token_cap)?) };
        let (len, result) = match signer.sign_into(claims, out) {
            Ok(token) => (token.len(), Ok(())),
            Err(Error::BufferTooSmall { needed }) => (needed, Err(Error::BufferTooSmall { needed })),
            Err(error) => return Err(error),
        };
        // SAFETY: not NULL (checked); writable by the contract of the header.
        unsafe { put(token_len, len) }?;
        result
    })
}
