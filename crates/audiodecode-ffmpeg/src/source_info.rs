use audiodecode_pipeline::{Gapless, GaplessSource, Input, SourceInfo};

use crate::engine::Facts;
use crate::lame_tag::LameTag;
use crate::{form, names, tags, trim};

/// What is known of an opened file. `lead` is what is dropped before the signal, `end` where it is known to end, `tag` what an MP3
/// says of itself.
pub(crate) fn describe(
    facts: &Facts,
    gapless: Gapless,
    lead: u64,
    end: Option<u64>,
    tag: Option<LameTag>,
    input: &Input,
) -> SourceInfo {
    // Ogg and MP3 count the encoder's delay, and MP3 its padding.
    let padding = match gapless.source {
        GaplessSource::Opus => gapless.start_frames,
        GaplessSource::Lame => gapless.start_frames + tag.map_or(0, |tag| tag.end_padding),
        _ => lead,
    };
    let promised = tag.and_then(|tag| tag.samples(facts.sample_rate)).or(trim::promised(facts));
    let expected = end.or(promised.map(|frames| frames.saturating_sub(padding)));
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
