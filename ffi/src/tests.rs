//! The exports as C calls them, small enough for Miri; `tests/c` has the long form.

use std::ffi::CStr;
use std::ptr::{null, null_mut};
use std::thread;

use crate::codes;
use crate::*;

/// The status of a name in the table.
fn status(name: &str) -> mjwt_status {
    codes::ROWS.iter().find(|row| row.name == name).unwrap().code.cast_signed()
}

const SECRET: [u8; 32] = [7; 32];
const CLAIMS: &[u8] = br#"{"sub":"me","exp":2000000000}"#;
const NOW: i64 = 1_999_999_999;

/// A pointer that may go to another thread, as every pointer in C does.
struct Shared<T>(*const T);
// SAFETY: only used for handles whose documentation says that threads may share them.
unsafe impl<T: Send + Sync> Send for Shared<T> {}

impl<T> Shared<T> {
    fn get(&self) -> *const T {
        self.0
    }
}

fn verifier() -> *const mjwt_verifier {
    let mut verifier = null();
    // SAFETY: the pointers are those of living Rust values.
    let status = unsafe { mjwt_verifier_new_secret(SECRET.as_ptr(), SECRET.len(), &raw mut verifier) };
    assert_eq!(status, MJWT_OK);
    verifier
}

fn token() -> Vec<u8> {
    let mut signer = null();
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        let status = mjwt_signer_new(SECRET.as_ptr(), SECRET.len(), null(), 0, MJWT_ALG_HS256, 0, &raw mut signer);
        assert_eq!(status, MJWT_OK);
        let mut token = vec![0; mjwt_sign_bound(signer, CLAIMS.len())];
        let mut len = 0;
        let status = mjwt_sign(
            signer,
            CLAIMS.as_ptr().cast(),
            CLAIMS.len(),
            token.as_mut_ptr().cast(),
            token.len(),
            &raw mut len,
        );
        assert_eq!((status, len), (MJWT_OK, token.len()));
        mjwt_signer_free(mjwt_signer_retain(signer));
        mjwt_signer_free(signer);
        token
    }
}

fn info() -> mjwt_info {
    // SAFETY: every member is an integer.
    let info: mjwt_info = unsafe { std::mem::zeroed() };
    mjwt_info { struct_size: size_of::<mjwt_info>(), ..info }
}

fn verify(
    verifier: *const mjwt_verifier,
    token: &[u8],
    now: i64,
    claims: &mut [u8],
    info: *mut mjwt_info,
) -> mjwt_status {
    let (pointer, cap) = (claims.as_mut_ptr().cast(), claims.len());
    // SAFETY: the pointers are those of living Rust values.
    unsafe { mjwt_verify(verifier, token.as_ptr().cast(), token.len(), now, pointer, cap, info) }
}

#[test]
fn a_token_goes_round() {
    let (verifier, token) = (verifier(), token());
    let (mut claims, mut info) = ([0xff; 64], info());
    assert_eq!(verify(verifier, &token, NOW, &mut claims, &raw mut info), MJWT_OK);
    assert_eq!(&claims[..info.claims_len], CLAIMS);
    assert_eq!(&claims[info.sub_offset..][..info.sub_len], b"me");
    assert_eq!((info.exp, info.present), (2_000_000_000, MJWT_CLAIM_SUB | MJWT_CLAIM_EXP));

    assert_eq!(verify(verifier, &token, NOW + 1, &mut claims, &raw mut info), status("EXPIRED"));
    assert_eq!(claims, [0; 64]);
    assert_eq!((info.failed, info.claims_len), (MJWT_CLAIM_EXP, 0));

    let short = &mut claims[..CLAIMS.len() - 1];
    assert_eq!(verify(verifier, &token, NOW, short, &raw mut info), status("BUFFER_TOO_SMALL"));
    assert_eq!(info.claims_len, CLAIMS.len());
    // SAFETY: one reference, given back once.
    unsafe { mjwt_verifier_free(verifier) };
}

#[test]
fn null_is_a_status() {
    let (verifier, token) = (verifier(), token());
    let (pointer, len) = (token.as_ptr().cast(), token.len());
    // SAFETY: NULL is what the contract allows everywhere.
    unsafe {
        assert_eq!(mjwt_verify(null(), pointer, len, NOW, null_mut(), 0, null_mut()), status("NULL_POINTER"));
        assert_eq!(mjwt_verify(verifier, null(), 1, NOW, null_mut(), 0, null_mut()), status("NULL_POINTER"));
        assert_eq!(mjwt_verify(verifier, null(), 0, NOW, null_mut(), 0, null_mut()), status("TOKEN_FORMAT"));
        assert_eq!(mjwt_verify(verifier, pointer, len, NOW, null_mut(), 1, null_mut()), status("NULL_POINTER"));
        assert_eq!(mjwt_verify(verifier, pointer, len, NOW, null_mut(), 0, null_mut()), MJWT_OK);
        assert_eq!(mjwt_config_new(null_mut()), status("NULL_POINTER"));
        assert_eq!(mjwt_sign_bound(null(), 1), 0);
        mjwt_config_free(null_mut());
        mjwt_claims_free(null_mut());
        mjwt_signer_free(mjwt_signer_retain(null()));
        mjwt_verifier_free(mjwt_verifier_retain(null()));
        mjwt_verifier_free(verifier);
    }
}

