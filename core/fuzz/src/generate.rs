//! Policies, keys and tokens, such that most tokens come far and every refusal is reached.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::choices::Choices;
use crate::model::{Alg, Key, Policy};

/// How a verifier is made.
#[derive(Debug)]
pub struct Setup {
    pub secrets: Vec<Key>,
    pub jwks: Option<String>,
    pub policy: Policy,
    /// Through a policy document, or through the setters.
    pub by_document: bool,
}

pub const NOW: u64 = 1_700_000_000;
const KIDS: [&str; 6] = ["a", "b", "keys/1", "a\"b\\", "clé 🦀", "2026-11"];
const TEXTS: [&str; 6] = ["i", "https://a.example/x", "Zoë 🦀", "a\"b\\\n", "api", " "];
const CLAIMS: [&str; 10] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role", "clé", "a\"b"];

fn secret(choices: &Choices) -> Vec<u8> {
    let len = match choices.below(40) {
        0..30 => 64,
        30..36 => choices.of(&[32, 48, 65, 128, 129]),
        36..39 => choices.of(&[1, 31, 47, 63]),
        _ => 0,
    };
    vec![b'A' + choices.below(4) as u8; len]
}

fn optional<T>(choices: &Choices, of: usize, make: impl FnOnce(&Choices) -> T) -> Option<T> {
    choices.one_in(of).then(|| make(choices))
}

fn text(choices: &Choices) -> String {
    choices.of(&TEXTS).to_owned()
}

fn texts(choices: &Choices) -> Vec<String> {
    let len = if choices.one_in(3) { 1 + choices.below(3) } else { 0 };
    (0..len).map(|_| text(choices)).collect()
}

impl Setup {
    pub fn generate(choices: &Choices) -> Setup {
        let algorithms = match choices.below(6) {
            0..2 => vec![Alg::HS256],
            2..5 => Alg::ALL.to_vec(),
            _ => vec![Alg::HS384, Alg::HS512],
        };
        let required = if choices.one_in(3) { 1 + choices.below(3) } else { 0 };
        let policy = Policy {
            algorithms,
            issuer: texts(choices),
            audience: texts(choices),
            subject: optional(choices, 5, text),
            jwt_id: optional(choices, 6, text),
            typ: optional(choices, 6, |choices| {
                choices.of(&["JWT", "at+jwt", "application/at+jwt", "example/x"]).to_owned()
            }),
            leeway: if choices.one_in(2) { choices.of(&[1, 10, 86_400]) } else { 0 },
            max_age: optional(choices, 4, |choices| choices.of(&[1, 60, 3600, 1 << 53])),
            required_claims: (0..required).map(|_| choices.of(&CLAIMS).to_owned()).collect(),
            require_exp: choices.one_in(6),
            check_iat: choices.one_in(4),
            strict_claims: choices.one_in(5),
            ignore_expiration: choices.one_in(6),
            allow_short_keys: choices.one_in(2),
            max_token_bytes: if choices.one_in(12) { choices.of(&[1, 100, 200, 300, 100_000]) } else { 16_384 },
        };
        let secrets = if choices.one_in(8) { choices.below(5) } else { 1 };
        let kid = |choices: &Choices| choices.of(&KIDS).to_owned();
        Setup {
            secrets: (0..secrets)
                .map(|_| Key { secret: secret(choices), kid: optional(choices, 3, kid), alg: None })
                .collect(),
            jwks: optional(choices, 3, jwks),
            policy,
            by_document: choices.one_in(2),
        }
    }

    /// The policy document; a member that has its default may be left out.
    pub fn document(&self) -> String {
        let Policy { algorithms, issuer, audience, subject, jwt_id, typ, leeway, max_age, .. } = &self.policy;
        let Policy { required_claims, require_exp, check_iat, strict_claims, .. } = &self.policy;
        let Policy { ignore_expiration, allow_short_keys, max_token_bytes, .. } = &self.policy;
        let names: Vec<&str> = algorithms.iter().map(|alg| alg.name()).collect();
        let members = json!({
            "algorithms": names, "issuer": issuer, "audience": audience, "subject": subject,
            "jwtId": jwt_id, "type": typ, "leeway": leeway, "maxAge": max_age,
            "requiredClaims": required_claims, "requireExp": require_exp,
            "checkIat": check_iat, "strictClaims": strict_claims, "ignoreExpiration": ignore_expiration,
            "allowShortKeys": allow_short_keys, "maxTokenBytes": max_token_bytes,
        });
        let Value::Object(members) = members else { unreachable!() };
        let is_set = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
        Value::from(members.into_iter().filter(|(_, value)| is_set(value)).collect::<Map<_, _>>()).to_string()
    }
}

