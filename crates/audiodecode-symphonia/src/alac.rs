use crate::bits::Bits;

/// Frames of every packet but the last, from the decoder configuration ("magic cookie") of ALAC.
///
/// In CAF it may lie in the atoms that it has in MP4: a `frma` of 12 bytes, and 12 bytes of an `alac` (Apple's ALAC reference,
/// ALACMagicCookieDescription.txt).
pub(crate) fn alac_packet_length(config: &[u8]) -> Option<u32> {
    let after = |config: &'_ [u8], name: &[u8; 4]| {
        let is_atom = config.get(4..8) == Some(name.as_slice());
        if is_atom { 12.min(config.len()) } else { 0 }
    };
    let config = &config[after(config, b"frma")..];
    let config = &config[after(config, b"alac")..];
    config.first_chunk().map(|bytes| u32::from_be_bytes(*bytes)).filter(|&frames| frames > 0)
}

/// Frames that a packet of mono or stereo ALAC decodes to, from the header of its first element. `None` when it begins with
/// something else.
pub(crate) fn alac_frames(packet: &[u8], packet_length: u32) -> Option<u64> {
    const AUDIO_ELEMENTS: [u32; 3] = [0, 1, 3];
    let mut bits = Bits::new(packet);
    let tag = bits.read(3)?;
    // An instance number and unused bits.
    bits.read(4 + 12)?;
    let states_its_length = bits.read(1)? == 1;
    // Bits shifted off, and whether the samples are compressed.
    bits.read(2 + 1)?;
    let frames = if states_its_length { bits.read(32)? } else { packet_length };
    AUDIO_ELEMENTS.contains(&tag).then_some(u64::from(frames))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_has_the_usual_length_or_states_its_own() {
        assert_eq!(alac_packet_length(&[0, 0, 16, 0, 0, 16]), Some(4096));
        assert_eq!(alac_packet_length(&[0, 0, 16]), None);
        let atoms = *b"\0\0\0\x0cfrmaalac\0\0\0\x24alac\0\0\0\0\0\0\x20\0";
        assert_eq!(alac_packet_length(&atoms), Some(8192));
        assert_eq!(alac_packet_length(&atoms[..14]), None);
        // A pair of channels: 001, 4 and 12 bits of nothing, the flag, 3 bits, 32 bits of length.
        assert_eq!(alac_frames(&[0b0010_0000, 0, 0, 0], 4096), Some(4096));
        assert_eq!(alac_frames(&[0b0010_0000, 0, 0b0001_0000, 0, 0, 0x0c, 0x80], 4096), Some(1600));
        assert_eq!(alac_frames(&[0b1110_0000, 0, 0, 0], 4096), None);
        assert_eq!(alac_frames(&[0b0010_0000], 4096), None);
    }
}