#[test]
fn an_info_that_is_too_short_is_left_alone() {
    let (verifier, token) = (verifier(), token());
    for size in [size_of::<usize>(), 2 * size_of::<usize>(), size_of::<mjwt_info>() - 1] {
        // Exactly as many bytes as an older program would own, aligned as it would have them.
        let mut owned = vec![0_u64; size.div_ceil(8)];
        let older: *mut mjwt_info = owned.as_mut_ptr().cast();
        // SAFETY: the memory holds the first member.
        unsafe { (&raw mut (*older).struct_size).write(size) };
        assert_eq!(verify(verifier, &token, NOW, &mut [0; 64], older), status("INVALID_ARGUMENT"));
        assert_eq!(owned[0], size as u64);
        assert!(owned[1..].iter().all(|word| *word == 0));
    }
    // SAFETY: one reference, given back once.
    unsafe { mjwt_verifier_free(verifier) };
}

#[test]
fn a_configuration_says_what_is_wrong() {
    let says = |config: *const mjwt_config| {
        // SAFETY: a living configuration, whose text is read before the next call on it.
        unsafe { CStr::from_ptr(mjwt_config_error(config)) }.to_str().unwrap().to_owned()
    };
    let (mut config, mut verifier) = (null_mut(), null());
    let policy = br#"{"requiredClaims":["sub","role"],"leeway":1}"#;
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        assert_eq!(mjwt_config_new(&raw mut config), MJWT_OK);
        assert_eq!(says(config), "");
        assert_eq!(mjwt_verifier_new(config, &raw mut verifier), status("NO_KEYS"));
        assert_eq!(says(config), "no key was given");
        assert_eq!(mjwt_config_set(config, MJWT_OPT_LEEWAY_SECONDS, -1), status("INVALID_ARGUMENT"));
        assert_eq!(says(config), "leeway: must be a whole number of seconds from 0 to 86400");
        assert_eq!(mjwt_config_set_policy(config, policy.as_ptr().cast(), policy.len()), MJWT_OK);
        assert_eq!(mjwt_config_set(config, MJWT_OPT_LEEWAY_SECONDS, 1), status("INVALID_ARGUMENT"));
        assert_eq!(says(config), "leeway: already set by a policy document");
        assert_eq!(mjwt_config_add_secret(config, SECRET.as_ptr(), SECRET.len(), null(), 0), MJWT_OK);
        assert_eq!(mjwt_verifier_new(config, &raw mut verifier), MJWT_OK);
        mjwt_config_free(config);
        let mut info = info();
        assert_eq!(verify(verifier, &token(), NOW, &mut [0; 64], &raw mut info), status("MISSING_CLAIM"));
        assert_eq!((info.missing_index, info.failed), (1, MJWT_CLAIM_OTHER));
        mjwt_verifier_free(verifier);
    }
}

#[test]
fn the_elements_of_an_array_are_stepped_through() {
    let claims = br#"{"a":[ 1 , "b"]}"#;
    let (mut cursor, mut at, mut len, mut found) = (0, 0, 0, 0);
    let (json, size, name) = (claims.as_ptr().cast(), claims.len(), c"a".as_ptr());
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        for element in [&b"1"[..], b"\"b\""] {
            let status = mjwt_claims_next(json, size, name, 1, &raw mut cursor, &raw mut at, &raw mut len);
            assert_eq!((status, &claims[at..at + len]), (MJWT_OK, element));
        }
        let end = mjwt_claims_next(json, size, name, 1, &raw mut cursor, &raw mut at, &raw mut len);
        assert_eq!(end, status("CLAIM_ABSENT"));
        assert_eq!(mjwt_claims_contains(json, size, name, 1, c"b".as_ptr(), 1, &raw mut found), MJWT_OK);
        assert_eq!(found, 1);
    }
}

