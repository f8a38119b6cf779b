//! Whisper in 8-bit numbers, on x86's instructions for them or in plain arithmetic. No Node, no file formats but its own.
//!
//! An `Encoder` turns spectrograms into keys and values of audio in a `CrossMemory`; a `Decoder` reads tokens that look at it. Both are
//! programs that all threads of a `Team` run at the same time, each on its part, meeting between stages. `align_tokens` finds when the tokens
//! of a text are said.

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
mod reorder_rows;
mod row_math;
mod scratch;
mod short_heads;
mod short_matrix;
mod simd;
mod team;
mod weight_matrix;
mod weights_reader;
mod words;

pub use cross_memory::{CrossMemory, CrossShapeError};
pub use decoder::{Attention, Caches, Decoder, Scores, Step, StepError};
pub use decoder_weights::DecoderWeights;
pub use encoder::{Encoder, EncoderError, Lent};
pub use encoder_weights::EncoderWeights;
pub use processor::Processor;
pub use reorder_rows::reorder_rows;
pub use weights_reader::WeightsError;
pub use words::{Looks, WarpingPath, align_tokens};
