//! Tells the tests whether this machine has an FFmpeg to test with. Building needs none: no library, no header.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_ffmpeg)");
    println!("cargo::rerun-if-env-changed=AUDIODECODE_REQUIRE");
    println!("cargo::rerun-if-changed=build.rs");
    // The names under which src/libraries.rs looks, without the places: tests do not look further than the system does.
    let names = (59..=63).flat_map(|version| {
        [
            format!("libavformat.so.{version}"),
            format!("libavformat.{version}.dylib"),
            format!("avformat-{version}.dll"),
        ]
    });
    // SAFETY: opening FFmpeg's libraries runs their initialisers, which only set up tables.
    let found = names.into_iter().any(|name| unsafe { libloading::Library::new(name) }.is_ok());
    if !found {
        println!("cargo::rustc-cfg=no_ffmpeg");
        println!("cargo::warning=FFmpeg (libavformat 59 to 63) is not installed: its tests are skipped");
    }
}
