//! The engine against the layouts of FFmpeg 5.

#[allow(
    clippy::all,
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub
)]
#[path = "../../bindings/ffmpeg5.rs"]
mod ffi;
// One source, compiled once for each major.
#[allow(clippy::duplicate_mod)]
#[path = "../native/mod.rs"]
pub(super) mod native;
