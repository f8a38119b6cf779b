//! Lets the crate's own tests link: the symbols of Node-API exist only inside Node, and the tests call none of them.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => println!("cargo::rustc-link-arg=-Wl,-undefined,dynamic_lookup"),
        // On Windows napi-rs looks the symbols up at run time.
        Ok("windows") => {}
        _ => println!("cargo::rustc-link-arg=-Wl,--unresolved-symbols=ignore-all"),
    }
}
