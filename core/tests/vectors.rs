//! The vectors that all bindings share, run through the core: `tests/vectors/README.md` says what
//! their members mean.

use std::path::Path;

use base64_simd::URL_SAFE_NO_PAD;
use mastra_jwt_core::{
    CODES, Code, Error, Registered, Report, Signer, Verifier, VerifierBuilder, bearer_token, decode_unverified,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The files are in `tests/vectors` of the package; of the repository where no link leads there.
fn read<T: DeserializeOwned>(file: &str) -> T {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = ["tests/vectors", "../tests/vectors"].map(|directory| package.join(directory).join(file));
    let text = path.iter().find_map(|path| std::fs::read_to_string(path).ok());
    let text = text.unwrap_or_else(|| panic!("none of {path:?} can be read"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Runs every vector before it fails, so that one run shows all that is wrong.
fn run<T>(vectors: &[T], name: impl Fn(&T) -> &str, at_least: usize, check: impl Fn(&T) -> Result<(), String>) {
    assert!(vectors.len() >= at_least, "only {} vectors", vectors.len());
    let failures: Vec<String> = vectors
        .iter()
        .filter_map(|vector| check(vector).err().map(|what| format!("{}: {what}", name(vector))))
        .collect();
    assert!(failures.is_empty(), "{} of {} vectors fail:\n{}", failures.len(), vectors.len(), failures.join("\n"));
}

#[allow(clippy::needless_pass_by_value)] // reads better at its many callers
fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, found: T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}

fn code_of<T>(result: &Result<T, Error>) -> u32 {
    result.as_ref().err().map_or(0, Error::code)
}

/// The refusal has this code, and its text what the vector says it must mention.
fn refused<T>(result: &Result<T, Error>, code: u32, mentions: Option<&str>) -> Result<(), String> {
    same("code", code, code_of(result))?;
    match (result, mentions) {
        (Err(error), Some(mentions)) if !error.to_string().contains(mentions) => {
            Err(format!("no {mentions:?} in {:?}", error.to_string()))
        }
        _ => Ok(()),
    }
}

fn bytes(base64url: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode_to_vec(base64url).expect("vectors hold base64url")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    secret: String,
    kid: Option<String>,
}

fn add_keys<'b>(
    builder: &'b mut VerifierBuilder,
    keys: &[Key],
    jwks: Option<&str>,
) -> Result<&'b mut VerifierBuilder, Error> {
    for Key { secret, kid } in keys {
        match kid {
            Some(kid) => builder.secret_with_kid(&bytes(secret), kid)?,
            None => builder.secret(&bytes(secret))?,
        };
    }
    if let Some(jwks) = jwks {
        builder.jwks_json(jwks)?;
    }
    Ok(builder)
}

fn verifier(keys: &[Key], jwks: Option<&str>, policy: &Value) -> Result<Verifier, Error> {
    add_keys(&mut Verifier::builder(), keys, jwks)?.policy_json(&policy.to_string())?.build()
}

#[derive(Deserialize)]
struct VerifyFile {
    vectors: Vec<VerifyVector>,
}

// `reference` and `stricter` are for people; any other member that is not known here fails the
// test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyVector {
    name: String,
    #[serde(rename = "why")]
    _why: String,
    keys: Vec<Key>,
    jwks: Option<String>,
    policy: Value,
    token: Option<String>,
    token_base64url: Option<String>,
    now: f64,
    code: u32,
    claims: Option<String>,
    key_index: Option<usize>,
    failed: Option<String>,
    missing: Option<u32>,
    #[serde(rename = "reference")]
    _reference: String,
    #[serde(rename = "stricter")]
    _stricter: Option<String>,
}

impl VerifyVector {
    fn token(&self) -> Vec<u8> {
        match (&self.token, &self.token_base64url) {
            (Some(token), None) => token.as_bytes().to_vec(),
            (None, Some(token)) => bytes(token),
            _ => panic!("{}: one of token and token_base64url", self.name),
        }
    }

