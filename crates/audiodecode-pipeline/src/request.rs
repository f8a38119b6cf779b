use crate::{CancelFlag, ThreadBudget};

/// What damaged data does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDamage {
    /// Fill with silence, go on, report.
    #[default]
    Conceal,
    /// Fail with `Corrupt` at the first damaged place inside the requested range.
    Error,
}

/// How good resampling has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// At least soxr HQ.
    #[default]
    Best,
    /// Transparent at 16 bit; may be faster.
    Fast,
}

/// Bounds that hold before memory is reserved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes of input.
    pub max_input_bytes: u64,
    /// Bytes of decoded samples that one chain gives. Who reads in blocks and keeps none of them sets `u64::MAX`.
    pub max_output_bytes: u64,
    /// Length of the decoded signal.
    pub max_duration_seconds: f64,
    /// Channels of the source.
    pub max_channels: u32,
}

impl Default for Limits {
    /// The defaults of the JavaScript API.
    fn default() -> Self {
        Self {
            max_input_bytes: 4 << 30,
            max_output_bytes: 4 << 30,
            max_duration_seconds: 86_400.0,
            max_channels: 64,
        }
    }
}

/// How to open a file.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Audio track of a container with several, counted from 0 among the audio tracks. Default: its default track.
    pub track: Option<u32>,
    /// Checked while opening.
    pub limits: Limits,
    /// Stops a long scan.
    pub cancel: CancelFlag,
    /// Lends a thread to read ahead where a long file is read through; without it one thread does.
    pub helpers: Option<&'static dyn ThreadBudget>,
}

/// What to decode and into what.
#[derive(Clone, Debug, Default)]
pub struct DecodeRequest {
    /// First native frame, after gapless trim.
    pub start_frame: u64,
    /// One past the last native frame; `None` is the end. Beyond the end is the end.
    pub end_frame: Option<u64>,
    /// Output rate in Hz; `None` keeps the file's own.
    pub sample_rate: Option<u32>,
    /// Average the channels.
    pub mono: bool,
    /// How good resampling has to be.
    pub quality: Quality,
    /// What damaged data does.
    pub on_damage: OnDamage,
    /// Bounds on the output.
    pub limits: Limits,
    /// Stops the work.
    pub cancel: CancelFlag,
}
