//! What `core/MIGRATING.md` says of the crate `jsonwebtoken`, by that crate itself, and of this
//! one.

use base64_simd::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use mastra_jwt_core::{Error, Signer, Verifier, VerifierBuilder, decode_unverified, system_now};
use serde_json::{Map, Value, json};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const HS256: &str = r#"{"alg":"HS256"}"#;

/// The name of our error, or of theirs: that of its variant, without what it holds.
type Verdict = Result<(), String>;

/// A token with a good signature under any header and payload.
fn seal(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode_to_string(header), URL_SAFE_NO_PAD.encode_to_string(payload));
    let signature = sign(message.as_bytes(), &EncodingKey::from_secret(SECRET), Algorithm::HS256).expect("a secret");
    format!("{message}.{signature}")
}

fn theirs(token: &str, validation: &Validation) -> Verdict {
    match decode::<Value>(token, &DecodingKey::from_secret(SECRET), validation) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{:?}", error.kind()).split(['(', ' ']).next().unwrap_or_default().to_owned()),
    }
}

fn ours(token: &str, verifier: &Verifier) -> Verdict {
    verifier.verify(token).map(drop).map_err(|error| error.name().to_owned())
}

fn verifier(options: impl FnOnce(&mut VerifierBuilder) -> Result<&mut VerifierBuilder, Error>) -> Verifier {
    let mut builder = Verifier::builder();
    builder.secret(SECRET).and_then(options).and_then(|builder| builder.build()).expect("sound options")
}

/// Both read the system's clock: runs the check again where a second ended meanwhile.
fn within_one_second(check: impl Fn(u64) -> Vec<(Verdict, Verdict)>) -> Vec<(Verdict, Verdict)> {
    loop {
        let now = jsonwebtoken::get_current_timestamp();
        let verdicts = check(now);
        if jsonwebtoken::get_current_timestamp() == now {
            return verdicts;
        }
    }
}

/// What they say and what we say of a payload, each "" or the name of an error.
#[track_caller]
fn compare(validation: &Validation, verifier: &Verifier, rows: &[(&str, &str, &str, &str)]) {
    let fill = |text: &str, now: u64| {
        let mut text = text.to_owned();
        for (name, time) in [("AHEAD", now + 600), ("NOW", now), ("SECOND_AGO", now - 1), ("PAST_30", now - 30)] {
            text = text.replace(name, &time.to_string());
        }
        text.replace("PAST_600", &(now - 600).to_string())
    };
    let verdicts = within_one_second(|now| {
        let both = |(header, payload, ..): &(&str, &str, &str, &str)| {
            let token = seal(header, &fill(payload, now));
            (theirs(&token, validation), ours(&token, verifier))
        };
        rows.iter().map(both).collect()
    });
    for ((header, payload, their_name, our_name), verdict) in rows.iter().zip(verdicts) {
        let expected = |name: &str| if name.is_empty() { Ok(()) } else { Err(name.to_owned()) };
        assert_eq!(verdict, (expected(their_name), expected(our_name)), "{header} {payload:.80}");
    }
}

