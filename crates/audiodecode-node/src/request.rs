use audiodecode_pipeline::{CancelFlag, DecodeRequest, Limits, OnDamage, OpenOptions, Quality, ThreadBudget};
use napi_derive::napi;

use crate::pool::Pool;

/// Bounds that hold before memory is reserved. Infinity lifts one.
#[napi(object)]
pub struct NativeLimits {
    /// Bytes of input.
    pub max_input_bytes: f64,
    /// Bytes of decoded samples.
    pub max_output_bytes: f64,
    /// Seconds of decoded samples.
    pub max_duration_seconds: f64,
    /// Channels of the source.
    pub max_channels: f64,
}

/// How to open a file.
#[napi(object)]
pub struct NativeOpenOptions {
    /// Audio track, counted from 0.
    pub track: Option<u32>,
    /// Whether to make the number of frames exact, whatever it costs.
    pub scan: bool,
    /// Most threads that read it through.
    pub threads: u32,
    /// Checked while opening.
    pub limits: NativeLimits,
}

/// What to decode. Frames are whole numbers at the native rate.
#[napi(object)]
pub struct NativeRequest {
    /// First frame.
    pub start_frame: f64,
    /// One past the last frame; absent: the end.
    pub end_frame: Option<f64>,
    /// Output rate in Hz; absent: the file's own.
    pub sample_rate: Option<u32>,
    /// Average the channels.
    pub mono: bool,
    /// Whether faster resampling will do.
    pub fast: bool,
    /// Most threads that decode it.
    pub threads: u32,
    /// Whether damage inside the range is an error.
    pub fail_on_damage: bool,
    /// Bounds on the output.
    pub limits: NativeLimits,
}

// `as` between floats and integers saturates: Infinity is the largest number, NaN is 0.
impl From<NativeLimits> for Limits {
    fn from(limits: NativeLimits) -> Self {
        Self {
            max_input_bytes: limits.max_input_bytes as u64,
            max_output_bytes: limits.max_output_bytes as u64,
            max_duration_seconds: limits.max_duration_seconds,
            max_channels: limits.max_channels as u32,
        }
    }
}

impl NativeOpenOptions {
    pub(crate) fn with_cancel(self, cancel: CancelFlag) -> OpenOptions {
        let helpers = (self.threads > 1).then(|| Pool::shared() as &'static dyn ThreadBudget);
        OpenOptions { track: self.track, limits: self.limits.into(), cancel, helpers }
    }
}

impl NativeRequest {
    pub(crate) fn with_cancel(self, cancel: CancelFlag) -> DecodeRequest {
        DecodeRequest {
            start_frame: self.start_frame as u64,
            end_frame: self.end_frame.map(|frame| frame as u64),
            sample_rate: self.sample_rate,
            mono: self.mono,
            quality: if self.fast { Quality::Fast } else { Quality::Best },
            on_damage: if self.fail_on_damage { OnDamage::Error } else { OnDamage::Conceal },
            limits: self.limits.into(),
            cancel,
        }
    }
}
