//! Measures the core with its peers and the floor.
//!
//! `tokens` prints the token sets as JSON, for the other bindings. `core` and `growth`, each with
//! or without `quick`, print one JSON object a measurement.

use std::hint::black_box;
use std::time::Duration;

use mastra_jwt_bench::floor::hmac_of;
use mastra_jwt_bench::interleave::{Contender, Effort, Kind, interleave};
use mastra_jwt_bench::peers::{self, Backend, JsonWebToken, JwtSimple, Short};
use mastra_jwt_bench::tokens::{self, MOST_BYTES, NOW, SECRET, TokenSet, token_set};
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
        ["core"] => core(&Effort { rounds: 201, batch: Duration::from_micros(1000) }),
        ["core", "quick"] => core(&Effort { rounds: 25, batch: Duration::from_micros(200) }),
        ["growth"] => growth(&Effort { rounds: 101, batch: Duration::from_micros(1000) }),
        ["growth", "quick"] => growth(&Effort { rounds: 7, batch: Duration::from_micros(200) }),
        _ => {
            eprintln!("usage: measure tokens | core [quick] | growth [quick]");
            std::process::exit(2);
        }
    }
}

fn core(effort: &Effort) {
    peers::install();
    for set in tokens::all_sets() {
        verify_set(effort, &set);
        sign_set(effort, &set);
    }
    let short = token_set(200, false);
    refuse_set(effort, &short);
    refuse_set(effort, &token_set(16384, false));
}

/// How the cost grows with the work: bytes, keys, required claims.
fn growth(effort: &Effort) {
    peers::install();
    for one_string in [false, true] {
        bytes_set(effort, one_string);
    }
    keys_set(effort);
    required_set(effort);
}

/// Measures and prints.
fn report(effort: &Effort, what: &Value, mut contenders: Vec<Contender>) {
    let timings = interleave(effort, &mut contenders);
    for (contender, timing) in contenders.iter().zip(timings) {
        let mut row = json!({ "name": contender.name, "kind": contender.kind });
        for part in [what, &contender.what, &json!(timing)] {
            row.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
        }
        println!("{row}");
    }
}

const OURS: &str = "mastra-jwt verify_into";

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
        Contender::new(Kind::Ours, OURS, |turn| assert!(into(text(good, turn)))),
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
    report(
        effort,
        &json!({ "set": "core", "op": "verify", "case": "accept", "size": set.size, "shape": shape(set) }),
        contenders,
    );
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
    report(
        effort,
        &json!({ "set": "core", "op": "sign", "case": "accept", "size": set.size, "shape": shape(set) }),
        contenders,
    );
}

fn refuse_set(effort: &Effort, set: &TokenSet) {
    let (verifier, _) = ours();
    let [aws, rust] = Backend::both().map(JsonWebToken::new);
    let simple = JwtSimple::keyed();
    for (case, bad) in [("bad signature", &set.bad_signature), ("expired", &set.expired), ("malformed", &set.malformed)]
    {
        let mut into = verify_into(&verifier);
        let contenders = vec![
            Contender::new(Kind::Ours, OURS, |turn| assert!(!into(text(bad, turn)))),
            Contender::new(Kind::Peer, "jsonwebtoken aws_lc_rs, struct", |turn| {
                assert!(aws.decode::<Short>(text(bad, turn)).is_none());
            }),
            Contender::new(Kind::Peer, "jsonwebtoken rust_crypto, struct", |turn| {
                assert!(rust.decode::<Short>(text(bad, turn)).is_none());
            }),
            Contender::new(Kind::Peer, "jwt-simple", |turn| assert!(!simple.verify(text(bad, turn)))),
            hmac_floor(&set.good),
        ];
        report(
            effort,
            &json!({ "set": "core", "op": "verify", "case": case, "size": set.size, "shape": shape(set) }),
            contenders,
        );
    }
}