/// A JWK Set: symmetric keys, good and bad, and keys of other kinds with odd members.
fn jwks(choices: &Choices) -> String {
    let len = choices.below(4);
    let keys: Vec<Value> = (0..len)
        .map(|_| {
            let mut jwk = Map::new();
            if choices.one_in(4) {
                jwk.insert("kty".into(), choices.of(&[&json!("RSA"), &json!("EC"), &json!(null), &json!(1)]).clone());
                for name in ["kid", "alg", "use", "key_ops", "k"] {
                    if choices.one_in(2) {
                        jwk.insert(name.into(), scalar(choices));
                    }
                }
                return Value::from(jwk);
            }
            jwk.insert("kty".into(), "oct".into());
            jwk.insert("k".into(), URL_SAFE_NO_PAD.encode(secret(choices)).into());
            if choices.one_in(2) {
                jwk.insert("kid".into(), choices.of(&KIDS).into());
            }
            if choices.one_in(3) {
                jwk.insert("alg".into(), choices.of(&["HS256", "HS384", "HS512", "A256KW"]).into());
            }
            if choices.one_in(4) {
                jwk.insert("use".into(), choices.of(&["sig", "sig", "enc"]).into());
            }
            if choices.one_in(4) {
                jwk.insert(
                    "key_ops".into(),
                    choices.of(&[&json!(["verify"]), &json!(["sign", "verify"]), &json!(["sign"])]).clone(),
                );
            }
            if choices.one_in(30) {
                jwk.insert(choices.of(&["k", "kid", "alg", "use", "key_ops", "x"]).into(), scalar(choices));
            }
            Value::from(jwk)
        })
        .collect();
    let mut set = json!({ "keys": keys });
    if choices.one_in(30) {
        set = choices.of(&[&json!({}), &json!([]), &json!({ "keys": {} }), &json!({ "keys": [1] })]).clone();
    }
    set.to_string()
}

fn scalar(choices: &Choices) -> Value {
    match choices.below(7) {
        0 => Value::Null,
        1 => true.into(),
        2 => (choices.below(256) as i64 - 7).into(),
        3 => text(choices).into(),
        4 => json!([]),
        5 => json!(["verify"]),
        _ => json!({ "a": [1, "x"] }),
    }
}

/// A token for this setup; `keys` are those of the verifier.
pub fn token(choices: &Choices, setup: &Setup, keys: &[Key]) -> Vec<u8> {
    let key = &keys[choices.below(keys.len())];
    let usual = key.alg.filter(|alg| setup.policy.algorithms.contains(alg)).unwrap_or(setup.policy.algorithms[0]);
    let alg = if choices.one_in(8) { choices.of(&Alg::ALL) } else { usual };
    let header = encode(choices, header(choices, setup, key, alg).as_bytes());
    let mut claims = claims(choices, &setup.policy).into_bytes();
    if choices.one_in(24) {
        edit(choices, &mut claims, b"{}[]\",:\\ \n\x000123456789.eE+-tfnulx");
    }
    let payload = encode(choices, &claims);
    let mut input = format!("{header}.{payload}").into_bytes();
    if choices.one_in(60) {
        edit(choices, &mut input, b"ABab01-_=.+/ ");
    }
    let stranger;
    let secret = if choices.one_in(24) {
        stranger = secret(choices);
        &stranger
    } else {
        &key.secret
    };
    let signature = alg.sign(secret, &input);
    let mut token = [&input[..], b".", signature.as_bytes()].concat();
    match choices.below(100) {
        0..92 => {}
        92..97 => edit(choices, &mut token, b"ABab01-_=.+/ "),
        97 => token.truncate(choices.below(token.len())),
        98 => token.truncate(input.len() + 1),
        _ => token.extend(vec![b'A'; choices.below(40)]),
    }
    token
}

