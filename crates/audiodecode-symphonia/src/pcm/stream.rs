use audiodecode_pipeline::{Error, Input, Limits, Result};

use super::sample_format::SampleFormat;
use super::wav_format::WavFormat;

/// Where a file's samples are and what they mean: all that a header says, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PcmStream {
    pub(super) container: &'static str,
    pub(super) format: SampleFormat,
    /// Bits that carry signal.
    pub(super) bit_depth: Option<u32>,
    pub(super) sample_rate: u32,
    pub(super) channels: u32,
    pub(super) channel_layout: Option<&'static str>,
    /// First byte of the samples.
    pub(super) data_start: u64,
    /// Whole frames that are in the file.
    pub(super) frames: u64,
    /// Frames that the header claims; `None` when it leaves the length open.
    pub(super) claimed_frames: Option<u64>,
    pub(super) tags: Vec<(String, String)>,
}

impl PcmStream {
    /// What a `fmt ` chunk and the place and claimed size of the data say, bounded by the file.
    pub(super) fn of_wav(
        input: &Input,
        container: &'static str,
        format: WavFormat,
        data_start: u64,
        claimed_bytes: Option<u64>,
    ) -> Self {
        let frame_bytes = format.format.bytes() as u64 * u64::from(format.channels);
        let there = input.len().saturating_sub(data_start);
        Self {
            container,
            format: format.format,
            bit_depth: format.bit_depth,
            sample_rate: format.sample_rate,
            channels: format.channels,
            channel_layout: format.channel_layout,
            data_start,
            frames: claimed_bytes.map_or(there, |claimed| claimed.min(there)) / frame_bytes,
            claimed_frames: claimed_bytes.map(|claimed| claimed / frame_bytes),
            tags: Vec::new(),
        }
    }
}

/// Rate and channels that make sense within the limits.
pub(super) fn check_shape(sample_rate: f64, channels: u32, limits: &Limits) -> Result<u32> {
    if !(0.5..=4_294_967_295.0).contains(&sample_rate) {
        return Err(Error::corrupt(format!("the header states a sample rate of {sample_rate} Hz")));
    }
    if channels == 0 {
        return Err(Error::corrupt("the header states 0 channels"));
    }
    if channels > limits.max_channels {
        let message =
            format!("the file has {channels} channels, limits.maxChannels is {}", limits.max_channels);
        return Err(Error::limit(message));
    }
    Ok(sample_rate.round() as u32)
}
