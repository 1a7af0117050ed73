//! A verifier, written a second time: from the documentation, for readers rather than for speed, on
//! other libraries.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Sha256, Sha384, Sha512};

use crate::json::{Members, REPLACEMENT};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Alg {
    HS256,
    HS384,
    HS512,
}

impl Alg {
    pub const ALL: [Alg; 3] = [Alg::HS256, Alg::HS384, Alg::HS512];

    pub fn name(self) -> &'static str {
        ["HS256", "HS384", "HS512"][self as usize]
    }

    pub fn hash_len(self) -> usize {
        [32, 48, 64][self as usize]
    }

    pub fn from_name(name: &str) -> Option<Alg> {
        Alg::ALL.into_iter().find(|alg| alg.name() == name)
    }

    /// The MAC of `input`, in base64url.
    pub fn sign(self, secret: &[u8], input: &[u8]) -> String {
        fn mac<M: Mac + KeyInit>(secret: &[u8], input: &[u8]) -> String {
            let mac = <M as KeyInit>::new_from_slice(secret).expect("any length").chain_update(input);
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        }
        match self {
            Alg::HS256 => mac::<Hmac<Sha256>>(secret, input),
            Alg::HS384 => mac::<Hmac<Sha384>>(secret, input),
            Alg::HS512 => mac::<Hmac<Sha512>>(secret, input),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Key {
    pub secret: Vec<u8>,
    pub kid: Option<String>,
    pub alg: Option<Alg>,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub algorithms: Vec<Alg>,
    pub issuer: Vec<String>,
    pub audience: Vec<String>,
    pub subject: Option<String>,
    pub jwt_id: Option<String>,
    pub typ: Option<String>,
    pub leeway: u64,
    pub max_age: Option<u64>,
    pub required_claims: Vec<String>,
    pub require_exp: bool,
    pub check_iat: bool,
    pub strict_claims: bool,
    pub ignore_expiration: bool,
    pub allow_short_keys: bool,
    pub max_token_bytes: usize,
}

/// What a verification must come to.
#[derive(Debug, Default, PartialEq)]
pub struct Verdict {
    pub code: u32,
    pub claims: Option<String>,
    pub key_index: Option<usize>,
    pub failed: u32,
    pub missing: Option<u32>,
    /// Bits of the registered claims that are present, and the times; known where the payload was
    /// read.
    pub present: u32,
    pub exp: Option<f64>,
    pub nbf: Option<f64>,
    pub iat: Option<f64>,
}

const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

fn bit(claim: &str) -> u32 {
    REGISTERED.iter().position(|name| *name == claim).map_or(1 << 31, |at| 1 << at)
}

/// The keys of a configuration, or the code with which it is refused.
pub fn configure(secrets: &[Key], jwks: Option<&str>, policy: &Policy) -> Result<Vec<Key>, u32> {
    check_secrets(secrets)?;
    let mut keys = secrets.to_vec();
    if let Some(jwks) = jwks {
        keys.extend(read_jwks(jwks)?);
        check_secrets(&keys)?;
        if keys.len() == secrets.len() {
            return Err(23);
        }
    }
    let is_short =
        |key: &Key| policy.algorithms.iter().any(|alg| key.serves(*alg) && key.secret.len() < alg.hash_len());
    match () {
        () if keys.is_empty() => Err(21),
        () if !policy.allow_short_keys && keys.iter().any(is_short) => Err(20),
        () => Ok(keys),
    }
}

fn check_secrets(keys: &[Key]) -> Result<(), u32> {
    for (at, key) in keys.iter().enumerate() {
        if key.secret.is_empty() {
            return Err(20);
        }
        if key.kid.is_some() && keys[..at].iter().any(|other| other.kid == key.kid) {
            return Err(24);
        }
    }
    Ok(())
}

/// The keys of a JWK Set that may verify. Where a key has a member twice, only the vectors say what
/// is right.
fn read_jwks(json: &str) -> Result<Vec<Key>, u32> {
    const SYNTAX: u32 = 22;
    let set = Members::read(json.as_bytes()).ok_or(SYNTAX)?;
    let mut keys = vec![];
    for jwk in set.get("keys").and_then(Value::as_array).ok_or(SYNTAX)? {
        let jwk = jwk.as_object().ok_or(SYNTAX)?;
        let text = |name| jwk.get(name).map(|value| value.as_str().ok_or(SYNTAX)).transpose();
        if jwk.get("kty").and_then(Value::as_str) != Some("oct") {
            continue;
        }
        let (kid, k, alg, usage) = (text("kid")?, text("k")?.ok_or(SYNTAX)?, text("alg")?, text("use")?);
        if kid.is_some_and(|kid| kid.contains(REPLACEMENT)) {
            return Err(SYNTAX);
        }
        let may_verify = match jwk.get("key_ops") {
            None => true,
            Some(Value::Array(all)) if all.iter().all(Value::is_string) => all.iter().any(|one| one == "verify"),
            Some(_) => return Err(SYNTAX),
        };
        let own = alg.map(Alg::from_name);
        if own != Some(None) && usage.is_none_or(|usage| usage == "sig") && may_verify {
            let secret = URL_SAFE_NO_PAD.decode(k).map_err(|_| SYNTAX)?;
            keys.push(Key { secret, kid: kid.map(str::to_owned), alg: own.flatten() });
        }
    }
    Ok(keys)
}

impl Key {
    fn serves(&self, alg: Alg) -> bool {
        self.alg.is_none_or(|own| own == alg)
    }
}

struct Refusal {
    code: u32,
    failed: u32,
    missing: Option<u32>,
}

impl From<u32> for Refusal {
    fn from(code: u32) -> Self {
        Refusal { code, failed: 0, missing: None }
    }
}

fn of_claim(code: u32, claim: &str) -> Refusal {
    Refusal { failed: bit(claim), ..code.into() }
}

pub fn verify(keys: &[Key], policy: &Policy, token: &[u8], now: f64) -> Verdict {
    let (payload, key_index) = match authenticate(keys, policy, token, now) {
        Ok(found) => found,
        Err(code) => return Verdict { code, ..Verdict::default() },
    };
    let mut verdict = Verdict { key_index: Some(key_index), ..Verdict::default() };
    let Ok(json) = URL_SAFE_NO_PAD.decode(payload) else { return Verdict { code: 103, ..verdict } };
    let Some(claims) = Members::read(&json) else { return Verdict { code: 200, ..verdict } };
    verdict.present = REGISTERED.iter().filter(|claim| claims.has(claim)).map(|claim| bit(claim)).sum();
    let time = |claim| claims.get(claim).and_then(Value::as_f64);
    (verdict.exp, verdict.nbf, verdict.iat) = (time("exp"), time("nbf"), time("iat"));
    match check(policy, &claims, now) {
        // serde_json has checked that it is UTF-8.
        Ok(()) => verdict.claims = String::from_utf8(json).ok(),
        Err(Refusal { code, failed, missing }) => {
            (verdict.code, verdict.failed, verdict.missing) = (code, failed, missing)
        }
    }
    verdict
}

/// The payload segment and the index of the key.
fn authenticate<'t>(keys: &[Key], policy: &Policy, token: &'t [u8], now: f64) -> Result<(&'t [u8], usize), u32> {
    if !now.is_finite() {
        return Err(2);
    }
    if token.len() > policy.max_token_bytes {
        return Err(101);
    }
    let segments: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    let [header, payload, signature] = segments[..] else { return Err(102) };
    if header.is_empty() || payload.is_empty() {
        return Err(102);
    }
    let input = &token[..header.len() + 1 + payload.len()];
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| 103_u32)?;
    let header =
        Members::read(&header).filter(|header| ["alg", "kid", "crit"].iter().all(|name| header.count(name) < 2));
    let header = header.ok_or(104_u32)?;
    if signature.is_empty() {
        return Err(109);
    }
    let text = |name| header.get(name).and_then(Value::as_str);
    let alg = text("alg").and_then(Alg::from_name).filter(|alg| policy.algorithms.contains(alg)).ok_or(105_u32)?;
    if header.has("crit") {
        return Err(106);
    }
    if policy.typ.as_deref().is_some_and(|typ| text("typ").is_none_or(|found| media_type(found) != media_type(typ))) {
        return Err(107);
    }
    let all: Vec<(usize, &Key)> = keys.iter().enumerate().collect();
    let mut candidates = all.clone();
    if let Some(kid) = text("kid") {
        candidates.retain(|(_, key)| key.kid.as_deref() == Some(kid));
        if candidates.is_empty() {
            candidates = all;
            candidates.retain(|(_, key)| key.kid.is_none());
        }
    }
    candidates.retain(|(_, key)| key.serves(alg));
    if candidates.is_empty() {
        return Err(108);
    }
    let signer = candidates.iter().find(|(_, key)| alg.sign(&key.secret, input).as_bytes() == signature);
    signer.map(|(index, _)| (payload, *index)).ok_or(120)
}

