//! Tokens to claims.

use libc::{c_char, size_t};
use mastra_jwt_core::{Error, Registered, Report, Verifier, bearer_token, decode_unverified, system_now};

use crate::config::mjwt_config;
use crate::guard::{buffer, bytes, check_apart, check_out, give_shared, guard, release, retain, shared};
use crate::status::{Failure, MJWT_OK, mjwt_status};

/// The issuer (RFC 7519 section 4.1.1).
pub const MJWT_CLAIM_ISS: u32 = 1;
/// The subject.
pub const MJWT_CLAIM_SUB: u32 = 2;
/// The audience.
pub const MJWT_CLAIM_AUD: u32 = 4;
/// The expiration time.
pub const MJWT_CLAIM_EXP: u32 = 8;
/// Not before.
pub const MJWT_CLAIM_NBF: u32 = 16;
/// Issued at.
pub const MJWT_CLAIM_IAT: u32 = 32;
/// The token's own id.
pub const MJWT_CLAIM_JTI: u32 = 64;
/// Another claim, that mjwt_config_require_claim named.
pub const MJWT_CLAIM_OTHER: u32 = 0x8000_0000;

const _: () = {
    assert!(Registered::ALL.len() == 7, "a registered claim without its MJWT_CLAIM_ bit");
    assert!(MJWT_CLAIM_ISS == Registered::Iss.bit() && MJWT_CLAIM_SUB == Registered::Sub.bit());
    assert!(MJWT_CLAIM_AUD == Registered::Aud.bit() && MJWT_CLAIM_EXP == Registered::Exp.bit());
    assert!(MJWT_CLAIM_NBF == Registered::Nbf.bit() && MJWT_CLAIM_IAT == Registered::Iat.bit());
    assert!(MJWT_CLAIM_JTI == Registered::Jti.bit() && MJWT_CLAIM_OTHER == Registered::OTHER_BIT);
};

/// `now` that means the system clock. The macro is written in mjwt.h.in.
///
/// cbindgen:ignore
pub const MJWT_NOW: i64 = i64::MIN;

/// What a token must be, and the keys. Immutable, reference counted, shared between threads.
pub struct mjwt_verifier {
    verifier: Verifier,
}

/// What was found in a token. Start it with MJWT_INFO_INIT: its size tells the library which
/// members the program knows, so that later versions may add some. It is written whatever the
/// status is, except when struct_size is smaller than in the first version, which is
/// MJWT_ERR_INVALID_ARGUMENT. What was not found is 0.
#[repr(C)]
pub struct mjwt_info {
    /// In: sizeof(mjwt_info).
    pub struct_size: size_t,
    /// Bytes of the claims: written; needed when MJWT_ERR_BUFFER_TOO_SMALL; 0 when refused.
    pub claims_len: size_t,
    /// exp, seconds since 1970, rounded down; what no int64_t can hold becomes INT64_MIN or
    /// INT64_MAX. Valid when MJWT_CLAIM_EXP is in present, and the status is not
    /// MJWT_ERR_CLAIM_MALFORMED with MJWT_CLAIM_EXP in failed. The same for nbf and iat.
    pub exp: i64,
    /// nbf.
    pub nbf: i64,
    /// iat.
    pub iat: i64,
    /// Where sub is in the claims buffer: the raw content of the JSON string, without its quotes,
    /// escapes as they are. Both 0 when sub is absent or not a string, or nothing was written.
    pub sub_offset: size_t,
    /// Bytes of the raw content of sub.
    pub sub_len: size_t,
    /// The claims found: a sum of MJWT_CLAIM_ bits. 0 for a token refused before its claims were
    /// read (100 to 199).
    pub present: u32,
    /// The claim refused: one MJWT_CLAIM_ bit for status 201 to 210, or 0.
    pub failed: u32,
    /// Which key signed the token, in order of adding, from 0. Valid on MJWT_OK,
    /// MJWT_ERR_BUFFER_TOO_SMALL, and for status 200 to 299.
    pub key_index: u32,
    /// Which required claim is missing, in order of adding, from 0, on MJWT_ERR_MISSING_CLAIM. Else
    /// UINT32_MAX; also for exp and iat, which other options require.
    pub missing_index: u32,
}

