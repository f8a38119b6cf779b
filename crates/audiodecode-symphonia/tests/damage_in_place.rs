//! A file damaged in its middle: the report says where, and what lies before and behind is where an independent decoder
//! puts it. Where the damaged bytes lie in time is read from the files' own headers, by the few lines in `units.rs`.

#![allow(clippy::expect_used)]

mod support;
#[path = "damage_in_place/units.rs"]
mod units;

use std::ops::Range;

use audiodecode_pipeline::Damage;
use support::{Planes, formats, manifest, open_bytes, read_all, reference, special};
use units::{Unit, adts_frames, flac_frames, mpeg_frames, ogg_pages};

/// A good file and what is known about it without this crate's decoders.
struct Good {
    name: &'static str,
    bytes: Vec<u8>,
    units: Vec<Unit>,
    /// Frames of the signal in a codec's block, the measure of how exact a report is.
    block: usize,
    clean: Planes,
}

fn good(name: &'static str, block: usize, units: fn(&[u8]) -> Vec<Unit>) -> Good {
    let path = if formats().join(name).exists() { formats() } else { special() }.join(name);
    let bytes = std::fs::read(path).expect(name);
    let clean = read_all(&mut *open_bytes(&bytes).expect(name)).expect(name);
    if let Some(entry) = manifest(&formats()).iter().find(|entry| entry["file"] == name) {
        let samples = formats().join(entry["reference"].as_str().expect("reference"));
        let tolerance = entry["tolerance"].as_f64().expect("tolerance") as f32;
        let worst = support::difference(&clean, &reference(&samples, clean.len()));
        assert!(worst <= tolerance, "{name}: {worst}");
    }
    let units = units(&bytes);
    assert!(units.len() > 5, "{name}: {} units", units.len());
    Good { name, bytes, units, block, clean }
}

enum How {
    Overwritten,
    Zeroed,
    CutOut,
}

impl Good {
    /// Damages the file from one unit's header to inside a later one and decodes it. Also gives the frames concerned.
    /// The headers, since nothing else of MPEG audio has to fit anything: what is wrong in the rest of it sounds wrong.
    fn damaged(&self, how: &How, from: usize, to: usize) -> (Planes, Vec<Damage>, Range<usize>) {
        let (first, last) = (&self.units[from], &self.units[to]);
        let range = first.bytes.start..last.bytes.start + last.bytes.len() / 2;
        let mut bytes = self.bytes.clone();
        match how {
            How::Overwritten => bytes[range].iter_mut().for_each(|byte| *byte ^= 0x5a),
            How::Zeroed => bytes[range].fill(0),
            How::CutOut => drop(bytes.drain(range)),
        }
        let mut source = open_bytes(&bytes).expect(self.name);
        let planes = read_all(&mut *source).expect(self.name);
        (planes, source.drain_damage(), first.frames.start..last.frames.end)
    }

    /// Up to `reach` units in a row are damaged. `slack` blocks around the damaged ones may be reported, and up to `settling` blocks behind the report differ from
    /// what a clean file gives.
    fn holds(&self, hows: &[How], reach: usize, slack: usize, settling: usize) {
        let last = self.units.len() - 1;
        for how in hows {
            for (from, count) in [(last / 4, 0), (last / 3, 1), (last / 2, 2)] {
                let to = (from + count.min(reach)).min(last - 2);
                let (planes, damage, hit) = self.damaged(how, from, to);
                let what = format!("{} damaged in {hit:?}: {damage:?}", self.name);
                let length = self.clean[0].len();
                assert_eq!((planes.len(), planes[0].len()), (self.clean.len(), length), "{what}");
                assert!(!damage.is_empty(), "{what}");
                let around = hit.start.saturating_sub(slack * self.block)..hit.end + slack * self.block;
                for damage in &damage {
                    let told = damage.start_frame as usize..damage.end_frame as usize;
                    assert!(!told.is_empty(), "{what}");
                    assert!(
                        around.start <= told.start && told.end <= around.end,
                        "{what}: {told:?} not in {around:?}"
                    );
                }
                let told = |index: usize, settling: usize| {
                    damage.iter().any(|damage| {
                        (damage.start_frame as usize..damage.end_frame as usize + settling).contains(&index)
                    })
                };
                assert!(hit.clone().any(|index| told(index, 0)), "{what}");
                for (plane, clean) in planes.iter().zip(&self.clean) {
                    let differs = (0..length).find(|&at| {
                        plane[at].to_bits() != clean[at].to_bits() && !told(at, settling * self.block)
                    });
                    assert_eq!(differs, None, "{what}");
                }
                // Much of the file lies behind it, and is there.
                let behind = damage.iter().map(|damage| damage.end_frame as usize).max().unwrap_or(0);
                assert!(behind + settling * self.block < length, "{what}: nothing is left to compare");
            }
        }
    }
}

