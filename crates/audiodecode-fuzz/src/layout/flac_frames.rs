use super::{Encoding, Layout, number};
use crate::repair::crc8;

/// Notes every metadata block, the fields of the stream information, and every frame whose header's checksum fits.
pub(super) fn walk(layout: &mut Layout, bytes: &[u8]) {
    let mut at = 4;
    let mut last = false;
    while !last && at + 4 <= bytes.len() {
        last = bytes[at] & 0x80 != 0;
        layout.field(at + 1, 3, Encoding::BigEndian);
        let length = number(bytes, at + 1, 3, Encoding::BigEndian) as usize;
        let end = (at + 4 + length).min(bytes.len());
        for field in (at + 4..end.min(at + 40)).step_by(2) {
            layout.field(field, 2, Encoding::BigEndian);
        }
        if !layout.push(at..end) {
            return;
        }
        at = end;
    }
    let starts: Vec<usize> = (at..bytes.len()).filter(|&at| is_frame(&bytes[at..])).collect();
    // The blocking strategy says what is counted, so it has to stay the same as well.
    let order = |at: usize| (bytes[at + 1], number_of(&bytes[at + 4..]));
    layout.out_of_order = starts
        .windows(2)
        .any(|pair| order(pair[0]).0 != order(pair[1]).0 || order(pair[0]).1 >= order(pair[1]).1);
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(bytes.len());
        layout.field(start + 2, 1, Encoding::BigEndian);
        layout.field(start + 3, 1, Encoding::BigEndian);
        layout.field(start + 4, 1, Encoding::BigEndian);
        layout.frames.push(start..end);
        if !layout.push(start..end) {
            return;
        }
    }
}

fn is_frame(bytes: &[u8]) -> bool {
    header_length(bytes).is_some_and(|length| bytes.get(length).copied() == Some(crc8(&bytes[..length])))
}

/// Bytes of a frame header in front of its checksum (RFC 9639, section 9.1).
pub(crate) fn header_length(bytes: &[u8]) -> Option<usize> {
    if bytes.first() != Some(&0xff) || bytes.get(1)? & 0xfc != 0xf8 {
        return None;
    }
    let number = match bytes.get(4)?.leading_ones() as usize {
        0 => 1,
        length @ 2..=7 => length,
        _ => return None,
    };
    let size = match bytes[2] >> 4 {
        0 => return None,
        6 => 1,
        7 => 2,
        _ => 0,
    };
    let rate = match bytes[2] & 15 {
        12 => 1,
        13 | 14 => 2,
        15 => return None,
        _ => 0,
    };
    let length = 4 + number + size + rate;
    (length < bytes.len()).then_some(length)
}

/// The frame or sample number, in UTF-8's scheme.
fn number_of(bytes: &[u8]) -> u64 {
    let length = bytes.first().map_or(0, |first| first.leading_ones() as usize);
    let first = bytes.first().map_or(0, |&first| u64::from(first) & (0xff >> (length + 1).min(8)));
    bytes.iter().take(length).skip(1).fold(first, |number, &byte| number << 6 | u64::from(byte & 0x3f))
}
