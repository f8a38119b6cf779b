//! What the tests of this crate share besides what the tests of all backends do.
#![allow(dead_code, unreachable_pub, unused_imports)]

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{Input, OpenOptions, PcmSource, Result};
pub use audiodecode_testing::{Planes, difference, formats, manifest, read, read_all, reference, special};

/// Files that only this backend reads.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

pub fn open_bytes(bytes: &[u8]) -> Result<Box<dyn PcmSource>> {
    audiodecode_ffmpeg::open(&Input::from_bytes(bytes), &OpenOptions::default())
}

pub fn open_file(path: &Path) -> Result<Box<dyn PcmSource>> {
    audiodecode_ffmpeg::open(&Input::open(path)?, &OpenOptions::default())
}
