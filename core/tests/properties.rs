//! What is true of every token, tried on generated ones. The `jsonwebtoken` and `serde_json` crates
//! say what is right.

use std::collections::HashSet;

use base64_simd::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use mastra_jwt_core::{
    Algorithm, Claims, Error, Report, Signer, Verifier, bearer_token, decode_unverified, member, system_now,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use sha2::Sha256;

const SECRET: [u8; 64] = [0x5a; 64];
const OTHER_SECRET: [u8; 64] = [0xa5; 64];
const NOW: f64 = 1_700_000_000.0;

fn signer(algorithm: Algorithm) -> Signer {
    Signer::builder().secret(&SECRET).unwrap().algorithm(algorithm).unwrap().build().unwrap()
}

fn verifier(algorithms: &[Algorithm]) -> Verifier {
    Verifier::builder().secret(&SECRET).unwrap().algorithms(algorithms).unwrap().build().unwrap()
}

/// The same algorithm of the oracle, whether or not the core is built with the conversion.
fn theirs(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    algorithm.name().parse().unwrap()
}

/// A good HS256 signature under any header and payload.
fn seal(header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode_to_string(header), URL_SAFE_NO_PAD.encode_to_string(payload));
    let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode_to_string(mac.finalize().into_bytes()))
}

/// The claims of a token, or the code of its refusal.
fn verify(verifier: &Verifier, token: &[u8], now: f64) -> Result<String, u32> {
    let mut buffer = vec![0xaa; token.len()];
    match verifier.verify_into(token, now, &mut buffer) {
        Ok(good) => Ok(good.json().to_owned()),
        Err(error) => Err(error.code()),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter_map("no JSON number", |number| serde_json::Number::from_f64(number).map(Value::Number)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any_name(), inner, 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role"];
    prop_oneof![select(&KNOWN[..]).prop_map(str::to_owned), any::<String>()]
}

/// Claims whose times are numbers that let them pass at `NOW`.
fn timely_claims() -> impl Strategy<Value = Map<String, Value>> {
    let times = (option::of(0..1000_i64), option::of(1..1000_i64), option::of(any::<i32>()));
    (btree_map(any_name(), any_json(), 0..8), times).prop_map(|(members, (nbf, exp, iat))| {
        let mut claims: Map<_, _> = members.into_iter().collect();
        for (name, time) in [("nbf", nbf.map(|ago| -ago)), ("exp", exp), ("iat", iat.map(i64::from))] {
            claims.remove(name);
            if let Some(time) = time {
                claims.insert(name.to_owned(), (1_700_000_000 + time).into());
            }
        }
        claims
    })
}

fn blank() -> impl Strategy<Value = &'static str> {
    select(&["", "", "", " ", "\n", "\t\r ", "  "][..])
}

fn loose_string() -> impl Strategy<Value = String> {
    let parts = [
        "a",
        "exp",
        "é",
        "🦀",
        "\\u0065",
        "\\u00E9",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\uD83E\\uDD80",
        "\\ud800",
        "\\udc00",
        "1234567",
        "{",
        "]",
        ",",
    ];
    vec(select(parts.to_vec()), 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

fn loose_object(value: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let claims =
        ["\"exp\"", "\"\\u0065xp\"", "\"nbf\"", "\"iat\"", "\"iss\"", "\"sub\"", "\"aud\"", "\"jti\"", "\"\\u006ati\""];
    let name = prop_oneof![loose_string(), select(claims.to_vec()).prop_map(str::to_owned)];
    let member = (blank(), name, blank(), blank(), value, blank())
        .prop_map(|(a, name, b, c, value, d)| format!("{a}{name}{b}:{c}{value}{d}"));
    vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(",")))
}

/// JSON text with blanks, escapes and numbers as a serializer would not write them.
fn loose_json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        loose_string(),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?",
        select(&["true", "false", "null", "1e400", "-1e400", "1e-400", "1700000000"][..]).prop_map(str::to_owned),
    ];
    let value = scalar.prop_recursive(3, 12, 4, |inner| {
        let element = (blank(), inner.clone(), blank()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let array = vec(element, 0..4).prop_map(|elements| format!("[{}]", elements.join(",")));
        prop_oneof![array, loose_object(inner.boxed())]
    });
    (blank(), loose_object(value.boxed()), blank()).prop_map(|(a, object, b)| format!("{a}{object}{b}"))
}

