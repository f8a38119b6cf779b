use std::f64::consts::TAU;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftNum, FftPlanner};

/// Fourier transform of real signals: an even number of samples as half as many complex ones, whose spectrum is then split
/// (Press et al., Numerical Recipes, 12.3); an odd number as it is.
pub(super) struct RealFft<T: FftNum> {
    fft: Arc<dyn Fft<T>>,
    samples: usize,
    /// `-i/2 · exp(-2πi k / samples)`; empty when the number of samples is odd.
    twiddles: Vec<Complex<T>>,
}

/// Memory that a [`RealFft`] works in.
pub(super) struct FftWork<T> {
    points: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: FftNum> RealFft<T> {
    pub(super) fn new(samples: usize) -> Self {
        let even = samples.is_multiple_of(2);
        let fft = FftPlanner::new().plan_fft_forward(if even { samples / 2 } else { samples });
        let twiddle = |index: usize| {
            let angle = TAU * index as f64 / samples as f64;
            Complex::new(constant(-0.5 * angle.sin()), constant(-0.5 * angle.cos()))
        };
        let twiddles = if even { (0..=samples / 2).map(twiddle).collect() } else { Vec::new() };
        Self { fft, samples, twiddles }
    }

    /// Frequencies from 0 to the Nyquist frequency.
    pub(super) fn bins(&self) -> usize {
        self.samples / 2 + 1
    }

    pub(super) fn work(&self) -> FftWork<T> {
        let zeros = |length| vec![Complex::new(T::zero(), T::zero()); length];
        FftWork { points: zeros(self.fft.len()), scratch: zeros(self.fft.get_inplace_scratch_len()) }
    }

    /// Gives the spectrum of `samples`, frequency by frequency.
    pub(super) fn transform(
        &self,
        work: &mut FftWork<T>,
        samples: impl Iterator<Item = T>,
        mut give: impl FnMut(usize, Complex<T>),
    ) {
        let FftWork { points, scratch } = work;
        if self.twiddles.is_empty() {
            for (point, sample) in points.iter_mut().zip(samples) {
                *point = Complex::new(sample, T::zero());
            }
            self.fft.process_with_scratch(points, scratch);
            for (bin, point) in points.iter().take(self.bins()).enumerate() {
                give(bin, *point);
            }
            return;
        }
        let mut samples = samples;
        for point in points.iter_mut() {
            let (Some(re), Some(im)) = (samples.next(), samples.next()) else { break };
            *point = Complex::new(re, im);
        }
        self.fft.process_with_scratch(points, scratch);
        let half: T = constant(0.5);
        let backwards = points.iter().take(1).chain(points.iter().rev());
        let forwards = points.iter().chain(points.iter().take(1));
        for (bin, ((&a, &b), &twiddle)) in forwards.zip(backwards).zip(&self.twiddles).enumerate() {
            let b = b.conj();
            give(bin, (a + b) * half + (a - b) * twiddle);
        }
    }
}

fn constant<T: FftNum>(value: f64) -> T {
    // Every `FftNum` is a float, which has a nearest value for any other.
    T::from_f64(value).unwrap_or_else(T::zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::noise;

    #[test]
    fn the_spectrum_is_that_of_the_definition() {
        for samples in [1, 2, 3, 4, 10, 15, 64, 97, 400] {
            let signal: Vec<f64> = noise(samples, 1).into_iter().map(f64::from).collect();
            let fft = RealFft::<f64>::new(samples);
            let mut given = Vec::new();
            fft.transform(&mut fft.work(), signal.iter().copied(), |bin, value| given.push((bin, value)));
            assert_eq!(given.len(), samples / 2 + 1);
            for (bin, value) in given {
                let sum: Complex<f64> = (0..samples)
                    .map(|at| Complex::cis(-TAU * (bin * at) as f64 / samples as f64) * signal[at])
                    .sum();
                assert!((value - sum).norm() < 1e-11, "{samples} samples, bin {bin}: {value} {sum}");
            }
        }
    }
}
