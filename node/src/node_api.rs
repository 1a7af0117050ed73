//! Node-API behind a safe surface: the only file of this crate with `unsafe`.
//!
//! A JavaScript function made here is a raw Node-API function that carries native data. It is
//! called in a tenth of the time that a method of a native class takes. The data belongs to the
//! function and is dropped by its finalizer. Each worker thread's environment makes functions of
//! its own, so data is only touched by one thread.

use std::ffi::c_void;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::bindgen_prelude::Object;
use napi::{JsValue, sys};
use napi_derive::napi;

/// The JavaScript environment, for as long as a call from it lasts.
#[derive(Clone, Copy)]
pub struct Env<'call> {
    raw: sys::napi_env,
    call: PhantomData<&'call ()>,
}

/// A JavaScript value, for as long as the call lasts.
#[derive(Clone, Copy)]
pub struct Value<'call> {
    raw: sys::napi_value,
    env: Env<'call>,
}

/// A JavaScript `Error`: its `code` and its message.
pub struct Thrown {
    /// Such as `MJWT_NO_KEYS`.
    pub code: String,
    /// What is wrong, and where.
    pub message: String,
}

/// The most arguments that a function takes.
const MAX_ARGUMENTS: usize = 6;

/// The native data of a function, and what the function does.
pub trait Callable: 'static {
    /// How many arguments it takes, at most six. Those that a caller leaves out are `undefined`.
    const ARGUMENTS: usize;

    /// # Errors
    /// What JavaScript is to see thrown.
    fn call<'call>(&self, env: Env<'call>, arguments: &[Value<'call>]) -> Result<Value<'call>, Thrown>;

    /// The value to return after a panic; by default an error is thrown.
    fn after_panic(env: Env<'_>) -> Result<Value<'_>, Thrown> {
        let _ = env;
        Err(Thrown { code: "MJWT_PANIC".into(), message: "internal error: a defect of this library was caught".into() })
    }
}

impl<'call> Env<'call> {
    /// `undefined`.
    pub fn undefined(self) -> Value<'call> {
        // SAFETY: `raw` is the environment of the call in progress, and there is room for one
        // value.
        self.made(|raw, value| unsafe { sys::napi_get_undefined(raw, value) })
    }

    /// `null`.
    pub fn null(self) -> Value<'call> {
        // SAFETY: as in `undefined`.
        self.made(|raw, value| unsafe { sys::napi_get_null(raw, value) })
    }

    /// A boolean.
    pub fn boolean(self, it: bool) -> Value<'call> {
        // SAFETY: as in `undefined`.
        self.made(|raw, value| unsafe { sys::napi_get_boolean(raw, it, value) })
    }

    /// A number.
    pub fn number(self, number: f64) -> Value<'call> {
        // SAFETY: as in `undefined`.
        self.made(|raw, value| unsafe { sys::napi_create_double(raw, number, value) })
    }

    /// A whole number.
    pub fn integer(self, number: u32) -> Value<'call> {
        // SAFETY: as in `undefined`.
        self.made(|raw, value| unsafe { sys::napi_create_uint32(raw, number, value) })
    }

    /// A string from UTF-8.
    pub fn string(self, text: &[u8]) -> Value<'call> {
        let make = if text.is_ascii() { sys::napi_create_string_latin1 } else { sys::napi_create_string_utf8 };
        let len = isize::try_from(text.len()).unwrap_or_default();
        // SAFETY: `text` is `len` bytes, copied before the call returns.
        self.made(|raw, value| unsafe { make(raw, text.as_ptr().cast(), len, value) })
    }

    /// An array.
    pub fn array(self, elements: impl IntoIterator<Item = Value<'call>>) -> Value<'call> {
        // SAFETY: as in `undefined`.
        let array = self.made(|raw, value| unsafe { sys::napi_create_array(raw, value) });
        for (at, element) in (0..).zip(elements) {
            // SAFETY: both are values of this environment.
            unsafe { sys::napi_set_element(self.raw, array.raw, at, element.raw) };
        }
        array
    }

    /// An object with these members.
    pub fn object(self, members: &[(&'static str, Value<'call>)]) -> Value<'call> {
        // SAFETY: as in `undefined`.
        let object = self.made(|raw, value| unsafe { sys::napi_create_object(raw, value) });
        for (name, value) in members {
            let name = self.string(name.as_bytes());
            // SAFETY: all three are values of this environment.
            unsafe { sys::napi_set_property(self.raw, object.raw, name.raw, value.raw) };
        }
        object
    }

    /// A function that owns `data`, freed with the function or with the environment.
    ///
    /// # Errors
    /// When Node cannot make it.
    pub fn function<T: Callable>(self, name: &str, data: T) -> Result<Value<'call>, Thrown> {
        let data = Box::into_raw(Box::new(data)).cast::<c_void>();
        let len = isize::try_from(name.len()).unwrap_or_default();
        let mut function = ptr::null_mut();
        // SAFETY: `name` is `len` bytes, and `data` lives until `drop_data::<T>`.
        let mut status = unsafe {
            sys::napi_create_function(self.raw, name.as_ptr().cast(), len, Some(call::<T>), data, &raw mut function)
        };
        if status == sys::Status::napi_ok {
            // SAFETY: `function` was just made. The finalizer runs once: after the function's last
            // call, or when the environment ends.
            status = unsafe {
                sys::napi_add_finalizer(
                    self.raw,
                    function,
                    data,
                    Some(drop_data::<T>),
                    ptr::null_mut(),
                    ptr::null_mut(),
                )
            };
        }
        if status != sys::Status::napi_ok {
            // Without a finalizer nobody else drops it. The function, if made, is unreachable from
            // JavaScript. SAFETY: `data` came from `Box::into_raw` above and nothing else owns it.
            drop(unsafe { Box::from_raw(data.cast::<T>()) });
            return Err(Thrown { code: "MJWT_NO_MEMORY".into(), message: format!("Node-API: status {status}") });
        }
        Ok(Value { raw: function, env: self })
    }

    /// Tells the garbage collector of memory that it does not see.
    pub fn adjust_external_memory(self, by: i64) {
        let mut total = 0;
        // SAFETY: `raw` is the environment of the call in progress.
        unsafe { sys::napi_adjust_external_memory(self.raw, by, &raw mut total) };
    }

    /// NULL, which JavaScript sees as undefined next to a pending exception, when Node cannot make
    /// the value.
    fn made(self, make: impl FnOnce(sys::napi_env, *mut sys::napi_value) -> sys::napi_status) -> Value<'call> {
        let mut raw = ptr::null_mut();
        make(self.raw, &raw mut raw);
        Value { raw, env: self }
    }

    /// Leaves `error` pending in JavaScript.
    fn throw(self, error: &Thrown) {
        let [code, message] = [&error.code, &error.message].map(|text| self.string(text.as_bytes()));
        // SAFETY: both are strings of this environment.
        let error = self.made(|raw, value| unsafe { sys::napi_create_error(raw, code.raw, message.raw, value) });
        // SAFETY: `error` is an Error of this environment.
        unsafe { sys::napi_throw(self.raw, error.raw) };
    }
}

