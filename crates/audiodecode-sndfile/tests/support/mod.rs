//! What the tests share: the library they need, fixtures, whole decodes.
#![allow(dead_code, unreachable_pub, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{Input, OpenOptions, PcmSource, Result};

/// Planar samples.
pub type Planes = Vec<Vec<f32>>;

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

pub fn formats() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats")
}

/// Fixtures of the crate that decodes without libsndfile.
pub fn symphonia_tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../audiodecode-symphonia/tests")
}

/// The entries of the manifest that libsndfile of any version reads.
pub fn entries() -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(formats().join("manifest.json")).expect("manifest");
    let all: Vec<serde_json::Value> = serde_json::from_str(&text).expect("manifest is a list");
    let not_read = ["mp4", "matroska", "adts"];
    let read = |entry: &serde_json::Value| {
        !not_read.contains(&text_of(entry, "container"))
            && !["flac.oga", "alac.caf"].contains(&text_of(entry, "file"))
    };
    all.into_iter().filter(read).collect()
}

pub fn text_of<'a>(entry: &'a serde_json::Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or_default()
}

/// Planar little-endian float32 of a fixture's reference.
pub fn reference(entry: &serde_json::Value) -> Planes {
    let bytes = std::fs::read(formats().join(text_of(entry, "reference"))).expect("reference");
    let all: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let channels = entry["channels"].as_u64().expect("channels") as usize;
    all.chunks_exact(all.len() / channels).map(<[f32]>::to_vec).collect()
}

pub fn open_bytes(bytes: &[u8]) -> Result<Box<dyn PcmSource>> {
    audiodecode_sndfile::open(&Input::from_bytes(bytes), &OpenOptions::default())
}

pub fn open_file(path: &Path) -> Result<Box<dyn PcmSource>> {
    audiodecode_sndfile::open(&Input::open(path)?, &OpenOptions::default())
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
