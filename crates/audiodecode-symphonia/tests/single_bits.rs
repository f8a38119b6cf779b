//! Where a format has checksums, not one flipped bit passes for sound.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the failure message")]

mod support;

use support::{Dice, formats, open_bytes, read_all};

/// Flips bits of the audio one at a time: whatever is not reported as damaged has to be what the clean file gives.
fn every_flipped_bit_is_noticed(name: &str, audio_from: usize) {
    let clean = std::fs::read(formats().join(name)).unwrap();
    let whole = read_all(&mut *open_bytes(&clean).unwrap()).unwrap();
    let mut dice = Dice(0x51ee_b175);
    for _ in 0..60 {
        let mut bytes = clean.clone();
        let at = audio_from + dice.below(clean.len() - audio_from);
        bytes[at] ^= 1 << dice.below(8);
        let mut source = open_bytes(&bytes).unwrap();
        let planes = read_all(&mut *source).unwrap();
        let damage = source.drain_damage();
        assert!(!damage.is_empty() || source.truncated(), "{name}: byte {at}");
        for (plane, whole) in planes.iter().zip(&whole) {
            let differs = plane.iter().zip(whole).enumerate().filter(|(_, (a, b))| a != b);
            let told = |frame: u64| damage.iter().any(|d| (d.start_frame..d.end_frame).contains(&frame));
            let untold = differs.map(|(frame, _)| frame as u64).find(|&frame| !told(frame));
            assert_eq!(untold, None, "{name}: byte {at}, damage {damage:?}");
        }
    }
}

#[test]
fn in_flac() {
    every_flipped_bit_is_noticed("s16.flac", 9000);
}

#[test]
fn in_flac_in_ogg() {
    every_flipped_bit_is_noticed("flac.oga", 9000);
}
