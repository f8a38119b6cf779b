//! The engine against the layouts of FFmpeg 6.

#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "../../bindings/ffmpeg6.rs"]
mod ffi;
// One source, compiled once for each major.
#[allow(clippy::duplicate_mod)]
#[path = "../native/mod.rs"]
pub(super) mod native;
