//! One pass over a JSON object (RFC 8259): checks the grammar and hands out the top-level members,
//! borrowed.
//!
//! Why not `serde_json`: claims are read once for every request, and what is wanted of them is
//! where a handful of members are. This pass allocates nothing, keeps no tree, and accepts exactly
//! what `JSON.parse` accepts (nesting of any depth, lone surrogates in strings), except for numbers
//! beyond the range of a double. The bytes are checked to be UTF-8 on the way.

// The scanner is one loop cut into functions for the reader. Left to itself the compiler joins them
// or not by who else calls them, which moved a short token's verification between 330 and 360 ns.
#![allow(clippy::inline_always)]

use std::borrow::Cow;
use std::ops::Range;

use crate::error::Error;

/// The text breaks the grammar.
#[derive(Debug, PartialEq)]
pub(crate) struct Malformed;

type Scan<T> = Result<T, Malformed>;

/// A member of an object: byte ranges of its name and its value, with the quotes of strings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
    /// The value, where it is a number of few enough digits to be exact in a double, as
    /// `NumericDate` nearly always is.
    pub(crate) whole: Option<u64>,
}

/// Reads the members of one object in order; the text must hold that object and nothing else.
pub(crate) struct Object<'a> {
    scanner: Scanner<'a>,
    first: bool,
}

impl<'a> Object<'a> {
    #[inline(always)]
    pub(crate) fn open(text: &'a [u8]) -> Scan<Self> {
        let mut scanner = Scanner::new(text)?;
        scanner.white_space();
        scanner.expect(b'{')?;
        Ok(Object { scanner, first: true })
    }

    /// The next member; `None` once, at the end, when nothing but white space follows the object.
    #[inline(always)]
    pub(crate) fn next_member(&mut self) -> Scan<Option<Member>> {
        let scanner = &mut self.scanner;
        scanner.white_space();
        match scanner.peek() {
            Some(b'}') => {
                scanner.at += 1;
                scanner.white_space();
                return if scanner.at == scanner.text.len() { Ok(None) } else { Err(Malformed) };
            }
            Some(b',') if !self.first => {
                scanner.at += 1;
                scanner.white_space();
            }
            _ if self.first => {}
            _ => return Err(Malformed),
        }
        self.first = false;
        let name = scanner.name()?;
        let start = scanner.at;
        let whole = scanner.value()?;
        Ok(Some(Member { name, value: start..scanner.at, whole }))
    }

    /// Whether no name or string of the object is written with escapes.
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        self.scanner.plain
    }
}

/// The elements of an array that the scanner has checked as part of an object; of any other value,
/// none.
pub(crate) fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut scanner = Scanner { text: array, at: 0, plain: false };
    std::iter::from_fn(move || {
        if !matches!(scanner.peek()?, b'[' | b',') {
            return None;
        }
        scanner.at += 1;
        scanner.white_space();
        let start = scanner.at;
        scanner.value().ok()?;
        let element = &array[start..scanner.at];
        scanner.white_space();
        Some(element)
    })
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    /// No backslash and no control character in all of the text: a string ends at the next quote.
    plain: bool,
}

impl<'a> Scanner<'a> {
    /// One look at every byte, which the compiler turns into vector instructions, spares the
    /// strings most of theirs.
    #[inline(always)]
    fn new(text: &'a [u8]) -> Scan<Self> {
        let (mut special, mut high) = (0, 0);
        for byte in text {
            special |= u8::from(*byte < 0x20) | u8::from(*byte == b'\\');
            high |= byte;
        }
        if high >= 0x80 {
            str::from_utf8(text).map_err(|_| Malformed)?;
        }
        Ok(Scanner { text, at: 0, plain: special == 0 })
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline(always)]
    fn expect(&mut self, byte: u8) -> Scan<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    #[inline(always)]
    fn white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// A name and its colon, up to the first byte of the value.
    #[inline(always)]
    fn name(&mut self) -> Scan<Range<usize>> {
        let start = self.at;
        self.expect(b'"')?;
        // A short name and its colon are in one word: no second look at memory has to wait for
        // where the name ends.
        if self.plain
            && let Some(eight) = self.text.get(self.at..).and_then(<[u8]>::first_chunk)
        {
            let eight = u64::from_le_bytes(*eight);
            let quote = quotes_in(eight).trailing_zeros() & !7;
            if quote == u64::BITS {
                self.at += 8;
            } else if quote < 56 && (eight >> quote) & 0xff00 == COLON_BEHIND {
                self.at += quote as usize / 8 + 2;
                let name = start..self.at - 1;
                self.white_space();
                return Ok(name);
            }
        }
        self.string()?;
        let name = start..self.at;
        self.white_space();
        self.expect(b':')?;
        self.white_space();
        Ok(name)
    }

