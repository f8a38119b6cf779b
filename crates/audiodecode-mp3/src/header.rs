//! The four bytes that begin every frame of MPEG audio (ISO/IEC 11172-3 §2.4.1.3, 13818-3 §2.4.1.3).

/// Kilobits per second by bit rate index: MPEG-1 layers I, II, III, then MPEG-2/2.5 layer I, layers II and III.
const BIT_RATES: [[u16; 15]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// A frame header that is valid in itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header(u32);

impl Header {
    /// The header in these bytes; `None` for anything with a reserved value. MPEG-2.5 exists for layer III alone.
    #[inline]
    pub fn parse(bytes: [u8; 4]) -> Option<Self> {
        if bytes[0] != 0xFF || bytes[1] < 0xE0 {
            return None;
        }
        let header = Self(u32::from_be_bytes(bytes));
        let version_is_known = bytes[1] & 0xF0 == 0xF0 || bytes[1] & 0xFE == 0xE2;
        let reserved = bytes[1] & 0x06 == 0 || bytes[2] & 0xF0 == 0xF0 || bytes[2] & 0x0C == 0x0C;
        (version_is_known && !reserved).then_some(header)
    }

    /// Whether both have the version, layer, rate and kind of bit rate that cannot change within a stream.
    pub fn same_stream(self, other: Self) -> bool {
        (self.0 ^ other.0) & 0x00FE_0C00 == 0 && self.is_free_format() == other.is_free_format()
    }

    /// Bytes of the frame, header included. `free_length` is that of an unpadded frame of a free-format stream.
    #[inline]
    pub fn frame_length(self, free_length: u32) -> u32 {
        let padding = if self.0 & 0x200 == 0 {
            0
        } else if self.layer() == 1 {
            4
        } else {
            1
        };
        if self.is_free_format() {
            return free_length + padding;
        }
        let length = self.samples() * self.kilobits_per_second() * 125 / self.sample_rate();
        // Layer I counts in slots of four bytes.
        (if self.layer() == 1 { length & !3 } else { length }) + padding
    }

    /// Whether the bit rate is not stated and the frame length must be found from the next header.
    pub fn is_free_format(self) -> bool {
        self.0 & 0xF000 == 0
    }

    /// 1, 2 or 3.
    pub fn layer(self) -> u32 {
        4 - (self.0 >> 17 & 3)
    }

    pub(crate) fn is_mpeg1(self) -> bool {
        self.0 & 0x8_0000 != 0
    }

    fn is_mpeg25(self) -> bool {
        self.0 & 0x10_0000 == 0
    }

    fn kilobits_per_second(self) -> u32 {
        let row = match (self.is_mpeg1(), self.layer()) {
            (true, layer) => layer as usize - 1,
            (false, 1) => 3,
            (false, _) => 4,
        };
        BIT_RATES[row].get((self.0 >> 12 & 15) as usize).map_or(0, |&rate| u32::from(rate))
    }

    /// Frames per second of the decoded signal.
    pub fn sample_rate(self) -> u32 {
        let mpeg1 = match self.0 >> 10 & 3 {
            0 => 44_100,
            1 => 48_000,
            _ => 32_000,
        };
        mpeg1 >> u32::from(!self.is_mpeg1()) >> u32::from(self.is_mpeg25())
    }

    /// Samples per channel that the frame decodes to.
    pub fn samples(self) -> u32 {
        match (self.layer(), self.is_mpeg1()) {
            (1, _) => 384,
            (3, false) => 576,
            _ => 1152,
        }
    }

    /// Whether there is one channel.
    pub fn is_mono(self) -> bool {
        self.0 & 0xC0 == 0xC0
    }

    /// 1 or 2.
    pub(crate) fn channels(self) -> usize {
        if self.is_mono() { 1 } else { 2 }
    }

    /// Granules of a layer III frame.
    pub(crate) fn granules(self) -> usize {
        if self.is_mpeg1() { 2 } else { 1 }
    }

    /// Bytes of layer III side information, without the checksum.
    pub fn side_info_length(self) -> usize {
        match (self.is_mpeg1(), self.is_mono()) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        }
    }

    /// Whether one channel of a joint stereo pair carries the sum and the other the difference.
    pub(crate) fn is_mid_side(self) -> bool {
        self.0 & 0xE0 == 0x60
    }

    /// Whether the upper bands of a joint stereo pair are one signal and a direction.
    pub(crate) fn is_intensity(self) -> bool {
        self.0 & 0xD0 == 0x50
    }

    /// Row of the tables that differ by sample rate: 44.1, 48 and 32 kHz of MPEG-1, their halves, their quarters.
    pub(crate) fn rate_row(self) -> usize {
        let version = if self.is_mpeg1() {
            0
        } else if self.is_mpeg25() {
            6
        } else {
            3
        };
        version + (self.0 >> 10 & 3).min(2) as usize
    }

    /// Whether two bytes of checksum follow the header.
    pub fn has_checksum(self) -> bool {
        self.0 & 0x1_0000 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_stereo_frame_of_128_kbit_at_44100_hz_is_417_bytes_and_418_when_padded() {
        let plain = Header::parse([0xFF, 0xFB, 0x90, 0x64]).unwrap();
        assert_eq!((plain.layer(), plain.sample_rate(), plain.samples()), (3, 44_100, 1152));
        assert_eq!((plain.frame_length(0), plain.is_mono(), plain.has_checksum()), (417, false, false));
        assert_eq!(Header::parse([0xFF, 0xFB, 0x92, 0x64]).unwrap().frame_length(0), 418);
    }

    #[test]
    fn mpeg_2_and_2_5_halve_the_rate_and_the_samples_of_layer_3() {
        let lsf = Header::parse([0xFF, 0xF3, 0x14, 0xC4]).unwrap();
        assert_eq!((lsf.sample_rate(), lsf.samples(), lsf.frame_length(0)), (24_000, 576, 24));
        let mpeg25 = Header::parse([0xFF, 0xE3, 0x18, 0xC4]).unwrap();
        assert_eq!((mpeg25.sample_rate(), mpeg25.samples(), mpeg25.frame_length(0)), (8_000, 576, 72));
    }

    #[test]
    fn reserved_values_are_not_headers() {
        for bytes in [
            [0xFF, 0xEB, 0x90, 0x64],
            [0xFF, 0xF9, 0x90, 0x64],
            [0xFF, 0xFB, 0xF0, 0x64],
            [0xFF, 0xFB, 0x9C, 0x64],
            [0xFF, 0xE5, 0x90, 0x64],
            [0x00, 0xFB, 0x90, 0x64],
            [0xFF; 4],
        ] {
            assert_eq!(Header::parse(bytes), None, "{bytes:02x?}");
        }
    }
}
