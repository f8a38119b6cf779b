use audiodecode_mp3::Header;

/// What the first frame of many files says instead of sound: Xing/Info with LAME's extension, or Fraunhofer's VBRI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct VbrTag {
    /// Frames that follow the tag frame.
    pub(super) frames: Option<u64>,
    /// Bytes of all frames, the tag frame included.
    pub(super) bytes: Option<u64>,
    /// Frames of silence that the encoder put before and after the signal.
    pub(super) delay_padding: Option<(u32, u32)>,
}

/// Whether this frame is a tag rather than sound.
pub(super) fn is_tag_frame(frame: &[u8], header: Header) -> bool {
    parse_vbr_tag(frame, header).is_some()
}

/// The tag in this frame, header included.
pub(super) fn parse_vbr_tag(frame: &[u8], header: Header) -> Option<VbrTag> {
    if header.layer() != 3 {
        return None;
    }
    let side_info = 4 + header.side_info_length();
    // Encoders disagree on whether a checksum moves the tag.
    [side_info, side_info + if header.has_checksum() { 2 } else { 0 }]
        .into_iter()
        .find_map(|at| parse_xing(frame.get(at..)?))
        .or_else(|| parse_vbri(frame.get(36..)?))
}

fn parse_xing(tag: &[u8]) -> Option<VbrTag> {
    if !(tag.starts_with(b"Xing") || tag.starts_with(b"Info")) {
        return None;
    }
    let flags = be32(tag, 4)?;
    let mut at = 8;
    let mut field = |flag: u32, length: usize| {
        let value = if flags & flag == 0 { return None } else { be32(tag, at) };
        at += length;
        value.map(u64::from)
    };
    let frames = field(1, 4);
    let bytes = field(2, 4);
    field(4, 100);
    field(8, 4);
    Some(VbrTag {
        frames: frames.filter(|&frames| frames > 0),
        bytes: bytes.filter(|&bytes| bytes > 0),
        delay_padding: tag.get(at..).and_then(parse_lame),
    })
}

/// LAME's extension begins with the encoder's name; 12 bits of delay and 12 of padding stand 21 bytes behind it.
fn parse_lame(extension: &[u8]) -> Option<(u32, u32)> {
    let name = extension.first_chunk::<4>()?;
    if !name.iter().all(|&byte| (0x20..0x7F).contains(&byte)) {
        return None;
    }
    let [a, b, c] = *extension.get(21..)?.first_chunk::<3>()?;
    let packed = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
    Some((packed >> 12, packed & 0xFFF))
}

fn parse_vbri(tag: &[u8]) -> Option<VbrTag> {
    if !tag.starts_with(b"VBRI") {
        return None;
    }
    let positive = |value: Option<u32>| value.map(u64::from).filter(|&value| value > 0);
    Some(VbrTag { frames: positive(be32(tag, 14)), bytes: positive(be32(tag, 10)), delay_padding: None })
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|four| u32::from_be_bytes(*four))
}
