//! Gives the shared library its name for the dynamic linker: `libmjwt.so.<ABI version>`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/status.rs");
    let abi = abi_version();
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos" | "ios") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libmjwt.{abi}.dylib");
        }
        Ok("windows") => {}
        _ => println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmjwt.so.{abi}"),
    }
}

/// Reads `MJWT_ABI_VERSION` where it is defined, so that there is one place to change it.
fn abi_version() -> u32 {
    let source = std::fs::read_to_string("src/status.rs").expect("src/status.rs is readable");
    let (_, rest) =
        source.split_once("pub const MJWT_ABI_VERSION: u32 = ").expect("src/status.rs defines MJWT_ABI_VERSION");
    let (number, _) = rest.split_once(';').expect("MJWT_ABI_VERSION ends with ';'");
    number.parse().expect("MJWT_ABI_VERSION is a number")
}
