/// A frame header is at most 16 bytes (RFC 9639, section 9.1).
pub(crate) const MAX_HEADER_BYTES: usize = 16;

/// What a frame's header says (RFC 9639, section 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FlacFrame {
    /// First sample of the frame.
    pub(crate) start: u64,
    /// Samples of every channel.
    pub(crate) frames: u64,
    /// Bytes of the header, checksum included.
    pub(crate) header_bytes: usize,
}

impl FlacFrame {
    /// The header that begins here, if one does and its checksum agrees. `block_frames` is the length of all blocks but the
    /// last, by which streams of equal blocks count.
    pub(crate) fn parse(bytes: &[u8], block_frames: u64) -> Option<Self> {
        let bytes = &bytes[..bytes.len().min(MAX_HEADER_BYTES)];
        if bytes.first() != Some(&0xff) || bytes.get(1)? & 0xfe != 0xf8 {
            return None;
        }
        let variable = bytes[1] & 1 == 1;
        let (size_code, rate_code) = (bytes.get(2)? >> 4, bytes.get(2)? & 0x0f);
        // Reserved values; a checksum of eight bits alone is little proof.
        if size_code == 0 || rate_code == 15 || *bytes.get(3)? >> 4 > 10 || bytes[3] & 1 == 1 {
            return None;
        }
        let (number, length) = coded_number(bytes.get(4..)?)?;
        let mut at = 4 + length;
        let frames = match size_code {
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
            _ => 0,
        };
        if crc8(bytes.get(..at)?) != *bytes.get(at)? {
            return None;
        }
        // Longer than its fellows it would overlap the next one, and what is heard there would depend on where reading began.
        if !variable && frames > block_frames {
            return None;
        }
        let start = if variable { number } else { number * block_frames };
        Some(Self { start, frames, header_bytes: at + 1 })
    }

    /// One past the last sample.
    pub(crate) fn end(self) -> u64 {
        self.start + self.frames
    }
}

/// Channels that the header of a frame states.
pub(crate) fn channels_of(frame: &[u8]) -> Option<usize> {
    let assignment = usize::from(*frame.get(3)? >> 4);
    // Behind eight independent channels come three ways to code two that depend on each other.
    Some(if assignment < 8 { assignment + 1 } else { 2 })
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
pub(crate) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}

/// Continues the checksum of whole frames: polynomial x¹⁶ + x¹⁵ + x² + 1, starting at 0. Over a frame with its footer it is 0.
pub(crate) fn crc16(mut crc: u16, bytes: &[u8]) -> u16 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let [a, b, c, d, e, f, g, h] = *chunk;
        let [high, low] = crc.to_be_bytes();
        crc = CRC16[7][usize::from(a ^ high)]
            ^ CRC16[6][usize::from(b ^ low)]
            ^ CRC16[5][usize::from(c)]
            ^ CRC16[4][usize::from(d)]
            ^ CRC16[3][usize::from(e)]
            ^ CRC16[2][usize::from(f)]
            ^ CRC16[1][usize::from(g)]
            ^ CRC16[0][usize::from(h)];
    }
    rest.iter().fold(crc, |crc, &byte| crc << 8 ^ CRC16[0][usize::from((crc >> 8) as u8 ^ byte)])
}

/// `CRC16[n][byte]`: the checksum of a byte with n zero bytes behind it, so that eight bytes are looked up at once.
static CRC16: [[u16; 256]; 8] = {
    let mut tables = [[0u16; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before << 8 ^ tables[0][(before >> 8) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_headers_of_the_specification_are_read() {
        // RFC 9639, appendix D.1.2 and D.2.7: one frame of 1 sample; frame 1 of 3 samples behind a block of 16.
        let first = [0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf];
        assert_eq!(FlacFrame::parse(&first, 4096), Some(FlacFrame { start: 0, frames: 1, header_bytes: 7 }));
        let second = [0xff, 0xf8, 0x69, 0x18, 0x01, 0x02, 0xa4];
        assert_eq!(FlacFrame::parse(&second, 16).map(FlacFrame::end), Some(19));
        let mut wrong = second;
        wrong[5] = 3;
        assert_eq!(FlacFrame::parse(&wrong, 16), None);
        // Three samples do not fit into blocks of two.
        assert_eq!(FlacFrame::parse(&second, 2), None);
    }

    #[test]
    fn the_checksum_of_the_specification_s_frame_is_zero_with_its_footer() {
        // RFC 9639, appendix D.1.2: the only frame of the first example.
        let frame =
            [0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf, 0x03, 0x58, 0xfd, 0x03, 0x12, 0x8b, 0xaa, 0x9a];
        assert_eq!(crc16(0, &frame), 0);
        assert_eq!(crc16(crc16(0, &frame[..3]), &frame[3..]), 0);
        assert_ne!(crc16(0, &frame[..14]), 0);
    }
}
