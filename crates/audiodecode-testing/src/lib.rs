//! What the tests of the backends share: fixtures, whole decodes, comparisons. Not part of the product.
#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};

use audiodecode_pipeline::{PcmSource, Result};

/// Planar samples.
pub type Planes = Vec<Vec<f32>>;

/// The fixtures that every backend decodes.
pub fn formats() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats")
}

/// HE-AAC, chains and several tracks.
pub fn special() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../audiodecode-symphonia/tests/special")
}

/// What a folder of fixtures says of them.
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

/// Reads everything.
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

/// Places, seeded ones and the ends among them, at which a read after a seek is not the slice of the whole, bit for bit: from a
/// source that read everything, and from one that was just opened.
pub fn places_off_the_whole(open: impl Fn() -> Result<Box<dyn PcmSource>>) -> Vec<usize> {
    let mut used = open().expect("a source");
    let whole = read_all(&mut *used).expect("whole");
    let length = whole[0].len();
    let mut seed = 7u64;
    let mut places = vec![0, 1, length - 1, length / 2, length / 2 + 1, length / 2, length, length + 5_000];
    for _ in 0..24 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        places.push((seed >> 33) as usize % length);
    }
    let mut fresh = open().expect("again");
    places.retain(|&place| {
        // Both are moved, whatever the first one gives.
        let wrong = [&mut used, &mut fresh].map(|source| {
            source.seek(place as u64).expect("seek");
            let part = read(&mut **source, 3_000).expect("part");
            let (from, end) = (place.min(length), length.min(place + 3_000));
            !part.iter().zip(&whole).all(|(part, whole)| part[..] == whole[from..end.max(from)])
        });
        wrong.contains(&true)
    });
    places
}
