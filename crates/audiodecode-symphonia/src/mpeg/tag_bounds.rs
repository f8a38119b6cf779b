//! Where tags are, so that nobody mistakes them for sound. What they say is read elsewhere.

use audiodecode_pipeline::{Input, Result};

use super::window::Window;

/// Tags in a row at either end that are believed.
const MAX_TAGS: u32 = 64;

/// Bytes of the tag that begins here: ID3v2, APEv2 with a header, or ID3v1 between two joined files. 0 when none does.
pub(super) fn leading_tag_length(window: &mut Window, position: u64) -> Result<u64> {
    let end = window.end();
    let bytes = window.slice(position, 32)?;
    let length = if let Some(length) = id3v2_length(bytes) {
        length
    } else if bytes.starts_with(b"APETAGEX") {
        ape_length(bytes).unwrap_or(0)
    } else if bytes.starts_with(b"TAG") && position + 128 <= end {
        128
    } else {
        0
    };
    Ok(length.min(end.saturating_sub(position)))
}

/// Bytes of an ID3v2 tag with header and footer (id3.org, ID3v2.4.0-structure §3.1).
pub(super) fn id3v2_length(bytes: &[u8]) -> Option<u64> {
    let header = bytes.first_chunk::<10>()?;
    let [b'I', b'D', b'3', major, minor, flags, size @ ..] = header else { return None };
    if *major == 0xFF || *minor == 0xFF || size.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let footer = if *major >= 4 && flags & 0x10 != 0 { 10 } else { 0 };
    Some(10 + u64::from(syncsafe(*size)) + footer)
}

/// 28 bits in four bytes whose high bits are clear.
pub(super) fn syncsafe(bytes: [u8; 4]) -> u32 {
    bytes.iter().fold(0, |value, byte| value << 7 | u32::from(byte & 0x7F))
}

fn ape_length(bytes: &[u8]) -> Option<u64> {
    let size = u32::from_le_bytes(*bytes.get(12..)?.first_chunk()?);
    let flags = u32::from_le_bytes(*bytes.get(20..)?.first_chunk()?);
    let header = if flags & 0x8000_0000 != 0 { 32 } else { 0 };
    Some(u64::from(size) + header)
}

/// First byte behind the tags that the file begins with.
pub(super) fn skip_leading_tags(window: &mut Window) -> Result<u64> {
    let mut position = 0;
    for _ in 0..MAX_TAGS {
        let length = leading_tag_length(window, position)?;
        if length == 0 {
            break;
        }
        position += length;
    }
    Ok(position)
}

/// The tags that a file ends with, outermost last found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TrailingTags {
    /// First byte of all of them: the end of the audio.
    pub(super) start: u64,
    /// Where an ID3v1 tag is.
    pub(super) id3v1: Option<u64>,
    /// Where an APEv2 footer is.
    pub(super) ape_footer: Option<u64>,
    /// Where an appended ID3v2 tag is.
    pub(super) id3v2: Option<u64>,
}

/// Finds ID3v1 (with its "TAG+" extension), APEv2, Lyrics3 and appended ID3v2 tags, in any order, behind `start`.
pub(super) fn find_trailing_tags(input: &Input, start: u64) -> Result<TrailingTags> {
    let mut found = TrailingTags { start: input.len(), ..TrailingTags::default() };
    for _ in 0..MAX_TAGS {
        let end = found.start;
        let available = end.saturating_sub(start);
        let length = trailing_tag_length(input, end, available, &mut found)?;
        if length == 0 || length > available {
            break;
        }
        found.start = end - length;
    }
    Ok(found)
}

fn trailing_tag_length(input: &Input, end: u64, available: u64, found: &mut TrailingTags) -> Result<u64> {
    let mut tail = [0; 355];
    let count = available.min(tail.len() as u64) as usize;
    let tail = &mut tail[..count];
    if input.read_at(end - count as u64, tail)? < count {
        return Ok(0);
    }
    let back = |distance: usize| count.checked_sub(distance).and_then(|from| tail.get(from..)).unwrap_or(&[]);
    if back(128).starts_with(b"TAG") {
        let extended = back(355).starts_with(b"TAG+");
        found.id3v1 = found.id3v1.or(Some(end - 128));
        return Ok(if extended { 355 } else { 128 });
    }
    if back(32).starts_with(b"APETAGEX") {
        found.ape_footer = found.ape_footer.or(Some(end - 32));
        return Ok(ape_length(back(32)).unwrap_or(0));
    }
    if let (true, Some(size)) = (back(10).starts_with(b"3DI"), back(4).first_chunk::<4>()) {
        let length = u64::from(syncsafe(*size)) + 20;
        let mut begin = [0; 3];
        if length <= available && input.read_at(end - length, &mut begin)? == 3 && begin == *b"ID3" {
            found.id3v2 = found.id3v2.or(Some(end - length));
            return Ok(length);
        }
    }
    if back(9).starts_with(b"LYRICS200") {
        let digits = back(15).get(..6).unwrap_or(&[]);
        let size = digits.iter().try_fold(0_u64, |value, digit| {
            digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0'))
        });
        return Ok(size.map_or(0, |size| size + 15));
    }
    if back(9).starts_with(b"LYRICSEND") {
        return lyrics3_v1_length(input, end, available);
    }
    Ok(0)
}

/// Lyrics3 before version 2 states no size; it holds at most 5,100 bytes between its two markers.
fn lyrics3_v1_length(input: &Input, end: u64, available: u64) -> Result<u64> {
    let length = available.min(5_100 + 20);
    let mut bytes = vec![0; length as usize];
    let count = input.read_at(end - length, &mut bytes)?;
    let begin = bytes[..count].windows(11).rposition(|window| window == b"LYRICSBEGIN");
    Ok(begin.map_or(0, |begin| length - begin as u64))
}
