use audiodecode_pipeline::{Gapless, GaplessSource};

use crate::engine::Facts;
use crate::names;
use crate::ogg_pages::OggPages;

/// Frames that the container says the track has, padding included where it counts that. An estimate, unless [`is_counted`].
pub(crate) fn promised(facts: &Facts) -> Option<u64> {
    let (ticks, (numerator, denominator)) = facts.length?;
    if numerator == 0 || denominator == 0 {
        return None;
    }
    let frames = u128::from(ticks) * u128::from(numerator) * u128::from(facts.sample_rate);
    u64::try_from((frames + u128::from(denominator) / 2) / u128::from(denominator)).ok()
}

/// Whether the container counts the samples of its track, so that fewer of them are a truncated file.
pub(crate) fn is_counted(facts: &Facts) -> bool {
    match names::container(&facts.demuxer) {
        "wav" | "w64" | "aiff" | "caf" | "au" => facts.codec.starts_with("pcm_"),
        "flac" | "tta" | "wavpack" | "mp4" => true,
        _ => false,
    }
}

/// Whether the container places its packets to the sample, so that a gap between them is lost sound. FFmpeg guesses wrongly where
/// long and short blocks of Vorbis meet, so that its places count where pages are known to be lost.
pub(crate) fn is_placed(facts: &Facts, pages: Option<&OggPages>) -> bool {
    match names::container(&facts.demuxer) {
        "ogg" => facts.codec != "vorbis" || pages.is_some_and(|pages| !pages.damaged.is_empty()),
        container => container == "flac",
    }
}

/// Where the last page of an Ogg file ends Vorbis: FFmpeg does not cut a file of a page or two. Nothing where streams follow each
/// other, or start late.
pub(crate) fn ogg_end(facts: &Facts, pages: &OggPages) -> Option<u64> {
    let whole = pages.single && pages.ended && facts.codec == "vorbis";
    (whole && promised(facts) == Some(pages.last_granule)).then_some(pages.last_granule)
}

/// Whether an MP3 ends before the samples that its tag counts.
pub(crate) fn is_short_mp3(counted: u64, frames: u64, trimmed: Gapless) -> bool {
    frames + trimmed.start_frames + trimmed.end_frames < counted
}

/// Frames before the signal that FFmpeg leaves: it gives those of a fragmented MP4 times below zero instead of dropping them.
pub(crate) fn lead(facts: &Facts, place: Option<i64>) -> u64 {
    let negative = place.filter(|&place| place < 0).map_or(0, i64::unsigned_abs);
    let is_mp4 = names::container(&facts.demuxer) == "mp4";
    if is_mp4 && negative <= u64::from(facts.sample_rate) { negative } else { 0 }
}

/// Where the signal ends although the decoder goes on, and who says so. FFmpeg drops whole packets behind an MP4's signal and
/// leaves what the last one holds too much.
pub(crate) fn end(facts: &Facts, trimmed: Gapless) -> Option<(u64, GaplessSource)> {
    if names::container(&facts.demuxer) != "mp4" || trimmed.start_frames == 0 {
        return None;
    }
    let smpb = facts.tags.iter().find(|(key, _)| key.eq_ignore_ascii_case("iTunSMPB"));
    let smpb = smpb.and_then(|(_, value)| smpb_length(value, trimmed.start_frames));
    match (smpb, promised(facts)) {
        (Some(length), Some(edited)) if length.abs_diff(edited) <= u64::from(facts.sample_rate) / 10 => {
            Some((length, GaplessSource::EditList))
        }
        (Some(length), _) => Some((length, GaplessSource::ITunSmpb)),
        (None, edited) => edited.map(|edited| (edited, GaplessSource::EditList)),
    }
}

/// The end to the frame: the edit list counts in ticks of the movie, often milliseconds, and the table of packets, which is exact,
/// gives the length where it agrees.
pub(crate) fn sharpen(facts: &Facts, end: u64, (ticks, timescale): (u64, u32), trimmed: Gapless) -> u64 {
    let frames = u128::from(ticks) * u128::from(facts.sample_rate) / u128::from(timescale.max(1));
    let table = u64::try_from(frames).unwrap_or(u64::MAX).saturating_sub(trimmed.start_frames);
    let tick = u64::from(facts.sample_rate) / 1000 + 2;
    if table.abs_diff(end) <= tick { table } else { end }
}

