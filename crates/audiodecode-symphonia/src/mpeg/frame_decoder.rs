use audiodecode_mp3::{Decoder, FrameError, Output, Rate};
use audiodecode_pipeline::Result;

use super::frame_index::FrameIndex;
use super::lower_layers::LowerLayers;
use super::window::Window;

/// What became of one entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Samples.
    Decoded,
    /// It needs bytes of earlier frames that are not there.
    MissingReservoir,
    /// It contradicts itself.
    Corrupt,
    /// It codes two channels in a stream of one.
    TooManyChannels,
    /// There was nothing to decode.
    Lost,
}

/// A decoder fed frame by frame from the index: our own for layer III, nanomp3's for the others.
///
/// Whatever fails leaves no samples to the frames behind it, so that their own bytes and those of a few frames before them
/// decide what they decode to.
pub(super) struct FrameDecoder {
    engine: Engine,
}

enum Engine {
    Layer3(Output, Rate, Box<Decoder>),
    Lower { channels: u32, decoder: Box<LowerLayers> },
}

impl FrameDecoder {
    /// For a stream with one or two channels.
    pub(super) fn new(layer: u32, channels: u32) -> Self {
        match (layer, channels) {
            (3, 1) => Self::layer3(Output::Mono, Rate::Full),
            (3, _) => Self::layer3(Output::Stereo, Rate::Full),
            _ => Self { engine: Engine::Lower { channels, decoder: Box::new(LowerLayers::new()) } },
        }
    }

    /// For a stream of layer III.
    pub(super) fn layer3(output: Output, rate: Rate) -> Self {
        Self { engine: Engine::Layer3(output, rate, Box::new(Decoder::new(output, rate))) }
    }

    /// Another one for the same stream, at its beginning.
    pub(super) fn another(&self) -> Self {
        match self.engine {
            Engine::Layer3(output, rate, _) => Self::layer3(output, rate),
            Engine::Lower { channels, .. } => Self::new(1, channels),
        }
    }

    /// Whether it is a stream of one channel.
    fn is_mono(&self) -> bool {
        matches!(self.engine, Engine::Layer3(Output::Mono, ..) | Engine::Lower { channels: 1, .. })
    }

    /// Forgets everything earlier.
    pub(super) fn reset(&mut self) {
        match &mut self.engine {
            Engine::Layer3(.., decoder) => decoder.reset(),
            Engine::Lower { decoder, .. } => decoder.reset(),
        }
    }

    /// Keeps what later frames may borrow of one that nobody listens to.
    pub(super) fn skip(&mut self, window: &mut Window, index: &FrameIndex, at: usize) -> Result<()> {
        if let Engine::Layer3(.., decoder) = &mut self.engine
            && let Some(entry) = index.frames.get(at)
        {
            decoder.skip(window.slice(entry.offset(), entry.length())?);
        }
        Ok(())
    }

    /// Decodes one entry into as many places of every plane as the index counts for it, or half of them. Forgets what was before when bytes are
    /// missing in front of it.
    pub(super) fn decode(
        &mut self,
        window: &mut Window,
        index: &FrameIndex,
        at: usize,
        planes: &mut [&mut [f32]],
    ) -> Result<Outcome> {
        let Some(entry) = index.frames.get(at).copied().filter(|entry| !entry.is_lost()) else {
            self.reset();
            return Ok(Outcome::Lost);
        };
        if entry.is_after_gap() {
            self.reset();
        }
        let bytes = window.slice(entry.offset(), entry.length())?;
        let result = match &mut self.engine {
            Engine::Layer3(.., decoder) => decoder.decode(bytes, planes),
            Engine::Lower { decoder, .. } => decoder.decode(bytes, index, planes),
        };
        Ok(match result {
            Ok(()) => Outcome::Decoded,
            // A single frame that claims stereo in a mono stream is a flipped bit.
            Err(_) if self.is_mono() && !entry.is_mono() => Outcome::TooManyChannels,
            Err(FrameError::MissingReservoir) => Outcome::MissingReservoir,
            Err(FrameError::Corrupt) => Outcome::Corrupt,
        })
    }
}
