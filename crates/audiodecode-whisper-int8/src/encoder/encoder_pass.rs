//! The encoder's layers.

use std::ops::Range;

use super::encode_memory::{EncodeWork, EncoderMemory, MemberMemory, tiles};
use super::padding::{Lent, Padding};
use crate::encoder_weights::{EncoderLayer, EncoderShape, EncoderWeights};
use crate::finish::{Add, Put, PutGelu};
use crate::processor::{Processor, Work, run_on};
use crate::row_math::layer_norm;
use crate::scratch::Shared;
use crate::short_heads::{HEAD, ShortHead};
use crate::simd::{Isa, groups, with_count};
use crate::team::{Member, Team};
use crate::weights_reader::Norm;

/// A window at work.
pub(super) struct EncodePass<'a> {
    pub(super) weights: &'a EncoderWeights,
    pub(super) mel: &'a [f32],
    pub(super) frames: usize,
    pub(super) positions: usize,
    behind: Option<(&'a Padding, Lent)>,
    pub(super) work: EncodeWork<'a>,
}

/// Encodes a spectrogram into the heads of each layer of the decoder; sizes have been checked. `kept` gets keys and values of all layers.
#[allow(clippy::too_many_arguments)]
pub(super) fn encode(
    weights: &EncoderWeights,
    processor: Processor,
    team: &mut Team,
    memory: &mut EncoderMemory,
    mel: &[f32],
    frames: usize,
    behind: Option<(&Padding, Lent)>,
    cross: &mut [Vec<ShortHead>],
    kept: Option<&mut Padding>,
) {
    let positions = frames / 2;
    let work = memory.prepare(weights, team.members(), frames, cross, kept);
    run_on(processor, team, &EncodePass { weights, mel, frames, positions, behind, work });
}

impl Work for EncodePass<'_> {
    #[inline(always)]
    unsafe fn run<I: Isa>(&self, member: &Member<'_>) {
        // SAFETY: each member has its own; the rest is the caller's promise.
        unsafe {
            let own = &mut self.work.members.write(member.index..member.index + 1)[0];
            own.resize(&self.weights.shape);
            self.convolve::<I>(member, own);
            for (index, layer) in self.weights.layers.iter().enumerate() {
                self.layer::<I>(layer, index, member, own);
            }
            self.keys_and_values::<I>(member, own);
        }
    }
}

