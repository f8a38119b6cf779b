use wide::f32x4;

use crate::dct::{dct2_32, dct2_32_even, dct2_32_odd};

/// The matrixing of the synthesis filter bank (ISO/IEC 11172-3 §2.4.3.2.2), up to signs: what 32 subbands give to each of the 32
/// samples of a time slot an even number of slots later (0), and an odd number later (1).
#[inline(always)]
pub(crate) fn matrix(bands: &[f32x4; 32]) -> impl Fn(usize, usize) -> f32x4 + use<> {
    let terms = dct2_32(bands);
    move |later, at| cosine(later, at).map_or(f32x4::ZERO, |cosine| terms[cosine])
}

/// What the lower 16 subbands give to the even or odd ones of these samples.
#[inline(always)]
pub(crate) fn matrix_half(bands: &[f32x4; 16], odd: bool) -> impl Fn(usize, usize) -> f32x4 + use<> {
    // A sample and its cosine term are both even or both odd.
    let terms = if odd { dct2_32_odd(bands) } else { dct2_32_even(bands) };
    move |later, at| cosine(later, 2 * at + usize::from(odd)).map_or(f32x4::ZERO, |cosine| terms[cosine / 2])
}

/// The cosine term that a sample takes; none where it is that of a right angle.
#[inline(always)]
fn cosine(later: usize, sample: usize) -> Option<usize> {
    match (later, sample) {
        (0, 16) => None,
        (0, ..16) => Some(16 + sample),
        (0, _) => Some(48 - sample),
        (_, ..=16) => Some(16 - sample),
        (_, _) => Some(sample - 16),
    }
}
