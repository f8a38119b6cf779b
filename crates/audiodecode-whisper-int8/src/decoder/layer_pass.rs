//! One layer of the decoder.

use super::Pass;
use crate::attention::look_back;
use crate::decoder_weights::{Layer, Shape};
use crate::finish::{Add, Put, PutGelu};
use crate::quantised_rows::quantise_row;
use crate::row_math::{exp, layer_norm};
use crate::scratch::Shared;
use crate::short_heads::HEAD;
use crate::simd::{Isa, PANEL, groups, with_count};
use crate::team::Member;
use crate::weight_matrix::{Finish, WeightMatrix};
use crate::weights_reader::Norm;

/// A layer at work, as one member of the team sees it. All members do the same stages, each its own part, and meet between them.
pub(crate) struct LayerPass<'a> {
    pub(crate) pass: &'a Pass<'a>,
    pub(crate) layer: &'a Layer,
    pub(crate) index: usize,
    pub(crate) member: &'a Member<'a>,
}

impl LayerPass<'_> {
    /// # Safety
    /// The processor has what `I` needs. All members of the team do it at the same time. The state is written by members' rows.
    #[inline(always)]
    pub(crate) unsafe fn run<I: Isa>(&self) {
        let Self { layer, member, .. } = *self;
        let work = &self.pass.work;
        let Shape { width, inner, .. } = self.pass.weights.shape;
        let add = Add { target: &work.state, columns: width };
        // SAFETY: the caller's promises; members meet between writing and reading.
        unsafe {
            self.normalise(&layer.before_self);
            self.multiply::<I>(&layer.parts, width, &Put { target: &work.parts, columns: 3 * width });
            member.meet();
            self.look_back::<I>();
            member.meet();
            self.quantise(&work.mixed, width);
            self.multiply::<I>(&layer.after_self, width, &add);
            member.meet();
            self.normalise(&layer.before_cross);
            self.multiply::<I>(&layer.queries, width, &Put { target: &work.parts, columns: width });
            member.meet();
            self.look_at_audio::<I>();
            member.meet();
            self.quantise(&work.mixed, width);
            self.multiply::<I>(&layer.after_cross, width, &add);
            member.meet();
            self.normalise(&layer.before_inner);
            self.multiply::<I>(&layer.to_inner, width, &PutGelu { target: &work.inner, columns: inner });
            member.meet();
            self.quantise(&work.inner, inner);
            self.multiply::<I>(&layer.from_inner, inner, &add);
            member.meet();
        }
    }

    /// LayerNorm of the state, quantised.
    ///
    /// # Safety
    /// The state is complete, and nobody reads the quantised rows.
    #[inline(always)]
    unsafe fn normalise(&self, norm: &Norm) {
        let work = &self.pass.work;
        let shape = &self.pass.weights.shape;
        let width = shape.width;
        for token in self.member.part(self.pass.step.tokens.len()) {
            // SAFETY: each member has rows of its own.
            unsafe {
                let row = work.state.read(token * width..(token + 1) * width);
                let normal = work.normal.write(token * width..(token + 1) * width);
                layer_norm(row, &norm.gain, &norm.offset, normal);
                let (values, scales, surplus) = work.quantised.row(token, width, shape.block);
                quantise_row(normal, shape.block, values, scales, surplus);
            }
        }
        self.member.meet();
    }

    /// # Safety
    /// The source is complete, and nobody reads the quantised rows.
    #[inline(always)]
    unsafe fn quantise(&self, source: &Shared<'_, f32>, columns: usize) {
        let block = self.pass.weights.shape.block;
        for token in self.member.part(self.pass.step.tokens.len()) {
            // SAFETY: each member has rows of its own.
            unsafe {
                let row = source.read(token * columns..(token + 1) * columns);
                let (values, scales, surplus) = self.pass.work.quantised.row(token, columns, block);
                quantise_row(row, block, values, scales, surplus);
            }
        }
        self.member.meet();
    }

    /// # Safety
    /// The rows are quantised, and the processor has what `I` needs.
    #[inline(always)]
    unsafe fn multiply<I: Isa>(&self, matrix: &WeightMatrix, columns: usize, finish: &impl Finish) {
        let tokens = self.pass.step.tokens.len();
        // SAFETY: the caller's promises.
        unsafe {
            let rows = self.pass.work.quantised.all(tokens, columns, self.pass.weights.shape.block);
            matrix.multiply::<I>(&rows, tokens, self.member.part(matrix.panels()), finish);
        }
    }

    /// Self-attention; keys and values of the step are noted in the caches.
    ///
    /// # Safety
    /// The parts are complete, and the processor has what `I` needs.
    #[inline(always)]
    unsafe fn look_back<I: Isa>(&self) {
        let Self { member, index, .. } = *self;
        let work = &self.pass.work;
        let step = self.pass.step;
        let shape = &self.pass.weights.shape;
        let width = shape.width;
        let count = step.tokens.len() / step.rows;
        let together = step.rows / step.audios;
        // Head by head, so that what rows share stays in the cache.
        for task in member.part(step.rows * shape.heads) {
            let (head, row) = (task / step.rows, task % step.rows);
            let start = step.starts[row] as usize;
            let (first, shared) = (row - row % together, step.shared[row] as usize);
            for token in 0..count {
                let place = (row * count + token) * 3 * width + head * HEAD;
                let cached = ((step.past + token) * step.rows + row) * width + head * HEAD;
                // SAFETY: what is written is of this row and head alone; of other rows only tokens of earlier steps are read.
                unsafe {
                    for (kind, cache) in work.caches[2 * index..2 * index + 2].iter().enumerate() {
                        let from = place + (kind + 1) * width;
                        let fresh = work.parts.read(from..from + HEAD);
                        cache.write(cached..cached + HEAD).copy_from_slice(fresh);
                    }
                    let query = work.parts.read(place..place + HEAD);
                    let keys = step.past + token + 1 - start;
                    let memory = member.index * work.scores_length;
                    let scores = work.scores.write(memory..memory + keys);
                    let at = |key: usize| {
                        let token = start + key;
                        let row = if token < shared { first } else { row };
                        let from = (token * step.rows + row) * width + head * HEAD;
                        from..from + HEAD
                    };
                    let target = (row * count + token) * width + head * HEAD;
                    look_back::<I>(
                        query,
                        scores,
                        |key| work.caches[2 * index].read(at(key)),
                        |key| work.caches[2 * index + 1].read(at(key)),
                        work.mixed.write(target..target + HEAD),
                    );
                }
            }
        }
    }

    /// Cross-attention.
    ///
    /// # Safety
    /// The queries are complete, and the processor has what `I` needs.
    #[inline(always)]
    unsafe fn look_at_audio<I: Isa>(&self) {
        let step = self.pass.step;
        let heads = self.pass.weights.shape.heads;
        let tokens = step.tokens.len() / step.audios;
        for task in self.member.part(step.audios * heads) {
            let (audio, head) = (task / heads, task % heads);
            for (from, queries) in groups(tokens) {
                // SAFETY: the caller's promises.
                unsafe {
                    with_count!(queries, QUERIES => self.look_together::<I, QUERIES>(audio, head, from))
                }
            }
        }
    }

    /// # Safety
    /// As of `look_at_audio`.
    #[inline(always)]
    unsafe fn look_together<I: Isa, const QUERIES: usize>(&self, audio: usize, head: usize, from: usize) {
        let work = &self.pass.work;
        let step = self.pass.step;
        let shape = &self.pass.weights.shape;
        let tokens = step.tokens.len() / step.audios;
        let found = step.cross.head(step.slot + audio, self.index, head);
        let place = |query: usize| {
            let start = (audio * tokens + from + query) * shape.width + head * HEAD;
            start..start + HEAD
        };
        // SAFETY: each member has heads of its own.
        unsafe {
            let memory = self.member.index * work.scores_length;
            let scores = work.scores.write(memory..memory + work.scores_length);
            let queries = std::array::from_fn(|query| work.parts.read(place(query)));
            let mut mixed = [[0.0; HEAD]; QUERIES];
            let (most, sums) = I::look::<QUERIES>(found, queries, scores, &mut mixed);
            for (query, mixed) in mixed.iter().enumerate() {
                work.mixed.write(place(query)).copy_from_slice(mixed);
            }
            let shown = step.attention_layers.iter().position(|layer| *layer as usize == self.index);
            let Some(shown) = shown else { return };
            let panels = scores.as_chunks::<PANEL>().0.as_chunks::<QUERIES>().0;
            for (query, sum) in sums.iter().enumerate() {
                let row = (audio * shape.heads + head) * tokens + from + query;
                let target = row * found.positions..(row + 1) * found.positions;
                let scores = panels.iter().flat_map(|panel| &panel[query]);
                for (target, score) in work.attention[shown].write(target).iter_mut().zip(scores) {
                    *target = exp::<I>(*score - most[query]) / sum;
                }
            }
        }
    }
}
