use audiodecode_pipeline::{Error, GaplessSource, Result};

use crate::packet::Trim;
use audiodecode_containers::{Mp4, Mp4Track};

/// Which part of a track's decoded frames is the signal, and who says so.
///
/// The edit list counts its length in movie ticks, often milliseconds. The sample table and iTunes' tag are exact, so
/// where they agree with the edit to within a tick, they give the length.
pub(crate) fn mp4_trim(mp4: &Mp4, track: &Mp4Track, rate: u32) -> Result<(Trim, GaplessSource)> {
    let media = |ticks: u64| rescale(ticks, rate, track.timescale);
    if track.edits.is_empty() || track.timescale == 0 || mp4.movie_timescale == 0 {
        return Ok(match mp4.smpb {
            Some((delay, length)) => (Trim { start: delay, keep: Some(length) }, GaplessSource::ITunSmpb),
            None => (Trim::default(), GaplessSource::None),
        });
    }
    let movie = |ticks: u64| rescale(ticks, rate, mp4.movie_timescale);
    let tick = movie(1).max(1) + 1;
    let (mut length_ticks, start_ticks) = track.edits[0];
    for pair in track.edits.windows(2) {
        // One edit cut into several that follow each other is still one.
        let end = media(pair[0].1).saturating_add(movie(pair[0].0));
        if end.abs_diff(media(pair[1].1)) > tick {
            return Err(Error::unsupported(
                "the MP4 edit list cuts the audio into pieces, which is not done by this backend; use @audiodecode/backend-ffmpeg",
            ));
        }
        length_ticks = length_ticks.saturating_add(pair[1].0);
    }
    let start = media(start_ticks);
    if length_ticks == 0 {
        return Ok((Trim { start, keep: None }, GaplessSource::EditList));
    }
    let edited = movie(length_ticks);
    let table = media(track.ticks).saturating_sub(start);
    let close = |exact: u64| exact.abs_diff(edited) <= tick;
    let keep = match mp4.smpb {
        Some((delay, length)) if delay == start && close(length) => length,
        _ if track.ticks > 0 && close(table) => table,
        _ => edited,
    };
    let trims = start > 0 || table > keep;
    let source = if trims || track.ticks == 0 { GaplessSource::EditList } else { GaplessSource::None };
    Ok((Trim { start, keep: Some(keep) }, source))
}

/// Ticks of a clock as frames, rounded.
pub(crate) fn rescale(ticks: u64, rate: u32, timescale: u32) -> u64 {
    let scale = u128::from(timescale.max(1));
    ((u128::from(ticks) * u128::from(rate) + scale / 2) / scale).min(1 << 62) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(edits: &[(u64, u64)], ticks: u64, smpb: Option<(u64, u64)>) -> (Mp4, Mp4Track) {
        let track = Mp4Track { timescale: 44_100, edits: edits.to_vec(), ticks, ..Mp4Track::default() };
        (Mp4 { movie_timescale: 1000, smpb, ..Mp4::default() }, track)
    }

    #[test]
    fn the_length_is_exact_although_the_edit_counts_milliseconds() {
        // 22,049 frames are 499.98 ms: the edit says 500, the sample table 1,024 + 22,049.
        let (mp4, track) = file(&[(500, 1024)], 23_073, None);
        let (trim, source) = mp4_trim(&mp4, &track, 44_100).expect("trim");
        assert_eq!((trim.start, trim.keep, source), (1024, Some(22_049), GaplessSource::EditList));
        let (mp4, track) = file(&[(500, 2112)], 24 * 1024, Some((2112, 22_040)));
        assert_eq!(mp4_trim(&mp4, &track, 44_100).expect("trim").0.keep, Some(22_040));
    }

    #[test]
    fn the_itunes_tag_counts_where_there_is_no_edit_list() {
        let (mp4, track) = file(&[], 24 * 1024, Some((2112, 22_050)));
        let (trim, source) = mp4_trim(&mp4, &track, 44_100).expect("trim");
        assert_eq!((trim.start, trim.keep, source), (2112, Some(22_050), GaplessSource::ITunSmpb));
    }

    #[test]
    fn edits_that_follow_each_other_are_one_and_cuts_are_refused() {
        let (mp4, track) = file(&[(200, 1024), (300, 1024 + 8820)], 0, None);
        assert_eq!(mp4_trim(&mp4, &track, 44_100).expect("trim").0.keep, Some(22_050));
        let (mp4, track) = file(&[(200, 1024), (300, 0)], 0, None);
        assert!(mp4_trim(&mp4, &track, 44_100).is_err());
    }
}