    /// The rest of a string after its opening quote, the closing one included.
    #[inline(always)]
    fn string(&mut self) -> Scan<()> {
        if !self.plain {
            return self.string_with_escapes();
        }
        let mut rest = &self.text[self.at..];
        while let Some((eight, behind)) = rest.split_first_chunk() {
            let quotes = quotes_in(u64::from_le_bytes(*eight));
            if quotes != 0 {
                self.at = self.text.len() - rest.len() + (quotes.trailing_zeros() / 8) as usize + 1;
                return Ok(());
            }
            rest = behind;
        }
        let quote = rest.iter().position(|byte| *byte == b'"').ok_or(Malformed)?;
        self.at = self.text.len() - rest.len() + quote + 1;
        Ok(())
    }

    #[inline(never)]
    fn string_with_escapes(&mut self) -> Scan<()> {
        loop {
            while let Some(eight) = self.text.get(self.at..).and_then(<[u8]>::first_chunk) {
                let stops = stops_in(u64::from_le_bytes(*eight));
                self.at += (stops.trailing_zeros() / 8) as usize; // all eight when there is none
                if stops != 0 {
                    break;
                }
            }
            match self.peek().ok_or(Malformed)? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                0..=0x1f => return Err(Malformed),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Scan<()> {
        self.at += 1;
        match self.peek().ok_or(Malformed)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                let digits = self.text.get(self.at + 1..self.at + 5).ok_or(Malformed)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(Malformed);
                }
                self.at += 5;
            }
            _ => return Err(Malformed),
        }
        Ok(())
    }

    /// At least one digit: how many there are, and their value while it has no more than 15.
    #[inline(always)]
    fn digits(&mut self) -> Scan<(usize, u64)> {
        let start = self.at;
        let mut value = 0_u64;
        if let Some(eight) = self.text.get(self.at..).and_then(<[u8]>::first_chunk)
            && let Some(of_eight) = eight_digits(u64::from_le_bytes(*eight))
        {
            value = of_eight;
            self.at += 8;
        }
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        match self.at - start {
            0 => Err(Malformed),
            count => Ok((count, value)),
        }
    }

    /// The value is that of [`Member::whole`].
    #[inline(always)]
    fn number(&mut self) -> Scan<Option<u64>> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let (digits, value) = self.digits()?;
        if leading_zero && digits > 1 {
            return Err(Malformed);
        }
        let mut whole = !negative && digits <= 15;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            whole = false;
        }
        let exponent = matches!(self.peek(), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
            whole = false;
        }
        if (exponent || may_be_infinite(digits)) && !double(&self.text[start..self.at]).is_some_and(f64::is_finite) {
            return Err(Malformed);
        }
        Ok(whole.then_some(value))
    }

    #[inline(always)]
    fn literal(&mut self, word: &[u8]) -> Scan<()> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// Any value that is neither object nor array. The value is that of [`Member::whole`].
    #[inline(always)]
    fn scalar(&mut self, first: u8) -> Scan<Option<u64>> {
        match first {
            b'"' => {
                self.at += 1;
                self.string()?;
            }
            b'-' | b'0'..=b'9' => return self.number(),
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            b'n' => self.literal(b"null")?,
            _ => return Err(Malformed),
        }
        Ok(None)
    }

    #[inline(always)]
    fn value(&mut self) -> Scan<Option<u64>> {
        match self.peek().ok_or(Malformed)? {
            b'{' | b'[' => self.nested().map(|()| None),
            first => self.scalar(first),
        }
    }

    /// An object or array with all that it holds; a loop, so that no depth can exhaust the stack.
    #[inline(never)]
    fn nested(&mut self) -> Scan<()> {
        let mut nesting = Nesting::default();
        loop {
            // At the start of a value.
            let first = self.peek().ok_or(Malformed)?;
            if let b'{' | b'[' = first {
                self.at += 1;
                self.white_space();
                let close = if first == b'{' { b'}' } else { b']' };
                if self.peek() != Some(close) {
                    nesting.push(first == b'{');
                    if first == b'{' {
                        self.name()?;
                    }
                    continue;
                }
                self.at += 1;
            } else {
                self.scalar(first)?;
            }
            // Behind a value.
            loop {
                let Some(object) = nesting.top() else {
                    return Ok(());
                };
                self.white_space();
                match self.peek().ok_or(Malformed)? {
                    b',' => {
                        self.at += 1;
                        self.white_space();
                        if object {
                            self.name()?;
                        }
                        break;
                    }
                    b'}' if object => self.at += 1,
                    b']' if !object => self.at += 1,
                    _ => return Err(Malformed),
                }
                nesting.pop();
            }
        }
    }
}

