//! One pass over the payload: the registered claims (RFC 7519 section 4.1), borrowed.

use std::fmt;
use std::ops::Range;

use crate::error::Error;
use crate::json::{self, JsonString, Malformed, Member, Object, double};
use crate::names::Names;
use crate::registered::Registered;

/// What a pass over a payload found, without borrowing it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Byte ranges of the values of `iss`, `sub`, `aud` and `jti`; empty when absent.
    iss: Range<usize>,
    sub: Range<usize>,
    aud: Range<usize>,
    jti: Range<usize>,
    /// NaN, which is not a JSON number, when absent or of another type.
    exp: f64,
    nbf: f64,
    iat: f64,
    /// Bits of the registered claims that are there, and of those that are there twice.
    pub(crate) present: u32,
    repeated: u32,
    /// Bits, by position, of the wanted claims that are there.
    pub(crate) wanted: u64,
}

impl Default for Found {
    fn default() -> Self {
        Found {
            iss: 0..0,
            sub: 0..0,
            aud: 0..0,
            jti: 0..0,
            exp: f64::NAN,
            nbf: f64::NAN,
            iat: f64::NAN,
            present: 0,
            repeated: 0,
            wanted: 0,
        }
    }
}

impl Found {
    /// Reads `json`, which must be a UTF-8 JSON object; of a member that is there twice, the last
    /// one counts.
    #[inline]
    pub(crate) fn read(&mut self, json: &[u8], wanted: &Names) -> Result<(), Error> {
        self.scan(json, wanted).map_err(|Malformed| Error::ClaimsJson)
    }

    #[inline(never)]
    fn scan(&mut self, json: &[u8], wanted: &Names) -> Result<(), Malformed> {
        let mut object = Object::open(json)?;
        let (is_plain, is_any_wanted) = (object.is_plain(), wanted.len() > 0);
        while let Some(Member { name, value, whole }) = object.next_member()? {
            let claim = match &json[name] {
                [b'"', name @ .., b'"'] if is_plain || !name.contains(&b'\\') => {
                    let claim = Registered::from_bytes(name);
                    if claim.is_none() && is_any_wanted {
                        self.note(wanted.position(name));
                    }
                    claim
                }
                name => self.read_escaped(name, wanted),
            };
            #[allow(clippy::cast_precision_loss)] // below 10^15
            let number = || match whole {
                Some(whole) => whole as f64,
                None => double(&json[value.clone()]).unwrap_or(f64::NAN),
            };
            let Some(claim) = claim else { continue };
            self.repeated |= self.present & claim.bit();
            self.present |= claim.bit();
            match claim {
                Registered::Iss => self.iss = value,
                Registered::Sub => self.sub = value,
                Registered::Aud => self.aud = value,
                Registered::Exp => self.exp = number(),
                Registered::Nbf => self.nbf = number(),
                Registered::Iat => self.iat = number(),
                Registered::Jti => self.jti = value,
            }
        }
        Ok(())
    }

    /// Notes that a wanted claim is there, by its position.
    fn note(&mut self, position: Option<usize>) {
        self.wanted |= position.map_or(0, |position| 1 << position);
    }

    /// A name with escapes, which is rare: compared with each, since to decode it would take an
    /// allocation.
    #[cold]
    fn read_escaped(&mut self, name: &[u8], wanted: &Names) -> Option<Registered> {
        let name = JsonString::from_value(name)?;
        self.note(wanted.position_by(|wanted| str::from_utf8(wanted).is_ok_and(|wanted| name == *wanted)));
        Registered::ALL.into_iter().find(|claim| name == *claim.name())
    }

    /// `exp`, `nbf` or `iat`; NaN, which compares as neither before nor after anything, when
    /// absent.
    #[inline]
    pub(crate) fn time(&self, claim: Registered) -> Result<f64, Error> {
        let time = match claim {
            Registered::Exp => self.exp,
            Registered::Nbf => self.nbf,
            Registered::Iat => self.iat,
            _ => f64::NAN,
        };
        if time.is_nan() && self.has(claim) {
            return Err(Error::ClaimMalformed(claim));
        }
        Ok(time)
    }

