use audiodecode_pipeline::{Gapless, GaplessSource, Input, SourceInfo};

use crate::channel_order::layout_name;
use crate::ffi::Count;
use crate::format::Format;
use crate::handle::Handle;
use crate::mpeg_tag::read_mpeg_tag;
use crate::ogg_pages::opus_pre_skip;
use crate::promised::{gsm_frames, promised_frames};
use crate::tags::read_tags;

/// Frames that a byte of compressed audio gives at most: a block of silence of FLAC has 65,535 in 14 bytes. Who claims more is
/// not believed, so that no memory is reserved for it.
const MAX_FRAMES_PER_BYTE: u64 = 8192;

/// What libsndfile says of an open file, in our names.
pub(crate) fn describe(handle: &mut Handle, format: &Format, input: &Input) -> SourceInfo {
    let channels = handle.channels() as u32;
    let sample_rate = handle.info.sample_rate.unsigned_abs();
    let log = handle.log();
    let mut claimed = claimed_frames(handle.info.frames);
    if let ("wav", "gsm", Some(blocks)) = (format.container, format.codec, gsm_frames(&log)) {
        claimed = claimed.map(|frames| frames.min(blocks));
    }
    let frames = claimed.filter(|&frames| frames <= most_frames(format, channels, input.len()));
    let (frames_exact, gapless, mut expected_frames) = length_facts(format, input, claimed);
    if let Some(frames) = frames {
        let promised = promised_frames(&log, format, u64::from(channels), frames);
        expected_frames = promised.or(expected_frames);
    }
    SourceInfo {
        container: format.container.to_owned(),
        codec: format.codec.to_owned(),
        sample_rate,
        channels,
        channel_layout: layout_name(format.codec, channels, handle.channel_map().as_deref())
            .map(str::to_owned),
        bit_depth: format.bit_depth,
        // Of compressed audio libsndfile does not say how many of the file's bytes are audio.
        bit_rate: format
            .stored_bits
            .map(|bits| u64::from(bits) * u64::from(channels) * u64::from(sample_rate)),
        frames,
        frames_exact: frames_exact && frames.is_some(),
        expected_frames,
        gapless,
        tracks: 1,
        tags: read_tags(handle),
    }
}

/// libsndfile says `SF_COUNT_MAX` for what it does not know.
fn claimed_frames(frames: Count) -> Option<u64> {
    u64::try_from(frames).ok().filter(|&frames| frames < Count::MAX as u64)
}

fn most_frames(format: &Format, channels: u32, bytes: u64) -> u64 {
    match format.stored_bits {
        Some(bits) => (bytes * 8) / (u64::from(bits) * u64::from(channels)).max(1),
        None => bytes.saturating_mul(MAX_FRAMES_PER_BYTE),
    }
}

/// Whether the length is certain, what was trimmed, and what was promised.
fn length_facts(format: &Format, input: &Input, claimed: Option<u64>) -> (bool, Gapless, Option<u64>) {
    if format.is_mpeg() {
        // Without a tag mpg123 divides the bytes of the file by those of the first frames.
        let tag = read_mpeg_tag(input);
        return (tag.has_length, tag.gapless, claimed.filter(|_| tag.has_length));
    }
    let gapless = match format.codec {
        "opus" => Gapless {
            source: GaplessSource::Opus,
            start_frames: opus_pre_skip(input).unwrap_or(0),
            end_frames: 0,
        },
        "vorbis" => Gapless { source: GaplessSource::Ogg, ..Gapless::default() },
        _ => Gapless::default(),
    };
    let counted = format.exact_seek
        || matches!(format.codec, "vorbis" | "opus" | "flac" | "alac" | "adpcm_ima" | "adpcm_ms" | "gsm");
    (counted, gapless, claimed)
}
