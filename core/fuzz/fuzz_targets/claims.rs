//! Any bytes as a payload: our one pass accepts what `serde_json` accepts, and reads the same from
//! it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mastra_jwt_core::{Claims, member};
use serde_json::{Map, Value};

fuzz_target!(|bytes: &[u8]| {
    let ours = Claims::parse(bytes);
    let theirs = serde_json::from_slice::<Map<String, Value>>(bytes);
    match (ours, theirs) {
        (Ok(claims), Ok(map)) => {
            for (name, ours) in [("exp", claims.exp()), ("nbf", claims.nbf()), ("iat", claims.iat())] {
                assert_eq!(ours, map.get(name).and_then(Value::as_f64), "{name}");
            }
            for (name, ours) in [("iss", claims.iss()), ("sub", claims.sub()), ("jti", claims.jti())] {
                assert_eq!(
                    ours.map(|text| text.decode().unwrap().into_owned()).as_deref(),
                    map.get(name).and_then(Value::as_str)
                );
            }
            for (name, value) in &map {
                let raw = member(claims.json(), name).unwrap().unwrap();
                assert_eq!(serde_json::from_str::<Value>(raw).unwrap(), *value);
            }
        }
        // It stops at a depth of 128, and no Rust string holds a lone surrogate.
        (Ok(_), Err(error)) => {
            let text = error.to_string();
            assert!(
                text.contains("recursion limit") || text.contains("surrogate") || text.contains("hex escape"),
                "{text}"
            );
        }
        (Err(_), Ok(_)) => panic!("refused what serde_json accepts"),
        (Err(_), Err(_)) => {}
    }
});
