//! Memory of a step.

use super::{Attention, Caches, Step};
use crate::attention::scores_needed;
use crate::decoder_weights::Shape;
use crate::output_head::Choices;
use crate::quantised_rows::QuantisedRows;
use crate::scratch::{Shared, at_least};

/// Kept from step to step.
#[derive(Default)]
pub(crate) struct StepMemory {
    state: Vec<f32>,
    normal: Vec<f32>,
    values: Vec<i8>,
    scales: Vec<f32>,
    surplus: Vec<i32>,
    parts: Vec<f32>,
    mixed: Vec<f32>,
    inner: Vec<f32>,
    scores: Vec<f32>,
    logits: Vec<f32>,
    masked: Vec<f32>,
    choices: Vec<Option<Choices>>,
}

/// The memory of one step, lent to all members.
pub(crate) struct StepWork<'a> {
    /// `[tokens][width]`
    pub(crate) state: Shared<'a, f32>,
    /// Rows on their way to be quantised: `[members or tokens][width]`
    pub(crate) normal: Shared<'a, f32>,
    pub(crate) quantised: SharedRows<'a>,
    /// Queries, keys and values: `[tokens][3 × width]`; queries for the audio.
    pub(crate) parts: Shared<'a, f32>,
    /// What attention found: `[tokens][width]`
    pub(crate) mixed: Shared<'a, f32>,
    /// `[tokens][inner]`
    pub(crate) inner: Shared<'a, f32>,
    /// Of each member.
    pub(crate) scores: Shared<'a, f32>,
    /// Length of a member's.
    pub(crate) scores_length: usize,
    /// `[scored][vocabulary]`
    pub(crate) logits: Shared<'a, f32>,
    /// Of each member: `[end of text]`
    pub(crate) masked: Shared<'a, f32>,
    pub(crate) choices: Shared<'a, Option<Choices>>,
    pub(crate) caches: Vec<Shared<'a, f32>>,
    /// For each layer asked for.
    pub(crate) attention: Vec<Shared<'a, f32>>,
}

/// Rows of activations in 8 bits.
pub(crate) struct SharedRows<'a> {
    values: Shared<'a, i8>,
    scales: Shared<'a, f32>,
    surplus: Shared<'a, i32>,
}

impl SharedRows<'_> {
    /// A row to be written: values, scales, surplus.
    ///
    /// # Safety
    /// As of `Shared::write`.
    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn row(
        &self,
        row: usize,
        columns: usize,
        block: usize,
    ) -> (&mut [i8], &mut [f32], &mut [i32]) {
        let blocks = columns / block;
        // SAFETY: the caller's promise.
        unsafe {
            (
                self.values.write(row * columns..(row + 1) * columns),
                self.scales.write(row * blocks..(row + 1) * blocks),
                self.surplus.write(row * blocks..(row + 1) * blocks),
            )
        }
    }

    /// All rows to be read.
    ///
    /// # Safety
    /// As of `Shared::read`.
    #[inline(always)]
    pub(crate) unsafe fn all(&self, rows: usize, columns: usize, block: usize) -> QuantisedRows<'_> {
        let blocks = rows * (columns / block);
        // SAFETY: the caller's promise.
        unsafe {
            QuantisedRows {
                values: self.values.read(0..rows * columns),
                scales: self.scales.read(0..blocks),
                surplus: self.surplus.read(0..blocks),
            }
        }
    }
}

impl StepMemory {
    /// The memory that a step needs; its sizes have been checked.
    pub(crate) fn prepare<'a>(
        &'a mut self,
        step: &Step<'_>,
        shape: &Shape,
        caches: &'a mut Caches<'_>,
        members: usize,
        attention: &'a mut [Attention],
    ) -> StepWork<'a> {
        let Shape { width, inner, vocabulary, end_of_text, block, .. } = *shape;
        let tokens = step.tokens.len();
        let scored = step.rows * step.score.len();
        let rows = tokens.max(scored);
        let slots = step.slot..step.slot + step.audios;
        let positions = slots.map(|slot| step.cross.positions(slot)).max().unwrap_or(0);
        let longest = scores_needed(positions).max(step.past + tokens / step.rows);
        if self.choices.len() < scored {
            self.choices.resize_with(scored, || None);
        }
        StepWork {
            state: Shared::new(at_least(&mut self.state, tokens * width)),
            normal: Shared::new(at_least(&mut self.normal, rows * width)),
            quantised: SharedRows {
                values: Shared::new(at_least(&mut self.values, rows * inner.max(width))),
                scales: Shared::new(at_least(&mut self.scales, rows * inner.max(width) / block)),
                surplus: Shared::new(at_least(&mut self.surplus, rows * inner.max(width) / block)),
            },
            parts: Shared::new(at_least(&mut self.parts, tokens * 3 * width)),
            mixed: Shared::new(at_least(&mut self.mixed, tokens * width)),
            inner: Shared::new(at_least(&mut self.inner, tokens * inner)),
            scores: Shared::new(at_least(&mut self.scores, members * longest)),
            scores_length: longest,
            logits: Shared::new(at_least(&mut self.logits, scored * vocabulary)),
            masked: Shared::new(at_least(&mut self.masked, members * end_of_text)),
            choices: Shared::new(&mut self.choices[..]),
            caches: caches.buffers.iter_mut().map(|buffer| Shared::new(buffer)).collect(),
            attention: attention.iter_mut().map(|one| Shared::new(&mut one.weights)).collect(),
        }
    }
}
