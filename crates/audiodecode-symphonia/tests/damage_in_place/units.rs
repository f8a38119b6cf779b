//! Where the frames and pages of a good file lie, in bytes and in frames of its signal, from their headers alone.

use std::ops::Range;

/// One frame or page.
pub(crate) struct Unit {
    pub(crate) bytes: Range<usize>,
    /// Frames of the signal, those outside of it left out.
    pub(crate) frames: Range<usize>,
}

/// MPEG-1 layer III (ISO/IEC 11172-3, 2.4.1.3) behind LAME's tag, whose delay of 576 frames, and 529 of the decoder,
/// come before the signal.
pub(crate) fn mpeg_frames(bytes: &[u8]) -> Vec<Unit> {
    const KBITS: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    let mut units = Vec::new();
    let mut at =
        (0..bytes.len()).find(|&at| bytes[at] == 0xff && bytes[at + 1] & 0xfe == 0xfa).expect("a frame");
    let tag = bytes[at..at + 200].windows(4).any(|four| four == b"Xing" || four == b"Info");
    assert!(tag, "the first frame is the tag");
    let delay = {
        let lame =
            at + bytes[at..].windows(4).position(|four| four == b"LAME" || four == b"Lavc").expect("LAME");
        usize::from(bytes[lame + 21]) << 4 | usize::from(bytes[lame + 22] >> 4)
    };
    let (delay, mut number) = (delay + 529, 0_usize);
    while at + 4 <= bytes.len() && bytes[at] == 0xff && bytes[at + 1] & 0xfe == 0xfa {
        let rate = [44_100, 48_000, 32_000][usize::from(bytes[at + 2] >> 2 & 3)];
        let length =
            144_000 * KBITS[usize::from(bytes[at + 2] >> 4)] / rate + usize::from(bytes[at + 2] >> 1 & 1);
        if number > 0 {
            let start = (number - 1) * 1152;
            let frames = start.saturating_sub(delay)..(start + 1152).saturating_sub(delay);
            units.push(Unit { bytes: at..at + length, frames });
        }
        number += 1;
        at += length;
    }
    units
}

/// ADTS (ISO/IEC 14496-3, 1.A.2.2): 13 bits of length.
pub(crate) fn adts_frames(bytes: &[u8]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut at = 0;
    while at + 7 <= bytes.len() && bytes[at] == 0xff {
        let length = usize::from(bytes[at + 3] & 3) << 11
            | usize::from(bytes[at + 4]) << 3
            | usize::from(bytes[at + 5] >> 5);
        let start = units.len() * 1024;
        units.push(Unit { bytes: at..at + length, frames: start..start + 1024 });
        at += length;
    }
    units
}

/// FLAC with blocks of one size, fewer than 128 (RFC 9639, 9.1): each header has the next number in its fifth byte.
pub(crate) fn flac_frames(bytes: &[u8]) -> Vec<Unit> {
    let block = usize::from(u16::from_be_bytes([bytes[8], bytes[9]]));
    let total = u32::from_be_bytes([bytes[22], bytes[23], bytes[24], bytes[25]]) as usize;
    let mut starts: Vec<usize> = Vec::new();
    let begins =
        |at: usize, number: usize| bytes[at..at + 2] == [0xff, 0xf8] && usize::from(bytes[at + 4]) == number;
    // Behind the metadata blocks.
    let mut at = 4;
    loop {
        let last = bytes[at] & 0x80 != 0;
        at += 4 + u32::from_be_bytes([0, bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
        if last {
            break;
        }
    }
    while let Some(found) = (at..bytes.len() - 5).find(|&at| begins(at, starts.len())) {
        starts.push(found);
        at = found + 1;
    }
    assert_eq!(starts.len(), total.div_ceil(block));
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let units = starts.iter().zip(ends).enumerate();
    units
        .map(|(number, (&start, end))| Unit {
            bytes: start..end,
            frames: number * block..((number + 1) * block).min(total),
        })
        .collect()
}

/// Ogg (RFC 3533, 6): a page ends where its granule position says, and begins where the one before it ends.
pub(crate) fn ogg_pages(bytes: &[u8]) -> Vec<Unit> {
    let mut units = Vec::new();
    let (mut at, mut before) = (0, 0);
    while at + 27 <= bytes.len() {
        let granule = u64::from_le_bytes(bytes[at + 6..at + 14].try_into().expect("8 bytes")) as usize;
        let segments = usize::from(bytes[at + 26]);
        let body: usize = bytes[at + 27..at + 27 + segments].iter().map(|&length| usize::from(length)).sum();
        let length = 27 + segments + body;
        if granule > 0 {
            units.push(Unit { bytes: at..at + length, frames: before..granule });
            before = granule;
        }
        at += length;
    }
    units
}
