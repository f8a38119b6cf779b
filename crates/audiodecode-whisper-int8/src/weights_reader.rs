//! Files of weights: parts that begin at multiples of 4,096 bytes, in an order that reader and writer know.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::weight_matrix::WeightMatrix;

const ALIGNMENT: usize = 4096;
const MAGIC_BYTES: usize = 8;
/// Largest of the numbers that sizes are made of: no product of two overflows.
const LARGEST: u32 = 1 << 20;

/// A file that does not hold the weights that are wanted, or that cannot be read.
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
        Self(format!("the compiled weights cannot be read: {error}"))
    }
}

impl WeightsError {
    pub(crate) fn shape() -> Self {
        Self("the compiled weights have a shape that no model has".into())
    }
}

/// Gains and offsets of a LayerNorm.
pub(crate) struct Norm {
    pub(crate) gain: Vec<f32>,
    pub(crate) offset: Vec<f32>,
}

/// Reads such a file from its beginning to its end.
pub(crate) struct WeightsReader {
    source: BufReader<File>,
    position: usize,
    left: u64,
}

impl WeightsReader {
    pub(crate) fn open(path: &Path) -> Result<Self, WeightsError> {
        let file = File::open(path)?;
        let left = file.metadata()?.len();
        Ok(Self { source: BufReader::with_capacity(1 << 20, file), position: 0, left })
    }

    /// The next part; nothing is allocated for more than the file has.
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, WeightsError> {
        let padding = self.position.next_multiple_of(ALIGNMENT) - self.position;
        let needed = (padding + count) as u64;
        if needed > self.left {
            return Err(WeightsError("the file with the compiled weights ends too early".into()));
        }
        let mut skipped = vec![0; padding];
        self.source.read_exact(&mut skipped)?;
        let mut bytes = vec![0; count];
        self.source.read_exact(&mut bytes)?;
        self.position += padding + count;
        self.left -= needed;
        Ok(bytes)
    }

    /// The first part: what the file is, and sizes, none of which is 0.
    pub(crate) fn head<const SIZES: usize>(
        &mut self,
        magic: &[u8; MAGIC_BYTES],
    ) -> Result<[usize; SIZES], WeightsError> {
        let head = self.bytes(MAGIC_BYTES + 4 * SIZES)?;
        let (found, numbers) = head.split_at(MAGIC_BYTES);
        if found != magic {
            return Err(WeightsError("the file does not hold compiled weights".into()));
        }
        let mut sizes = [0; SIZES];
        for (size, bytes) in sizes.iter_mut().zip(numbers.as_chunks::<4>().0) {
            let number = u32::from_le_bytes(*bytes);
            if !(1..=LARGEST).contains(&number) {
                return Err(WeightsError::shape());
            }
            *size = number as usize;
        }
        Ok(sizes)
    }

    pub(crate) fn halves(&mut self, count: usize) -> Result<Vec<u16>, WeightsError> {
        Ok(self.bytes(2 * count)?.as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect())
    }

    pub(crate) fn floats(&mut self, count: usize) -> Result<Vec<f32>, WeightsError> {
        Ok(self.bytes(4 * count)?.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    pub(crate) fn norm(&mut self, width: usize) -> Result<Norm, WeightsError> {
        Ok(Norm { gain: self.floats(width)?, offset: self.floats(width)? })
    }

    /// A matrix as values `[outputs][columns]`, 128 more than what they stand for, scales `[outputs][columns / block]` and offsets.
    pub(crate) fn matrix(
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

/// Whether a transformer can have these sizes.
pub(crate) fn is_transformer(layers: usize, width: usize, heads: usize, inner: usize, block: usize) -> bool {
    const MOST_LAYERS: usize = 256;
    layers <= MOST_LAYERS
        && heads * 64 == width
        && block.is_multiple_of(64)
        && block <= 128
        && width.is_multiple_of(block)
        && inner.is_multiple_of(block)
}
