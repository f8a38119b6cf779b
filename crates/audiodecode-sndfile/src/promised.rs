//! What the header of a cut file promised. libsndfile shortens the length to what is there and tells only its log.

use crate::format::Format;

/// Lengths that writers leave when they do not know them (streams): no promise.
const UNKNOWN_LENGTHS: std::ops::RangeInclusive<u64> = 0x7FFF_F000..=u64::MAX;

/// Frames that were promised, when they are more than the `frames` that are there.
pub(crate) fn promised_frames(log: &str, format: &Format, channels: u64, frames: u64) -> Option<u64> {
    let frame_bytes =
        format.stored_bits.map(|bits| u64::from(bits / 8) * channels).filter(|&bytes| bytes > 0);
    let promised = log.lines().find_map(|line| {
        if let Some(rest) = line.trim().split("does not match value from 'ds64' chunk of ").nth(1) {
            return rest.trim_end_matches('.').parse::<u64>().ok();
        }
        if let ("caf", Some(stated)) = (format.container, line.strip_prefix("data : ")) {
            // Four bytes count edits. The parser does not say how much of it there is.
            let stated: u64 =
                stated.trim().parse().ok().filter(|stated| !UNKNOWN_LENGTHS.contains(stated))?;
            return Some(stated.saturating_sub(4) / frame_bytes?);
        }
        let (name, stated, there) = shortened(line)?;
        let (stated, there) = match (format.container, name) {
            ("aiff", "SSND") => (stated.saturating_sub(8), there.saturating_sub(8)),
            // Wave64 tells the length of the whole file alone.
            ("w64", "riff") | (_, "data" | "Data Size" | "BODY") => (stated, there),
            _ => return None,
        };
        let missing = stated.checked_sub(there)?;
        Some(match frame_bytes {
            Some(frame_bytes) => frames.saturating_add(missing.div_ceil(frame_bytes)),
            // Of blocks of compressed samples it is known how many bytes there are, and how many frames they gave.
            None => scale(frames, stated, there)?,
        })
    })?;
    (promised > frames).then_some(promised)
}

/// Frames in the whole blocks of GSM in WAV: of a last one that is not there libsndfile makes 320 more.
pub(crate) fn gsm_frames(log: &str) -> Option<u64> {
    const BLOCK_BYTES: u64 = 65;
    const BLOCK_FRAMES: u64 = 320;
    let bytes: u64 = log.lines().find_map(|line| line.strip_prefix("data : "))?.trim().parse().ok()?;
    Some((bytes / BLOCK_BYTES).saturating_mul(BLOCK_FRAMES))
}

/// `name : stated (should be there)`.
fn shortened(line: &str) -> Option<(&str, u64, u64)> {
    let (name, rest) = line.split_once(" : ")?;
    let (stated, there) = rest.split_once(" (should be ")?;
    let stated = stated.trim().parse().ok().filter(|stated| !UNKNOWN_LENGTHS.contains(stated))?;
    Some((name.trim(), stated, there.trim_end().trim_end_matches(')').parse().ok()?))
}

fn scale(frames: u64, stated: u64, there: u64) -> Option<u64> {
    let scaled = u128::from(frames) * u128::from(stated) / u128::from(there.max(1));
    u64::try_from(scaled).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(container: &'static str) -> Format {
        Format { container, codec: "pcm_s16le", stored_bits: Some(16), bit_depth: Some(16), exact_seek: true }
    }

    #[test]
    fn the_missing_bytes_of_a_cut_file_are_counted_in_frames() {
        let log = "RIFF : 88236 (should be 52938)\ndata : 88200 (should be 52902)\n";
        // (88200 - 52902) / 4 is 8824.5: the frame that was cut in two is missing too.
        assert_eq!(promised_frames(log, &stored("wav"), 2, 13_225), Some(13_225 + 8_825));
        let log = " SSND : 88208 (should be 52906)\n";
        assert_eq!(promised_frames(log, &stored("aiff"), 2, 13_224), Some(22_050));
        assert_eq!(promised_frames("data : 17644\n", &stored("caf"), 2, 4_409), Some(4_410));
        let log = "riff : 88304 (should be 52982)\n";
        assert_eq!(promised_frames(log, &stored("w64"), 2, 13_219), Some(22_050));
        let log = "*** Calculated frame count 13219 does not match value from 'ds64' chunk of 22050.\n";
        assert_eq!(promised_frames(log, &stored("rf64"), 2, 13_219), Some(22_050));
    }

    #[test]
    fn blocks_of_gsm_are_counted_whole() {
        assert_eq!(gsm_frames("fact : 4\ndata : 1626\n"), Some(8000));
        assert_eq!(gsm_frames("data : 18446744073709551615\n"), Some(u64::MAX));
        assert_eq!(gsm_frames("data : -1\n"), None);
    }

    #[test]
    fn a_wrong_size_of_the_whole_or_an_unknown_one_is_no_promise() {
        assert_eq!(promised_frames("RIFF : 88236 (should be 52938)\n", &stored("wav"), 2, 10), None);
        assert_eq!(promised_frames("data : 4294967295 (should be 88200)\n", &stored("wav"), 2, 10), None);
        assert_eq!(promised_frames("data : 100 (should be 88200)\n", &stored("wav"), 2, 10), None);
        assert_eq!(promised_frames("data : 88200\n", &stored("wav"), 2, 10), None);
    }
}