    #[inline]
    pub(crate) fn has(&self, claim: Registered) -> bool {
        self.present & claim.bit() != 0
    }

    /// Whether each registered claim is there at most once, with the type that RFC 7519 section 4.1
    /// gives it.
    #[inline(never)]
    pub(crate) fn check_types(&self, json: &[u8]) -> Result<(), Error> {
        let is_string = |value| JsonString::from_value(value).is_some();
        let has_type = |claim| match claim {
            Registered::Exp | Registered::Nbf | Registered::Iat => self.number(claim).is_some(),
            Registered::Aud => self
                .value(json, claim)
                .is_some_and(|aud| is_string(aud) || (aud.starts_with(b"[") && json::elements(aud).all(is_string))),
            Registered::Iss | Registered::Sub | Registered::Jti => self.value(json, claim).is_some_and(is_string),
        };
        let is_malformed =
            |claim: &Registered| self.has(*claim) && (self.repeated & claim.bit() != 0 || !has_type(*claim));
        Registered::ALL.into_iter().find(is_malformed).map_or(Ok(()), |claim| Err(Error::ClaimMalformed(claim)))
    }

    pub(crate) fn number(&self, claim: Registered) -> Option<f64> {
        self.time(claim).ok().filter(|time| !time.is_nan())
    }

    /// The JSON text of `iss`, `sub`, `aud` or `jti`.
    pub(crate) fn value<'a>(&self, json: &'a [u8], claim: Registered) -> Option<&'a [u8]> {
        Some(&json[self.range(claim)?])
    }

    pub(crate) fn string<'a>(&self, json: &'a [u8], claim: Registered) -> Option<JsonString<'a>> {
        JsonString::from_value(self.value(json, claim)?)
    }

    /// Byte range of the content of a string `sub`, without its quotes.
    pub(crate) fn sub_content(&self, json: &[u8]) -> Option<Range<usize>> {
        let Range { start, end } = self.range(Registered::Sub)?;
        (json[start] == b'"').then_some(start + 1..end - 1)
    }

    fn range(&self, claim: Registered) -> Option<Range<usize>> {
        let range = match claim {
            Registered::Iss => &self.iss,
            Registered::Sub => &self.sub,
            Registered::Aud => &self.aud,
            Registered::Jti => &self.jti,
            _ => return None,
        };
        (!range.is_empty()).then(|| range.clone())
    }
}

/// The claims of a token: its payload, byte by byte, and the registered claims in it.
///
/// ```
/// use mastra_jwt_core::Claims;
///
/// let claims = Claims::parse(br#"{"sub":"me","exp":1700000000}"#)?;
/// assert_eq!(claims.sub().unwrap().raw(), "me");
/// assert_eq!(claims.exp(), Some(1_700_000_000.0));
/// assert!(claims.iss().is_none());
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Claims<'a> {
    json: &'a [u8],
    found: Found,
}

impl<'a> Claims<'a> {
    /// Reads a JSON object. The claims are not checked.
    ///
    /// # Errors
    /// [`Error::ClaimsJson`] when `json` is not one UTF-8 JSON object, or holds a number beyond the
    /// range of a double.
    pub fn parse(json: &'a [u8]) -> Result<Self, Error> {
        let mut found = Found::default();
        found.read(json, &Names::default())?;
        Ok(Claims { json, found })
    }

    pub(crate) fn new(json: &'a [u8], found: Found) -> Self {
        Claims { json, found }
    }

