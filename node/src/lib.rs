//! The Node addon: gives `mastra-jwt-core` to JavaScript. Types and errors are translated here,
//! nothing is decided.
//!
//! What it exports is described in `ts/backend/backend.ts`. Arguments are positional, and requires
//! arrive as policy documents.

// napi-derive leaves its exports out of test builds, and so all that they use.
#![cfg_attr(test, allow(dead_code))]

mod node_api;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mastra_jwt_core::{
    Algorithm, CODES, DEFAULT_MAX_TOKEN_BYTES, Error, Signer, Verifier, VerifierBuilder, decode_unverified,
};
use node_api::{Callable, Env, Thrown, Value};
use zeroize::Zeroizing;

/// The code of a caught panic, which the core itself never gives.
const PANIC: u32 = 5;

/// About what a verifier or signer takes outside of JavaScript's heap, for its garbage collector to
/// know.
const EXTERNAL_BYTES: i64 = 1024;

/// The buffers of an environment. Kept from call to call, since fresh ones would have to be zeroed
/// each time.
struct Buffers {
    /// Room for a token over the default limit by one character of any length, so that it is seen
    /// to be over the limit and never cut to it; and for the NUL that Node-API writes. For signing:
    /// the claims.
    input: Box<[u8]>,
    /// The claims, or the token that was signed.
    output: Box<[u8]>,
}

/// What the functions of an environment share. Each worker thread has an environment of its own.
struct Shared {
    buffers: RefCell<Buffers>,
    verifiers: RefCell<Slots<Verifier>>,
    signers: RefCell<Slots<Signer>>,
    detail: RefCell<Option<Detail>>,
}

/// Values that JavaScript names by number: a number costs it less memory than an object that it
/// must finalize, or than a function of its own for each value.
struct Slots<T> {
    values: Vec<Option<Box<T>>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { values: vec![], free: vec![] }
    }
}

impl<T> Slots<T> {
    fn insert(&mut self, value: T) -> u32 {
        if let Some(handle) = self.free.pop() {
            self.values[handle as usize] = Some(Box::new(value));
            return handle;
        }
        self.values.push(Some(Box::new(value)));
        u32::try_from(self.values.len() - 1).expect("memory ends before")
    }

    #[inline]
    fn get(&self, handle: Option<u32>) -> Option<&T> {
        self.values.get(handle? as usize)?.as_deref()
    }

    /// Whether there was a value.
    fn remove(&mut self, handle: Option<u32>) -> bool {
        let Some(handle) = handle else { return false };
        let found = self.values.get_mut(handle as usize).and_then(Option::take);
        if found.is_some() {
            self.free.push(handle);
        }
        found.is_some()
    }
}

/// The addon's functions, for one environment.
fn exports(env: Env<'_>) -> Result<Vec<(&'static str, Value<'_>)>, Thrown> {
    let room = |bytes| vec![0; bytes].into_boxed_slice();
    let buffers = Buffers { input: room(DEFAULT_MAX_TOKEN_BYTES + 8), output: room(DEFAULT_MAX_TOKEN_BYTES) };
    let shared = Rc::new(Shared {
        buffers: RefCell::new(buffers),
        verifiers: RefCell::default(),
        signers: RefCell::default(),
        detail: RefCell::default(),
    });
    Ok(vec![
        ("version", env.function("version", Version)?),
        ("codes", env.function("codes", Codes)?),
        ("createVerifier", env.function("createVerifier", CreateVerifier(shared.clone()))?),
        ("verify", env.function("verify", Verify(shared.clone()))?),
        ("freeVerifier", env.function("freeVerifier", FreeVerifier(shared.clone()))?),
        ("verifyOnce", env.function("verifyOnce", VerifyOnce(shared.clone()))?),
        ("createSigner", env.function("createSigner", CreateSigner(shared.clone()))?),
        ("sign", env.function("sign", Sign(shared.clone()))?),
        ("freeSigner", env.function("freeSigner", FreeSigner(shared.clone()))?),
        ("detail", env.function("detail", TellDetail(shared))?),
        ("decode", env.function("decode", Decode)?),
    ])
}

/// A JavaScript `Error` with `code` `MJWT_<NAME>`.
impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Thrown { code: format!("MJWT_{}", error.name()), message: error.to_string() }
    }
}

fn wrong_type(what: &str) -> Thrown {
    Error::InvalidArgument(what.to_owned().into()).into()
}

/// `() => string`
struct Version;

