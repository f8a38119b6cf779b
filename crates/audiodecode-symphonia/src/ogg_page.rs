use audiodecode_pipeline::Result;

use crate::window::ReadWindow;

/// What the header of a page says, its checksum verified (RFC 3533, 6).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageHead {
    pub(crate) at: u64,
    /// Where the next page begins.
    pub(crate) end: u64,
    pub(crate) continued: bool,
    pub(crate) first: bool,
    pub(crate) last: bool,
    /// Position at the end of the last packet that ends here; -1 when none does.
    pub(crate) granule: i64,
    pub(crate) serial: u32,
    pub(crate) sequence: u32,
}

/// A page of an Ogg file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) head: PageHead,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    /// The pieces of packets in the page, and whether each one ends here.
    pub(crate) fn pieces(&self) -> Vec<(&[u8], bool)> {
        let (mut pieces, mut start, mut length) = (Vec::new(), 0, 0);
        for (index, &lace) in self.lacing.iter().enumerate() {
            length += usize::from(lace);
            if lace < 255 || index + 1 == self.lacing.len() {
                let end = (start + length).min(self.body.len());
                pieces.push((&self.body[start.min(end)..end], lace < 255));
                (start, length) = (end, 0);
            }
        }
        pieces
    }
}

/// Header and lacing values of a page at most.
const MAX_HEAD_BYTES: usize = 27 + 255;

/// The next sound page at or after a position, or `None` at the end. Bytes that are no page are skipped. Pages before `verified`
/// are known to be sound.
pub(crate) fn next_page(window: &mut ReadWindow, from: u64, verified: u64) -> Result<Option<Page>> {
    let Some(head) = next_page_head(window, from, verified)? else { return Ok(None) };
    let bytes = window.bytes(head.at, (head.end - head.at) as usize)?;
    let body_at = 27 + bytes.get(26).map_or(0, |&count| usize::from(count));
    Ok(Some(Page {
        head,
        lacing: bytes.get(27..body_at).unwrap_or_default().to_vec(),
        body: bytes.get(body_at..).unwrap_or_default().to_vec(),
    }))
}

/// The same without the page's packets.
pub(crate) fn next_page_head(window: &mut ReadWindow, from: u64, verified: u64) -> Result<Option<PageHead>> {
    let mut at = from;
    loop {
        let head = window.bytes(at, MAX_HEAD_BYTES)?;
        if head.len() < 27 {
            return Ok(None);
        }
        if let Some(length) = page_length(head)
            && let Some(page) = parse(window.bytes(at, length)?, at, at >= verified)
        {
            return Ok(Some(page));
        }
        let bytes = window.bytes(at, 64 * 1024)?;
        let step = memchr::memmem::find(&bytes[1..], b"OggS");
        at += step.map_or(bytes.len().saturating_sub(3).max(1), |step| step + 1) as u64;
    }
}

/// Bytes of the page that seems to begin here.
fn page_length(head: &[u8]) -> Option<usize> {
    if !head.starts_with(b"OggS") || *head.get(4)? != 0 {
        return None;
    }
    let count = usize::from(*head.get(26)?);
    let lacing = head.get(27..27 + count)?;
    Some(27 + count + lacing.iter().map(|&lace| usize::from(lace)).sum::<usize>())
}

fn parse(bytes: &[u8], at: u64, verify: bool) -> Option<PageHead> {
    let whole = bytes.get(..page_length(bytes)?)?;
    let number =
        |from: usize| u32::from_le_bytes([bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]]);
    if verify && checksum(whole) != number(22) {
        return None;
    }
    Some(PageHead {
        at,
        end: at + whole.len() as u64,
        continued: bytes[5] & 1 != 0,
        first: bytes[5] & 2 != 0,
        last: bytes[5] & 4 != 0,
        granule: (u64::from(number(10)) << 32 | u64::from(number(6))) as i64,
        serial: number(14),
        sequence: number(18),
    })
}

/// CRC-32 with polynomial 0x04c11db7, not reflected, over the page with its checksum field zero.
fn checksum(page: &[u8]) -> u32 {
    let (head, rest) = page.split_at(page.len().min(22));
    let crc = crc32(crc32(0, head), &[0; 4]);
    crc32(crc, rest.get(4..).unwrap_or_default())
}

fn crc32(mut crc: u32, bytes: &[u8]) -> u32 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let [a, b, c, d, e, f, g, h] = *chunk;
        let [w, x, y, z] = crc.to_be_bytes();
        crc = CRC32[7][usize::from(a ^ w)]
            ^ CRC32[6][usize::from(b ^ x)]
            ^ CRC32[5][usize::from(c ^ y)]
            ^ CRC32[4][usize::from(d ^ z)]
            ^ CRC32[3][usize::from(e)]
            ^ CRC32[2][usize::from(f)]
            ^ CRC32[1][usize::from(g)]
            ^ CRC32[0][usize::from(h)];
    }
    rest.iter().fold(crc, |crc, &byte| crc << 8 ^ CRC32[0][usize::from((crc >> 24) as u8 ^ byte)])
}

/// `CRC32[n][byte]`: the checksum of a byte with n zero bytes behind it, so that eight bytes are looked up at once.
static CRC32: [[u32; 256]; 8] = {
    let mut tables = [[0u32; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before << 8 ^ tables[0][(before >> 24) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_a_page_of_libogg() {
        // The first page of a file of oggenc, whose checksum field libogg wrote.
        let path = format!("{}/../../fixtures/formats/vorbis.ogg", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).unwrap();
        let page = parse(&bytes, 0, true).unwrap();
        assert!(page.first && page.end > 50);
        let mut broken = bytes;
        broken[40] ^= 1;
        assert!(parse(&broken, 0, true).is_none());
    }
}
