//! The low-pass of the resampler: a sinc in a Kaiser window (Kaiser 1974; Oppenheim and Schafer, Discrete-Time Signal
//! Processing, 7.5.3). One filter for all rates: its unit is the frame of the lower rate.

use std::f64::consts::PI;

/// Frames of the lower rate from the first to the last of the filter.
pub(crate) const FILTER_LENGTH: usize = 288;

/// Of the stopband, in dB; the passband is as flat.
const ATTENUATION: f64 = 136.0;

/// Taps to a frame. The filter's own images begin far above the stopband's edge, where nothing is read.
const TAPS_PER_FRAME: usize = 2;

/// Frequencies that are computed side by side.
const LANES: usize = 8;

/// The frequency response, which is real, at `count` frequencies from 0 on, `1 / points` of the lower rate apart, times
/// `scale`. At half the lower rate and above the filter stops.
pub(crate) fn responses(points: usize, count: usize, scale: f64) -> Vec<f32> {
    let taps = taps();
    let mut responses = Vec::with_capacity(count.next_multiple_of(LANES));
    while responses.len() < count {
        let first = responses.len();
        let angle = |lane: usize| 2.0 * PI / TAPS_PER_FRAME as f64 * (first + lane) as f64 / points as f64;
        let cosines = std::array::from_fn(|lane| angle(lane).cos());
        responses.extend(cosine_sums(&taps, cosines).map(|response| (response * scale) as f32));
    }
    responses.truncate(count);
    responses
}

/// `taps[0] + 2 Σ taps[n] cos(n ω)` for the given `cos ω`, by Clenshaw's recurrence.
fn cosine_sums(taps: &[f64], cosines: [f64; LANES]) -> [f64; LANES] {
    let (mut one, mut two) = ([0.0; LANES], [0.0; LANES]);
    for tap in taps.iter().rev() {
        for ((one, two), cosine) in one.iter_mut().zip(&mut two).zip(&cosines) {
            (*one, *two) = (2.0 * cosine * *one - *two + tap, *one);
        }
    }
    // The recurrence has gone one step past the constant term, and that one is halved against the others.
    let first = taps.first().copied().unwrap_or(0.0);
    std::array::from_fn(|lane| 2.0 * (one[lane] - two[lane] * cosines[lane]) - first)
}

/// The middle tap and those on one side of it. All together sum to 1.
fn taps() -> Vec<f64> {
    let half = FILTER_LENGTH / 2 * TAPS_PER_FRAME;
    // Kaiser's formulas for the width of the transition, here in cycles per frame, and for the shape of the window.
    let transition = (ATTENUATION - 7.95) / (14.36 * FILTER_LENGTH as f64);
    let beta = 0.1102 * (ATTENUATION - 8.7);
    let cutoff = 0.5 - transition / 2.0;
    let mut taps: Vec<f64> = (0..half)
        .map(|n| {
            let place = n as f64 / half as f64;
            sinc(2.0 * cutoff * n as f64 / TAPS_PER_FRAME as f64)
                * bessel_i0(beta * (1.0 - place * place).sqrt())
        })
        .collect();
    let sum = 2.0 * taps.iter().sum::<f64>() - taps.first().copied().unwrap_or(0.0);
    taps.iter_mut().for_each(|tap| *tap /= sum);
    taps
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// The modified Bessel function of the first kind and order 0, by its power series (Abramowitz and Stegun, 9.6.12).
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..200 {
        term *= quarter / f64::from(n * n);
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{bessel_i0, responses};

    const POINTS: usize = 10_000;

    fn decibels(response: f32) -> f64 {
        20.0 * f64::from(response).abs().log10()
    }

    #[test]
    fn bessel_function_has_the_tabulated_values() {
        // numpy.i0, which sums Chebyshev series.
        for (x, value) in
            [(0.0, 1.0), (1.0, 1.266_065_877_752), (5.0, 27.239_871_823_604), (14.0, 129_418.562_700_65)]
        {
            assert!((bessel_i0(x) / value - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn passes_up_to_0_94_of_nyquist_and_stops_at_nyquist() {
        let response = responses(POINTS, POINTS / 2 + 1, 1.0);
        for (bin, response) in response.iter().enumerate() {
            let share = 2.0 * bin as f64 / POINTS as f64;
            if share <= 0.937 {
                assert!((response - 1.0).abs() < 3e-7, "{response} at {share} of Nyquist");
            } else if share >= 1.0 {
                assert!(decibels(*response) < -130.0, "{} dB at {share} of Nyquist", decibels(*response));
            }
        }
        assert_eq!(response[0], 1.0);
    }

    #[test]
    fn the_recurrence_sums_the_cosines() {
        let taps = super::taps();
        let step = std::f64::consts::PI / POINTS as f64;
        for bin in [0, 1, 777, 4_690, 4_850, 4_999] {
            let terms = taps.iter().enumerate().map(|(n, tap)| tap * (step * (n * bin) as f64).cos());
            let sum = 2.0 * terms.sum::<f64>() - taps[0];
            assert!((f64::from(responses(POINTS, bin + 1, 3.0)[bin]) - 3.0 * sum).abs() < 2e-7, "{bin}");
        }
    }
}