impl Callable for Version {
    const ARGUMENTS: usize = 0;

    fn call<'call>(&self, env: Env<'call>, _: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        Ok(env.string(env!("CARGO_PKG_VERSION").as_bytes()))
    }
}

/// `() => { code, name, message }[]`: every failure, in the order of its code.
struct Codes;

impl Callable for Codes {
    const ARGUMENTS: usize = 0;

    fn call<'call>(&self, env: Env<'call>, _: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let text = |text: &str| env.string(text.as_bytes());
        let row = |code: u32, name, message| {
            env.object(&[("code", env.integer(code)), ("name", text(name)), ("message", text(message))])
        };
        let panic = (PANIC, "PANIC", "internal error: a defect of this library was caught");
        let core = || CODES.iter().map(|it| (it.code, it.name, it.message)).filter(|it| it.0 != PANIC);
        let rows = core().filter(|it| it.0 < PANIC).chain([panic]).chain(core().filter(|it| it.0 > PANIC));
        Ok(env.array(rows.map(|(code, name, message)| row(code, name, message))))
    }
}

/// `(secrets, kids, jwks, policies) => [handle, hasShortKey]`
struct CreateVerifier(Rc<Shared>);

impl Callable for CreateVerifier {
    const ARGUMENTS: usize = 4;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let [secrets, kids, jwks, policies] = arguments else { return Err(wrong_type("four arguments")) };
        let mut builder = Verifier::builder();
        for (secret, kid) in secrets.elements().zip(kids.elements()) {
            let secret = read_secret(secret)?;
            match read_text(kid) {
                Some(kid) => builder.secret_with_kid(&secret, &kid)?,
                None => builder.secret(&secret)?,
            };
        }
        if let Some(jwks) = join(*jwks)? {
            builder.jwks_json(&jwks)?;
        }
        add_policies(&mut builder, *policies)?;
        let verifier = builder.build()?;
        let has_short_key = verifier.has_short_key();
        let handle = self.0.verifiers.borrow_mut().insert(verifier);
        env.adjust_external_memory(EXTERNAL_BYTES);
        Ok(env.array([env.integer(handle), env.boolean(has_short_key)]))
    }
}

/// `(secret, policies, token, now) => [claims | code, hasShortKey]`
struct VerifyOnce(Rc<Shared>);

impl Callable for VerifyOnce {
    const ARGUMENTS: usize = 4;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let [secret, policies, token, now] = arguments else { return Err(wrong_type("four arguments")) };
        let mut builder = Verifier::builder();
        builder.secret(&read_secret(*secret)?)?;
        add_policies(&mut builder, *policies)?;
        let verifier = builder.build()?;
        let result = verify(env, &verifier, &self.0, *token, now.number().unwrap_or(f64::NAN));
        Ok(env.array([result, env.boolean(verifier.has_short_key())]))
    }
}

fn add_policies(builder: &mut VerifierBuilder, policies: Value<'_>) -> Result<(), Thrown> {
    for policy in policies.elements() {
        let policy = read_text(policy).ok_or_else(|| wrong_type("policy: must be text"))?;
        builder.policy_json(&policy)?;
    }
    Ok(())
}

/// `(secret, kid, jwks, algorithm, allowShortKeys, maxTokenBytes) => [handle, hasShortKey]`
struct CreateSigner(Rc<Shared>);

impl Callable for CreateSigner {
    const ARGUMENTS: usize = 6;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let [secret, kid, jwks, algorithm, allow_short_keys, max_token_bytes] = arguments else {
            return Err(wrong_type("six arguments"));
        };
        let mut builder = Signer::builder();
        if secret.utf16_len().or(secret.byte_len()).is_some() {
            builder.secret(&read_secret(*secret)?)?;
        }
        if let Some(kid) = read_text(*kid) {
            builder.kid(&kid)?;
        }
        if let Some(jwks) = join(*jwks)? {
            builder.jwks_json(&jwks)?;
        }
        if let Some(name) = read_text(*algorithm) {
            builder.algorithm(name.parse::<Algorithm>().map_err(Error::from)?)?;
        }
        builder.allow_short_keys(allow_short_keys.is_true())?;
        if let Some(bytes) = max_token_bytes.number() {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a cast saturates
            let whole = if bytes.fract() == 0.0 { bytes as usize } else { 0 };
            builder.max_token_bytes(whole)?;
        }
        let signer = builder.build()?;
        let has_short_key = signer.has_short_key();
        let handle = self.0.signers.borrow_mut().insert(signer);
        env.adjust_external_memory(EXTERNAL_BYTES);
        Ok(env.array([env.integer(handle), env.boolean(has_short_key)]))
    }
}

