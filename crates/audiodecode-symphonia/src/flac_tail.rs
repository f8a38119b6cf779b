use audiodecode_pipeline::Input;

use crate::bytes::read_up_to;
use crate::flac::FlacHeader;

/// Where the last frame is looked for: frames are at most a few tens of kilobytes, a tag may follow.
const TAIL_BYTES: u64 = 128 << 10;
/// A frame header is at most 16 bytes (RFC 9639, section 9.1).
const MAX_HEADER_BYTES: usize = 16;

/// Whether the file holds a frame that ends exactly where the stream information says the signal ends, so that the promised
/// length can be believed without decoding. One read of at most 128 KiB.
pub(crate) fn ends_as_promised(input: &Input, header: &FlacHeader) -> bool {
    let Some(total) = header.total_frames else { return false };
    let start = input.len().saturating_sub(TAIL_BYTES).max(header.audio_start);
    let tail = read_up_to(input, start, TAIL_BYTES as usize);
    (0..tail.len().saturating_sub(5))
        .rev()
        .any(|at| frame_end(&tail[at..], u64::from(header.block_frames)) == Some(total))
}

/// One past the last sample of the frame whose header begins here (RFC 9639, section 9.1), if one does.
fn frame_end(bytes: &[u8], block_frames: u64) -> Option<u64> {
    let bytes = &bytes[..bytes.len().min(MAX_HEADER_BYTES)];
    if bytes.first() != Some(&0xff) || bytes.get(1)? & 0xfe != 0xf8 {
        return None;
    }
    let variable = bytes[1] & 1 == 1;
    let (size_code, rate_code) = (bytes.get(2)? >> 4, bytes.get(2)? & 0x0f);
    let (number, length) = coded_number(bytes.get(4..)?)?;
    let mut at = 4 + length;
    let frames = match size_code {
        0 => return None,
        1 => 192,
        2..=5 => 144 << size_code,
        6 => u64::from(*bytes.get(at)?) + 1,
        7 => u64::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])) + 1,
        _ => 1 << size_code,
    };
    at += match size_code {
        6 => 1,
        7 => 2,
        _ => 0,
    };
    at += match rate_code {
        12 => 1,
        13 | 14 => 2,
        15 => return None,
        _ => 0,
    };
    if crc8(bytes.get(..at)?) != *bytes.get(at)? {
        return None;
    }
    let start = if variable { number } else { number * block_frames };
    Some(start + frames)
}

/// The frame or sample number and how many bytes it takes: UTF-8's scheme, extended to 36 bits.
fn coded_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = match first.leading_ones() as usize {
        0 => return Some((u64::from(first), 1)),
        length @ 2..=7 => length,
        _ => return None,
    };
    let mut number = u64::from(first) & (0x7f >> length);
    for &byte in bytes.get(1..length)? {
        if byte & 0xc0 != 0x80 {
            return None;
        }
        number = number << 6 | u64::from(byte & 0x3f);
    }
    Some((number, length))
}

/// Polynomial x⁸ + x² + x + 1, starting at 0.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flac::read_flac_header;

    #[test]
    fn frame_headers_of_the_specification_are_read() {
        // RFC 9639, appendix D.1.2 and D.2.7: one frame of 1 sample; frame 1 of 3 samples behind a block of 16.
        let first = [0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf];
        assert_eq!(frame_end(&first, 4096), Some(1));
        let second = [0xff, 0xf8, 0x69, 0x18, 0x01, 0x02, 0xa4];
        assert_eq!(frame_end(&second, 16), Some(19));
        let mut wrong = second;
        wrong[5] = 3;
        assert_eq!(frame_end(&wrong, 16), None);
    }

    #[test]
    fn a_file_that_ends_early_does_not_end_as_promised() {
        for name in ["jfk.flac", "formats/s16.flac", "formats/s24.flac"] {
            let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).unwrap();
            let promised = |bytes: &[u8]| {
                let input = Input::from_bytes(bytes.to_vec());
                ends_as_promised(&input, &read_flac_header(&input, 0).unwrap())
            };
            assert!(promised(&bytes), "{name}");
            assert!(promised(&[bytes.as_slice(), &[0; 128]].concat()), "{name} with a tag behind it");
            assert!(!promised(&bytes[..bytes.len() / 2]), "{name} cut");
            let mut lying = bytes.clone();
            lying[25] ^= 1; // The last byte of the promised length.
            assert!(!promised(&lying), "{name} with another length");
        }
    }
}