/// Bytes of mjwt_info in the first version, which every program knows.
const FIRST_INFO_SIZE: usize = std::mem::offset_of!(mjwt_info, missing_index) + size_of::<u32>();

/// Makes a verifier from a configuration, which stays the caller's, and can go on to make others.
/// Without a key it is MJWT_ERR_NO_KEYS; with one that is too short for an algorithm that is
/// allowed, MJWT_ERR_KEY_TOO_SHORT; mjwt_config_error says which. Free the verifier with
/// mjwt_verifier_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_verifier_new(config: *const mjwt_config, out: *mut *const mjwt_verifier) -> mjwt_status {
    guard(|| {
        // SAFETY: NULL or a configuration of this thread, by the contract of the header.
        let config = unsafe { shared(config) }?;
        let verifier = config.note(check_out(out).and_then(|()| config.build()))?;
        // SAFETY: `out` is writable by the contract of the header.
        unsafe { give_shared(out, mjwt_verifier { verifier }) }
    })
}

/// Makes a verifier from one secret of 32 bytes or more, with the defaults: HS256, leeway 0, exp
/// and nbf checked where present. The secret is copied. Free the verifier with mjwt_verifier_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_verifier_new_secret(
    secret: *const u8,
    secret_len: size_t,
    out: *mut *const mjwt_verifier,
) -> mjwt_status {
    guard(|| {
        // SAFETY: pointer and length are valid by the contract of the header.
        let secret = unsafe { bytes(secret, secret_len, "secret") }?;
        check_out(out)?;
        let verifier = Verifier::from_secret(secret)?;
        // SAFETY: `out` is writable by the contract of the header.
        unsafe { give_shared(out, mjwt_verifier { verifier }) }
    })
}

/// Adds a reference and returns its argument. Each reference is freed once, by any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_verifier_retain(verifier: *const mjwt_verifier) -> *const mjwt_verifier {
    // SAFETY: NULL or a verifier that the caller holds, by the contract of the header.
    unsafe { retain(verifier) }
}

/// Gives a reference back. The last one wipes the keys. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_verifier_free(verifier: *const mjwt_verifier) {
    // SAFETY: NULL or a reference that the caller owns, by the contract of the header.
    unsafe { release(verifier) };
}

/// Verifies a token and writes its claims: the payload, a JSON object in UTF-8, without terminator.
///
/// `now` is the time in seconds since 1970, or MJWT_NOW for the system clock, in whole seconds.
/// `claims` needs at most MJWT_CLAIMS_BOUND(token_len) bytes; NULL with 0 verifies only.
/// `info` may be NULL when `claims` is. The token must not overlap `claims`.
/// When the result is not MJWT_OK, `claims` is zeroed as far as the longest token that the verifier
/// looks at could have written, so that no claims of an earlier token are left in it. Nothing is
/// allocated on the heap for a token of up to 16384 bytes whose claims nest less than 64 deep.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_verify(
    verifier: *const mjwt_verifier,
    token: *const c_char,
    token_len: size_t,
    now: i64,
    claims: *mut c_char,
    claims_cap: size_t,
    info: *mut mjwt_info,
) -> mjwt_status {
    // SAFETY: this function has the same contract.
    unsafe { verify(verifier, token, token_len, now, claims, claims_cap, info, |token| Ok(token)) }
}

