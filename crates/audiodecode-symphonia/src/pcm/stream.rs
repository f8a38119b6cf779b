use audiodecode_pipeline::{Error, Limits, Result};

use super::sample_format::SampleFormat;

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

/// Rate and channels that make sense within the limits.
pub(super) fn check_shape(sample_rate: f64, channels: u32, limits: &Limits) -> Result<u32> {
    if !(sample_rate >= 0.5 && sample_rate <= 4_294_967_295.0) {
        return Err(Error::corrupt(format!("the header states a sample rate of {sample_rate} Hz")));
    }
    if channels == 0 {
        return Err(Error::corrupt("the header states 0 channels"));
    }
    if channels > limits.max_channels {
        let message = format!("the file has {channels} channels, limits.maxChannels is {}", limits.max_channels);
        return Err(Error::limit(message));
    }
    Ok(sample_rate.round() as u32)
}
