//! Takes Ogg files apart into pages and puts them together again, changed.

/// A page of an Ogg file (RFC 3533, 6). Sequence number and checksum come when the file is written.
#[derive(Clone, Debug)]
pub struct OggPage {
    pub flags: u8,
    pub granule: i64,
    pub serial: u32,
    pub lacing: Vec<u8>,
    pub body: Vec<u8>,
    /// Pages left out before it: its number says that they existed.
    pub missing_before: u32,
}

pub const CONTINUED: u8 = 1;
pub const LAST: u8 = 4;

/// The pages of a sound file.
pub fn parse(bytes: &[u8]) -> Vec<OggPage> {
    let (mut pages, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let head = &bytes[at..at + 27];
        let lacing = bytes[at + 27..at + 27 + usize::from(head[26])].to_vec();
        let body_at = at + 27 + lacing.len();
        let body_end = body_at + lacing.iter().map(|&lace| usize::from(lace)).sum::<usize>();
        pages.push(OggPage {
            flags: head[5],
            granule: i64::from_le_bytes(head[6..14].try_into().expect("eight bytes")),
            serial: u32::from_le_bytes(head[14..18].try_into().expect("four bytes")),
            lacing,
            body: bytes[body_at..body_end].to_vec(),
            missing_before: 0,
        });
        at = body_end;
    }
    pages
}

/// The bytes of every page, numbered from 0.
pub fn write(pages: &[OggPage]) -> Vec<Vec<u8>> {
    let mut sequence = 0u32;
    pages
        .iter()
        .map(|page| {
            sequence += page.missing_before;
            let mut bytes = [b"OggS\0", &[page.flags][..], &page.granule.to_le_bytes()].concat();
            bytes.extend(page.serial.to_le_bytes());
            bytes.extend(sequence.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.push(page.lacing.len() as u8);
            bytes.extend(&page.lacing);
            bytes.extend(&page.body);
            let checksum = checksum(&bytes);
            bytes[22..26].copy_from_slice(&checksum.to_le_bytes());
            sequence += 1;
            bytes
        })
        .collect()
}

/// A bit at a time, as the RFC describes it.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte) << 24, |crc: u32, _| {
            if crc >> 31 == 1 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 }
        })
    })
}

/// A file of one stream, its audio several times over, and how many of its pages are headers.
///
/// Where the copies meet, positions are off by some frames, as those of many files are.
pub fn repeat(bytes: &[u8], copies: usize, headers: usize) -> Vec<OggPage> {
    let pages = parse(bytes);
    let (heads, audio) = pages.split_at(headers);
    let length = audio.last().expect("audio").granule;
    let mut all = heads.to_vec();
    for copy in 0..copies {
        all.extend(audio.iter().cloned().map(|mut page| {
            page.granule += length * copy as i64;
            page.flags &= if copy + 1 == copies { 0xff } else { !LAST };
            page
        }));
    }
    all
}

/// The same packets in pages of so many lacing values, which begin and end in the middle of packets.
pub fn repaginate(pages: &[OggPage], headers: usize, laces: usize) -> Vec<OggPage> {
    let mut all = pages[..headers].to_vec();
    let audio = &pages[headers..];
    let (mut lacing, mut body) = (Vec::new(), Vec::new());
    for (index, page) in audio.iter().enumerate() {
        let last_page = index + 1 == audio.len();
        let mut rest = &page.body[..];
        for (number, &lace) in page.lacing.iter().enumerate() {
            let (piece, tail) = rest.split_at(usize::from(lace));
            rest = tail;
            lacing.push(lace);
            body.extend(piece);
            let last = last_page && number + 1 == page.lacing.len();
            if lacing.len() == laces || last {
                let continues =
                    all.len() > headers && all.last().is_some_and(|page| page.lacing.ends_with(&[255]));
                let ends = lacing.iter().any(|&lace| lace < 255);
                // Every page that a packet ends in has the position of the page that it was in, which is a little late.
                let granule = if ends { page.granule } else { -1 };
                all.push(OggPage {
                    flags: (u8::from(continues) * CONTINUED) | (u8::from(last) * LAST),
                    granule,
                    serial: page.serial,
                    lacing: std::mem::take(&mut lacing),
                    body: std::mem::take(&mut body),
                    missing_before: 0,
                });
            }
        }
    }
    all
}
