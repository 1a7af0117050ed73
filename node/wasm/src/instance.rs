//! What the module does, in safe Rust.
//!
//! Text is put at the output; where there is no room for it the buffer grows, and may move.
//! An answer of 0 or more is a length, a handle or nothing to say; a negative one is minus a code
//! of `CODES`, and [`Instance::error_text`] and [`Instance::error_detail`] tell the rest of it.

use std::fmt::Write as _;
use std::mem;

use mastra_jwt_core::{
    Algorithm, CODES, DEFAULT_MAX_TOKEN_BYTES, Error, Report, Signer, SignerBuilder, Verifier, VerifierBuilder,
    decode_unverified,
};
use zeroize::Zeroize;

use crate::slab::Slab;

/// Bytes beyond a limit by which something cut short is still seen to be over it: a character takes
/// 4 at most.
const OVER: usize = 8;

/// A wrong handle is a defect of the host's side: it traps.
const HANDLE: &str = "a handle of this instance";

/// All that one instance holds.
pub(crate) struct Instance {
    /// The input, then as many bytes for the output.
    io: Vec<u8>,
    verifiers: Slab<Verifier>,
    signers: Slab<Signer>,
    /// What the next `build_*` makes.
    verifier: Option<VerifierBuilder>,
    signer: Option<SignerBuilder>,
    error: Option<Error>,
    /// The key that signed the token that was verified last.
    key_index: usize,
    /// Lengths of the header and the payload of the token that was decoded last.
    parts: [usize; 2],
}

impl Instance {
    pub(crate) const fn new() -> Self {
        Instance {
            io: vec![],
            verifiers: Slab::new(),
            signers: Slab::new(),
            verifier: None,
            signer: None,
            error: None,
            key_index: 0,
            parts: [0; 2],
        }
    }

    /// Makes room for an input of `len` bytes and an output as long, at least what a token of the
    /// default size needs. Where that moves the buffer, what was in it is wiped.
    pub(crate) fn reserve(&mut self, len: usize) -> &mut [u8] {
        let room = len.max(DEFAULT_MAX_TOKEN_BYTES + OVER);
        if self.io.len() < room * 2 {
            self.io.zeroize();
            self.io = vec![0; room * 2];
        }
        &mut self.io
    }

    /// Bytes of the input, and of the output behind it.
    pub(crate) fn room(&self) -> usize {
        self.io.len() / 2
    }

    /// Runs `work` on the first `len` bytes of the input, and wipes them.
    fn take<T>(&mut self, len: usize, work: impl FnOnce(&mut Self, &[u8]) -> Result<T, Error>) -> Result<T, Error> {
        let len = len.min(self.room());
        let mut io = mem::take(&mut self.io);
        let done = work(self, &io[..len]);
        io[..len].zeroize();
        self.io = io;
        done
    }

    /// Copies `text` to the output.
    fn put(&mut self, text: &str) -> usize {
        self.reserve(text.len());
        let room = self.room();
        self.io[room..][..text.len()].copy_from_slice(text.as_bytes());
        text.len()
    }

    fn answer(&mut self, result: Result<usize, Error>) -> i32 {
        let code = match result {
            Ok(value) => return i32::try_from(value).unwrap_or(i32::MAX),
            Err(error) => {
                let code = error.code();
                self.error = Some(error);
                code
            }
        };
        -i32::try_from(code).unwrap_or(i32::MAX)
    }

    /// What the last error says, at the output.
    pub(crate) fn error_text(&mut self) -> usize {
        let text = self.error.as_ref().map(Error::to_string).unwrap_or_default();
        self.put(&text)
    }

    /// The second that belongs to the last error; NaN where none does.
    pub(crate) fn error_time(&self) -> f64 {
        match self.error {
            Some(
                Error::Expired { expired_at: at }
                | Error::NotYetValid { not_before: at }
                | Error::TooOld { expired_at: at },
            ) => at,
            _ => f64::NAN,
        }
    }

