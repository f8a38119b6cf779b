//! Cosine transforms of four signals at a time.

use std::f64::consts::PI;
use std::sync::LazyLock;

use wide::f32x4;

/// 1 / (2 cos(π (2n + 1) / 2N)) for N = 8, 16 and 32.
struct Secants {
    of_8: [f32; 4],
    of_16: [f32; 8],
    of_32: [f32; 16],
}

static SECANTS: LazyLock<Secants> =
    LazyLock::new(|| Secants { of_8: secants(), of_16: secants(), of_32: secants() });

fn secants<const HALF: usize>() -> [f32; HALF] {
    std::array::from_fn(|n| (0.5 / (PI * (2 * n + 1) as f64 / (4 * HALF) as f64).cos()) as f32)
}

/// X[m] = Σ x[n] cos(π m (2n + 1) / 64): the matrixing of the synthesis filter bank (ISO/IEC 11172-3 §2.4.3.2.2), by Lee's
/// recursion (B. G. Lee, "A new algorithm to compute the discrete cosine transform", 1984).
#[inline(always)]
pub(crate) fn dct2_32(x: &[f32x4; 32]) -> [f32x4; 32] {
    let secants = &*SECANTS;
    let mut sums = [f32x4::ZERO; 16];
    let mut differences = [f32x4::ZERO; 16];
    for n in 0..16 {
        sums[n] = x[n] + x[31 - n];
        differences[n] = (x[n] - x[31 - n]) * f32x4::splat(secants.of_32[n]);
    }
    let (even, odd) = (dct2_16(&sums, secants), dct2_16(&differences, secants));
    let mut result = [f32x4::ZERO; 32];
    for m in 0..16 {
        result[2 * m] = even[m];
        result[2 * m + 1] = if m < 15 { odd[m] + odd[m + 1] } else { odd[m] };
    }
    result
}

/// The terms of even m where the upper 16 of the 32 are zero.
#[inline(always)]
pub(crate) fn dct2_32_even(x: &[f32x4; 16]) -> [f32x4; 16] {
    dct2_16(x, &SECANTS)
}

/// The terms of odd m where the upper 16 of the 32 are zero.
#[inline(always)]
pub(crate) fn dct2_32_odd(x: &[f32x4; 16]) -> [f32x4; 16] {
    let secants = &*SECANTS;
    let mut scaled = [f32x4::ZERO; 16];
    for n in 0..16 {
        scaled[n] = x[n] * f32x4::splat(secants.of_32[n]);
    }
    let mut terms = dct2_16(&scaled, secants);
    for m in 0..15 {
        terms[m] += terms[m + 1];
    }
    terms
}

#[inline(always)]
fn dct2_16(x: &[f32x4; 16], secants: &Secants) -> [f32x4; 16] {
    let mut sums = [f32x4::ZERO; 8];
    let mut differences = [f32x4::ZERO; 8];
    for n in 0..8 {
        sums[n] = x[n] + x[15 - n];
        differences[n] = (x[n] - x[15 - n]) * f32x4::splat(secants.of_16[n]);
    }
    let (even, odd) = (dct2_8(&sums, secants), dct2_8(&differences, secants));
    let mut result = [f32x4::ZERO; 16];
    for m in 0..8 {
        result[2 * m] = even[m];
        result[2 * m + 1] = if m < 7 { odd[m] + odd[m + 1] } else { odd[m] };
    }
    result
}

#[inline(always)]
fn dct2_8(x: &[f32x4; 8], secants: &Secants) -> [f32x4; 8] {
    let mut sums = [f32x4::ZERO; 4];
    let mut differences = [f32x4::ZERO; 4];
    for n in 0..4 {
        sums[n] = x[n] + x[7 - n];
        differences[n] = (x[n] - x[7 - n]) * f32x4::splat(secants.of_8[n]);
    }
    let (even, odd) = (dct2_4(&sums), dct2_4(&differences));
    [even[0], odd[0] + odd[1], even[1], odd[1] + odd[2], even[2], odd[2] + odd[3], even[3], odd[3]]
}

