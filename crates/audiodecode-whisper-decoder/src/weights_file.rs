//! The file of a decoder's weights.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::row_math::from_half;
use crate::weight_matrix::WeightMatrix;

/// What a file begins with.
const MAGIC: &[u8; 8] = b"adwhisp1";
/// All parts begin at multiples of this.
const ALIGNMENT: usize = 4096;
/// Largest of the numbers that sizes are made of: no product of two overflows.
const LARGEST: u32 = 1 << 20;
const LARGEST_LAYERS: u32 = 256;

/// A file that holds no weights of a decoder, or that cannot be read.
#[derive(Debug)]
pub struct WeightsError(String);

impl fmt::Display for WeightsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WeightsError {}

impl From<std::io::Error> for WeightsError {
    fn from(error: std::io::Error) -> Self {
        Self(format!("the weights of the decoder cannot be read: {error}"))
    }
}

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

/// Gains and offsets of a LayerNorm.
pub(crate) struct Norm {
    pub(crate) gain: Vec<f32>,
    pub(crate) offset: Vec<f32>,
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
pub struct Weights {
    pub(crate) shape: Shape,
    /// `[vocabulary][width]`, half precision.
    pub(crate) embeddings: Vec<u16>,
    /// `[context][width]`
    pub(crate) positions: Vec<f32>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) last: Norm,
    pub(crate) projection: WeightMatrix,
}

impl Weights {
    /// Reads a file that was written for this: sizes, then each part from the next multiple of 4,096 bytes on, matrices as values
    /// `[outputs][columns]` (128 more than what they stand for), scales `[outputs][columns / block]` and offsets `[outputs]`.
    ///
    /// # Errors
    /// When it cannot be read, is none, or ends too early.
    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let mut reader = Reader { source: BufReader::with_capacity(1 << 20, file), position: 0, left: bytes };
        let shape = reader.shape()?;
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

    /// Bytes that the weights take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let matrices = self.layers.iter().flat_map(|layer| {
            [
                &layer.parts,
                &layer.after_self,
                &layer.queries,
                &layer.after_cross,
                &layer.to_inner,
                &layer.from_inner,
            ]
        });
        let quantised: usize = matrices.map(WeightMatrix::bytes).sum();
        quantised + self.projection.bytes() + 2 * self.embeddings.len() + 4 * self.positions.len()
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

struct Reader {
    source: BufReader<File>,
    position: usize,
    left: u64,
}

impl Reader {
    /// The next part of the file; nothing is allocated for more than the file has.
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, WeightsError> {
        let padding = self.position.next_multiple_of(ALIGNMENT) - self.position;
        let needed = (padding + count) as u64;
        if needed > self.left {
            return Err(WeightsError("the file with the weights of the decoder ends too early".into()));
        }
        let mut skipped = vec![0; padding];
        self.source.read_exact(&mut skipped)?;
        let mut bytes = vec![0; count];
        self.source.read_exact(&mut bytes)?;
        self.position += padding + count;
        self.left -= needed;
        Ok(bytes)
    }

    fn shape(&mut self) -> Result<Shape, WeightsError> {
        const NUMBERS: usize = 8;
        let head = self.bytes(MAGIC.len() + 4 * NUMBERS)?;
        let (magic, numbers) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(WeightsError("the file does not hold the weights of a decoder".into()));
        }
        let mut read = [0u32; NUMBERS];
        for (number, bytes) in read.iter_mut().zip(numbers.as_chunks::<4>().0) {
            *number = u32::from_le_bytes(*bytes);
        }
        let [layers, width, heads, inner, vocabulary, context, end_of_text, block] = read;
        let sized = read.iter().all(|number| (1..=LARGEST).contains(number));
        let divides = |number: u32| block > 0 && number % block == 0;
        let is_shape = sized
            && layers <= LARGEST_LAYERS
            && heads.checked_mul(64) == Some(width)
            && end_of_text < vocabulary
            && block % 64 == 0
            && block <= 128
            && divides(width)
            && divides(inner);
        if !is_shape {
            return Err(WeightsError("the weights of the decoder have a shape that no model has".into()));
        }
        let size = |number: u32| number as usize;
        Ok(Shape {
            layers: size(layers),
            width: size(width),
            heads: size(heads),
            inner: size(inner),
            vocabulary: size(vocabulary),
            context: size(context),
            end_of_text: size(end_of_text),
            block: size(block),
        })
    }

    fn halves(&mut self, count: usize) -> Result<Vec<u16>, WeightsError> {
        Ok(self.bytes(2 * count)?.as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect())
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, WeightsError> {
        Ok(self.bytes(4 * count)?.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    fn norm(&mut self, width: usize) -> Result<Norm, WeightsError> {
        Ok(Norm { gain: self.floats(width)?, offset: self.floats(width)? })
    }

    fn matrix(
        &mut self,
        outputs: usize,
        columns: usize,
        block: usize,
        has_bias: bool,
    ) -> Result<WeightMatrix, WeightsError> {
        let values = self.bytes(outputs * columns)?;
        let scales = self.floats(outputs * (columns / block))?;
        let bias = if has_bias { Some(self.floats(outputs)?) } else { None };
        Ok(WeightMatrix::new(&values, &scales, bias.as_deref(), columns, block))
    }
}
