use audiodecode_pipeline::Result;

use crate::ogg_crc::page_checksum;
use crate::read_window::ReadWindow;

/// Bytes of a page before its lacing values.
const HEAD: usize = 27;

/// What the header of a page of an Ogg file says, its checksum verified (RFC 3533, 6).
#[derive(Clone, Copy, Debug, Default)]
pub struct Page {
    /// Where it begins.
    pub at: u64,
    /// Bytes of the page, header included.
    length: usize,
    /// Whether it begins inside a packet.
    pub continued: bool,
    /// Whether it is the first of its stream.
    pub first: bool,
    /// Whether it says that it is the last of its stream.
    pub last: bool,
    /// Position at the end of the last packet that ends here; -1 when none does.
    pub granule: i64,
    /// The stream that it belongs to.
    pub serial: u32,
    /// Its number in the stream.
    pub sequence: u32,
}

impl Page {
    /// Where the next page begins.
    pub fn end(&self) -> u64 {
        self.at + self.length as u64
    }

    /// The pieces of packets in the page. Just found, the page is still in the window.
    pub fn pieces<'w>(&self, window: &'w mut ReadWindow) -> Result<Pieces<'w>> {
        let bytes = window.bytes(self.at, self.length)?;
        let (head, rest) = bytes.split_at(bytes.len().min(HEAD));
        let count = usize::from(head.last().copied().unwrap_or(0)).min(rest.len());
        let (lacing, body) = rest.split_at(count);
        Ok(Pieces { lacing, body })
    }
}

/// Pieces of packets, and whether each one ends in its page.
pub struct Pieces<'w> {
    lacing: &'w [u8],
    body: &'w [u8],
}

impl<'w> Iterator for Pieces<'w> {
    type Item = (&'w [u8], bool);

    fn next(&mut self) -> Option<Self::Item> {
        if self.lacing.is_empty() {
            return None;
        }
        let short = self.lacing.iter().position(|&lace| lace < 255);
        let (lacing, rest) = self.lacing.split_at(short.map_or(self.lacing.len(), |at| at + 1));
        let length: usize = lacing.iter().map(|&lace| usize::from(lace)).sum();
        let (piece, body) = self.body.split_at(length.min(self.body.len()));
        (self.lacing, self.body) = (rest, body);
        Some((piece, short.is_some()))
    }
}

/// The next sound page at or after a position, or `None` at the end. Bytes that are no page are skipped. Pages before `verified`
/// are known to be sound.
pub fn next_page(window: &mut ReadWindow, from: u64, verified: u64) -> Result<Option<Page>> {
    let mut at = from;
    loop {
        if window.bytes(at, HEAD)?.len() < HEAD {
            return Ok(None);
        }
        if let Some(page) = page_at(window, at, at < verified)? {
            return Ok(Some(page));
        }
        let bytes = window.bytes(at, 64 * 1024)?;
        let step = memchr::memmem::find(bytes.get(1..).unwrap_or_default(), b"OggS");
        at += step.map_or(bytes.len().saturating_sub(3).max(1), |step| step + 1) as u64;
    }
}

/// The page that begins here. No more than its own bytes is asked for, so that walking a file reads it once.
fn page_at(window: &mut ReadWindow, at: u64, verified: bool) -> Result<Option<Page>> {
    let &[b'O', b'g', b'g', b'S', 0, .., count] = window.bytes(at, HEAD)? else { return Ok(None) };
    let lacing_end = HEAD + usize::from(count);
    let Some(lacing) = window.bytes(at, lacing_end)?.get(HEAD..lacing_end) else { return Ok(None) };
    let length = lacing_end + lacing.iter().map(|&lace| usize::from(lace)).sum::<usize>();
    let bytes = window.bytes(at, length)?;
    let number =
        |from: usize| u32::from_le_bytes([bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]]);
    if bytes.len() < length || !verified && page_checksum(bytes) != number(22) {
        return Ok(None);
    }
    Ok(Some(Page {
        at,
        length,
        continued: bytes[5] & 1 != 0,
        first: bytes[5] & 2 != 0,
        last: bytes[5] & 4 != 0,
        granule: (u64::from(number(10)) << 32 | u64::from(number(6))) as i64,
        serial: number(14),
        sequence: number(18),
    }))
}

#[cfg(test)]
mod tests {
    use audiodecode_pipeline::Input;

    use super::*;

    /// A file of oggenc, whose checksums libogg wrote.
    fn fixture() -> Vec<u8> {
        let path = format!("{}/../../fixtures/formats/vorbis.ogg", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).unwrap()
    }

    fn pages(bytes: Vec<u8>) -> Vec<Page> {
        let mut window = ReadWindow::new(Input::from_bytes(bytes));
        let (mut pages, mut at) = (Vec::new(), 0);
        while let Some(page) = next_page(&mut window, at, 0).unwrap() {
            at = page.end();
            pages.push(page);
        }
        pages
    }

    #[test]
    fn pages_follow_one_another_to_the_end_of_the_file() {
        let bytes = fixture();
        let pages = pages(bytes.clone());
        assert!(pages.len() > 3 && pages[0].first && pages[pages.len() - 1].last);
        assert_eq!(pages[0].at, 0);
        assert!(
            pages.windows(2).all(|two| two[0].end() == two[1].at && two[0].sequence + 1 == two[1].sequence)
        );
        assert_eq!(pages[pages.len() - 1].end(), bytes.len() as u64);
    }

    #[test]
    fn a_page_with_a_wrong_bit_is_none_and_garbage_is_passed_over() {
        let good = fixture();
        let all = pages(good.clone());
        let mut broken = good.clone();
        broken[all[2].at as usize + 40] ^= 1;
        assert_eq!(pages(broken).len(), all.len() - 1);
        // Longer than what is searched at once, and with the beginning of a page in it.
        let mut garbage = vec![b'O'; 200_000];
        garbage[100_000..100_006].copy_from_slice(b"OggS\0\0");
        let at = all[2].at as usize;
        let found = pages([&good[..at], &garbage, &good[at..]].concat());
        assert_eq!(found.len(), all.len());
        assert_eq!(found[2].at, all[2].at + 200_000);
    }
}
