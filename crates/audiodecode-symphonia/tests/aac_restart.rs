//! Parts of AAC files are the slices of the whole, bit for bit, whether packets use noise or not.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_pipeline::Damage;
use audiodecode_pipeline::PcmSource;
use support::{Dice, Planes, open_bytes, read, read_all, special};

const KINDS: [&str; 4] = [".aac", ".m4a", ".mkv", "-fragmented.mp4"];

fn files() -> impl Iterator<Item = String> {
    let stems = ["noise-stereo", "noise-mono", "plain-stereo", "plain-mono"];
    let two = stems.into_iter().flat_map(|stem| KINDS.map(|kind| format!("aac-{stem}{kind}")));
    two.chain([".aac", ".m4a", ".mkv"].map(|kind| format!("aac-5.1{kind}")))
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(special().join(name)).expect(name)
}

fn bits(planes: &Planes) -> Vec<Vec<u32>> {
    planes.iter().map(|plane| plane.iter().map(|sample| sample.to_bits()).collect()).collect()
}

/// Seeks, reads and compares with the whole.
fn is_slice(source: &mut dyn PcmSource, whole: &[Vec<u32>], start: usize, frames: usize, context: &str) {
    source.seek(start as u64).expect("seek");
    let part = bits(&read(source, frames).expect("part"));
    let end = (start + frames).min(whole[0].len());
    for (part, whole) in part.iter().zip(whole) {
        let start = start.min(end);
        assert_eq!(part.len(), end - start, "{context}: length");
        let differs = part.iter().zip(&whole[start..end]).position(|(a, b)| a != b);
        assert_eq!(differs, None, "{context}: first differing frame of {start}..{end}");
    }
}

#[test]
fn a_fresh_source_gives_the_same_from_every_packet_on() {
    for name in files() {
        let bytes = bytes(&name);
        let whole = bits(&read_all(&mut *open_bytes(&bytes).expect(&name)).expect(&name));
        for start in (0..whole[0].len())
            .step_by(1024)
            .flat_map(|border| [border.saturating_sub(1), border, border + 500])
        {
            let mut source = open_bytes(&bytes).expect(&name);
            is_slice(&mut *source, &whole, start, 2500, &name);
        }
    }
}

#[test]
fn one_source_may_be_moved_about_and_read_over_the_edges_of_noise() {
    let mut dice = Dice(0x2468_ace1);
    for name in files() {
        let bytes = bytes(&name);
        let mut source = open_bytes(&bytes).expect(&name);
        let whole = bits(&read_all(&mut *source).expect(&name));
        let length = whole[0].len();
        for _ in 0..40 {
            let (start, frames) = (dice.below(length + 3000), 1 + dice.below(length / 2));
            is_slice(&mut *source, &whole, start.min(length), frames, &name);
        }
    }
}

/// Damage in a range. How far before it a lost stretch began is nobody's, and nor is the packet there.
fn within(damage: &[Damage], start: u64) -> Vec<Damage> {
    let inside = damage.iter().filter(|damage| damage.end_frame > start).cloned();
    let cut = inside.map(|damage| match damage.start_frame < start {
        true => Damage { start_frame: start, byte_offset: None, ..damage },
        false => damage,
    });
    cut.collect()
}

#[test]
fn damaged_files_give_the_same_from_anywhere_and_the_same_damage() {
    let mut dice = Dice(0x1357_9bdf);
    for name in files() {
        let clean = bytes(&name);
        for round in 0..20 {
            let mut damaged = dice.damage(&clean, round);
            if round % 4 == 3 {
                damaged = dice.damage(&damaged, 0);
            }
            let Ok(mut source) = open_bytes(&damaged) else { continue };
            let whole = bits(&read_all(&mut *source).expect(&name));
            let length = whole[0].len();
            let (reported, truncated) = (source.drain_damage(), source.truncated());
            for _ in 0..6 {
                let start = dice.below(length.max(1));
                let context = format!("{name} round {round} at {start}");
                let mut fresh = open_bytes(&damaged).expect(&name);
                is_slice(&mut *fresh, &whole, start, length, &context);
                let told = fresh.drain_damage();
                assert_eq!(within(&told, start as u64), within(&reported, start as u64), "{context}");
                assert_eq!(fresh.truncated(), truncated, "{context}");
                is_slice(&mut *source, &whole, start, 1 + dice.below(9000), &context);
            }
        }
    }
}

#[test]
fn files_can_be_divided_among_threads_whether_they_use_noise_or_not() {
    for name in files() {
        assert!(open_bytes(&bytes(&name)).expect(&name).fork().expect(&name).is_some(), "{name}");
    }
}