    fn check(&self) -> Result<(), String> {
        let verifier = verifier(&self.keys, self.jwks.as_deref(), &self.policy);
        let verifier = verifier.map_err(|error| format!("no verifier: {error}"))?;
        let token = self.token();
        let mut buffer = vec![0xaa; token.len()];

        let result = verifier.verify_into(&token, self.now, &mut buffer);
        same("code", self.code, code_of(&result))?;
        let found = result.ok().map(|verified| (verified.json().to_owned(), verified.key_index()));
        same("claims and key", self.claims.clone().zip(self.key_index), found)?;
        if self.code != 0 {
            // Wiped is what the longest token of the policy could have written.
            let wiped = buffer.len().min(verifier.max_token_bytes() / 4 * 3);
            same("bytes left in the buffer", 0, buffer[..wiped].iter().filter(|byte| **byte != 0).count())?;
        }

        let mut report = Report::default();
        same("code without claims", self.code, code_of(&verifier.check(&token, self.now, &mut report)))?;
        let bit = |name: &String| Registered::from_name(name).map_or(Registered::OTHER_BIT, Registered::bit);
        same("failed", self.failed.as_ref().map_or(0, bit), report.failed)?;
        same("missing", self.missing, report.missing)?;

        let Some(claims) = &self.claims else { return Ok(()) };
        same("key of the report", self.key_index, report.key_index)?;
        same("length of the report", claims.len(), report.claims_len)?;
        let unverified = decode_unverified(&token).map_err(|error| format!("not decoded: {error}"))?;
        same("decoded claims", claims.as_str(), unverified.claims_json())?;
        if let Some(short) = claims.len().checked_sub(1) {
            let too_small = verifier.verify_into(&token, self.now, &mut buffer[..short]).map(|_| ());
            same("too small a buffer", Err(Error::BufferTooSmall { needed: claims.len() }), too_small)?;
        }
        Ok(())
    }
}

#[test]
fn tokens_are_verified() {
    let VerifyFile { vectors } = read("verify.json");
    run(&vectors, |vector| &vector.name, 1117, VerifyVector::check);
}

#[derive(Deserialize)]
struct ConfigFile {
    vectors: Vec<ConfigVector>,
}

#[derive(Deserialize)]
struct ConfigVector {
    name: String,
    keys: Vec<Key>,
    jwks: Option<String>,
    policy: Value,
    code: u32,
    mentions: Option<String>,
}

#[test]
fn configurations_are_refused() {
    let ConfigFile { vectors } = read("config.json");
    run(
        &vectors,
        |vector| &vector.name,
        198,
        |ConfigVector { keys, jwks, policy, code, mentions, .. }| {
            assert_ne!(*code, 0);
            refused(&verifier(keys, jwks.as_deref(), policy), *code, mentions.as_deref())
        },
    );
}

#[derive(Deserialize)]
struct PolicyFile {
    vectors: Vec<PolicyVector>,
}

#[derive(Deserialize)]
struct PolicyVector {
    name: String,
    document: String,
    code: u32,
    mentions: Option<String>,
}

#[test]
fn policy_documents_are_read() {
    let PolicyFile { vectors } = read("policy.json");
    run(
        &vectors,
        |vector| &vector.name,
        175,
        |PolicyVector { document, code, mentions, .. }| {
            let mut builder = Verifier::builder();
            builder.secret(&[7; 64]).unwrap();
            let before = format!("{builder:?}");
            let result = builder.policy_json(document).map(drop);
            refused(&result, *code, mentions.as_deref())?;
            if result.is_err() {
                same("the policy after a refusal", before, format!("{builder:?}"))?;
            }
            builder.build().map(drop).map_err(|error| format!("no verifier: {error}"))
        },
    );
}

#[derive(Deserialize)]
struct SignFile {
    vectors: Vec<SignVector>,
}

