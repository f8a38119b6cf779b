//! What every native addon of AudioDecode shares: thread pool, cancel token, error codes, buffers, decoder handles.
//!
//! An addon exports [`open_decoder`] with its own function that makes a `PcmSource` of an `Input`; the classes come along.
//! What is computed of samples goes through [`compute`].

mod cancel_token;
mod compute;
mod decode_job;
mod decoder;
mod environment;
mod huge_pages;
mod info;
mod js_buffer;
mod js_error;
mod move_samples;
mod peek_file;
mod pool;
mod promise;
mod report;
mod request;
mod stream;

pub use cancel_token::CancelToken;
pub use compute::{Computation, compute};
pub use decode_job::{DecodeOutcome, NativeDecode};
pub use decoder::{NativeDecoder, OpenFn, open_decoder};
pub use info::{NativeInfo, Tag};
pub use peek_file::{PeekTask, peek_file};
pub use pool::set_threads;
pub use report::{NativeDamage, NativeReport};
pub use request::{NativeLimits, NativeOpenOptions, NativeRequest};
pub use stream::NativeStream;