/// As mjwt_verify, for the value of an HTTP Authorization header: "Bearer" in any case, spaces, the
/// token (RFC 6750 section 2.1). Any other value, and one that is not UTF-8, is MJWT_ERR_NO_BEARER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_verify_bearer(
    verifier: *const mjwt_verifier,
    authorization: *const c_char,
    authorization_len: size_t,
    now: i64,
    claims: *mut c_char,
    claims_cap: size_t,
    info: *mut mjwt_info,
) -> mjwt_status {
    fn token_of(header: &[u8]) -> Result<&[u8], Error> {
        let header = std::str::from_utf8(header).map_err(|_| Error::NoBearer)?;
        Ok(bearer_token(header)?.as_bytes())
    }
    // SAFETY: this function has the same contract.
    unsafe { verify(verifier, authorization, authorization_len, now, claims, claims_cap, info, token_of) }
}

/// MJWT_CLAIMS_BOUND as a function: bytes that hold the claims of every token of that length.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_claims_bound(token_len: size_t) -> size_t {
    (token_len / 4 + 1) * 3
}

/// Reads a token WITHOUT VERIFYING it, for logs and tools. Nothing it writes may be trusted.
///
/// A buffer that is NULL with 0 is not wanted. Each length may be NULL when its buffer is; it
/// receives the bytes written, or, with MJWT_ERR_BUFFER_TOO_SMALL, needed; no buffer is then
/// written. The token must not overlap the buffers, nor these each other.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mjwt_decode_insecure(
    token: *const c_char,
    token_len: size_t,
    header: *mut c_char,
    header_cap: size_t,
    header_len: *mut size_t,
    claims: *mut c_char,
    claims_cap: size_t,
    claims_len: *mut size_t,
) -> mjwt_status {
    guard(|| {
        check_apart(token, token_len, header, header_cap)?;
        check_apart(token, token_len, claims, claims_cap)?;
        check_apart(header, header_cap, claims, claims_cap)?;
        if (!header.is_null() && header_len.is_null()) || (!claims.is_null() && claims_len.is_null()) {
            return Err(Failure::NullPointer("length"));
        }
        // SAFETY: pointers and lengths are valid by the contract of the header, and apart
        // (checked).
        let (token, header_out, claims_out) = unsafe {
            let header = buffer(header, header_cap, "header")?;
            (bytes(token, token_len, "token")?, header, buffer(claims, claims_cap, "claims")?)
        };
        let unverified = decode_unverified(token)?;
        let parts = [
            (unverified.header_json(), header_out, header.is_null(), header_len),
            (unverified.claims_json(), claims_out, claims.is_null(), claims_len),
        ];
        let short = parts.iter().find(|(json, out, skip, _)| !skip && out.len() < json.len());
        let short = short.map(|(json, ..)| json.len());
        for (json, out, skip, len) in parts {
            if !len.is_null() {
                // SAFETY: not NULL (checked); writable by the contract of the header.
                unsafe { len.write(json.len()) };
            }
            if short.is_none() && !skip {
                out[..json.len()].copy_from_slice(json.as_bytes());
            }
        }
        short.map_or(Ok(()), |needed| Err(Error::BufferTooSmall { needed }.into()))
    })
}

