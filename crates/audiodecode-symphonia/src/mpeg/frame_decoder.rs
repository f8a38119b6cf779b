use std::panic::{AssertUnwindSafe, catch_unwind};

use audiodecode_pipeline::Result;
use nanomp3::{Channels, DecodeError, Decoder, MAX_SAMPLES_PER_FRAME};

use super::frame_index::FrameIndex;
use super::mixed_block::has_mixed_block_at_8_khz;
use super::window::Window;

/// What became of one entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Samples, interleaved when there are two channels.
    Decoded { stereo: bool },
    /// It needs bytes of earlier frames that are not there. The filter bank did not move.
    MissingReservoir,
    /// Its side information contradicts itself. The decoder starts anew behind it.
    Corrupt,
    /// There was nothing to decode.
    Lost,
}

/// nanomp3's decoder, fed frame by frame from the index.
pub(super) struct FrameDecoder {
    decoder: Decoder,
    fresh: bool,
    pcm: Box<[f32; MAX_SAMPLES_PER_FRAME]>,
}

impl FrameDecoder {
    pub(super) fn new() -> Self {
        Self { decoder: Decoder::new(), fresh: true, pcm: Box::new([0.0; MAX_SAMPLES_PER_FRAME]) }
    }

    /// Forgets everything earlier.
    pub(super) fn reset(&mut self) {
        self.decoder = Decoder::new();
        self.fresh = true;
    }

    /// The samples of the last `Decoded`.
    pub(super) fn samples(&self) -> &[f32] {
        self.pcm.as_slice()
    }

    /// Decodes one entry. Forgets what was before when bytes are missing in front of it.
    pub(super) fn decode(&mut self, window: &mut Window, index: &FrameIndex, at: usize) -> Result<Outcome> {
        let Some(entry) = index.frames.get(at).copied().filter(|entry| !entry.is_lost()) else {
            return Ok(Outcome::Lost);
        };
        if entry.is_after_gap() {
            self.reset();
        }
        let learning = self.fresh && index.free_length > 0;
        let mut bytes = window.slice(entry.offset(), entry.length())?;
        let taught;
        if learning {
            taught = followed_by_frames(bytes, index.free_length as usize);
            bytes = &taught;
        }
        if has_mixed_block_at_8_khz(bytes) {
            self.reset();
            return Ok(Outcome::Corrupt);
        }
        let (decoder, pcm) = (&mut self.decoder, &mut self.pcm);
        // Thousands of mutated streams decode without a panic. Should one exist all the same, it costs one frame.
        let decoded = catch_unwind(AssertUnwindSafe(|| decoder.decode(bytes, pcm.as_mut_slice())));
        let (used, result) = decoded.unwrap_or((0, Err(DecodeError::NoFrame)));
        self.fresh = false;
        let outcome = match result {
            Ok(info)
                if used == entry.length() && info.samples_produced == index.header.samples() as usize =>
            {
                Outcome::Decoded { stereo: info.channels == Channels::Stereo }
            }
            Err(DecodeError::ReservoirUnavailable(_)) if used == entry.length() => Outcome::MissingReservoir,
            _ => Outcome::Corrupt,
        };
        if outcome == Outcome::Corrupt {
            self.reset();
        }
        Ok(outcome)
    }
}

/// A free-format frame as a fresh decoder has to see it: it learns the length from two more headers. They are made up, since
/// the frames that follow in the file may be damaged, and what a frame decodes to must not depend on them.
fn followed_by_frames(frame: &[u8], free_length: usize) -> Vec<u8> {
    const PADDING_BIT: u8 = 0x02;
    let mut bytes = frame.to_vec();
    if let Some(&[a, b, c, d]) = frame.first_chunk::<4>() {
        for _ in 0..2 {
            let end = bytes.len() + free_length;
            bytes.extend_from_slice(&[a, b, c & !PADDING_BIT, d]);
            bytes.resize(end, 0);
        }
    }
    bytes
}
