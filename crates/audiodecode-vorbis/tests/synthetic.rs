//! What no encoder of today makes: headers and packets written bit by bit, against Symphonia.
#![allow(clippy::panic, clippy::expect_used, reason = "a panic is the failure message")]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use audiodecode_vorbis::{HeaderError, VorbisDecoder, VorbisSetup};
use support::{BitWriter, Dice, Ratio, symphonia, symphonia_planes};

fn identification(channels: u8, exponents: u8) -> Vec<u8> {
    let mut packet = b"\x01vorbis\0\0\0\0".to_vec();
    packet.push(channels);
    packet.extend(44_100u32.to_le_bytes());
    packet.extend([0; 12]);
    packet.extend([exponents, 1]);
    packet
}

/// A float as headers pack it (9.2.2), of a whole number times a power of two.
fn float(mantissa: i64, exponent: i64) -> u64 {
    ((mantissa < 0) as u64) << 31 | ((788 + exponent) as u64) << 21 | mantissa.unsigned_abs()
}

fn begin_book(bits: &mut BitWriter, dimensions: u64, entries: u64) {
    bits.put(0x56_4342, 24).put(dimensions, 16).put(entries, 24);
}

/// Four codebooks: numbers of 2 bits, numbers from 0 to 63 by sparse lengths, vectors of two listed dimensions, and a lattice of
/// three dimensions by ordered lengths with each number the difference to the one before.
fn books(bits: &mut BitWriter) {
    bits.put(4 - 1, 8);
    begin_book(bits, 2, 4);
    bits.put(0, 1).put(0, 1);
    bits.put_all([2 - 1; 4], 5);
    bits.put(0, 4);

    begin_book(bits, 1, 64);
    bits.put(0, 1).put(1, 1);
    for entry in 0..64 {
        bits.put(entry & 1, 1);
        if entry & 1 == 1 {
            bits.put(5 - 1, 5);
        }
    }
    bits.put(0, 4);

    begin_book(bits, 2, 8);
    bits.put(0, 1).put(0, 1);
    bits.put_all([1, 3, 3, 4, 4, 4, 5, 5].map(|length| length - 1), 5);
    bits.put(2, 4).put(float(-7, -1), 32).put(float(1, -1), 32).put(4 - 1, 4).put(0, 1);
    bits.put_all((0..16).map(|value| value * 11 % 16), 4);

    begin_book(bits, 3, 27);
    // 5 of 4 bits, 22 of 5 bits: together all codewords.
    bits.put(1, 1).put(4 - 1, 5).put(5, 5).put(22, 5);
    bits.put(1, 4).put(float(1, -1), 32).put(float(1, -3), 32).put(2 - 1, 4).put(1, 1);
    bits.put_all(0..3, 2);
}

/// A floor of type 0 of this order that takes its pairs from the lattice.
fn floor0(bits: &mut BitWriter, order: u64) {
    bits.put(0, 16).put(order, 8).put(44_100, 16).put(64, 16).put(6, 6).put(20, 8).put(0, 4).put(3, 8);
}

/// A floor of type 1 with two partitions, one of which has subclasses, and this multiplier.
fn floor1(bits: &mut BitWriter, multiplier: u64) {
    bits.put(1, 16).put(2, 5).put(0, 4).put(1, 4);
    bits.put(3 - 1, 3).put(1, 2).put(0, 8).put(0, 8).put(1 + 1, 8);
    bits.put(2 - 1, 3).put(0, 2).put(1 + 1, 8);
    bits.put(multiplier - 1, 2).put(7, 4);
    bits.put_all([13, 70, 31, 101, 5], 7);
}

/// A residue of this type with four classes: none, listed vectors, the lattice, and one in each of two passes.
fn residue(bits: &mut BitWriter, kind: u64) {
    bits.put(kind, 16).put(4, 24).put(1000, 24).put(12 - 1, 24).put(4 - 1, 6).put(0, 8);
    // Each before a bit that says that there are no later passes.
    bits.put_all([0b000, 0b001, 0b010, 0b101], 4);
    bits.put_all([2, 3, 2, 3], 8);
}

/// A setup header of one floor and one residue, a mapping of all channels, and a short and a long mode.
fn setup(
    floor: impl Fn(&mut BitWriter),
    kind: u64,
    couplings: &[(u64, u64)],
    channel_bits: usize,
) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.put_all(b"\x05vorbis".map(u64::from), 8);
    books(&mut bits);
    bits.put(0, 6).put(0, 16).put(0, 6);
    floor(&mut bits);
    bits.put(0, 6);
    residue(&mut bits, kind);
    bits.put(0, 6).put(0, 16).put(0, 1).put(u64::from(!couplings.is_empty()), 1);
    if !couplings.is_empty() {
        bits.put(couplings.len() as u64 - 1, 8);
        for &(magnitude, angle) in couplings {
            bits.put(magnitude, channel_bits).put(angle, channel_bits);
        }
    }
    bits.put(0, 2).put(0, 8).put(0, 8).put(0, 8);
    bits.put(2 - 1, 6).put(0, 1 + 16 + 16 + 8).put(1, 1).put(0, 16 + 16 + 8);
    bits.put(1, 1);
    bits.bytes()
}

