use std::sync::LazyLock;

/// Largest magnitude of a quantised line (ISO/IEC 14496-3, 4.6.1.3: 13 bits).
pub(crate) const LARGEST: usize = 8191;

/// The magnitudes of quantised lines, to the power of 4/3 (ISO/IEC 14496-3, 4.6.1.3).
static MAGNITUDES: LazyLock<Vec<f32>> =
    LazyLock::new(|| (0..=LARGEST).map(|x| inverse(x as f64) as f32).collect());

/// Gains by scale factor from -100 on: 2 to the power of a quarter of it (4.6.2.3.3).
static GAINS: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|n| ((n as f64 - 100.0) / 4.0).exp2() as f32));

/// The table of x to the power of 4/3, [`LARGEST`] included.
pub(crate) fn magnitudes() -> &'static [f32] {
    &MAGNITUDES
}

/// The power of 4/3 of x's magnitude, with x's sign.
pub(crate) fn inverse(x: f64) -> f64 {
    x * x.abs().cbrt()
}

/// The gain of a scale factor, `None` beyond what a stream may state.
pub(crate) fn gain(scale_factor: i32) -> Option<f32> {
    GAINS.get(usize::try_from(scale_factor + 100).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decibels_are_four_scale_factors_and_the_ends_are_the_standards() {
        assert_eq!(gain(0), Some(1.0));
        assert_eq!(gain(4), Some(2.0));
        assert_eq!(gain(-100), Some(2f32.powi(-25)));
        assert!(gain(155).is_some() && gain(156).is_none() && gain(-101).is_none());
        assert_eq!((inverse(8.0), inverse(-27.0), magnitudes()[LARGEST - 191]), (16.0, -81.0, 160_000.0));
    }
}