impl Value<'_> {
    /// Writes a string as UTF-8 to the front of `buffer`, which needs room for a NUL behind it.
    /// Returns its length, cut to whole characters if it is longer than the buffer; `None` if it is
    /// not a string. Never as Latin-1: that folds other characters onto ASCII, and another string
    /// would pass.
    pub fn read_utf8(self, buffer: &mut [u8]) -> Option<usize> {
        let mut len = 0;
        // SAFETY: Node-API writes at most `buffer.len()` bytes, its NUL included.
        let status = unsafe {
            sys::napi_get_value_string_utf8(
                self.env.raw,
                self.raw,
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &raw mut len,
            )
        };
        (status == sys::Status::napi_ok).then_some(len)
    }

    /// The length of a string in bytes of UTF-8; `None` if it is not a string.
    pub fn utf8_len(self) -> Option<usize> {
        let mut len = 0;
        // SAFETY: without a buffer Node-API only tells the length.
        let status =
            unsafe { sys::napi_get_value_string_utf8(self.env.raw, self.raw, ptr::null_mut(), 0, &raw mut len) };
        (status == sys::Status::napi_ok).then_some(len)
    }

    /// The length of a string in units of UTF-16, which costs nothing to find; `None` if it is not
    /// a string.
    pub fn utf16_len(self) -> Option<usize> {
        let mut len = 0;
        // SAFETY: as in `utf8_len`.
        let status =
            unsafe { sys::napi_get_value_string_utf16(self.env.raw, self.raw, ptr::null_mut(), 0, &raw mut len) };
        (status == sys::Status::napi_ok).then_some(len)
    }

    /// A number; `None` if it is not a number.
    pub fn number(self) -> Option<f64> {
        let mut number = 0.0;
        // SAFETY: there is room for one number.
        let status = unsafe { sys::napi_get_value_double(self.env.raw, self.raw, &raw mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    /// A whole number from 0 to 2^32 - 1; `None` if it is not a number.
    pub fn integer(self) -> Option<u32> {
        let mut number = 0;
        // SAFETY: there is room for one number.
        let status = unsafe { sys::napi_get_value_uint32(self.env.raw, self.raw, &raw mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    /// Whether it is `true`.
    pub fn is_true(self) -> bool {
        let mut found = false;
        // SAFETY: there is room for one boolean.
        let status = unsafe { sys::napi_get_value_bool(self.env.raw, self.raw, &raw mut found) };
        status == sys::Status::napi_ok && found
    }

    /// The elements of an array; none if it is not an array.
    pub fn elements(self) -> impl Iterator<Item = Self> {
        let mut len = 0;
        // SAFETY: there is room for one number.
        if unsafe { sys::napi_get_array_length(self.env.raw, self.raw, &raw mut len) } != sys::Status::napi_ok {
            len = 0;
        }
        (0..len).map(move |at| self.element(at))
    }

    fn element(self, at: u32) -> Self {
        // SAFETY: `self` is an object of this environment.
        self.env.made(|raw, value| unsafe { sys::napi_get_element(raw, self.raw, at, value) })
    }

    /// Appends the bytes of a `Uint8Array`; `None` if it is not one.
    ///
    /// Up to 64 bytes of a typed array are kept in JavaScript's own heap. To ask for their address
    /// would move them out of it and leave a copy behind that nobody can wipe, so short arrays are
    /// read element by element.
    pub fn read_bytes(self, into: &mut Vec<u8>) -> Option<()> {
        const MAX_IN_HEAP: usize = 64;
        let (mut kind, mut len) = (0, 0);
        // SAFETY: there is room for the kind and the length; nothing else is asked for.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env.raw,
                self.raw,
                &raw mut kind,
                &raw mut len,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok || kind != sys::TypedarrayType::uint8_array {
            return None;
        }
        if len <= MAX_IN_HEAP {
            for at in 0..u32::try_from(len).ok()? {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // an element is a byte
                into.push(self.element(at).number()? as u8);
            }
            return Some(());
        }
        let mut start = ptr::null_mut();
        // SAFETY: there is room for the address.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env.raw,
                self.raw,
                ptr::null_mut(),
                &raw mut len,
                &raw mut start,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok || start.is_null() {
            return None;
        }
        // SAFETY: the array's `len` bytes start at `start`, and no JavaScript runs while they are
        // copied. Memory that another thread shares may change meanwhile; whatever the copy then
        // holds is a wrong key and nothing else.
        let bytes = unsafe { std::slice::from_raw_parts(start.cast::<u8>(), len) };
        into.extend_from_slice(bytes);
        Some(())
    }

    /// How many bytes `read_bytes` would append; `None` if it is not a typed array.
    pub fn byte_len(self) -> Option<usize> {
        let mut len = 0;
        // SAFETY: as in `read_bytes`.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env.raw,
                self.raw,
                ptr::null_mut(),
                &raw mut len,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        (status == sys::Status::napi_ok).then_some(len)
    }
}

/// The callback of every function.
unsafe extern "C" fn call<T: Callable>(raw: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let env = Env { raw, call: PhantomData };
    let mut count = T::ARGUMENTS;
    let mut arguments = [ptr::null_mut(); MAX_ARGUMENTS];
    let mut data = ptr::null_mut();
    // SAFETY: Node calls this with a live `raw` and `info`. There is room for `count` arguments,
    // and those that the caller left out become undefined.
    let status = unsafe {
        sys::napi_get_cb_info(raw, info, &raw mut count, arguments.as_mut_ptr(), ptr::null_mut(), &raw mut data)
    };
    let result = if status != sys::Status::napi_ok || data.is_null() {
        T::after_panic(env)
    } else {
        // SAFETY: `data` is the `T` that `function` boxed. It is dropped only after the function
        // itself, and is only ever borrowed shared.
        let data = unsafe { &*data.cast::<T>() };
        let arguments = arguments.map(|raw| Value { raw, env });
        catch_unwind(AssertUnwindSafe(|| data.call(env, &arguments[..T::ARGUMENTS])))
            .unwrap_or_else(|_| T::after_panic(env))
    };
    match result {
        Ok(value) => value.raw,
        Err(error) => {
            env.throw(&error);
            ptr::null_mut()
        }
    }
}

/// The finalizer of every function.
unsafe extern "C" fn drop_data<T>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` is the `T` that `function` boxed, and Node runs a finalizer once.
    drop(unsafe { Box::from_raw(data.cast::<T>()) });
}

/// Puts the addon's functions into its exports, once for each environment that loads it.
///
/// # Errors
/// When Node cannot make a function.
#[napi(module_exports)]
pub fn module(exports: Object, env: napi::Env) -> napi::Result<()> {
    let env = Env { raw: env.raw(), call: PhantomData };
    let members = crate::exports(env).map_err(|error| napi::Error::from_reason(error.message))?;
    for (name, value) in members {
        let name = env.string(name.as_bytes());
        // SAFETY: `exports` is the object that Node made for this module; all are values of this
        // environment.
        unsafe { sys::napi_set_property(env.raw, exports.raw(), name.raw, value.raw) };
    }
    Ok(())
}
