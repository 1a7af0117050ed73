//! The vectors that all faces share, run through the core: `tests/vectors/README.md` says what their members mean.

use std::str::FromStr;

use base64_simd::URL_SAFE_NO_PAD;
use mastra_jwt_core::{
    Algorithm, CODES, Code, Error, Registered, Report, Signer, Verifier, bearer_token, decode_unverified,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(file: &str) -> T {
    let path = format!("{}/../tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
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

fn bytes(base64url: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode_to_vec(base64url).expect("vectors hold base64url")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    secret: String,
    kid: Option<String>,
}

/// A member that is not known here fails the test, rather than being passed over.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Policy {
    keys: Vec<Key>,
    jwks: Option<String>,
    algorithms: Option<Vec<String>>,
    issuer: Vec<String>,
    audience: Vec<String>,
    subject: Option<String>,
    jwt_id: Option<String>,
    r#type: Option<String>,
    leeway: Option<i64>,
    max_age: Option<i64>,
    require_exp: bool,
    check_iat: bool,
    required_claims: Vec<String>,
    allow_short_keys: bool,
    max_token_bytes: Option<i64>,
}

/// What the type of an argument cannot hold counts as refused.
fn held<T, E>(argument: Result<T, E>) -> Result<T, Error> {
    argument.map_err(|_| Error::InvalidArgument("not of the argument's type"))
}

fn algorithm(name: &str) -> Result<Algorithm, Error> {
    held(Algorithm::from_str(name))
}

impl Policy {
    fn verifier(&self) -> Result<Verifier, Error> {
        let mut builder = Verifier::builder();
        for Key { secret, kid } in &self.keys {
            match kid {
                Some(kid) => builder.secret_with_kid(&bytes(secret), kid)?,
                None => builder.secret(&bytes(secret))?,
            };
        }
        if let Some(jwks) = &self.jwks {
            builder.jwks_json(jwks)?;
        }
        if let Some(names) = &self.algorithms {
            builder.algorithms(&names.iter().map(|name| algorithm(name)).collect::<Result<Vec<_>, _>>()?)?;
        }
        for issuer in &self.issuer {
            builder.issuer(issuer);
        }
        for audience in &self.audience {
            builder.audience(audience);
        }
        if let Some(subject) = &self.subject {
            builder.subject(subject);
        }
        if let Some(jwt_id) = &self.jwt_id {
            builder.jwt_id(jwt_id);
        }
        if let Some(typ) = &self.r#type {
            builder.token_type(typ);
        }
        if let Some(seconds) = self.leeway {
            builder.leeway(held(seconds.try_into())?)?;
        }
        if let Some(seconds) = self.max_age {
            builder.max_age(Some(held(seconds.try_into())?))?;
        }
        if let Some(bytes) = self.max_token_bytes {
            builder.max_token_bytes(held(bytes.try_into())?)?;
        }
        for name in &self.required_claims {
            builder.required_claim(name)?;
        }
        builder.require_exp(self.require_exp).check_iat(self.check_iat).allow_short_keys(self.allow_short_keys);
        builder.build()
    }
}

#[derive(Deserialize)]
struct VerifyFile {
    vectors: Vec<VerifyVector>,
}

#[derive(Deserialize)]
struct VerifyVector {
    name: String,
    policy: Policy,
    token: Option<String>,
    token_base64url: Option<String>,
    now: f64,
    code: u32,
    claims: Option<String>,
    key_index: Option<usize>,
    failed: Option<String>,
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
        let verifier = self.policy.verifier().map_err(|error| format!("no verifier: {error}"))?;
        let token = self.token();
        let mut buffer = vec![0xaa; token.len()];

        let result = verifier.verify_into(&token, self.now, &mut buffer);
        same("code", self.code, code_of(&result))?;
        let found = result.ok().map(|verified| (verified.json().to_owned(), verified.key_index()));
        same("claims and key", self.claims.clone().zip(self.key_index), found)?;
        if self.code != 0 {
            same("bytes left in the buffer", 0, buffer.iter().filter(|byte| **byte != 0).count())?;
        }

        let mut report = Report::default();
        same("code without claims", self.code, code_of(&verifier.check(&token, self.now, &mut report)))?;
        let bit = |name: &String| Registered::from_name(name).map_or(Registered::OTHER_BIT, Registered::bit);
        same("failed", self.failed.as_ref().map_or(0, bit), report.failed)?;

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
    run(&vectors, |vector| &vector.name, 800, VerifyVector::check);
}

#[derive(Deserialize)]
struct ConfigFile {
    vectors: Vec<ConfigVector>,
}

#[derive(Deserialize)]
struct ConfigVector {
    name: String,
    policy: Policy,
    code: u32,
}

#[test]
fn configurations_are_refused() {
    let ConfigFile { vectors } = read("config.json");
    run(
        &vectors,
        |vector| &vector.name,
        70,
        |ConfigVector { policy, code, .. }| {
            assert_ne!(*code, 0);
            same("code", *code, code_of(&policy.verifier()))
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
    secret: String,
    alg: String,
    kid: Option<String>,
    #[serde(default)]
    allow_short_keys: bool,
    claims: String,
    token: Option<String>,
    code: Option<u32>,
}

impl SignVector {
    fn signer(&self) -> Result<Signer, Error> {
        let mut builder = Signer::builder();
        builder.secret(&bytes(&self.secret))?.algorithm(algorithm(&self.alg)?)?;
        builder.allow_short_keys(self.allow_short_keys);
        if let Some(kid) = &self.kid {
            builder.kid(kid);
        }
        builder.build()
    }

    fn check(&self) -> Result<(), String> {
        let signer = self.signer().map_err(|error| format!("no signer: {error}"))?;
        let result = signer.sign_json(self.claims.as_bytes());
        same("code", self.code.unwrap_or_default(), code_of(&result))?;
        let Ok(token) = result else { return same("token", &self.token, &None) };
        same("token", self.token.as_deref(), Some(&token))?;
        let bound = signer.bound(self.claims.len());
        same("bound", bound, token.len())?;
        let too_small = signer.sign_into(self.claims.as_bytes(), &mut vec![0; bound - 1]).map(|_| ());
        same("too small a buffer", Err(Error::BufferTooSmall { needed: bound }), too_small)
    }
}

#[test]
fn claims_are_signed() {
    let SignFile { vectors } = read("sign.json");
    run(&vectors, |vector| &vector.name, 50, SignVector::check);
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
    let verifier = Policy { keys, ..Policy::default() }.verifier().expect("the file's policy");
    run(
        &vectors,
        |vector| &vector.name,
        20,
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
}

#[test]
fn codes_are_those_of_the_table() {
    let CodeFile { codes } = read("codes.json");
    let expected: Vec<(u32, &str)> = codes.iter().map(|row| (row.code, row.name.as_str())).collect();
    let found: Vec<(u32, &str)> = CODES.iter().map(|row| (row.code, row.name)).collect();
    assert_eq!(expected, found);
    for (code, name) in expected {
        assert_eq!(Code::of(code).map(|row| row.name), Some(name));
    }
}