    /// The payload, byte by byte. It is UTF-8.
    #[must_use]
    pub fn json_bytes(&self) -> &'a [u8] {
        self.json
    }

    /// The payload, byte by byte.
    ///
    /// # Panics
    /// Never: the bytes were checked when they were read.
    #[must_use]
    pub fn json(&self) -> &'a str {
        str::from_utf8(self.json).expect("claims are UTF-8")
    }

    /// Which registered claims are there: the sum of their [`Registered::bit`].
    #[must_use]
    pub fn present(&self) -> u32 {
        self.found.present
    }

    /// `exp` in seconds since 1970; `None` when absent or not a number.
    #[must_use]
    pub fn exp(&self) -> Option<f64> {
        self.found.number(Registered::Exp)
    }

    /// `nbf` in seconds since 1970; `None` when absent or not a number.
    #[must_use]
    pub fn nbf(&self) -> Option<f64> {
        self.found.number(Registered::Nbf)
    }

    /// `iat` in seconds since 1970; `None` when absent or not a number.
    #[must_use]
    pub fn iat(&self) -> Option<f64> {
        self.found.number(Registered::Iat)
    }

    /// `iss`; `None` when absent or not a string.
    #[must_use]
    pub fn iss(&self) -> Option<JsonString<'a>> {
        self.found.string(self.json, Registered::Iss)
    }

    /// `sub`; `None` when absent or not a string.
    #[must_use]
    pub fn sub(&self) -> Option<JsonString<'a>> {
        self.found.string(self.json, Registered::Sub)
    }

    /// Byte range of the content of [`sub`](Self::sub) in [`json`](Self::json), without its quotes.
    #[must_use]
    pub fn sub_range(&self) -> Option<Range<usize>> {
        self.found.sub_content(self.json)
    }

    /// `jti`; `None` when absent or not a string.
    #[must_use]
    pub fn jti(&self) -> Option<JsonString<'a>> {
        self.found.string(self.json, Registered::Jti)
    }

    /// `aud` as its JSON text, a string or an array of strings; `None` when absent.
    #[must_use]
    pub fn aud(&self) -> Option<&'a str> {
        str::from_utf8(self.found.value(self.json, Registered::Aud)?).ok()
    }
}

impl fmt::Debug for Claims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Claims").field(&self.json()).finish()
    }
}

/// The JSON text of the last member called `name` of a JSON object; `None` when there is none.
///
/// ```
/// use mastra_jwt_core::member;
///
/// assert_eq!(member(r#"{"roles":["a", "b"]}"#, "roles")?, Some(r#"["a", "b"]"#));
/// # Ok::<(), mastra_jwt_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::ClaimsNotObject`] when `json` is not one JSON object.
pub fn member<'a>(json: &'a str, name: &str) -> Result<Option<&'a str>, Error> {
    let scan = || {
        let mut last = None;
        let mut object = Object::open(json.as_bytes())?;
        while let Some(member) = object.next_member()? {
            let found = JsonString::from_value(&json.as_bytes()[member.name]).ok_or(Malformed)?;
            if found == *name {
                last = Some(&json[member.value]);
            }
        }
        Ok(last)
    };
    scan().map_err(|Malformed| Error::ClaimsNotObject)
}

/// The JSON texts of the elements of an array that [`member`] found, in order; none when it is
/// another value. The text may also start at the comma after an element, and goes on from there.
///
/// ```
/// use mastra_jwt_core::elements;
///
/// assert_eq!(elements(r#"["a", {"b": []}]"#).collect::<Vec<_>>(), [r#""a""#, r#"{"b": []}"#]);
/// assert_eq!(elements(r#", 2]"#).collect::<Vec<_>>(), ["2"]);
/// ```
pub fn elements(array: &str) -> impl Iterator<Item = &str> {
    json::elements(array.as_bytes()).map_while(|element| str::from_utf8(element).ok())
}