fn encode(choices: &Choices, bytes: &[u8]) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(bytes);
    if choices.one_in(80) {
        // Padding, or the spare bits of the last character.
        if choices.one_in(2) {
            text.push('=');
        } else if let Some(last) = text.pop() {
            text.push(char::from_u32(last as u32 + 1).filter(char::is_ascii).unwrap_or('A'));
        }
    }
    text
}

/// Some bytes replaced, removed or put in.
fn edit(choices: &Choices, bytes: &mut Vec<u8>, alphabet: &[u8]) {
    for _ in 0..=choices.below(3) {
        let at = (choices.bits() % (bytes.len() as u64 + 1)) as usize;
        let byte = if choices.one_in(8) { choices.bits() as u8 } else { choices.of(alphabet) };
        match choices.below(3) {
            0 if at < bytes.len() => bytes[at] = byte,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(at, byte),
        }
    }
}

fn header(choices: &Choices, setup: &Setup, key: &Key, alg: Alg) -> String {
    let mut members = vec![format!("\"alg\":\"{}\"", alg.name())];
    let typ = setup.policy.typ.as_deref().unwrap_or("JWT");
    let typ = if choices.one_in(12) {
        choices.of(&["jwt", "APPLICATION/AT+JWT", "example/x", "application/example/x"])
    } else {
        typ
    };
    if !choices.one_in(6) {
        members.push(format!("\"typ\":{}", string(choices, typ)));
    }
    if let Some(kid) = &key.kid
        && !choices.one_in(6)
    {
        members.push(format!("\"kid\":{}", string(choices, kid)));
    } else if choices.one_in(12) {
        members.push(format!("\"kid\":{}", string(choices, choices.of(&KIDS))));
    }
    if choices.one_in(30) {
        let odd = [
            "\"alg\":\"none\"",
            "\"crit\":[\"x\"]",
            "\"crit\":null",
            "\"kid\":1",
            "\"kid\":\"\\ud800\"",
            "\"typ\":null",
            "\"\\u0061lg\":\"HS256\"",
            "\"x\":1e400",
            "\"x\":\"\\udc00\"",
        ];
        members.push(choices.of(&odd).to_owned());
    }
    if choices.one_in(10) {
        members.push(format!("{}:{}", string(choices, "x"), value(choices, 2)));
    }
    if choices.one_in(6) {
        members.rotate_left(1);
    }
    if choices.one_in(60) {
        members.remove(choices.below(members.len()));
    }
    object(choices, &members)
}

fn object(choices: &Choices, members: &[String]) -> String {
    let mut text = String::from("{");
    for (at, member) in members.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { "," });
        text.push_str(blank(choices));
        text.push_str(member);
    }
    text.push_str(blank(choices));
    text.push('}');
    text
}

fn blank(choices: &Choices) -> &'static str {
    if choices.one_in(40) { choices.of(&[" ", "\n", "\t\r ", "  "]) } else { "" }
}

/// The text as a JSON string, some of its characters escaped that need not be.
fn string(choices: &Choices, text: &str) -> String {
    if !choices.one_in(10) {
        return Value::from(text).to_string();
    }
    let mut escaped = String::from("\"");
    for character in text.chars() {
        if choices.one_in(3) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else if character == '/' {
            escaped.push_str("\\/");
        } else {
            escaped.push_str(Value::from(character.to_string()).to_string().trim_matches('"').trim_start_matches('"'));
        }
    }
    escaped.push('"');
    escaped
}

/// Any value, written loosely.
fn value(choices: &Choices, depth: usize) -> String {
    match choices.below(if depth == 0 { 10 } else { 13 }) {
        0 => "null".to_owned(),
        1 => choices.of(&["true", "false"]).to_owned(),
        2..6 => string(choices, choices.of(&TEXTS)),
        6 => choices.of(&["\"\\ud800\"", "\"\\udc00\\ud800x\"", "\"\\\\ud800\"", "\"\\ud83e\\udd80\""]).to_owned(),
        7..10 => number(choices),
        10 => {
            let elements: Vec<String> = (0..choices.below(4)).map(|_| value(choices, depth - 1)).collect();
            format!("[{}{}]", blank(choices), elements.join(","))
        }
        _ => {
            let members: Vec<String> = (0..choices.below(4))
                .map(|_| {
                    format!("{}{}:{}", string(choices, choices.of(&CLAIMS)), blank(choices), value(choices, depth - 1))
                })
                .collect();
            object(choices, &members)
        }
    }
}