#[derive(Deserialize)]
struct SignVector {
    name: String,
    secret: Option<String>,
    jwks: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    #[serde(default)]
    allow_short_keys: bool,
    max_token_bytes: Option<usize>,
    claims: String,
    token: Option<String>,
    code: Option<u32>,
    mentions: Option<String>,
}

impl SignVector {
    fn signer(&self) -> Result<Signer, Error> {
        let mut builder = Signer::builder();
        if let Some(secret) = &self.secret {
            builder.secret(&bytes(secret))?;
        }
        if let Some(jwks) = &self.jwks {
            builder.jwks_json(jwks)?;
        }
        if let Some(alg) = &self.alg {
            builder.algorithm(alg.parse()?)?;
        }
        if let Some(kid) = &self.kid {
            builder.kid(kid)?;
        }
        if let Some(bytes) = self.max_token_bytes {
            builder.max_token_bytes(bytes)?;
        }
        builder.allow_short_keys(self.allow_short_keys)?.build()
    }

    fn check(&self) -> Result<(), String> {
        let signer = self.signer();
        let result = signer.clone().and_then(|signer| signer.sign_json(self.claims.as_bytes()));
        refused(&result, self.code.unwrap_or_default(), self.mentions.as_deref())?;
        same("token", self.token.as_ref(), result.as_ref().ok())?;
        let (Ok(signer), Ok(token)) = (signer, result) else { return Ok(()) };
        let bound = signer.bound(self.claims.len());
        same("bound", bound, token.len())?;
        let too_small = signer.sign_into(self.claims.as_bytes(), &mut vec![0; bound - 1]).map(|_| ());
        same("too small a buffer", Err(Error::BufferTooSmall { needed: bound }), too_small)
    }
}

#[test]
fn claims_are_signed() {
    let SignFile { vectors } = read("sign.json");
    run(&vectors, |vector| &vector.name, 97, SignVector::check);
}

#[derive(Deserialize)]
struct BearerFile {
    keys: Vec<Key>,
    now: f64,
    vectors: Vec<BearerVector>,
}

#[derive(Deserialize)]
struct BearerVector {
    name: String,
    header: String,
    token: Option<String>,
    code: Option<u32>,
}

#[test]
fn authorization_headers_hold_tokens() {
    let BearerFile { keys, now, vectors } = read("bearer.json");
    let verifier = add_keys(&mut Verifier::builder(), &keys, None).and_then(|builder| builder.build()).unwrap();
    run(
        &vectors,
        |vector| &vector.name,
        22,
        |vector| {
            let found = bearer_token(&vector.header);
            same("code", vector.code.unwrap_or_default(), code_of(&found))?;
            same("token", vector.token.as_deref(), found.clone().ok())?;
            let whole = found.and_then(|token| verifier.check(token.as_bytes(), now, &mut Report::default()));
            same("code of the whole", vector.code.unwrap_or_default(), code_of(&whole))
        },
    );
}

#[derive(Deserialize)]
struct CodeFile {
    codes: Vec<CodeRow>,
}

#[derive(Deserialize)]
struct CodeRow {
    code: u32,
    name: String,
    only: Option<Vec<String>>,
}

#[test]
fn codes_are_those_of_the_table() {
    let CodeFile { codes } = read("codes.json");
    let (ours, others): (Vec<_>, Vec<_>) = codes.iter().partition(|row| row.only.is_none());
    let expected: Vec<(u32, &str)> = ours.iter().map(|row| (row.code, row.name.as_str())).collect();
    let found: Vec<(u32, &str)> = CODES.iter().map(|row| (row.code, row.name)).collect();
    assert_eq!(expected, found);
    for (code, name) in expected {
        assert_eq!(Code::of(code).map(|row| row.name), Some(name));
    }
    // Those of a binding are not the core's, so that no number is given twice.
    assert!(others.iter().all(|other| Code::of(other.code).is_none()));
}
