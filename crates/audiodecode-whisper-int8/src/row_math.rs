//! Functions of a row of floats, in loops that compilers turn into vectors.

use crate::simd::{Isa, PANEL};

/// Sums that are kept side by side, so that they can be added as vectors.
pub(crate) const SIDES: usize = 32;

/// a × b + c, rounded once where the processor does that in one instruction; elsewhere that would be a call of a library.
#[inline(always)]
fn fused<I: Isa>(a: f32, b: f32, c: f32) -> f32 {
    if I::FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// e to the power of a number that is not above 9, to 2 units in the last place; e^-86, which is next to nothing, for all below.
#[inline(always)]
pub(crate) fn exp<I: Isa>(value: f32) -> f32 {
    const LEAST: f32 = -86.0;
    let value = if value > LEAST { value } else { LEAST };
    // Adding 1.5 × 2^23 leaves no room for a fraction.
    const ROUND: f32 = 12_582_912.0;
    let shifted = fused::<I>(value, std::f32::consts::LOG2_E, ROUND);
    let whole = shifted - ROUND;
    let power = if I::FUSED {
        // 2^x for x from -0.5 to 0.5 (minimax by Remez' exchange, degree 6, 2e-9), the fraction of x = value × log2 e being exact but
        // for what that constant lacks.
        let rest = fused::<I>(value, std::f32::consts::LOG2_E, -whole);
        let rest = fused::<I>(value, 1.925_963e-8, rest);
        let mut power = 1.534_581_2e-4;
        power = fused::<I>(power, rest, 1.339_993_1e-3);
        power = fused::<I>(power, rest, 9.618_489e-3);
        power = fused::<I>(power, rest, 5.550_328_6e-2);
        power = fused::<I>(power, rest, 2.402_264_6e-1);
        power = fused::<I>(power, rest, std::f32::consts::LN_2);
        fused::<I>(power, rest, 1.0)
    } else {
        // Cephes' expf: range reduction by ln 2 in two parts, polynomial of degree 5.
        let rest = value - whole * 0.693_359_4;
        let rest = rest + whole * 2.121_944_4e-4;
        let mut power = 1.987_569_1e-4;
        power = power * rest + 1.398_2e-3;
        power = power * rest + 8.333_452e-3;
        power = power * rest + 4.166_579_6e-2;
        power = power * rest + 1.666_666_5e-1;
        power = power * rest + 0.5;
        power * rest * rest + rest + 1.0
    };
    // The whole number is in the lowest bits of the float that was shifted, and goes into the exponent.
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// x / 2 × (1 + erf(x / √2)), the exact Gelu; erf by Abramowitz and Stegun 7.1.26, to 1.5e-7.
#[inline(always)]
pub(crate) fn gelu<I: Isa>(value: f32) -> f32 {
    let size = value.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / fused::<I>(size, 0.327_591_1, 1.0);
    let mut sum = 1.061_405_4;
    sum = fused::<I>(sum, t, -1.453_152);
    sum = fused::<I>(sum, t, 1.421_413_7);
    sum = fused::<I>(sum, t, -0.284_496_74);
    sum = fused::<I>(sum, t, 0.254_829_6);
    // Half of 1 - erf(|x| / √2): what is missing on the far side.
    let missing = 0.5 * sum * t * exp::<I>(-size * size);
    let share = if value < 0.0 { missing } else { 1.0 - missing };
    value * share
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The largest of 64 numbers.
#[inline(always)]
pub(crate) fn largest_of_panel(values: &[f32; PANEL]) -> f32 {
    let mut most = [0.0; PANEL / 2];
    for index in 0..PANEL / 2 {
        most[index] = larger(values[index], values[index + PANEL / 2]);
    }
    fold(most, larger)
}

/// One number of 32, in five steps of as many vectors.
#[inline(always)]
fn fold(mut sides: [f32; SIDES], join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = SIDES / 2;
    while half > 0 {
        for index in 0..half {
            sides[index] = join(sides[index], sides[index + half]);
        }
        half /= 2;
    }
    sides[0]
}

/// The largest number; -∞ of none.
#[inline(always)]
pub(crate) fn largest(values: &[f32]) -> f32 {
    let mut most = [f32::NEG_INFINITY; SIDES];
    let chunks = values.chunks_exact(SIDES);
    let rest = chunks.remainder().iter().fold(f32::NEG_INFINITY, |most, value| larger(most, *value));
    for chunk in chunks {
        for (most, value) in most.iter_mut().zip(chunk) {
            *most = larger(*most, *value);
        }
    }
    larger(fold(most, larger), rest)
}

/// Logarithm of `MOST_OF_ROW`, so that it need not be multiplied with.
const LN_MOST: f32 = 8.317_522;

/// Makes whole numbers of scores: `MOST_OF_ROW` times e to the power of each over the largest. Adds `scale` times what they were before
/// rounding to the sums.
#[inline(always)]
pub(crate) fn weigh_panel<I: Isa>(
    scores: &[f32; PANEL],
    largest: f32,
    scale: f32,
    weights: &mut [i16; PANEL],
    sums: &mut [f32; SIDES],
) {
    let none = largest - LN_MOST;
    let mut sizes = [0.0; PANEL];
    for index in 0..PANEL {
        sizes[index] = exp::<I>(scores[index] - none);
    }
    for index in 0..PANEL {
        weights[index] = rounded(sizes[index]);
    }
    for index in 0..SIDES {
        sums[index] = fused::<I>(sizes[index] + sizes[index + SIDES], scale, sums[index]);
    }
}

/// The sum of numbers that were added side by side.
#[inline(always)]
pub(crate) fn total(sums: [f32; SIDES]) -> f32 {
    fold(sums, |a, b| a + b)
}

/// To the nearest whole number, ties to even: adding 1.5 × 2^23 leaves no room for a fraction, and the number is in the lowest bits.
#[inline(always)]
pub(crate) fn rounded(number: f32) -> i16 {
    (number + 12_582_912.0).to_bits() as i16
}

/// The sum of what `map` makes of each number.
#[inline(always)]
fn sum_of(values: &[f32], map: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0; SIDES];
    let chunks = values.chunks_exact(SIDES);
    let rest: f32 = chunks.remainder().iter().map(|value| map(*value)).sum();
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += map(*value);
        }
    }
    fold(sums, |a, b| a + b) + rest
}

