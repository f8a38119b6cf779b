use super::{Encoding, Layout};

/// Notes every page: granule position, serial, sequence, count of segments, first lacing values.
pub(super) fn walk(layout: &mut Layout, bytes: &[u8]) {
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + 27) {
        if &header[..4] != b"OggS" {
            // What mutations left between pages is skipped, as readers do.
            match bytes[at + 1..].windows(4).position(|four| four == b"OggS") {
                Some(distance) => at += 1 + distance,
                None => return,
            }
            continue;
        }
        let lacing = at + 27..at + 27 + usize::from(header[26]);
        let Some(values) = bytes.get(lacing.clone()) else { return };
        let end = lacing.end + values.iter().map(|&value| usize::from(value)).sum::<usize>();
        let end = end.min(bytes.len());
        for (offset, width) in [(4, 1), (5, 1), (6, 8), (14, 4), (18, 4), (26, 1), (27, 1), (28, 1)] {
            layout.field(at + offset, width, Encoding::LittleEndian);
        }
        layout.frames.push(at..end);
        if !layout.push(at..end) {
            return;
        }
        at = end;
    }
}
