//! The JOSE header (RFC 7515 section 4): `alg`, `kid`, `typ`, `crit`.

use crate::algorithm::Algorithm;
use crate::error::Error;
use crate::json::{JsonString, Malformed, Member, Object};
use crate::token;

/// The header's members that bear on verification, borrowed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Header<'a> {
    /// `None` when absent, not a string, or not one of ours.
    pub(crate) alg: Option<Algorithm>,
    /// `None` when absent or not a string: it then names no key.
    pub(crate) kid: Option<JsonString<'a>>,
    /// `None` when absent or not a string.
    pub(crate) typ: Option<JsonString<'a>>,
    pub(crate) crit: bool,
    /// The position of the key that `kid` names, where the whole header was known.
    pub(crate) key: Option<usize>,
}

/// The `typ` of a known header.
const JWT: Option<JsonString<'static>> = JsonString::plain("JWT");

/// What nearly every token starts with, as encoded by the libraries in use: compared, not parsed.
const KNOWN: [(&[u8], Algorithm, Option<JsonString<'static>>); 9] = [
    // {"alg":"HS256","typ":"JWT"}, {"typ":"JWT","alg":"HS256"}, {"alg":"HS256"}; likewise for the
    // others
    (b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", Algorithm::HS256, JWT),
    (b"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9", Algorithm::HS256, JWT),
    (b"eyJhbGciOiJIUzI1NiJ9", Algorithm::HS256, None),
    (b"eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9", Algorithm::HS384, JWT),
    (b"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzM4NCJ9", Algorithm::HS384, JWT),
    (b"eyJhbGciOiJIUzM4NCJ9", Algorithm::HS384, None),
    (b"eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9", Algorithm::HS512, JWT),
    (b"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9", Algorithm::HS512, JWT),
    (b"eyJhbGciOiJIUzUxMiJ9", Algorithm::HS512, None),
];

impl<'a> Header<'a> {
    /// The header of an encoded segment that needs no parsing.
    #[inline]
    pub(crate) fn known(segment: &[u8]) -> Option<Header<'static>> {
        let (_, alg, typ) = KNOWN.iter().find(|(known, ..)| *known == segment)?;
        Some(Header { alg: Some(*alg), typ: *typ, ..Header::default() })
    }

    /// The header that [`encode`] makes with the `kid` of a key; `None` when the `kid` needs
    /// escapes.
    pub(crate) fn with_kid(algorithm: Algorithm, kid: &'a str, key: usize) -> Option<Self> {
        let kid = Some(JsonString::plain(kid)?);
        Some(Header { alg: Some(algorithm), kid, typ: JWT, crit: false, key: Some(key) })
    }

    /// Whether `typ` is this media type: case does not count, nor does a leading `application/`
    /// (RFC 7515 section 4.1.9).
    pub(crate) fn has_type(&self, expected: &str) -> bool {
        let typ = self.typ.and_then(|typ| typ.decode().ok());
        typ.is_some_and(|typ| media_type(&typ).eq_ignore_ascii_case(media_type(expected)))
    }

    /// Reads a decoded header.
    pub(crate) fn parse(json: &'a [u8]) -> Result<Self, Error> {
        Header::scan(json).map_err(|Malformed| Error::HeaderJson)
    }

    fn scan(json: &'a [u8]) -> Result<Self, Malformed> {
        let mut header = Header::default();
        let (mut alg, mut kid) = (false, false);
        let once = |seen: &mut bool| if std::mem::replace(seen, true) { Err(Malformed) } else { Ok(()) };
        let mut object = Object::open(json)?;
        while let Some(Member { name, value, .. }) = object.next_member()? {
            let name = JsonString::from_value(&json[name]).ok_or(Malformed)?;
            let text = JsonString::from_value(&json[value]);
            if name == *"alg" {
                once(&mut alg)?;
                header.alg = text.and_then(|alg| Algorithm::from_name(|name| alg == *name));
            } else if name == *"kid" {
                once(&mut kid)?;
                header.kid = text;
            } else if name == *"crit" {
                once(&mut header.crit)?;
            } else if name == *"typ" {
                header.typ = text;
            }
        }
        Ok(header)
    }
}

/// The encoded header of a token that we sign, its members in the order that `jsonwebtoken` and
/// jwt.io write them.
pub(crate) fn encode(algorithm: Algorithm, kid: Option<&str>) -> Vec<u8> {
    let alg = algorithm.name();
    let header = match kid {
        None => format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#),
        // A string always serializes.
        Some(kid) => {
            format!(r#"{{"alg":"{alg}","typ":"JWT","kid":{}}}"#, serde_json::to_string(kid).unwrap_or_default())
        }
    };
    let mut encoded = vec![0; token::encoded_len(header.len())];
    token::encode(header.as_bytes(), &mut encoded);
    encoded
}

fn media_type(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_headers_read_as_if_parsed() {
        for (segment, alg, typ) in KNOWN {
            let mut buffer = [0; 64];
            let json = token::decode(segment, &mut buffer).unwrap();
            let parsed = Header::parse(json).unwrap();
            assert_eq!(parsed.alg, Some(alg));
            assert_eq!(parsed.typ.map(|typ| typ.raw()), typ.map(|typ| typ.raw()));
            assert!(parsed.kid.is_none() && !parsed.crit);
            assert_eq!(Header::known(segment).unwrap().alg, Some(alg));
        }
        assert!(Header::known(b"eyJhbGciOiJub25lIn0").is_none());
    }

    #[test]
    fn members_are_read_whatever_their_order_and_spelling() {
        let header =
            Header::parse(br#" {"x5u":[{"alg":"no"}], "k\u0069d":"a\/b", "typ":"at+jwt", "alg" : "HS5\u00312"} "#)
                .unwrap();
        assert_eq!(header.alg, Some(Algorithm::HS512));
        assert!(header.kid.unwrap() == *"a/b");
        assert!(header.has_type("application/AT+JWT"));
        assert!(!header.crit);
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
        for json in [
            &br#"{"alg":"HS256","alg":"HS256"}"#[..],
            br#"{"alg":"HS256","\u0061lg":"none"}"#,
            br#"{"alg":1,"alg":"HS256"}"#,
            br#"{"kid":"a","kid":"b"}"#,
            br#"{"crit":[],"crit":[]}"#,
            br#"{"kid":1,"kid":"b"}"#,
            b"[]",
            b"{\"alg\":\"HS256\",\"x\":\"\xe9\"}",
        ] {
            assert_eq!(Header::parse(json).unwrap_err(), Error::HeaderJson);
        }
    }

    #[test]
    fn algorithms_are_compared_to_the_letter() {
        for json in [r#"{"alg":"hs256"}"#, r#"{"alg":"none"}"#, r#"{"alg":"RS256"}"#, r#"{"alg":["HS256"]}"#, "{}"] {
            assert_eq!(Header::parse(json.as_bytes()).unwrap().alg, None, "{json}");
        }
    }

    #[test]
    fn types_are_media_types() {
        let typ = |text| Header { typ: JsonString::from_value(text), ..Header::default() };
        assert!(typ(b"\"jwt\"").has_type("JWT"));
        assert!(typ(b"\"Application/JWT\"").has_type("jwt"));
        assert!(typ(b"\"at+jwt\"").has_type("application/at+jwt"));
        assert!(!typ(b"\"application/a/b\"").has_type("a/b"));
        assert!(!typ(b"\"JWT2\"").has_type("JWT"));
        assert!(!Header::default().has_type("JWT"));
        assert!(!typ(b"1").has_type("JWT"));
    }
}
