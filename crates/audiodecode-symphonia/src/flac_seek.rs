use audiodecode_pipeline::{Input, Result};

use crate::flac::FlacHeader;
use crate::flac_frame::{FlacFrame, MAX_HEADER_BYTES};
use crate::flac_reader::find_sync;

/// Bytes looked at around a place; most frames are shorter.
const STEP_BYTES: u64 = 32 << 10;
/// A place with this many bytes before the target is near enough to read on from.
const NEAR_BYTES: u64 = 64 << 10;

/// A frame in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundFrame {
    pub(crate) at: u64,
    pub(crate) start: u64,
}

/// The last frame, or nearly so, that begins at or before a sample. `None` when there is none.
///
/// Bisects the file by the numbers in frame headers: about fifty reads of 32 KiB for an hour, whatever the place. A header
/// counts only when the frame that it promises to follow is found behind it. None either when the numbers do not grow towards the
/// place, as in files that were put together of several.
pub(crate) fn find_frame(input: &Input, header: &FlacHeader, sample: u64) -> Result<Option<FoundFrame>> {
    let (mut low, mut high) = (header.audio_start, input.len());
    let mut best = None;
    while high > low {
        let middle = if high - low > NEAR_BYTES { low + (high - low) / 2 } else { low };
        let found = next_frame(input, header, middle, high)?;
        match found {
            Some((frame, behind)) if frame.start <= sample => {
                best = Some(frame);
                low = behind;
                if high.saturating_sub(low) <= NEAR_BYTES && middle > header.audio_start {
                    break;
                }
            }
            // Too far, or nothing but damage up to the end: the frame lies before.
            _ if middle == low => break,
            _ => high = middle,
        }
    }
    match best {
        Some(frame) if numbers_grow_to(input, header, frame)? => Ok(best),
        _ => Ok(None),
    }
}

/// Looks at places before a frame, each nearer to it than the last, whether their frames have lower numbers.
///
/// Another stream that ends before the frame's own begins shows at one of them: nobody who reads from the start would take the
/// frame for the one with this number. Of two equal streams every frame is found out by the place half way, of more those in the
/// first four fifths.
fn numbers_grow_to(input: &Input, header: &FlacHeader, frame: FoundFrame) -> Result<bool> {
    let mut distance = (frame.at - header.audio_start) / 2;
    while distance > NEAR_BYTES {
        let earlier = next_frame(input, header, frame.at - distance, frame.at)?;
        if earlier.is_some_and(|(earlier, _)| earlier.start >= frame.start && earlier.at < frame.at) {
            return Ok(false);
        }
        distance = distance / 5 * 4;
    }
    Ok(true)
}

/// The first frame that begins in `from..to`, and where the frame behind it begins.
fn next_frame(input: &Input, header: &FlacHeader, from: u64, to: u64) -> Result<Option<(FoundFrame, u64)>> {
    let block_frames = u64::from(header.block_frames);
    let mut buffer = Vec::new();
    let mut first: Option<(FoundFrame, u64)> = None;
    let (mut at, mut done) = (from, false);
    while !done {
        let length = (STEP_BYTES as usize) + MAX_HEADER_BYTES;
        buffer.resize(length, 0);
        let count = input.read_at(at, &mut buffer)?;
        let bytes = &buffer[..count];
        let mut offset = 0;
        while let Some(next) = find_sync(&bytes[offset..]) {
            offset += next;
            if offset as u64 >= STEP_BYTES {
                break;
            }
            let place = at + offset as u64;
            if let Some(frame) = FlacFrame::parse(&bytes[offset..], block_frames) {
                match first {
                    Some((found, end)) if frame.start == end => return Ok(Some((found, place))),
                    _ if place >= to => return Ok(None),
                    _ => first = Some((FoundFrame { at: place, start: frame.start }, frame.end())),
                }
            }
            offset += 1;
        }
        at += STEP_BYTES;
        // One more frame may follow behind the limit.
        done = count < length || (first.is_none() && at >= to) || at >= to.saturating_add(4 << 20);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flac::read_flac_header;

    /// The committed clip is long enough to be bisected.
    fn clip() -> Vec<u8> {
        std::fs::read(format!("{}/../../fixtures/jfk.flac", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    #[test]
    fn every_place_of_a_file_is_found() {
        let input = Input::from_bytes(clip());
        let header = read_flac_header(&input, 0).unwrap();
        for sample in (0..header.total_frames.unwrap()).step_by(9999) {
            let found = find_frame(&input, &header, sample).unwrap().unwrap();
            assert!(found.start <= sample && sample - found.start < 20 * u64::from(header.block_frames));
        }
    }

    #[test]
    fn in_files_put_together_no_frame_of_a_later_one_is_taken_for_one_of_the_first() {
        let clip = clip();
        for (copies, fifths) in [(2, 5), (3, 4), (5, 4)] {
            let input = Input::from_bytes(clip.repeat(copies));
            let header = read_flac_header(&input, 0).unwrap();
            for sample in (0..header.total_frames.unwrap() / 5 * fifths).step_by(9999) {
                let found = find_frame(&input, &header, sample).unwrap();
                assert!(found.is_none_or(|frame| frame.at < clip.len() as u64), "{copies} copies, {sample}");
            }
        }
    }
}
