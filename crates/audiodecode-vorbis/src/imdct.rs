use std::f64::consts::PI;
use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};

/// The inverse MDCT of blocks of one size (4.3.7).
///
/// A block of 2N samples has N coefficients, and of its samples only N differ but for their sign: those of the DCT of type IV, which
/// is what this gives. [`crate::overlap`] knows which is which. The DCT is a complex FFT of N / 2 points between two rotations.
pub(crate) struct Imdct {
    fft: Arc<dyn Fft<f32>>,
    /// exp(-iπ (8k + 1) / 8N).
    rotations: Vec<Complex32>,
}

impl fmt::Debug for Imdct {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Imdct({})", self.rotations.len() * 4)
    }
}

/// Memory that transforms work in.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    points: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl Imdct {
    /// For blocks of so many samples, a power of two.
    pub(crate) fn new(block_size: usize) -> Self {
        let points = block_size / 4;
        let rotations = (0..points).map(|k| {
            let angle = -PI * (8 * k + 1) as f64 / (16 * points) as f64;
            Complex32::new(angle.cos() as f32, angle.sin() as f32)
        });
        Self { fft: FftPlanner::new().plan_fft_forward(points), rotations: rotations.collect() }
    }

    /// The DCT of type IV of N coefficients: `out[n] = Σ spectrum[k] cos(π / N (n + 1/2) (k + 1/2))`.
    pub(crate) fn transform(&self, spectrum: &[f32], out: &mut [f32], workspace: &mut Workspace) {
        let Workspace { points, scratch } = workspace;
        points.clear();
        let pairs = spectrum.as_chunks::<2>().0;
        let turned = pairs.iter().zip(pairs.iter().rev()).zip(&self.rotations);
        points.extend(turned.map(|(([even, _], [_, odd]), rotation)| Complex32::new(*even, *odd) * rotation));
        scratch.resize(self.fft.get_inplace_scratch_len(), Complex32::default());
        self.fft.process_with_scratch(points, scratch);
        let from_both_ends = points.iter().zip(&self.rotations).zip(points.iter().zip(&self.rotations).rev());
        for ([even, odd], ((front, front_rotation), (back, back_rotation))) in
            out.as_chunks_mut::<2>().0.iter_mut().zip(from_both_ends)
        {
            *even = front.re * front_rotation.re - front.im * front_rotation.im;
            *odd = -(back.re * back_rotation.im + back.im * back_rotation.re);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_gives_what_the_definition_gives() {
        for exponent in 6..=13 {
            let size = 1usize << exponent;
            let count = size / 2;
            let mut state = 12_345u32;
            let spectrum: Vec<f32> = (0..count)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    f32::from((state >> 16) as i16) / 32_768.0
                })
                .collect();
            let mut out = vec![0.0; count];
            Imdct::new(size).transform(&spectrum, &mut out, &mut Workspace::default());
            let (mut signal, mut noise) = (0.0, 0.0);
            // All of a small one, some of a large one.
            for n in (0..count).step_by(1 + count / 256) {
                let sum: f64 = spectrum
                    .iter()
                    .enumerate()
                    .map(|(k, &value)| {
                        f64::from(value) * (PI / count as f64 * (n as f64 + 0.5) * (k as f64 + 0.5)).cos()
                    })
                    .sum();
                signal += sum * sum;
                noise += (f64::from(out[n]) - sum).powi(2);
            }
            let ratio = 10.0 * (signal / noise).log10();
            assert!(ratio > 130.0, "{size}: {ratio} dB");
        }
    }
}
