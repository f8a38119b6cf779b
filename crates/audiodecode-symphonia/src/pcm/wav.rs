use audiodecode_pipeline::{Error, Input, OpenOptions, Result};

use super::bytes::{Fields, read_some};
use super::stream::PcmStream;
use super::tags::info_list_tags;
use super::wav_format::parse_wav_format;

/// Chunks looked at; a file with more is hostile.
const MAX_CHUNKS: u32 = 4096;
/// Largest `LIST` chunk that is read for its tags.
const MAX_LIST_BYTES: usize = 1 << 20;
/// What writers that cannot seek back leave as the size of the data: nothing known. The third is SoX's.
const OPEN_SIZES: [u32; 3] = [0, 0xFFFF_FFFF, 0x7FFF_F000];

/// Where the samples are, as far as the chunks tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WavData {
    pub(crate) start: u64,
    /// `None` when the header leaves it open.
    pub(crate) claimed: Option<u64>,
}

/// The chunks of a WAV file that matter here.
pub(crate) struct WavChunks {
    pub(crate) container: &'static str,
    pub(crate) big_endian: bool,
    /// What the `fmt ` chunk holds.
    pub(crate) format: Option<Vec<u8>>,
    pub(crate) data: Option<WavData>,
    pub(crate) tags: Vec<(String, String)>,
}

/// Reads the chunks of RIFF, RIFX, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088) up to and behind the samples.
pub(crate) fn read_wav_chunks(input: &Input, options: &OpenOptions) -> Result<WavChunks> {
    let head = read_some(input, 0, 12, 12)?;
    let big_endian = head.starts_with(b"RIFX");
    let container = match head.first_chunk() {
        Some(b"RF64") => "rf64",
        Some(b"BW64") => "bw64",
        _ => "wav",
    };
    let mut found = WavChunks { container, big_endian, format: None, data: None, tags: Vec::new() };
    let mut data_size_64 = None;
    let mut position = 12;
    for _ in 0..MAX_CHUNKS {
        options.cancel.check()?;
        let chunk = read_some(input, position, 8, 8)?;
        let fields = Fields::new(&chunk, big_endian);
        let (Some(name), Some(size)) = (fields.array::<4>(0), fields.u32(4)) else { break };
        let body = position + 8;
        let mut length = u64::from(size);
        match &name {
            b"ds64" => {
                let bytes = read_some(input, body, length, 24)?;
                data_size_64 = Fields::new(&bytes, big_endian).u64(8);
            }
            b"fmt " if found.format.is_none() => found.format = Some(read_some(input, body, length, 64)?),
            b"data" if found.data.is_none() => {
                let claimed = match data_size_64 {
                    Some(size_64) if size == u32::MAX => Some(size_64),
                    _ => claimed_size(input, body, size, big_endian)?,
                };
                found.data = Some(WavData { start: body, claimed });
                match claimed {
                    Some(claimed) => length = claimed,
                    None => break,
                }
            }
            b"LIST" => found
                .tags
                .extend(info_list_tags(&read_some(input, body, length, MAX_LIST_BYTES)?, big_endian)),
            _ => {}
        }
        let Some(next) = body.checked_add(length) else { break };
        if next >= input.len() {
            break;
        }
        position = next + padding(input, next, length, big_endian)?;
    }
    Ok(found)
}

/// Reads a WAV file up to its samples; `None` when its codec is not read here.
pub(super) fn read_wav(input: &Input, options: &OpenOptions) -> Result<Option<PcmStream>> {
    let chunks = read_wav_chunks(input, options)?;
    let Some(format) = chunks.format else {
        return Err(Error::corrupt("the WAV file has no format chunk"));
    };
    let Some(format) = parse_wav_format(&format, chunks.big_endian, &options.limits)? else {
        return Ok(None);
    };
    let Some(data) = chunks.data else {
        return Err(Error::corrupt("the WAV file has no data chunk"));
    };
    let stream = PcmStream::of_wav(input, chunks.container, format, data.start, data.claimed);
    Ok(Some(PcmStream { tags: chunks.tags, ..stream }))
}

/// The stated size, unless it is one of those that mean "not known". A size of 0 is also how an empty file looks: it is
/// believed when nothing follows, or another chunk does.
fn claimed_size(input: &Input, body: u64, size: u32, big_endian: bool) -> Result<Option<u64>> {
    let there = input.len().saturating_sub(body);
    let known = !OPEN_SIZES.contains(&size)
        || u64::from(size) == there
        || (size == 0 && chunk_at(input, body, big_endian)?);
    Ok(known.then_some(u64::from(size)))
}

/// Chunks begin at even places, and some writers forget.
fn padding(input: &Input, next: u64, length: u64, big_endian: bool) -> Result<u64> {
    if length.is_multiple_of(2) {
        return Ok(0);
    }
    Ok(if chunk_at(input, next, big_endian)? && !chunk_at(input, next + 1, big_endian)? { 0 } else { 1 })
}

/// Whether this looks like the beginning of a chunk that fits into the file.
fn chunk_at(input: &Input, position: u64, big_endian: bool) -> Result<bool> {
    let bytes = read_some(input, position, 8, 8)?;
    let (Some(name), Some(size)) = (bytes.first_chunk::<4>(), Fields::new(&bytes, big_endian).u32(4)) else {
        return Ok(false);
    };
    let named = name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-'));
    Ok(named && position + 8 + u64::from(size) <= input.len())
}
