use std::f64::consts::TAU;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Bins that are split side by side.
const LANES: usize = 8;

type Lanes = [f32; LANES];

/// Squared magnitudes of the spectrum of windowed frames, in single precision: the magnitudes are off by about 1e-7 of the root of the
/// frame's energy.
///
/// An even number of samples is transformed as half as many complex ones, and the two halves of their spectrum are split together
/// (Press et al., Numerical Recipes, 12.3).
pub(super) struct PowerSpectrum {
    fft: Arc<dyn Fft<f32>>,
    /// Halved where the spectrum is split, which adds two points.
    window: Vec<f32>,
    is_even: bool,
    /// `-i · exp(-2πi k / samples)` for the bins from 1 on: real parts and imaginary parts of eight bins.
    twiddles: Vec<(Lanes, Lanes)>,
}

/// Memory that a thread works in.
pub(super) struct PowerWork {
    points: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl PowerSpectrum {
    pub(super) fn new(window: &[f64]) -> Self {
        let samples = window.len();
        let is_even = samples.is_multiple_of(2);
        let (points, gain) = if is_even { (samples / 2, 0.5) } else { (samples, 1.0) };
        let angle = |bin: usize| TAU * bin as f64 / samples as f64;
        let twiddles = |block: usize| {
            let lane = |lane: usize| angle(1 + block * LANES + lane);
            let re = std::array::from_fn(|index| -lane(index).sin() as f32);
            (re, std::array::from_fn(|index| -lane(index).cos() as f32))
        };
        Self {
            fft: FftPlanner::new().plan_fft_forward(points),
            window: window.iter().map(|value| (value * gain) as f32).collect(),
            is_even,
            twiddles: (0..points.div_ceil(2 * LANES)).map(twiddles).collect(),
        }
    }

    /// Frequencies from 0 to the Nyquist frequency.
    pub(super) fn bins(&self) -> usize {
        self.window.len() / 2 + 1
    }

    pub(super) fn work(&self) -> PowerWork {
        let zeros = |length| vec![Complex::default(); length];
        PowerWork { points: zeros(self.fft.len()), scratch: zeros(self.fft.get_inplace_scratch_len()) }
    }

    /// Fills `power`, a number for each bin.
    #[inline(always)]
    pub(super) fn compute(&self, work: &mut PowerWork, frame: &[f32], power: &mut [f32]) {
        let PowerWork { points, scratch } = work;
        if self.is_even {
            let pairs = frame.as_chunks::<2>().0.iter().zip(self.window.as_chunks::<2>().0);
            for (point, ([re, im], [first, second])) in points.iter_mut().zip(pairs) {
                *point = Complex::new(re * first, im * second);
            }
            self.fft.process_with_scratch(points, scratch);
            self.split(points, power);
        } else {
            for (point, (sample, window)) in points.iter_mut().zip(frame.iter().zip(&self.window)) {
                *point = Complex::new(sample * window, 0.0);
            }
            self.fft.process_with_scratch(points, scratch);
            power.iter_mut().zip(points).for_each(|(power, point)| *power = point.norm_sqr());
        }
    }

    /// Bins `k` and `count - k` of the real signal from points `k` and `count - k` of the complex one.
    #[inline(always)]
    fn split(&self, points: &[Complex<f32>], power: &mut [f32]) {
        let count = points.len();
        let Some(&zero) = points.first() else { return };
        power[0] = (2.0 * (zero.re + zero.im)).powi(2);
        power[count] = (2.0 * (zero.re - zero.im)).powi(2);
        if count.is_multiple_of(2) {
            power[count / 2] = 4.0 * points[count / 2].norm_sqr();
        }
        // Those from `middle` on are the others' mirrors, except for the one in the middle.
        let middle = count.div_ceil(2);
        for (block, twiddles) in self.twiddles.iter().enumerate() {
            let (first, end) = (1 + block * LANES, 1 + (block + 1) * LANES);
            if end <= middle {
                let rising = std::array::from_fn(|lane| points[first + lane]);
                let falling = std::array::from_fn(|lane| points[count - first - lane]);
                let (low, mut high) = split_lanes(rising, falling, twiddles);
                power[first..end].copy_from_slice(&low);
                high.reverse();
                power[count + 1 - end..count + 1 - first].copy_from_slice(&high);
            } else {
                for bin in first..middle.max(first) {
                    let mut lanes = ([Complex::default(); LANES], [Complex::default(); LANES]);
                    let lane = bin - first;
                    (lanes.0[lane], lanes.1[lane]) = (points[bin], points[count - bin]);
                    let (low, high) = split_lanes(lanes.0, lanes.1, twiddles);
                    (power[bin], power[count - bin]) = (low[lane], high[lane]);
                }
            }
        }
    }
}

/// Squared magnitudes of eight bins and of their mirrors.
#[inline(always)]
fn split_lanes(
    rising: [Complex<f32>; LANES],
    falling: [Complex<f32>; LANES],
    (re, im): &(Lanes, Lanes),
) -> (Lanes, Lanes) {
    let (mut low, mut high) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        let (a, b) = (rising[lane], falling[lane]);
        let (even_re, even_im) = (a.re + b.re, a.im - b.im);
        let (rest_re, rest_im) = (a.re - b.re, a.im + b.im);
        let odd_re = rest_re * re[lane] - rest_im * im[lane];
        let odd_im = rest_re * im[lane] + rest_im * re[lane];
        let (low_re, low_im) = (even_re + odd_re, even_im + odd_im);
        let (high_re, high_im) = (even_re - odd_re, even_im - odd_im);
        low[lane] = low_re * low_re + low_im * low_im;
        high[lane] = high_re * high_re + high_im * high_im;
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::noise;
    use crate::spectral::window::hann;

    #[test]
    fn the_powers_are_those_of_the_definition() {
        for samples in (1..80).chain([97, 400, 512, 1_000, 2_048]) {
            let (signal, window) = (noise(samples, 2), hann(samples, samples));
            let spectrum = PowerSpectrum::new(&window);
            let mut power = vec![f32::NAN; spectrum.bins()];
            spectrum.compute(&mut spectrum.work(), &signal, &mut power);
            let energy: f64 = signal.iter().zip(&window).map(|(&a, b)| (f64::from(a) * b).powi(2)).sum();
            for (bin, value) in power.into_iter().enumerate() {
                let sum: Complex<f64> = (0..samples)
                    .map(|at| {
                        Complex::cis(-TAU * (bin * at % samples) as f64 / samples as f64)
                            * (f64::from(signal[at]) * window[at])
                    })
                    .sum();
                let error = (f64::from(value).sqrt() - sum.norm()).abs();
                assert!(error <= 1e-6 * energy.sqrt(), "{samples} samples, bin {bin}: {error} of {energy}");
            }
        }
    }
}
