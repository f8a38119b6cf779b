//! The mean of two channels, taken before the filter bank.

use std::path::Path;

use audiodecode_pipeline::{Input, OpenOptions, PcmSource};

use super::open;

const STEREO: [&str; 5] =
    ["untagged-cbr128.mp3", "untagged-v2.mp3", "tagged-v2-crc.mp3", "mpeg2-stereo.mp3", "free-format.mp3"];

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mpeg").join(name)).unwrap()
}

/// The file as it is, and with 300 bytes of something else in it.
pub(super) fn whole_and_damaged(name: &str) -> [Vec<u8>; 2] {
    let whole = fixture(name);
    let mut damaged = whole.clone();
    let third = damaged.len() / 3;
    damaged[third..third + 300].fill(0x55);
    [whole, damaged]
}

pub(super) fn open_bytes(bytes: &[u8]) -> Box<dyn PcmSource> {
    open(&Input::from_bytes(bytes), &OpenOptions::default()).unwrap().unwrap()
}

/// Up to `frames` frames from `start` on.
pub(super) fn read(source: &mut dyn PcmSource, start: u64, frames: usize) -> Vec<Vec<f32>> {
    source.seek(start).unwrap();
    let mut planes = vec![vec![0.0; frames]; source.planes() as usize];
    let mut done = 0;
    while done < frames {
        let mut rest: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[done..]).collect();
        let count = source.read(&mut rest).unwrap();
        if count == 0 {
            break;
        }
        done += count;
    }
    planes.iter_mut().for_each(|plane| plane.truncate(done));
    planes
}

pub(super) fn decibels(expected: &[f32], found: &[f32]) -> f64 {
    assert_eq!(expected.len(), found.len());
    let energy =
        |values: &mut dyn Iterator<Item = f32>| values.map(|value| f64::from(value).powi(2)).sum::<f64>();
    let error = energy(&mut expected.iter().zip(found).map(|(a, b)| a - b));
    10.0 * (energy(&mut expected.iter().copied()) / error).log10()
}

fn mean(planes: &[Vec<f32>]) -> Vec<f32> {
    planes[0].iter().zip(&planes[1]).map(|(left, right)| (left + right) / 2.0).collect()
}

#[test]
fn it_is_the_mean_of_the_decoded_channels_up_to_rounding() {
    for name in STEREO {
        let bytes = fixture(name);
        let stereo = read(open_bytes(&bytes).as_mut(), 0, 100_000);
        let mut source = open_bytes(&bytes);
        source.set_mono(true);
        assert_eq!((source.planes(), source.info().channels), (1, 2));
        let mono = read(source.as_mut(), 0, 100_000);
        let close = decibels(&mean(&stereo), &mono[0]);
        assert!(mono.len() == 1 && close > 129.0, "{name}: {close:.1} dB");
    }
}

#[test]
fn its_ranges_are_slices_of_the_whole_in_damaged_streams_too() {
    for name in STEREO {
        for bytes in whole_and_damaged(name) {
            let mut source = open_bytes(&bytes);
            source.set_mono(true);
            let whole = read(source.as_mut(), 0, 100_000).remove(0);
            for start in (0..whole.len()).step_by(777) {
                let part = read(source.as_mut(), start as u64, 1500).remove(0);
                assert_eq!(part, whole[start..whole.len().min(start + 1500)], "{name} from {start}");
            }
        }
    }
}

#[test]
fn a_source_can_change_between_both() {
    let bytes = fixture("untagged-v2.mp3");
    let mut source = open_bytes(&bytes);
    let stereo = read(source.as_mut(), 4_000, 3_000);
    source.set_mono(true);
    let mono = read(source.as_mut(), 7_000, 3_000);
    source.set_mono(false);
    assert_eq!(read(source.as_mut(), 4_000, 3_000), stereo);
    let after = read(source.as_mut(), 7_000, 3_000);
    assert!(decibels(&mean(&after), &mono[0]) > 129.0);
    let mut fork = source.fork().unwrap().unwrap();
    fork.set_mono(true);
    assert_eq!(read(fork.as_mut(), 7_000, 3_000), mono);
}

#[test]
fn a_stream_of_one_channel_stays_as_it_is() {
    let bytes = fixture("v9-mono.mp3");
    let expected = read(open_bytes(&bytes).as_mut(), 0, 100_000);
    let mut source = open_bytes(&bytes);
    source.set_mono(true);
    assert_eq!(read(source.as_mut(), 0, 100_000), expected);
}
