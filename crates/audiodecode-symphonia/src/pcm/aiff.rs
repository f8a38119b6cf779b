use audiodecode_pipeline::{Error, Input, OpenOptions, Result};

use super::bytes::{Fields, read_some};
use super::sample_format::{Encoding, SampleFormat};
use super::stream::{PcmStream, check_shape};
use super::tags::text;
use audiodecode_containers::usual_layout;

const MAX_CHUNKS: u32 = 4096;
const MAX_TEXT_BYTES: usize = 64 * 1024;

struct Common {
    format: SampleFormat,
    bit_depth: Option<u32>,
    sample_rate: u32,
    channels: u32,
    frames: u64,
}

/// Reads the chunks of AIFF and AIFF-C.
pub(super) fn read_aiff(input: &Input, options: &OpenOptions) -> Result<Option<PcmStream>> {
    let compressed = read_some(input, 8, 4, 4)? == b"AIFC";
    let mut common = None;
    let mut data = None;
    let mut tags = Vec::new();
    let mut position = 12;
    for _ in 0..MAX_CHUNKS {
        options.cancel.check()?;
        let chunk = read_some(input, position, 8, 8)?;
        let fields = Fields::new(&chunk, true);
        let (Some(name), Some(size)) = (fields.array::<4>(0), fields.u32(4)) else { break };
        let (body, size) = (position + 8, u64::from(size));
        match &name {
            b"COMM" if common.is_none() => {
                match parse_common(&read_some(input, body, size, 64)?, compressed, options)? {
                    Some(parsed) => common = Some(parsed),
                    None => return Ok(None),
                }
            }
            b"SSND" if data.is_none() => {
                let offset = Fields::new(&read_some(input, body, size, 8)?, true).u32(0).unwrap_or(0);
                let start = body.saturating_add(8).saturating_add(u64::from(offset));
                data = Some((start, size.saturating_sub(8 + u64::from(offset))));
            }
            b"NAME" | b"AUTH" | b"(c) " | b"ANNO" => {
                let key = match &name {
                    b"NAME" => "title",
                    b"AUTH" => "artist",
                    b"(c) " => "copyright",
                    _ => "comment",
                };
                let value = text(&read_some(input, body, size, MAX_TEXT_BYTES)?);
                tags.extend(value.map(|value| (key.to_owned(), value)));
            }
            _ => {}
        }
        position = body + size + size % 2;
        if position >= input.len() {
            break;
        }
    }
    let Some(common) = common else {
        return Err(Error::corrupt("the AIFF file has no COMM chunk"));
    };
    let (data_start, data_bytes) = match data {
        Some(data) => data,
        // The standard lets a file without samples leave the chunk out.
        None if common.frames == 0 => (input.len(), 0),
        None => return Err(Error::corrupt("the AIFF file has no SSND chunk")),
    };
    let frame_bytes = common.format.bytes() as u64 * u64::from(common.channels);
    let there = input.len().saturating_sub(data_start);
    // Writers that cannot seek back leave the size open.
    let stated = if data_bytes == 0 && common.frames > 0 { there } else { data_bytes };
    Ok(Some(PcmStream {
        container: "aiff",
        format: common.format,
        bit_depth: common.bit_depth,
        sample_rate: common.sample_rate,
        channels: common.channels,
        channel_layout: usual_layout(common.channels),
        data_start,
        frames: common.frames.min(stated.min(there) / frame_bytes),
        claimed_frames: Some(common.frames),
        tags,
    }))
}

fn parse_common(chunk: &[u8], compressed: bool, options: &OpenOptions) -> Result<Option<Common>> {
    let fields = Fields::new(chunk, true);
    let basic = (|| Some((fields.u16(0)?, fields.u32(2)?, fields.u16(6)?, fields.array::<10>(8)?)))();
    let Some((channels, frames, bits, rate)) = basic else {
        return Err(Error::corrupt("the AIFF COMM chunk is too short"));
    };
    let (channels, bits) = (u32::from(channels), u32::from(bits));
    let codec = if compressed {
        fields.array::<4>(18).ok_or_else(|| Error::corrupt("the AIFF-C COMM chunk is too short"))?
    } else {
        *b"NONE"
    };
    let integers = |big_endian| SampleFormat::signed(bits.div_ceil(8), big_endian);
    let (format, bit_depth) = match &codec {
        b"NONE" | b"none" | b"twos" => (integers(true), Some(bits)),
        b"sowt" => (integers(false), Some(bits)),
        b"raw " => ((bits <= 8).then(|| SampleFormat::byte(Encoding::U8)), Some(bits)),
        b"in24" => (SampleFormat::signed(3, true), Some(24)),
        b"in32" => (SampleFormat::signed(4, true), Some(32)),
        b"42ni" => (SampleFormat::signed(3, false), Some(24)),
        b"23ni" => (SampleFormat::signed(4, false), Some(32)),
        b"fl32" | b"FL32" => (SampleFormat::float(4, true), Some(32)),
        b"fl64" | b"FL64" => (SampleFormat::float(8, true), Some(64)),
        b"alaw" | b"ALAW" => (Some(SampleFormat::byte(Encoding::ALaw)), None),
        b"ulaw" | b"ULAW" => (Some(SampleFormat::byte(Encoding::MuLaw)), None),
        _ => return Ok(None),
    };
    let sample_rate = check_shape(extended_to_f64(rate), channels, &options.limits)?;
    let Some(format) = format else {
        return Err(Error::corrupt(format!("the AIFF header states {bits} bits per sample")));
    };
    Ok(Some(Common { format, bit_depth, sample_rate, channels, frames: u64::from(frames) }))
}

/// The value of an 80-bit IEEE 754 extended float: sign, 15 bits of exponent, 64 bits with the leading one.
fn extended_to_f64(bytes: [u8; 10]) -> f64 {
    let [sign, low, mantissa @ ..] = bytes;
    let exponent = i32::from(u16::from_be_bytes([sign & 0x7F, low]));
    let magnitude = u64::from_be_bytes(mantissa) as f64 * 2_f64.powi(exponent - 16_383 - 63);
    if sign & 0x80 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_bit_rates_are_read() {
        assert_eq!(extended_to_f64([0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]), 44_100.0);
        assert_eq!(extended_to_f64([0x40, 0x0D, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]), 22_050.0);
        assert_eq!(extended_to_f64([0xC0, 0x00, 0x80, 0, 0, 0, 0, 0, 0, 0]), -2.0);
        assert_eq!(extended_to_f64([0; 10]), 0.0);
    }
}
