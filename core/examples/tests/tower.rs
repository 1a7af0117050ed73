//! The example `tower`, as a user runs it.

mod common;

use common::{Server, check_guarded};

#[test]
fn answers() {
    check_guarded(&Server::start(env!("CARGO_BIN_EXE_tower")), "/");
}
