//! Features of the short-time spectrum, in columns: one for each frame, computed independently of its neighbours, so that
//! threads and streams give the bits of the whole.

mod column_parts;
mod columns;
mod framing;
mod mel_filters;
mod mel_scale;
mod real_fft;
mod whisper;
mod window;

pub use column_parts::{ColumnPart, ColumnParts};
pub use columns::{Columns, RowsError};
pub use framing::{Framing, Padding, Signal};
pub use mel_filters::{MelFilters, MelNorm};
pub use mel_scale::MelScale;
pub use whisper::{WhisperLogMel, WhisperWork};