fn number(choices: &Choices) -> String {
    let numbers = [
        "0",
        "-0",
        "-0.0",
        "1",
        "-1",
        "1.5",
        "1e5",
        "1E+5",
        "1e-5",
        "0e400",
        "1e-400",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "9007199254740993",
        "18446744073709551616",
        "-9223372036854775809",
        "5e-324",
        "1e400",
        "-1e400",
        "1.7976931348623159e308",
        "1700000000.0000001",
        "17e8",
        "1.7e9",
        "170000000000e-2",
    ];
    if choices.one_in(2) {
        return choices.of(&numbers).to_owned();
    }
    // Any double, and any digits.
    let bits = choices.bits();
    let double = f64::from_bits(bits);
    if double.is_finite() && choices.one_in(2) {
        format!("{double:e}")
    } else {
        format!("{}.{:03}", bits as i64, bits % 1000)
    }
}

fn claims(choices: &Choices, policy: &Policy) -> String {
    let mut members = vec![];
    let mut add = |choices: &Choices, name: &str, value: String| {
        let name = string(choices, name);
        members.push(format!("{name}{}:{}{value}", blank(choices), blank(choices)));
    };
    let leeway = policy.leeway as i64;
    // Of each claim: what the policy wants, mostly; else what lies about the edge, another type,
    // nothing, or twice.
    for (name, edge, good) in [("exp", -leeway, 100), ("nbf", leeway, -100), ("iat", leeway, -10)] {
        match choices.below(20) {
            0..12 => add(choices, name, (NOW as i64 + good).to_string()),
            12..14 => {
                let edge = if name == "iat" && choices.one_in(2) {
                    -(policy.max_age.unwrap_or(60).min(9999) as i64) - leeway
                } else {
                    edge
                };
                let time = NOW as i64 + edge + choices.below(3) as i64 - 1;
                let half = choices.of(&["", "", ".5", ".0", "e0"]);
                add(choices, name, format!("{time}{half}"));
            }
            14 => add(choices, name, value(choices, 1)),
            15 => add(choices, name, number(choices)),
            _ => {}
        }
    }
    let texts = [
        ("iss", policy.issuer.clone()),
        ("sub", policy.subject.clone().into_iter().collect()),
        ("jti", policy.jwt_id.clone().into_iter().collect()),
    ];
    for (name, wanted) in texts {
        match choices.below(24) {
            0..16 if wanted.is_empty() && choices.one_in(2) => {}
            0..18 => {
                let wanted = if wanted.is_empty() { TEXTS[0] } else { &wanted[choices.below(wanted.len())] };
                add(choices, name, string(choices, wanted));
            }
            18..20 => add(choices, name, value(choices, 1)),
            20..22 => add(choices, name, string(choices, choices.of(&TEXTS))),
            _ => {}
        }
    }
    match choices.below(24) {
        0..18 if policy.audience.is_empty() && !choices.one_in(4) => {}
        0..18 => {
            let wanted =
                if policy.audience.is_empty() { "x" } else { &policy.audience[choices.below(policy.audience.len())] };
            let mut aud = string(choices, wanted);
            if choices.one_in(2) {
                let before: Vec<String> = (0..choices.below(3)).map(|_| value(choices, 1) + ",").collect();
                aud = format!("[{}{aud}{}]", before.concat(), blank(choices));
            }
            add(choices, "aud", aud);
        }
        18..22 => add(choices, "aud", value(choices, 2)),
        _ => {}
    }
    for name in &policy.required_claims {
        if !choices.one_in(10) && !members_has(name) {
            add(choices, name, value(choices, 2));
        }
    }
    for _ in 0..choices.below(3) {
        add(choices, choices.of(&["x", "y", "scope", "ex", "exp "]), value(choices, 2));
    }
    if choices.one_in(16) {
        add(choices, choices.of(&CLAIMS), value(choices, 2));
    }
    if choices.one_in(4) && !members.is_empty() {
        let at = choices.below(members.len());
        members.rotate_left(at);
    }
    object(choices, &members)
}

/// The registered claims have been considered already.
fn members_has(name: &str) -> bool {
    CLAIMS[..7].contains(&name)
}
