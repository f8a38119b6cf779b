//! The files that all backends are held against, by their references: arithmetic, or another decoder.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use audiodecode_pipeline::ErrorKind;
use support::{difference, formats, manifest, open_file, read, read_all, reference};

/// FFmpeg reads its samples in the wrong order of bytes, so that it is declined.
const DECLINED: &str = "s16.rifx.wav";

/// FFmpeg's own decoder where the reference is another's, and why the difference may be larger.
fn tolerance(file: &str, stated: f64) -> f64 {
    match file {
        // Native Opus against libopus: both keep to the specification, which leaves this much open.
        name if name.contains("opus") => 5e-3,
        // Rounds predictors otherwise than the definitions of ADPCM.
        "ima.wav" | "ms.wav" => 3e-3,
        _ => stated,
    }
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn every_format_gives_the_samples_and_the_length_of_its_reference() {
    let mut count = 0;
    for entry in manifest(&formats()) {
        let name = entry["file"].as_str().expect("file");
        if name == DECLINED {
            let error = open_file(&formats().join(name)).err().expect("declined");
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            continue;
        }
        let channels = entry["channels"].as_u64().expect("channels") as usize;
        let mut source = open_file(&formats().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let samples = read_all(&mut *source).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = reference(&formats().join(entry["reference"].as_str().expect("reference")), channels);
        let found = difference(&samples, &expected);
        let allowed = tolerance(name, entry["tolerance"].as_f64().expect("tolerance"));
        assert!(f64::from(found) <= allowed, "{name}: {found} > {allowed}");
        let info = source.info();
        assert_eq!(info.container, entry["container"].as_str().expect("container"), "{name}");
        assert_eq!(info.sample_rate, entry["sampleRate"].as_u64().expect("rate") as u32, "{name}");
        assert_eq!((info.frames, info.frames_exact), (entry["frames"].as_u64(), true), "{name}");
        assert!(!source.truncated(), "{name}");
        assert_eq!(source.drain_damage(), [], "{name}");
        count += 1;
    }
    assert!(count >= 45, "{count} formats");
}

#[test]
#[cfg_attr(no_ffmpeg, ignore = "FFmpeg is not installed")]
fn a_range_is_the_slice_of_the_whole() {
    let entries = manifest(&formats());
    for entry in entries.iter().filter(|entry| entry["file"] != DECLINED) {
        let name = entry["file"].as_str().expect("file");
        let mut source = open_file(&formats().join(name)).expect(name);
        let whole = read_all(&mut *source).expect(name);
        for start in [0, 1, 777, 5_000, 12_345, 3, whole[0].len() - 1, whole[0].len(), usize::MAX / 2] {
            source.seek(start as u64).expect(name);
            let part = read(&mut *source, 2_000).expect(name);
            let from = start.min(whole[0].len());
            let to = (from + 2_000).min(whole[0].len());
            let slice: Vec<_> = whole.iter().map(|plane| plane[from..to].to_vec()).collect();
            assert_eq!(part, slice, "{name} from {start}");
        }
    }
}
