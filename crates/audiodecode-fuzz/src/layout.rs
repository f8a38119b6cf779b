//! Where the parts of a file lie and where it states their sizes, so that damage can be put where it matters.

mod boxes;
mod chunks;
mod ebml;
mod flac_frames;
mod ogg_pages;
mod stream_frames;

use std::ops::Range;

pub(crate) use flac_frames::header_length as flac_header_length;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    BigEndian,
    LittleEndian,
    /// EBML's: the leading zeros of the first byte say how many follow.
    Vint,
}

/// A number that a parser believes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) at: usize,
    /// Bytes, 8 at most.
    pub(crate) width: usize,
    pub(crate) encoding: Encoding,
}

/// A file as its own headers describe it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Sizes, counts and positions.
    pub(crate) fields: Vec<Field>,
    /// Chunks, boxes, pages, frames, headers included; nested ones behind what holds them.
    pub(crate) elements: Vec<Range<usize>>,
    /// Elements with a checksum that has to fit.
    pub(crate) frames: Vec<Range<usize>>,
    /// Frames that number themselves do not come in the order of their numbers.
    pub(crate) out_of_order: bool,
}

/// Elements noted of one file: enough to choose from, and no walk of a hostile file is long.
const MAX_ELEMENTS: usize = 4096;

impl Layout {
    /// Walks a file by its content; empty when nothing is recognised.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let at = |from: usize| bytes.get(from..from + 4).unwrap_or_default();
        let mut layout = Self::default();
        match (at(0), at(4)) {
            (b"RIFF" | b"RF64" | b"BW64", _) => chunks::walk(&mut layout, bytes, &chunks::RIFF),
            (b"RIFX", _) => chunks::walk(&mut layout, bytes, &chunks::RIFX),
            (b"FORM", _) => chunks::walk(&mut layout, bytes, &chunks::FORM),
            (b"caff", _) => chunks::walk(&mut layout, bytes, &chunks::CAF),
            (b"riff", _) => chunks::walk(&mut layout, bytes, &chunks::WAVE64),
            (b"OggS", _) => ogg_pages::walk(&mut layout, bytes),
            (b"fLaC", _) => flac_frames::walk(&mut layout, bytes),
            ([0x1a, 0x45, 0xdf, 0xa3], _) => ebml::walk(&mut layout, bytes, 0..bytes.len(), 0),
            (_, b"ftyp" | b"moov" | b"mdat" | b"free" | b"wide") => {
                boxes::walk(&mut layout, bytes, 0..bytes.len(), 0);
            }
            _ => stream_frames::walk(&mut layout, bytes),
        }
        layout
    }

    /// Notes an element; false once there are enough.
    fn push(&mut self, element: Range<usize>) -> bool {
        self.elements.push(element);
        self.elements.len() < MAX_ELEMENTS
    }

    fn field(&mut self, at: usize, width: usize, encoding: Encoding) {
        self.fields.push(Field { at, width, encoding });
    }
}

/// A number of up to 8 bytes, 0 where the file ends before.
fn number(bytes: &[u8], at: usize, width: usize, encoding: Encoding) -> u64 {
    let some = bytes.get(at..at.saturating_add(width)).unwrap_or_default();
    let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    match encoding {
        Encoding::LittleEndian => some.iter().rev().fold(0, join),
        _ => some.iter().fold(0, join),
    }
}
