use audiodecode_pipeline::{Gapless, GaplessSource};

use super::frame_index::FrameIndex;
use super::vbr_tag::VbrTag;

/// What every decoder of layer III adds before the signal: 528 samples of filter bank and one more by convention.
const DECODER_DELAY: u64 = 529;

/// Which part of the decoded frames is the signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trim {
    /// Frames of the signal.
    pub(super) frames: u64,
    /// What is removed around it.
    pub(super) gapless: Gapless,
    /// Frames that the tag promised.
    pub(super) expected: Option<u64>,
    /// Whether the file ends before the tag says.
    pub(super) truncated: bool,
}

/// Weighs the tag against the frames that are there.
///
/// Without a LAME extension nothing is removed: what was there before the encoder is unknown, and what is cut is lost.
/// Padding is removed only where the tag's last frame is also the stream's last: not from a cut file, not from joined
/// ones. A frame count that is too high is believed to be a cut only when the tag's byte count says so too, since some
/// encoders count the tag itself.
pub(super) fn trim_of(index: &FrameIndex, tag: Option<VbrTag>) -> Trim {
    let samples = u64::from(index.header.samples());
    let present = index.frames.len() as u64;
    let decoded = present * samples;
    let Some(tag) = tag else {
        return Trim { frames: decoded, truncated: index.ends_inside_frame, ..Trim::default() };
    };
    let bytes_there = index.audio_bytes + index.tag_frame.map_or(0, |frame| frame.length() as u64);
    let missing_bytes = tag.bytes.is_none_or(|bytes| bytes > bytes_there);
    let truncated =
        index.ends_inside_frame || (missing_bytes && tag.frames.is_some_and(|count| count > present));
    let promised = match tag.frames {
        Some(count) if count > present && !truncated => Some(present),
        count => count,
    };
    let (delay, padding) = tag.delay_padding.map_or((0, 0), |(d, p)| (u64::from(d), u64::from(p)));
    let start = if tag.delay_padding.is_some() { (delay + DECODER_DELAY).min(decoded) } else { 0 };
    let signal = |count: u64| count.saturating_mul(samples).saturating_sub(delay + padding);
    let frames = match promised {
        Some(count) if count == present => signal(count).min(decoded - start),
        _ => decoded - start,
    };
    let source = if tag.delay_padding.is_some() { GaplessSource::Lame } else { GaplessSource::None };
    Trim {
        frames,
        gapless: Gapless { source, start_frames: start, end_frames: decoded - start - frames },
        expected: promised.map(signal),
        truncated,
    }
}
