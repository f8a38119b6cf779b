//! How many bytes of earlier frames a decoder has kept for later ones, followed without decoding.

use super::header::Header;
use super::preroll::RESERVOIR_BYTES;

/// What one layer III frame takes from the reservoir and gives to it, in bytes (ISO/IEC 11172-3 §2.4.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MainData {
    /// How far before its own payload its data begins.
    begin: usize,
    /// What is left of the frame behind its side information.
    payload: usize,
    /// What its granules take of both.
    used: usize,
}

impl MainData {
    /// Reads it from the side information; `None` when the frame has none.
    pub(super) fn parse(frame: &[u8]) -> Option<Self> {
        let header = Header::parse(*frame.first_chunk::<4>()?).filter(|header| header.layer() == 3)?;
        let side_info = frame.get(if header.has_checksum() { 6 } else { 4 }..)?;
        let payload = side_info.len().checked_sub(header.side_info_length())?;
        let bits = |from: usize, count: usize| {
            (from..from + count).fold(0, |value, at| {
                value << 1
                    | usize::from(side_info.get(at / 8).is_some_and(|byte| byte & 0x80 >> (at % 8) != 0))
            })
        };
        // `main_data_begin`, private bits and, in MPEG-1, which scale factors are shared; then each channel of each granule.
        let (begin_bits, first, each, count) = match (header.samples(), header.is_mono()) {
            (1152, true) => (9, 18, 59, 2),
            (1152, false) => (9, 20, 59, 4),
            (_, true) => (8, 9, 63, 1),
            (_, false) => (8, 10, 63, 2),
        };
        let used: usize = (0..count).map(|at| bits(first + at * each, 12)).sum();
        Some(Self { begin: bits(0, begin_bits), payload, used: used.div_ceil(8) })
    }
}

/// Bounds of how many bytes a decoder that began with the first frame of the file has kept.
///
/// nanomp3 keeps what follows the last frame that it could decode, all of it, and nothing that this frame used. So after a
/// frame that decodes the number depends on this frame alone, and after others on whether earlier ones decoded. Which bytes
/// they are follows from their number: the last ones of all payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    least: usize,
    most: usize,
}

impl Kept {
    pub(super) const NOTHING: Self = Self { least: 0, most: 0 };
    pub(super) const UNKNOWN: Self = Self { least: 0, most: RESERVOIR_BYTES };

    /// Whether it is certain that this frame decodes.
    pub(super) fn decodes(self, frame: MainData) -> bool {
        frame.begin <= self.least
    }

    /// Whether there is one possibility.
    pub(super) fn is_known(self) -> bool {
        self.least == self.most
    }

    /// What is kept behind a frame.
    #[must_use]
    pub(super) fn after(self, frame: MainData) -> Self {
        let decoded = (frame.begin + frame.payload).saturating_sub(frame.used).min(RESERVOIR_BYTES);
        if self.decodes(frame) {
            return Self { least: decoded, most: decoded };
        }
        let failed = |kept: usize| (kept + frame.payload).min(RESERVOIR_BYTES);
        if frame.begin > self.most {
            return Self { least: failed(self.least), most: failed(self.most) };
        }
        Self { least: failed(self.least).min(decoded), most: failed(frame.begin - 1).max(decoded) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(bytes: &mut [u8], at: usize, count: usize, value: usize) {
        for bit in 0..count {
            let set = value >> (count - 1 - bit) & 1;
            bytes[(at + bit) / 8] |= (set << (7 - (at + bit) % 8)) as u8;
        }
    }

    #[test]
    fn the_side_information_says_what_a_frame_borrows_and_takes() {
        // ISO/IEC 11172-3 §2.4.1.7: 9 bits, 5 private ones and 4 of shared scale factors, then granules of 59 bits each.
        let mut mono = [0xFF, 0xFB, 0x10, 0xC4].to_vec();
        mono.resize(104, 0);
        put(&mut mono[4..], 0, 9, 257);
        put(&mut mono[4..], 18, 12, 16);
        put(&mut mono[4..], 18 + 59, 12, 9);
        assert_eq!(MainData::parse(&mono), Some(MainData { begin: 257, payload: 83, used: 4 }));
        // ISO/IEC 13818-3 §2.4.1.7: 8 bits and 2 private ones, then channels of 63 bits each; a checksum lies in front.
        let mut stereo = [0xFF, 0xF2, 0x14, 0x44].to_vec();
        stereo.resize(24 + 3, 0);
        put(&mut stereo[6..], 0, 8, 255);
        put(&mut stereo[6..], 10, 12, 4095);
        put(&mut stereo[6..], 10 + 63, 12, 1);
        assert_eq!(MainData::parse(&stereo), Some(MainData { begin: 255, payload: 4, used: 512 }));
        assert_eq!(MainData::parse(&stereo[..20]), None);
    }

    #[test]
    fn a_frame_that_borrows_nothing_tells_how_much_is_kept() {
        let frame = MainData { begin: 0, payload: 100, used: 70 };
        assert!(Kept::UNKNOWN.decodes(frame));
        assert_eq!(Kept::UNKNOWN.after(frame), Kept { least: 30, most: 30 });
    }

    #[test]
    fn a_frame_that_fails_adds_all_that_it_has() {
        let fails = MainData { begin: 200, payload: 100, used: 300 };
        assert_eq!(Kept::NOTHING.after(fails), Kept { least: 100, most: 100 });
        assert_eq!(Kept { least: 450, most: 450 }.after(MainData { begin: 500, ..fails }).most, 511);
    }

    #[test]
    fn a_frame_that_may_decode_leaves_open_what_is_kept() {
        let frame = MainData { begin: 50, payload: 100, used: 140 };
        assert!(!Kept::UNKNOWN.decodes(frame));
        assert_eq!(Kept::UNKNOWN.after(frame), Kept { least: 10, most: 149 });
    }
}
