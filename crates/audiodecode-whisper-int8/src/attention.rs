//! Attention of one head.

use crate::row_math::{exp, largest_of_panel, rounded, weigh, weigh_panel};
use crate::short_heads::{HEAD, ShortHead};
use crate::simd::{Isa, MOST_OF_ROW, PANEL, SHORT_BLOCK, SHORT_PANEL, ShortProduct};

/// Queries that look at the same keys at the same time: what is read serves them all, and their sums fit into the registers.
pub(crate) const TOGETHER: usize = 6;

/// Vectors of a head at most.
const MOST_VECTORS: usize = 16;

/// One token's look at the tokens before it: `query` `[HEAD]`, scaled; `scores` has a place for each of the keys. `key(i)` and `value(i)`
/// are `[HEAD]`.
///
/// # Safety
/// The processor has what `I` needs.
#[inline(always)]
pub(crate) unsafe fn look_back<'a, I: Isa>(
    query: &[f32],
    scores: &mut [f32],
    key: impl Fn(usize) -> &'a [f32],
    value: impl Fn(usize) -> &'a [f32],
    mixed: &mut [f32],
) {
    let vectors = HEAD / I::LANES;
    // SAFETY: the caller's promise.
    unsafe {
        let mut asked = [I::zero(); MOST_VECTORS];
        for (vector, asked) in asked[..vectors].iter_mut().enumerate() {
            *asked = I::load(&query[vector * I::LANES..]);
        }
        for (index, score) in scores.iter_mut().enumerate() {
            let key = key(index);
            let mut sum = I::zero();
            for (vector, asked) in asked[..vectors].iter().enumerate() {
                sum = I::multiply_add(*asked, I::load(&key[vector * I::LANES..]), sum);
            }
            *score = I::sum(sum);
        }
        let total = weigh(scores);
        let mut sums = [I::zero(); MOST_VECTORS];
        for (index, weight) in scores.iter().enumerate() {
            let value = value(index);
            let weight = I::splat(*weight / total);
            for (vector, sum) in sums[..vectors].iter_mut().enumerate() {
                *sum = I::multiply_add(weight, I::load(&value[vector * I::LANES..]), *sum);
            }
        }
        for (vector, sum) in sums[..vectors].iter().enumerate() {
            I::store(&mut mixed[vector * I::LANES..], *sum);
        }
    }
}

/// What some queries find among the keys of a head: `queries` are `[HEAD]` each, scaled. `scores` is memory of
/// `[QUERIES][positions padded to PANEL]` and holds the scores afterwards; `mixed` is what was found. Gives the largest score of each query,
/// and the sum of the exponentials of all over it.
///
/// A query is quantised by its largest number; weights of 64 positions by their largest one, which is at hand: it belongs to the largest
/// score.
///
/// # Safety
/// The processor has what `I` needs.
#[inline(always)]
pub(crate) unsafe fn look_around<I: Isa, const QUERIES: usize>(
    head: &ShortHead,
    queries: [&[f32]; QUERIES],
    scores: &mut [f32],
    mixed: &mut [[f32; HEAD]; QUERIES],
) -> ([f32; QUERIES], [f32; QUERIES]) {
    let padded = head.positions.next_multiple_of(PANEL);
    let mut scales = [0.0; QUERIES];
    let mut asked = [[0i16; HEAD]; QUERIES];
    for query in 0..QUERIES {
        scales[query] = quantise_query(queries[query], &head.key_scales, &mut asked[query]);
    }
    let mut most = [f32::NEG_INFINITY; QUERIES];
    for (panel, keys) in head.keys.chunks_exact(SHORT_PANEL).enumerate() {
        let mut sums = [[0.0; PANEL]; QUERIES];
        // SAFETY: the caller's promise.
        unsafe { I::add_short_block(&ShortProduct { panel: keys, rows: &asked, scales }, &mut sums) };
        let count = PANEL.min(head.positions - panel * PANEL);
        for query in 0..QUERIES {
            sums[query][count..].fill(f32::NEG_INFINITY);
            let largest = largest_of_panel(&sums[query]);
            most[query] = if largest > most[query] { largest } else { most[query] };
            scores[query * padded + panel * PANEL..][..PANEL].copy_from_slice(&sums[query]);
        }
    }
    let mut totals = [0.0; QUERIES];
    *mixed = [[0.0; HEAD]; QUERIES];
    for (panel, values) in head.values.chunks_exact(SHORT_PANEL).enumerate() {
        let mut weights = [[0i16; SHORT_BLOCK]; QUERIES];
        for query in 0..QUERIES {
            let Some(scores) = scores[query * padded + panel * PANEL..].first_chunk::<PANEL>() else {
                continue;
            };
            let largest = largest_of_panel(scores);
            scales[query] = exp(largest - most[query]) / MOST_OF_ROW;
            totals[query] += weigh_panel(scores, largest, MOST_OF_ROW, &mut weights[query]) * scales[query];
        }
        // SAFETY: the caller's promise.
        unsafe { I::add_short_block(&ShortProduct { panel: values, rows: &weights, scales }, mixed) };
    }
    for (mixed, total) in mixed.iter_mut().zip(totals) {
        for (number, scale) in mixed.iter_mut().zip(&head.value_scales) {
            *number *= scale / total;
        }
    }
    (most, totals)
}

/// A query times the scales of the channels; gives the scale of what comes out.
#[inline(always)]
fn quantise_query(query: &[f32], key_scales: &[f32], asked: &mut [i16; HEAD]) -> f32 {
    let mut scaled = [0.0; HEAD];
    for ((scaled, number), scale) in scaled.iter_mut().zip(query).zip(key_scales) {
        *scaled = number * scale;
    }
    let mut sizes = [0.0; HEAD];
    for channel in 0..HEAD {
        sizes[channel] = scaled[channel].abs();
    }
    let size = largest_of_panel(&sizes);
    let factor = if size > 0.0 { MOST_OF_ROW / size } else { 0.0 };
    for channel in 0..HEAD {
        asked[channel] = rounded(scaled[channel] * factor);
    }
    size / MOST_OF_ROW
}
