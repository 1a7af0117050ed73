//! What the measuring programs share.

mod allocator;
pub mod floor;
pub mod interleave;
#[cfg(feature = "peers")]
pub mod peers;
pub mod tokens;
