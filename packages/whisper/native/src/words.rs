use audiodecode_whisper_int8::{Looks, WarpingPath};
use napi::bindgen_prelude::{Float32Array, Int32Array};
use napi_derive::napi;

/// What the alignment heads of a model looked at while it read a text.
#[napi(object, object_to_js = false)]
pub struct NativeLooks {
    /// Of each head `[tokens, frames]`, after the softmax over frames.
    pub heads: Vec<Float32Array>,
    /// Tokens.
    pub tokens: u32,
    /// Positions of the encoder.
    pub frames: u32,
    /// Those with audio in them.
    pub used_frames: u32,
    /// Tokens before the one that says "no timestamps".
    pub start_length: u32,
}

/// A way through tokens and frames: where each step is.
#[napi(object, object_from_js = false)]
pub struct NativePath {
    /// Token of each step, from the first one of the text on.
    pub rows: Int32Array,
    /// Frame of each step.
    pub columns: Int32Array,
}

impl NativeLooks {
    pub(crate) fn all(&self) -> Looks<'_> {
        Looks {
            heads: self.heads.iter().map(|head| &**head).collect(),
            tokens: self.tokens as usize,
            frames: self.frames as usize,
            used_frames: self.used_frames as usize,
            start_length: self.start_length as usize,
        }
    }
}

impl From<WarpingPath> for NativePath {
    fn from(path: WarpingPath) -> Self {
        Self { rows: Int32Array::new(path.rows), columns: Int32Array::new(path.columns) }
    }
}
