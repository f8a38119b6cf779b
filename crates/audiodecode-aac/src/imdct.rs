use std::f64::consts::PI;
use std::sync::{Arc, LazyLock};

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};

/// The inverse MDCT of `N` lines, as far as it is not a mirror image of itself: a DCT-IV.
///
/// Of the 2 N samples that the standard's formula gives (ISO/IEC 14496-3, 4.6.11.3.1), with d for what is here: the first half
/// is d[N/2..] and then -d[N/2..] backwards, the second half is -d[..N/2] backwards and then -d[..N/2]. It is computed by an
/// FFT of half the length between two rotations.
pub(crate) struct Imdct<const N: usize> {
    fft: Arc<dyn Fft<f32>>,
    /// Rotations of half the lines before the FFT, with the scale in them, and after it.
    before: Vec<Complex32>,
    after: Vec<Complex32>,
}

/// For long windows.
pub(crate) static LONG: LazyLock<Imdct<1024>> = LazyLock::new(Imdct::new);
/// For short ones.
pub(crate) static SHORT: LazyLock<Imdct<128>> = LazyLock::new(Imdct::new);

/// What a transform needs to work in.
pub(crate) struct Workspace {
    rotated: Vec<Complex32>,
    fft: Vec<Complex32>,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let most = LONG.fft.get_inplace_scratch_len().max(SHORT.fft.get_inplace_scratch_len());
        Self { rotated: vec![Complex32::default(); 512], fft: vec![Complex32::default(); most] }
    }
}

impl<const N: usize> Imdct<N> {
    fn new() -> Self {
        // 1 / N is the standard's, the rest makes full scale 1 of 16 bits.
        let scale = 1.0 / N as f64 / 32768.0;
        let rotations = |scale: f64| {
            (0..N / 2).map(move |n| {
                let angle = -PI * (8 * n + 1) as f64 / (8 * N) as f64;
                Complex32::new((scale * angle.cos()) as f32, (scale * angle.sin()) as f32)
            })
        };
        Self {
            fft: FftPlanner::new().plan_fft_forward(N / 2),
            before: rotations(scale).collect(),
            after: rotations(1.0).collect(),
        }
    }

    /// Transforms one window after another.
    pub(crate) fn run(&self, lines: &[f32], out: &mut [f32], workspace: &mut Workspace) {
        let Workspace { rotated, fft } = workspace;
        let length = lines.len() / 2;
        let Some(rotated) = rotated.get_mut(..length) else { return };
        for (lines, rotated) in lines.chunks_exact(N).zip(rotated.chunks_exact_mut(N / 2)) {
            let (even, odd) = (lines.iter().step_by(2), lines.iter().rev().step_by(2));
            for (((to, &re), &im), turn) in rotated.iter_mut().zip(even).zip(odd).zip(&self.before) {
                *to = Complex32::new(re * turn.re - im * turn.im, re * turn.im + im * turn.re);
            }
        }
        self.fft.process_with_scratch(rotated, fft);
        for (out, rotated) in out.chunks_exact_mut(N).zip(rotated.chunks_exact(N / 2)) {
            for n in 0..N / 2 {
                let (value, turn) = (rotated[n], self.after[n]);
                out[2 * n] = value.re * turn.re - value.im * turn.im;
                out[N - 1 - 2 * n] = -(value.re * turn.im + value.im * turn.re);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula of the standard for one sample.
    fn direct<const N: usize>(lines: &[f32], i: usize) -> f64 {
        let n0 = (N as f64 + 1.0) / 2.0;
        let term = |(k, &line): (usize, &f32)| {
            f64::from(line) * (PI / N as f64 * (i as f64 + n0) * (k as f64 + 0.5)).cos()
        };
        lines.iter().enumerate().map(term).sum::<f64>() / N as f64 / 32768.0
    }

    fn is_the_standards<const N: usize>(imdct: &Imdct<N>, windows: usize) {
        let mut seed = 1u32;
        let lines: Vec<f32> = (0..N * windows)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) as f32 - 32768.0
            })
            .collect();
        let mut out = vec![0.0; N * windows];
        imdct.run(&lines, &mut out, &mut Workspace::new());
        for (lines, d) in lines.chunks(N).zip(out.chunks(N)) {
            for i in 0..2 * N {
                let folded = match i * 2 / N {
                    0 => d[N / 2 + i],
                    1 => -d[3 * N / 2 - 1 - i],
                    2 => -d[3 * N / 2 - 1 - i],
                    _ => -d[i - 3 * N / 2],
                };
                let expected = direct::<N>(lines, i);
                assert!((f64::from(folded) - expected).abs() < 1e-7, "{N} {i}: {folded} {expected}");
            }
        }
    }

    #[test]
    fn windows_are_transformed_as_the_standard_says() {
        is_the_standards(&LONG, 1);
        is_the_standards(&SHORT, 8);
    }
}
