//! The core compared with an independent model of it: the same verdict, the same claims, for
//! generated policies, keys and tokens.

pub mod choices;
pub mod compare;
pub mod generate;
pub mod json;
pub mod model;
