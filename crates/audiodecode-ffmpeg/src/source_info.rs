use audiodecode_pipeline::{Gapless, GaplessSource, Input, SourceInfo};

use crate::engine::Facts;
use crate::{form, lame_tag, names, tags, trim};

/// What is known of an opened file. `lead` is what is dropped before the signal, `end` where it is known to end.
pub(crate) fn describe(
    facts: &Facts,
    gapless: Gapless,
    lead: u64,
    end: Option<u64>,
    input: &Input,
) -> SourceInfo {
    // Ogg and MP3 count the encoder's delay, and MP3 its padding.
    let padding = match gapless.source {
        GaplessSource::Opus => gapless.start_frames,
        GaplessSource::Lame => gapless.start_frames + lame_tag::end_padding(input).unwrap_or(0),
        _ => lead,
    };
    let expected = end.or(trim::promised(facts).map(|frames| frames.saturating_sub(padding)));
    let container = match form::magic(input) {
        Some(magic) if &magic == b"RF64" => "rf64",
        Some(magic) if &magic == b"BW64" => "bw64",
        _ => names::container(&facts.demuxer),
    };
    SourceInfo {
        container: container.into(),
        codec: names::codec(facts),
        sample_rate: facts.sample_rate,
        channels: facts.channels,
        channel_layout: facts.layout.clone(),
        bit_depth: facts.bit_depth,
        bit_rate: facts.bit_rate,
        frames: expected,
        frames_exact: false,
        expected_frames: expected.filter(|_| trim::is_counted(facts)),
        gapless,
        tracks: facts.tracks,
        tags: tags::tags(&facts.tags),
    }
}
