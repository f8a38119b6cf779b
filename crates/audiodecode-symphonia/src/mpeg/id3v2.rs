use audiodecode_pipeline::{Input, Result};

use super::genres::genre_name;
use super::tag_bounds::{id3v2_length, syncsafe};
use super::tag_list::TagList;

/// Frames looked at.
const MAX_FRAMES: u32 = 1024;
/// Largest text frame that is read. Pictures are stepped over.
const MAX_TEXT_BYTES: u64 = 64 * 1024;
/// Largest tag that is undone from unsynchronisation as a whole.
const MAX_WHOLE_TAG: u64 = 1 << 20;

/// Reads the text frames of the ID3v2.2, 2.3 or 2.4 tag at this place (id3.org).
pub(super) fn read_id3v2(input: &Input, start: u64, tags: &mut TagList) -> Result<()> {
    let mut header = [0; 10];
    let count = input.read_at(start, &mut header)?;
    let Some(length) = id3v2_length(&header[..count]) else { return Ok(()) };
    let (version, flags) = (header[3], header[5]);
    let whole_is_unsynchronised = flags & 0x80 != 0 && version < 4;
    let mut body =
        Body { input: input.clone(), position: start + 10, end: (start + length).min(input.len()) };
    if whole_is_unsynchronised {
        let mut bytes = vec![0; (body.end.saturating_sub(body.position)).min(MAX_WHOLE_TAG) as usize];
        let count = input.read_at(body.position, &mut bytes)?;
        bytes.truncate(count);
        let bytes = undo_unsynchronisation(&bytes);
        body = Body { end: bytes.len() as u64, input: Input::from_bytes(bytes), position: 0 };
    }
    if flags & 0x40 != 0 && version >= 3 {
        let Some(size) = body.array::<4>()? else { return Ok(()) };
        // The size counts itself in 2.4 and not in 2.3.
        body.position += if version >= 4 {
            u64::from(syncsafe(size)).saturating_sub(4)
        } else {
            u64::from(u32::from_be_bytes(size))
        };
    }
    for _ in 0..MAX_FRAMES {
        let Some(frame) = body.next_frame(version)? else { break };
        let wanted =
            matches!(frame.id[0], b'T') || matches!(&frame.id, b"COMM" | b"USLT" | b"COM\0" | b"ULT\0");
        if wanted && frame.readable && frame.length <= MAX_TEXT_BYTES {
            let mut bytes = vec![0; frame.length as usize];
            let count = body.input.read_at(frame.start, &mut bytes)?;
            bytes.truncate(count);
            if frame.unsynchronised {
                bytes = undo_unsynchronisation(&bytes);
            }
            add_frame(frame.id, bytes.get(frame.skip..).unwrap_or(&[]), tags);
        }
    }
    Ok(())
}

struct Body {
    input: Input,
    position: u64,
    end: u64,
}

struct Frame {
    /// Padded with NUL when it has three characters.
    id: [u8; 4],
    start: u64,
    length: u64,
    /// Bytes in front of the content.
    skip: usize,
    unsynchronised: bool,
    /// Neither compressed nor encrypted.
    readable: bool,
}

impl Body {
    fn array<const N: usize>(&mut self) -> Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        if self.position + N as u64 > self.end || self.input.read_at(self.position, &mut bytes)? < N {
            return Ok(None);
        }
        self.position += N as u64;
        Ok(Some(bytes))
    }

    fn next_frame(&mut self, version: u8) -> Result<Option<Frame>> {
        let (id, length, flags) = if version <= 2 {
            let Some([a, b, c, x, y, z]) = self.array::<6>()? else { return Ok(None) };
            ([a, b, c, 0], u32::from_be_bytes([0, x, y, z]), 0)
        } else {
            let Some(header) = self.array::<10>()? else { return Ok(None) };
            let [a, b, c, d, size @ .., flags_high, flags_low] = header;
            let length = if version >= 4 { self.length_24(size)? } else { u32::from_be_bytes(size) };
            ([a, b, c, d], length, u16::from_be_bytes([flags_high, flags_low]))
        };
        // Padding, or bytes that are no frame.
        if !id[..3].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Ok(None);
        }
        let start = self.position;
        let length = u64::from(length);
        if start + length > self.end {
            return Ok(None);
        }
        self.position = start + length;
        let is_24 = version >= 4;
        let skip = match (is_24, flags) {
            (true, flags) => usize::from(flags & 0x40 != 0) + if flags & 1 != 0 { 4 } else { 0 },
            (false, flags) => usize::from(flags & 0x20 != 0),
        };
        let readable = flags & if is_24 { 0x0C } else { 0xC0 } == 0;
        Ok(Some(Frame { id, start, length, skip, unsynchronised: is_24 && flags & 2 != 0, readable }))
    }

    /// Version 2.4 has syncsafe sizes, and old writers put plain ones there: whichever leads to another frame.
    fn length_24(&self, size: [u8; 4]) -> Result<u32> {
        let (safe, plain) = (syncsafe(size), u32::from_be_bytes(size));
        if safe == plain || size.iter().any(|byte| byte & 0x80 != 0) {
            return Ok(plain);
        }
        Ok(if !self.frame_follows(safe)? && self.frame_follows(plain)? { plain } else { safe })
    }

    fn frame_follows(&self, length: u32) -> Result<bool> {
        let at = self.position + u64::from(length);
        let mut id = [0; 4];
        if at == self.end {
            return Ok(true);
        }
        let count = self.input.read_at(at, &mut id)?;
        let named = id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        Ok(at < self.end && count == 4 && (named || id == [0; 4]))
    }
}

