use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::ics_info::WindowShape;

/// Lines of a long window, and of the half of it that rises.
pub(crate) const LONG: usize = 1024;
const SHORT: usize = 128;
/// Where the short slope of a long window begins.
pub(crate) const FLAT: usize = (LONG - SHORT) / 2;

/// The rising halves of all windows of one shape (ISO/IEC 14496-3, 4.6.11.3.2); the falling halves are the same backwards.
pub(crate) struct Slopes {
    pub(crate) long: [f32; LONG],
    /// Of a long window beside short ones: zeros, the short slope, ones.
    pub(crate) edge: [f32; LONG],
    pub(crate) short: [f32; SHORT],
}

static SINE: LazyLock<Box<Slopes>> = LazyLock::new(|| Slopes::new(sine::<LONG>(), sine::<SHORT>()));
static KAISER_BESSEL: LazyLock<Box<Slopes>> =
    LazyLock::new(|| Slopes::new(kaiser_bessel::<LONG>(4.0), kaiser_bessel::<SHORT>(6.0)));

impl Slopes {
    pub(crate) fn of(shape: WindowShape) -> &'static Self {
        match shape {
            WindowShape::Sine => &SINE,
            WindowShape::KaiserBessel => &KAISER_BESSEL,
        }
    }

    fn new(long: [f32; LONG], short: [f32; SHORT]) -> Box<Self> {
        let edge = std::array::from_fn(|n| match n.checked_sub(FLAT) {
            None => 0.0,
            Some(at) => short.get(at).copied().unwrap_or(1.0),
        });
        Box::new(Self { long, edge, short })
    }
}

fn sine<const N: usize>() -> [f32; N] {
    std::array::from_fn(|n| ((n as f64 + 0.5) * PI / (2 * N) as f64).sin() as f32)
}

/// The Kaiser-Bessel derived window.
fn kaiser_bessel<const N: usize>(alpha: f64) -> [f32; N] {
    let kaiser = |n: usize| {
        let from_middle = 2.0 * n as f64 / N as f64 - 1.0;
        bessel_i0(PI * alpha * (1.0 - from_middle * from_middle).max(0.0).sqrt())
    };
    let total: f64 = (0..=N).map(kaiser).sum();
    let mut sum = 0.0;
    std::array::from_fn(|n| {
        sum += kaiser(n);
        (sum / total).sqrt() as f32
    })
}

/// The modified Bessel function of the first kind and order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..60 {
        term *= (x / (2 * n) as f64).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_that_overlap_add_up_to_the_signal() {
        // Princen and Bradley: the squares of a slope and of its mirror image are one together.
        for shape in [WindowShape::Sine, WindowShape::KaiserBessel] {
            let Slopes { long, edge, short } = Slopes::of(shape);
            for slope in [&long[..], edge, short] {
                for (rise, fall) in slope.iter().zip(slope.iter().rev()) {
                    assert!((rise * rise + fall * fall - 1.0).abs() < 2e-7, "{shape:?}");
                }
            }
        }
    }

    #[test]
    fn the_kaiser_bessel_window_has_the_slope_that_alpha_says() {
        // I0(x) by its integral, 1/pi times that of exp(x cos t) from 0 to pi.
        let i0 = |x: f64| {
            (0..2000).map(|n| (x * ((n as f64 + 0.5) * PI / 2000.0).cos()).exp()).sum::<f64>() / 2000.0
        };
        for x in [0.0, 1.0, 4.0 * PI, 6.0 * PI] {
            assert!((bessel_i0(x) / i0(x) - 1.0).abs() < 1e-12);
        }
        // Its first value is the Kaiser window's first, 1 in I0, among the sum of all.
        let total: f64 =
            (0..=128).map(|n| i0(6.0 * PI * (1.0 - (n as f64 / 64.0 - 1.0).powi(2)).sqrt())).sum();
        let first = f64::from(Slopes::of(WindowShape::KaiserBessel).short[0]);
        assert!((first / (1.0 / total).sqrt() - 1.0).abs() < 1e-6);
    }
}
