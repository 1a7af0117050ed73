//! The other crates, each as its documentation uses it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use jsonwebtoken::crypto::{CryptoProvider, aws_lc, rust_crypto};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use jwt_simple::algorithms::{HS256Key, MACLike};
use jwt_simple::claims::JWTClaims;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::tokens::SECRET;

/// The claims that every token here has.
#[derive(Clone, Deserialize)]
#[allow(dead_code)] // filled by serde and read by nobody
pub struct Short {
    sub: String,
    name: String,
    email: String,
    iat: u64,
    exp: u64,
}

/// Which of its two cryptography providers `jsonwebtoken` uses.
#[derive(Clone, Copy)]
pub struct Backend {
    aws: bool,
}

/// `jsonwebtoken` takes one provider for the whole process; this one hands on to the two, so that
/// both can run in turn.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| (chosen().signer_factory)(algorithm, key),
    verifier_factory: |algorithm, key| (chosen().verifier_factory)(algorithm, key),
    key_utils: jsonwebtoken::crypto::KeyUtils::new_unimplemented(),
};
static AWS: AtomicBool = AtomicBool::new(false);

fn chosen() -> &'static CryptoProvider {
    if AWS.load(Relaxed) { &aws_lc::DEFAULT_PROVIDER } else { &rust_crypto::DEFAULT_PROVIDER }
}

/// To be called once, before any of the peers.
pub fn install() {
    PROVIDER.install_default().expect("nobody else installs one");
}

impl Backend {
    pub fn both() -> [Self; 2] {
        [Backend { aws: true }, Backend { aws: false }]
    }

    fn choose(self) {
        AWS.store(self.aws, Relaxed);
    }
}

pub struct JsonWebToken {
    backend: Backend,
    decoding: DecodingKey,
    encoding: EncodingKey,
    validation: Validation,
    header: Header,
}

impl JsonWebToken {
    pub fn new(backend: Backend) -> Self {
        JsonWebToken {
            backend,
            decoding: DecodingKey::from_secret(SECRET),
            encoding: EncodingKey::from_secret(SECRET),
            validation: validation(),
            header: Header::default(),
        }
    }

    pub fn decode<T: DeserializeOwned + Clone>(&self, token: &str) -> Option<T> {
        self.backend.choose();
        jsonwebtoken::decode(token, &self.decoding, &self.validation).ok().map(|data| data.claims)
    }

    pub fn encode<T: Serialize>(&self, claims: &T) -> String {
        self.backend.choose();
        jsonwebtoken::encode(&self.header, claims, &self.encoding).expect("claims")
    }
}

/// Its default refuses any token with an audience; nobody here asks for one.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_aud = false;
    validation
}

/// Several keys with `jsonwebtoken`: it is for its user to look the key up by the header's `kid`.
pub struct KeyRing {
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
}

impl KeyRing {
    pub fn new(keys: impl Iterator<Item = (String, [u8; 32])>) -> Self {
        Backend { aws: false }.choose();
        let keys = keys.map(|(kid, secret)| (kid, DecodingKey::from_secret(&secret))).collect();
        KeyRing { keys, validation: validation() }
    }

    pub fn verify(&self, token: &str) -> bool {
        let kid = jsonwebtoken::decode_header(token).expect("a header").kid.expect("a kid");
        jsonwebtoken::decode::<Short>(token, &self.keys[&kid], &self.validation).is_ok()
    }
}

pub struct JwtSimple {
    key: HS256Key,
}

impl JwtSimple {
    pub fn keyed() -> Self {
        JwtSimple { key: HS256Key::from_bytes(SECRET) }
    }

    pub fn claims(json: &str) -> JWTClaims<Value> {
        serde_json::from_str(json).expect("claims")
    }

    pub fn verify(&self, token: &str) -> bool {
        self.key.verify_token::<Value>(token, None).is_ok()
    }

    pub fn sign(&self, claims: JWTClaims<Value>) -> String {
        self.key.authenticate(claims).expect("claims")
    }
}
