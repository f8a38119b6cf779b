use audiodecode_pipeline::Result;

use crate::window::ReadWindow;

/// A page of an Ogg file, its checksum verified (RFC 3533, 6).
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) at: u64,
    pub(crate) continued: bool,
    pub(crate) first: bool,
    pub(crate) last: bool,
    /// Position at the end of the last packet that ends here; -1 when none does.
    pub(crate) granule: i64,
    pub(crate) serial: u32,
    pub(crate) sequence: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    /// Where the next page begins.
    pub(crate) fn end(&self) -> u64 {
        self.at + (27 + self.lacing.len() + self.body.len()) as u64
    }

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

/// The next sound page at or after a position, or `None` at the end. Bytes that are no page are skipped.
pub(crate) fn next_page(window: &mut ReadWindow, from: u64) -> Result<Option<Page>> {
    let mut at = from;
    loop {
        let bytes = window.bytes(at, 64 * 1024)?;
        if bytes.len() < 27 {
            return Ok(None);
        }
        if let Some(page) = parse(bytes, at) {
            return Ok(Some(page));
        }
        // Pages can be a little longer than what was asked for.
        if bytes.starts_with(b"OggS")
            && let Some(page) = parse(window.bytes(at, 66 * 1024)?, at)
        {
            return Ok(Some(page));
        }
        let bytes = window.bytes(at, 64 * 1024)?;
        let step = bytes[1..].windows(4).position(|four| four == b"OggS");
        at += step.map_or(bytes.len().saturating_sub(3).max(1), |step| step + 1) as u64;
    }
}

fn parse(bytes: &[u8], at: u64) -> Option<Page> {
    if !bytes.starts_with(b"OggS") || *bytes.get(4)? != 0 {
        return None;
    }
    let count = usize::from(*bytes.get(26)?);
    let lacing = bytes.get(27..27 + count)?;
    let length: usize = lacing.iter().map(|&lace| usize::from(lace)).sum();
    let whole = bytes.get(..27 + count + length)?;
    let number =
        |from: usize| u32::from_le_bytes([bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]]);
    if checksum(whole) != number(22) {
        return None;
    }
    Some(Page {
        at,
        continued: bytes[5] & 1 != 0,
        first: bytes[5] & 2 != 0,
        last: bytes[5] & 4 != 0,
        granule: (u64::from(number(10)) << 32 | u64::from(number(6))) as i64,
        serial: number(14),
        sequence: number(18),
        lacing: lacing.to_vec(),
        body: whole[27 + count..].to_vec(),
    })
}

/// CRC-32 with polynomial 0x04c11db7, not reflected, over the page with its checksum field zero.
fn checksum(page: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0u32; 256];
        let mut index = 0;
        while index < 256 {
            let mut value = (index as u32) << 24;
            let mut bit = 0;
            while bit < 8 {
                value = if value & 0x8000_0000 != 0 { value << 1 ^ 0x04c1_1db7 } else { value << 1 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    page.iter().enumerate().fold(0u32, |crc, (index, &byte)| {
        let byte = if (22..26).contains(&index) { 0 } else { byte };
        crc << 8 ^ TABLE[usize::from((crc >> 24) as u8 ^ byte)]
    })
}
