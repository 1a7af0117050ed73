//! The example `rotate`, as a user runs it.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::token;

/// Runs it in a directory with four sets of keys, and with a token of the key "good".
fn rotate(sets: &[&str]) -> Output {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(sets.join("-"));
    fs::create_dir_all(&directory).expect("a directory");
    let good = r#"{"kty":"oct","kid":"good","k":"c3VwZXJzZWNyZXRkZXZrZXl0aGF0aXNoczI1NnNhZmUh"}"#;
    let other = r#"{"kty":"oct","kid":"other","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    for (name, keys) in [
        ("old", good),
        ("both", &format!("{other},{good}")),
        ("bad", &format!(r#"{other},{{"kty":"oct","k":"!"}}"#)),
        ("new", other),
    ] {
        fs::write(directory.join(name), format!(r#"{{"keys":[{keys}]}}"#)).expect("a file");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_rotate"));
    command.current_dir(directory).arg(token(600.0, "")).args(sets).output().expect("the example runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn no_token_is_refused_while_sets_change() {
    let output = rotate(&["old", "both", "bad", "old"]);
    let said = "old: in use, all accepted\nboth: in use, all accepted\n\
                bad: not used, all accepted\nold: in use, all accepted\n";
    assert_eq!(text(&output.stdout), said);
    let error = text(&output.stderr);
    assert!(error.starts_with("bad: the JWK Set is malformed: key 1: ") && error.lines().count() == 1, "{error}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_key_that_is_gone_accepts_nothing() {
    let output = rotate(&["old", "new", "bad"]);
    assert_eq!(
        text(&output.stdout),
        "old: in use, all accepted\nnew: in use, all refused\nbad: not used, all refused\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn wrong_use() {
    let output = rotate(&[]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(2), "usage: rotate <token> <JWK Set file>...\n"));
    let output = rotate(&["none"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("none: "), "{output:?}");
}
