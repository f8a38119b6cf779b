//! What the tests share: the library they need, fixtures, whole decodes.
#![allow(dead_code, unreachable_pub, unused_imports, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{Input, OpenOptions, PcmSource, Result};
pub use audiodecode_testing::{Planes, difference, formats, manifest, read, read_all};

/// Whether libsndfile is installed. CI sets AUDIODECODE_REQUIRE=all, and its absence is a failure there.
pub fn has_library() -> bool {
    match audiodecode_sndfile::library_version() {
        Ok(_) => true,
        Err(error) if std::env::var("AUDIODECODE_REQUIRE").is_ok_and(|value| value == "all") => {
            panic!("{error}")
        }
        Err(error) => {
            eprintln!("skipped: {error}");
            false
        }
    }
}

/// Fixtures of the crate that decodes without libsndfile.
pub fn symphonia_tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../audiodecode-symphonia/tests")
}

/// The entries of the manifest that libsndfile of any version reads.
pub fn entries() -> Vec<serde_json::Value> {
    let not_read = ["mp4", "matroska", "adts"];
    let read = |entry: &serde_json::Value| {
        !not_read.contains(&text_of(entry, "container"))
            && !["flac.oga", "alac.caf"].contains(&text_of(entry, "file"))
    };
    manifest(&formats()).into_iter().filter(read).collect()
}

pub fn text_of<'a>(entry: &'a serde_json::Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or_default()
}

/// The reference of an entry.
pub fn reference(entry: &serde_json::Value) -> Planes {
    let channels = entry["channels"].as_u64().expect("channels") as usize;
    audiodecode_testing::reference(&formats().join(text_of(entry, "reference")), channels)
}

pub fn open_bytes(bytes: &[u8]) -> Result<Box<dyn PcmSource>> {
    audiodecode_sndfile::open(&Input::from_bytes(bytes), &OpenOptions::default())
}

pub fn open_file(path: &Path) -> Result<Box<dyn PcmSource>> {
    audiodecode_sndfile::open(&Input::open(path)?, &OpenOptions::default())
}
