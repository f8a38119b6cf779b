use audiodecode_pipeline::{Error, Result};

use audiodecode_containers::ReadWindow;

/// Identifier, body and end of an EBML element; no end when its size is unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    pub(crate) id: u32,
    pub(crate) body: u64,
    pub(crate) end: Option<u64>,
}

/// What Symphonia does not tell about a track.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MatroskaTrack {
    pub(crate) number: u64,
    /// Encoder delay in nanoseconds.
    pub(crate) codec_delay_ns: u64,
    /// Bytes that every packet begins with and that were left out of the file.
    pub(crate) stripped_header: Vec<u8>,
    /// Packets are compressed or encrypted in a way that is not undone here.
    pub(crate) encoded: bool,
}

/// Tracks, and the file's duration in seconds where it is stated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matroska {
    pub(crate) tracks: Vec<MatroskaTrack>,
    pub(crate) seconds: Option<f64>,
}

/// Elements looked at before the first cluster.
const MAX_ELEMENTS: usize = 10_000;

/// The element whose header begins at a position; `None` when there is none.
pub(crate) fn element_at(window: &mut ReadWindow, at: u64) -> Result<Option<Element>> {
    let bytes = window.bytes(at, 12)?;
    let Some(&first) = bytes.first() else { return Ok(None) };
    let id_length = first.leading_zeros() as usize + 1;
    if id_length > 4 || bytes.len() <= id_length {
        return Ok(None);
    }
    let id = number(&bytes[..id_length]) as u32;
    let size_first = bytes[id_length];
    let size_length = size_first.leading_zeros() as usize + 1;
    let Some(size_bytes) = bytes.get(id_length..id_length + size_length).filter(|_| size_length <= 8) else {
        return Ok(None);
    };
    let mask = (1u64 << (7 * size_length)) - 1;
    let size = number(size_bytes) & mask;
    let body = at + (id_length + size_length) as u64;
    let end = if size == mask { None } else { body.checked_add(size) };
    Ok(Some(Element { id, body, end }))
}

/// Big-endian number of up to 8 bytes.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    audiodecode_containers::be_u64(bytes)
}

/// Reads the tracks and the duration. Elements behind the clusters are not looked for.
pub(crate) fn read_matroska(window: &mut ReadWindow, start: u64) -> Result<Matroska> {
    let mut found = Matroska::default();
    let (mut scale, mut duration) = (1_000_000u64, None);
    let mut at = start;
    for _ in 0..MAX_ELEMENTS {
        let Some(element) = element_at(window, at)? else { break };
        let length = element.end.map_or(0, |end| end.saturating_sub(element.body));
        match element.id {
            0x1f43_b675 => break,
            // Segment, Info, Tracks: into them.
            0x1853_8067 | 0x1549_a966 | 0x1654_ae6b => {
                at = element.body;
                continue;
            }
            0x2a_d7b1 => scale = number(window.bytes(element.body, length.min(8) as usize)?),
            0x4489 => duration = float(window.bytes(element.body, length.min(8) as usize)?),
            0xae if found.tracks.len() < 1024 => {
                let end = element.end.unwrap_or(element.body).min(window.file_len());
                let mut track = MatroskaTrack::default();
                read_track(window, element.body, end, &mut track, 0)?;
                found.tracks.push(track);
            }
            _ => {}
        }
        let Some(end) = element.end else { break };
        at = end;
    }
    found.seconds = duration.map(|ticks| ticks * scale as f64 / 1e9).filter(|s| s.is_finite() && *s > 0.0);
    Ok(found)
}

fn read_track(
    window: &mut ReadWindow,
    start: u64,
    end: u64,
    track: &mut MatroskaTrack,
    depth: usize,
) -> Result<()> {
    let mut at = start;
    for _ in 0..MAX_ELEMENTS {
        if at >= end {
            break;
        }
        let Some(element) = element_at(window, at)? else { break };
        let Some(next) = element.end.filter(|&next| next <= end) else { break };
        let length = (next - element.body) as usize;
        match element.id {
            0xd7 => track.number = number(window.bytes(element.body, length.min(8))?),
            0x56aa => track.codec_delay_ns = number(window.bytes(element.body, length.min(8))?),
            // ContentEncodings, ContentEncoding, ContentCompression.
            0x6d80 | 0x6240 | 0x5034 if depth < 3 => {
                // An encoding without its algorithm named is zlib.
                track.encoded |= element.id == 0x6240;
                read_track(window, element.body, next, track, depth + 1)?;
            }
            0x4254 => track.encoded = number(window.bytes(element.body, length.min(8))?) != 3,
            0x4255 => track.stripped_header = window.bytes(element.body, length.min(1024))?.to_vec(),
            0x5035 => track.encoded = true,
            _ => {}
        }
        at = next;
    }
    Ok(())
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f64::from(f32::from_bits(number(bytes) as u32))),
        8 => Some(f64::from_bits(number(bytes))),
        _ => None,
    }
}

/// The track of this number, if its packets can be read.
pub(crate) fn track_of(found: &Matroska, wanted: u64) -> Result<MatroskaTrack> {
    let track = found
        .tracks
        .iter()
        .find(|track| track.number == wanted)
        .cloned()
        .unwrap_or(MatroskaTrack { number: wanted, ..MatroskaTrack::default() });
    if track.encoded {
        return Err(Error::unsupported(
            "a Matroska track that is compressed or encrypted is not decoded by this backend",
        ));
    }
    Ok(track)
}
