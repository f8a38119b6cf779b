//! From the scores of all tokens to the few numbers that a search needs.

use crate::row_math::log_sum;
use crate::simd::Isa;

/// The best of the tokens of text and what their probabilities need.
pub(crate) struct Choices {
    /// Scores of the best tokens, the best first.
    pub(crate) values: Vec<f32>,
    pub(crate) ids: Vec<u32>,
    /// Logarithm of the sum of the exponentials of all text.
    pub(crate) log_sum: f32,
}

/// The `top` best among `scores`, to which `mask` is added; of equal ones the one with the lower id comes first. `masked` is memory of the
/// same length.
#[inline(always)]
pub(crate) fn choose<I: Isa>(scores: &[f32], mask: &[f32], masked: &mut [f32], top: usize) -> Choices {
    for ((target, score), mask) in masked.iter_mut().zip(scores).zip(mask) {
        *target = score + mask;
    }
    let (mut values, mut ids) = (Vec::with_capacity(top + 1), Vec::with_capacity(top + 1));
    let mut least = f32::NEG_INFINITY;
    /// Scores that are looked at together: in most groups none is good enough.
    const GROUP: usize = 64;
    for (group, scores) in masked.chunks(GROUP).enumerate() {
        if values.len() == top && !scores.iter().fold(false, |any, score| any | (*score > least)) {
            continue;
        }
        for (index, score) in scores.iter().enumerate() {
            if values.len() == top && *score <= least {
                continue;
            }
            let place = values.partition_point(|value| *value >= *score);
            values.insert(place, *score);
            ids.insert(place, (group * GROUP + index) as u32);
            values.truncate(top);
            ids.truncate(top);
            least = values.last().copied().unwrap_or(f32::NEG_INFINITY);
        }
    }
    Choices { values, ids, log_sum: log_sum::<I>(masked) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    #[test]
    fn the_best_come_first_and_of_equal_ones_the_first() {
        let mut scores = vec![0.5; 300];
        scores[7] = 3.0;
        scores[200] = 3.0;
        scores[201] = 9.0;
        scores[299] = 2.0;
        let mut mask = vec![0.0; 300];
        mask[201] = f32::NEG_INFINITY;
        let found = choose::<Portable>(&scores, &mask, &mut vec![0.0; 300], 5);
        assert_eq!(found.ids, [7, 200, 299, 0, 1]);
        assert_eq!(found.values, [3.0, 3.0, 2.0, 0.5, 0.5]);
        let wanted = (296.0 * 0.5f64.exp() + 2.0 * 3f64.exp() + 2f64.exp()).ln();
        assert!((f64::from(found.log_sum) - wanted).abs() < 1e-5);
    }

    #[test]
    fn more_than_there_are_gives_all() {
        let found = choose::<Portable>(&[1.0, 2.0], &[0.0, 0.0], &mut [0.0, 0.0], 9);
        assert_eq!(found.ids, [1, 0]);
    }
}