/// Length of the signal by iTunes' tag (`00000000 00000840 000001CA 00000000003F31F6 …`), if its delay is the one removed.
fn smpb_length(tag: &str, delay: u64) -> Option<u64> {
    let mut numbers = tag.split_ascii_whitespace().skip(1).map(|word| u64::from_str_radix(word, 16).ok());
    let (said, _, length) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (said == delay && length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mp4(ticks: u64) -> Facts {
        Facts {
            demuxer: "mov,mp4,m4a,3gp,3g2,mj2".into(),
            sample_rate: 44_100,
            length: Some((ticks, (1, 44_100))),
            ..Facts::default()
        }
    }

    const DELAYED: Gapless = Gapless { source: GaplessSource::EditList, start_frames: 2112, end_frames: 0 };

    #[test]
    fn an_edited_mp4_ends_where_its_edit_does_and_another_where_its_packets_do() {
        assert_eq!(end(&mp4(22_050), DELAYED), Some((22_050, GaplessSource::EditList)));
        assert_eq!(end(&mp4(22_050), Gapless::default()), None);
        let matroska = Facts { demuxer: "matroska,webm".into(), ..mp4(22_050) };
        assert_eq!(end(&matroska, DELAYED), None);
    }

    #[test]
    fn the_length_of_itunes_is_taken_with_its_delay_only() {
        let mut facts = mp4(99_000);
        let tag = "00000000 00000840 000001CA 00000000000056D6 00000000";
        facts.tags = vec![("iTunSMPB".into(), tag.into())];
        // 0x840 = 2112, 0x56D6 = 22230.
        assert_eq!(end(&facts, DELAYED), Some((22_230, GaplessSource::ITunSmpb)));
        assert_eq!(
            end(&facts, Gapless { start_frames: 1024, ..DELAYED }),
            Some((99_000, GaplessSource::EditList))
        );
        assert_eq!(smpb_length("00000000 00000840", 2112), None);
    }

    #[test]
    fn the_table_of_packets_sharpens_an_edit_of_milliseconds() {
        assert_eq!(sharpen(&mp4(0), 22_050, (22_049 + 2112, 44_100), DELAYED), 22_049);
        assert_eq!(sharpen(&mp4(0), 22_050, (23_000 + 2112, 44_100), DELAYED), 22_050);
    }

    #[test]
    fn times_below_zero_are_a_lead_in_mp4_alone() {
        assert_eq!(lead(&mp4(1), Some(-1024)), 1024);
        assert_eq!(lead(&mp4(1), Some(1024)), 0);
        assert_eq!(lead(&mp4(1), Some(i64::MIN + 1)), 0);
        let matroska = Facts { demuxer: "matroska,webm".into(), ..mp4(1) };
        assert_eq!(lead(&matroska, Some(-7)), 0);
    }

    #[test]
    fn vorbis_ends_with_its_last_page_and_a_stream_that_starts_late_or_is_followed_does_not() {
        let facts = Facts { demuxer: "ogg".into(), codec: "vorbis".into(), ..mp4(6_000) };
        let pages = |single, last_granule| OggPages { single, ended: true, last_granule, damaged: vec![] };
        assert_eq!(ogg_end(&facts, &pages(true, 6_000)), Some(6_000));
        assert_eq!(ogg_end(&facts, &pages(false, 6_000)), None);
        assert_eq!(ogg_end(&facts, &pages(true, 7_000)), None);
    }

    #[test]
    fn an_mp3_is_short_when_the_frames_of_its_tag_are_not_there() {
        let lame = Gapless { source: GaplessSource::Lame, start_frames: 1105, end_frames: 1037 };
        assert!(!is_short_mp3(24_192, 22_050, lame));
        assert!(is_short_mp3(24_192, 22_049, lame));
        assert!(is_short_mp3(24_192, 22_050, Gapless { end_frames: 0, ..lame }));
    }

    #[test]
    fn ticks_become_frames_to_the_nearest_and_a_clock_of_zero_tells_nothing() {
        let facts = Facts { length: Some((501, (1, 1000))), ..mp4(0) };
        assert_eq!(promised(&facts), Some(22_094));
        assert_eq!(promised(&Facts { length: Some((501, (1, 0))), ..facts }), None);
    }
}
