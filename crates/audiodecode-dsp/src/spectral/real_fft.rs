use std::f64::consts::TAU;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Spectra of windowed frames in double precision: an even number of samples is transformed as half as many complex ones, whose
/// spectrum is then split (Press et al., Numerical Recipes, 12.3); an odd number as it is.
pub(super) struct RealFft {
    fft: Arc<dyn Fft<f64>>,
    window: Vec<f64>,
    /// `-i/2 · exp(-2πi k / samples)`; empty when the number of samples is odd.
    twiddles: Vec<Complex<f64>>,
}

/// Memory that a [`RealFft`] works in.
pub(super) struct FftWork {
    points: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    spectrum: Vec<Complex<f64>>,
}

impl RealFft {
    /// For frames of the length of the window.
    pub(super) fn new(window: Vec<f64>) -> Self {
        let samples = window.len();
        let even = samples.is_multiple_of(2);
        let fft = FftPlanner::new().plan_fft_forward(if even { samples / 2 } else { samples });
        let twiddle = |index: usize| {
            let angle = TAU * index as f64 / samples as f64;
            Complex::new(-0.5 * angle.sin(), -0.5 * angle.cos())
        };
        let twiddles = if even { (0..samples / 2).map(twiddle).collect() } else { Vec::new() };
        Self { fft, window, twiddles }
    }

    /// Frequencies from 0 to the Nyquist frequency.
    pub(super) fn bins(&self) -> usize {
        self.window.len() / 2 + 1
    }

    pub(super) fn work(&self) -> FftWork {
        let zeros = |length| vec![Complex::default(); length];
        let (points, scratch) = (zeros(self.fft.len()), zeros(self.fft.get_inplace_scratch_len()));
        FftWork { points, scratch, spectrum: zeros(self.bins()) }
    }

    /// The spectrum of a frame.
    pub(super) fn transform<'a>(&self, work: &'a mut FftWork, frame: &[f32]) -> &'a [Complex<f64>] {
        let FftWork { points, scratch, spectrum } = work;
        if self.twiddles.is_empty() {
            for (point, (&sample, window)) in points.iter_mut().zip(frame.iter().zip(&self.window)) {
                *point = Complex::new(f64::from(sample) * window, 0.0);
            }
            self.fft.process_with_scratch(points, scratch);
            spectrum.iter_mut().zip(points).for_each(|(value, point)| *value = *point);
            return spectrum;
        }
        let pairs = frame.as_chunks::<2>().0.iter().zip(self.window.as_chunks::<2>().0);
        for (point, (&[re, im], [first, second])) in points.iter_mut().zip(pairs) {
            *point = Complex::new(f64::from(re) * first, f64::from(im) * second);
        }
        self.fft.process_with_scratch(points, scratch);
        if let ([lowest, middle @ .., highest], [zero, rest @ ..]) = (&mut spectrum[..], &points[..]) {
            *lowest = Complex::new(zero.re + zero.im, 0.0);
            *highest = Complex::new(zero.re - zero.im, 0.0);
            let pairs = rest.iter().zip(rest.iter().rev());
            for ((value, (a, b)), twiddle) in middle.iter_mut().zip(pairs).zip(&self.twiddles[1..]) {
                let (even_re, even_im) = (a.re + b.re, a.im - b.im);
                let (rest_re, rest_im) = (a.re - b.re, a.im + b.im);
                *value = Complex::new(
                    0.5 * even_re + (rest_re * twiddle.re - rest_im * twiddle.im),
                    0.5 * even_im + (rest_re * twiddle.im + rest_im * twiddle.re),
                );
            }
        }
        spectrum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::noise;

    #[test]
    fn the_spectrum_is_that_of_the_definition() {
        for samples in [1, 2, 3, 4, 10, 15, 64, 97, 400] {
            let signal = noise(samples, 1);
            let window: Vec<f64> = noise(samples, 5).into_iter().map(f64::from).collect();
            let fft = RealFft::new(window.clone());
            let mut work = fft.work();
            let spectrum = fft.transform(&mut work, &signal);
            assert_eq!(spectrum.len(), samples / 2 + 1);
            for (bin, value) in spectrum.iter().enumerate() {
                let sum: Complex<f64> = (0..samples)
                    .map(|at| {
                        Complex::cis(-TAU * (bin * at) as f64 / samples as f64)
                            * (f64::from(signal[at]) * window[at])
                    })
                    .sum();
                assert!((value - sum).norm() < 1e-11, "{samples} samples, bin {bin}: {value} {sum}");
            }
        }
    }
}
