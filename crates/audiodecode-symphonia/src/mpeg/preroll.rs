use std::ops::Range;

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
/// The last [`SETTLING_FRAMES`] are decoded; of those before them only the bytes are kept that a frame can borrow. A gap ends all
/// state, and so does a frame that fails, whose bytes alone decide that it does: nothing further back need be known.
pub(super) fn prepare(
    decoder: &mut FrameDecoder,
    window: &mut Window,
    index: &FrameIndex,
    target: usize,
    scratch: &mut [&mut [f32]],
) -> Result<bool> {
    let settling = target.saturating_sub(SETTLING_FRAMES);
    if arrive(decoder, window, index, settling..target, scratch)? {
        return Ok(true);
    }
    // Only a stream whose beginning is missing, or damaged frames, get here: mostly the first frame decodes.
    let mut ear = decoder.another();
    for at in 0..settling {
        if ear.decode(window, index, at, scratch)? == Outcome::Decoded {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Decodes these frames as the whole stream would. Returns whether one of them decodes.
fn arrive(
    decoder: &mut FrameDecoder,
    window: &mut Window,
    index: &FrameIndex,
    frames: Range<usize>,
    scratch: &mut [&mut [f32]],
) -> Result<bool> {
    decoder.reset();
    for at in lending_from(index, frames.start)..frames.start {
        decoder.skip(window, index, at)?;
    }
    let mut heard = false;
    for at in frames {
        heard |= decoder.decode(window, index, at, scratch)? == Outcome::Decoded;
    }
    Ok(heard)
}

/// The entry from which the reservoir is full at `end`, or the last gap before it when that is nearer.
fn lending_from(index: &FrameIndex, end: usize) -> usize {
    let after_gap =
        |at: usize| index.frames.get(at).is_none_or(|entry| entry.is_after_gap() || entry.is_lost());
    let (mut start, mut lent) = (end, 0);
    while index.header.layer() == 3 && start > 0 && lent < RESERVOIR_BYTES && !after_gap(start) {
        start -= 1;
        lent += index.frames.get(start).map_or(0, |entry| entry.length().saturating_sub(MAX_OVERHEAD));
    }
    start
}

#[cfg(test)]
mod tests {
    use super::super::frame_index::FrameEntry;
    use super::*;
    use audiodecode_mp3::Header;

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
        assert_eq!(lending_from(&index(626, None), 497), 496);
        assert_eq!(lending_from(&index(104, None), 497), 497 - 8);
        assert_eq!(lending_from(&index(48, None), 497), 497 - 52);
    }

    #[test]
    fn nothing_before_a_gap_is_needed() {
        assert_eq!(lending_from(&index(104, Some(497)), 497), 497);
        assert_eq!(lending_from(&index(104, Some(492)), 497), 492);
    }
}