/// Decodes made-up packets, short and long ones, and holds them against Symphonia's.
fn agrees(
    identification: &[u8],
    setup: &[u8],
    mut packet: impl FnMut(&mut BitWriter, &mut Dice),
    what: &str,
) {
    let mut theirs = symphonia(identification, setup);
    let ours = VorbisSetup::parse(identification, setup).unwrap_or_else(|error| panic!("{what}: {error}"));
    let channels = ours.channels();
    let mut ours = VorbisDecoder::new(Arc::new(ours));
    let (mut dice, mut ratio) = (Dice(0x5e70_0003), Ratio::default());
    for index in 0..200 {
        let mut bits = BitWriter::default();
        let long = dice.next() & 1;
        bits.put(0, 1).put(long, 1).put(3, 2 * long as usize);
        packet(&mut bits, &mut dice);
        // Enough for the floors: Symphonia reads on behind one that is cut off.
        bits.put_all((0..40 + dice.below(90)).map(|_| dice.next()).collect::<Vec<_>>(), 8);
        let expected = symphonia_planes(&mut *theirs, &bits.bytes()).expect(what);
        let frames = ours.decode(&bits.bytes()).expect(what);
        if index > 0 {
            assert_eq!(frames, expected[0].len(), "{what}");
            (0..channels).for_each(|channel| ratio.add(ours.plane(channel), &expected[channel]));
        }
    }
    assert!(ratio.decibels() > 120.0, "{what}: {} dB", ratio.decibels());
}

#[test]
fn line_spectral_pairs_of_even_and_odd_order() {
    // Of more, Symphonia's single precision is too coarse near the poles of the filter.
    for order in 1..=4 {
        for kind in 0..3 {
            let setup = setup(|bits| floor0(bits, order), kind, &[], 0);
            // An amplitude that is not 0, and the only book.
            let packet = |bits: &mut BitWriter, dice: &mut Dice| {
                bits.put(1 + dice.next() % 8, 6).put(0, 1);
            };
            agrees(&identification(1, 0x76), &setup, packet, &format!("order {order}, residue {kind}"));
        }
    }
}

#[test]
fn floors_of_every_multiplier_with_residues_of_every_type() {
    for multiplier in 1..=4 {
        for kind in 0..3 {
            let floor = |bits: &mut BitWriter| floor1(bits, multiplier);
            // Only in a broken packet are heights beyond the range, which 7 bits could state for the third multiplier.
            let packet = |bits: &mut BitWriter, dice: &mut Dice| {
                bits.put(1, 1);
                if multiplier == 3 {
                    bits.put_all([dice.next() % 86, dice.next() % 86], 7);
                }
            };
            for (channels, exponents, couplings, bits) in [
                (1, 0x97, &[][..], 0),
                (2, 0x88, &[(0, 1)], 1),
                (2, 0xa6, &[(1, 0)], 1),
                (5, 0x86, &[(3, 1)], 3),
            ] {
                if multiplier == 3 && channels > 1 {
                    continue;
                }
                let what = format!("{channels} channels, multiplier {multiplier}, residue {kind}");
                agrees(
                    &identification(channels, exponents),
                    &setup(floor, kind, couplings, bits),
                    packet,
                    &what,
                );
            }
        }
    }
}

#[test]
fn two_points_of_a_floor_at_the_same_place_are_refused() {
    for x in [0, 13, 127] {
        let floor = |bits: &mut BitWriter| {
            bits.put(1, 16).put(1, 5).put(0, 4).put(2 - 1, 3).put(0, 2).put(0, 8).put(0, 2).put(7, 4);
            bits.put_all([13, x], 7);
        };
        let made = VorbisSetup::parse(&identification(1, 0x88), &setup(floor, 1, &[], 0)).map(drop);
        let fine = x == 127;
        assert_eq!(made.is_ok(), fine, "{x}: {made:?}");
    }
}

#[test]
fn headers_cannot_ask_for_more_than_they_are_worth() {
    let began = Instant::now();
    let with_books = |count: u64, book: &dyn Fn(&mut BitWriter)| {
        let mut bits = BitWriter::default();
        bits.put_all(b"\x05vorbis".map(u64::from), 8);
        bits.put(count - 1, 8);
        (0..count).for_each(|_| book(&mut bits));
        VorbisSetup::parse(&identification(2, 0xb8), &bits.bytes()).map(drop)
    };
    // 2^17 entries of 17 bits each, in a few bytes; once more than that is the limit.
    let flat = |bits: &mut BitWriter| {
        begin_book(bits, 1, 1 << 17);
        bits.put(1, 1).put(17 - 1, 5).put(1 << 17, 18).put(0, 4);
    };
    assert_eq!(with_books(1, &flat), Err(HeaderError::Truncated), "it is a book that could be");
    assert_eq!(with_books(200, &flat), Err(HeaderError::TooLarge("Vorbis codebooks")));
    let vast = |bits: &mut BitWriter| {
        begin_book(bits, 1, (1 << 24) - 1);
        bits.put(1, 1).put(0, 5);
    };
    assert_eq!(with_books(1, &vast), Err(HeaderError::TooLarge("Vorbis codebooks")));
    let wide = |bits: &mut BitWriter| {
        begin_book(bits, 65_535, 1 << 10);
        bits.put(1, 1).put(10 - 1, 5).put(1 << 10, 11).put(1, 4).put(0, 64).put(0, 4).put(0, 1).put(0, 1);
    };
    assert_eq!(with_books(1, &wide), Err(HeaderError::TooLarge("Vorbis vectors")));
    let listed = |bits: &mut BitWriter| {
        begin_book(bits, 65_535, 1 << 10);
        bits.put(1, 1).put(10 - 1, 5).put(1 << 10, 11).put(2, 4).put(0, 64).put(0, 4).put(0, 1).put(0, 1);
    };
    assert_eq!(with_books(1, &listed), Err(HeaderError::Truncated));
    let said = |bits: &mut BitWriter| {
        begin_book(bits, 1, 1 << 20);
        bits.put(0, 2);
    };
    assert_eq!(with_books(1, &said), Err(HeaderError::Truncated));
    assert!(began.elapsed() < Duration::from_secs(10));
}
