use audiodecode_pipeline::{Error, Input, OpenOptions, Result};

use super::bytes::{Fields, read_some};
use super::stream::PcmStream;
use super::wav_format::parse_wav_format;

const MAX_CHUNKS: u32 = 4096;
/// Chunk names are GUIDs that begin with RIFF's four characters. `riff` ends differently from all others.
pub(super) const RIFF_TAIL: [u8; 12] = [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0, 0];
const CHUNK_TAIL: [u8; 12] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A];
/// A chunk's size counts its own header.
const CHUNK_HEADER: u64 = 24;

/// Reads the chunks of a Sony Wave64 file.
pub(super) fn read_wave64(input: &Input, options: &OpenOptions) -> Result<Option<PcmStream>> {
    let mut format = None;
    let mut position = 40;
    for _ in 0..MAX_CHUNKS {
        options.cancel.check()?;
        let chunk = read_some(input, position, CHUNK_HEADER, CHUNK_HEADER as usize)?;
        let fields = Fields::new(&chunk, false);
        let (Some(name), Some(size)) = (chunk.first_chunk::<16>(), fields.u64(16)) else { break };
        let body = position + CHUNK_HEADER;
        let length = size.saturating_sub(CHUNK_HEADER);
        if name[4..] == CHUNK_TAIL && name.starts_with(b"fmt ") {
            format = match parse_wav_format(&read_some(input, body, length, 64)?, false, &options.limits)? {
                Some(format) => Some(format),
                None => return Ok(None),
            };
        }
        if name[4..] == CHUNK_TAIL && name.starts_with(b"data") {
            let Some(format) = format else {
                return Err(Error::corrupt("the Wave64 file has no format chunk before its data"));
            };
            // A size that cannot even hold its header was never filled in.
            let claimed = (size >= CHUNK_HEADER && size != u64::MAX).then_some(length);
            return Ok(Some(PcmStream::of_wav(input, "w64", format, body, claimed)));
        }
        let Some(next) =
            position.checked_add(size.max(CHUNK_HEADER)).and_then(|end| end.checked_next_multiple_of(8))
        else {
            break;
        };
        if next >= input.len() {
            break;
        }
        position = next;
    }
    Err(Error::corrupt("the Wave64 file has no data chunk"))
}
