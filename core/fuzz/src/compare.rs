//! The comparison of the core with the model.

use std::fmt::Write;

use mastra_jwt_core::{Algorithm, Error, Report, Verifier};

use crate::choices::Choices;
use crate::generate::{self, NOW, Setup};
use crate::model::{self, Key, Verdict};

/// How often each code came out; code 0 is an accepted token.
pub type Tally = [u64; 256];

/// The codes of refused tokens that generated ones can give.
pub const REFUSALS: [usize; 19] =
    [101, 102, 103, 104, 105, 106, 107, 108, 109, 120, 200, 201, 202, 203, 204, 205, 206, 207, 208];

/// Makes a verifier and lets it and the model check this many tokens.
///
/// # Panics
/// When they differ, with the case.
pub fn run(choices: &Choices, tokens: usize, tally: &mut Tally) {
    let setup = Setup::generate(choices);
    let keys = model::configure(&setup.secrets, setup.jwks.as_deref(), &setup.policy);
    let verifier = build(&setup);
    match (verifier, keys) {
        (Ok(verifier), Ok(keys)) => {
            for _ in 0..tokens {
                let token = generate::token(choices, &setup, &keys);
                let now = now(choices);
                let code = compare_one(choices, &verifier, &setup, &keys, &token, now);
                tally[code as usize] += 1;
            }
        }
        (Err(error), Err(code)) if error.code() == code => tally[code as usize] += 1,
        (verifier, keys) => {
            let ours = verifier.map(drop);
            panic!("no agreement about the configuration: the core {ours:?}, the model {keys:?}\n{setup:#?}")
        }
    }
}

fn now(choices: &Choices) -> f64 {
    let now = NOW as f64;
    match choices.below(60) {
        0..56 => now,
        56 => now + 0.5,
        57 => -now,
        58 => 9_007_199_254_740_992.0,
        _ => choices.of(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0]),
    }
}

fn build(setup: &Setup) -> Result<Verifier, Error> {
    let mut builder = Verifier::builder();
    for Key { secret, kid, .. } in &setup.secrets {
        match kid {
            Some(kid) => builder.secret_with_kid(secret, kid)?,
            None => builder.secret(secret)?,
        };
    }
    if let Some(jwks) = &setup.jwks {
        builder.jwks_json(jwks)?;
    }
    if setup.by_document {
        return builder.policy_json(&setup.document())?.build();
    }
    let policy = &setup.policy;
    let algorithms: Vec<Algorithm> = policy.algorithms.iter().filter_map(|alg| alg.name().parse().ok()).collect();
    builder.algorithms(&algorithms)?.leeway(policy.leeway)?.max_age(policy.max_age)?;
    for issuer in &policy.issuer {
        builder.issuer(issuer)?;
    }
    for audience in &policy.audience {
        builder.audience(audience)?;
    }
    if let Some(subject) = &policy.subject {
        builder.subject(subject)?;
    }
    if let Some(jwt_id) = &policy.jwt_id {
        builder.jwt_id(jwt_id)?;
    }
    if let Some(typ) = &policy.typ {
        builder.token_type(typ)?;
    }
    for name in &policy.required_claims {
        builder.required_claim(name)?;
    }
    builder.require_exp(policy.require_exp)?.check_iat(policy.check_iat)?.strict_claims(policy.strict_claims)?;
    builder.ignore_expiration(policy.ignore_expiration)?.allow_short_keys(policy.allow_short_keys)?;
    builder.max_token_bytes(policy.max_token_bytes)?.build()
}

/// Returns the code on which both agree.
fn compare_one(choices: &Choices, verifier: &Verifier, setup: &Setup, keys: &[Key], token: &[u8], now: f64) -> u32 {
    let expected = model::verify(keys, &setup.policy, token, now);
    let mut buffer = vec![0xaa; token.len()];
    let mut report = Report::default();
    let result = verifier.verify_report(token, now, &mut buffer, &mut report);
    let mut found = Verdict {
        code: result.as_ref().map_or_else(Error::code, |_| 0),
        claims: result.as_ref().ok().map(|verified| verified.json().to_owned()),
        key_index: report.key_index,
        failed: report.failed,
        missing: report.missing,
        present: report.present,
        exp: report.exp,
        nbf: report.nbf,
        iat: report.iat,
    };
    let mut wrong = String::new();
    if let Ok(verified) = &result {
        let sub = report.sub.clone().map(|range| &verified.json()[range]);
        if sub != verified.sub().map(|sub| sub.raw())
            || Some(verified.key_index()) != report.key_index
            || verified.json().len() != report.claims_len
        {
            wrong = format!("the report contradicts the result: {report:?}");
        }
    } else {
        // As much is wiped as a token of the policy could have written.
        let len = buffer.len().min(setup.policy.max_token_bytes / 4 * 3);
        if buffer[..len].iter().any(|byte| *byte != 0) {
            wrong = "claims are left in the buffer".to_owned();
        }
    }
    if found.code == 200 {
        // How much of a payload that is not an object was read is left open.
        found = Verdict { present: 0, exp: None, nbf: None, iat: None, ..found };
    }
    if found != expected {
        let _ = write!(wrong, "the core {found:?}\nthe model {expected:?}");
    }
    // A second look, with a buffer that is too short, or none.
    let len = expected.claims.as_ref().map_or(0, |claims| claims.len() - 1);
    let short = if choices.one_in(2) { len } else { 0 };
    let again = verifier.verify_into(token, now, &mut buffer[..short]).map(drop);
    let needed = expected.claims.as_ref().map(|claims| Error::BufferTooSmall { needed: claims.len() });
    if again.as_ref().err().map(Error::code) != Some(needed.as_ref().map_or(expected.code, Error::code))
        || needed.is_some_and(|needed| again != Err(needed))
    {
        let _ = write!(wrong, "\nwith a buffer of {short} bytes: {again:?}");
    }
    assert!(wrong.is_empty(), "{wrong}\nnow {now}, token {}\n{setup:#?}", token.escape_ascii());
    expected.code
}
