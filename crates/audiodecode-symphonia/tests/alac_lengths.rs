//! ALAC and PCM whose packets are not as long as their container states: a range is still the slice of the whole.

#![allow(clippy::expect_used)]

mod support;

use support::{formats, open_bytes, read_all};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(formats().join(name)).expect(name)
}

/// Byte behind the name of a box or chunk.
fn body(bytes: &[u8], kind: &[u8; 4]) -> usize {
    bytes.windows(4).position(|four| four == kind).expect("the box") + 4
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
}

/// Reads at places all over the file, in no order, and returns how many frames it has.
fn ranges_are_slices(bytes: &[u8]) -> usize {
    let whole = read_all(&mut *open_bytes(bytes).expect("a source")).expect("samples");
    let length = whole[0].len();
    let mut source = open_bytes(bytes).expect("a source");
    for step in 0..40 {
        let start = step * 7_919 % length;
        source.seek(start as u64).expect("seek");
        let mut part = vec![[0.0; 500]; whole.len()];
        let mut out: Vec<&mut [f32]> = part.iter_mut().map(|plane| &mut plane[..]).collect();
        let count = source.read(&mut out).expect("read");
        assert!(count > 0, "at {start} of {length}");
        for (part, whole) in part.iter().zip(&whole) {
            assert_eq!(part[..count], whole[start..start + count], "at {start} of {length}");
        }
    }
    length
}

#[test]
fn in_caf_that_states_fewer_frames_for_every_packet() {
    let mut bytes = file("alac.caf");
    // Behind the chunk's size: rate, format, flags, bytes per packet, frames per packet.
    let frames_per_packet = body(&bytes, b"desc") + 8 + 8 + 4 + 4 + 4;
    put(&mut bytes, frames_per_packet, 4_000);
    assert_eq!(ranges_are_slices(&bytes), 22_050);
}

#[test]
fn in_mp4_whose_table_of_times_states_fewer_frames_or_changing_ones() {
    for name in ["alac.m4a", "alac-s24.m4a"] {
        let clean = file(name);
        // Version and count of entries, then how many packets and how long each one is.
        let times = body(&clean, b"stts") + 8;
        let mut shorter = clean.clone();
        put(&mut shorter, times + 4, 4_000);
        assert_eq!(ranges_are_slices(&shorter), 22_050, "{name}");
        let mut uneven = clean;
        put(&mut uneven, times, 2);
        ranges_are_slices(&uneven);
    }
}

#[test]
fn in_mp4_with_a_packet_that_is_not_there() {
    let mut bytes = file("alac-s24.m4a");
    // Version, one size for all and count of samples come first.
    let third = body(&bytes, b"stsz") + 12 + 2 * 4;
    put(&mut bytes, third, 0x7fff_ffff);
    ranges_are_slices(&bytes);
}

#[test]
fn in_mp4_without_an_edit_list_the_file_ends_where_its_table_of_times_does() {
    let mut bytes = file("alac-s24.m4a");
    let (times, edit) = (body(&bytes, b"stts") + 8, body(&bytes, b"elst") + 8);
    // The second entry's packet, of 1,570 frames, is to last 70; the edit lasts to the end.
    put(&mut bytes, times + 12, 70);
    put(&mut bytes, edit, 0);
    assert_eq!(open_bytes(&bytes).expect("a source").info().frames, Some(5 * 4096 + 70));
    assert_eq!(ranges_are_slices(&bytes), 5 * 4096 + 70);
}

#[test]
fn in_mov_whose_table_gives_every_frame_of_pcm_more_than_a_frame() {
    let mut bytes = file("pcm.mov");
    let (times, chunk) = (body(&bytes, b"stts") + 8, body(&bytes, b"stco") + 8);
    assert_eq!(bytes[times..times + 8], [0, 0, 0x56, 0x22, 0, 0, 0, 1]);
    put(&mut bytes, times + 4, 127);
    put(&mut bytes, chunk, 0);
    ranges_are_slices(&bytes);
}

#[test]
fn in_mov_whose_samples_of_pcm_are_longer_than_a_frame() {
    let mut bytes = file("pcm.mov");
    let (sizes, chunk) = (body(&bytes, b"stsz") + 4, body(&bytes, b"stco") + 8);
    put(&mut bytes, sizes, 8);
    put(&mut bytes, chunk, 0);
    ranges_are_slices(&bytes);
}
