//! Ranges of Matroska files are the slice of the whole, bit for bit, and no packet before them is decoded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use support::matroska::{BLOCK_HEAD, Block, parse, write};
use support::ranges::{agrees_everywhere, is_the_slice};
use support::{Dice, formats, open_bytes, read, read_all};

const FIXTURES: [&str; 6] = ["vorbis.webm", "flac.mka", "aac.mkv", "alac.mka", "pcm.mkv", "mp3.mka"];

/// A fixture's header, and its blocks several times over.
fn long(name: &str, copies: usize) -> (Vec<u8>, Vec<Block>) {
    let found = parse(&std::fs::read(formats().join(name)).unwrap());
    assert!(found.blocks.len() > 4, "{name}");
    (found.head, (0..copies).flat_map(|_| found.blocks.clone()).collect())
}

#[test]
fn in_files_as_they_are() {
    let mut dice = Dice(0x3a7_0001);
    for name in FIXTURES {
        let (head, blocks) = long(name, 4);
        agrees_everywhere(&write(&head, &blocks), &mut dice, 40, name);
        let mut source = open_bytes(&write(&head, &blocks)).unwrap();
        read_all(&mut *source).unwrap();
        assert_eq!(source.drain_damage(), [], "{name}");
    }
}

/// A fork refuses what it would have to decode its way to.
#[test]
fn a_place_far_from_the_beginning_is_reached_without_decoding_what_lies_before() {
    for name in FIXTURES {
        let (head, blocks) = long(name, 4);
        let bytes = write(&head, &blocks);
        let mut source = open_bytes(&bytes).unwrap();
        let whole = read_all(&mut *source).unwrap();
        let mut fork = open_bytes(&bytes).unwrap().fork().unwrap().expect(name);
        for start in [whole[0].len() - 5000, 30_000] {
            fork.seek(start as u64).expect(name);
            is_the_slice(&read(&mut *fork, 4000).unwrap(), &whole, start, name);
        }
    }
}

#[test]
fn in_files_with_packets_that_cannot_be_decoded_or_are_no_audio() {
    let mut dice = Dice(0x3a7_0002);
    for name in FIXTURES {
        let (head, clean) = long(name, 3);
        for round in 0..12 {
            let mut blocks = clean.clone();
            for _ in 0..3 {
                let at = dice.below(blocks.len());
                let data = &mut blocks[at].body[BLOCK_HEAD..];
                let length = data.len();
                match round % 4 {
                    // The bits by which a packet says what it is.
                    0 => data[0] ^= 1 << dice.below(8),
                    1 => data[2] ^= 1 << dice.below(8),
                    2 => data[length / 2..].iter_mut().for_each(|byte| *byte ^= dice.below(256) as u8),
                    _ => blocks[at].body.truncate(BLOCK_HEAD + dice.below(3)),
                }
            }
            agrees_everywhere(&write(&head, &blocks), &mut dice, 8, &format!("{name}, round {round}"));
        }
    }
}

#[test]
fn in_files_that_have_lost_blocks_or_bytes() {
    let mut dice = Dice(0x3a7_0003);
    for name in FIXTURES {
        let (head, clean) = long(name, 3);
        for round in 0..8 {
            let mut blocks = clean.clone();
            blocks.remove(dice.below(blocks.len()));
            let mut bytes = write(&head, &blocks);
            let at = head.len() + 30 + dice.below(bytes.len() - head.len() - 30);
            if round % 2 == 0 {
                bytes.drain(at..(at + 1 + dice.below(3000)).min(bytes.len()));
            } else {
                bytes[at] ^= 1 << dice.below(8);
            }
            agrees_everywhere(&bytes, &mut dice, 8, &format!("{name}, round {round}"));
        }
    }
}

/// Of Vorbis, the block behind garbage has nothing to overlap with: what it would give with the block before is not heard.
#[test]
fn behind_garbage_between_clusters_decoding_begins_afresh() {
    let mut dice = Dice(0x3a7_0005);
    for (name, unheard) in [("vorbis.webm", 1024), ("flac.mka", 0)] {
        let (head, blocks) = long(name, 2);
        let (first, second) = blocks.split_at(blocks.len() / 4 / 8 * 8 + 8);
        let garbage = [&[0; 37][..], &write(&[], second)].concat();
        let bytes = [write(&head, first), garbage].concat();
        let plain = read_all(&mut *open_bytes(&write(&head, &blocks)).unwrap()).unwrap();
        let mut source = open_bytes(&bytes).unwrap();
        let whole = read_all(&mut *source).unwrap();
        assert_eq!((source.drain_damage(), whole[0].len()), (vec![], plain[0].len() - unheard), "{name}");
        agrees_everywhere(&bytes, &mut dice, 24, name);
    }
}

/// How much silence stands for a block without a header depends on the last one that was whole.
#[test]
fn behind_blocks_that_fail_a_block_of_unknown_length_is_as_long_as_in_the_whole() {
    let (head, mut blocks) = long("flac.mka", 2);
    for block in &mut blocks[2..4] {
        block.body.truncate(block.body.len() / 2);
    }
    blocks[4].body[BLOCK_HEAD] ^= 1;
    let bytes = write(&head, &blocks);
    let mut dice = Dice(0x3a7_0006);
    agrees_everywhere(&bytes, &mut dice, 12, "flac.mka");
    let whole = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
    // Inside the fourth block, with the third as the one before it.
    let mut source = open_bytes(&bytes).unwrap();
    source.seek(3 * 4096 + 100).unwrap();
    is_the_slice(&read_all(&mut *source).unwrap(), &whole, 3 * 4096 + 100, "from the fourth block");
}

/// As where files were put together without decoding them.
#[test]
fn behind_ends_that_are_cut_in_the_middle_of_a_file() {
    let mut dice = Dice(0x3a7_0004);
    for name in FIXTURES {
        let (head, mut blocks) = long(name, 4);
        let count = blocks.len();
        let plain = read_all(&mut *open_bytes(&write(&head, &blocks)).unwrap()).unwrap();
        // 5 ms, and a packet as a whole.
        blocks[count / 4].discard = 5_000_000;
        blocks[count / 3].discard = 900_000_000;
        // Of blocks of every length: 5 ms are more than a short one of Vorbis.
        for at in [count / 2, count * 5 / 8, count * 5 / 8 + 1, count * 7 / 8] {
            blocks[at].discard = 5_000_000;
        }
        let bytes = write(&head, &blocks);
        let cut = read_all(&mut *open_bytes(&bytes).unwrap()).unwrap();
        assert!(
            cut[0].len() + 220 < plain[0].len(),
            "{name}: {} frames are cut",
            plain[0].len() - cut[0].len()
        );
        // Jumps back from every place, so that blocks with a cut are landed on, too.
        let mut moved = open_bytes(&bytes).unwrap();
        for start in (0..cut[0].len()).rev().step_by(509) {
            moved.seek(start as u64).unwrap();
            is_the_slice(&read(&mut *moved, 1500).unwrap(), &cut, start, name);
        }
        agrees_everywhere(&bytes, &mut dice, 24, name);
    }
}
