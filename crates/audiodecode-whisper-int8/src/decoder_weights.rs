//! The file of a decoder's weights.

use std::path::Path;

use crate::row_math::from_half;
use crate::weight_matrix::WeightMatrix;
use crate::weights_reader::{Norm, WeightsError, WeightsReader, is_transformer};

/// What a file begins with.
const MAGIC: &[u8; 8] = b"adwhispd";

/// Sizes of a decoder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) layers: usize,
    pub(crate) width: usize,
    pub(crate) heads: usize,
    /// Numbers between the two halves of a feed-forward layer.
    pub(crate) inner: usize,
    pub(crate) vocabulary: usize,
    /// Most tokens of a row.
    pub(crate) context: usize,
    /// The first token that is no text.
    pub(crate) end_of_text: usize,
    /// Weights that share a scale.
    pub(crate) block: usize,
}

/// Weights of one layer.
pub(crate) struct Layer {
    pub(crate) before_self: Norm,
    /// Queries, keys and values.
    pub(crate) parts: WeightMatrix,
    pub(crate) after_self: WeightMatrix,
    pub(crate) before_cross: Norm,
    pub(crate) queries: WeightMatrix,
    pub(crate) after_cross: WeightMatrix,
    pub(crate) before_inner: Norm,
    pub(crate) to_inner: WeightMatrix,
    pub(crate) from_inner: WeightMatrix,
}

/// Weights of a decoder, ready to compute with.
pub struct DecoderWeights {
    pub(crate) shape: Shape,
    /// `[vocabulary][width]`, half precision.
    pub(crate) embeddings: Vec<u16>,
    /// `[context][width]`
    pub(crate) positions: Vec<f32>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) last: Norm,
    pub(crate) projection: WeightMatrix,
}

impl DecoderWeights {
    /// Reads a file that was written for this: sizes, then each part from the next multiple of 4,096 bytes on, matrices as values
    /// `[outputs][columns]` (128 more than what they stand for), scales `[outputs][columns / block]` and offsets `[outputs]`.
    ///
    /// # Errors
    /// When it cannot be read, is none, or ends too early.
    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        let mut reader = WeightsReader::open(path)?;
        let shape = read_shape(&mut reader)?;
        let Shape { layers, width, inner, vocabulary, context, block, .. } = shape;
        let embeddings = reader.halves(vocabulary * width)?;
        let positions = reader.floats(context * width)?;
        let layers = (0..layers)
            .map(|_| {
                Ok(Layer {
                    before_self: reader.norm(width)?,
                    parts: reader.matrix(3 * width, width, block, true)?,
                    after_self: reader.matrix(width, width, block, true)?,
                    before_cross: reader.norm(width)?,
                    queries: reader.matrix(width, width, block, true)?,
                    after_cross: reader.matrix(width, width, block, true)?,
                    before_inner: reader.norm(width)?,
                    to_inner: reader.matrix(inner, width, block, true)?,
                    from_inner: reader.matrix(width, inner, block, true)?,
                })
            })
            .collect::<Result<_, WeightsError>>()?;
        let last = reader.norm(width)?;
        let projection = reader.matrix(vocabulary, width, block, false)?;
        Ok(Self { shape, embeddings, positions, layers, last, projection })
    }

    /// Layers, width of a token, tokens of text, most tokens of a row.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize, usize, usize) {
        let Shape { layers, width, end_of_text, context, .. } = self.shape;
        (layers, width, end_of_text, context)
    }

    /// What a token stands for, and where, into a row.
    #[inline(always)]
    pub(crate) fn embed(&self, token: usize, position: usize, row: &mut [f32]) {
        let width = self.shape.width;
        let token = &self.embeddings[token * width..(token + 1) * width];
        let place = &self.positions[position * width..(position + 1) * width];
        for ((number, half), place) in row.iter_mut().zip(token).zip(place) {
            *number = from_half(*half) + place;
        }
    }
}

fn read_shape(reader: &mut WeightsReader) -> Result<Shape, WeightsError> {
    let [layers, width, heads, inner, vocabulary, context, end_of_text, block] = reader.head(MAGIC)?;
    if !is_transformer(layers, width, heads, inner, block) || end_of_text >= vocabulary {
        return Err(WeightsError::shape());
    }
    Ok(Shape { layers, width, heads, inner, vocabulary, context, end_of_text, block })
}
