use audiodecode_pipeline::{Error, Input, OpenOptions, Result};

use super::bytes::{Fields, read_some};
use super::sample_format::{Encoding, SampleFormat};
use super::stream::{PcmStream, check_shape};
use super::tags::caf_info_tags;
use audiodecode_containers::{layout_of_mask, usual_layout};

const MAX_CHUNKS: u32 = 4096;
const MAX_INFO_BYTES: usize = 1 << 20;
/// `kCAFLinearPCMFormatFlagIsFloat` and `…IsLittleEndian` (Apple Core Audio Format Specification 1.0).
const IS_FLOAT: u32 = 1;
const IS_LITTLE_ENDIAN: u32 = 2;
/// `kAudioChannelLayoutTag_UseChannelBitmap`: the bitmap has the speakers of WAVE's mask.
const USE_BITMAP: u32 = 1 << 16;

struct Description {
    format: SampleFormat,
    bit_depth: Option<u32>,
    sample_rate: u32,
    channels: u32,
}

/// Reads the chunks of a Core Audio file with linear PCM, A-law or µ-law.
pub(super) fn read_caf(input: &Input, options: &OpenOptions) -> Result<Option<PcmStream>> {
    let mut description = None;
    let mut data = None;
    let mut layout = None;
    let mut tags = Vec::new();
    let mut position = 8;
    for _ in 0..MAX_CHUNKS {
        options.cancel.check()?;
        let chunk = read_some(input, position, 12, 12)?;
        let fields = Fields::new(&chunk, true);
        let (Some(name), Some(size)) = (fields.array::<4>(0), fields.u64(4)) else { break };
        let body = position + 12;
        // Only the samples may have a size of -1: up to the end of the file.
        let stated = (size != u64::MAX).then_some(size);
        let length = stated.unwrap_or_else(|| input.len().saturating_sub(body));
        match &name {
            b"desc" if description.is_none() => {
                match parse_description(&read_some(input, body, length, 32)?, options)? {
                    Some(parsed) => description = Some(parsed),
                    None => return Ok(None),
                }
            }
            // Four bytes of edit count come first.
            b"data" if data.is_none() => data = Some((body + 4, stated.map(|size| size.saturating_sub(4)))),
            b"chan" => layout = channel_layout(&read_some(input, body, length, 12)?),
            b"info" => tags = caf_info_tags(&read_some(input, body, length, MAX_INFO_BYTES)?),
            _ => {}
        }
        match body.checked_add(length) {
            Some(next) if next < input.len() => position = next,
            _ => break,
        }
    }
    let Some(description) = description else {
        return Err(Error::corrupt("the CAF file has no desc chunk"));
    };
    let Some((data_start, claimed)) = data else {
        return Err(Error::corrupt("the CAF file has no data chunk"));
    };
    let channels = description.channels;
    let frame_bytes = description.format.bytes() as u64 * u64::from(channels);
    let there = input.len().saturating_sub(data_start);
    Ok(Some(PcmStream {
        container: "caf",
        format: description.format,
        bit_depth: description.bit_depth,
        sample_rate: description.sample_rate,
        channels,
        channel_layout: layout.and_then(|mask| layout_of_mask(mask, channels)).or(usual_layout(channels)),
        data_start,
        frames: claimed.map_or(there, |claimed| claimed.min(there)) / frame_bytes,
        claimed_frames: claimed.map(|claimed| claimed / frame_bytes),
        tags,
    }))
}

fn parse_description(chunk: &[u8], options: &OpenOptions) -> Result<Option<Description>> {
    let fields = Fields::new(chunk, true);
    let basic = (|| {
        let rate = fields.array(0).map(f64::from_be_bytes)?;
        Some((
            rate,
            fields.array::<4>(8)?,
            fields.u32(12)?,
            fields.u32(16)?,
            fields.u32(24)?,
            fields.u32(28)?,
        ))
    })();
    let Some((rate, codec, flags, packet_bytes, channels, bits)) = basic else {
        return Err(Error::corrupt("the CAF desc chunk is too short"));
    };
    let big_endian = flags & IS_LITTLE_ENDIAN == 0;
    if !matches!(&codec, b"lpcm" | b"alaw" | b"ulaw") {
        return Ok(None);
    }
    let sample_rate = check_shape(rate, channels, &options.limits)?;
    let bytes = packet_bytes / channels;
    let (format, bit_depth) = match &codec {
        b"alaw" => (Some(SampleFormat::byte(Encoding::ALaw)), None),
        b"ulaw" => (Some(SampleFormat::byte(Encoding::MuLaw)), None),
        _ if flags & IS_FLOAT != 0 => (SampleFormat::float(bytes, big_endian), Some(bits)),
        _ => (SampleFormat::signed(bytes, big_endian), Some(bits)),
    };
    let format = format.filter(|format| {
        let whole = format.bytes() as u64 * u64::from(channels) == u64::from(packet_bytes);
        whole && bit_depth.is_none_or(|bits| bits.div_ceil(8) as usize == format.bytes())
    });
    let Some(format) = format else {
        let message = format!(
            "the CAF header states packets of {packet_bytes} bytes for {channels} channels of {bits} bits"
        );
        return Err(Error::corrupt(message));
    };
    Ok(Some(Description { format, bit_depth, sample_rate, channels }))
}

/// The speaker mask that a `chan` chunk states, for the layouts that have one.
fn channel_layout(chunk: &[u8]) -> Option<u32> {
    let fields = Fields::new(chunk, true);
    match fields.u32(0)? {
        USE_BITMAP => fields.u32(4),
        0x64_0001 => Some(0x4),
        0x65_0002 => Some(0x3),
        _ => None,
    }
}
