//! Whatever the bytes, the decoder answers, soon, with finite numbers of frames.
#![allow(clippy::panic, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use audiodecode_vorbis::{VorbisDecoder, VorbisSetup};
use support::{Dice, in_repository, packets};

fn files() -> [PathBuf; 3] {
    [
        in_repository("fixtures/formats/vorbis.ogg"),
        in_repository("crates/audiodecode-symphonia/tests/special/chained-mono.ogg"),
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/five-point-one.ogg"),
    ]
}

/// Flips bits, overwrites, cuts off or fills up.
fn damage(bytes: &mut Vec<u8>, from: usize, dice: &mut Dice) {
    for _ in 0..1 + dice.below(4) {
        if bytes.len() <= from {
            return;
        }
        let at = from + dice.below(bytes.len() - from);
        match dice.below(8) {
            0..5 => bytes[at] ^= 1 << dice.below(8),
            5 => bytes[at] = dice.next() as u8,
            6 => bytes.truncate(at),
            _ => bytes[at..].fill(if dice.below(2) == 0 { 0 } else { 0xff }),
        }
    }
}

fn decode_all(setup: VorbisSetup, audio: &[Vec<u8>]) {
    let channels = setup.channels();
    let mut decoder = VorbisDecoder::new(Arc::new(setup));
    for packet in audio {
        let frames = decoder.decode(packet).unwrap_or(0);
        assert!(frames <= 4096);
        let planes = || (0..channels).map(|channel| decoder.plane(channel));
        assert!(planes().all(|plane| plane.len() == frames && plane.iter().all(|sample| sample.is_finite())));
    }
}

#[test]
fn broken_setup_headers_are_understood_or_refused() {
    let mut dice = Dice(0x5e70_0001);
    let (mut understood, began) = (0, Instant::now());
    for path in files() {
        let packets = packets(&path);
        for round in 0..700 {
            let (mut identification, mut setup) = (packets[0].clone(), packets[2].clone());
            if round % 2 == 0 {
                damage(&mut setup, 7, &mut dice);
            } else {
                // Lengths of codewords have to fit each other, so that hardly a change before the last bytes is understood.
                let late = setup.len() / 12;
                let at = setup.len() - 1 - dice.below(late);
                setup[at] ^= 1 << dice.below(8);
            }
            if round % 4 == 0 {
                damage(&mut identification, 11, &mut dice);
            }
            if let Ok(setup) = VorbisSetup::parse(&identification, &setup) {
                understood += 1;
                decode_all(setup, &packets[3..packets.len().min(9)]);
            }
        }
    }
    assert!(understood > 100, "{understood} of 2100 were understood");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn broken_packets_never_stop_the_decoder() {
    let mut dice = Dice(0x5e70_0002);
    for path in files() {
        let packets = packets(&path);
        let setup = Arc::new(VorbisSetup::parse(&packets[0], &packets[2]).expect("headers"));
        let mut decoder = VorbisDecoder::new(Arc::clone(&setup));
        for round in 0..1500 {
            let mut packet = packets[3 + round % (packets.len() - 3)].clone();
            damage(&mut packet, 0, &mut dice);
            let frames = decoder.decode(&packet).unwrap_or(0);
            assert_eq!(decoder.plane(0).len(), frames);
        }
        // What came before is forgotten behind two good packets.
        let mut fresh = VorbisDecoder::new(setup);
        for (index, packet) in packets[3..6].iter().enumerate() {
            assert_eq!((decoder.decode(packet).is_ok(), fresh.decode(packet).is_ok()), (true, true));
            assert!(index == 0 || decoder.plane(0) == fresh.plane(0), "{}", path.display());
        }
    }
}

#[test]
fn a_packet_that_is_cut_off_gives_what_it_has() {
    for path in files() {
        let packets = packets(&path);
        let setup = Arc::new(VorbisSetup::parse(&packets[0], &packets[2]).expect("headers"));
        let [before, packet] = [&packets[5], &packets[6]];
        let decoded = |length: usize| {
            let mut decoder = VorbisDecoder::new(Arc::clone(&setup));
            decoder.decode(before).expect("packet");
            let frames = decoder.decode(&packet[..length]).expect("the packet's first bits");
            (frames, decoder.plane(0).to_vec())
        };
        let (frames, whole) = decoded(packet.len());
        let error = |length: usize| -> f64 {
            let (count, part) = decoded(length);
            assert_eq!(count, frames);
            part.iter().zip(&whole).map(|(a, b)| f64::from(a - b).powi(2)).sum()
        };
        // Coarse passes come first: the more there is of it, the nearer it is to the whole.
        let (least, most) = (error(1), error(packet.len() * 9 / 10));
        assert!(most < least / 2.0 && least > 0.0, "{}: {least} {most}", path.display());
    }
}

#[test]
fn a_packet_that_fails_counts_as_silence() {
    let packets = packets(&files()[0]);
    let setup = Arc::new(VorbisSetup::parse(&packets[0], &packets[2]).expect("headers"));
    let behind = |before: &[u8]| {
        let mut decoder = VorbisDecoder::new(Arc::clone(&setup));
        decoder.decode(before).expect("packet");
        assert!(decoder.decode(&[1]).is_err() && decoder.plane(0).is_empty());
        let frames = decoder.decode(&packets[9]).expect("packet");
        (frames, decoder.plane(0).to_vec(), decoder.plane(1).to_vec())
    };
    // Of what lies before the broken one, no more than its length is left.
    let (of_one, of_another) = (behind(&packets[7]), behind(&packets[8]));
    assert!(of_one.0 > 0 && of_one == of_another);
}

#[test]
fn packets_that_are_no_audio_are_refused() {
    let packets = packets(&files()[0]);
    let setup = VorbisSetup::parse(&packets[0], &packets[2]).expect("headers");
    let mut decoder = VorbisDecoder::new(Arc::new(setup));
    for packet in [&[][..], b"\x03vorbis", b"\x05vorbis", &[1]] {
        assert!(decoder.decode(packet).is_err(), "{packet:?}");
    }
    assert_eq!(decoder.decode(&packets[3]), Ok(0));
}
