//! What the tests of this crate share: fixtures, whole decodes, comparisons.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{Input, OpenOptions, PcmSource, Result};

/// Planar samples.
pub type Planes = Vec<Vec<f32>>;

pub fn formats() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats")
}

/// Files that only this backend reads.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// HE-AAC, chains and several tracks, shared with the backend in Rust.
pub fn special() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../audiodecode-symphonia/tests/special")
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
    audiodecode_ffmpeg::open(&Input::from_bytes(bytes), &OpenOptions::default())
}

pub fn open_file(path: &Path) -> Result<Box<dyn PcmSource>> {
    audiodecode_ffmpeg::open(&Input::open(path)?, &OpenOptions::default())
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
pub fn difference(a: &Planes, b: &Planes, name: &str) -> f32 {
    assert_eq!(a.len(), b.len(), "{name}: channels");
    let mut worst = 0f32;
    for (a, b) in a.iter().zip(b) {
        assert_eq!(a.len(), b.len(), "{name}: frames");
        for (x, y) in a.iter().zip(b) {
            assert!(x.is_finite(), "{name}");
            worst = worst.max((x - y).abs());
        }
    }
    worst
}