    /// The claim that the last error names, at the output.
    pub(crate) fn error_claim(&mut self) -> usize {
        match self.error.take() {
            Some(Error::MissingClaim { name, .. }) => self.put(&name),
            Some(Error::ClaimMalformed(claim)) => self.put(claim.name()),
            _ => 0,
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    str::from_utf8(bytes).map_err(|_| Error::InvalidArgument("text: must be UTF-8".into()))
}

/// Building a verifier.
impl Instance {
    /// Adds the secret in the first `len` bytes of the input, named by the `kid_len` bytes behind
    /// it; not named where that is negative.
    pub(crate) fn verifier_secret(&mut self, len: usize, kid_len: i32) -> i32 {
        let kid_at = len;
        let kid_len = usize::try_from(kid_len);
        let added = self.take(len.saturating_add(kid_len.unwrap_or(0)), |this, input| {
            let builder = this.verifier.get_or_insert_default();
            let (secret, kid) = input.split_at(kid_at.min(input.len()));
            match kid_len {
                Ok(_) => builder.secret_with_kid(secret, text(kid)?)?,
                Err(_) => builder.secret(secret)?,
            };
            Ok(0)
        });
        self.answer(added)
    }

    /// Adds the JWK Set in the first `len` bytes of the input.
    pub(crate) fn verifier_jwks(&mut self, len: usize) -> i32 {
        let added = self.take(len, |this, input| {
            this.verifier.get_or_insert_default().jwks_json(text(input)?)?;
            Ok(0)
        });
        self.answer(added)
    }

    /// Sets what the policy document in the first `len` bytes of the input says.
    pub(crate) fn verifier_policy(&mut self, len: usize) -> i32 {
        let set = self.take(len, |this, input| {
            this.verifier.get_or_insert_default().policy_json(text(input)?)?;
            Ok(0)
        });
        self.answer(set)
    }

    /// Makes the verifier. Returns its handle.
    pub(crate) fn verifier_build(&mut self) -> i32 {
        let built = self.verifier.take().unwrap_or_default().build();
        let handle = built.map(|verifier| self.verifiers.add(verifier));
        self.answer(handle)
    }

    /// Forgets what was added and not built.
    pub(crate) fn discard(&mut self) {
        self.verifier = None;
        self.signer = None;
    }

    pub(crate) fn verifier_has_short_key(&self, handle: usize) -> bool {
        self.verifiers.get(handle).is_some_and(Verifier::has_short_key)
    }

    /// The longest token that is looked at; 0 for a wrong handle.
    pub(crate) fn verifier_limit(&self, handle: usize) -> usize {
        self.verifiers.get(handle).map_or(0, Verifier::max_token_bytes)
    }

    pub(crate) fn verifier_free(&mut self, handle: usize) {
        self.verifiers.free(handle);
    }
}

/// Building a signer.
impl Instance {
    /// Takes the secret in the first `len` bytes of the input.
    pub(crate) fn signer_secret(&mut self, len: usize) -> i32 {
        let set = self.take(len, |this, input| {
            this.signer.get_or_insert_default().secret(input)?;
            Ok(0)
        });
        self.answer(set)
    }

    /// Takes the key from the JWK Set in the first `len` bytes of the input.
    pub(crate) fn signer_jwks(&mut self, len: usize) -> i32 {
        let set = self.take(len, |this, input| {
            this.signer.get_or_insert_default().jwks_json(text(input)?)?;
            Ok(0)
        });
        self.answer(set)
    }

    /// Takes the `kid` in the first `len` bytes of the input.
    pub(crate) fn signer_kid(&mut self, len: usize) -> i32 {
        let set = self.take(len, |this, input| {
            this.signer.get_or_insert_default().kid(text(input)?)?;
            Ok(0)
        });
        self.answer(set)
    }

    /// Takes the name of the algorithm in the first `len` bytes of the input.
    pub(crate) fn signer_algorithm(&mut self, len: usize) -> i32 {
        let set = self.take(len, |this, input| {
            let algorithm: Algorithm = text(input)?.parse()?;
            this.signer.get_or_insert_default().algorithm(algorithm)?;
            Ok(0)
        });
        self.answer(set)
    }

    /// Sets the length of the longest token to make.
    pub(crate) fn signer_limit(&mut self, bytes: usize) -> i32 {
        let set = self.signer.get_or_insert_default().max_token_bytes(bytes).map(|_| 0);
        self.answer(set)
    }

    /// Makes the signer. Returns its handle.
    pub(crate) fn signer_build(&mut self, allow_short_keys: bool) -> i32 {
        let mut builder = self.signer.take().unwrap_or_default();
        let built = builder.allow_short_keys(allow_short_keys).and_then(|builder| builder.build());
        let handle = built.map(|signer| self.signers.add(signer));
        self.answer(handle)
    }

    pub(crate) fn signer_has_short_key(&self, handle: usize) -> bool {
        self.signers.get(handle).is_some_and(Signer::has_short_key)
    }

    /// The length of the token for claims of so many bytes.
    pub(crate) fn signer_bound(&self, handle: usize, claims_len: usize) -> usize {
        self.signers.get(handle).expect(HANDLE).bound(claims_len)
    }

    pub(crate) fn signer_free(&mut self, handle: usize) {
        self.signers.free(handle);
    }
}

/// Using them.
impl Instance {
    /// Verifies the token in the first `len` bytes of the input. Returns the length of the claims,
    /// which are at the output.
    pub(crate) fn verify(&mut self, handle: usize, len: usize, now: f64) -> i32 {
        let room = self.room();
        let (input, output) = self.io.split_at_mut(room);
        let len = len.min(room);
        let verifier = self.verifiers.get(handle).expect(HANDLE);
        let mut report = Report::default();
        let answer = verifier.verify_report(&input[..len], now, &mut output[..len], &mut report);
        let claims = answer.map(|verified| verified.json_bytes().len());
        self.key_index = report.key_index.unwrap_or(0);
        self.answer(claims)
    }

    /// The index of the key that signed the token that was verified last, in order of adding.
    pub(crate) fn key_index(&self) -> usize {
        self.key_index
    }

    /// Signs the claims in the first `len` bytes of the input, with the `kid` in the first
    /// `kid_len` bytes of the output, or the signer's own where that is negative. Returns the
    /// length of the token, which is at the output.
    pub(crate) fn sign(&mut self, handle: usize, len: usize, kid_len: i32) -> i32 {
        let signed = self.attempt_sign(handle, len, kid_len);
        self.answer(signed)
    }

    fn attempt_sign(&mut self, handle: usize, len: usize, kid_len: i32) -> Result<usize, Error> {
        let room = self.room();
        let (input, output) = self.io.split_at_mut(room);
        let signer = self.signers.get(handle).expect(HANDLE);
        let renamed = match usize::try_from(kid_len) {
            Ok(kid_len) => Some(signer.with_kid(text(&output[..kid_len.min(room)])?)?),
            Err(_) => None,
        };
        let token = renamed.as_ref().unwrap_or(signer).sign_into(&input[..len.min(room)], output)?;
        Ok(token.len())
    }

    /// Takes the token in the first `len` bytes of the input apart, **without checking its
    /// signature**. Returns the length of header, payload and signature, which are at the output
    /// one behind the other; [`part`](Self::part) tells of each.
    pub(crate) fn decode(&mut self, len: usize) -> i32 {
        let room = self.room();
        let (input, output) = self.io.split_at_mut(room);
        let decoded = decode_unverified(&input[..len.min(room)]).map(|token| {
            let parts = [token.header_json(), token.claims_json(), token.signature()];
            let mut at = 0;
            for part in parts {
                output[at..][..part.len()].copy_from_slice(part.as_bytes());
                at += part.len();
            }
            self.parts = [parts[0].len(), parts[1].len()];
            at
        });
        self.answer(decoded)
    }

    /// The length of the header (0) or the payload (1) of the token that was decoded last.
    pub(crate) fn part(&self, which: usize) -> usize {
        self.parts.get(which).copied().unwrap_or(0)
    }

    /// The table of failures at the output: lines of code, name, message, with a tab between.
    pub(crate) fn codes(&mut self) -> usize {
        let mut table = String::new();
        for row in CODES {
            // Cannot fail: a string takes all that is written to it.
            let _ = writeln!(table, "{}\t{}\t{}", row.code, row.name, row.message);
        }
        self.put(&table)
    }

    /// The version at the output.
    pub(crate) fn version(&mut self) -> usize {
        self.put(env!("CARGO_PKG_VERSION"))
    }
}
