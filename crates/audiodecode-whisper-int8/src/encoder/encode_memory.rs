//! Memory of the encoder.

use std::ops::Range;

use super::padding::Padding;
use crate::attention::scores_needed;
use crate::encoder_weights::{EncoderShape, EncoderWeights};
use crate::quantised_rows::{QuantisedRows, quantise_row};
use crate::scratch::{Shared, at_least};
use crate::short_heads::ShortHead;
use crate::short_matrix::ShortRows;
use crate::simd::SHORT_BLOCK;

/// Rows that go through several layers together: what lies between stays in the cache.
const TILE: usize = 48;

/// Kept from window to window.
#[derive(Default)]
pub(crate) struct EncoderMemory {
    spectrogram: Vec<f32>,
    first: Vec<f32>,
    state: Vec<f32>,
    parts: Vec<f32>,
    mixed: Vec<f32>,
    heads: Vec<ShortHead>,
    members: Vec<MemberMemory>,
}

impl EncoderMemory {
    /// The output of the last window.
    pub(super) fn hidden(&self, count: usize) -> &[f32] {
        &self.mixed[..count]
    }

    /// The memory that a window needs; its sizes have been checked.
    pub(super) fn prepare<'a>(
        &'a mut self,
        weights: &EncoderWeights,
        members: usize,
        frames: usize,
        cross: &'a mut [Vec<ShortHead>],
        kept: Option<&'a mut Padding>,
    ) -> EncodeWork<'a> {
        let EncoderShape { width, heads, mels, .. } = weights.shape;
        let positions = frames / 2;
        let kept = kept.map(|Padding { encoder, cross }| {
            [(encoder, weights.layers.len()), (cross, weights.cross.len())].map(|(all, layers)| {
                all.resize_with(layers, || vec![0.0; positions * 2 * width]);
                all.iter_mut().map(|one| Shared::new(one.as_mut_slice())).collect()
            })
        });
        self.heads.resize_with(heads, ShortHead::default);
        self.members.resize_with(members, MemberMemory::default);
        EncodeWork {
            spectrogram: Shared::new(at_least(&mut self.spectrogram, (frames + 2) * mels + SHORT_BLOCK)),
            first: Shared::new(at_least(&mut self.first, (frames + 2) * width + SHORT_BLOCK)),
            state: Shared::new(at_least(&mut self.state, positions * width)),
            parts: Shared::new(at_least(&mut self.parts, positions * 3 * width)),
            mixed: Shared::new(at_least(&mut self.mixed, positions * width)),
            heads: Shared::new(&mut self.heads),
            members: Shared::new(&mut self.members),
            cross: cross.iter_mut().map(|layer| Shared::new(layer.as_mut_slice())).collect(),
            kept,
        }
    }
}

/// What a member needs for itself.
#[derive(Default)]
pub(super) struct MemberMemory {
    pub(super) short: ShortRows,
    pub(super) normal: Vec<f32>,
    values: Vec<i8>,
    scales: Vec<f32>,
    surplus: Vec<i32>,
    pub(super) inner: Vec<f32>,
    pub(super) scores: Vec<f32>,
}

/// The memory of a window, lent to all members.
pub(super) struct EncodeWork<'a> {
    /// `[1 + frames + 1][mels]`, and as many numbers as fill the last block.
    pub(super) spectrogram: Shared<'a, f32>,
    /// `[1 + frames + 1][width]`, likewise.
    pub(super) first: Shared<'a, f32>,
    /// `[positions][width]`
    pub(super) state: Shared<'a, f32>,
    /// Queries, keys and values: `[positions][3 × width]`; at the end keys and values for the decoder.
    pub(super) parts: Shared<'a, f32>,
    /// What attention found: `[positions][width]`; at the end the output.
    pub(super) mixed: Shared<'a, f32>,
    pub(super) heads: Shared<'a, ShortHead>,
    pub(super) members: Shared<'a, MemberMemory>,
    /// Heads of each layer of the decoder.
    pub(super) cross: Vec<Shared<'a, ShortHead>>,
    /// Keys and values of the encoder's and of the decoder's layers are kept.
    pub(super) kept: Option<[Vec<Shared<'a, f32>>; 2]>,
}

impl MemberMemory {
    pub(super) fn resize(&mut self, shape: &EncoderShape) {
        let most = TILE * shape.inner.max(shape.width);
        self.normal.resize(TILE * shape.width, 0.0);
        self.values.resize(most, 0);
        self.scales.resize(most / shape.block, 0.0);
        self.surplus.resize(most / shape.block, 0);
        self.inner.resize(TILE * shape.inner, 0.0);
        self.scores.resize(scores_needed(shape.context), 0.0);
    }

    /// Quantises rows of `columns` numbers.
    #[inline(always)]
    pub(super) fn quantise<'a>(
        &mut self,
        columns: usize,
        block: usize,
        rows: impl Iterator<Item = &'a [f32]>,
    ) {
        let blocks = columns / block;
        for (index, row) in rows.enumerate() {
            let places = index * blocks..(index + 1) * blocks;
            let values = &mut self.values[index * columns..(index + 1) * columns];
            quantise_row(row, block, values, &mut self.scales[places.clone()], &mut self.surplus[places]);
        }
    }

    #[inline(always)]
    pub(super) fn rows(&self) -> QuantisedRows<'_> {
        QuantisedRows { values: &self.values, scales: &self.scales, surplus: &self.surplus }
    }
}

/// A range in parts of `TILE`: the first of each and their number.
pub(super) fn tiles(range: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let end = range.end;
    range.step_by(TILE).map(move |from| (from, TILE.min(end - from)))
}