/// A text with a few of its bytes replaced, removed or doubled.
fn edited(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => select(&b"{}[]\",:\\ \n\t\0\x1f+-.0123456789eEuntrfalsxd/"[..]),
        1 => any::<u8>(),
    ];
    let edit = (any::<prop::sample::Index>(), 0..3_u8, byte);
    (text, vec(edit, 0..4)).prop_map(|(text, edits)| {
        let mut bytes = text.into_bytes();
        for (at, kind, byte) in edits {
            let at = at.index(bytes.len() + 1);
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

/// Whether the text escapes half of a surrogate pair: `JSON.parse` and the core take that for a
/// string, `serde_json` does not.
fn escapes_a_surrogate(json: &[u8]) -> bool {
    let lower = json.to_ascii_lowercase();
    lower.windows(4).any(|four| four.starts_with(b"\\ud") && matches!(four[3], b'8'..=b'9' | b'a'..=b'f'))
}

/// What `serde_json` makes of claims. It stops at 128 levels, where nothing generated here comes
/// near.
fn oracle(json: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(json).ok()
}

/// The core reads the same claims as the oracle, or both none.
fn read_alike(json: &[u8]) -> Result<(), TestCaseError> {
    let (Ok(claims), expected) = (Claims::parse(json), oracle(json)) else {
        prop_assert_eq!(oracle(json), None, "refused here alone");
        return Ok(());
    };
    let Some(expected) = expected else {
        prop_assert!(escapes_a_surrogate(json), "accepted here alone");
        return Ok(());
    };
    prop_assert_eq!(claims.json().as_bytes(), json);
    for (bit, name) in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"].into_iter().enumerate() {
        prop_assert_eq!(claims.present() >> bit & 1 == 1, expected.contains_key(name), "{}", name);
    }
    for (name, found) in [("exp", claims.exp()), ("nbf", claims.nbf()), ("iat", claims.iat())] {
        let expected = expected.get(name).filter(|value| value.is_number()).and_then(Value::as_f64);
        prop_assert_eq!(found.is_some(), expected.is_some(), "{}", name);
        // serde_json rounds to within one place of a double's last.
        let (found, expected) = (found.unwrap_or_default(), expected.unwrap_or_default());
        let place = expected.abs().next_up() - expected.abs();
        prop_assert!((found - expected).abs() <= place, "{}", name);
    }
    for (name, found) in [("iss", claims.iss()), ("sub", claims.sub()), ("jti", claims.jti())] {
        let found = found.map(|text| text.decode().expect("the oracle takes no lone surrogate").into_owned());
        prop_assert_eq!(found.as_deref(), expected.get(name).and_then(Value::as_str), "{}", name);
    }
    let aud = claims.aud().map(|aud| serde_json::from_str(aud).expect("a value"));
    prop_assert_eq!(aud.as_ref(), expected.get("aud"));
    for (name, value) in &expected {
        let found = member(claims.json(), name).expect("an object").map(|found| serde_json::from_str(found).unwrap());
        prop_assert_eq!(found.as_ref(), Some(value), "{}", name);
    }
    Ok(())
}

/// A claim's value for the differential test: expected, another, of another type, or absent.
fn text_claim(expected: &'static str) -> impl Strategy<Value = Option<Value>> {
    let values = [Some(json!(expected)), Some(json!("another")), Some(json!(7)), Some(json!("")), None];
    select(values.to_vec())
}

/// A time some hours from now, so that the oracle's own clock does not matter; or of another type.
fn time_claim() -> impl Strategy<Value = Option<Value>> {
    #[allow(clippy::cast_possible_truncation)] // whole seconds of this century
    let now = system_now().unwrap() as i64;
    prop_oneof![
        4 => Just(None),
        8 => select(&[-10_i64, -5, -2, -1, 1, 2, 5, 10][..]).prop_map(move |hours| Some(json!(now + hours * 3600))),
        1 => select(vec![Some(json!("1")), Some(json!(null)), Some(json!([1])), Some(json!(true)), Some(json!(0))]),
    ]
}

#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // each is one option, free of the others
struct Case {
    claims: Value,
    algorithm: Algorithm,
    allowed: Vec<Algorithm>,
    good_secret: bool,
    leeway: u64,
    issuer: bool,
    audience: bool,
    subject: bool,
    required: HashSet<&'static str>,
}

fn any_case() -> impl Strategy<Value = Case> {
    let aud = prop_oneof![
        text_claim("api"),
        Just(Some(json!(["x", "api"]))),
        Just(Some(json!(["x", "y"]))),
        Just(Some(json!([]))),
        // No object: the oracle fails over one, whether it is asked for or not.
    ];
    let named = (text_claim("issuer"), aud, text_claim("subject"));
    let claims = (named, time_claim(), time_claim(), any_json()).prop_map(|((iss, aud, sub), exp, nbf, other)| {
        let members = [("iss", iss), ("aud", aud), ("sub", sub), ("exp", exp), ("nbf", nbf), ("other", Some(other))];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    });
    let allowed =
        select(vec![vec![Algorithm::HS256], vec![Algorithm::HS512, Algorithm::HS384], Algorithm::ALL.to_vec()]);
    // Times only: there a mistyped claim is an absent one, here it is there.
    let required = select(vec![vec![], vec!["exp"], vec!["exp", "nbf"]]);
    let policy = (select(&[0_u64, 60, 3 * 3600, 86_400][..]), any::<(bool, bool, bool)>(), required);
    (claims, select(&Algorithm::ALL[..]), allowed, prop::bool::weighted(0.9), policy).prop_map(
        |(claims, algorithm, allowed, good_secret, (leeway, (issuer, audience, subject), required))| Case {
            claims,
            algorithm,
            allowed,
            good_secret,
            leeway,
            issuer,
            audience,
            subject,
            required: required.into_iter().collect(),
        },
    )
}

impl Case {
    fn token(&self) -> String {
        let secret = if self.good_secret { &SECRET } else { &OTHER_SECRET };
        encode(&Header::new(theirs(self.algorithm)), &self.claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn ours(&self) -> Verifier {
        let mut builder = Verifier::builder();
        builder.secret(&SECRET).unwrap().algorithms(&self.allowed).unwrap().leeway(self.leeway).unwrap();
        if self.issuer {
            builder.issuer("issuer").unwrap();
        }
        if self.audience {
            builder.audience("api").unwrap().audience("web").unwrap();
        }
        if self.subject {
            builder.subject("subject").unwrap();
        }
        for name in &self.required {
            builder.required_claim(name).unwrap();
        }
        builder.build().unwrap()
    }

    /// The oracle under our rules: what it takes for granted is said.
    fn theirs(&self, token: &[u8]) -> Option<Value> {
        let mut validation = Validation::new(theirs(Algorithm::HS256));
        validation.algorithms = self.allowed.iter().map(|algorithm| theirs(*algorithm)).collect();
        validation.leeway = self.leeway;
        validation.validate_nbf = true;
        validation.validate_aud = self.audience;
        validation.required_spec_claims = self.required.iter().map(|name| (*name).to_owned()).collect();
        // An expected claim that is absent passes there unless it is required.
        if self.issuer {
            validation.set_issuer(&["issuer"]);
            validation.required_spec_claims.insert("iss".to_owned());
        }
        if self.audience {
            validation.set_audience(&["api", "web"]);
            validation.required_spec_claims.insert("aud".to_owned());
        }
        if self.subject {
            validation.sub = Some("subject".to_owned());
            validation.required_spec_claims.insert("sub".to_owned());
        }
        decode(token, &DecodingKey::from_secret(&SECRET), &validation).ok().map(|token| token.claims)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies(claims in timely_claims(), algorithm in select(&Algorithm::ALL[..])) {
        let json = serde_json::to_string(&claims).unwrap();
        let signer = signer(algorithm);
        let token = signer.sign(&claims).unwrap();
        prop_assert_eq!(&token, &signer.sign_json(json.as_bytes()).unwrap());
        prop_assert_eq!(token.len(), signer.bound(json.len()));
        prop_assert_eq!(verify(&verifier(&Algorithm::ALL), token.as_bytes(), NOW), Ok(json));
    }

    #[test]
    fn jsonwebtoken_decides_alike(case in any_case()) {
        let token = case.token();
        let ours = verify(&case.ours(), token.as_bytes(), system_now().unwrap());
        let theirs = case.theirs(token.as_bytes());
        prop_assert_eq!(ours.is_ok(), theirs.is_some(), "ours {:?}, theirs {:?}", ours, theirs);
        if let (Ok(ours), Some(theirs)) = (ours, theirs) {
            prop_assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), theirs);
        }
    }

    #[test]
    fn jsonwebtoken_refuses_what_is_edited_too(
        case in any_case(),
        edits in edited(Just(String::new())),
        at in any::<prop::sample::Index>(),
    ) {
        let mut token = case.token().into_bytes();
        let at = at.index(token.len() + 1);
        token.splice(at..at, edits.clone());
        let ours = verify(&case.ours(), &token, system_now().unwrap());
        prop_assert_eq!(ours.is_ok(), case.theirs(&token).is_some());
        prop_assert!(ours.is_err() || edits.is_empty());
    }

    #[test]
    fn claims_are_read_as_serde_json_reads_them(claims in btree_map(any_name(), any_json(), 0..8)) {
        let json = serde_json::to_vec(&claims).unwrap();
        prop_assert!(Claims::parse(&json).is_ok());
        read_alike(&json)?;
    }

    #[test]
    fn loosely_written_claims_are_read_alike(json in loose_json()) {
        read_alike(json.as_bytes())?;
    }

    #[test]
    fn edited_claims_are_read_alike(json in edited(loose_json())) {
        read_alike(&json)?;
    }

    #[test]
    fn any_bytes_are_read_alike(json in vec(any::<u8>(), 0..100)) {
        read_alike(&json)?;
    }

    #[test]
    fn a_signed_payload_is_accepted_when_it_is_an_object(payload in edited(loose_json())) {
        let token = seal(br#"{"alg":"HS256","typ":"JWT"}"#, &payload);
        let found = verify(&verifier(&[Algorithm::HS256]), token.as_bytes(), NOW);
        match (Claims::parse(&payload), found) {
            (_, Err(102)) => prop_assert!(payload.is_empty()),
            (Err(error), found) => prop_assert_eq!(found, Err(error.code())),
            (Ok(claims), Ok(found)) => prop_assert_eq!(claims.json(), found),
            (Ok(claims), Err(code)) => {
                let times = claims.present() & 0b11_1000;
                prop_assert!(times != 0 && [201, 202, 210].contains(&code), "{}", code);
            }
        }
    }

    #[test]
    fn a_header_is_accepted_when_it_names_the_algorithm_once(header in edited(loose_json())) {
        let token = seal(&header, b"{}");
        let found = verify(&verifier(&[Algorithm::HS256]), token.as_bytes(), NOW);
        // No generated member is called alg, so that no generated header will do.
        prop_assert!(matches!(found, Err(102..=105)), "{:?}", found);
        prop_assert_eq!(found == Err(105), Claims::parse(&header).is_ok());
        let open = header.iter().position(|byte| *byte == b'{').filter(|_| Claims::parse(&header).is_ok());
        if let Some(open) = open {
            let rest = &header[open + 1..];
            let comma = if rest.trim_ascii_start().starts_with(b"}") { &b""[..] } else { b"," };
            let named = [&header[..=open], br#""alg":"HS256""#, comma, rest].concat();
            let sealed = seal(&named, b"{}");
            prop_assert_eq!(verify(&verifier(&[Algorithm::HS256]), sealed.as_bytes(), NOW), Ok("{}".to_owned()));
        }
    }

    #[test]
    fn no_bytes_bring_it_down(token in vec(any::<u8>(), 0..300), text in any::<String>(), now in any::<f64>()) {
        let verifier = verifier(&Algorithm::ALL);
        for token in [&token[..], text.as_bytes(), &[text.as_bytes(), b".", &token, b".", &token].concat()] {
            prop_assert!(verify(&verifier, token, now).is_err());
            let mut report = Report::default();
            prop_assert!(verifier.check(token, now, &mut report).is_err());
            prop_assert_eq!(report, Report::default());
            if let Ok(unverified) = decode_unverified(token) {
                prop_assert!(oracle(unverified.header_json().as_bytes()).is_some() || escapes_a_surrogate(token));
            }
        }
        if let Ok(token) = bearer_token(&text) {
            prop_assert!(text.to_ascii_lowercase().starts_with("bearer ") && text.contains(token) && !token.is_empty());
        }
        prop_assert_eq!(member(&text, "a").is_err(), Claims::parse(text.as_bytes()).is_err());
        prop_assert_eq!(Verifier::builder().jwks_json(&text).map(drop).map_err(|error| error.code()), Err(22));
        let policy = Verifier::builder().policy_json(&text).map(drop).map_err(|error| error.code());
        prop_assert!(policy == Err(2) || Claims::parse(text.as_bytes()).is_ok());
    }

    #[test]
    fn any_time_is_checked_without_overflow(
        exp in any::<f64>(),
        nbf in any::<f64>(),
        now in any::<f64>(),
        leeway in 0..=86_400_u64,
    ) {
        let claims = json!({ "exp": exp, "nbf": nbf });
        let mut builder = Verifier::builder();
        builder.secret(&SECRET).unwrap().leeway(leeway).unwrap();
        let token = signer(Algorithm::HS256).sign(&claims);
        if !exp.is_finite() || !nbf.is_finite() {
            // serde_json writes null, which is not a time.
            prop_assert_eq!(token.unwrap_err(), Error::ClaimType);
            return Ok(());
        }
        #[allow(clippy::cast_precision_loss)] // at most a day
        let leeway = leeway as f64;
        let expected = match () {
            () if !now.is_finite() => Err(2),
            () if nbf > now + leeway => Err(202),
            () if now >= exp + leeway => Err(201),
            () => Ok(claims.to_string()),
        };
        prop_assert_eq!(verify(&builder.build().unwrap(), token.unwrap().as_bytes(), now), expected);
    }
}

proptest! {
    // Fewer: each case is some thousand tokens.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cut_and_every_changed_character_is_refused(
        claims in timely_claims(), algorithm in select(&Algorithm::ALL[..]), seed in any::<u8>(),
    ) {
        let token = signer(algorithm).sign(&claims).unwrap().into_bytes();
        let verifier = verifier(&Algorithm::ALL);
        for at in 0..token.len() {
            prop_assert!(verify(&verifier, &token[..at], NOW).is_err(), "cut at {}", at);
            prop_assert!(verify(&verifier, &token[at + 1..], NOW).is_err(), "without its first {}", at + 1);
            let mut changed = token.clone();
            let characters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
            changed[at] = characters[(usize::from(seed) + at) % characters.len()];
            prop_assert!(changed == token || verify(&verifier, &changed, NOW).is_err(), "changed at {}", at);
            changed.remove(at);
            prop_assert!(verify(&verifier, &changed, NOW).is_err(), "removed at {}", at);
        }
    }
}

#[test]
fn every_byte_at_every_place_counts() {
    let token = signer(Algorithm::HS256).sign_json(br#"{"sub":"me"}"#).unwrap().into_bytes();
    let verifier = verifier(&Algorithm::ALL);
    assert!(verify(&verifier, &token, NOW).is_ok());
    for at in 0..token.len() {
        for byte in 0..=u8::MAX {
            let mut changed = token.clone();
            changed[at] = byte;
            assert!(byte == token[at] || verify(&verifier, &changed, NOW).is_err(), "{byte} at {at}");
            let mut longer = token.clone();
            longer.insert(at, byte);
            assert!(verify(&verifier, &longer, NOW).is_err(), "{byte} put in at {at}");
        }
    }
}
