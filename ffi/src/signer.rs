//! Claims to tokens.

use libc::{c_char, size_t};
use mastra_jwt_core::{Algorithm, DEFAULT_MAX_TOKEN_BYTES, Error, Signer, SignerBuilder};

use crate::config::{algorithms, jwks_text, mjwt_algorithm};
use crate::guard::{
    buffer, bytes, check_apart, check_out, give_shared, guard, guard_value, put, release, retain, shared, text,
};
use crate::status::{Failure, mjwt_status};

/// Takes a secret that is shorter than RFC 7518 section 3.2 requires.
pub const MJWT_SIGNER_ALLOW_SHORT_KEYS: u32 = 1;

/// A key that signs. Immutable, reference counted, shared freely between threads.
pub struct mjwt_signer {
    signer: Signer,
}

/// Makes a signer from a secret, which is copied. Length 0 of kid: the tokens name no key.
/// `algorithm` is one MJWT_ALG_ number; `flags` a sum of MJWT_SIGNER_ bits, or 0. It signs tokens
/// of up to 16384 bytes, the default limit of a verifier: see mjwt_signer_new_sized. Free it with
/// mjwt_signer_free.
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
    // SAFETY: this function has the same contract.
    unsafe { mjwt_signer_new_sized(secret, secret_len, kid, kid_len, algorithm, flags, DEFAULT_MAX_TOKEN_BYTES, out) }
}

/// As mjwt_signer_new, with a limit of its own to the length of tokens: 1 to 16777216 bytes. For
/// verifiers that allow as much: see MJWT_OPT_MAX_TOKEN_BYTES.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_signer_new_sized(
    secret: *const u8,
    secret_len: size_t,
    kid: *const c_char,
    kid_len: size_t,
    algorithm: mjwt_algorithm,
    flags: u32,
    max_token_bytes: size_t,
    out: *mut *const mjwt_signer,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointer and length are valid by the contract of the header.
        let secret = unsafe { bytes(secret, secret_len, "secret") }?;
        let mut builder = Signer::builder();
        builder.secret(secret)?.algorithm(one_algorithm(algorithm)?)?;
        // SAFETY: as for this function.
        unsafe { finish(builder, kid, kid_len, flags, max_token_bytes, out) }
    })
}

/// Makes a signer from a JWK Set (RFC 7517): with its first symmetric key that is for signatures
/// and whose key_ops, if present, hold "sign". Without one it is MJWT_ERR_JWK_UNSUPPORTED. Length 0
/// of kid: the tokens name the kid of the key, if it has one. `algorithm` 0: the alg of the key, or
/// HS256. The rest is as in mjwt_signer_new_sized.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_signer_new_jwks(
    json: *const c_char,
    json_len: size_t,
    kid: *const c_char,
    kid_len: size_t,
    algorithm: mjwt_algorithm,
    flags: u32,
    max_token_bytes: size_t,
    out: *mut *const mjwt_signer,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointer and length are valid by the contract of the header.
        let json = unsafe { bytes(json, json_len, "json") }?;
        let mut builder = Signer::builder();
        builder.jwks_json(jwks_text(json)?)?;
        if algorithm != 0 {
            builder.algorithm(one_algorithm(algorithm)?)?;
        }
        // SAFETY: as for this function.
        unsafe { finish(builder, kid, kid_len, flags, max_token_bytes, out) }
    })
}

fn one_algorithm(algorithm: mjwt_algorithm) -> Result<Algorithm, Failure> {
    match algorithms(algorithm.into())?[..] {
        [algorithm] => Ok(algorithm),
        _ => Err(Failure::invalid("algorithm: must be one MJWT_ALG_ number")),
    }
}

/// Gives the builder of a signer what does not depend on where the key is from.
///
/// # Safety
/// As the header says: pointers valid for their lengths.
unsafe fn finish(
    mut builder: SignerBuilder,
    kid: *const c_char,
    kid_len: size_t,
    flags: u32,
    max_token_bytes: size_t,
    out: *mut *const mjwt_signer,
) -> Result<(), Failure> {
    // SAFETY: this function has the same contract.
    let kid = unsafe { text(kid, kid_len, "kid") }?;
    check_out(out)?;
    if flags & !MJWT_SIGNER_ALLOW_SHORT_KEYS != 0 {
        return Err(Failure::invalid("flags: must be a sum of MJWT_SIGNER_ bits"));
    }
    builder.allow_short_keys(flags & MJWT_SIGNER_ALLOW_SHORT_KEYS != 0)?.max_token_bytes(max_token_bytes)?;
    if !kid.is_empty() {
        builder.kid(kid)?;
    }
    let signer = builder.build()?;
    // SAFETY: this function has the same contract.
    unsafe { give_shared(out, mjwt_signer { signer }) }
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
/// added to the claims: iat and exp are the caller's to set. What a verifier would refuse is not
/// signed: exp, nbf or iat that is not a number is MJWT_ERR_CLAIM_TYPE, claims that are too long
/// are MJWT_ERR_TOKEN_TOO_LONG.
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
        // SAFETY: pointers and lengths are valid by the contract of the header, and apart
        // (checked).
        let (claims, out) = unsafe { (bytes(claims, claims_len, "claims")?, buffer(token, token_cap, "token")?) };
        let (len, result) = match signer.sign_into(claims, out) {
            Ok(token) => (token.len(), Ok(())),
            Err(Error::BufferTooSmall { needed }) => (needed, Err(Error::BufferTooSmall { needed }.into())),
            Err(error) => return Err(error.into()),
        };
        // SAFETY: not NULL (checked); writable by the contract of the header.
        unsafe { put(token_len, len) }?;
        result
    })
}