/// One bit a level (set: object); the first 64 levels need no heap.
#[derive(Default)]
struct Nesting {
    bits: u64,
    depth: u32,
    outer: Vec<u64>,
}

impl Nesting {
    fn push(&mut self, object: bool) {
        if self.depth == 64 {
            self.outer.push(self.bits);
            self.depth = 0;
        }
        self.bits = self.bits << 1 | u64::from(object);
        self.depth += 1;
    }

    fn top(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }

    fn pop(&mut self) {
        self.bits >>= 1;
        self.depth -= 1;
        if self.depth == 0
            && let Some(bits) = self.outer.pop()
        {
            self.bits = bits;
            self.depth = 64;
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// A colon in the second lowest byte.
const COLON_BEHIND: u64 = 0x3a00;

/// Whether a number of so many digits may be beyond the range of a double, without an exponent: the
/// largest has 309.
#[inline(always)]
fn may_be_infinite(digits: usize) -> bool {
    digits > 308
}

/// Marks, by the high bit, the zeros in eight bytes. The lowest mark is exact; marks above it may
/// be false.
#[inline]
fn zeros_in(eight: u64) -> u64 {
    eight.wrapping_sub(ONES) & !eight & HIGH
}

/// Marks the quotes.
#[inline]
fn quotes_in(eight: u64) -> u64 {
    zeros_in(eight ^ (ONES * 0x22))
}

/// Marks what ends the plain run of a string: quotes, backslashes and control characters.
#[inline]
fn stops_in(eight: u64) -> u64 {
    let control = eight.wrapping_sub(ONES * 0x20) & !eight & HIGH;
    quotes_in(eight) | zeros_in(eight ^ (ONES * 0x5c)) | control
}

/// The value of eight digits, the first in the lowest byte; `None` when one of them is not a digit.
#[inline]
fn eight_digits(eight: u64) -> Option<u64> {
    const ZEROS: u64 = ONES * 0x30;
    let above_nine = eight.wrapping_add(ONES * 0x46); // sets the high bit of 0x3a and up
    let below_zero = eight.wrapping_sub(ZEROS);
    if (above_nine | below_zero) & HIGH != 0 {
        return None;
    }
    // Neighbours become one number: digits to pairs, pairs to fours, fours to eight.
    let pairs = below_zero.wrapping_mul(10).wrapping_add(below_zero >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff)
}

/// The double nearest to a JSON number; `None` when the text is not a number.
pub(crate) fn double(text: &[u8]) -> Option<f64> {
    if !matches!(text.first(), Some(b'-' | b'0'..=b'9')) {
        return None;
    }
    str::from_utf8(text).ok()?.parse().ok()
}

/// A JSON string as it is written in a token, borrowed; escapes are resolved only when asked for.
#[derive(Clone, Copy, Debug)]
pub struct JsonString<'a> {
    raw: &'a str,
}

impl<'a> JsonString<'a> {
    /// A string whose JSON is itself between quotes; `None` when it would have to be escaped.
    pub(crate) const fn plain(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] < 0x20 || bytes[at] == b'"' || bytes[at] == b'\\' {
                return None;
            }
            at += 1;
        }
        Some(JsonString { raw: text })
    }

    /// From a value with its quotes; `None` when it is not a string. The scanner has checked its
    /// grammar.
    pub(crate) fn from_value(value: &'a [u8]) -> Option<Self> {
        let raw = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(JsonString { raw: str::from_utf8(raw).ok()? })
    }

    /// The content between the quotes, escapes and all.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// The string that is meant; borrowed when nothing is escaped.
    ///
    /// # Errors
    /// [`Error::ClaimType`] when it holds a lone surrogate, which no Rust string can.
    pub fn decode(&self) -> Result<Cow<'a, str>, Error> {
        if !self.raw.contains('\\') {
            return Ok(Cow::Borrowed(self.raw));
        }
        let decoded: Option<String> = self.characters().collect();
        decoded.map(Cow::Owned).ok_or(Error::ClaimType)
    }

    /// The characters that are meant; `None` for a lone surrogate.
    pub(crate) fn characters(&self) -> impl Iterator<Item = Option<char>> + use<'a> {
        let mut rest = self.raw.chars();
        std::iter::from_fn(move || {
            let first = rest.next()?;
            if first != '\\' {
                return Some(Some(first));
            }
            Some(match rest.next()? {
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                'u' => {
                    let unit = hex4(rest.as_str());
                    rest = rest.as_str()[4..].chars();
                    let low = rest.as_str().strip_prefix("\\u").map(hex4);
                    match (unit, low) {
                        (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                            rest = rest.as_str()[6..].chars();
                            char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
                        }
                        _ => char::from_u32(unit),
                    }
                }
                plain => Some(plain),
            })
        })
    }
}

