//! What audio sees behind itself that is shorter than a window.

/// How many positions of padding behind short audio are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lent {
    /// By the encoder.
    pub encoder: usize,
    /// By the decoder.
    pub decoder: usize,
}

/// Keys and values of a window that is nothing but padding, at every position.
#[derive(Default)]
pub(crate) struct Padding {
    /// Of each layer of the encoder: `[context][2 × width]`.
    pub(crate) encoder: Vec<Vec<f32>>,
    /// Of each layer of the decoder: `[context][2 × width]`.
    pub(crate) cross: Vec<Vec<f32>>,
}