#[cfg(test)]
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn registered_claims_are_found_anywhere() {
        let json = br#"{"x":{"exp":1},"sub":"s","aud":["a"],"exp":3,"\u006ebf":4,"iat":5.5,"iss":"i","jti":"j"}"#;
        let claims = Claims::parse(json).unwrap();
        assert_eq!(claims.present(), 0x7f);
        assert_eq!((claims.exp(), claims.nbf(), claims.iat()), (Some(3.0), Some(4.0), Some(5.5)));
        assert_eq!(claims.sub().unwrap().raw(), "s");
        assert_eq!(&claims.json()[claims.sub_range().unwrap()], "s");
        assert_eq!(claims.iss().unwrap().raw(), "i");
        assert_eq!(claims.jti().unwrap().raw(), "j");
        assert_eq!(claims.aud(), Some(r#"["a"]"#));
    }

    #[test]
    fn claims_are_shown_as_their_json() {
        assert_eq!(format!("{:?}", Claims::parse(br#"{"exp":1}"#).unwrap()), r#"Claims("{\"exp\":1}")"#);
    }

    #[test]
    fn the_last_of_two_members_counts() {
        let claims = Claims::parse(br#"{"exp":1,"exp":2,"sub":"a","sub":null}"#).unwrap();
        assert_eq!(claims.exp(), Some(2.0));
        assert!(claims.sub().is_none());
        assert_eq!(claims.present(), Registered::Exp.bit() | Registered::Sub.bit());
    }

    #[test]
    fn only_a_utf8_object_is_read() {
        for json in [&b"[]"[..], b"\"x\"", b"", b"{\"a\":\"\xff\"}", b"{\"exp\":1e400}"] {
            assert_eq!(Claims::parse(json).unwrap_err(), Error::ClaimsJson);
        }
    }

    #[test]
    fn members_are_found_by_what_their_name_means() {
        let json = r#"{"a":1,"\u0061":[2],"b\/c":3}"#;
        assert_eq!(member(json, "a"), Ok(Some("[2]")));
        assert_eq!(member(json, "b/c"), Ok(Some("3")));
        assert_eq!(member(json, "d"), Ok(None));
        assert_eq!(member("[1]", "a"), Err(Error::ClaimsNotObject));
    }

    #[test]
    fn elements_end_where_the_text_is_not_an_array() {
        for (json, expected) in [
            ("[]", &[][..]),
            ("[ 1 , [2] ]", &["1", "[2]"]),
            (r#"{"a":[1]}"#, &[]),
            ("1", &[]),
            ("", &[]),
            ("[1", &["1"]),
            ("[1 2]", &["1"]),
            ("[1,", &["1"]),
            ("[tru", &[]),
            ("]", &[]),
        ] {
            assert_eq!(elements(json).collect::<Vec<_>>(), expected, "{json}");
        }
    }

    #[test]
    fn strict_types_are_those_of_the_standard() {
        let strict = |json: &str| {
            let mut found = Found::default();
            found.read(json.as_bytes(), &Names::default()).unwrap();
            found.check_types(json.as_bytes())
        };
        for json in [
            "{}",
            r#"{"iss":"i","sub":"","aud":"a","exp":1,"nbf":-1.5,"iat":1e9,"jti":"j"}"#,
            r#"{"aud":[],"other":{},"other":{}}"#,
            r#"{"aud":["a","b"],"Sub":1}"#,
        ] {
            assert_eq!(strict(json), Ok(()), "{json}");
        }
        for claim in Registered::ALL {
            let name = claim.name();
            let refused = Err(Error::ClaimMalformed(claim));
            for value in ["null", "true", "{}", "[1]", r#"["a",null]"#] {
                assert_eq!(strict(&format!(r#"{{"{name}":{value}}}"#)), refused, "{name} {value}");
            }
            let (own, other) = if matches!(claim, Registered::Exp | Registered::Nbf | Registered::Iat) {
                ("1", "\"1\"")
            } else {
                ("\"1\"", "1")
            };
            assert_eq!(strict(&format!(r#"{{"{name}":{own}}}"#)), Ok(()));
            assert_eq!(strict(&format!(r#"{{"{name}":{other}}}"#)), refused);
            assert_eq!(strict(&format!(r#"{{"{name}":{own},"{name}":{own}}}"#)), refused);
        }
    }
}
