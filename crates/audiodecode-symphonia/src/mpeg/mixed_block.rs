use super::header::Header;

/// Bits of one channel's side information in MPEG-2 and 2.5, and those before its window switching flag.
const CHANNEL_BITS: usize = 63;
const BITS_BEFORE_WINDOW_SWITCHING: usize = 12 + 9 + 8 + 9;

/// Whether a frame has a mixed block at 8 kHz (ISO/IEC 13818-3 §2.4.1.7 as MPEG-2.5 uses it).
///
/// nanomp3 0.2.0, like minimp3, has a wrong band table for exactly these and reads beyond its buffer. No encoder is known
/// to write them; they are treated as damage.
pub(super) fn has_mixed_block_at_8_khz(frame: &[u8]) -> bool {
    let header = frame.first_chunk::<4>().and_then(|bytes| Header::parse(*bytes));
    let Some(header) = header.filter(|header| header.layer() == 3 && header.sample_rate() == 8_000) else {
        return false;
    };
    let side_info = frame.get(if header.has_checksum() { 6 } else { 4 }..).unwrap_or(&[]);
    let bit = |at: usize| side_info.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
    let channels = if header.is_mono() { 1 } else { 2 };
    (0..channels).any(|channel| {
        // Eight bits of main_data_begin and one private bit per channel come first.
        let at = 8 + channels + channel * CHANNEL_BITS + BITS_BEFORE_WINDOW_SWITCHING;
        let short = bit(at + 1) && !bit(at + 2);
        bit(at) && short && bit(at + 3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_switched_short_mixed_blocks_at_8_khz_count() {
        let frame = |rate: u8, bits: u8| {
            let mut frame = vec![0xFF, 0xE3, 0x10 | rate, 0xC4];
            // Bit 47 of the side information is the switching flag of a mono frame.
            frame.extend([0; 5]);
            frame.extend((u32::from(bits) << (31 - 10)).to_be_bytes());
            frame
        };
        assert!(has_mixed_block_at_8_khz(&frame(8, 0b1101)));
        for (rate, bits) in [(0, 0b1101), (8, 0b0101), (8, 0b1100), (8, 0b1011), (8, 0b1111)] {
            assert!(!has_mixed_block_at_8_khz(&frame(rate, bits)), "{rate} {bits:04b}");
        }
    }
}
