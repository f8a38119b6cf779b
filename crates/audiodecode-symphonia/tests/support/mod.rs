//! What the tests of this crate share: fixtures, whole decodes, comparisons.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

pub mod matroska;
pub mod ogg;

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{Input, OpenOptions, PcmSource, Result};

/// Planar samples.
pub type Planes = Vec<Vec<f32>>;

pub fn formats() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats")
}

pub fn special() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/special")
}

pub fn manifest(folder: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join("manifest.json")).expect("manifest");
    serde_json::from_str::<Vec<serde_json::Value>>(&text).expect("manifest is a list")
}

/// Planar little-endian float32 of a fixture's reference.
pub fn reference(path: &Path, channels: usize) -> Planes {
    let bytes = std::fs::read(path).expect("reference");
    let all: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    all.chunks_exact(all.len() / channels).map(<[f32]>::to_vec).collect()
}

pub fn open_bytes(bytes: &[u8]) -> Result<Box<dyn PcmSource>> {
    audiodecode_symphonia::open(&Input::from_bytes(bytes), &OpenOptions::default())
}

pub fn open_file(path: &Path) -> Result<Box<dyn PcmSource>> {
    audiodecode_symphonia::open(&Input::open(path)?, &OpenOptions::default())
}

/// Reads up to `limit` frames in blocks of an odd size, so that block borders never coincide with packets.
pub fn read(source: &mut dyn PcmSource, limit: usize) -> Result<Planes> {
    let channels = source.info().channels as usize;
    let mut out: Planes = vec![Vec::new(); channels];
    let mut block = vec![vec![0f32; 1531]; channels];
    loop {
        let want = 1531.min(limit - out[0].len());
        let mut slices: Vec<&mut [f32]> = block.iter_mut().map(|plane| &mut plane[..want]).collect();
        let count = source.read(&mut slices)?;
        if count == 0 {
            return Ok(out);
        }
        for (plane, from) in out.iter_mut().zip(&block) {
            plane.extend_from_slice(&from[..count]);
        }
    }
}

pub fn read_all(source: &mut dyn PcmSource) -> Result<Planes> {
    read(source, usize::MAX / 2)
}

/// Largest difference of two signals of one length.
pub fn difference(a: &Planes, b: &Planes) -> f32 {
    assert_eq!(a.len(), b.len(), "channels");
    let mut worst = 0f32;
    for (a, b) in a.iter().zip(b) {
        assert_eq!(a.len(), b.len(), "frames");
        for (x, y) in a.iter().zip(b) {
            assert!(x.is_finite());
            worst = worst.max((x - y).abs());
        }
    }
    worst
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