/// A zero that was put behind 0xFF so that nothing looks like a frame of sound is taken out again.
fn undo_unsynchronisation(bytes: &[u8]) -> Vec<u8> {
    let mut previous = 0;
    let kept = bytes.iter().copied().filter(|&byte| {
        let stuffed = previous == 0xFF && byte == 0;
        previous = byte;
        !stuffed
    });
    kept.collect()
}

fn add_frame(id: [u8; 4], content: &[u8], tags: &mut TagList) {
    let Some((&encoding, content)) = content.split_first() else { return };
    match &id {
        b"TXXX" | b"TXX\0" => {
            let mut texts = texts(encoding, content).into_iter();
            if let Some(name) = texts.next() {
                texts.for_each(|value| tags.add(&name.to_lowercase(), &value));
            }
        }
        b"COMM" | b"COM\0" | b"USLT" | b"ULT\0" => {
            // A language of three letters and a description come first. Described comments are programs' notes.
            let mut texts = texts(encoding, content.get(3..).unwrap_or(&[])).into_iter();
            let key = if id[0] == b'C' { "comment" } else { "lyrics" };
            if texts.next().is_some_and(|description| description.is_empty() || key == "lyrics") {
                texts.for_each(|value| tags.add(key, &value));
            }
        }
        _ => {
            let Some(key) = key_of(id) else { return };
            for value in texts(encoding, content) {
                match key {
                    "tracknumber" => tags.add_pair(key, "tracktotal", &value),
                    "discnumber" => tags.add_pair(key, "disctotal", &value),
                    "genre" => tags.add(key, &genre(&value)),
                    _ => tags.add(key, &value),
                }
            }
        }
    }
}

fn key_of(id: [u8; 4]) -> Option<&'static str> {
    Some(match &id {
        b"TIT2" | b"TT2\0" => "title",
        b"TIT3" | b"TT3\0" => "subtitle",
        b"TPE1" | b"TP1\0" => "artist",
        b"TPE2" | b"TP2\0" => "albumartist",
        b"TPE3" | b"TP3\0" => "conductor",
        b"TALB" | b"TAL\0" => "album",
        b"TRCK" | b"TRK\0" => "tracknumber",
        b"TPOS" | b"TPA\0" => "discnumber",
        b"TDRC" | b"TYER" | b"TYE\0" => "date",
        b"TDOR" | b"TORY" | b"TOR\0" => "originaldate",
        b"TCON" | b"TCO\0" => "genre",
        b"TCOM" | b"TCM\0" => "composer",
        b"TEXT" | b"TXT\0" => "lyricist",
        b"TCOP" | b"TCR\0" => "copyright",
        b"TPUB" | b"TPB\0" => "publisher",
        b"TSSE" | b"TSS\0" => "encoder",
        b"TENC" | b"TEN\0" => "encodedby",
        b"TBPM" | b"TBP\0" => "bpm",
        b"TLAN" | b"TLA\0" => "language",
        b"TSRC" | b"TRC\0" => "isrc",
        b"TKEY" | b"TKE\0" => "initialkey",
        _ => return None,
    })
}

/// "(17)", "17" and "(17)Rock" are numbers of the ID3v1 list.
fn genre(value: &str) -> String {
    let (number, rest) = match value.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((number, rest)) => (number, rest.trim()),
        None => (value, ""),
    };
    if !rest.is_empty() {
        return rest.to_owned();
    }
    number.parse().ok().and_then(genre_name).map_or_else(|| value.to_owned(), str::to_owned)
}

/// The NUL-separated texts of a frame in one of ID3's four encodings.
fn texts(encoding: u8, bytes: &[u8]) -> Vec<String> {
    let text: String = match encoding {
        0 => bytes.iter().map(|&byte| char::from(byte)).collect(),
        1 | 2 => utf_16(bytes, encoding == 2),
        3 => String::from_utf8_lossy(bytes).into_owned(),
        _ => return Vec::new(),
    };
    let mut texts: Vec<String> =
        text.split('\0').map(|text| text.trim_start_matches('\u{FEFF}').trim().to_owned()).collect();
    while texts.len() > 1 && texts.last().is_some_and(String::is_empty) {
        texts.pop();
    }
    texts
}

/// Each text may begin with a byte order mark of its own.
fn utf_16(bytes: &[u8], mut big_endian: bool) -> String {
    let units = bytes.chunks_exact(2).map(|pair| {
        match [pair[0], pair[1]] {
            [0xFE, 0xFF] => big_endian = true,
            [0xFF, 0xFE] => big_endian = false,
            pair if big_endian => return u16::from_be_bytes(pair),
            pair => return u16::from_le_bytes(pair),
        }
        0xFEFF
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
