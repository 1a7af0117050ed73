//! The core and an independent model of it check the same tokens: same verdict, same claims.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mastra_jwt_core_fuzz::choices::Choices;
use mastra_jwt_core_fuzz::compare;

fuzz_target!(|bytes: &[u8]| compare::run(&Choices::from_bytes(bytes), 1, &mut [0; 256]));