impl PartialEq<str> for JsonString<'_> {
    fn eq(&self, other: &str) -> bool {
        if self.raw.contains('\\') { self.characters().eq(other.chars().map(Some)) } else { self.raw == other }
    }
}

/// Four hexadecimal digits, as the scanner has checked them to be.
fn hex4(text: &str) -> u32 {
    const LONE: u32 = 0xd800; // a lone surrogate: equal to nothing
    text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(LONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Scan<Vec<(&str, &str)>> {
        let mut object = Object::open(text.as_bytes())?;
        let mut all = vec![];
        while let Some(Member { name, value, .. }) = object.next_member()? {
            all.push((&text[name], &text[value]));
        }
        Ok(all)
    }

    #[test]
    fn hands_out_members_in_order() {
        assert_eq!(members("{}"), Ok(vec![]));
        assert_eq!(
            members("\t{ \"a\" : [1, {\"b\":[]}] ,\r\n\"c\":\"}\" , \"a\":-0.5e+2 }\n"),
            Ok(vec![("\"a\"", "[1, {\"b\":[]}]"), ("\"c\"", "\"}\""), ("\"a\"", "-0.5e+2")])
        );
    }

    #[test]
    fn a_colon_in_a_name_does_not_end_it() {
        for name in [":", ":a", "a:", "a:b", "a:bcdef", "a:bcdefg", "a:bcdefgh", "abcdefg:", "\\\":\\\""] {
            let quoted = format!("\"{name}\"");
            for between in [":", " :", ": "] {
                let text = format!("{{{quoted}{between}12345678}}");
                assert_eq!(members(&text), Ok(vec![(&*quoted, "12345678")]), "{text}");
            }
        }
    }

    #[test]
    fn refuses_what_is_not_one_object() {
        for text in [
            "",
            " ",
            "1",
            "[]",
            "null",
            "{",
            "}",
            "{}{}",
            "{},",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":01}",
            "{\"a\":-}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":+1}",
            "{\"a\":1e}",
            "{\"a\":1e+}",
            "{\"a\":tru}",
            "{\"a\":truex}",
            "{\"a\":NaN}",
            "{\"a\":[1,]}",
            "{\"a\":[1}",
            "{\"a\":{\"b\":1]}",
            "{\"a\":[,1]}",
            "{\"a\":{\"b\"}}",
            "{\"a\":{\"b\":1,}}",
            "{\":\"1       }",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"\\u123\"}",
            "{\"a\":\"",
            "{\"a\":\"\\",
            "{\"a\":\"\\\"}",
            "\u{feff}{}",
            "{\"a\":1e400}",
            "{\"a\":[-1e999]}",
            "{\"a\":\u{a0}1}",
        ] {
            assert_eq!(members(text), Err(Malformed), "{text:?}");
        }
    }

    #[test]
    fn elements_of_an_array_are_handed_out() {
        let all = |text: &'static str| {
            elements(text.as_bytes()).map(|element| str::from_utf8(element).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(all(r#"[ "a" , [1,{}],2 ]"#), ["\"a\"", "[1,{}]", "2"]);
        assert!(all("[]").is_empty() && all("[ ]").is_empty() && all("{}").is_empty() && all("\"a\"").is_empty());
    }

    #[test]
    fn a_number_beyond_every_double_is_refused_and_one_within_is_not() {
        let digits = |count: usize| format!("{{\"a\":1{}}}", "0".repeat(count - 1));
        assert!(members(&digits(309)).is_ok());
        assert!(members(&digits(310)).is_err());
        assert!(members("{\"a\":1e308,\"b\":1e-999}").is_ok());
    }

    #[test]
    fn depth_is_no_limit() {
        for depth in [1, 63, 64, 65, 128, 129, 6000] {
            let nested = |open: &str, close: &str| format!("{{\"a\":{}1{}}}", open.repeat(depth), close.repeat(depth));
            assert!(members(&nested("[", "]")).is_ok());
            assert!(members(&nested("{\"x\":[", "]}")).is_ok());
            assert!(members(&nested("[{\"x\":", "}]")).is_ok());
            assert!(members(&nested("[", "}")).is_err());
            assert!(members(&format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth + 1))).is_err());
        }
    }

    #[test]
    fn strings_stop_where_they_should_at_every_offset() {
        for length in 0..40 {
            for stop in ["\",\"b\":\"", "\\\"", "\\u0041", "é", "\u{7f}"] {
                let text = format!("{{\"a\":\"{}{stop}y\"}}", "x".repeat(length));
                assert!(members(&text).is_ok(), "{text}");
            }
            for control in 0..0x20_u8 {
                let text = format!("{{\"a\":\"{}{}\"}}", "é".repeat(length), control as char);
                assert_eq!(members(&text), Err(Malformed), "{text:?}");
            }
        }
    }

    #[test]
    fn the_first_stop_in_eight_bytes_is_found() {
        let is_stop = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
        for at in 0..8 {
            for behind in [b'x', b'"', b'\\', 0, 0x21, 0x23, 0x5d, 0xff] {
                for byte in 0..=255 {
                    let mut eight = [b'x'; 8];
                    eight[at..].fill(behind);
                    eight[at] = byte;
                    let first = eight.iter().position(|byte| is_stop(*byte)).unwrap_or(8);
                    let stops = stops_in(u64::from_le_bytes(eight));
                    assert_eq!(stops.trailing_zeros() as usize / 8, first, "{eight:?}");
                }
            }
        }
    }

    #[test]
    fn a_plain_string_needs_no_escape() {
        assert_eq!(JsonString::plain("a b/é").unwrap().raw(), "a b/é");
        for text in ["a\"b", "a\\b", "a\nb", "\u{1f}"] {
            assert!(JsonString::plain(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn strings_compare_by_what_they_mean() {
        let string = |text: &'static str| JsonString::from_value(text.as_bytes()).unwrap();
        assert!(string(r#""https:\/\/a""#) == *"https://a");
        assert!(string(r#""\u00e9\ud83d\ude00\t""#) == *"é😀\t");
        assert!(string(r#""a\u0062""#) == *"ab");
        assert!(string(r#""a\u0062""#) != *"abc");
        assert!(string(r#""\ud800""#) != *"\u{fffd}");
        assert!(string(r#""\ud800\u0041""#).decode().is_err());
        assert!(string(r#""\udc00""#).decode().is_err());
        assert_eq!(string(r#""\b\f\n\r\"\\""#).decode().unwrap(), "\u{8}\u{c}\n\r\"\\");
        assert!(JsonString::from_value(b"12").is_none());
    }

    #[test]
    fn whole_numbers_are_read_on_the_way() {
        let whole = |number: &str| {
            let text = format!("{{\"a\":{number}}}");
            Object::open(text.as_bytes()).unwrap().next_member().unwrap().unwrap().whole
        };
        for number in
            [0, 7, 10, 1_234_567, 12_345_678, 90_000_001, 1_700_000_000, 123_456_789_012_345, 999_999_999_999_999]
        {
            assert_eq!(whole(&number.to_string()), Some(number));
        }
        for number in ["1000000000000000", "-1", "1.0", "1e3", "12345678e1", "12345678.5", "null", "\"1\"", "[1]"] {
            assert_eq!(whole(number), None, "{number}");
        }
    }

    #[test]
    fn eight_digits_are_read_at_once() {
        for number in (0..100_000_000).step_by(7919) {
            let text = format!("{number:08}");
            assert_eq!(eight_digits(u64::from_le_bytes(*text.as_bytes().first_chunk().unwrap())), Some(number));
        }
        for at in 0..8 {
            for byte in (0..=255).filter(|byte: &u8| !byte.is_ascii_digit()) {
                let mut text = *b"12345678";
                text[at] = byte;
                assert_eq!(eight_digits(u64::from_le_bytes(text)), None, "{text:?}");
            }
        }
    }

    #[test]
    #[allow(clippy::float_cmp)]
    fn numbers_are_doubles() {
        assert_eq!(double(b"1700000000"), Some(1_700_000_000.0));
        assert_eq!(double(b"-1.5e3"), Some(-1500.0));
        assert_eq!(double(b"9007199254740993"), Some(9_007_199_254_740_992.0));
        assert_eq!(double(b"\"1\""), None);
        assert_eq!(double(b"null"), None);
    }
}
