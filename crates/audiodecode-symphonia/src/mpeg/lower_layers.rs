use std::panic::{AssertUnwindSafe, catch_unwind};

use audiodecode_mp3::{FrameError, Header};
use nanomp3::{Channels, DecodeError, Decoder, MAX_SAMPLES_PER_FRAME};

use super::frame_index::FrameIndex;

/// nanomp3's decoder for layers I and II, whose frames stand for themselves but for the filter bank.
pub(super) struct LowerLayers {
    decoder: Decoder,
    /// Whether nothing was decoded yet.
    fresh: bool,
    /// Whether the frame before had one channel.
    mono: bool,
    pcm: Box<[f32; MAX_SAMPLES_PER_FRAME]>,
}

impl LowerLayers {
    pub(super) fn new() -> Self {
        let pcm = Box::new([0.0; MAX_SAMPLES_PER_FRAME]);
        Self { decoder: Decoder::new(), fresh: true, mono: false, pcm }
    }

    pub(super) fn reset(&mut self) {
        self.decoder = Decoder::new();
        self.fresh = true;
    }

    /// Decodes a frame into the planes; a frame with one channel gives it to all of them.
    pub(super) fn decode(
        &mut self,
        frame: &[u8],
        index: &FrameIndex,
        planes: &mut [&mut [f32]],
    ) -> Result<(), FrameError> {
        let header =
            frame.first_chunk::<4>().and_then(|bytes| Header::parse(*bytes)).ok_or(FrameError::Corrupt)?;
        if !self.fresh && header.is_mono() != self.mono {
            // What the filter bank of the other channel holds is older than the frame before.
            self.reset();
        }
        self.mono = header.is_mono();
        let decoded = self.decode_interleaved(frame, index);
        if decoded.is_err() {
            self.reset();
        }
        let (channels, samples) = decoded?;
        if channels > planes.len() {
            return Err(FrameError::Corrupt);
        }
        for (at, plane) in planes.iter_mut().enumerate() {
            let interleaved = self.pcm.chunks_exact(channels).take(samples);
            for (to, frame) in plane.iter_mut().zip(interleaved) {
                *to = frame.get(at).or(frame.first()).copied().unwrap_or(0.0);
            }
        }
        Ok(())
    }

    /// Returns how many channels and samples of each there are.
    fn decode_interleaved(&mut self, frame: &[u8], index: &FrameIndex) -> Result<(usize, usize), FrameError> {
        let taught;
        let mut bytes = frame;
        if self.fresh && index.free_length > 0 {
            taught = followed_by_frames(frame, index.free_length as usize);
            bytes = &taught;
        }
        let (decoder, pcm) = (&mut self.decoder, &mut self.pcm);
        // Thousands of mutated streams decode without a panic. Should one exist all the same, it costs one frame.
        let decoded = catch_unwind(AssertUnwindSafe(|| decoder.decode(bytes, pcm.as_mut_slice())));
        let (used, result) = decoded.unwrap_or((0, Err(DecodeError::NoFrame)));
        self.fresh = false;
        let info = result.map_err(|_| FrameError::Corrupt)?;
        let samples = index.header.samples() as usize;
        let complete = used == frame.len() && info.samples_produced == samples;
        let channels = if info.channels == Channels::Stereo { 2 } else { 1 };
        if complete { Ok((channels, samples)) } else { Err(FrameError::Corrupt) }
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