#[test]
fn defaults() {
    let long = format!(r#"{{"exp":AHEAD,"pad":"{}"}}"#, "x".repeat(13_000));
    compare(
        &Validation::new(Algorithm::HS256),
        &Verifier::from_secret(SECRET).expect("32 bytes"),
        &[
            (HS256, r#"{"exp":AHEAD}"#, "", ""),
            (HS256, r#"{"exp":PAST_600}"#, "ExpiredSignature", "EXPIRED"),
            // exp is required there, with a leeway of 60 seconds.
            (HS256, r#"{"sub":"me"}"#, "MissingRequiredClaim", ""),
            (HS256, r#"{"exp":PAST_30}"#, "", "EXPIRED"),
            // nbf is not looked at there.
            (HS256, r#"{"exp":AHEAD,"nbf":AHEAD}"#, "", "NOT_YET_VALID"),
            // aud where none is expected.
            (HS256, r#"{"exp":AHEAD,"aud":"other"}"#, "InvalidAudience", ""),
            (HS256, r#"{"exp":AHEAD,"aud":["other"]}"#, "InvalidAudience", ""),
            // Claims of another type.
            (HS256, r#"{"exp":"AHEAD"}"#, "MissingRequiredClaim", "CLAIM_MALFORMED"),
            (HS256, r#"{"exp":null}"#, "MissingRequiredClaim", "CLAIM_MALFORMED"),
            (HS256, r#"{"exp":AHEAD,"nbf":"AHEAD"}"#, "", "CLAIM_MALFORMED"),
            (HS256, r#"{"exp":AHEAD,"iat":"AHEAD"}"#, "", "CLAIM_MALFORMED"),
            (HS256, r#"{"exp":1e30}"#, "MissingRequiredClaim", ""),
            (HS256, r#"{"exp":AHEAD,"exp":AHEAD}"#, "Json", ""),
            (HS256, "null", "Json", "CLAIMS_JSON"),
            // The header.
            (r#"{"alg":"HS384"}"#, r#"{"exp":AHEAD}"#, "InvalidAlgorithm", "ALGORITHM"),
            (r#"{"alg":"HS256","crit":["x"],"x":1}"#, r#"{"exp":AHEAD}"#, "", "CRITICAL_HEADER"),
            (r#"{"alg":"HS256","alg":"HS256"}"#, r#"{"exp":AHEAD}"#, "Json", "HEADER_JSON"),
            (HS256, &long, "", "TOKEN_TOO_LONG"),
        ],
    );
}

#[test]
fn names_are_expected() {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&["a", "b"]);
    validation.set_audience(&["api"]);
    validation.sub = Some("me".into());
    let ours = verifier(|builder| builder.issuer("a")?.issuer("b")?.audience("api")?.subject("me"));
    compare(
        &validation,
        &ours,
        &[
            (HS256, r#"{"exp":AHEAD,"iss":"b","aud":["x","api"],"sub":"me"}"#, "", ""),
            (HS256, r#"{"exp":AHEAD,"iss":"c","aud":"api","sub":"me"}"#, "InvalidIssuer", "ISSUER"),
            (HS256, r#"{"exp":AHEAD,"iss":"a","aud":"x","sub":"me"}"#, "InvalidAudience", "AUDIENCE"),
            (HS256, r#"{"exp":AHEAD,"iss":"a","aud":"api","sub":"you"}"#, "InvalidSubject", "SUBJECT"),
            // Where the claim is absent, or of another type, they pass over it.
            (HS256, r#"{"exp":AHEAD,"aud":"api","sub":"me"}"#, "", "ISSUER"),
            (HS256, r#"{"exp":AHEAD,"iss":"a","sub":"me"}"#, "", "AUDIENCE"),
            (HS256, r#"{"exp":AHEAD,"iss":"a","aud":"api"}"#, "", "SUBJECT"),
            (HS256, r#"{"exp":AHEAD,"iss":7,"aud":"api","sub":"me"}"#, "", "ISSUER"),
            (HS256, r#"{"exp":AHEAD,"iss":["a"],"aud":"api","sub":"me"}"#, "", "ISSUER"),
        ],
    );

    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["exp", "sub", "jti", "tenant"]);
    let ours = verifier(|builder| builder.require_exp(true)?.required_claim("sub")?.required_claim("jti"));
    compare(
        &validation,
        &ours,
        &[
            (HS256, r#"{"exp":AHEAD,"jti":"1"}"#, "MissingRequiredClaim", "MISSING_CLAIM"),
            // Only exp, nbf, aud, iss and sub can be required there.
            (HS256, r#"{"exp":AHEAD,"sub":"me"}"#, "", "MISSING_CLAIM"),
        ],
    );
}

#[test]
fn the_last_second() {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    compare(
        &validation,
        &Verifier::from_secret(SECRET).expect("32 bytes"),
        &[
            (HS256, r#"{"exp":NOW}"#, "", "EXPIRED"),
            (HS256, r#"{"exp":SECOND_AGO.5}"#, "", "EXPIRED"), // rounded to now
            (HS256, r#"{"exp":NOW.5}"#, "", ""),
        ],
    );
}

/// The builder calls that the page gives those who want all that the defaults of `jsonwebtoken`
/// refuse refused.
#[test]
fn as_strict_as_their_defaults() {
    let strict = verifier(|builder| builder.leeway(60)?.require_exp(true)?.strict_claims(true));
    compare(
        &Validation::new(Algorithm::HS256),
        &strict,
        &[
            (HS256, r#"{"exp":PAST_30}"#, "", ""),
            (HS256, r#"{"exp":PAST_600}"#, "ExpiredSignature", "EXPIRED"),
            (HS256, r#"{"sub":"me"}"#, "MissingRequiredClaim", "MISSING_CLAIM"),
            (HS256, r#"{"exp":AHEAD,"aud":"other"}"#, "InvalidAudience", "AUDIENCE"),
            (HS256, r#"{"exp":AHEAD,"exp":AHEAD}"#, "Json", "CLAIM_MALFORMED"),
        ],
    );
}

#[test]
fn keys() {
    let short = b"secret";
    let token = encode(&Header::default(), &json!({ "exp": 4_000_000_000u32 }), &EncodingKey::from_secret(short));
    let validation = Validation::new(Algorithm::HS256);
    assert!(decode::<Value>(token.expect("claims"), &DecodingKey::from_secret(short), &validation).is_ok());
    let refused = Verifier::from_secret(short).expect_err("6 bytes");
    assert_eq!(refused.to_string(), "key 0: the secret has 6 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)");

    // A public key as the secret of an HMAC: everybody has it.
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    let forged =
        encode(&Header::default(), &json!({ "exp": 4_000_000_000u32 }), &EncodingKey::from_secret(pem.as_bytes()));
    let theirs = decode::<Value>(forged.expect("claims"), &DecodingKey::from_secret(pem.as_bytes()), &validation);
    assert!(theirs.is_ok());
    assert_eq!(Verifier::from_secret(pem.as_bytes()).expect_err("a PEM block").name(), "INVALID_ARGUMENT");
}

/// The calls of the page's table, side by side.
#[test]
fn calls() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Session {
        sub: String,
        exp: u64,
    }
    let session = || Session { sub: "me".into(), exp: 4_000_000_000 };
    let header = Header { kid: Some("new".into()), ..Header::new(Algorithm::HS512) };
    let secret = [7; 64];

    let theirs = encode(&header, &session(), &EncodingKey::from_secret(&secret)).expect("claims");
    let ours = Signer::builder()
        .secret(&secret)
        .and_then(|builder| builder.kid("new"))
        .and_then(|builder| builder.algorithm(Algorithm::HS512.try_into().expect("HS512")))
        .and_then(|builder| builder.build()?.sign(&session()))
        .expect("sound options and claims");

    assert_eq!(decode_header(&ours).expect("a header").kid.as_deref(), Some("new"));
    let header: Map<String, Value> =
        serde_json::from_str(decode_unverified(theirs.as_bytes()).expect("a token").header_json()).expect("JSON");
    assert_eq!(header["kid"], "new");
    let unverified = jsonwebtoken::dangerous::insecure_decode::<Session>(&ours).expect("a token");
    assert_eq!(unverified.claims, session());
    assert_eq!(
        serde_json::from_str::<Session>(decode_unverified(ours.as_bytes()).expect("a token").claims_json())
            .expect("JSON"),
        session()
    );

    let both = Verifier::builder()
        .secret_with_kid(&[8; 64], "old")
        .and_then(|builder| builder.secret_with_kid(&secret, "new"))
        .and_then(|builder| builder.algorithms(&[Algorithm::HS512.try_into().expect("HS512")]))
        .and_then(|builder| builder.build())
        .expect("sound options");
    let decoded = decode::<Session>(&ours, &DecodingKey::from_secret(&secret), &Validation::new(Algorithm::HS512));
    assert_eq!(decoded.expect("ours").claims, session());
    assert_eq!(both.verify_as::<Session>(&theirs), Ok(session()));
    assert_eq!(both.verify(&theirs).expect("theirs")["sub"], "me");
    let mut buffer = [0; 256];
    let now = system_now().expect("after 1970");
    assert_eq!(both.verify_into(theirs.as_bytes(), now, &mut buffer).expect("theirs").key_index(), 1);
    assert_eq!(
        both.verify_into(theirs.as_bytes(), 4_000_000_000.0, &mut buffer).map(drop),
        Err(Error::Expired { expired_at: 4_000_000_000.0 })
    );
}
