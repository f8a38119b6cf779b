//! MP4 whose tables are long, odd or contradict each other.

#![allow(clippy::expect_used)]

mod support;

use audiodecode_pipeline::ErrorKind;
use support::{formats, open_bytes, read_all, special};

/// The sizes of these boxes include the tables.
const AROUND: [&[u8; 4]; 5] = [b"moov", b"trak", b"mdia", b"minf", b"stbl"];

fn place(bytes: &[u8], kind: &[u8; 4]) -> usize {
    bytes.windows(4).position(|four| four == kind).expect("box")
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("number"))
}

/// The file, whose movie box lies behind the audio, with other entries in a table.
fn with_table(mut bytes: Vec<u8>, kind: &[u8; 4], entries: &[u32], count: usize) -> Vec<u8> {
    assert!(place(&bytes, b"mdat") < place(&bytes, b"moov"));
    let table = place(&bytes, kind);
    let list = [&[count as u32], entries].concat().into_iter().flat_map(u32::to_be_bytes).collect::<Vec<_>>();
    let old = table + 8..table - 4 + number(&bytes, table - 4) as usize;
    let grown = (list.len() as u32).wrapping_sub(old.len() as u32);
    bytes.splice(old, list);
    for kind in AROUND.into_iter().chain([kind]) {
        let at = place(&bytes, kind) - 4;
        let size = number(&bytes, at).wrapping_add(grown);
        bytes[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }
    bytes
}

fn with_times(entries: &[(u32, u32)]) -> Vec<u8> {
    let bytes = std::fs::read(formats().join("aac.m4a")).expect("fixture");
    let list: Vec<_> = entries.iter().flat_map(|&(count, ticks)| [count, ticks]).collect();
    with_table(bytes, b"stts", &list, entries.len())
}

/// The file with a chunk for every packet, which lie where they did.
fn in_single_chunks(name: &str) -> Vec<u8> {
    let bytes = std::fs::read(formats().join(name)).expect("fixture");
    let (sizes, first) = (place(&bytes, b"stsz") + 12, number(&bytes, place(&bytes, b"stco") + 12));
    let count = number(&bytes, sizes) as usize;
    let mut offsets = vec![first];
    for index in 1..count {
        offsets.push(offsets[index - 1] + number(&bytes, sizes + index * 4));
    }
    let bytes = with_table(bytes, b"stsc", &[1, 1, 1], 1);
    with_table(bytes, b"stco", &offsets, count)
}

/// As the encoder wrote it.
fn times() -> Vec<(u32, u32)> {
    let bytes = std::fs::read(formats().join("aac.m4a")).expect("fixture");
    let table = place(&bytes, b"stts") + 8;
    (0..number(&bytes, table) as usize)
        .map(|entry| (number(&bytes, table + 4 + entry * 8), number(&bytes, table + 8 + entry * 8)))
        .collect()
}

#[test]
fn a_table_with_an_entry_for_every_packet_or_with_a_million_empty_ones_changes_nothing() {
    let expected = read_all(&mut *open_bytes(&with_times(&times())).expect("MP4")).expect("samples");
    let single: Vec<_> =
        times().iter().flat_map(|&(count, ticks)| (0..count).map(move |_| (1, ticks))).collect();
    let empty: Vec<_> =
        std::iter::repeat_n((0, 1024), 1_000_000).chain(times()).chain([(0, 7); 1000]).collect();
    for entries in [single, empty] {
        let mut source = open_bytes(&with_times(&entries)).expect("MP4");
        assert!(source.info().frames_exact);
        assert!(read_all(&mut *source).expect("samples") == expected);
    }
}

#[test]
fn tables_that_contradict_each_other_are_not_searched_for_long() {
    let most = |empty: usize| {
        let entries: Vec<_> =
            std::iter::repeat_n((0, 1024), empty).chain(times()).chain([(1, 1024)]).collect();
        open_bytes(&with_times(&entries))
    };
    assert!(most(10).is_ok());
    let error = most(5000).err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains("contradict each other"), "{error}");
}

/// FLAC says how long it is in its own header, too, and how long a packet is in the packet.
#[test]
fn a_table_that_contradicts_flac_itself_is_no_exact_length() {
    let bytes = std::fs::read(special().join("flac.mp4")).expect("fixture");
    let mut source = open_bytes(&bytes).expect("MP4");
    assert_eq!((source.info().frames, source.info().frames_exact), (Some(22_050), true));
    let whole = read_all(&mut *source).expect("samples");
    for entries in [[5, 4096, 1, 1571], [5, 4608, 1, 1570], [5, 100, 1, 100]] {
        let mut source = open_bytes(&with_table(bytes.clone(), b"stts", &entries, 2)).expect("MP4");
        assert!(!source.info().frames_exact, "{entries:?}");
        assert!(read_all(&mut *source).expect("samples") == whole, "{entries:?}");
    }
}

/// What lies behind is not heard by who comes from the beginning either.
#[test]
fn behind_a_packet_beyond_the_file_there_is_nothing_to_jump_to() {
    for name in ["aac.m4a", "alac.m4a"] {
        let intact = std::fs::read(formats().join(name)).expect("fixture");
        let expected = read_all(&mut *open_bytes(&intact).expect(name)).expect(name);
        let mut bytes = in_single_chunks(name);
        assert!(read_all(&mut *open_bytes(&bytes).expect(name)).expect(name) == expected, "{name}");
        let third = place(&bytes, b"stco") + 12 + 2 * 4;
        bytes[third..third + 4].copy_from_slice(&0x00ff_ffff_u32.to_be_bytes());
        let mut source = open_bytes(&bytes).expect(name);
        let whole = read_all(&mut *source).expect(name);
        assert!(source.truncated(), "{name}");
        assert!(whole[0].len() < 22_050 / 2, "{name}: {} frames", whole[0].len());
        for start in [whole[0].len() as u64, 15_000, 21_000] {
            let mut moved = open_bytes(&bytes).expect(name);
            moved.seek(start).expect(name);
            assert!(read_all(&mut *moved).expect(name)[0].is_empty(), "{name} from {start}");
            assert!(moved.truncated(), "{name}");
            moved.seek(700).expect(name);
            let part = read_all(&mut *moved).expect(name);
            assert!(part[1] == whole[1][700..], "{name}");
        }
    }
}

/// A fork refuses what it would have to decode its way to.
#[test]
fn packets_of_aac_are_jumped_to_without_those_before_them() {
    let bytes = std::fs::read(formats().join("aac.m4a")).expect("fixture");
    let whole = read_all(&mut *open_bytes(&bytes).expect("MP4")).expect("samples");
    let mut fork = open_bytes(&bytes).expect("MP4").fork().expect("fork").expect("fork");
    for start in [20_000, 3000, 12_345] {
        fork.seek(start).expect("seek");
        assert!(read_all(&mut *fork).expect("samples")[0] == whole[0][start as usize..], "from {start}");
    }
}
