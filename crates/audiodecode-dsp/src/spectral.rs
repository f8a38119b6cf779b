//! Features of the short-time spectrum, in columns: one for each frame, computed independently of its neighbours, so that
//! threads and streams give the bits of the whole.

mod cepstrum;
mod column_parts;
mod columns;
mod decibels;
mod delta;
mod extremes;
mod framing;
mod mel;
mod mel_filters;
mod mel_scale;
mod power_spectrum;
mod real_fft;
mod spectra;
mod stft;
mod whisper;
mod window;

pub use cepstrum::Cepstrum;
pub use column_parts::{ColumnPart, ColumnParts};
pub use columns::{Columns, RowsError};
pub use decibels::Decibels;
pub use delta::Delta;
pub use extremes::{first_not_finite, loudest};
pub use framing::{Framing, Padding, Signal};
pub use mel::{Mel, MelWork};
pub use mel_filters::{MelFilters, MelNorm};
pub use mel_scale::MelScale;
pub use stft::{Stft, StftWork};
pub use whisper::{WhisperLogMel, WhisperWork};
