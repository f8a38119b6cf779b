use super::{Encoding, Layout, number};

/// Notes the frames of MPEG audio and ADTS, and an ID3v2 tag in front.
pub(super) fn walk(layout: &mut Layout, bytes: &[u8]) {
    let mut at = 0;
    if bytes.starts_with(b"ID3") && bytes.len() > 20 {
        let size = number(bytes, 6, 4, Encoding::BigEndian);
        let size = (0..4).fold(0, |sum, byte| sum | (size >> (8 * byte) & 0x7f) << (7 * byte)) as usize;
        layout.field(6, 4, Encoding::BigEndian);
        layout.field(14, 4, Encoding::BigEndian);
        at = (10 + size).min(bytes.len());
        layout.push(0..at);
    }
    while at + 8 <= bytes.len() {
        let Some(length) = frame_length(&bytes[at..]) else {
            at += 1;
            continue;
        };
        let end = (at + length).min(bytes.len());
        for offset in 1..7 {
            layout.field(at + offset, 1, Encoding::BigEndian);
        }
        // The first frame may be a tag of counts.
        if let Some(tag) =
            bytes[at..end].windows(4).take(60).position(|four| four == b"Xing" || four == b"Info")
        {
            for offset in [4, 8, 12, 120, 139, 140, 141] {
                layout.field(at + tag + offset, if offset < 20 { 4 } else { 1 }, Encoding::BigEndian);
            }
        }
        if !layout.push(at..end) {
            return;
        }
        at = end;
    }
}

fn frame_length(bytes: &[u8]) -> Option<usize> {
    let four: [u8; 4] = *bytes.first_chunk()?;
    if four[0] != 0xff || four[1] & 0xe0 != 0xe0 {
        return None;
    }
    if four[1] & 0xf6 == 0xf0 {
        let length = usize::from(four[3] & 3) << 11 | usize::from(bytes[4]) << 3 | usize::from(bytes[5] >> 5);
        return (length > 7).then_some(length);
    }
    let version_1 = four[1] & 0x18 == 0x18;
    let rate = [44_100, 48_000, 32_000].get(usize::from(four[2] >> 2 & 3)).copied()?;
    let rate = if version_1 {
        rate
    } else if four[1] & 0x18 == 0x10 {
        rate / 2
    } else {
        rate / 4
    };
    let layer = 4 - usize::from(four[1] >> 1 & 3);
    let table: [usize; 14] = match (version_1, layer) {
        (true, 1) => [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        (true, 2) => [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        (true, _) => [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        (false, 1) => [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        (false, _) => [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    };
    let bits = table.get(usize::from(four[2] >> 4).checked_sub(1)?)? * 1000;
    let padding = usize::from(four[2] >> 1 & 1);
    Some(match layer {
        1 => (12 * bits / rate + padding) * 4,
        3 if !version_1 => 72 * bits / rate + padding,
        _ => 144 * bits / rate + padding,
    })
}