/// A secret, in memory that is wiped: the bytes of a `Uint8Array`, or the UTF-8 of a string.
fn read_secret(value: Value<'_>) -> Result<Zeroizing<Vec<u8>>, Thrown> {
    let wrong = || wrong_type("secret: must be text or bytes");
    if let Some(len) = value.byte_len() {
        let mut bytes = Zeroizing::new(Vec::with_capacity(len));
        value.read_bytes(&mut bytes).ok_or_else(wrong)?;
        return Ok(bytes);
    }
    let mut bytes = Zeroizing::new(vec![0; value.utf8_len().ok_or_else(wrong)? + 1]);
    let len = value.read_utf8(&mut bytes).ok_or_else(wrong)?;
    bytes.truncate(len);
    Ok(bytes)
}

/// Text that is not secret; `None` if it is not a string.
fn read_text(value: Value<'_>) -> Option<String> {
    let mut bytes = vec![0; value.utf8_len()? + 1];
    let len = value.read_utf8(&mut bytes)?;
    bytes.truncate(len);
    String::from_utf8(bytes).ok()
}

/// The pieces of one text, joined in memory that is wiped; `None` if there are none.
fn join(pieces: Value<'_>) -> Result<Option<Zeroizing<String>>, Thrown> {
    let wrong = || wrong_type("jwks: must be pieces of text");
    let mut room = 0;
    for piece in pieces.elements() {
        room += piece.utf8_len().ok_or_else(wrong)?;
    }
    if room == 0 {
        return Ok(None);
    }
    let mut bytes = Zeroizing::new(vec![0; room + 1]);
    let mut end = 0;
    for piece in pieces.elements() {
        end += piece.read_utf8(&mut bytes[end..]).ok_or_else(wrong)?;
    }
    bytes.truncate(end);
    // Taken, not copied: the same memory is wiped with the text.
    let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        wrong()
    })?;
    Ok(Some(Zeroizing::new(text)))
}

/// `(handle, token, now) => claims | code`
struct Verify(Rc<Shared>);

impl Callable for Verify {
    const ARGUMENTS: usize = 3;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let verifiers = self.0.verifiers.borrow();
        let Some(verifier) = verifiers.get(arguments[0].integer()) else { return Self::after_panic(env) };
        Ok(verify(env, verifier, &self.0, arguments[1], arguments[2].number().unwrap_or(f64::NAN)))
    }

    fn after_panic(env: Env<'_>) -> Result<Value<'_>, Thrown> {
        Ok(env.integer(PANIC))
    }
}

/// `(handle) => undefined`: wipes its keys.
struct FreeVerifier(Rc<Shared>);

impl Callable for FreeVerifier {
    const ARGUMENTS: usize = 1;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        if self.0.verifiers.borrow_mut().remove(arguments[0].integer()) {
            env.adjust_external_memory(-EXTERNAL_BYTES);
        }
        Ok(env.undefined())
    }
}

fn verify<'call>(
    env: Env<'call>,
    verifier: &Verifier,
    Shared { buffers, detail: details, .. }: &Shared,
    token: Value<'call>,
    now: f64,
) -> Value<'call> {
    let buffers = &mut *buffers.borrow_mut();
    let Some(mut len) = token.read_utf8(&mut buffers.input) else { return failure(env, details, &Error::TokenFormat) };
    let (mut long_token, mut long_claims);
    let (mut input, mut output) = (&buffers.input[..], &mut buffers.output[..]);
    if len > DEFAULT_MAX_TOKEN_BYTES && verifier.max_token_bytes() > DEFAULT_MAX_TOKEN_BYTES {
        // Longer than the buffers, perhaps cut: memory of its own, for this call only.
        let limit = verifier.max_token_bytes();
        let is_over = token.utf16_len().is_none_or(|units| units > limit);
        let Some(room) = token.utf8_len().filter(|bytes| !is_over && *bytes <= limit) else {
            return failure(env, details, &Error::TokenTooLong);
        };
        long_token = vec![0; room + 1];
        long_claims = vec![0; room];
        len = token.read_utf8(&mut long_token).unwrap_or_default();
        (input, output) = (&long_token, &mut long_claims);
    }
    let room = output.len().min(len);
    match verifier.verify_into(&input[..len], now, &mut output[..room]) {
        Ok(claims) => env.string(claims.json_bytes()),
        Err(error) => failure(env, details, &error),
    }
}

