//! The encoder, and the keys and values of the decoder's cross-attention at its end.

mod convolutions;
mod encode_memory;
mod encoder_pass;
mod padding;

use std::fmt;

use crate::cross_memory::CrossMemory;
use crate::encoder_weights::{EncoderShape, EncoderWeights};
use crate::processor::Processor;
use crate::team::Team;
use encode_memory::EncoderMemory;
use encoder_pass::encode;
pub use padding::Lent;
use padding::Padding;

/// Audio that the encoder cannot encode.
#[derive(Debug, PartialEq, Eq)]
pub struct EncoderError(&'static str);

impl fmt::Display for EncoderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for EncoderError {}

/// An encoder and the threads that it computes with.
pub struct Encoder {
    weights: EncoderWeights,
    processor: Processor,
    team: Team,
    memory: EncoderMemory,
    /// Made when the first short audio comes.
    padding: Option<Padding>,
}

impl Encoder {
    /// An encoder on so many threads, the calling one among them.
    #[must_use]
    pub fn new(weights: EncoderWeights, threads: usize, processor: Processor) -> Self {
        Self {
            weights,
            processor: processor.checked(),
            team: Team::new(threads),
            memory: EncoderMemory::default(),
            padding: None,
        }
    }

    /// Encodes a log-mel spectrogram `[mels][frames]` into a place of the memory, and gives the encoder's output `[positions][width]`.
    /// Fewer frames than a window has are encoded alone, as if the padding stood behind them: `lent` says how much of it is seen.
    ///
    /// # Errors
    /// When a size does not fit the model.
    pub fn encode(
        &mut self,
        mel: &[f32],
        frames: usize,
        lent: Lent,
        cross: &mut CrossMemory,
        slot: usize,
    ) -> Result<&[f32], EncoderError> {
        let EncoderShape { mels, context, heads, decoder_layers, .. } = self.weights.shape;
        let fail = |what| Err(EncoderError(what));
        if frames == 0 || !frames.is_multiple_of(2) || frames > 2 * context || mel.len() != mels * frames {
            return fail("the spectrogram is not of a size that the model can hear");
        }
        if cross.layers() != decoder_layers || cross.heads() != heads || slot >= cross.slots() {
            return fail("there is no such window");
        }
        if frames < 2 * context && lent != Lent::default() && self.padding.is_none() {
            let silence = vec![0.0; mels * 2 * context];
            let mut padding = Padding::default();
            let mut aside = CrossMemory::new(1, decoder_layers, heads);
            let Self { weights, processor, team, memory, .. } = self;
            encode(
                weights,
                *processor,
                team,
                memory,
                &silence,
                2 * context,
                None,
                aside.slot_mut(0),
                Some(&mut padding),
            );
            self.padding = Some(padding);
        }
        let Self { weights, processor, team, memory, padding } = self;
        let behind = padding.as_ref().filter(|_| frames < 2 * context).map(|padding| (padding, lent));
        encode(weights, *processor, team, memory, mel, frames, behind, cross.slot_mut(slot), None);
        Ok(memory.hidden(frames / 2 * weights.shape.width))
    }
}
