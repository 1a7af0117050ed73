//! `include/mjwt.h` is what cbindgen makes of `src/`, byte by byte, and names every code of the core.

use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config};
use mastra_jwt_core::CODES;

/// The order of the header's sections.
const SOURCES: [&str; 5] = ["status.rs", "config.rs", "verifier.rs", "claims.rs", "signer.rs"];

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/mjwt.h")
}

fn generate() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is sound");
    let mut builder = Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(root.join("src").join(source));
    }
    let mut header = Vec::new();
    builder.generate().expect("cbindgen reads src/").write(&mut header);
    lay_out(&String::from_utf8(header).expect("the sources are UTF-8"))
}

/// Puts a comment that fits on one line there, a star before each line of the others, a `# Heading`
/// into a comment of its own, and constants close together; gives the one struct its tag.
fn lay_out(raw: &str) -> String {
    let raw = raw.replace("typedef struct {", "typedef struct mjwt_info {");
    let mut lines = raw.lines().peekable();
    let mut out: Vec<String> = Vec::new();
    let mut after_define = false;
    while let Some(line) = lines.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        if line.trim() == "/*" && lines.peek().is_some_and(|next| !next.starts_with(" *")) {
            let mut text: Vec<&str> = lines.by_ref().map(str::trim).take_while(|line| *line != "*/").collect();
            if let Some(heading) = text[0].strip_prefix("# ") {
                blank(&mut out);
                out.push(format!("/* == {heading} */"));
                blank(&mut out);
                text.drain(..2);
            } else if after_define && lines.peek().is_some_and(|next| next.starts_with("#define")) {
                out.pop_if(|last| last.is_empty());
            }
            if let [text] = text[..] {
                out.push(format!("{indent}/* {text} */"));
            } else {
                out.push(format!("{indent}/*"));
                out.extend(text.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned()));
                out.push(format!("{indent} */"));
            }
        } else if line.trim().is_empty() {
            blank(&mut out);
        } else {
            after_define = line.starts_with("#define");
            out.push(line.to_owned());
        }
    }
    out.push(String::new());
    out.join("\n")
}

fn blank(out: &mut Vec<String>) {
    if out.last().is_some_and(|last| !last.is_empty()) {
        out.push(String::new());
    }
}

/// `MJWT_WRITE_HEADER=1 cargo test -p mastra-jwt-ffi --test header` writes it.
#[test]
fn header_is_up_to_date() {
    let fresh = generate();
    if std::env::var_os("MJWT_WRITE_HEADER").is_some() {
        std::fs::write(path(), &fresh).expect("include/ is writable");
    }
    let committed = std::fs::read_to_string(path()).expect("include/mjwt.h is there");
    assert!(committed == fresh, "include/mjwt.h is stale: run make header");
}

#[test]
fn every_code_of_the_core_is_in_the_header_and_no_other() {
    let header = generate();
    let mut defined: Vec<&str> = header.lines().filter(|line| line.starts_with("#define MJWT_ERR_")).collect();
    defined.sort_unstable();
    let mut expected: Vec<String> =
        CODES.iter().map(|code| format!("#define MJWT_ERR_{} {}", code.name, code.code)).collect();
    expected.sort_unstable();
    assert_eq!(defined, expected);
}
