//! Every second frame, decoded without the upper half of the spectrum.

use std::f64::consts::PI;

use audiodecode_dsp::resample;

use super::mono_tests::{decibels, fixture, open_bytes, read, whole_and_damaged};

/// All of layer III and of even rates; the last has a start of an odd number of samples trimmed.
const STREAMS: [&str; 7] = [
    "untagged-cbr128.mp3",
    "untagged-v2.mp3",
    "mpeg2-stereo.mp3",
    "untagged-mono32.mp3",
    "v9-mono.mp3",
    "mpeg2-mono8.mp3",
    "tagged-v2-crc.mp3",
];

/// A sharp low-pass at 0.9 of half the rate, so that only what both have in common is compared.
fn below_the_edge(signal: &[f32]) -> Vec<f32> {
    const HALF: i32 = 200;
    let tap = |n: i32| {
        let x = PI * f64::from(n) * 0.9;
        let window = 0.42
            + 0.5 * (PI * f64::from(n) / f64::from(HALF)).cos()
            + 0.08 * (2.0 * PI * f64::from(n) / f64::from(HALF)).cos();
        window * if n == 0 { 0.9 } else { 0.9 * x.sin() / x }
    };
    let taps: Vec<f64> = (-HALF..=HALF).map(tap).collect();
    signal
        .windows(taps.len())
        .map(|part| part.iter().zip(&taps).map(|(x, tap)| f64::from(*x) * tap).sum::<f64>() as f32)
        .collect()
}

#[test]
fn it_is_what_a_resampler_makes_of_all_frames_up_to_the_edge() {
    for name in STREAMS {
        for mono in [false, true] {
            let bytes = fixture(name);
            let mut source = open_bytes(&bytes);
            source.set_mono(mono);
            let rate = source.info().sample_rate;
            let whole = resample(&read(source.as_mut(), 0, 100_000), rate, rate / 2).unwrap();
            assert!(source.set_halved(true));
            let halved = read(source.as_mut(), 0, 100_000);
            assert_eq!(halved.len(), whole.len(), "{name}");
            for (halved, whole) in halved.iter().zip(&whole) {
                assert_eq!(halved.len(), whole.len(), "{name}");
                let close = decibels(&below_the_edge(whole), &below_the_edge(halved));
                assert!(close > 90.0, "{name}: {close:.1} dB");
            }
        }
    }
}

#[test]
fn its_ranges_are_slices_of_the_whole_in_damaged_streams_too() {
    for name in STREAMS {
        for bytes in whole_and_damaged(name) {
            let mut source = open_bytes(&bytes);
            source.set_mono(true);
            source.set_halved(true);
            let whole = read(source.as_mut(), 0, 100_000).remove(0);
            for start in (0..whole.len()).step_by(777) {
                let part = read(source.as_mut(), 2 * start as u64, 700).remove(0);
                assert_eq!(part, whole[start..whole.len().min(start + 700)], "{name} from {start}");
            }
        }
    }
}

#[test]
fn a_source_can_change_between_both() {
    let mut source = open_bytes(&fixture("tagged-v2-crc.mp3"));
    let all = read(source.as_mut(), 4_000, 3_000);
    assert!(source.set_halved(true));
    let halved = read(source.as_mut(), 7_000, 1_500);
    assert!(!source.set_halved(false));
    assert_eq!(read(source.as_mut(), 4_000, 3_000), all);
    let mut fork = source.fork().unwrap().unwrap();
    assert!(fork.set_halved(true));
    assert_eq!(read(fork.as_mut(), 7_000, 1_500), halved);
}

#[test]
fn other_layers_give_every_frame() {
    for name in ["stereo.mp1", "stereo.mp2"] {
        assert!(!open_bytes(&fixture(name)).set_halved(true), "{name}");
    }
}
