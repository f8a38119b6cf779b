//! The Xing/Info tag of MPEG audio: whether the length that mpg123 gives is told or guessed, and what it trims.

use audiodecode_pipeline::{Gapless, GaplessSource, Input};

/// What the first frame of many files says instead of sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MpegTag {
    /// Whether it tells how many frames follow.
    pub(crate) has_length: bool,
    /// What is trimmed, as LAME's extension says.
    pub(crate) gapless: Gapless,
}

/// What every decoder of layer III adds before the signal: 528 samples of filter bank and one more by convention.
const DECODER_DELAY: u64 = 529;
/// The tag lies behind header, checksum and side information of the first frame.
const SEARCH_BYTES: usize = 4 + 2 + 32 + 4;

/// Reads the tag of the first frame behind an ID3v2 tag.
pub(crate) fn read_mpeg_tag(input: &Input) -> MpegTag {
    let mut head = vec![0; 4096];
    let mut start = 0;
    // A file may have more than one ID3v2 tag; nobody writes more than a few.
    for _ in 0..4 {
        let count = input.read_at(start, &mut head).unwrap_or(0);
        match id3_length(&head[..count]) {
            Some(length) => start += length,
            None => return parse(&head[..count]).unwrap_or_default(),
        }
    }
    MpegTag::default()
}

/// Bytes of the ID3v1 and APE tags at the end of a file.
pub(crate) fn trailing_tag_bytes(input: &Input) -> u64 {
    let id3v1 =
        if read_before_end::<128>(input, 0).is_some_and(|tag| tag.starts_with(b"TAG")) { 128 } else { 0 };
    let ape = read_before_end::<32>(input, id3v1).filter(|footer| footer.starts_with(b"APETAGEX"));
    // The size includes this footer, but not the header.
    let size = ape.and_then(|footer| footer.get(12..)?.first_chunk::<4>().copied());
    id3v1 + size.map_or(0, |size| u64::from(u32::from_le_bytes(size)) + 32)
}

fn read_before_end<const N: usize>(input: &Input, behind: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let start = input.len().checked_sub(behind + N as u64)?;
    input.read_at(start, &mut bytes).ok().filter(|&count| count == N).map(|_| bytes)
}

fn id3_length(head: &[u8]) -> Option<u64> {
    let rest = head.strip_prefix(b"ID3")?;
    let flags = *rest.get(2)?;
    let size = rest.get(3..7)?.iter().fold(0u64, |size, &byte| size << 7 | u64::from(byte & 0x7F));
    // A footer repeats the header.
    Some(10 + size + if flags & 0x10 != 0 { 10 } else { 0 })
}

fn parse(frame: &[u8]) -> Option<MpegTag> {
    let searched = &frame[..frame.len().min(SEARCH_BYTES)];
    let at = searched.windows(4).position(|window| window == b"Xing" || window == b"Info")?;
    let tag = &frame[at..];
    let flags = u32::from_be_bytes(*tag.get(4..)?.first_chunk()?);
    let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let length: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, bytes)| bytes).sum();
    Some(MpegTag { has_length: flags & 1 != 0, gapless: tag.get(8 + length..).map(lame).unwrap_or_default() })
}

/// LAME's extension begins with the encoder's name; 12 bits of delay and 12 of padding stand 21 bytes behind it.
fn lame(extension: &[u8]) -> Gapless {
    let named = extension.first_chunk::<4>().is_some_and(|name| name.iter().all(u8::is_ascii_graphic));
    let Some([a, b, c]) = extension.get(21..).and_then(|rest| rest.first_chunk::<3>()).filter(|_| named)
    else {
        return Gapless::default();
    };
    let packed = u64::from(*a) << 16 | u64::from(*b) << 8 | u64::from(*c);
    Gapless {
        source: GaplessSource::Lame,
        start_frames: (packed >> 12) + DECODER_DELAY,
        end_frames: (packed & 0xFFF).saturating_sub(DECODER_DELAY),
    }
}
