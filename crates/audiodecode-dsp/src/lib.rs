//! Signal processing of AudioDecode: mix-down, resampling and features of the spectrum. No I/O, no codec, no Node.
// Only to call what is compiled for AVX2.
#![deny(unsafe_code)]

mod block_size;
mod convolver;
mod convolver_cache;
mod filter;
mod frame_count;
mod mix;
#[cfg(test)]
mod noise;
mod resample;
mod resample_error;
mod resampler;
mod segments;
mod spectral;

pub use block_size::{BlockSize, block_size};
pub use frame_count::resampled_frame;
pub use mix::{mix_in_place, mix_to_mono};
pub use resample::resample;
pub use resample_error::ResampleError;
pub use resampler::{BlockShapeError, Resampler};
pub use spectral::{
    Cepstrum, ColumnPart, ColumnParts, Columns, Decibels, Delta, Framing, Mel, MelFilters, MelNorm, MelScale,
    MelWork, Padding, RowsError, Signal, Stft, StftWork, WhisperLogMel, WhisperWork, first_not_finite,
    loudest,
};
