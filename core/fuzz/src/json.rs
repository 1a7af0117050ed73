//! JSON by `serde_json`, read as the standard for tokens wants it: the members of an object with
//! their order and repetitions.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// The members of one JSON object.
#[derive(Debug)]
pub struct Members(pub Vec<(String, Value)>);

impl Members {
    /// `None` when the bytes are not one UTF-8 JSON object, or hold a number that no double does.
    pub fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(&without_lone_surrogates(json)).ok()
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(known, _)| known == name).count()
    }

    /// The value of the last member of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = vec![];
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// What a lone surrogate is replaced with: a character that nothing generated holds.
pub const REPLACEMENT: char = '\u{ffff}';

/// The text with every escaped lone surrogate replaced, which `JSON.parse` takes and no Rust string
/// can hold.
fn without_lone_surrogates(json: &[u8]) -> Vec<u8> {
    let unit = |at: usize| {
        let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let digits =
            str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut text = Vec::with_capacity(json.len());
    let mut at = 0;
    while at < json.len() {
        let len = match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                text.extend(b"\\uffff");
                at += 6;
                continue;
            }
            // Any other escape has a second character that starts nothing.
            _ if json[at] == b'\\' => 2.min(json.len() - at),
            _ => 1,
        };
        text.extend(&json[at..at + len]);
        at += len;
    }
    text
}
