//! Attention of one head.

use crate::row_math::{SIDES, exp, largest_of_panel, rounded, total, weigh, weigh_panel};
use crate::short_heads::{HEAD, ShortHead};
use crate::simd::{Isa, Looks, MOST_OF_ROW, PANEL, SHORT_BLOCK, SHORT_PANEL, ShortProduct, TOGETHER};

/// Panels of the longest audio.
const MOST_PANELS: usize = 32;
/// Positions of the longest audio; Whisper has 1,500.
pub(crate) const MOST_POSITIONS: usize = MOST_PANELS * PANEL;

/// Numbers that `look_around` needs for so many positions.
pub(crate) fn scores_needed(positions: usize) -> usize {
    let padded = positions.next_multiple_of(PANEL);
    TOGETHER * (padded + padded / PANEL)
}

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
        let total = weigh::<I>(scores);
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

/// What some queries find among the keys of a head: `queries` are `[HEAD]` each, scaled. `scores` is memory of `scores_needed`, and its
/// beginning `[panels][QUERIES][PANEL]` holds the scores afterwards; `mixed` is what was found. Gives the largest score of each query, and
/// the sum of the exponentials of all over it.
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
) -> Looks<QUERIES> {
    let padded = head.positions.next_multiple_of(PANEL);
    let panels = padded / PANEL;
    let (scores, scales_of_weights) = scores.split_at_mut(QUERIES * padded);
    let mut scales = [0.0; QUERIES];
    let mut asked = [[0i16; HEAD]; QUERIES];
    for query in 0..QUERIES {
        scales[query] = quantise_query(queries[query], &head.key_scales, &mut asked[query]);
    }
    let mut most = [f32::NEG_INFINITY; QUERIES];
    let scores = scores.as_chunks_mut::<PANEL>().0.as_chunks_mut::<QUERIES>().0;
    for (panel, (keys, scores)) in head.keys.chunks_exact(SHORT_PANEL).zip(&mut *scores).enumerate() {
        let product = ShortProduct { panel: keys, rows: &asked, scales };
        // SAFETY: the caller's promise.
        unsafe { I::add_short_block::<QUERIES, true>(&product, scores) };
        let count = PANEL.min(head.positions - panel * PANEL);
        for query in 0..QUERIES {
            if count < PANEL {
                scores[query][count..].fill(f32::NEG_INFINITY);
            }
            let largest = largest_of_panel(&scores[query]);
            most[query] = if largest > most[query] { largest } else { most[query] };
            scales_of_weights[query * panels + panel] = largest;
        }
    }
    let mut totals = [[0.0; SIDES]; QUERIES];
    *mixed = [[0.0; HEAD]; QUERIES];
    // Of all panels at once, as vectors: one after the other each would wait for the one before.
    let mut largest = [[0.0; QUERIES]; MOST_PANELS];
    for query in 0..QUERIES {
        let of_query = &mut scales_of_weights[query * panels..(query + 1) * panels];
        for (panel, scale) in of_query.iter_mut().enumerate() {
            largest[panel][query] = *scale;
            *scale = exp::<I>(*scale - most[query]) / MOST_OF_ROW;
        }
    }
    let mut weights = [[0i16; SHORT_BLOCK]; QUERIES];
    for (panel, (values, scores)) in head.values.chunks_exact(SHORT_PANEL).zip(scores).enumerate() {
        for query in 0..QUERIES {
            scales[query] = scales_of_weights[query * panels + panel];
            let largest = largest[panel][query];
            weigh_panel::<I>(&scores[query], largest, scales[query], &mut weights[query], &mut totals[query]);
        }
        let product = ShortProduct { panel: values, rows: &weights, scales };
        // SAFETY: the caller's promise.
        unsafe { I::add_short_block::<QUERIES, false>(&product, mixed) };
    }
    let totals = totals.map(total);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::{Processor, Work, run_on};
    use crate::scratch::Shared;
    use crate::team::{Member, Team};

    const QUERIES: usize = 3;

    struct Look<'a> {
        head: &'a ShortHead,
        queries: [&'a [f32]; QUERIES],
        scores: Shared<'a, f32>,
        mixed: Shared<'a, [f32; HEAD]>,
    }

    impl Work for Look<'_> {
        #[inline(always)]
        unsafe fn run<I: Isa>(&self, _: &Member<'_>) {
            let mut mixed = [[0.0; HEAD]; QUERIES];
            // SAFETY: the caller's promise; there is one member.
            unsafe {
                let scores = self.scores.write(0..scores_needed(self.head.positions));
                look_around::<I, QUERIES>(self.head, self.queries, scores, &mut mixed);
                self.mixed.write(0..QUERIES).copy_from_slice(&mixed);
            }
        }
    }

    fn noise(seed: u32) -> f32 {
        ((seed.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 23) as f32) - 1.0
    }

    #[test]
    fn what_is_found_is_the_mean_of_the_values_by_their_weights() {
        for positions in [1, 63, 64, 65, 200] {
            let rows = |first: u32, size: f32| -> Vec<Vec<f32>> {
                (0..positions as u32)
                    .map(|row| (0..HEAD as u32).map(|at| size * noise(first + row * 64 + at)).collect())
                    .collect()
            };
            let (keys, values) = (rows(1, 1.0), rows(1 << 20, 3.0));
            let mut head = ShortHead::default();
            head.store(positions, |position| &keys[position], |position| &values[position]);
            let queries: Vec<Vec<f32>> = (0..QUERIES as u32)
                .map(|query| (0..HEAD as u32).map(|at| noise((7 + query) << 24 | at)).collect())
                .collect();
            for processor in Processor::available() {
                let mut scores = vec![0.0; scores_needed(positions)];
                let mut mixed = vec![[0.0; HEAD]; QUERIES];
                let look = Look {
                    head: &head,
                    queries: [&queries[0], &queries[1], &queries[2]],
                    scores: Shared::new(&mut scores),
                    mixed: Shared::new(&mut mixed),
                };
                run_on(processor, &mut Team::new(1), &look);
                for (query, mixed) in queries.iter().zip(&mixed) {
                    let weights: Vec<f64> = keys
                        .iter()
                        .map(|key| key.iter().zip(query).map(|(a, b)| f64::from(a * b)).sum::<f64>().exp())
                        .collect();
                    let total: f64 = weights.iter().sum();
                    for (channel, found) in mixed.iter().enumerate() {
                        let sum = weights
                            .iter()
                            .zip(&values)
                            .map(|(weight, value)| weight * f64::from(value[channel]));
                        let off = f64::from(*found) - sum.sum::<f64>() / total;
                        assert!(off.abs() < 1.5e-3, "{processor:?}, {positions} positions: {off:e}");
                    }
                }
            }
        }
    }
}
