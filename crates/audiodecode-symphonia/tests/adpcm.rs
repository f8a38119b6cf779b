//! ADPCM in WAV: blocks of one size, so that length and places are arithmetic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use audiodecode_pipeline::ErrorKind;
use support::ranges::{agrees_everywhere, is_the_slice};
use support::{Dice, formats, open_bytes, read, read_all};

const FILES: [&str; 2] = ["ima.wav", "ms.wav"];

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(formats().join(name)).unwrap()
}

fn place(bytes: &[u8], kind: &[u8; 4]) -> usize {
    bytes.windows(4).position(|four| four == kind).unwrap()
}

/// The file with its samples so many times over.
fn long(name: &str, copies: usize) -> Vec<u8> {
    let bytes = bytes(name);
    let data = place(&bytes, b"data");
    let length = u32::from_le_bytes(bytes[data + 4..][..4].try_into().unwrap()) as usize;
    let samples = &bytes[data + 8..][..length];
    let head = [&bytes[..data + 4], &((length * copies) as u32).to_le_bytes()].concat();
    [head, samples.repeat(copies)].concat()
}

#[test]
fn the_length_is_known_before_anything_is_decoded() {
    for name in FILES {
        let mut source = open_bytes(&long(name, 5)).unwrap();
        let (frames, exact) = (source.info().frames, source.info().frames_exact);
        let once = open_bytes(&bytes(name)).unwrap().info().frames.unwrap();
        assert_eq!((frames, exact), (Some(5 * once), true), "{name}");
        assert_eq!(read_all(&mut *source).unwrap()[0].len() as u64, 5 * once, "{name}");
        assert_eq!((source.drain_damage(), source.truncated()), (vec![], false), "{name}");
    }
}

/// A fork refuses what it would have to decode its way to.
#[test]
fn every_place_is_reached_without_decoding_what_lies_before() {
    let mut dice = Dice(0xada_0001);
    for name in FILES {
        let bytes = long(name, 4);
        let whole = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
        let mut fork = open_bytes(&bytes).unwrap().fork().unwrap().expect(name);
        for start in [whole[0].len() - 3000, 40_000, 60_000] {
            fork.seek(start as u64).expect(name);
            is_the_slice(&read(&mut *fork, 2500).unwrap(), &whole, start, name);
        }
        agrees_everywhere(&bytes, &mut dice, 60, name);
    }
}

#[test]
fn a_file_cut_off_keeps_its_whole_blocks_and_is_truncated() {
    for name in FILES {
        let bytes = bytes(name);
        let whole = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
        let align = usize::from(u16::from_le_bytes(bytes[32..34].try_into().unwrap()));
        let cut = &bytes[..place(&bytes, b"data") + 8 + 5 * align + align / 2];
        let mut source = open_bytes(cut).unwrap();
        let frames = source.info().frames.unwrap() as usize;
        let block = open_bytes(&cut[..cut.len() - align / 2 - 4 * align]).unwrap().info().frames.unwrap();
        assert_eq!(frames as u64, 5 * block, "{name}");
        let part = read_all(&mut *source).unwrap();
        assert!(source.truncated(), "{name}");
        assert_eq!(part[0].len(), frames);
        is_the_slice(&part, &whole, 0, name);
    }
}

#[test]
fn a_length_that_is_left_open_goes_to_the_end_of_the_file() {
    for name in FILES {
        let mut bytes = bytes(name);
        let whole = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
        let data = place(&bytes, b"data");
        bytes[data + 4..][..4].fill(0xff);
        let mut source = open_bytes(&bytes).unwrap();
        assert!(read_all(&mut *source).unwrap() == whole, "{name}");
        assert!(!source.truncated(), "{name}");
    }
}

#[test]
fn blocks_that_cannot_be_are_unsupported_and_a_rate_of_nothing_is_corrupt() {
    let changed = |name, at: usize, value: u16| {
        let mut bytes = bytes(name);
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
        open_bytes(&bytes).err().map(|error| error.kind())
    };
    for name in FILES {
        // Channels, bytes of a block, bits.
        for (at, values) in [(22, &[0, 3, 300][..]), (32, &[0, 1, 8]), (34, &[0, 3, 8])] {
            for &value in values {
                let kind = changed(name, at, value);
                assert!(
                    matches!(kind, Some(ErrorKind::Unsupported | ErrorKind::LimitExceeded)),
                    "{name}: {value} at {at}: {kind:?}"
                );
            }
        }
        let mut still = bytes(name);
        still[24..28].fill(0);
        assert_eq!(open_bytes(&still).err().map(|error| error.kind()), Some(ErrorKind::Corrupt));
    }
}