#[test]
fn one_json_value_is_set_and_no_more() {
    let mut claims = null_mut();
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        assert_eq!(mjwt_claims_new(&raw mut claims), MJWT_OK);
        for (json, expected) in [
            (&b" [1] "[..], MJWT_OK),
            (br#"1,"":2"#, status("INVALID_ARGUMENT")),
            (b"1}", status("INVALID_ARGUMENT")),
            (b"", status("INVALID_ARGUMENT")),
        ] {
            let set = mjwt_claims_set_json(claims, c"j".as_ptr(), 1, json.as_ptr().cast(), json.len());
            assert_eq!(set, expected, "{}", String::from_utf8_lossy(json));
        }
        mjwt_claims_free(claims);
    }
}

#[test]
fn a_jwk_set_is_added() {
    let set = br#"{"keys":[{"kty":"oct","k":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"}]}"#;
    let (mut config, mut verifier, mut added) = (null_mut(), null(), 0);
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        assert_eq!(mjwt_config_new(&raw mut config), MJWT_OK);
        let not_utf8 = mjwt_config_add_jwks(config, c"\xff".as_ptr(), 1, &raw mut added);
        assert_eq!((not_utf8, added), (status("JWK_SYNTAX"), 0));
        assert!(CStr::from_ptr(mjwt_config_error(config)).to_str().unwrap().contains("not UTF-8"));
        assert_eq!(mjwt_config_add_jwks(config, set.as_ptr().cast(), set.len(), &raw mut added), MJWT_OK);
        assert_eq!(added, 1);
        assert_eq!(mjwt_verifier_new(config, &raw mut verifier), MJWT_OK);
        mjwt_config_free(config);
        assert_eq!(verify(verifier, &token(), NOW, &mut [0; 64], &mut info()), MJWT_OK);
        mjwt_verifier_free(verifier);
    }
}

/// What a verifier says of [`token`] whose configuration has this option.
fn with_option(option: u32, value: i64) -> Result<mjwt_status, mjwt_status> {
    let (mut config, mut verifier) = (null_mut(), null());
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        assert_eq!(mjwt_config_new(&raw mut config), MJWT_OK);
        // As long as every algorithm wants it; not that of the token.
        assert_eq!(mjwt_config_add_secret(config, [9; 64].as_ptr(), 64, c"long".as_ptr(), 4), MJWT_OK);
        let set = mjwt_config_set(config, option, value);
        if set == MJWT_OK {
            assert_eq!(mjwt_verifier_new(config, &raw mut verifier), MJWT_OK);
        }
        mjwt_config_free(config);
        if set != MJWT_OK {
            return Err(set);
        }
        let result = verify(verifier, &token(), NOW, &mut [0; 64], &mut info());
        mjwt_verifier_free(verifier);
        Ok(result)
    }
}

#[test]
fn algorithms_are_a_sum_of_bits() {
    let invalid = Err(status("INVALID_ARGUMENT"));
    let (others, all) = (MJWT_ALG_HS384 + MJWT_ALG_HS512, MJWT_ALG_HS256 + MJWT_ALG_HS384 + MJWT_ALG_HS512);
    // The algorithm is looked at before the signature.
    assert_eq!(with_option(MJWT_OPT_ALGORITHMS, others.into()), Ok(status("ALGORITHM")));
    assert_eq!(with_option(MJWT_OPT_ALGORITHMS, all.into()), Ok(status("SIGNATURE")));
    for bits in [0, 8, 9, -1] {
        assert_eq!(with_option(MJWT_OPT_ALGORITHMS, bits), invalid, "{bits}");
    }

    let signer = |algorithm| {
        let mut signer = null();
        // SAFETY: the pointers are those of living Rust values.
        let status = unsafe { mjwt_signer_new([9; 64].as_ptr(), 64, null(), 0, algorithm, 0, &raw mut signer) };
        // SAFETY: a signer or NULL, given back once after its use.
        unsafe {
            let bound = mjwt_sign_bound(signer, 2);
            mjwt_signer_free(signer);
            (status, bound)
        }
    };
    // Two dots, {"alg":"HS…","typ":"JWT"}, {}, and the MAC, in base64url.
    assert_eq!(signer(MJWT_ALG_HS256), (MJWT_OK, 36 + 3 + 43 + 2));
    assert_eq!(signer(MJWT_ALG_HS512), (MJWT_OK, 36 + 3 + 86 + 2));
    assert_eq!(signer(others), (status("INVALID_ARGUMENT"), 0));
}

