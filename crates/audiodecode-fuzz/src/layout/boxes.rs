use std::ops::Range;

use super::{Encoding, Layout, number};

/// Boxes that hold boxes, and how many bytes come before those.
fn inside(kind: &[u8]) -> Option<usize> {
    match kind {
        b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"edts" | b"udta" | b"ilst" | b"mvex" | b"moof"
        | b"traf" | b"dinf" | b"wave" | b"----" => Some(0),
        b"meta" => Some(4),
        b"stsd" => Some(8),
        b"mp4a" | b"alac" | b"sowt" | b"twos" => Some(28),
        _ => None,
    }
}

/// Notes every box, its size, and the first numbers in it: versions, counts, times, positions.
pub(super) fn walk(layout: &mut Layout, bytes: &[u8], range: Range<usize>, depth: usize) {
    let mut at = range.start;
    while at + 8 <= range.end && depth < 12 {
        layout.field(at, 4, Encoding::BigEndian);
        let size = match number(bytes, at, 4, Encoding::BigEndian) {
            0 => range.end - at,
            size => usize::try_from(size).unwrap_or(usize::MAX),
        };
        let end = at.saturating_add(size.max(8)).min(range.end);
        let kind = &bytes[at + 4..at + 8];
        if !layout.push(at..end) {
            return;
        }
        if let Some(skip) = inside(kind) {
            walk(layout, bytes, (at + 8 + skip).min(end)..end, depth + 1);
        } else if kind != b"mdat" {
            for field in (at + 8..end.min(at + 72)).step_by(4) {
                layout.field(field, 4, Encoding::BigEndian);
            }
        }
        at = end;
    }
}
