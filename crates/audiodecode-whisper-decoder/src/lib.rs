//! Whisper's decoder in 8-bit numbers: what onnxruntime takes most of its time for when there are few rows, and where half of that is
//! reading what could be smaller. No Node.

mod attention;
mod cross_memory;
mod decoder;
mod finish;
mod output_head;
mod quantised_rows;
mod row_math;
mod scratch;
mod short_heads;
mod simd;
mod team;
mod weight_matrix;
mod weights_file;

pub use cross_memory::{CrossMemory, CrossShapeError};
pub use decoder::{Attention, Caches, Decoder, Scores, Step, StepError};
pub use simd::Processor;
pub use weights_file::{Weights, WeightsError};