/// `(handle, claims, kid?) => token | code`
struct Sign(Rc<Shared>);

impl Callable for Sign {
    const ARGUMENTS: usize = 3;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let signers = self.0.signers.borrow();
        let Some(signer) = signers.get(arguments[0].integer()) else { return Self::after_panic(env) };
        let Some(kid) = read_text(arguments[2]) else { return Ok(sign(env, signer, &self.0, arguments[1])) };
        Ok(match signer.with_kid(&kid) {
            Ok(renamed) => sign(env, &renamed, &self.0, arguments[1]),
            Err(error) => failure(env, &self.0.detail, &error),
        })
    }

    fn after_panic(env: Env<'_>) -> Result<Value<'_>, Thrown> {
        Ok(env.integer(PANIC))
    }
}

/// `(handle) => undefined`: wipes its key.
struct FreeSigner(Rc<Shared>);

impl Callable for FreeSigner {
    const ARGUMENTS: usize = 1;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        if self.0.signers.borrow_mut().remove(arguments[0].integer()) {
            env.adjust_external_memory(-EXTERNAL_BYTES);
        }
        Ok(env.undefined())
    }
}

fn sign<'call>(
    env: Env<'call>,
    signer: &Signer,
    Shared { buffers, detail: details, .. }: &Shared,
    claims: Value<'call>,
) -> Value<'call> {
    let buffers = &mut *buffers.borrow_mut();
    let Some(mut len) = claims.read_utf8(&mut buffers.input) else {
        return failure(env, details, &Error::ClaimsNotObject);
    };
    let (mut long_claims, mut long_token);
    let (mut input, mut output) = (&buffers.input[..], &mut buffers.output[..]);
    if signer.bound(len) > output.len() {
        // Longer than the buffers, perhaps cut: memory of its own, for this call only.
        let Some(room) = claims.utf8_len() else { return failure(env, details, &Error::ClaimsNotObject) };
        long_claims = vec![0; room + 1];
        long_token = vec![0; signer.bound(room)];
        len = claims.read_utf8(&mut long_claims).unwrap_or_default();
        (input, output) = (&long_claims, &mut long_token);
    }
    match signer.sign_into(&input[..len], output) {
        Ok(token) => env.string(token),
        Err(error) => failure(env, details, &error),
    }
}

/// What JavaScript's error carries besides the code.
#[derive(Clone)]
enum Detail {
    Seconds(f64),
    Name(Arc<str>),
}

/// The code of a refusal. It is negative where `detail` tells more: an array of both would take a
/// third of the time of a verification to make.
fn failure<'call>(env: Env<'call>, details: &RefCell<Option<Detail>>, error: &Error) -> Value<'call> {
    let detail = match error {
        Error::Expired { expired_at: at }
        | Error::NotYetValid { not_before: at }
        | Error::TooOld { expired_at: at } => Detail::Seconds(*at),
        Error::MissingClaim { name, .. } => Detail::Name(name.clone()),
        Error::ClaimMalformed(claim) => Detail::Name(claim.name().into()),
        _ => return env.integer(error.code()),
    };
    details.replace(Some(detail));
    env.number(-f64::from(error.code()))
}

/// `() => number | string | undefined`: what there is to tell of the last refusal with a negative
/// code.
struct TellDetail(Rc<Shared>);

impl Callable for TellDetail {
    const ARGUMENTS: usize = 0;

    fn call<'call>(&self, env: Env<'call>, _: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        Ok(match self.0.detail.take() {
            Some(Detail::Seconds(at)) => env.number(at),
            Some(Detail::Name(name)) => env.string(name.as_bytes()),
            None => env.undefined(),
        })
    }
}

/// `(token) => { header, payload, signature } | null`, **without a check of the signature**.
struct Decode;

impl Callable for Decode {
    const ARGUMENTS: usize = 1;

    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown> {
        let parts = read_text(arguments[0]).and_then(|token| decode_unverified(token.as_bytes()).ok());
        let Some(parts) = parts else { return Ok(env.null()) };
        let text = |text: &str| env.string(text.as_bytes());
        Ok(env.object(&[
            ("header", text(parts.header_json())),
            ("payload", text(parts.claims_json())),
            ("signature", text(parts.signature())),
        ]))
    }
}
