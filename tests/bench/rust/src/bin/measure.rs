//! Measures the Rust crate, its peers and the floor.
//!
//! `tokens` prints the token sets as JSON, for the other bindings; `run [quick]` prints one JSON object a measurement.

use std::hint::black_box;
use std::time::Duration;

use mastra_jwt_bench::floor::hmac_of;
use mastra_jwt_bench::interleave::{Contender, Effort, Kind, interleave};
use mastra_jwt_bench::peers::{self, Backend, JsonWebToken, JwtSimple, Short};
use mastra_jwt_bench::tokens::{self, NOW, SECRET, TokenSet, token_set};
use mastra_jwt_core::{Signer, Verifier};
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["tokens"] => {
            let secret = str::from_utf8(SECRET).expect("ASCII");
            println!("{}", json!({ "secret": secret, "sets": tokens::all_sets() }));
        }
        ["run"] => run(&Effort { rounds: 201, batch: Duration::from_micros(1000) }),
        ["run", "quick"] => run(&Effort { rounds: 25, batch: Duration::from_micros(200) }),
        _ => {
            eprintln!("usage: measure tokens | run [quick]");
            std::process::exit(2);
        }
    }
}

fn run(effort: &Effort) {
    peers::install();
    for set in tokens::all_sets() {
        verify_set(effort, &set);
        sign_set(effort, &set);
    }
    let short = token_set(200, false);
    refuse_set(effort, &short);
    refuse_set(effort, &token_set(16384, false));
    for keys in [1, 2, 8] {
        keys_set(effort, keys);
    }
}

/// Measures and prints.
fn report(effort: &Effort, what: &Value, mut contenders: Vec<Contender>) {
    let timings = interleave(effort, &mut contenders);
    for (contender, timing) in contenders.iter().zip(timings) {
        let mut row = json!({ "face": "rust", "name": contender.name, "kind": contender.kind });
        for part in [what, &json!(timing)] {
            row.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
        }
        println!("{row}");
    }
}

fn shape(set: &TokenSet) -> &'static str {
    if set.one_string { "one string" } else { "mixed" }
}

fn turned<T>(items: &[T], turn: usize) -> &T {
    &items[turn % items.len()]
}

fn text(items: &[String], turn: usize) -> &str {
    &items[turn % items.len()]
}

fn hmac_floor(tokens: &[String]) -> Contender<'_> {
    Contender::new(Kind::Floor, "floor: prekeyed HMAC", hmac_of(tokens))
}

fn verify_into(verifier: &Verifier) -> impl FnMut(&str) -> bool {
    let mut buffer = vec![0; 16384];
    move |token| verifier.verify_into(black_box(token.as_bytes()), NOW, &mut buffer).is_ok()
}

fn ours() -> (Verifier, Signer) {
    (Verifier::from_secret(SECRET).expect("long enough"), Signer::from_secret(SECRET).expect("long enough"))
}

fn verify_set(effort: &Effort, set: &TokenSet) {
    let (verifier, _) = ours();
    let mut into = verify_into(&verifier);
    let [aws, rust] = Backend::both().map(JsonWebToken::new);
    let simple = JwtSimple::keyed();
    let good = &set.good;
    let contenders = vec![
        Contender::new(Kind::Ours, "mastra-jwt verify_into", |turn| assert!(into(text(good, turn)))),
        Contender::new(Kind::Ours, "mastra-jwt verify_as struct", |turn| {
            black_box(verifier.verify_as::<Short>(black_box(text(good, turn))).expect("good"));
        }),
        Contender::new(Kind::Ours, "mastra-jwt verify to map", |turn| {
            black_box(verifier.verify(black_box(text(good, turn))).expect("good"));
        }),
        Contender::new(Kind::Peer, "jsonwebtoken aws_lc_rs, struct", |turn| {
            black_box(aws.decode::<Short>(text(good, turn)).expect("good"));
        }),
        Contender::new(Kind::Peer, "jsonwebtoken rust_crypto, struct", |turn| {
            black_box(rust.decode::<Short>(text(good, turn)).expect("good"));
        }),
        Contender::new(Kind::Peer, "jsonwebtoken rust_crypto, Value", |turn| {
            black_box(rust.decode::<Value>(text(good, turn)).expect("good"));
        }),
        Contender::new(Kind::Peer, "jwt-simple", |turn| assert!(simple.verify(text(good, turn)))),
        hmac_floor(good),
    ];
    report(effort, &json!({ "op": "verify", "case": "accept", "size": set.size, "shape": shape(set) }), contenders);
}

