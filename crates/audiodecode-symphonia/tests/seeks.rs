//! One source, moved about: every read is the slice of the whole, whatever was read before.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is the failure message")]

mod support;

use audiodecode_pipeline::{Input, OpenOptions, PcmSource};
use audiodecode_symphonia::open;
use support::{Dice, fixture_files};

fn read(source: &mut dyn PcmSource, frames: usize) -> Vec<Vec<f32>> {
    let channels = source.info().channels as usize;
    let mut planes = vec![vec![0.0; frames]; channels];
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

fn bits(plane: &[f32]) -> Vec<u32> {
    plane.iter().map(|sample| sample.to_bits()).collect()
}

fn moves_freely(name: &str, bytes: Vec<u8>, dice: &mut Dice) {
    let input = Input::from_bytes(bytes);
    let Ok(mut source) = open(&input, &OpenOptions::default()) else { return };
    let whole = read(&mut *source, 1 << 20);
    let length = whole[0].len();
    let mut moved = open(&input, &OpenOptions::default()).unwrap();
    let mut history = String::new();
    for _ in 0..24 {
        let start = dice.below(length + 10).min(length);
        let frames = 1 + dice.below(6000);
        history += &format!(" {start}+{frames}");
        moved.seek(start as u64).unwrap();
        let part = read(&mut *moved, frames);
        let end = (start + frames).min(length);
        for (part, whole) in part.iter().zip(&whole) {
            let differs = bits(part).iter().zip(bits(&whole[start..end])).position(|(a, b)| *a != b);
            assert_eq!((part.len(), differs), (end - start, None), "{name} after{history}");
        }
    }
}

#[test]
fn in_every_fixture() {
    let mut dice = Dice(0x1234_5678);
    for path in fixture_files() {
        moves_freely(&path.display().to_string(), std::fs::read(&path).unwrap(), &mut dice);
    }
}

#[test]
fn in_damaged_fixtures() {
    let mut dice = Dice(0x0bad_cafe);
    for path in fixture_files() {
        let clean = std::fs::read(&path).unwrap();
        for round in 0..6 {
            let bytes = dice.damage(&clean, round);
            moves_freely(&format!("{} round {round}", path.display()), bytes, &mut dice);
        }
    }
}

/// A fork refuses what it would have to decode its way to.
#[test]
fn far_places_of_packets_in_containers_are_reached_without_decoding_what_lies_before() {
    let folder = support::formats();
    for name in [
        "aac.m4a",
        "alac.m4a",
        "pcm.mov",
        "mp3.mp4",
        "alac.caf",
        "aac.mkv",
        "alac.mka",
        "flac.mka",
        "mp3.mka",
        "pcm.mkv",
        "vorbis.webm",
    ] {
        let input = Input::from_bytes(std::fs::read(folder.join(name)).unwrap());
        let mut source = open(&input, &OpenOptions::default()).unwrap();
        let whole = read(&mut *source, 1 << 20);
        let mut fork = open(&input, &OpenOptions::default()).unwrap().fork().unwrap().expect(name);
        for start in [20_000, 11_000] {
            fork.seek(start as u64).expect(name);
            assert!(read(&mut *fork, 500)[1] == whole[1][start..start + 500], "{name} from {start}");
        }
    }
}
