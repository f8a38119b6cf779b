use audiodecode_pipeline::{CancelFlag, Input, Result};

/// What is read at a time.
const BLOCK: usize = 256 << 10;
/// Damaged places remembered.
const MAX_SPANS: usize = 1000;
/// Header, 255 segment lengths and as many segments of 255 bytes.
const MAX_PAGE: usize = 27 + 255 + 255 * 255;

/// What the pages of an Ogg file tell, by its only stream.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct OggPages {
    /// One stream alone, without others beside or behind it.
    pub(crate) single: bool,
    /// The last page is whole, and marked as the last.
    pub(crate) ended: bool,
    /// Granule position of the last page that has one.
    pub(crate) last_granule: u64,
    /// Pages that are missing or broken: the granule positions around them, and where in the file.
    pub(crate) damaged: Vec<(u64, u64, u64)>,
}

/// Walks through all pages, checksums included: FFmpeg leaves out pages that fail theirs and says nothing.
pub(crate) fn walk(input: &Input, cancel: &CancelFlag) -> Result<OggPages> {
    let mut pages = OggPages { single: true, ..OggPages::default() };
    let mut window = Window { input, start: 0, bytes: Vec::new() };
    let (mut at, mut serial, mut next) = (0, None, None);
    // Where sound page after page was left, until the next good one.
    let mut broken: Option<u64> = None;
    while at < input.len() {
        cancel.check()?;
        let Some(page) = Page::parse(window.at(at)?) else {
            broken = broken.or(Some(at));
            at = window.find(at + 1)?;
            continue;
        };
        let first = *serial.get_or_insert(page.serial);
        pages.single &= page.serial == first;
        let in_order = next.is_none_or(|next| next == page.sequence);
        if page.serial == first && (broken.is_some() || !in_order) && pages.damaged.len() < MAX_SPANS {
            let end = page.granule.unwrap_or(pages.last_granule);
            pages.damaged.push((pages.last_granule, end, broken.unwrap_or(at)));
        }
        broken = None;
        next = Some(page.sequence.wrapping_add(1));
        pages.last_granule = page.granule.unwrap_or(pages.last_granule);
        pages.ended = page.last;
        at += page.len;
    }
    pages.ended &= broken.is_none();
    Ok(pages)
}

/// A part of the file.
struct Window<'a> {
    input: &'a Input,
    start: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    /// The bytes from a place on: a page's worth, or what is left.
    fn at(&mut self, place: u64) -> Result<&[u8]> {
        let wanted = (self.input.len() - place).min(MAX_PAGE as u64);
        if place < self.start || place + wanted > self.start + self.bytes.len() as u64 {
            self.bytes.resize(BLOCK, 0);
            let count = self.input.read_at(place, &mut self.bytes)?;
            self.bytes.truncate(count);
            self.start = place;
        }
        let from = usize::try_from(place - self.start).unwrap_or(usize::MAX);
        Ok(self.bytes.get(from..).unwrap_or_default())
    }

    /// The next place from `place` on where a page may begin, or the end.
    fn find(&mut self, mut place: u64) -> Result<u64> {
        while place < self.input.len() {
            let bytes = self.at(place)?;
            if let Some(found) = bytes.windows(4).position(|four| four == b"OggS") {
                return Ok(place + found as u64);
            }
            place += (bytes.len() as u64).saturating_sub(3).max(1);
        }
        Ok(self.input.len())
    }
}

struct Page {
    serial: u32,
    sequence: u32,
    granule: Option<u64>,
    last: bool,
    len: u64,
}

impl Page {
    /// The page at the beginning of `bytes`, if it is whole and its checksum fits.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..27).filter(|head| head.starts_with(b"OggS"))?;
        let segments = usize::from(head[26]);
        let len = 27
            + segments
            + bytes.get(27..27 + segments)?.iter().map(|&size| usize::from(size)).sum::<usize>();
        let page = bytes.get(..len)?;
        let word = |at: usize| u32::from_le_bytes([page[at], page[at + 1], page[at + 2], page[at + 3]]);
        let crc =
            [&page[..22], &[0; 4], &page[26..]].into_iter().flatten().fold(0, |crc, &byte| step(crc, byte));
        let granule = u64::from(word(6)) | u64::from(word(10)) << 32;
        (crc == word(22)).then_some(Self {
            serial: word(14),
            sequence: word(18),
            granule: (granule >> 63 == 0).then_some(granule),
            last: page[5] & 4 != 0,
            len: len as u64,
        })
    }
}

/// CRC-32 of polynomial 0x04c11db7, highest bit first.
fn step(crc: u32, byte: u8) -> u32 {
    (crc << 8) ^ TABLE[((crc >> 24) as u8 ^ byte) as usize]
}

static TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = (index as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            value = (value << 1) ^ if value >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn walked(bytes: &[u8]) -> OggPages {
        walk(&Input::from_bytes(bytes), &CancelFlag::default()).expect("bytes can be read")
    }

    fn vorbis() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/vorbis.ogg"))
            .expect("fixture")
    }

    #[test]
    fn a_whole_file_ends_where_its_last_page_says() {
        let pages = walked(&vorbis());
        assert_eq!(pages, OggPages { single: true, ended: true, last_granule: 22_050, damaged: vec![] });
    }

    #[test]
    fn a_byte_too_few_is_an_end_too_early_and_a_changed_one_is_damage_in_its_place() {
        let whole = vorbis();
        assert!(!walked(&whole[..whole.len() - 1]).ended);
        let mut broken = whole.clone();
        let last = whole.windows(4).rposition(|four| four == b"OggS").expect("a page");
        let at = last - 10;
        broken[at] ^= 1;
        let pages = walked(&broken);
        let [(from, to, place)] = pages.damaged[..] else { panic!("{pages:?}") };
        assert!(from < to && to <= 22_050 && place <= at as u64, "{pages:?}");
    }

    #[test]
    fn a_second_stream_is_seen() {
        let twice = [
            vorbis(),
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/opus.opus"))
                .expect("fixture"),
        ];
        assert!(!walked(&twice.concat()).single);
    }
}
