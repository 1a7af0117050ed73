//! The hot path: raw Node-API functions that carry their verifier or signer as native data.
//!
//! A function is called in a tenth of the time that a method of a native class takes. The data belongs to the function and is
//! dropped by its finalizer; each worker thread's environment makes functions of its own, so data is touched by one thread only.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use mastra_jwt_core::{DEFAULT_MAX_TOKEN_BYTES, Error, Signer, Verifier};
use napi::bindgen_prelude::{Env, FromNapiValue, Unknown, check_status};
use napi::sys;

/// Room for a token over the limit by one character of any length, so that it is seen to be over the limit and never cut to it;
/// and for the NUL that Node-API writes.
const TOKEN_ROOM: usize = DEFAULT_MAX_TOKEN_BYTES + 8;

/// The code of a panic, which the core does not give.
pub(crate) const PANIC: u32 = 5;

/// What a function does with its two arguments; the result is a JavaScript value.
trait Callable: 'static {
    fn call(&mut self, js: Js, arguments: [sys::napi_value; 2]) -> sys::napi_value;
}

/// Makes a JavaScript function of `data`.
fn function<T: Callable>(env: Env, name: &str, data: T) -> napi::Result<Unknown<'static>> {
    let data = Box::into_raw(Box::new(data)).cast::<c_void>();
    let mut value = ptr::null_mut();
    let len = isize::try_from(name.len()).unwrap_or_default();
    // SAFETY: `env` is the environment of the call in progress, `name` is `len` bytes, and `data` lives until `drop_data::<T>`.
    let made = check_status!(unsafe {
        sys::napi_create_function(env.raw(), name.as_ptr().cast(), len, Some(call::<T>), data, &raw mut value)
    });
    let made = made.and_then(|()| {
        // SAFETY: `value` is the function just made; the finalizer runs once, after its last call or when the environment ends.
        check_status!(unsafe {
            sys::napi_add_finalizer(env.raw(), value, data, Some(drop_data::<T>), ptr::null_mut(), ptr::null_mut())
        })
    });
    // SAFETY: `value` is a value of this environment.
    let function = made.and_then(|()| unsafe { Unknown::from_napi_value(env.raw(), value) });
    if function.is_err() {
        // Without a finalizer nobody else will. The function, if made, is unreachable from JavaScript.
        // SAFETY: `data` came from `Box::into_raw` above and nothing else owns it.
        drop(unsafe { Box::from_raw(data.cast::<T>()) });
    }
    function
}

/// The callback of every function.
unsafe extern "C" fn call<T: Callable>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let js = Js { env };
    let mut count = 2;
    let mut arguments = [ptr::null_mut(); 2];
    let mut data = ptr::null_mut();
    // SAFETY: Node calls this with a live `env` and `info`; there is room for `count` arguments, missing ones become undefined.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, &raw mut count, arguments.as_mut_ptr(), ptr::null_mut(), &raw mut data)
    };
    if status != sys::Status::napi_ok || data.is_null() {
        return js.number(f64::from(PANIC));
    }
    // SAFETY: `data` is the `T` that `function` boxed; it is dropped only after the function itself. No JavaScript runs inside
    // `T::call`, so no second call can be in progress, and the environment is of one thread.
    let data = unsafe { &mut *data.cast::<T>() };
    catch_unwind(AssertUnwindSafe(|| data.call(js, arguments))).unwrap_or_else(|_| js.number(f64::from(PANIC)))
}

