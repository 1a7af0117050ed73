//! `include/mjwt.h` is made of `mjwt.h.in` and of what cbindgen reads from `src/`, byte by byte.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config};

#[allow(dead_code)] // What only the library uses.
#[path = "../src/codes.rs"]
mod codes;

const SOURCES: [&str; 7] =
    ["lib.rs", "status.rs", "config.rs", "verifier.rs", "challenge.rs", "claims.rs", "signer.rs"];

fn path(from_crate: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(from_crate)
}

/// Puts every item where a line `@ name` of the template wants it. Each has one place.
fn generate() -> String {
    let mut items = items();
    let template = std::fs::read_to_string(path("mjwt.h.in")).expect("mjwt.h.in is there");
    let mut header = String::new();
    for line in template.lines() {
        let Some(place) = line.strip_prefix("@ ") else {
            header += line;
            header.push('\n');
            continue;
        };
        if place == "version" {
            header += &version();
        } else if let Some(range) = place.strip_prefix("status ") {
            header += &statuses(range);
        } else if let Some(prefix) = place.strip_suffix('*') {
            header += &constants(&mut items, prefix);
        } else {
            let item = items.remove(place).unwrap_or_else(|| panic!("src/ has no {place}, or it has two places"));
            header += &item;
            // Constants are close together, other items are not.
            if !item.contains("#define") {
                header.push('\n');
            }
        }
    }
    assert!(items.is_empty(), "mjwt.h.in has no place for {:?}", items.keys());
    while header.contains("\n\n\n") {
        header = header.replace("\n\n\n", "\n\n");
    }
    header
}

/// The constants whose names start so, by their values.
fn constants(items: &mut BTreeMap<String, String>, prefix: &str) -> String {
    let value = |item: &str| {
        let text = item.trim_end().rsplit(' ').next().unwrap_or_default();
        let hexadecimal = text.strip_prefix("0x").map(|digits| u64::from_str_radix(digits.trim_end_matches('u'), 16));
        hexadecimal.unwrap_or_else(|| text.parse()).expect("the value of a constant is a number")
    };
    let names: Vec<String> = items.keys().filter(|name| name.starts_with(prefix)).cloned().collect();
    assert!(!names.is_empty(), "src/ has no {prefix}*");
    let mut found: Vec<String> = names.iter().filter_map(|name| items.remove(name)).collect();
    found.sort_by_key(|item| value(item));
    found.concat()
}

/// The rows of the table, as constants with their messages: `range` is "from to to".
fn statuses(range: &str) -> String {
    let (from, to) = range.split_once(" to ").expect("a range of codes");
    let range = from.parse().expect("a code")..=to.parse().expect("a code");
    let rows = codes::ROWS.iter().filter(|row| range.contains(&row.code));
    rows.fold(String::new(), |mut lines, row| {
        let name = if row.code == 0 { "MJWT_OK".to_owned() } else { format!("MJWT_ERR_{}", row.name) };
        let sentence = row.message[..1].to_uppercase() + &row.message[1..];
        writeln!(lines, "/* {sentence}. */\n#define {name} {}", row.code).expect("a String takes all");
        lines
    })
}

/// The version of the crate.
fn version() -> String {
    let text = env!("CARGO_PKG_VERSION");
    let parts: Vec<u32> = text.split('.').map(|part| part.parse().expect("a number")).collect();
    let [major, minor, patch] = parts[..] else { panic!("{text} is not major.minor.patch") };
    format!(
        "/* As text. */\n#define MJWT_VERSION_STRING \"{text}\"\n\
         /* Major. */\n#define MJWT_VERSION_MAJOR {major}\n\
         /* Minor. */\n#define MJWT_VERSION_MINOR {minor}\n\
         /* Patch. */\n#define MJWT_VERSION_PATCH {patch}\n\
         /* As one number that grows: major * 1000000 + minor * 1000 + patch. */\n\
         #define MJWT_VERSION_NUMBER {}\n",
        major * 1_000_000 + minor * 1000 + patch
    )
}

/// What cbindgen makes of the sources, by name: each with its comment.
fn items() -> BTreeMap<String, String> {
    let config = Config::from_file(path("cbindgen.toml")).expect("cbindgen.toml is sound");
    let mut builder = Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(path("src").join(source));
    }
    let mut raw = Vec::new();
    builder.generate().expect("cbindgen reads src/").write(&mut raw);
    let raw = String::from_utf8(raw).expect("the sources are UTF-8");

    let mut items = BTreeMap::new();
    let mut item = String::new();
    let mut lines = raw.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "/*" {
            let indent = &line[..line.len() - 2];
            let text = lines.by_ref().take_while(|line| line.trim() != "*/");
            let text: Vec<&str> = text.map(|line| line.get(indent.len() + 1..).unwrap_or_default()).collect();
            item += &comment(indent, &text);
        } else if let Some(constant) = line.strip_prefix("#define ") {
            let (name, value) = constant.split_once(' ').expect("a constant has a value");
            // Beyond an int, a decimal number has another type in C89 than in C99.
            let value = match value.parse::<u32>() {
                Ok(large) if large > i32::MAX.cast_unsigned() => format!("{large:#x}u"),
                _ => value.to_owned(),
            };
            items.insert(name.to_owned(), std::mem::take(&mut item) + &format!("#define {name} {value}\n"));
        } else if !line.is_empty() {
            // cbindgen gives the struct no tag.
            item += &line.replace("typedef struct {", "typedef struct mjwt_info {");
            item.push('\n');
            if line.ends_with(");") || line.ends_with(';') && !line.starts_with(' ') {
                items.insert(name(&item), std::mem::take(&mut item));
            }
        }
    }
    assert!(item.is_empty(), "not understood: {item}");
    items
}

/// The name that a declaration declares: before the arguments of a function, at the end of a type.
fn name(item: &str) -> String {
    let declaration = item.rsplit_once("*/\n").map_or(item, |(_, declaration)| declaration);
    let before = declaration.split(['(', ';']).next().unwrap_or_default();
    let name = if declaration.contains('}') { declaration.rsplit('}').next().unwrap_or_default() } else { before };
    name.rsplit([' ', '*']).next().unwrap_or_default().trim_end_matches([';', '\n']).to_owned()
}

/// A comment on one line where it fits, else with a star before each line.
fn comment(indent: &str, text: &[&str]) -> String {
    match text {
        [line] => format!("{indent}/* {line} */\n"),
        lines => {
            let starred = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n");
            format!("{indent}/*\n{}{indent} */\n", starred.collect::<String>())
        }
    }
}

/// `MJWT_WRITE_HEADER=1 cargo test -p mastra-jwt-ffi --test header` writes it.
#[test]
fn header_is_up_to_date() {
    let fresh = generate();
    let header = path("../include/mjwt.h");
    if std::env::var_os("MJWT_WRITE_HEADER").is_some() {
        std::fs::write(&header, &fresh).expect("include/ is writable");
    }
    let committed = std::fs::read_to_string(&header).expect("include/mjwt.h is there");
    assert!(committed == fresh, "include/mjwt.h is stale: run make header");
    for line in fresh.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn every_code_of_the_core_is_in_the_header() {
    let header = generate();
    for row in mastra_jwt_core::CODES {
        assert!(header.contains(&format!("\n#define MJWT_ERR_{} {}\n", row.name, row.code)), "{}", row.name);
    }
    let count = header.lines().filter(|line| line.starts_with("#define MJWT_ERR_")).count();
    assert_eq!(count, codes::ROWS.len() - 1, "each row has one place");
}
