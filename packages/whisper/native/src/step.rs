use audiodecode_whisper_int8::{CrossMemory, Scores, Step};
use napi::bindgen_prelude::{Float32Array, Uint32Array};
use napi_derive::napi;

/// One pass over the next tokens of all rows.
#[napi(object, object_to_js = false)]
pub struct NativeStep {
    /// Row after row, as many of each.
    pub tokens: Uint32Array,
    /// Where each of them is in its row's text.
    pub positions: Uint32Array,
    /// Rows, of which as many belong to each window.
    pub rows: u32,
    /// Tokens in the caches.
    pub past: u32,
    /// For each row, its first token in the caches.
    pub starts: Uint32Array,
    /// For each row, the token in the caches up to which it is equal to the first row of its window.
    pub shared: Uint32Array,
    /// The first window's place.
    pub slot: u32,
    /// Windows.
    pub audios: u32,
    /// Indices among the tokens of a row whose successors are scored.
    pub score: Uint32Array,
    /// Added to the scores of text.
    pub text_mask: Float32Array,
    /// Tokens of text to tell.
    pub top: u32,
    /// Tell the scores of all tokens too.
    pub all_logits: bool,
    /// Tokens whose scores are told, one for each scored token of each row; or none.
    pub wanted: Uint32Array,
    /// Layers whose look at the audio is told.
    pub attention_layers: Uint32Array,
}

/// What a step gives, for row after row and in it for each scored token.
#[napi(object, object_from_js = false)]
pub struct NativeScores {
    /// Scores of the best tokens of text, the best first.
    pub text_values: Float32Array,
    /// The tokens.
    pub text_ids: Uint32Array,
    /// Logarithm of the sum of the exponentials of all scores of text.
    pub text_log_sum: Float32Array,
    /// Scores from the end of text on.
    pub tail: Float32Array,
    /// Scores of all tokens; empty unless asked for.
    pub logits: Float32Array,
    /// Scores of the tokens that were wanted.
    pub wanted: Float32Array,
    /// For each layer asked for: `[windows, heads, rows of a window × tokens, positions]`.
    pub attention: Vec<Float32Array>,
}

impl NativeStep {
    pub(crate) fn of<'a>(&'a self, cross: &'a CrossMemory) -> Step<'a> {
        Step {
            tokens: &self.tokens,
            positions: &self.positions,
            rows: self.rows as usize,
            past: self.past as usize,
            starts: &self.starts,
            shared: &self.shared,
            cross,
            slot: self.slot as usize,
            audios: self.audios as usize,
            score: &self.score,
            text_mask: &self.text_mask,
            top: self.top as usize,
            all_logits: self.all_logits,
            wanted: &self.wanted,
            attention_layers: &self.attention_layers,
        }
    }
}

impl From<Scores> for NativeScores {
    fn from(scores: Scores) -> Self {
        Self {
            text_values: Float32Array::new(scores.text_values),
            text_ids: Uint32Array::new(scores.text_ids),
            text_log_sum: Float32Array::new(scores.text_log_sum),
            tail: Float32Array::new(scores.tail),
            logits: Float32Array::new(scores.logits),
            wanted: Float32Array::new(scores.wanted),
            attention: scores.attention.into_iter().map(|look| Float32Array::new(look.weights)).collect(),
        }
    }
}
