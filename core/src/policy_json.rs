//! The policy document, a JSON object that services in several languages share -> [`Policy`].
//!
//! `policy.schema.json` describes the same document for editors and other tools; a test compares
//! the two.

use crate::algorithm::Algorithm;
use crate::error::Error;
use crate::json::{JsonString, Malformed, Object, double, elements};
use crate::policy::Policy;

/// The members of the document: one for each option of a verifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Member {
    Algorithms,
    Issuer,
    Audience,
    Subject,
    JwtId,
    Type,
    Leeway,
    MaxAge,
    RequiredClaims,
    RequireExp,
    CheckIat,
    StrictClaims,
    IgnoreExpiration,
    AllowShortKeys,
    MaxTokenBytes,
}

impl Member {
    const ALL: [(Member, &str); 15] = [
        (Member::Algorithms, "algorithms"),
        (Member::Issuer, "issuer"),
        (Member::Audience, "audience"),
        (Member::Subject, "subject"),
        (Member::JwtId, "jwtId"),
        (Member::Type, "type"),
        (Member::Leeway, "leeway"),
        (Member::MaxAge, "maxAge"),
        (Member::RequiredClaims, "requiredClaims"),
        (Member::RequireExp, "requireExp"),
        (Member::CheckIat, "checkIat"),
        (Member::StrictClaims, "strictClaims"),
        (Member::IgnoreExpiration, "ignoreExpiration"),
        (Member::AllowShortKeys, "allowShortKeys"),
        (Member::MaxTokenBytes, "maxTokenBytes"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Member::ALL[self as usize].1
    }

    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }

    /// The name of the first member of a set of bits.
    pub(crate) fn named(bits: u32) -> Option<&'static str> {
        Member::ALL.into_iter().find(|(member, _)| bits & member.bit() != 0).map(|(_, name)| name)
    }
}

/// Reads a document into the policy; returns the bits of its members. On failure the policy may be
/// changed in part.
pub(crate) fn apply(policy: &mut Policy, json: &str) -> Result<u32, Error> {
    let bytes = json.as_bytes();
    let malformed = |Malformed| Error::invalid("policy: must be one JSON object");
    let mut object = Object::open(bytes).map_err(malformed)?;
    let mut seen = 0;
    while let Some(found) = object.next_member().map_err(malformed)? {
        let name = JsonString::from_value(&bytes[found.name]).ok_or(Malformed).map_err(malformed)?;
        let Some((member, _)) = Member::ALL.into_iter().find(|(_, known)| name == **known) else {
            return Err(unknown(name));
        };
        if seen & member.bit() != 0 {
            return Err(refused(member, "must be there only once"));
        }
        seen |= member.bit();
        set(policy, member, &bytes[found.value])?;
    }
    Ok(seen)
}

fn set(policy: &mut Policy, member: Member, value: &[u8]) -> Result<(), Error> {
    match member {
        Member::Algorithms => {
            let wrong = || refused(member, &format!("must be an array of {}, at least one", Algorithm::NAMES));
            let names = texts(value).ok_or_else(wrong)?;
            let list = names.iter().map(|name| name.parse()).collect::<Result<Vec<Algorithm>, _>>();
            policy.set_algorithms(&list.map_err(|_| wrong())?)
        }
        Member::Issuer => each(member, value, |text| policy.add_issuer(text)),
        Member::Audience => each(member, value, |text| policy.add_audience(text)),
        Member::RequiredClaims => each(member, value, |text| policy.require(text)),
        Member::Subject => policy.set_subject(&text(member, value)?),
        Member::JwtId => policy.set_jwt_id(&text(member, value)?),
        Member::Type => policy.set_type(&text(member, value)?),
        // A value that is not a whole number is out of every range, which the policy then names.
        Member::Leeway => policy.set_leeway(whole(value).unwrap_or(u64::MAX)),
        Member::MaxAge => policy.set_max_age(Some(whole(value).unwrap_or(u64::MAX))),
        Member::MaxTokenBytes => {
            policy.set_max_token_bytes(whole(value).and_then(|bytes| bytes.try_into().ok()).unwrap_or(usize::MAX))
        }
        Member::RequireExp => switch(member, value, &mut policy.require_exp),
        Member::CheckIat => switch(member, value, &mut policy.check_iat),
        Member::StrictClaims => switch(member, value, &mut policy.strict_claims),
        Member::IgnoreExpiration => switch(member, value, &mut policy.ignore_expiration),
        Member::AllowShortKeys => switch(member, value, &mut policy.allow_short_keys),
    }
}

fn refused(member: Member, must: &str) -> Error {
    Error::InvalidArgument(format!("{}: {must}", member.name()).into())
}

fn unknown(name: JsonString<'_>) -> Error {
    let known: Vec<&str> = Member::ALL.iter().map(|(_, name)| *name).collect();
    let name = name.decode().unwrap_or_default();
    Error::InvalidArgument(format!("policy: unknown member {name:?}; known are {}", known.join(", ")).into())
}

fn text(member: Member, value: &[u8]) -> Result<String, Error> {
    let text = JsonString::from_value(value).and_then(|text| Some(text.decode().ok()?.into_owned()));
    text.ok_or_else(|| refused(member, "must be a string that is not empty, of well-formed text"))
}

fn texts(value: &[u8]) -> Option<Vec<String>> {
    let is_array = value.first() == Some(&b'[');
    let text = |element| Some(JsonString::from_value(element)?.decode().ok()?.into_owned());
    let all: Vec<String> = elements(value).map(text).collect::<Option<_>>()?;
    (is_array && !all.is_empty()).then_some(all)
}