/// The body of both verifying exports; `token_of` finds the token in the input.
///
/// # Safety
/// As the header says: handles living, pointers valid for their lengths.
#[allow(clippy::too_many_arguments)] // One more than the export it serves.
unsafe fn verify(
    verifier: *const mjwt_verifier,
    input: *const c_char,
    input_len: size_t,
    now: i64,
    claims: *mut c_char,
    claims_cap: size_t,
    info: *mut mjwt_info,
    token_of: fn(&[u8]) -> Result<&[u8], Error>,
) -> mjwt_status {
    let mut wiped = false;
    let status = guard(|| {
        // SAFETY: NULL or writable for its own struct_size, by this function's contract.
        let info_size = unsafe { info_size(info) }?;
        let mut report = Report::default();
        // Whatever happens now, nothing of an earlier token stays in it.
        // SAFETY: as for info_size, which measured it.
        unsafe { write_info(info, info_size, &report) };
        if info.is_null() && !claims.is_null() {
            return Err(Failure::NullPointer("info"));
        }
        // SAFETY: NULL or living, by this function's contract.
        let verifier = unsafe { &shared(verifier)?.verifier };
        check_apart(input, input_len, claims, claims_cap)?;
        // SAFETY: valid for their lengths by this function's contract, and apart (checked).
        let (input, out) = unsafe { (bytes(input, input_len, "token")?, buffer(claims, claims_cap, "claims")?) };
        let token = token_of(input)?;
        let now = seconds(now)?;
        let result = if claims.is_null() {
            verifier.check(token, now, &mut report)
        } else {
            let result = verifier.verify_report(token, now, out, &mut report).map(drop);
            wiped = result.is_err();
            result
        };
        // SAFETY: as for info_size, which measured it.
        unsafe { write_info(info, info_size, &report) };
        Ok(result?)
    });
    if status != MJWT_OK && !wiped {
        // A caller who overlooks the status must not find the claims of an earlier token either.
        let _ = guard(|| {
            // SAFETY: NULL or living, by this function's contract.
            let longest = unsafe { shared(verifier) }.map_or(usize::MAX, |handle| handle.verifier.max_token_bytes());
            // SAFETY: NULL or writable for its length, by this function's contract.
            let claims = unsafe { buffer(claims, claims_cap, "claims") }?;
            let len = claims.len().min(mjwt_claims_bound(longest));
            claims[..len].fill(0);
            Ok(())
        });
    }
    status
}

#[allow(clippy::cast_precision_loss)] // Beyond 2^53 seconds nothing is left to compare.
fn seconds(now: i64) -> Result<f64, Error> {
    if now == MJWT_NOW { system_now() } else { Ok(now as f64) }
}

/// How many bytes of `info` the caller knows and this library writes.
///
/// # Safety
/// `info` is NULL, or readable for a `size_t`.
unsafe fn info_size(info: *const mjwt_info) -> Result<usize, Failure> {
    if info.is_null() {
        return Ok(0);
    }
    // SAFETY: not NULL (checked); a program with an older header may own fewer bytes than a whole
    // mjwt_info, so only the first member is touched.
    let size = unsafe { (&raw const (*info).struct_size).read() };
    if size < FIRST_INFO_SIZE {
        return Err(Failure::invalid("info->struct_size: must be sizeof(mjwt_info)"));
    }
    Ok(size.min(size_of::<mjwt_info>()))
}

/// Writes what was found, but no byte beyond `size`; struct_size stays as the caller set it.
///
/// # Safety
/// `info` is NULL, or writable for `size` bytes, as [`info_size`] measured.
unsafe fn write_info(info: *mut mjwt_info, size: usize, report: &Report) {
    if info.is_null() {
        return;
    }
    let sub = report.sub.clone().unwrap_or_default();
    let found = mjwt_info {
        // SAFETY: not NULL (checked), and `size` covers the first member.
        struct_size: unsafe { (&raw const (*info).struct_size).read() },
        claims_len: report.claims_len,
        exp: floor(report.exp),
        nbf: floor(report.nbf),
        iat: floor(report.iat),
        sub_offset: sub.start,
        sub_len: sub.len(),
        present: report.present,
        failed: report.failed,
        key_index: report.key_index.map_or(0, |index| u32::try_from(index).unwrap_or(u32::MAX)),
        missing_index: report.missing.unwrap_or(u32::MAX),
    };
    // SAFETY: `found` is at least `size` bytes long, `info` by this function's contract.
    unsafe { std::ptr::copy_nonoverlapping((&raw const found).cast::<u8>(), info.cast(), size) };
}

#[allow(clippy::cast_possible_truncation)] // A cast from f64 saturates.
fn floor(seconds: Option<f64>) -> i64 {
    seconds.unwrap_or(0.0).floor() as i64
}
