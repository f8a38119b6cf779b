//! When the tokens of a text are said: from what a decoder looked at to a way through the audio.

mod align_tokens;
mod dtw;
mod median;

pub use align_tokens::{Looks, align_tokens};
pub use dtw::WarpingPath;
