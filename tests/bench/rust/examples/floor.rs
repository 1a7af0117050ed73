//! A native module for Node with what no verifier and no signer can leave out. Declares the little
//! of Node-API that it needs.
//!
//! `empty()` does nothing: the least that a call costs. `add(token)` keeps a token's signing input,
//! `clear()` forgets them all. `hmac()` is an empty call that computes the HMAC-SHA-256 of one of
//! them, each in turn, from a keyed state, as `floor::hmac_of` does; the result stays here.

use std::cell::RefCell;
use std::ffi::{c_char, c_int, c_void};
use std::hint::black_box;
use std::ptr::null_mut;

use mastra_jwt_bench::floor::hmac_of;

type Handle = *mut c_void;
type Function = extern "C" fn(env: Handle, info: Handle) -> Handle;

unsafe extern "C" {
    fn napi_create_function(
        env: Handle,
        name: *const c_char,
        len: usize,
        run: Function,
        data: *mut c_void,
        made: *mut Handle,
    ) -> c_int;
    fn napi_set_named_property(env: Handle, object: Handle, name: *const c_char, value: Handle) -> c_int;
    fn napi_get_cb_info(
        env: Handle,
        info: Handle,
        count: *mut usize,
        arguments: *mut Handle,
        this: *mut Handle,
        data: *mut *mut c_void,
    ) -> c_int;
    fn napi_get_value_string_utf8(env: Handle, text: Handle, out: *mut c_char, room: usize, len: *mut usize) -> c_int;
}

struct Floor {
    tokens: Vec<String>,
    hmac: Box<dyn FnMut(usize)>,
    turn: usize,
}

thread_local! {
    static FLOOR: RefCell<Floor> = RefCell::new(Floor { tokens: Vec::new(), hmac: Box::new(|_| ()), turn: 0 });
}

extern "C" fn empty(_: Handle, _: Handle) -> Handle {
    null_mut()
}

extern "C" fn hmac(_: Handle, _: Handle) -> Handle {
    FLOOR.with_borrow_mut(|floor| {
        floor.turn += 1;
        (floor.hmac)(black_box(floor.turn));
    });
    null_mut()
}

extern "C" fn clear(_: Handle, _: Handle) -> Handle {
    FLOOR.with_borrow_mut(|floor| floor.tokens.clear());
    null_mut()
}

extern "C" fn add(env: Handle, info: Handle) -> Handle {
    let mut count = 1;
    let mut token = null_mut();
    let mut len = 0;
    // SAFETY: `token` has room for the one argument asked for; the text is read into a buffer of
    // the length that it has, and a zero.
    let text = unsafe {
        assert_eq!(napi_get_cb_info(env, info, &mut count, &mut token, null_mut(), null_mut()), 0, "add(token)");
        assert_eq!(napi_get_value_string_utf8(env, token, null_mut(), 0, &mut len), 0, "add(token): a string");
        let mut bytes = vec![0; len + 1];
        let read = napi_get_value_string_utf8(env, token, bytes.as_mut_ptr().cast(), bytes.len(), &mut len);
        assert_eq!(read, 0, "add(token): a string");
        bytes.truncate(len);
        String::from_utf8(bytes).expect("UTF-8")
    };
    FLOOR.with_borrow_mut(|floor| {
        floor.tokens.push(text);
        floor.hmac = Box::new(hmac_of(&floor.tokens));
    });
    null_mut()
}

/// What Node calls when it loads the module.
#[unsafe(no_mangle)]
pub extern "C" fn napi_register_module_v1(env: Handle, exports: Handle) -> Handle {
    let functions: [(&std::ffi::CStr, Function); 4] =
        [(c"empty", empty), (c"hmac", hmac), (c"clear", clear), (c"add", add)];
    for (name, run) in functions {
        let mut made = null_mut();
        // SAFETY: `env` and `exports` are Node's own; the names live forever.
        unsafe {
            let length = name.count_bytes();
            assert_eq!(napi_create_function(env, name.as_ptr(), length, run, null_mut(), &mut made), 0);
            assert_eq!(napi_set_named_property(env, exports, name.as_ptr(), made), 0);
        }
    }
    exports
}