impl EncodePass<'_> {
    /// One layer. Each member has rows of its own, but for attention, which sees those of all.
    ///
    /// # Safety
    /// The processor has what `I` needs. All members of the team do it at the same time.
    #[inline(always)]
    unsafe fn layer<I: Isa>(
        &self,
        layer: &EncoderLayer,
        index: usize,
        member: &Member<'_>,
        own: &mut MemberMemory,
    ) {
        let Self { positions, work, .. } = self;
        let EncoderShape { width, inner, heads, block, .. } = self.weights.shape;
        let rows = member.part(*positions);
        // SAFETY: members write rows or heads of their own, and meet before they read those of others.
        unsafe {
            for (from, count) in tiles(rows.clone()) {
                self.normalise(&layer.before_self, from, count, own);
                let put = Put { target: &work.parts, columns: 3 * width };
                layer.parts.multiply_from::<I>(&own.rows(), count, from, 0..layer.parts.panels(), &put);
            }
            member.meet();
            if let Some([encoder, _]) = &work.kept {
                self.keep(&encoder[index], rows.clone(), 3 * width, width);
            }
            let padding = self.behind.map(|(padding, lent)| (&padding.encoder[index], lent.encoder));
            for head in member.part(heads) {
                self.store(&mut work.heads.write(head..head + 1)[0], head, (3 * width, width), padding);
            }
            member.meet();
            for head in 0..heads {
                self.look_around::<I>(head, rows.clone(), own);
            }
            for (from, count) in tiles(rows) {
                let add = Add { target: &work.state, columns: width };
                own.quantise(width, block, rows_of(&work.mixed, from, count, width));
                layer.after_self.multiply_from::<I>(
                    &own.rows(),
                    count,
                    from,
                    0..layer.after_self.panels(),
                    &add,
                );
                self.normalise(&layer.before_inner, from, count, own);
                let mut between = std::mem::take(&mut own.inner);
                let shared = Shared::new(&mut between[..]);
                let put = PutGelu { target: &shared, columns: inner };
                layer.to_inner.multiply::<I>(&own.rows(), count, 0..layer.to_inner.panels(), &put);
                own.quantise(inner, block, rows_of(&shared, 0, count, inner));
                layer.from_inner.multiply_from::<I>(
                    &own.rows(),
                    count,
                    from,
                    0..layer.from_inner.panels(),
                    &add,
                );
                own.inner = between;
            }
        }
    }

    /// The encoder's output, and from it the keys and values of the decoder's layers.
    ///
    /// # Safety
    /// As of `layer`.
    #[inline(always)]
    unsafe fn keys_and_values<I: Isa>(&self, member: &Member<'_>, own: &mut MemberMemory) {
        let Self { positions, weights, work, .. } = self;
        let EncoderShape { width, heads, block, .. } = weights.shape;
        let rows = member.part(*positions);
        // SAFETY: as in `layer`.
        unsafe {
            // The parts get narrower rows, which lie where those of others were.
            member.meet();
            for row in rows.clone() {
                let place = row * width..(row + 1) * width;
                let (state, target) = (work.state.read(place.clone()), work.mixed.write(place));
                layer_norm(state, &weights.last.gain, &weights.last.offset, target);
            }
            for (index, matrix) in weights.cross.iter().enumerate() {
                for (from, count) in tiles(rows.clone()) {
                    own.quantise(width, block, rows_of(&work.mixed, from, count, width));
                    let put = Put { target: &work.parts, columns: 2 * width };
                    matrix.multiply_from::<I>(&own.rows(), count, from, 0..matrix.panels(), &put);
                }
                if let Some([_, cross]) = &work.kept {
                    self.keep(&cross[index], rows.clone(), 2 * width, 0);
                }
                member.meet();
                let padding = self.behind.map(|(padding, lent)| (&padding.cross[index], lent.decoder));
                for head in member.part(heads) {
                    self.store(
                        &mut work.cross[index].write(head..head + 1)[0],
                        head,
                        (2 * width, 0),
                        padding,
                    );
                }
                member.meet();
            }
        }
    }

    /// LayerNorm of some rows of the state, quantised.
    ///
    /// # Safety
    /// They are the member's own.
    #[inline(always)]
    unsafe fn normalise(&self, norm: &Norm, from: usize, count: usize, own: &mut MemberMemory) {
        let EncoderShape { width, block, .. } = self.weights.shape;
        let mut normal = std::mem::take(&mut own.normal);
        // SAFETY: the caller's promise.
        let state = unsafe { self.work.state.read(from * width..(from + count) * width) };
        for (row, normal) in state.chunks_exact(width).zip(normal.chunks_exact_mut(width)) {
            layer_norm(row, &norm.gain, &norm.offset, normal);
        }
        own.quantise(width, block, normal.chunks_exact(width).take(count));
        own.normal = normal;
    }

    /// Keeps the keys and values of some rows, which begin at `offset` of `columns`.
    ///
    /// # Safety
    /// They are the member's own.
    #[inline(always)]
    unsafe fn keep(&self, target: &Shared<'_, f32>, rows: Range<usize>, columns: usize, offset: usize) {
        let both = 2 * self.weights.shape.width;
        for row in rows {
            let from = row * columns + offset;
            // SAFETY: the caller's promise.
            unsafe {
                let source = self.work.parts.read(from..from + both);
                target.write(row * both..(row + 1) * both).copy_from_slice(source);
            }
        }
    }

    /// Packs keys and values of a head, which begin at `offset` of `columns` of the parts, with as many of the padding behind as are lent.
    ///
    /// # Safety
    /// All rows of the parts are complete.
    #[inline(always)]
    unsafe fn store(
        &self,
        target: &mut ShortHead,
        head: usize,
        (columns, offset): (usize, usize),
        padding: Option<(&Vec<f32>, usize)>,
    ) {
        let EncoderShape { width, context, .. } = self.weights.shape;
        let positions = self.positions;
        let (behind, lent): (&[f32], usize) = padding.map_or((&[], 0), |(behind, lent)| (behind, lent));
        let all = (positions + lent).min(context);
        let at = |position: usize, part: usize| {
            if position < positions {
                let start = position * columns + offset + part * width + head * HEAD;
                // SAFETY: the caller's promise.
                unsafe { self.work.parts.read(start..start + HEAD) }
            } else {
                let start = (2 * position + part) * width + head * HEAD;
                &behind[start..start + HEAD]
            }
        };
        target.store(all, |position| at(position, 0), |position| at(position, 1));
    }

    /// Attention of one head for some rows.
    ///
    /// # Safety
    /// The rows are the member's own, the heads are complete, and the processor has what `I` needs.
    #[inline(always)]
    unsafe fn look_around<I: Isa>(&self, head: usize, rows: Range<usize>, own: &mut MemberMemory) {
        for (from, queries) in groups(rows.len()) {
            let first = rows.start + from;
            // SAFETY: the caller's promise.
            unsafe { with_count!(queries, QUERIES => self.look_together::<I, QUERIES>(head, first, own)) }
        }
    }

    /// # Safety
    /// As of `look_around`.
    #[inline(always)]
    unsafe fn look_together<I: Isa, const QUERIES: usize>(
        &self,
        head: usize,
        first: usize,
        own: &mut MemberMemory,
    ) {
        let width = self.weights.shape.width;
        // SAFETY: as of `look_around`.
        unsafe {
            let heads = self.work.heads.read(head..head + 1);
            let mut queries: [&[f32]; QUERIES] = [&[]; QUERIES];
            for (query, numbers) in queries.iter_mut().enumerate() {
                let start = (first + query) * 3 * width + head * HEAD;
                *numbers = self.work.parts.read(start..start + HEAD);
            }
            let mut mixed = [[0.0; HEAD]; QUERIES];
            I::look::<QUERIES>(&heads[0], queries, &mut own.scores, &mut mixed);
            for (query, mixed) in mixed.iter().enumerate() {
                let start = (first + query) * width + head * HEAD;
                self.work.mixed.write(start..start + HEAD).copy_from_slice(mixed);
            }
        }
    }
}

/// Some rows of a matrix.
///
/// # Safety
/// Nobody writes them.
#[inline(always)]
unsafe fn rows_of<'a>(
    source: &'a Shared<'_, f32>,
    from: usize,
    count: usize,
    columns: usize,
) -> impl Iterator<Item = &'a [f32]> {
    // SAFETY: the caller's promise.
    unsafe { source.read(from * columns..(from + count) * columns) }.chunks_exact(columns)
}
