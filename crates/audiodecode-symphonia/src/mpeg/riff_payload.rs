use std::ops::Range;

use audiodecode_pipeline::{Input, Result};

/// `WAVE_FORMAT_MPEG` and `WAVE_FORMAT_MPEGLAYER3`.
const MPEG_FORMATS: [u16; 2] = [0x50, 0x55];
const MAX_CHUNKS: u32 = 256;

/// Where the MPEG audio of a WAV file is; `None` when the file is no WAV or holds something else.
pub(super) fn riff_payload(input: &Input) -> Result<Option<Range<u64>>> {
    let mut head = [0; 12];
    if input.read_at(0, &mut head)? < head.len() || !head.starts_with(b"RIFF") || !head.ends_with(b"WAVE") {
        return Ok(None);
    }
    let mut is_mpeg = false;
    let mut position = 12_u64;
    for _ in 0..MAX_CHUNKS {
        let mut chunk = [0; 10];
        if input.read_at(position, &mut chunk)? < 8 {
            return Ok(None);
        }
        let [n, a, m, e, size @ .., format_low, format_high] = chunk;
        let (body, size) = (position + 8, u64::from(u32::from_le_bytes(size)));
        match &[n, a, m, e] {
            b"fmt " => is_mpeg = MPEG_FORMATS.contains(&u16::from_le_bytes([format_low, format_high])),
            // A size that was never filled in means the rest.
            b"data" if is_mpeg && size == 0 => return Ok(Some(body..input.len())),
            b"data" => return Ok(is_mpeg.then_some(body..(body + size).min(input.len()))),
            _ => {}
        }
        position = body + size + size % 2;
    }
    Ok(None)
}
