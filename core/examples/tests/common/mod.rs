//! What the tests share: the examples are run as a user runs them.
#![allow(dead_code)] // Each test uses a part.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use mastra_jwt_core::{Signer, system_now};

pub const SECRET: &str = "supersecretdevkeythatishs256safe!";

/// A token that expires so many seconds from now, with more claims in JSON.
pub fn token(seconds: f64, claims: &str) -> String {
    let exp = system_now().expect("after 1970") + seconds;
    let claims = format!(r#"{{"exp":{exp}{claims}}}"#);
    Signer::from_secret(SECRET.as_bytes()).and_then(|signer| signer.sign_json(claims.as_bytes())).expect("JSON")
}

/// An example that serves, until it is dropped.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    pub fn start(program: &str) -> Self {
        let mut child = Command::new(program)
            .arg("127.0.0.1:0")
            .env("JWT_AUTH_SECRET", SECRET)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example runs");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("text");
        let address = line.trim_end().strip_prefix("listening on http://").expect("its address").to_owned();
        Server { child, address }
    }

    /// The answer to a GET with these headers, each ended by CR LF.
    pub fn get(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
            .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tries what both servers have to answer at a path that is guarded.
pub fn check_guarded(server: &Server, path: &str) {
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let valid = token(60.0, r#","sub":"alice""#);
    let (good, changed) = (bearer(&valid), bearer(&format!("{}AAAA", &valid[..valid.len() - 4])));
    for (headers, status, challenge) in [
        (good.clone(), "200 OK", None),
        (String::new(), "401 Unauthorized", Some("Bearer")),
        (format!("{good}{good}"), "401 Unauthorized", Some("Bearer")),
        ("Authorization: Basic YTpi\r\n".to_owned(), "401 Unauthorized", Some("Bearer")),
        (
            changed,
            "401 Unauthorized",
            Some(r#"Bearer error="invalid_token", error_description="the token's signature does not match""#),
        ),
        (
            bearer(&token(-1.0, r#","sub":"alice""#)),
            "401 Unauthorized",
            Some(r#"Bearer error="invalid_token", error_description="the token has expired""#),
        ),
        (
            bearer(&token(60.0, "")),
            "401 Unauthorized",
            Some(r#"Bearer error="invalid_token", error_description="the token's claims do not fit the wanted type""#),
        ),
    ] {
        let answer = server.get(path, &headers);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{headers}: {answer}");
        let found = answer.lines().find_map(|line| line.strip_prefix("www-authenticate: "));
        assert_eq!(found, challenge, "{headers}: {answer}");
        assert_eq!(answer.contains("alice"), status == "200 OK", "{answer}");
    }
}