fn media_type(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").filter(|rest| !rest.contains('/')).map(str::to_owned).unwrap_or(typ)
}

fn check(policy: &Policy, claims: &Members, now: f64) -> Result<(), Refusal> {
    let leeway = policy.leeway as f64;
    if policy.strict_claims {
        check_types(claims)?;
    }
    let time = |claim| match claims.get(claim) {
        None => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64()),
        Some(_) => Err(of_claim(210, claim)),
    };
    if time("nbf")?.is_some_and(|nbf| nbf > now + leeway) {
        return Err(of_claim(202, "nbf"));
    }
    if !policy.ignore_expiration && time("exp")?.is_some_and(|exp| now >= exp + leeway) {
        return Err(of_claim(201, "exp"));
    }
    let iat = time("iat")?;
    let max_age = policy.max_age.filter(|_| !policy.ignore_expiration);
    if let Some(max_age) = max_age {
        let iat = iat.ok_or(of_claim(209, "iat"))?;
        if now >= iat + max_age as f64 + leeway {
            return Err(of_claim(204, "iat"));
        }
    }
    if (policy.check_iat || max_age.is_some()) && iat.is_some_and(|iat| iat > now + leeway) {
        return Err(of_claim(203, "iat"));
    }

    let text = |claim| claims.get(claim).and_then(Value::as_str);
    let is_in = |found: Option<&str>, list: &[String]| found.is_some_and(|found| list.iter().any(|one| one == found));
    if !policy.issuer.is_empty() && !is_in(text("iss"), &policy.issuer) {
        return Err(of_claim(205, "iss"));
    }
    let is_audience = match claims.get("aud") {
        aud if policy.audience.is_empty() => aud.is_none() || !policy.strict_claims,
        Some(Value::Array(all)) => all.iter().any(|one| is_in(one.as_str(), &policy.audience)),
        aud => is_in(aud.and_then(Value::as_str), &policy.audience),
    };
    if !is_audience {
        return Err(of_claim(206, "aud"));
    }
    if policy.subject.as_deref().is_some_and(|subject| text("sub") != Some(subject)) {
        return Err(of_claim(207, "sub"));
    }
    if policy.jwt_id.as_deref().is_some_and(|jwt_id| text("jti") != Some(jwt_id)) {
        return Err(of_claim(208, "jti"));
    }
    if let Some(missing) = policy.required_claims.iter().position(|name| !claims.has(name)) {
        let refusal = of_claim(209, &policy.required_claims[missing]);
        return Err(Refusal { missing: Some(missing as u32), ..refusal });
    }
    if policy.require_exp && !claims.has("exp") {
        return Err(of_claim(209, "exp"));
    }
    Ok(())
}

/// RFC 7519 section 4.1: the types of the registered claims, each at most once.
fn check_types(claims: &Members) -> Result<(), Refusal> {
    for claim in REGISTERED {
        let has_type = match (claim, claims.get(claim)) {
            (_, None) => true,
            ("exp" | "nbf" | "iat", Some(value)) => value.is_number(),
            ("aud", Some(Value::Array(all))) => all.iter().all(Value::is_string),
            (_, Some(value)) => value.is_string(),
        };
        if !has_type || claims.count(claim) > 1 {
            return Err(of_claim(210, claim));
        }
    }
    Ok(())
}
