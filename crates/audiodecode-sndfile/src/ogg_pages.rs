//! The first and the last page of an Ogg file: libsndfile reads the first stream and tells nobody of others.

use audiodecode_pipeline::Input;

/// What the ends of the file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OggEnds {
    /// Whether the last page belongs to another stream than the first.
    pub(crate) several_streams: bool,
    /// Whether the last page is whole and says that it is the last.
    pub(crate) ended: bool,
}

/// A page is at most 65,307 bytes long.
const TAIL_BYTES: u64 = 2 * 65_307;
const HEADER_BYTES: usize = 27;
const END_OF_STREAM: u8 = 4;

/// Looks at both ends; `None` when one of them is no Ogg.
pub(crate) fn ogg_ends(input: &Input) -> Option<OggEnds> {
    let mut head = [0; HEADER_BYTES];
    input.read_at(0, &mut head).ok()?;
    let first = head.starts_with(b"OggS").then(|| serial(&head))??;
    let start = input.len().saturating_sub(TAIL_BYTES);
    let mut tail = vec![0; (input.len() - start) as usize];
    let count = input.read_at(start, &mut tail).ok()?;
    let tail = &tail[..count];
    let at = (0..tail.len()).rev().find(|&at| tail[at..].starts_with(b"OggS\0"))?;
    let page = &tail[at..];
    // Only a cut file ends inside a page's header.
    let Some(last) = serial(page) else { return Some(OggEnds { several_streams: false, ended: false }) };
    let is_whole = page_length(page).is_some_and(|length| length <= page.len());
    let says_so = page.get(5).is_some_and(|flags| flags & END_OF_STREAM != 0);
    Some(OggEnds { several_streams: last != first, ended: is_whole && says_so })
}

/// Frames that an Opus stream begins with and that are no signal.
pub(crate) fn opus_pre_skip(input: &Input) -> Option<u64> {
    let mut head = [0; 512];
    let count = input.read_at(0, &mut head).ok()?;
    let at = head[..count].windows(8).position(|window| window == b"OpusHead")?;
    let field: [u8; 2] = *head[..count].get(at + 10..)?.first_chunk()?;
    Some(u64::from(u16::from_le_bytes(field)))
}

fn serial(page: &[u8]) -> Option<[u8; 4]> {
    page.get(14..)?.first_chunk().copied()
}

/// Bytes of the page that these bytes begin with; `None` when its header is not whole.
fn page_length(page: &[u8]) -> Option<usize> {
    let segments = usize::from(*page.get(26)?);
    let table = page.get(HEADER_BYTES..HEADER_BYTES + segments)?;
    Some(HEADER_BYTES + segments + table.iter().map(|&lacing| usize::from(lacing)).sum::<usize>())
}
