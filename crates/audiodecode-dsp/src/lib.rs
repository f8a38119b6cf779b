//! Signal processing of AudioDecode: mix-down and resampling. No I/O, no codec, no Node.
#![forbid(unsafe_code)]

mod block_size;
mod frame_count;
mod mix;
mod resampler;

pub use block_size::{BlockSize, ResampleError, block_size};
pub use frame_count::resampled_frame;
pub use mix::{mix_in_place, mix_to_mono};
pub use resampler::{BlockShapeError, Resampler, resample};
