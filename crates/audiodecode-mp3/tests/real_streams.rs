//! Real streams, whole and broken. Whole ones against nanomp3, a decoder that shares nothing with ours.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the failure message")]

use std::ops::Range;

use audiodecode_mp3::{Decoder, Header, Output, Rate};
use nanomp3::{Channels, MAX_SAMPLES_PER_FRAME};

const STREAMS: [&str; 8] = [
    "mpeg2-mono8.mp3",
    "mpeg2-stereo.mp3",
    "mpeg25-mono8.mp3",
    "tagged-v2-crc.mp3",
    "untagged-cbr128.mp3",
    "untagged-mono32.mp3",
    "untagged-v2.mp3",
    "v9-mono.mp3",
];

fn stream(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../audiodecode-symphonia/tests/mpeg/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

fn header_at(bytes: &[u8], at: usize) -> Option<Header> {
    bytes.get(at..)?.first_chunk::<4>().and_then(|bytes| Header::parse(*bytes))
}

/// Where the frames are, tags between them left out.
fn frames(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut frames, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match header_at(bytes, at).map(|header| header.frame_length(0) as usize) {
            Some(length) if length > 0 && at + length <= bytes.len() => {
                frames.push(at..at + length);
                at += length;
            }
            _ => at += 1,
        }
    }
    frames
}

struct Other {
    decoder: nanomp3::Decoder,
    pcm: Vec<f32>,
}

impl Other {
    fn new() -> Self {
        Self { decoder: nanomp3::Decoder::new(), pcm: vec![0.0; MAX_SAMPLES_PER_FRAME] }
    }

    /// Both planes; of one channel both are it.
    fn decode(&mut self, frame: &[u8]) -> Option<[Vec<f32>; 2]> {
        let (used, result) = self.decoder.decode(frame, &mut self.pcm);
        let info = result.ok().filter(|_| used == frame.len())?;
        let channels = if info.channels == Channels::Stereo { 2 } else { 1 };
        let plane = |at: usize| -> Vec<f32> {
            self.pcm.chunks(channels).take(info.samples_produced).map(|frame| frame[at]).collect()
        };
        Some([plane(0), plane(channels - 1)])
    }
}

struct Ours {
    decoder: Decoder,
    planes: [Vec<f32>; 2],
}

impl Ours {
    fn new(output: Output) -> Self {
        Self::at_rate(output, Rate::Full)
    }

    fn at_rate(output: Output, rate: Rate) -> Self {
        Self { decoder: Decoder::new(output, rate), planes: [vec![0.0; 1152], vec![0.0; 1152]] }
    }

    fn decode(&mut self, frame: &[u8]) -> Option<[Vec<f32>; 2]> {
        let mut planes = self.planes.each_mut().map(Vec::as_mut_slice);
        self.decoder.decode(frame, &mut planes).ok()?;
        let samples = header_at(frame, 0)?.samples() as usize;
        Some(self.planes.each_ref().map(|plane| plane[..samples].to_vec()))
    }
}

/// Energies of a signal and of its difference to another.
#[derive(Default)]
struct Difference {
    signal: f64,
    error: f64,
}

impl Difference {
    fn add(&mut self, expected: &[f32], found: &[f32]) {
        assert_eq!(expected.len(), found.len());
        for (&expected, &found) in expected.iter().zip(found) {
            self.signal += f64::from(expected).powi(2);
            self.error += (f64::from(expected) - f64::from(found)).powi(2);
        }
    }

    fn decibels(&self) -> f64 {
        10.0 * (self.signal / self.error).log10()
    }
}

#[test]
fn real_streams_of_all_rates_differ_by_rounding_alone() {
    for name in STREAMS {
        let bytes = stream(name);
        let (mut other, mut ours) = (Other::new(), Ours::new(Output::Stereo));
        let (mut difference, mut count) = (Difference::default(), 0);
        for frame in frames(&bytes) {
            let (Some(expected), Some(found)) =
                (other.decode(&bytes[frame.clone()]), ours.decode(&bytes[frame]))
            else {
                panic!("{name} does not decode");
            };
            for (expected, found) in expected.iter().zip(&found) {
                difference.add(expected, found);
            }
            count += 1;
        }
        assert!(count > 10 && difference.decibels() > 130.0, "{name}: {:.1} dB", difference.decibels());
    }
}

#[test]
fn the_mean_of_the_channels_is_that_of_the_decoded_ones() {
    for name in STREAMS {
        let bytes = stream(name);
        let (mut other, mut ours) = (Other::new(), Ours::new(Output::Mean));
        let mut difference = Difference::default();
        for frame in frames(&bytes) {
            let (Some([left, right]), Some([mean, _])) =
                (other.decode(&bytes[frame.clone()]), ours.decode(&bytes[frame]))
            else {
                panic!("{name} does not decode");
            };
            let expected: Vec<f32> =
                left.iter().zip(right).map(|(left, right)| (left + right) / 2.0).collect();
            difference.add(&expected, &mean);
        }
        assert!(difference.decibels() > 129.0, "{name}: {:.1} dB", difference.decibels());
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }
}

#[test]
fn a_frame_that_fails_leaves_its_bytes_and_silence() {
    for name in ["untagged-cbr128.mp3", "untagged-mono32.mp3", "mpeg2-stereo.mp3"] {
        let bytes = stream(name);
        let frames = frames(&bytes);
        let (mut ours, mut fresh) = (Ours::new(Output::Stereo), Ours::new(Output::Stereo));
        let failing = 9;
        for frame in &frames[..failing] {
            ours.decode(&bytes[frame.clone()]).unwrap();
            fresh.decoder.skip(&bytes[frame.clone()]);
        }
        // More lines than there are: the twelve bits behind the length of the first granule.
        let mut broken = bytes[frames[failing].clone()].to_vec();
        let header = header_at(&broken, 0).unwrap();
        let start = if header.has_checksum() { 6 } else { 4 };
        broken[start + 2..start + header.side_info_length()].fill(0xFF);
        assert_eq!(ours.decode(&broken), None, "{name}");
        fresh.decoder.skip(&broken);
        for frame in &frames[failing + 1..failing + 4] {
            let (found, expected) = (ours.decode(&bytes[frame.clone()]), fresh.decode(&bytes[frame.clone()]));
            assert!(found.is_some() && found == expected, "{name}");
        }
    }
}

#[test]
fn broken_frames_give_samples_or_an_error() {
    let mut random = Random(1);
    let (mut decoded, mut refused) = (0, 0);
    for name in STREAMS {
        let bytes = stream(name);
        let frames = frames(&bytes);
        for (output, rate) in [
            (Output::Mono, Rate::Full),
            (Output::Stereo, Rate::Full),
            (Output::Mean, Rate::Full),
            (Output::Mean, Rate::Half { odd: true }),
        ] {
            let mut ours = Ours::at_rate(output, rate);
            for _ in 0..2_000 {
                let mut frame = bytes[frames[random.below(frames.len())].clone()].to_vec();
                for _ in 0..random.below(6) {
                    let at = 2 + random.below(frame.len() - 2);
                    frame[at] = random.below(256) as u8;
                }
                if random.below(10) == 0 {
                    frame.truncate(random.below(frame.len()));
                }
                match ours.decode(&frame) {
                    Some(planes) => {
                        decoded += 1;
                        assert!(planes.iter().flatten().all(|sample| sample.is_finite()));
                    }
                    None => refused += 1,
                }
            }
        }
    }
    assert!(decoded > 10_000 && refused > 10_000, "{decoded} decoded, {refused} refused");
}
