//! Weights of the encoder, and of the cross-attention's keys and values that are worked out at its end.

use std::path::Path;

use crate::attention::MOST_POSITIONS;
use crate::cross_memory::CrossMemory;
use crate::short_matrix::ShortMatrix;
use crate::weight_matrix::WeightMatrix;
use crate::weights_reader::{Norm, WeightsError, WeightsReader, is_transformer};

/// What a file begins with.
const MAGIC: &[u8; 8] = b"adwhispe";
/// Taps of both convolutions.
pub(crate) const TAPS: usize = 3;

/// Sizes of an encoder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EncoderShape {
    pub(crate) width: usize,
    pub(crate) heads: usize,
    pub(crate) inner: usize,
    pub(crate) mels: usize,
    /// Positions of a window.
    pub(crate) context: usize,
    pub(crate) decoder_layers: usize,
    pub(crate) block: usize,
}

/// Weights of one layer.
pub(crate) struct EncoderLayer {
    pub(crate) before_self: Norm,
    /// Queries, keys and values.
    pub(crate) parts: WeightMatrix,
    pub(crate) after_self: WeightMatrix,
    pub(crate) before_inner: Norm,
    pub(crate) to_inner: WeightMatrix,
    pub(crate) from_inner: WeightMatrix,
}

/// Weights of an encoder, ready to compute with.
pub struct EncoderWeights {
    pub(crate) shape: EncoderShape,
    pub(crate) first: ShortMatrix,
    pub(crate) second: ShortMatrix,
    /// `[context][width]`
    pub(crate) positions: Vec<f32>,
    pub(crate) layers: Vec<EncoderLayer>,
    pub(crate) last: Norm,
    /// Keys and values of the decoder's layers.
    pub(crate) cross: Vec<WeightMatrix>,
}

impl EncoderWeights {
    /// Reads a file that was written for this: see `DecoderWeights::read`; convolutions are floats, `[outputs][taps][inputs]`.
    ///
    /// # Errors
    /// When it cannot be read, is none, or ends too early.
    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        let mut reader = WeightsReader::open(path)?;
        let [layers, width, heads, inner, mels, context, decoder_layers, block] = reader.head(MAGIC)?;
        if !is_transformer(layers.max(decoder_layers), width, heads, inner, block) || context > MOST_POSITIONS
        {
            return Err(WeightsError::shape());
        }
        let first = convolution(&mut reader, width, mels)?;
        let second = convolution(&mut reader, width, width)?;
        let positions = reader.floats(context * width)?;
        let layers = (0..layers)
            .map(|_| {
                Ok(EncoderLayer {
                    before_self: reader.norm(width)?,
                    parts: reader.matrix(3 * width, width, block, true)?,
                    after_self: reader.matrix(width, width, block, true)?,
                    before_inner: reader.norm(width)?,
                    to_inner: reader.matrix(inner, width, block, true)?,
                    from_inner: reader.matrix(width, inner, block, true)?,
                })
            })
            .collect::<Result<_, WeightsError>>()?;
        let last = reader.norm(width)?;
        let cross = (0..decoder_layers)
            .map(|_| reader.matrix(2 * width, width, block, true))
            .collect::<Result<_, WeightsError>>()?;
        let shape = EncoderShape { width, heads, inner, mels, context, decoder_layers, block };
        Ok(Self { shape, first, second, positions, layers, last, cross })
    }

    /// Bands of the spectrogram.
    #[must_use]
    pub fn mels(&self) -> usize {
        self.shape.mels
    }

    /// Memory for so many windows of this model's audio.
    #[must_use]
    pub fn cross_memory(&self, slots: usize) -> CrossMemory {
        CrossMemory::new(slots, self.shape.decoder_layers, self.shape.heads)
    }
}

fn convolution(reader: &mut WeightsReader, width: usize, inputs: usize) -> Result<ShortMatrix, WeightsError> {
    let columns = TAPS * inputs;
    let weights = reader.floats(width * columns)?;
    Ok(ShortMatrix::new(&weights, &reader.floats(width)?, columns))
}
