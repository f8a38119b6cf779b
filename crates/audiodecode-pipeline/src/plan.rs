use audiodecode_dsp::resampled_frame;

use crate::{DecodeRequest, Error, ErrorKind, Limits, Result, SourceInfo};

/// What a [`Chain`](crate::Chain) is going to give, known before anything is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Planes of the output.
    pub channels: u32,
    /// Frames per second of the output.
    pub sample_rate: u32,
    /// Frames of the output; `None` when the source cannot say, or when its estimate exceeds the limits. Never more than
    /// the limits allow, so that this much memory may be reserved.
    pub frames: Option<u64>,
    /// Whether an undamaged file is certain to give exactly `frames`.
    pub frames_exact: bool,
}

impl Plan {
    /// The plan of the chain that reads a source with this `info`. Arithmetic alone: the source itself is not needed, so that
    /// this may be asked where nothing may block.
    ///
    /// Fails as [`Chain::new`](crate::Chain::new) does, but for rates that cannot be converted.
    pub fn new(info: &SourceInfo, request: &DecodeRequest) -> Result<Self> {
        Ok(plan(info, request)?.0)
    }
}

/// Frame numbers beyond this are beyond the end of every file (three years at 192 kHz). Keeps all later arithmetic,
/// ratios of up to 2¹⁴ included, inside 64 bits.
const MAX_FRAME: u64 = 1 << 44;

/// The range of a request on both sides of the resampler, and what is allowed of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutputRange {
    pub(crate) native_start: u64,
    /// One past the last native frame, or beyond every file.
    pub(crate) native_end: u64,
    /// Both are frames of the full signal at the output rate.
    pub(crate) output_start: u64,
    pub(crate) output_end: u64,
    pub(crate) input_rate: u32,
    pub(crate) output_rate: u32,
    /// More output frames than this are an error.
    pub(crate) max_frames: u64,
}

impl OutputRange {
    /// Whether half of the native rate, which is even, is enough for the output.
    pub(crate) fn fits_into_half(self) -> bool {
        self.input_rate.is_multiple_of(2) && self.output_rate <= self.input_rate / 2
    }

    /// Where a native frame lies in the full signal at the output rate.
    pub(crate) fn to_output(self, native: u64) -> u64 {
        resampled_frame(native.min(MAX_FRAME), self.input_rate, self.output_rate)
    }
}

/// Works out the output of a request and holds it against the limits. Reserves nothing.
pub(crate) fn plan(info: &SourceInfo, request: &DecodeRequest) -> Result<(Plan, OutputRange)> {
    check_arguments(info, request)?;
    let limits = &request.limits;
    if info.channels > limits.max_channels {
        let (channels, most) = (info.channels, limits.max_channels);
        return Err(Error::limit(format!("{channels} channels exceed the limit of {most} (maxChannels)")));
    }
    let channels = if request.mono { 1 } else { info.channels };
    let output_rate = request.sample_rate.unwrap_or(info.sample_rate);
    let mut range = OutputRange {
        native_start: request.start_frame.min(MAX_FRAME),
        native_end: request.end_frame.unwrap_or(MAX_FRAME).min(MAX_FRAME),
        output_start: 0,
        output_end: 0,
        input_rate: info.sample_rate,
        output_rate,
        max_frames: max_frames(limits, channels, output_rate),
    };
    range.output_start = range.to_output(range.native_start);
    range.output_end = range.to_output(range.native_end);

    let empty = range.output_start == range.output_end;
    let known_end =
        info.frames.or(request.end_frame).map(|frames| range.to_output(frames).min(range.output_end));
    let mut frames = known_end.map(|end| end.saturating_sub(range.output_start));
    let frames_exact = empty || (info.frames_exact && info.frames.is_some());
    if let Some(count) = frames
        && count > range.max_frames
    {
        if frames_exact {
            return Err(exceeded(limits, channels, output_rate, count));
        }
        // An estimate is no reason to refuse, and none to reserve memory either: decoding enforces the limit.
        frames = None;
    }
    Ok((Plan { channels, sample_rate: output_rate, frames, frames_exact }, range))
}

/// The error for output that is, or has become, longer than the limits allow.
pub(crate) fn exceeded(limits: &Limits, channels: u32, rate: u32, frames: u64) -> Error {
    let seconds = frames as f64 / f64::from(rate);
    if frames > duration_frames(limits, rate) {
        let most = limits.max_duration_seconds;
        return Error::limit(format!(
            "{seconds:.3} s of audio exceed the limit of {most} s (maxDurationSeconds)"
        ));
    }
    let bytes = u128::from(frames) * u128::from(channels) * 4;
    let most = limits.max_output_bytes;
    Error::limit(format!(
        "{bytes} bytes of samples exceed the limit of {most} (maxOutputBytes); read it in blocks"
    ))
}

fn check_arguments(info: &SourceInfo, request: &DecodeRequest) -> Result<()> {
    let invalid = |message: String| Err(Error::new(ErrorKind::InvalidArgument, message));
    if let Some(end) = request.end_frame
        && end < request.start_frame
    {
        return invalid(format!(
            "the range ends at frame {end}, before it starts at {}",
            request.start_frame
        ));
    }
    if request.sample_rate == Some(0) {
        return invalid("the sample rate must be greater than 0".into());
    }
    let seconds = request.limits.max_duration_seconds;
    if seconds.is_nan() || seconds < 0.0 {
        return invalid(format!("the longest duration must be at least 0 s, not {seconds}"));
    }
    if info.sample_rate == 0 || info.channels == 0 {
        let (rate, channels) = (info.sample_rate, info.channels);
        return Err(Error::corrupt(format!("the file says {channels} channels at {rate} Hz")));
    }
    Ok(())
}

fn max_frames(limits: &Limits, channels: u32, rate: u32) -> u64 {
    let by_bytes = limits.max_output_bytes / (4 * u64::from(channels));
    by_bytes.min(duration_frames(limits, rate))
}

fn duration_frames(limits: &Limits, rate: u32) -> u64 {
    // `as` saturates, also for an infinite limit.
    (limits.max_duration_seconds * f64::from(rate)).floor() as u64
}