#[inline(always)]
fn dct2_4(x: &[f32x4; 4]) -> [f32x4; 4] {
    // cos(π / 8), cos(3π / 8) and cos(π / 4)
    const C1: f32 = 0.923_879_5;
    const C3: f32 = 0.382_683_43;
    const C2: f32 = std::f32::consts::FRAC_1_SQRT_2;
    let (outer, inner) = (x[0] + x[3], x[1] + x[2]);
    let (a, b) = (x[0] - x[3], x[1] - x[2]);
    [
        outer + inner,
        a * f32x4::splat(C1) + b * f32x4::splat(C3),
        (outer - inner) * f32x4::splat(C2),
        a * f32x4::splat(C3) - b * f32x4::splat(C1),
    ]
}

/// cos(π k / 18).
const COS: [f32; 9] =
    [1.0, 0.984_807_8, 0.939_692_6, 0.866_025_4, 0.766_044_44, 0.642_787_6, 0.5, 0.342_020_14, 0.173_648_18];

/// X[n] = Σ x[j] cos(π j (2n + 1) / 18), of nine.
#[inline(always)]
pub(crate) fn dct3_9(x: &[f32x4; 9]) -> [f32x4; 9] {
    let times = |value: f32x4, k: usize| value * f32x4::splat(COS[k]);
    // Even inputs give what is symmetric around the middle, odd ones what is antisymmetric.
    let base = x[0] + times(x[6], 6);
    let (difference, rest) = (x[0] - x[6], x[2] - x[4] - x[8]);
    let even = [
        base + times(x[2], 2) + times(x[4], 4) + times(x[8], 8),
        difference + times(rest, 6),
        base - times(x[2], 8) - times(x[4], 2) + times(x[8], 4),
        base - times(x[2], 4) + times(x[4], 8) - times(x[8], 2),
    ];
    let third = times(x[3], 3);
    let odd = [
        times(x[1], 1) + third + times(x[5], 5) + times(x[7], 7),
        times(x[1] - x[5] - x[7], 3),
        times(x[1], 5) - third - times(x[5], 7) + times(x[7], 1),
        times(x[1], 7) - third + times(x[5], 1) - times(x[7], 5),
    ];
    [
        even[0] + odd[0],
        even[1] + odd[1],
        even[2] + odd[2],
        even[3] + odd[3],
        difference - rest,
        even[3] - odd[3],
        even[2] - odd[2],
        even[1] - odd[1],
        even[0] - odd[0],
    ]
}

/// X[n] = Σ x[j] cos(π j (2n + 1) / 6), of three.
#[inline(always)]
pub(crate) fn dct3_3(x: &[f32x4; 3]) -> [f32x4; 3] {
    let even = x[0] + x[2] * f32x4::splat(0.5);
    let odd = x[1] * f32x4::splat(COS[3]);
    [even + odd, x[0] - x[2], even - odd]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise<const N: usize>() -> [f32x4; N] {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        std::array::from_fn(|_| f32x4::new([next(), next(), next(), next()]))
    }

    fn assert_is<const N: usize>(
        result: [f32x4; N],
        x: [f32x4; N],
        angle: impl Fn(usize, usize) -> f64,
        bound: f64,
    ) {
        for (m, result) in result.into_iter().enumerate() {
            for lane in 0..4 {
                let terms =
                    x.iter().enumerate().map(|(n, x)| f64::from(x.to_array()[lane]) * angle(m, n).cos());
                let error = f64::from(result.to_array()[lane]) - terms.sum::<f64>();
                assert!(error.abs() < bound, "{m}: {error:e}");
            }
        }
    }

    #[test]
    fn they_are_the_sums_that_define_them() {
        let x = noise();
        assert_is(dct2_32(&x), x, |m, n| PI * (m * (2 * n + 1)) as f64 / 64.0, 5e-6);
        let x = noise();
        assert_is(dct2_32_even(&x), x, |m, n| PI * (2 * m * (2 * n + 1)) as f64 / 64.0, 5e-6);
        assert_is(dct2_32_odd(&x), x, |m, n| PI * ((2 * m + 1) * (2 * n + 1)) as f64 / 64.0, 5e-6);
        let x = noise();
        assert_is(dct3_9(&x), x, |n, j| PI * (j * (2 * n + 1)) as f64 / 18.0, 1e-6);
        let x = noise();
        assert_is(dct3_3(&x), x, |n, j| PI * (j * (2 * n + 1)) as f64 / 6.0, 5e-7);
    }
}
