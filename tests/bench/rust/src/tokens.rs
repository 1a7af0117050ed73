//! The tokens that all bindings are measured with. Each set holds several of one size: a single
//! token over and over would let the processor learn the lengths of its strings by heart, which no
//! server's traffic does.

use mastra_jwt_core::Signer;
use serde::Serialize;

pub const SECRET: &[u8] = b"supersecretdevkeythatishs256safe!";
/// A moment at which the good tokens are valid, seconds since 1970.
pub const NOW: f64 = 1_800_000_000.0;
/// Bytes of a token, about; the last is what a Node server lets through in a header.
pub const SIZES: [usize; 4] = [200, 1024, 4096, 16384];
pub const IN_A_SET: u32 = 8;
/// The longest token that an option allows.
pub const MOST_BYTES: usize = 1 << 24;
const EXP: u64 = 4_102_444_800;

#[derive(Serialize)]
pub struct TokenSet {
    pub size: usize,
    /// Whether most of the size is one string.
    pub one_string: bool,
    pub claims: Vec<String>,
    pub good: Vec<String>,
    pub bad_signature: Vec<String>,
    pub expired: Vec<String>,
    /// Without its second dot.
    pub malformed: Vec<String>,
}

pub fn all_sets() -> Vec<TokenSet> {
    let mut sets: Vec<TokenSet> = SIZES.iter().map(|size| token_set(*size, false)).collect();
    sets.push(token_set(16384, true));
    sets
}

pub fn token_set(size: usize, one_string: bool) -> TokenSet {
    let signer = Signer::from_secret(SECRET).expect("the secret is long enough");
    let sign = |claims: &String| signer.sign_json(claims.as_bytes()).expect("the claims are an object");
    let claims_until = |exp: u64| -> Vec<String> {
        (0..IN_A_SET)
            .map(|seed| if one_string { long_string(seed, size, exp) } else { claims(seed, size, exp) })
            .collect()
    };
    let claims = claims_until(EXP);
    let good: Vec<String> = claims.iter().map(sign).collect();
    let with_signature = |token: &String, change: fn(&str) -> String| {
        let (input, signature) = token.rsplit_once('.').expect("a token has dots");
        format!("{input}{}", change(signature))
    };
    let flipped = |signature: &str| {
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        format!(".{first}{}", &signature[1..])
    };
    TokenSet {
        size,
        one_string,
        bad_signature: good.iter().map(|token| with_signature(token, flipped)).collect(),
        malformed: good.iter().map(|token| with_signature(token, str::to_owned)).collect(),
        expired: claims_until(1_700_003_600).iter().map(sign).collect(),
        claims,
        good,
    }
}

/// A good token of any size.
pub fn token_of(size: usize, one_string: bool) -> String {
    let claims = if one_string { long_string(0, size, EXP) } else { claims(0, size, EXP) };
    sign_any(&claims)
}

/// Claims of which 64, `claim-00` to `claim-63`, may be required.
pub fn many_claims(seed: u32) -> String {
    let more: String = (0..64).map(|at| format!(r#","claim-{at:02}":"{}""#, (at + 1) * (seed + 7))).collect();
    format!("{}{more}}}", start(seed, EXP))
}

/// Signs claims of any size.
pub fn sign_any(claims: &str) -> String {
    let mut signer = Signer::builder();
    signer.secret(SECRET).expect("long enough").max_token_bytes(MOST_BYTES).expect("within the range");
    signer.build().expect("a key").sign_json(claims.as_bytes()).expect("the claims are an object")
}

/// The bytes of JSON whose token has `size` bytes.
const fn claims_len(size: usize) -> usize {
    (size - 81) / 4 * 3 // 36 of the header, 43 of the signature, 2 dots
}

fn start(seed: u32, exp: u64) -> String {
    const NAMES: [&str; 8] = [
        "Ada Lovelace",
        "Grace Hopper",
        "Alan Turing",
        "Bo Li",
        "Edsger Dijkstra",
        "Kim Lee",
        "Barbara Liskov",
        "Jo Ito",
    ];
    let name = NAMES[seed as usize % NAMES.len()];
    let local = name.split(' ').next().unwrap_or(name).to_ascii_lowercase();
    let sub = 42 + seed * 1337;
    format!(r#"{{"sub":"user-{sub}","name":"{name}","email":"{local}@example.com","iat":17000000{seed:02},"exp":{exp}"#)
}

/// What identity providers put into large tokens: roles, and grants by project.
fn claims(seed: u32, size: usize, exp: u64) -> String {
    const ROLES: [&str; 10] = [
        "admin",
        "billing:read",
        "billing:write",
        "ops",
        "support-tier-2",
        "ml:train",
        "audit.log.viewer",
        "eu-west",
        "release-manager",
        "project-owner",
    ];
    const GRANTS: [&str; 4] = [r#"["read"]"#, r#"["read","write"]"#, r#"["read","write","admin"]"#, "[]"];
    let mut json = start(seed, exp);
    let end = claims_len(size);
    let mut random = seed.wrapping_mul(2_654_435_761) ^ 0x9e37;
    let mut pick = move |count: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) as usize % count
    };
    if end > 200 {
        json +=
            r#","iss":"https://id.example.com/","aud":["api","web"],"scope":"openid profile email","roles":["user""#;
        while json.len() < end * 6 / 10 {
            json += &format!(r#","{}""#, ROLES[pick(ROLES.len())]);
        }
        json += r#"],"grants":{"default":["read"]"#;
        while json.len() + 50 < end {
            json += &format!(r#","project-{:04}":{}"#, pick(10_000), GRANTS[pick(GRANTS.len())]);
        }
        json += "}";
    }
    json + "}"
}

fn long_string(seed: u32, size: usize, exp: u64) -> String {
    let json = start(seed, exp) + r#","note":""#;
    let room = claims_len(size).saturating_sub(json.len() + 2);
    format!(r#"{json}{}"}}"#, "All work and no play makes Jack a dull boy. ".repeat(room / 44))
}