fn sign_set(effort: &Effort, set: &TokenSet) {
    let (_, signer) = ours();
    let [aws, rust] = Backend::both().map(JsonWebToken::new);
    let simple = JwtSimple::keyed();
    let mut out = vec![0; 16384];
    let values: Vec<Value> = set.claims.iter().map(|claims| serde_json::from_str(claims).expect("JSON")).collect();
    let simple_claims: Vec<_> = set.claims.iter().map(|claims| JwtSimple::claims(claims)).collect();
    let contenders = vec![
        Contender::new(Kind::Ours, "mastra-jwt sign_into", |turn| {
            black_box(signer.sign_into(black_box(text(&set.claims, turn).as_bytes()), &mut out).expect("an object"));
        }),
        Contender::new(Kind::Ours, "mastra-jwt sign Value", |turn| {
            black_box(signer.sign(turned(&values, turn)).expect("an object"));
        }),
        Contender::new(Kind::Peer, "jsonwebtoken aws_lc_rs", |turn| {
            black_box(aws.encode(turned(&values, turn)));
        }),
        Contender::new(Kind::Peer, "jsonwebtoken rust_crypto", |turn| {
            black_box(rust.encode(turned(&values, turn)));
        }),
        Contender::new(Kind::Peer, "jwt-simple", |turn| {
            black_box(simple.sign(turned(&simple_claims, turn).clone()));
        }),
        hmac_floor(&set.good),
    ];
    report(effort, &json!({ "op": "sign", "case": "accept", "size": set.size, "shape": shape(set) }), contenders);
}

fn refuse_set(effort: &Effort, set: &TokenSet) {
    let (verifier, _) = ours();
    let [aws, rust] = Backend::both().map(JsonWebToken::new);
    let simple = JwtSimple::keyed();
    for (case, bad) in [("bad signature", &set.bad_signature), ("expired", &set.expired), ("malformed", &set.malformed)]
    {
        let mut into = verify_into(&verifier);
        let contenders = vec![
            Contender::new(Kind::Ours, "mastra-jwt verify_into", |turn| assert!(!into(text(bad, turn)))),
            Contender::new(Kind::Peer, "jsonwebtoken aws_lc_rs, struct", |turn| {
                assert!(aws.decode::<Short>(text(bad, turn)).is_none());
            }),
            Contender::new(Kind::Peer, "jsonwebtoken rust_crypto, struct", |turn| {
                assert!(rust.decode::<Short>(text(bad, turn)).is_none());
            }),
            Contender::new(Kind::Peer, "jwt-simple", |turn| assert!(!simple.verify(text(bad, turn)))),
            hmac_floor(&set.good),
        ];
        report(effort, &json!({ "op": "verify", "case": case, "size": set.size, "shape": shape(set) }), contenders);
    }
}

/// Several keys, told apart by `kid`; the token names the last.
fn keys_set(effort: &Effort, keys: u8) {
    let kid = |key: u8| format!("2026-{key:02}");
    let secret = |key: u8| [key + 1; 32];
    let mut builder = Verifier::builder();
    for key in 0..keys {
        builder.secret_with_kid(&secret(key), &kid(key)).expect("a secret");
    }
    let verifier = builder.build().expect("keys");
    let mut signer = Signer::builder();
    signer.secret(&secret(keys - 1)).and_then(|signer| signer.kid(&kid(keys - 1))).expect("a secret and its kid");
    let signer = signer.build().expect("a key");
    let claims = token_set(200, false).claims;
    let good: Vec<String> = claims.iter().map(|claims| signer.sign_json(claims.as_bytes()).expect("claims")).collect();
    let ring = peers::KeyRing::new((0..keys).map(|key| (kid(key), secret(key))));
    let mut into = verify_into(&verifier);
    let contenders = vec![
        Contender::new(Kind::Ours, "mastra-jwt verify_into", |turn| assert!(into(text(&good, turn)))),
        Contender::new(Kind::Peer, "jsonwebtoken rust_crypto, header, map, struct", |turn| {
            assert!(ring.verify(text(&good, turn)));
        }),
        hmac_floor(&good),
    ];
    report(effort, &json!({ "op": "verify", "case": "kid", "size": 200, "shape": "mixed", "keys": keys }), contenders);
}
