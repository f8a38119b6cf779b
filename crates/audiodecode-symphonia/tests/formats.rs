//! Every committed format against samples from an independent decoder, whole and in pieces.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_testing::places_off_the_whole;
use support::{difference, formats, manifest, open_file, read_all, reference};

/// Containers that no reader of this crate takes yet.
const NOT_OURS: [&str; 1] = ["w64"];

fn tolerance(entry: &serde_json::Value) -> f64 {
    entry["tolerance"].as_f64().unwrap_or_default()
}

fn only() -> Option<String> {
    std::env::var("ONLY").ok()
}

#[test]
fn every_format_has_the_length_and_samples_of_an_independent_decoder() {
    let mut failures = Vec::new();
    for entry in manifest(&formats()) {
        let file = entry["file"].as_str().unwrap_or_default();
        let container = entry["container"].as_str().unwrap_or_default();
        if NOT_OURS.contains(&container) || only().is_some_and(|only| !file.contains(&only)) {
            continue;
        }
        let outcome = std::panic::catch_unwind(|| -> Result<(), String> {
            let mut source = open_file(&formats().join(file)).map_err(|e| format!("{:?} {e}", e.kind()))?;
            let info = source.info().clone();
            let want = reference(
                &formats().join(entry["reference"].as_str().unwrap_or_default()),
                info.channels as usize,
            );
            let got = read_all(&mut *source).map_err(|e| e.to_string())?;
            let check = |what: &str, ok: bool| if ok { Ok(()) } else { Err(format!("{what}: {info:?}")) };
            check("codec", info.codec == entry["codec"].as_str().unwrap_or_default())?;
            check("rate", Some(u64::from(info.sample_rate)) == entry["sampleRate"].as_u64())?;
            check("channels", Some(u64::from(info.channels)) == entry["channels"].as_u64())?;
            let frames = entry["frames"].as_u64().unwrap_or_default();
            check(&format!("{} frames instead of {frames}", got[0].len()), got[0].len() as u64 == frames)?;
            check("stated exactly and wrong", !info.frames_exact || info.frames == Some(frames))?;
            check("damage", source.drain_damage().is_empty() && !source.truncated())?;
            let worst = f64::from(difference(&got, &want));
            check(&format!("differs by {worst}"), worst <= tolerance(&entry))
        });
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(reason)) => failures.push(format!("{file}: {reason}")),
            Err(_) => failures.push(format!("{file}: panicked")),
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_read_after_a_seek_is_the_slice_of_the_whole_bit_for_bit() {
    let mut failures = Vec::new();
    for entry in manifest(&formats()) {
        let file = entry["file"].as_str().unwrap_or_default();
        let container = entry["container"].as_str().unwrap_or_default();
        if NOT_OURS.contains(&container) || only().is_some_and(|only| !file.contains(&only)) {
            continue;
        }
        let path = formats().join(file);
        if open_file(&path).is_err() {
            continue;
        }
        let places = places_off_the_whole(|| open_file(&path));
        if !places.is_empty() {
            failures.push(format!("{file} at {places:?}"));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_scan_makes_the_length_exact_and_leaves_the_position_at_the_start() {
    for entry in manifest(&formats()) {
        let file = entry["file"].as_str().unwrap_or_default();
        if only().is_some_and(|only| !file.contains(&only)) {
            continue;
        }
        let Ok(mut source) = open_file(&formats().join(file)) else { continue };
        source.scan().expect("scan");
        assert_eq!(source.info().frames, entry["frames"].as_u64(), "{file}");
        assert!(source.info().frames_exact, "{file}");
        let frames = entry["frames"].as_u64().unwrap_or_default();
        assert_eq!(read_all(&mut *source).expect("whole")[0].len() as u64, frames, "{file}");
    }
}