fn each(member: Member, value: &[u8], mut add: impl FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
    let texts = texts(value)
        .ok_or_else(|| refused(member, "must be an array of strings of well-formed text, with at least one"))?;
    texts.iter().try_for_each(|text| add(text))
}

fn whole(value: &[u8]) -> Option<u64> {
    let number = double(value)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a cast from f64 saturates
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}

fn switch(member: Member, value: &[u8], to: &mut bool) -> Result<(), Error> {
    *to = match value {
        b"true" => true,
        b"false" => false,
        _ => return Err(refused(member, "must be true or false")),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        let refused = apply(&mut Policy::default(), json).unwrap_err();
        assert_eq!(refused.code(), 2);
        refused.to_string()
    }

    #[test]
    fn the_names_are_in_the_order_of_the_members() {
        for (position, (member, name)) in Member::ALL.into_iter().enumerate() {
            assert_eq!((member as usize, member.name()), (position, name));
        }
    }

    #[test]
    fn every_member_is_read() {
        let mut policy = Policy::default();
        let json = r#" { "algorithms": ["HS512", "HS256"], "issuer": ["i"], "audience": ["a", "b"], "subject": "s",
            "jwtId": "j", "type": "at+jwt", "leeway": 5, "maxAge": 3600.0, "requiredClaims": ["tenant", "exp"],
            "requireExp": true, "checkIat": true, "strictClaims": true, "ignoreExpiration": true,
            "allowShortKeys": true, "maxTok\u0065nBytes": 1e4 } "#;
        assert_eq!(apply(&mut policy, json), Ok((1 << Member::ALL.len()) - 1));
        let mut expected = Policy::default();
        expected.set_algorithms(&[Algorithm::HS256, Algorithm::HS512]).unwrap();
        expected.add_issuer("i").unwrap();
        expected.add_audience("a").unwrap();
        expected.add_audience("b").unwrap();
        expected.set_subject("s").unwrap();
        expected.set_jwt_id("j").unwrap();
        expected.set_type("at+jwt").unwrap();
        expected.set_leeway(5).unwrap();
        expected.set_max_age(Some(3600)).unwrap();
        expected.require("tenant").unwrap();
        expected.require("exp").unwrap();
        expected.set_max_token_bytes(10_000).unwrap();
        expected.require_exp = true;
        expected.check_iat = true;
        expected.strict_claims = true;
        expected.ignore_expiration = true;
        expected.allow_short_keys = true;
        assert_eq!(format!("{policy:?}"), format!("{expected:?}"));
    }

    #[test]
    fn an_empty_document_changes_nothing() {
        let mut policy = Policy::default();
        assert_eq!(apply(&mut policy, "{}"), Ok(0));
        assert_eq!(format!("{policy:?}"), format!("{:?}", Policy::default()));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_it_must_be() {
        for (json, text) in [
            ("", "policy: must be one JSON object"),
            ("[]", "policy: must be one JSON object"),
            ("{}{}", "policy: must be one JSON object"),
            (r#"{"isuer":["a"]}"#, "policy: unknown member \"isuer\"; known are algorithms, issuer, "),
            (r#"{"leeway":1,"leew\u0061y":1}"#, "leeway: must be there only once"),
            (r#"{"issuer":"a"}"#, "issuer: must be an array of strings"),
            (r#"{"issuer":[]}"#, "issuer: must be an array of strings"),
            (r#"{"issuer":["a",1]}"#, "issuer: must be an array of strings"),
            (r#"{"issuer":["a\ud800"]}"#, "issuer: must be an array of strings of well-formed text"),
            (r#"{"issuer":[""]}"#, "issuer: must not be empty"),
            (r#"{"audience":null}"#, "audience: must be an array of strings"),
            (r#"{"algorithms":[]}"#, "algorithms: must be an array"),
            (r#"{"algorithms":["HS256","none"]}"#, "algorithms: must be an array"),
            (r#"{"algorithms":"HS256"}"#, "algorithms: must be an array"),
            (r#"{"subject":1}"#, "subject: must be a string"),
            (r#"{"subject":""}"#, "subject: must not be empty"),
            (r#"{"jwtId":["a"]}"#, "jwtId: must be a string"),
            (r#"{"type":"\udc00"}"#, "type: must be a string"),
            (r#"{"leeway":-1}"#, "leeway: must be a whole number of seconds from 0 to 86400"),
            (r#"{"leeway":1.5}"#, "leeway: must be a whole number"),
            (r#"{"leeway":"5"}"#, "leeway: must be a whole number"),
            (r#"{"leeway":86401}"#, "leeway: must be a whole number"),
            (r#"{"maxAge":0}"#, "maxAge: must be a whole number of seconds from 1 to 2^53"),
            (r#"{"maxAge":9007199254740994}"#, "maxAge: must be a whole number"),
            (r#"{"maxAge":null}"#, "maxAge: must be a whole number"),
            (r#"{"requireExp":1}"#, "requireExp: must be true or false"),
            (r#"{"strictClaims":"true"}"#, "strictClaims: must be true or false"),
            (r#"{"maxTokenBytes":0}"#, "maxTokenBytes: must be a whole number from 1 to 16777216"),
            (r#"{"maxTokenBytes":16777217}"#, "maxTokenBytes: must be a whole number"),
            (r#"{"requiredClaims":[""]}"#, "requiredClaims: must not hold an empty name"),
        ] {
            let refused = error(json);
            assert!(refused.starts_with(text), "{json}: {refused}");
        }
    }
}
