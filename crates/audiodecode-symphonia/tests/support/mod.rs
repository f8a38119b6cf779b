//! What the tests of this crate share: fixtures, whole decodes, comparisons.
#![allow(dead_code, unreachable_pub, unused_imports, clippy::expect_used)]

pub mod matroska;
pub mod ogg;
pub mod ranges;

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{Input, OpenOptions, PcmSource, Result};
pub use audiodecode_testing::{Planes, difference, formats, manifest, read, read_all, reference, special};

pub fn open_bytes(bytes: &[u8]) -> Result<Box<dyn PcmSource>> {
    audiodecode_symphonia::open(&Input::from_bytes(bytes), &OpenOptions::default())
}

pub fn open_file(path: &Path) -> Result<Box<dyn PcmSource>> {
    audiodecode_symphonia::open(&Input::open(path)?, &OpenOptions::default())
}

/// Every committed audio file, in a fixed order.
pub fn fixture_files() -> Vec<PathBuf> {
    let mpeg = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mpeg");
    let folders = [formats(), mpeg, special()];
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("fixtures"));
    let no_audio = ["f32", "s24", "json", "py", "md"];
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("fixture").path())
        .filter(|path| {
            path.extension().and_then(|name| name.to_str()).is_none_or(|name| !no_audio.contains(&name))
        })
        .collect();
    files.sort();
    assert!(files.len() > 80, "{} fixtures", files.len());
    files
}

/// xorshift32: the same numbers in every run.
pub struct Dice(pub u32);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % limit.max(1)
    }

    /// A copy with a flipped bit, a hole or zeros, by turns.
    pub fn damage(&mut self, clean: &[u8], round: usize) -> Vec<u8> {
        let mut bytes = clean.to_vec();
        let at = self.below(bytes.len());
        match round % 3 {
            0 => bytes[at] ^= 1 << self.below(8),
            1 => {
                let end = (at + 1 + self.below(3000)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + 1 + self.below(2000)).min(bytes.len());
                bytes[at..end].fill(0);
            }
        }
        bytes
    }
}