#[test]
fn mp3_of_a_constant_bit_rate() {
    good("cbr128.mp3", 1152, mpeg_frames).holds(&[How::Overwritten, How::Zeroed], 2, 2, 1);
}

#[test]
fn mp3_of_a_variable_bit_rate() {
    good("v2.mp3", 1152, mpeg_frames).holds(&[How::Overwritten, How::Zeroed], 2, 2, 1);
}

#[test]
fn flac() {
    for name in ["s16.flac", "s24.flac"] {
        good(name, 0, flac_frames).holds(&[How::Overwritten, How::Zeroed, How::CutOut], 2, 0, 0);
    }
}

#[test]
fn vorbis_in_ogg() {
    good("pages.ogg", 2048, ogg_pages).holds(&[How::Overwritten, How::Zeroed, How::CutOut], 2, 1, 1);
}

#[test]
fn aac_in_adts() {
    // ADTS numbers nothing, so that the lost frames are counted by their bytes: one at a time where neighbours differ by half,
    // several where lengths drift.
    let alone = ["aac-plain-stereo.aac", "aac-plain-mono.aac", "aac-noise-stereo.aac", "aac-noise-mono.aac"];
    for (name, reach) in std::iter::once(("aac.aac", 2)).chain(alone.map(|name| (name, 0))) {
        good(name, 1024, adts_frames).holds(&[How::Overwritten, How::Zeroed], reach, 1, 1);
    }
}

#[test]
fn wav_has_no_way_to_tell_but_everything_else_stays_in_its_place() {
    let bytes = std::fs::read(formats().join("s16.wav")).expect("wav");
    let expected = reference(&formats().join("pcm-s16.f32"), 2);
    let data = bytes.windows(4).position(|four| four == b"data").expect("data") + 8;
    let hit = 9_000..9_500;
    let mut damaged = bytes.clone();
    damaged[data + 4 * hit.start..data + 4 * hit.end].iter_mut().for_each(|byte| *byte ^= 0x5a);
    let mut source = open_bytes(&damaged).expect("wav");
    let planes = read_all(&mut *source).expect("samples");
    assert!(source.drain_damage().is_empty() && !source.truncated());
    for (plane, expected) in planes.iter().zip(&expected) {
        assert_eq!(plane[..hit.start], expected[..hit.start]);
        assert!(plane[hit.clone()].iter().zip(&expected[hit.clone()]).all(|(a, b)| a != b));
        assert_eq!(plane[hit.end..], expected[hit.end..]);
    }
    // Cut off, it keeps what is there and says what is missing.
    let mut source = open_bytes(&bytes[..data + 4 * hit.start + 3]).expect("wav");
    let planes = read_all(&mut *source).expect("samples");
    assert!(source.truncated());
    assert_eq!(source.info().expected_frames, Some(22_050));
    assert_eq!((&planes[0][..], &planes[1][..]), (&expected[0][..hit.start], &expected[1][..hit.start]));
}
