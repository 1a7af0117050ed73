//! The hot paths make no heap allocation: counted, not promised.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use mastra_jwt_core::{Report, Signer, Verifier};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator as it came; counting touches a
// thread-local cell only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's promise, passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise, passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = COUNT.get();
    let result = work();
    (COUNT.get() - before, result)
}

const SECRET: &[u8] = b"supersecretdevkeythatishs256safe!";
const NOW: f64 = 1_700_000_000.0;

fn verifier() -> Verifier {
    let mut builder = Verifier::builder();
    builder.secret_with_kid(SECRET, "k1").unwrap();
    builder.issuer("https://issuer.example").unwrap().audience("api").unwrap().required_claim("role").unwrap();
    builder.max_age(Some(60)).unwrap();
    builder.build().unwrap()
}

fn token(claims: &str) -> String {
    let signer = Signer::builder().secret(SECRET).unwrap().kid("k1").unwrap().build().unwrap();
    signer.sign_json(claims.as_bytes()).unwrap()
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| vec![1]).0, 1);
}

#[test]
fn verifying_into_a_buffer_allocates_nothing() {
    let verifier = verifier();
    let good =
        r#"{"iss":"https:\/\/issuer.example","aud":["x","api"],"iat":1700000000,"role":{"a":[[1]]},"e":"\u00e9"}"#;
    let mut buffer = [0; 16384];
    for (claims, code) in [
        (good.to_owned(), 0),
        (good.replace("1700000000", "1699999940"), 204),
        (good.replace("1700000000", "\"x\""), 210),
        (good.replace("\"iat\"", "\"xxx\""), 209),
        (good.replace("\"role\"", "\"xxxx\""), 209),
        (good.replace("issuer.example", "other.example"), 205),
        (good.replace("\"api\"", "\"web\""), 206),
        (good.replace("\"x\"", &format!("\"{}\"", "x".repeat(10_000))), 0),
    ] {
        let token = if claims.contains("\"iat\":\"x\"") { forged(&claims) } else { token(&claims) };
        let (count, result) = allocations(|| verifier.verify_into(token.as_bytes(), NOW, &mut buffer).map(drop));
        assert_eq!((count, result.map_err(|error| error.code()).err().unwrap_or(0)), (0, code), "{claims:.60}");
        let (count, result) = allocations(|| verifier.check(token.as_bytes(), NOW, &mut Report::default()));
        assert_eq!((count, result.map_err(|error| error.code()).err().unwrap_or(0)), (0, code), "{claims:.60}");
    }
    for (token, code) in [("", 102), ("a.b.c", 103), ("W10.e30.x", 104), (&token(good)[..200], 120)] {
        let (count, result) = allocations(|| verifier.verify_into(token.as_bytes(), NOW, &mut buffer).map(drop));
        assert_eq!((count, result.unwrap_err().code()), (0, code));
    }
}

/// A token with claims that our signer refuses to sign, signed by another library.
fn forged(claims: &str) -> String {
    use base64_simd::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit, Mac};

    let head = r#"{"alg":"HS256","kid":"k1"}"#;
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode_to_string(head), URL_SAFE_NO_PAD.encode_to_string(claims));
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET).unwrap().chain_update(&input).finalize().into_bytes();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode_to_string(mac))
}

#[test]
fn signing_into_a_buffer_allocates_nothing() {
    let signer = Signer::from_secret(SECRET).unwrap();
    let claims = br#"{"sub":"me","exp":1700000000}"#;
    let mut out = [0; 256];
    let (count, token) = allocations(|| signer.sign_into(claims, &mut out).map(<[u8]>::len));
    assert_eq!((count, token), (0, Ok(signer.bound(claims.len()))));
    assert_eq!(allocations(|| signer.sign_into(b"[]", &mut [0; 256]).map(<[u8]>::len).unwrap_err().code()), (0, 40));
}
