//! Ranges of MP4 whose packets lie in movie fragments, or say themselves how long they are: the slice of the whole, bit for bit, and
//! no packet before them is decoded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use support::ranges::{agrees_everywhere, is_the_slice};
use support::{Dice, Planes, difference, formats, open_bytes, read, read_all, reference, special};

/// Of the lossless fixture, and of what FFmpeg's AAC and lame's MP3 make of it; those named so in fragments of 0.1 s.
const FILES: [&str; 9] = [
    "frag-aac.mp4",
    "frag-aac-offsets.mp4",
    "frag-alac.mp4",
    "frag-flac.mp4",
    "frag-mp3.mp4",
    "frag-pcm.mov",
    "frag-ulaw.mov",
    "alaw.mov",
    "flac.mp4",
];

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(special().join(name)).unwrap()
}

fn whole(name: &str) -> Planes {
    let mut source = open_bytes(&bytes(name)).expect(name);
    let whole = read_all(&mut *source).unwrap();
    assert_eq!((source.drain_damage(), source.truncated()), (vec![], false), "{name}");
    whole
}

#[test]
fn the_samples_are_those_of_the_same_packets_elsewhere() {
    let lossless = reference(&formats().join("pcm-s16.f32"), 2);
    for name in ["frag-alac.mp4", "frag-flac.mp4", "frag-pcm.mov", "flac.mp4"] {
        assert!(whole(name) == lossless, "{name}");
    }
    for (name, same) in [("alaw.mov", "alaw.wav"), ("frag-ulaw.mov", "ulaw.wav")] {
        assert!(whole(name) == reference(&formats().join(format!("{same}.f32")), 2), "{name}");
    }
    // By FFmpeg.
    let lossy = [
        ("frag-mp3.mp4", "libmp3lame.mp3.f32"),
        ("frag-aac.mp4", "aac.m4a.f32"),
        ("frag-aac-offsets.mp4", "aac.m4a.f32"),
    ];
    for (name, told) in lossy {
        let (ours, theirs) = (whole(name), reference(&formats().join(told), 2));
        let frames = ours[0].len().min(theirs[0].len());
        // What fragments say of the length is where the last packet ends.
        assert!(ours[0].len() - frames < 1152 && theirs[0].len() == frames, "{name}: {}", ours[0].len());
        let cut = |planes: &Planes| planes.iter().map(|plane| plane[..frames].to_vec()).collect();
        let worst = difference(&cut(&ours), &cut(&theirs));
        assert!(worst <= 2e-5, "{name}: {worst}");
    }
}

/// A fork refuses what it would have to decode its way to.
#[test]
fn a_place_far_from_the_beginning_is_reached_without_decoding_what_lies_before() {
    for name in FILES {
        let bytes = bytes(name);
        let whole = whole(name);
        let mut fork = open_bytes(&bytes).unwrap().fork().unwrap().expect(name);
        for start in [whole[0].len() - 3000, 12_345, 21_000, 9000] {
            fork.seek(start as u64).expect(name);
            is_the_slice(&read(&mut *fork, 2500).unwrap(), &whole, start, name);
        }
    }
}

#[test]
fn in_files_as_they_are() {
    let mut dice = Dice(0x4d5_0001);
    for name in FILES {
        agrees_everywhere(&bytes(name), &mut dice, 60, name);
    }
}

#[test]
fn in_files_whose_packets_are_damaged() {
    let mut dice = Dice(0x4d5_0002);
    for name in FILES {
        let clean = bytes(name);
        for round in 0..16 {
            let mut broken = clean.clone();
            for _ in 0..1 + round % 3 {
                let at = 2000 + dice.below(broken.len() - 2000);
                let end = (at + 1 + dice.below(if round % 2 == 0 { 4 } else { 600 })).min(broken.len());
                broken[at..end].iter_mut().for_each(|byte| *byte ^= dice.below(256) as u8);
            }
            // Boxes that are damaged may be refused.
            if open_bytes(&broken).is_ok() {
                agrees_everywhere(&broken, &mut dice, 8, &format!("{name}, round {round}"));
            }
        }
    }
}

#[test]
fn in_files_that_end_early_or_have_lost_bytes() {
    let mut dice = Dice(0x4d5_0003);
    for name in FILES {
        let clean = bytes(name);
        let full = whole(name)[0].len();
        for round in 0..16 {
            let mut broken = clean.clone();
            let at = 2000 + dice.below(broken.len() - 2000);
            if round % 2 == 0 {
                broken.truncate(at);
            } else {
                broken.drain(at..(at + 1 + dice.below(3000)).min(clean.len()));
            }
            // Cut files whose tables lie behind the audio are refused.
            if open_bytes(&broken).is_ok() {
                agrees_everywhere(&broken, &mut dice, 8, &format!("{name}, round {round}"));
            }
        }
        // In the middle of the last fragment's audio: all before it is there, and the rest is missed.
        if name.starts_with("frag-") {
            let last = clean.windows(4).rposition(|four| four == b"mdat").unwrap();
            let cut = &clean[..last + 200];
            let mut source = open_bytes(cut).expect(name);
            let there = read_all(&mut *source).expect(name)[0].len();
            assert!(source.truncated(), "{name}");
            assert!(there < full && there > full / 2, "{name}: {there} of {full}");
        }
    }
}
