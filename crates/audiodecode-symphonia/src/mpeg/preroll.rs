use std::ops::Range;

use audiodecode_pipeline::Result;

use super::frame_decoder::{FrameDecoder, Outcome};
use super::frame_index::FrameIndex;
use super::reservoir::{Kept, MainData};
use super::window::Window;

/// `main_data_begin` has nine bits (ISO/IEC 11172-3 §2.4.1.7): nothing older than this many bytes can be borrowed.
pub(super) const RESERVOIR_BYTES: usize = 511;
/// Header, checksum and the largest side information: what a frame cannot lend to later ones.
const MAX_OVERHEAD: usize = 4 + 2 + 32;
/// Frames after which overlap and filter bank no longer depend on what was before: two granules, or in layer I two
/// frames; one more for certainty.
const SETTLING_FRAMES: usize = 3;

/// Brings the decoder into the state in which decoding from the first frame would reach `target`. Returns whether a frame
/// before it decodes.
///
/// It begins far enough back that the bit reservoir is complete before the last [`SETTLING_FRAMES`] frames that decode,
/// further back when frames there fail, when it is not certain that they would decode in the whole file or not, or when they
/// code one channel of two, and at the nearest gap, where all state ends anyway.
pub(super) fn prepare(
    decoder: &mut FrameDecoder,
    window: &mut Window,
    index: &FrameIndex,
    target: usize,
    stereo: bool,
) -> Result<bool> {
    let mut margin = SETTLING_FRAMES;
    loop {
        let start = start_before(index, target.saturating_sub(margin), target);
        if let Some(heard) = arrive(decoder, window, index, start..target, stereo)? {
            return Ok(heard || hears_before(window, index, start, stereo)?);
        }
        margin *= 4;
    }
}

/// Decodes these frames anew. `None` when what follows them may come out otherwise than in the whole file, else whether one of
/// them decodes there.
fn arrive(
    decoder: &mut FrameDecoder,
    window: &mut Window,
    index: &FrameIndex,
    frames: Range<usize>,
    stereo: bool,
) -> Result<Option<bool>> {
    let start = frames.start;
    let begins_clean = start == 0 || index.frames.get(start).is_some_and(|entry| entry.is_after_gap());
    decoder.reset();
    let mut kept = if begins_clean { Kept::NOTHING } else { Kept::UNKNOWN };
    // Whether this decoder and one that began with the first frame of the file keep the same bytes.
    let mut certain = begins_clean || index.header.layer() != 3;
    let (mut settled, mut heard) = (0, false);
    for at in frames {
        let outcome = decoder.decode(window, index, at)?;
        if outcome == Outcome::Corrupt {
            (certain, settled) = (true, SETTLING_FRAMES);
        } else if !certain && let Some(frame) = main_data(window, index, at)? {
            // This one keeps no less than the least, so that what decodes with that decodes in both.
            certain = kept.decodes(frame);
            kept = kept.after(frame);
            certain |= kept.is_known();
        }
        if let Outcome::Decoded { stereo: frame_is_stereo } = outcome
            && certain
        {
            heard |= stereo || !frame_is_stereo;
            settled += usize::from(frame_is_stereo >= stereo);
        }
    }
    Ok((begins_clean || settled >= SETTLING_FRAMES).then_some(heard))
}

fn main_data(window: &mut Window, index: &FrameIndex, at: usize) -> Result<Option<MainData>> {
    let Some(entry) = index.frames.get(at) else { return Ok(None) };
    Ok(MainData::parse(window.slice(entry.offset(), entry.length())?))
}

/// Whether a frame before this one decodes. Mostly the first one does.
fn hears_before(window: &mut Window, index: &FrameIndex, end: usize, stereo: bool) -> Result<bool> {
    let mut decoder = FrameDecoder::new();
    for at in 0..end {
        if let Outcome::Decoded { stereo: frame_is_stereo } = decoder.decode(window, index, at)?
            && (stereo || !frame_is_stereo)
        {
            return Ok(true);
        }
    }
    Ok(false)
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
    use super::super::scan::scan_frames;
    use super::*;
    use audiodecode_pipeline::{CancelFlag, Input, Limits};

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

    fn scanned(bytes: &[u8]) -> (Window, FrameIndex) {
        let mut window = Window::new(&Input::from_bytes(bytes), u64::MAX);
        let index = scan_frames(&mut window, 0, &Limits::default(), &CancelFlag::default()).unwrap().unwrap();
        (window, index)
    }

    fn fixture(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mpeg/");
        std::fs::read(format!("{folder}{name}")).unwrap()
    }

    #[test]
    fn what_has_no_damage_is_reached_from_the_nearest_beginning() {
        for name in ["v9-mono.mp3", "untagged-mono32.mp3", "mpeg2-mono8.mp3", "untagged-v2.mp3"] {
            let (mut window, index) = scanned(&fixture(name));
            let mut decoder = FrameDecoder::new();
            for target in 0..index.frames.len() {
                let start = start_before(&index, target.saturating_sub(SETTLING_FRAMES), target);
                let stereo = !index.header.is_mono();
                let arrived = arrive(&mut decoder, &mut window, &index, start..target, stereo).unwrap();
                assert_eq!(arrived, Some(target > 0), "{name}, frame {target}");
            }
        }
    }
}