/// From a session's token to the longest that an option allows.
fn bytes_set(effort: &Effort, one_string: bool) {
    const SIZES: [usize; 5] = [200, 1 << 14, 1 << 17, 1 << 20, MOST_BYTES];
    let mut builder = Verifier::builder();
    builder.secret(SECRET).expect("long enough").max_token_bytes(MOST_BYTES).expect("within the range");
    let verifier = builder.build().expect("a key");
    let tokens = SIZES.map(|size| [tokens::token_of(size, one_string)]);
    let verifier = &verifier;
    let contenders = tokens.iter().zip(SIZES).flat_map(|(token, size)| {
        let bytes = json!({ "size": size, "bytes": token[0].len() });
        let mut buffer = vec![0; token[0].len()];
        let verify = move |_| {
            assert!(verifier.verify_into(black_box(token[0].as_bytes()), NOW, &mut buffer).is_ok());
        };
        [Contender::new(Kind::Ours, OURS, verify).with(bytes.clone()), hmac_floor(token).with(bytes)]
    });
    let shape = if one_string { "one string" } else { "mixed" };
    report(effort, &json!({ "set": "growth", "op": "verify", "case": "bytes", "shape": shape }), contenders.collect());
}

/// Several keys, told apart by `kid`; the tokens name eight of them, or all if there are fewer.
fn keys_set(effort: &Effort) {
    let kid = |key: u32| format!("2026-{key:04}");
    let secret = |key: u32| [[key as u8; 16], [(key >> 8) as u8 + 1; 16]].concat().try_into().expect("32 bytes");
    let mut contenders = Vec::new();
    for count in [1, 8, 64, 1000] {
        let mut builder = Verifier::builder();
        for key in 0..count {
            let secret: [u8; 32] = secret(key);
            builder.secret_with_kid(&secret, &kid(key)).expect("a secret");
        }
        let verifier = builder.build().expect("keys");
        let signed = (0..tokens::IN_A_SET).map(|at| {
            let key = (at + 1) * count / tokens::IN_A_SET;
            let key = key.max(1) - 1;
            let mut signer = Signer::builder();
            signer.secret(&secret(key)).expect("a secret").kid(&kid(key)).expect("a kid");
            let claims = &token_set(200, false).claims[at as usize];
            signer.build().expect("a key").sign_json(claims.as_bytes()).expect("claims")
        });
        let good: Vec<String> = signed.collect();
        let ring = peers::KeyRing::new((0..count).map(|key| (kid(key), secret(key))));
        let mut buffer = vec![0; 16384];
        let theirs = good.clone();
        let verify = move |turn| {
            assert!(verifier.verify_into(black_box(text(&good, turn).as_bytes()), NOW, &mut buffer).is_ok());
        };
        contenders.push(Contender::new(Kind::Ours, OURS, verify).with(json!({ "keys": count })));
        let verify = move |turn| assert!(ring.verify(text(&theirs, turn)));
        let name = "jsonwebtoken rust_crypto, header, map, struct";
        contenders.push(Contender::new(Kind::Peer, name, verify).with(json!({ "keys": count })));
    }
    report(effort, &json!({ "set": "growth", "op": "verify", "case": "keys" }), contenders);
}

/// The same tokens, of 64 claims beyond those of a session; one to all of these are required.
fn required_set(effort: &Effort) {
    let good: Vec<String> = (0..tokens::IN_A_SET).map(|seed| tokens::sign_any(&tokens::many_claims(seed))).collect();
    let contenders = [0, 1, 8, 64].map(|count| {
        let mut builder = Verifier::builder();
        builder.secret(SECRET).expect("long enough");
        for at in 0..count {
            builder.required_claim(&format!("claim-{at:02}")).expect("a name");
        }
        let verifier = builder.build().expect("a key");
        let mut buffer = vec![0; 16384];
        let good = &good;
        let verify = move |turn| {
            assert!(verifier.verify_into(black_box(text(good, turn).as_bytes()), NOW, &mut buffer).is_ok());
        };
        Contender::new(Kind::Ours, OURS, verify).with(json!({ "required": count }))
    });
    report(effort, &json!({ "set": "growth", "op": "verify", "case": "required claims" }), contenders.into());
}
