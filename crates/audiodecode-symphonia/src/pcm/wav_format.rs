use audiodecode_pipeline::{Error, Limits, Result};

use super::bytes::Fields;
use super::sample_format::{Encoding, SampleFormat};
use super::stream::check_shape;
use audiodecode_containers::{layout_of_mask, usual_layout};

const PCM: u16 = 1;
const IEEE_FLOAT: u16 = 3;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
const EXTENSIBLE: u16 = 0xFFFE;
/// The part of a sub-format GUID behind its format tag (KSDATAFORMAT_SUBTYPE_*), as stored little-endian.
const SUBTYPE_LE: [u8; 12] = [0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
const SUBTYPE_BE: [u8; 12] = [0, 0, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
/// Ambisonic B-format's GUID differs from the usual one in its tail.
const AMBISONIC_TAIL: [u8; 12] = [0, 0, 0x21, 7, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0];

/// What a `fmt ` chunk says about samples that are read here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WavFormat {
    pub(super) format: SampleFormat,
    pub(super) bit_depth: Option<u32>,
    pub(super) sample_rate: u32,
    pub(super) channels: u32,
    pub(super) channel_layout: Option<&'static str>,
}

/// Reads a `fmt ` chunk; `None` for a codec of another reader.
pub(super) fn parse_wav_format(chunk: &[u8], big_endian: bool, limits: &Limits) -> Result<Option<WavFormat>> {
    let fields = Fields::new(chunk, big_endian);
    let basic =
        (|| Some((fields.u16(0)?, fields.u16(2)?, fields.u32(4)?, fields.u16(12)?, fields.u16(14)?)))();
    let Some((mut tag, channels, rate, block_align, bits)) = basic else {
        return Err(Error::corrupt("the WAV format chunk is too short"));
    };
    let (channels, block_align, bits) = (u32::from(channels), u32::from(block_align), u32::from(bits));
    let mut valid_bits = bits;
    let mut layout = usual_layout(channels);
    if tag == EXTENSIBLE {
        let Some(subtype) = fields.array::<16>(24) else {
            return Err(Error::corrupt("the extensible WAV format chunk is too short"));
        };
        match sub_format(subtype, big_endian) {
            Some(sub_tag) => tag = sub_tag,
            None => return Ok(None),
        }
        valid_bits = fields.u16(18).map_or(bits, u32::from);
        let mask = fields.u32(20).unwrap_or(0);
        if mask != 0 {
            layout = layout_of_mask(mask, channels);
        }
    }
    if !matches!(tag, PCM | IEEE_FLOAT | A_LAW | MU_LAW) {
        return Ok(None);
    }
    let sample_rate = check_shape(f64::from(rate), channels, limits)?;
    let bytes = container_bytes(block_align, channels, bits)?;
    let (format, bit_depth) = match tag {
        PCM if bytes == 1 => (Some(SampleFormat::byte(Encoding::U8)), depth(valid_bits, bits)),
        PCM => (SampleFormat::signed(bytes, big_endian), depth(valid_bits, bits)),
        IEEE_FLOAT => (SampleFormat::float(bytes, big_endian), Some(bits)),
        A_LAW => (g711(bytes, Encoding::ALaw), None),
        _ => (g711(bytes, Encoding::MuLaw), None),
    };
    let Some(format) = format else {
        return Err(Error::unsupported(format!(
            "WAV samples of {bits} bits in {bytes} bytes (format {tag})"
        )));
    };
    Ok(Some(WavFormat { format, bit_depth, sample_rate, channels, channel_layout: layout }))
}

fn sub_format(guid: [u8; 16], big_endian: bool) -> Option<u16> {
    let tail = &guid[4..];
    if tail != SUBTYPE_LE && tail != SUBTYPE_BE && tail != AMBISONIC_TAIL {
        return None;
    }
    let fields = Fields::new(&guid, big_endian);
    fields.u32(0).and_then(|tag| u16::try_from(tag).ok())
}

/// Bytes of one sample. The block size decides; one that contradicts the bits is a lie about one of them.
fn container_bytes(block_align: u32, channels: u32, bits: u32) -> Result<u32> {
    let needed = bits.div_ceil(8);
    if bits == 0 || bits > 64 {
        return Err(Error::corrupt(format!("the WAV header states {bits} bits per sample")));
    }
    let bytes = if block_align == 0 { needed } else { block_align / channels };
    let fits = block_align == 0 || block_align == bytes * channels;
    // 24 bits are also stored at the top of 32.
    if !fits || (bytes != needed && !(needed == 3 && bytes == 4)) {
        let message = format!(
            "the WAV header states blocks of {block_align} bytes for {channels} channels of {bits} bits"
        );
        return Err(Error::corrupt(message));
    }
    Ok(bytes)
}

fn depth(valid_bits: u32, bits: u32) -> Option<u32> {
    Some(if valid_bits == 0 || valid_bits > bits { bits } else { valid_bits })
}

fn g711(bytes: u32, encoding: Encoding) -> Option<SampleFormat> {
    (bytes == 1).then(|| SampleFormat::byte(encoding))
}