/// Makes scores weights whose sum is what is returned: e to the power of each score over the largest.
#[inline(always)]
pub(crate) fn weigh<I: Isa>(scores: &mut [f32]) -> f32 {
    let most = largest(scores);
    for score in scores.iter_mut() {
        *score = exp::<I>(*score - most);
    }
    sum_of(scores, |weight| weight)
}

/// Logarithm of the sum of the exponentials.
#[inline(always)]
pub(crate) fn log_sum<I: Isa>(values: &[f32]) -> f32 {
    let most = largest(values);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + sum_of(values, |value| exp::<I>(value - most)).ln()
}

/// LayerNorm with PyTorch's epsilon: (x - mean) / √(variance + 1e-5) × gain + offset.
#[inline(always)]
pub(crate) fn layer_norm(values: &[f32], gain: &[f32], offset: &[f32], normal: &mut [f32]) {
    let count = values.len() as f32;
    let mean = sum_of(values, |value| value) / count;
    let variance = sum_of(values, |value| (value - mean) * (value - mean)) / count;
    let factor = 1.0 / (variance + 1e-5).sqrt();
    for (((normal, value), gain), offset) in normal.iter_mut().zip(values).zip(gain).zip(offset) {
        *normal = (value - mean) * factor * gain + offset;
    }
}

/// Half precision (IEEE 754 binary16) to single.
#[inline(always)]
pub(crate) fn from_half(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let bits = u32::from(half & 0x7fff);
    // Exponent and fraction moved to their places, and the bias of 15 made one of 127 by a product, which is right for subnormals too.
    let size = f32::from_bits(bits << 13) * f32::from_bits((127 + 112) << 23);
    f32::from_bits(size.to_bits() | sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "x86_64")]
    use crate::simd::Avx2 as Fusing;
    #[cfg(target_arch = "aarch64")]
    use crate::simd::Neon as Fusing;
    use crate::simd::{MOST_OF_ROW, Portable};

    #[test]
    fn exp_is_right_to_single_precision() {
        for exp in [exp::<Portable>, exp::<Fusing>] {
            for step in -8600..=900 {
                let value = step as f32 / 100.0;
                let wanted = f64::from(value).exp();
                let error = (f64::from(exp(value)) - wanted).abs() / wanted;
                assert!(error < 2.5e-7, "e^{value}: {error:e}");
            }
            assert_eq!(exp(0.0), 1.0);
            assert!(exp(-1e9) < 1e-36);
            assert!(exp(f32::NEG_INFINITY) < 1e-36);
        }
    }

    #[test]
    fn gelu_has_the_values_of_the_error_function() {
        // x and x × Φ(x), by mpmath 1.3 (`x * ncdf(x)`).
        for (value, wanted) in [
            (-4.0, -1.266_849_7e-4),
            (-1.0, -0.158_655_25),
            (-0.1, -0.046_017_216),
            (0.0, 0.0),
            (0.5, 0.345_731_23),
            (2.0, 1.954_499_7),
            (6.0, 6.0),
        ] {
            for gelu in [gelu::<Portable>, gelu::<Fusing>] {
                assert!((gelu(value) - wanted).abs() < 5e-7, "gelu({value}) = {}", gelu(value));
            }
        }
    }

    #[test]
    fn half_precision_is_read_exactly() {
        for (half, wanted) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x8001, -5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
        ] {
            assert_eq!(from_half(half), wanted, "{half:#06x}");
        }
    }

    #[test]
    fn weights_are_shares_of_the_exponentials() {
        let mut scores: Vec<f32> = (0..77).map(|index| (index % 13) as f32 / 3.0 - 2.0).collect();
        let exact: f64 = scores.iter().map(|score| f64::from(*score - 2.0).exp()).sum();
        let logarithm = log_sum::<Fusing>(&scores);
        let sum = weigh::<Fusing>(&mut scores);
        assert!((f64::from(sum) - exact).abs() / exact < 1e-6);
        assert!((f64::from(logarithm) - (exact.ln() + 2.0)).abs() < 1e-5);
        assert_eq!(scores[12], 1.0);
    }

    #[test]
    fn the_largest_score_of_a_panel_becomes_the_largest_number() {
        let mut scores = [0.0; PANEL];
        scores[5] = 3.0;
        scores[6] = f32::NEG_INFINITY;
        for weigh_panel in [weigh_panel::<Portable>, weigh_panel::<Fusing>] {
            let (mut weights, mut sums) = ([0; PANEL], [1.0; SIDES]);
            weigh_panel(&scores, 3.0, 2.0, &mut weights, &mut sums);
            assert_eq!(f32::from(weights[5]), MOST_OF_ROW);
            // 4,095 × e^-3 = 203.88
            assert_eq!((weights[4], weights[6], weights[63]), (204, 0, 204));
            let wanted = 32.0 + 2.0 * f64::from(MOST_OF_ROW) * (1.0 + 62.0 * (-3f64).exp());
            assert!((f64::from(total(sums)) - wanted).abs() < 1e-5 * wanted);
        }
    }
}