#[test]
fn a_switch_is_on_or_off() {
    let set = |value| {
        let (mut config, mut verifier) = (null_mut(), null());
        // SAFETY: the pointers are those of living Rust values.
        unsafe {
            assert_eq!(mjwt_config_new(&raw mut config), MJWT_OK);
            assert_eq!(mjwt_config_add_secret(config, SECRET.as_ptr(), 31, null(), 0), MJWT_OK);
            let set = mjwt_config_set(config, MJWT_OPT_ALLOW_SHORT_KEYS, value);
            let made = mjwt_verifier_new(config, &raw mut verifier);
            mjwt_verifier_free(verifier);
            mjwt_config_free(config);
            (set, made)
        }
    };
    assert_eq!(set(0), (MJWT_OK, status("KEY_TOO_SHORT")));
    assert_eq!(set(1), (MJWT_OK, MJWT_OK));
    assert_eq!(set(2), (status("INVALID_ARGUMENT"), status("KEY_TOO_SHORT")));
}

#[test]
fn an_input_and_an_output_are_apart() {
    let memory = c"0123456789".as_ptr();
    let apart = |input: usize, len, output: usize, cap| {
        crate::guard::check_apart(memory.wrapping_add(input), len, memory.wrapping_add(output), cap).is_ok()
    };
    assert!(apart(0, 5, 5, 5) && apart(5, 5, 0, 5));
    assert!(apart(2, 0, 0, 5) && apart(0, 5, 2, 0));
    assert!(!apart(0, 5, 4, 5) && !apart(4, 5, 0, 5) && !apart(0, 5, 0, 5) && !apart(2, 1, 0, 5));
}

#[test]
fn the_macros_of_the_header_are_functions_too() {
    let errors = [-1, 0, 99, 100, 299, 300].map(|status| mjwt_is_token_error(status));
    assert_eq!(errors, [0, 0, 0, 1, 1, 0]);
    assert_eq!([0, 3, 4, 7, 400].map(|len| mjwt_claims_bound(len)), [3, 3, 6, 6, 303]);
    assert_eq!(mjwt_abi_version(), MJWT_ABI_VERSION);
}

#[test]
fn threads_share_a_verifier_and_any_of_them_frees_it() {
    let (verifier, token) = (Shared(verifier()), token());
    let threads: Vec<_> = (0..3)
        .map(|_| {
            // SAFETY: the reference of this function lives until it frees it below.
            let own = Shared(unsafe { mjwt_verifier_retain(verifier.get()) });
            let token = token.clone();
            thread::spawn(move || {
                let mut info = info();
                assert_eq!(verify(own.get(), &token, NOW, &mut [0; 64], &raw mut info), MJWT_OK);
                // SAFETY: the reference of this thread, given back once.
                unsafe { mjwt_verifier_free(own.get()) };
            })
        })
        .collect();
    // SAFETY: the first reference, given back once.
    unsafe { mjwt_verifier_free(verifier.get()) };
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn claims_are_written_and_read() {
    let (mut claims, mut out, mut len, mut number) = (null_mut(), [0_u8; 64], 0, 0);
    // SAFETY: the pointers are those of living Rust values.
    unsafe {
        assert_eq!(mjwt_claims_new(&raw mut claims), MJWT_OK);
        assert_eq!(mjwt_claims_set_int(claims, c"n".as_ptr(), 1, 5), MJWT_OK);
        assert_eq!(mjwt_claims_set_json(claims, c"j".as_ptr(), 1, c"[1]".as_ptr(), 3), MJWT_OK);
        assert_eq!(mjwt_claims_set_string(claims, c"n".as_ptr(), 1, c"\"".as_ptr(), 1), MJWT_OK);
        assert_eq!(mjwt_claims_json(claims, out.as_mut_ptr().cast(), 3, &raw mut len), status("BUFFER_TOO_SMALL"));
        assert_eq!(len, 18);
        assert_eq!(mjwt_claims_json(claims, out.as_mut_ptr().cast(), out.len(), &raw mut len), MJWT_OK);
        assert_eq!(&out[..len], br#"{"n":"\"","j":[1]}"#);
        let json = out.as_ptr().cast();
        assert_eq!(mjwt_claims_get_int(json, len, c"n".as_ptr(), 1, &raw mut number), status("CLAIM_TYPE"));
        let (mut text, mut text_len) = (0, 0);
        assert_eq!(mjwt_claims_get_string(json, len, c"n".as_ptr(), 1, &raw mut text, 1, &raw mut text_len), MJWT_OK);
        assert_eq!((text.cast_unsigned(), text_len), (b'"', 1));
        mjwt_claims_free(claims);
    }
}

#[test]
#[cfg_attr(miri, ignore = "the payload is forgotten, which Miri calls a leak")]
fn a_panic_becomes_a_status() {
    assert_eq!(crate::guard::guard(|| std::panic::panic_any("on purpose")), status("PANIC"));
}

#[test]
#[cfg_attr(miri, ignore = "the payload is forgotten, which Miri calls a leak")]
fn what_panics_again_when_dropped_is_forgotten() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    assert_eq!(crate::guard::guard(|| std::panic::panic_any(Bomb)), status("PANIC"));
}