/// The finalizer of every function.
unsafe extern "C" fn drop_data<T>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` is the `T` that `function` boxed, and Node runs a finalizer once.
    drop(unsafe { Box::from_raw(data.cast::<T>()) });
}

struct VerifyFunction {
    verifier: Verifier,
    // Kept from call to call: fresh ones would have to be zeroed each time.
    token: Box<[u8]>,
    claims: Box<[u8]>,
}

/// `(token, now) => payload | code | [code, detail]`
pub(crate) fn verifier(env: Env, verifier: Verifier) -> napi::Result<Unknown<'static>> {
    let token = vec![0; TOKEN_ROOM].into();
    let claims = vec![0; DEFAULT_MAX_TOKEN_BYTES / 4 * 3].into();
    function(env, "verify", VerifyFunction { verifier, token, claims })
}

impl Callable for VerifyFunction {
    fn call(&mut self, js: Js, [token, now]: [sys::napi_value; 2]) -> sys::napi_value {
        let Some(len) = js.read_string(token, &mut self.token) else {
            return js.code(&Error::TokenFormat);
        };
        let room = self.claims.len().min(len);
        let verified = self.verifier.verify_into(&self.token[..len], js.read_number(now), &mut self.claims[..room]);
        match verified {
            Ok(verified) => js.string(verified.json_bytes()),
            Err(error) => js.refusal(&error),
        }
    }
}

struct SignFunction {
    signer: Signer,
    claims: Vec<u8>,
    token: Vec<u8>,
}

/// `(claimsJson, kid?) => token | code`
pub(crate) fn signer(env: Env, signer: Signer) -> napi::Result<Unknown<'static>> {
    function(env, "sign", SignFunction { signer, claims: vec![], token: vec![] })
}

impl Callable for SignFunction {
    fn call(&mut self, js: Js, [claims, kid]: [sys::napi_value; 2]) -> sys::napi_value {
        let Some(len) = js.read_whole_string(claims, &mut self.claims) else {
            return js.code(&Error::ClaimsNotObject);
        };
        let mut kid_text = vec![];
        let renamed = js.read_whole_string(kid, &mut kid_text).and_then(|len| {
            let kid = str::from_utf8(&kid_text[..len]).ok()?;
            self.signer.with_kid(kid).ok()
        });
        let signer = renamed.as_ref().unwrap_or(&self.signer);
        self.token.resize(signer.bound(len).max(self.token.len()), 0);
        match signer.sign_into(&self.claims[..len], &mut self.token) {
            Ok(token) => js.string(token),
            Err(error) => js.code(&error),
        }
    }
}

/// The JavaScript side of one call.
#[derive(Clone, Copy)]
struct Js {
    env: sys::napi_env,
}

impl Js {
    /// Writes a string as UTF-8 to the front of `buffer`, cut to whole characters where it is longer; `None` when it is no string.
    /// Never as Latin-1: that folds other characters onto ASCII, and another string would pass.
    fn read_string(self, value: sys::napi_value, buffer: &mut [u8]) -> Option<usize> {
        let mut len = 0;
        // SAFETY: `value` is an argument of the call in progress; Node-API writes at most `buffer.len()` bytes, its NUL included.
        let status = unsafe {
            sys::napi_get_value_string_utf8(self.env, value, buffer.as_mut_ptr().cast(), buffer.len(), &raw mut len)
        };
        (status == sys::Status::napi_ok).then_some(len)
    }

    /// As `read_string`, into a buffer that grows as needed.
    fn read_whole_string(self, value: sys::napi_value, buffer: &mut Vec<u8>) -> Option<usize> {
        let mut len = 0;
        // SAFETY: as in `read_string`; without a buffer Node-API only tells the length.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, value, ptr::null_mut(), 0, &raw mut len) };
        if status != sys::Status::napi_ok {
            return None;
        }
        buffer.resize(buffer.len().max(len + 1), 0);
        self.read_string(value, buffer)
    }

    /// A number; NaN, which the core refuses, when it is none.
    fn read_number(self, value: sys::napi_value) -> f64 {
        let mut number = f64::NAN;
        // SAFETY: `value` is an argument of the call in progress. On failure `number` stays as it is.
        unsafe { sys::napi_get_value_double(self.env, value, &raw mut number) };
        number
    }

    /// `text` must be UTF-8. NULL, which JavaScript sees as undefined beside a pending exception, when Node cannot make it.
    fn string(self, text: &[u8]) -> sys::napi_value {
        let make = if text.is_ascii() { sys::napi_create_string_latin1 } else { sys::napi_create_string_utf8 };
        let mut value = ptr::null_mut();
        let len = isize::try_from(text.len()).unwrap_or_default();
        // SAFETY: `text` is `len` bytes, copied before the call returns.
        unsafe { make(self.env, text.as_ptr().cast(), len, &raw mut value) };
        value
    }

    fn number(self, number: f64) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: `env` is that of the call in progress.
        unsafe { sys::napi_create_double(self.env, number, &raw mut value) };
        value
    }

    fn code(self, error: &Error) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: `env` is that of the call in progress.
        unsafe { sys::napi_create_uint32(self.env, error.code(), &raw mut value) };
        value
    }

    /// The code, or `[code, detail]` where JavaScript's error carries more.
    fn refusal(self, error: &Error) -> sys::napi_value {
        let detail = match error {
            Error::Expired { expired_at: at }
            | Error::NotYetValid { not_before: at }
            | Error::TooOld { expired_at: at } => self.number(*at),
            Error::MissingClaim { name, .. } => self.string(name.as_bytes()),
            Error::ClaimMalformed(claim) => self.string(claim.name().as_bytes()),
            _ => return self.code(error),
        };
        let mut array = ptr::null_mut();
        // SAFETY: `env` is that of the call in progress, and all values are of it.
        unsafe {
            sys::napi_create_array_with_length(self.env, 2, &raw mut array);
            sys::napi_set_element(self.env, array, 0, self.code(error));
            sys::napi_set_element(self.env, array, 1, detail);
        }
        array
    }
}
