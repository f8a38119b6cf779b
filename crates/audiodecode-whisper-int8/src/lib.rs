//! Whisper's decoder in 8-bit numbers: what onnxruntime takes most of its time for when there are few rows, and where half of that is
//! reading what could be smaller. No Node.

mod attention;
mod cross_memory;
mod decoder;
mod decoder_weights;
mod encoder;
mod encoder_weights;
mod finish;
mod output_head;
mod processor;
mod quantised_rows;
mod row_math;
mod scratch;
mod short_heads;
mod short_matrix;
mod simd;
mod team;
mod weight_matrix;
mod weights_reader;

pub use cross_memory::{CrossMemory, CrossShapeError};
pub use decoder::{Attention, Caches, Decoder, Scores, Step, StepError};
pub use decoder_weights::DecoderWeights;
pub use encoder::{Encoder, EncoderError, Lent};
pub use encoder_weights::EncoderWeights;
pub use processor::Processor;
pub use weights_reader::WeightsError;
