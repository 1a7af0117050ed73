//! The example `axum`, as a user runs it.

mod common;

use common::{Server, check_guarded, token};

#[test]
fn answers() {
    let server = Server::start(env!("CARGO_BIN_EXE_axum"));
    check_guarded(&server, "/me");
    assert!(server.get("/", "").starts_with("HTTP/1.1 200 OK\r\n"));
    for (roles, status) in [("[]", "403 Forbidden"), (r#"["reader","admin"]"#, "200 OK")] {
        let token = token(60.0, &format!(r#","sub":"alice","roles":{roles}"#));
        let answer = server.get("/admin", &format!("Authorization: bearer {token}\r\n"));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
    }
}
