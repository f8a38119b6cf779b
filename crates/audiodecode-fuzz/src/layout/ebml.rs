use std::ops::Range;

use super::{Encoding, Layout, number};

/// EBML header, Segment, SeekHead, Info, Tracks, TrackEntry, Audio, Cluster, BlockGroup, Cues, CuePoint,
/// CueTrackPositions, Tags: elements that hold elements.
const MASTERS: [u64; 13] = [
    0x1A45_DFA3,
    0x1853_8067,
    0x114D_9B74,
    0x1549_A966,
    0x1654_AE6B,
    0xAE,
    0xE1,
    0x1F43_B675,
    0xA0,
    0x1C53_BB6B,
    0xBB,
    0xB7,
    0x1254_C367,
];

/// Notes every element, its size, and its content when that is a number.
pub(super) fn walk(layout: &mut Layout, bytes: &[u8], range: Range<usize>, depth: usize) {
    let mut at = range.start;
    while at < range.end && depth < 12 {
        let Some(id_width) = width_at(bytes, at).filter(|&width| width <= 4) else { return };
        let Some(size_width) = width_at(bytes, at + id_width) else { return };
        let id = number(bytes, at, id_width, Encoding::BigEndian);
        let all_ones = (1u64 << (7 * size_width)) - 1;
        let size = number(bytes, at + id_width, size_width, Encoding::BigEndian) & all_ones;
        let body = at + id_width + size_width;
        let end = match size {
            // Unknown: to the end of what holds it.
            size if size == all_ones => range.end,
            size => body.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)).min(range.end),
        };
        layout.field(at + id_width, size_width, Encoding::Vint);
        if body > range.end || !layout.push(at..end) {
            return;
        }
        if MASTERS.contains(&id) {
            walk(layout, bytes, body..end, depth + 1);
        } else if (1..=8).contains(&(end - body)) {
            layout.field(body, end - body, Encoding::BigEndian);
        }
        at = end;
    }
}

fn width_at(bytes: &[u8], at: usize) -> Option<usize> {
    let width = bytes.get(at)?.leading_zeros() as usize + 1;
    (width <= 8 && at + width <= bytes.len()).then_some(width)
}
