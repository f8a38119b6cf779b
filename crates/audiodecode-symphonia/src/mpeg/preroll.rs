use audiodecode_pipeline::Result;

use super::frame_decoder::{FrameDecoder, Outcome};
use super::frame_index::FrameIndex;
use super::window::Window;

/// `main_data_begin` has nine bits (ISO/IEC 11172-3 §2.4.1.7): nothing older than this many bytes can be borrowed.
const RESERVOIR_BYTES: usize = 511;
/// Header, checksum and the largest side information: what a frame cannot lend to later ones.
const MAX_OVERHEAD: usize = 4 + 2 + 32;
/// Frames after which overlap and filter bank no longer depend on what was before: two granules, or in layer I two
/// frames; one more for certainty.
const SETTLING_FRAMES: usize = 3;

/// Brings the decoder into the state in which decoding from the first frame would reach `target`. Returns whether a frame
/// before it decodes.
///
/// It begins far enough back that the bit reservoir is complete before the last [`SETTLING_FRAMES`] frames that decode,
/// further back when frames there fail or code one channel of two, and at the nearest gap, where all state ends anyway.
pub(super) fn prepare(
    decoder: &mut FrameDecoder,
    window: &mut Window,
    index: &FrameIndex,
    target: usize,
    stereo: bool,
) -> Result<bool> {
    let mut margin = SETTLING_FRAMES;
    loop {
        let settled_from = target.saturating_sub(margin);
        let start = start_before(index, settled_from, target);
        decoder.reset();
        let mut settled = 0;
        let mut heard = start > 0;
        for at in start..target {
            match decoder.decode(window, index, at)? {
                Outcome::Decoded { stereo: frame_is_stereo } => {
                    heard = true;
                    settled += usize::from(at >= settled_from && frame_is_stereo >= stereo);
                }
                Outcome::Corrupt => settled = SETTLING_FRAMES,
                _ => {}
            }
        }
        let begins_clean = start == 0 || index.frames.get(start).is_some_and(|entry| entry.is_after_gap());
        if begins_clean || settled >= SETTLING_FRAMES {
            return Ok(heard);
        }
        margin *= 4;
    }
}

/// The entry from which the reservoir is full at `settled_from`, or the last gap before `target` when that is nearer.
fn start_before(index: &FrameIndex, settled_from: usize, target: usize) -> usize {
    let mut start = target;
    let mut lent = 0;
    let reservoir = if index.header.layer() == 3 { RESERVOIR_BYTES } else { 0 };
    while start > 0 && (start > settled_from || lent < reservoir) {
        start -= 1;
        let Some(entry) = index.frames.get(start) else { continue };
        if entry.is_after_gap() {
            break;
        }
        if start < settled_from {
            lent += entry.length().saturating_sub(MAX_OVERHEAD);
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::super::frame_index::FrameEntry;
    use super::super::header::Header;
    use super::*;

    fn index(length: u32, gap_at: Option<usize>) -> FrameIndex {
        let header = Header::parse([0xFF, 0xFB, 0x90, 0xC4]).unwrap();
        let frames = (0..1000)
            .map(|at| FrameEntry::new(at * u64::from(length), length, true, Some(at as usize) == gap_at))
            .collect();
        FrameIndex {
            frames,
            header,
            free_length: 0,
            tag_frame: None,
            audio_bytes: 0,
            ends_inside_frame: false,
            format_change: None,
        }
    }

    #[test]
    fn small_frames_need_more_of_them_to_fill_the_reservoir() {
        assert_eq!(start_before(&index(626, None), 497, 500), 496);
        assert_eq!(start_before(&index(104, None), 497, 500), 497 - 8);
        assert_eq!(start_before(&index(48, None), 497, 500), 497 - 52);
    }

    #[test]
    fn nothing_before_a_gap_is_needed() {
        assert_eq!(start_before(&index(104, Some(499)), 497, 500), 499);
        assert_eq!(start_before(&index(104, Some(492)), 497, 500), 492);
    }
}
