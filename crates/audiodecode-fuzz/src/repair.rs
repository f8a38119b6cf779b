use std::ops::Range;

use crate::layout::{Layout, flac_header_length};

/// Makes the checksums of Ogg pages and FLAC frames fit again, so that what is broken in them reaches the decoder. Other
/// files stay as they are.
pub fn repair(bytes: &mut [u8]) {
    let frames = Layout::of(bytes).frames;
    repair_frames(bytes, &frames);
}

/// The same for frames that were found before they were damaged in place, headers included.
pub(crate) fn repair_frames(bytes: &mut [u8], frames: &[Range<usize>]) {
    for frame in frames {
        let Some(frame) = bytes.get_mut(frame.clone()) else { continue };
        if frame.starts_with(b"OggS") {
            repair_page(frame);
        } else if let Some(header) = flac_header_length(frame) {
            frame[header] = crc8(&frame[..header]);
            if let Some((body, checksum)) = frame.split_last_chunk_mut::<2>() {
                *checksum = crc16(body).to_be_bytes();
            }
        }
    }
}

fn repair_page(page: &mut [u8]) {
    let Some(field) = page.get_mut(22..26) else { return };
    field.fill(0);
    let checksum = crc32(page).to_le_bytes();
    page[22..26].copy_from_slice(&checksum);
}

/// RFC 9639, 9.1.8: x⁸ + x² + x + 1.
pub(crate) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}

/// RFC 9639, 9.3: x¹⁶ + x¹⁵ + x² + 1.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        let crc = crc ^ u16::from(byte) << 8;
        (0..8).fold(crc, |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 })
    })
}

/// RFC 3533, 6: the polynomial 0x04c11db7, neither reflected nor inverted.
fn crc32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |crc, &byte| {
        let crc = crc ^ u32::from(byte) << 24;
        (0..8).fold(crc, |crc, _| if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksums_of_real_files_are_what_a_repair_gives() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/formats");
        for name in ["vorbis.ogg", "opus.opus", "s16.flac", "s24.flac"] {
            let good = std::fs::read(root.join(name)).unwrap();
            let mut bytes = good.clone();
            let frames = Layout::of(&bytes).frames;
            assert!(frames.len() >= 3, "{name}");
            for frame in &frames {
                // The page's checksum; the frame's is its last two bytes.
                let at = if name.ends_with("flac") { frame.end - 1 } else { frame.start + 22 };
                bytes[at] ^= 0x55;
            }
            assert_ne!(bytes, good, "{name}");
            repair_frames(&mut bytes, &frames);
            assert!(bytes == good, "{name}");
        }
    }
}
