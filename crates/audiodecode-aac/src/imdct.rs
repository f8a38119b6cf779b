use std::f64::consts::PI;
use std::sync::{Arc, LazyLock};

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use wide::f32x4;

/// The inverse MDCT of `N` lines, as far as it is not a mirror image of itself: a DCT-IV.
///
/// Of the 2 N samples that the standard's formula gives (ISO/IEC 14496-3, 4.6.11.3.1), with d for what is here: the first half
/// is d[N/2..] and then -d[N/2..] backwards, the second half is -d[..N/2] backwards and then -d[..N/2]. It is computed by an
/// FFT of half the length between two rotations.
pub(crate) struct Imdct<const N: usize> {
    fft: Arc<dyn Fft<f32>>,
    /// Rotations of half the lines before the FFT, with the scale in them, and after it.
    before: Vec<Turns>,
    after: Vec<Turns>,
}

/// Four rotations in a row.
struct Turns {
    cos: f32x4,
    sin: f32x4,
}

/// For long windows.
pub(crate) static LONG: LazyLock<Imdct<1024>> = LazyLock::new(Imdct::new);
/// For short ones.
pub(crate) static SHORT: LazyLock<Imdct<128>> = LazyLock::new(Imdct::new);

/// What a transform works in and leaves its result in.
pub(crate) struct Workspace {
    rotated: [Complex32; 512],
    fft: Vec<Complex32>,
    folded: [f32; 1024],
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let most = LONG.fft.get_inplace_scratch_len().max(SHORT.fft.get_inplace_scratch_len());
        Self {
            rotated: [Complex32::default(); 512],
            fft: vec![Complex32::default(); most],
            folded: [0.0; 1024],
        }
    }
}

impl<const N: usize> Imdct<N> {
    fn new() -> Self {
        // 1 / N is the standard's, the rest makes full scale 1 of 16 bits.
        let scale = 1.0 / N as f64 / 32768.0;
        let turns = |scale: f64| {
            let angle = |n: usize| -PI * (8 * n + 1) as f64 / (8 * N) as f64;
            let four = |from: usize, of: fn(f64) -> f64| {
                f32x4::new([0, 1, 2, 3].map(|n| (scale * of(angle(from + n))) as f32))
            };
            (0..N / 2)
                .step_by(4)
                .map(move |n| Turns { cos: four(n, f64::cos), sin: four(n, f64::sin) })
                .collect()
        };
        Self { fft: FftPlanner::new().plan_fft_forward(N / 2), before: turns(scale), after: turns(1.0) }
    }

    /// Transforms the windows of a block, one after another.
    pub(crate) fn run<'a>(&self, lines: &[f32; 1024], workspace: &'a mut Workspace) -> &'a [f32; 1024] {
        let Workspace { rotated, fft, folded } = workspace;
        for (lines, rotated) in lines.chunks_exact(N).zip(rotated.chunks_exact_mut(N / 2)) {
            rotate_before(lines, &self.before, rotated);
        }
        self.fft.process_with_scratch(rotated, fft);
        for (folded, rotated) in folded.chunks_exact_mut(N).zip(rotated.chunks_exact(N / 2)) {
            rotate_after(rotated, &self.after, folded);
        }
        folded
    }
}

/// Takes every other line from the front as real, from the back as imaginary parts.
fn rotate_before(lines: &[f32], turns: &[Turns], out: &mut [Complex32]) {
    let lines = lines.as_chunks::<8>().0.iter();
    let out = out.as_chunks_mut::<4>().0.iter_mut();
    for (((front, back), turns), out) in lines.clone().zip(lines.rev()).zip(turns).zip(out) {
        let ((re, _), (_, im)) = (apart(front), apart(back));
        let im = backwards(im);
        let (real, imaginary) = (re * turns.cos - im * turns.sin, re * turns.sin + im * turns.cos);
        let [a, b, c, d] = real.unpack_lo(imaginary).to_array();
        let [e, f, g, h] = real.unpack_hi(imaginary).to_array();
        *out = [(a, b), (c, d), (e, f), (g, h)].map(|(re, im)| Complex32::new(re, im));
    }
}

/// Puts real parts to every other sample from the front, imaginary ones from the back.
fn rotate_after(values: &[Complex32], turns: &[Turns], out: &mut [f32]) {
    let pairs = values.as_chunks::<4>().0.iter().zip(turns);
    let out = out.as_chunks_mut::<8>().0.iter_mut();
    for (((front, turn), (back, back_turn)), out) in pairs.clone().zip(pairs.rev()).zip(out) {
        let (re, im) = apart(&parts(front));
        let real = re * turn.cos - im * turn.sin;
        let (re, im) = apart(&parts(back));
        let imaginary = backwards(-(re * back_turn.sin) - im * back_turn.cos);
        let (first, second) = out.split_at_mut(4);
        first.copy_from_slice(&real.unpack_lo(imaginary).to_array());
        second.copy_from_slice(&real.unpack_hi(imaginary).to_array());
    }
}

fn parts(four: &[Complex32; 4]) -> [f32; 8] {
    let [a, b, c, d] = *four;
    [a.re, a.im, b.re, b.im, c.re, c.im, d.re, d.im]
}

/// Every other value from the first on, and from the second on.
#[inline(always)]
fn apart(&[a, b, c, d, e, f, g, h]: &[f32; 8]) -> (f32x4, f32x4) {
    let (first, second) = (f32x4::new([a, b, c, d]), f32x4::new([e, f, g, h]));
    let (low, high) = (first.unpack_lo(second), first.unpack_hi(second));
    (low.unpack_lo(high), low.unpack_hi(high))
}

#[inline(always)]
fn backwards(values: f32x4) -> f32x4 {
    let [a, b, c, d] = values.to_array();
    f32x4::new([d, c, b, a])
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

    fn is_the_standards<const N: usize>(imdct: &Imdct<N>) {
        let mut seed = 1u32;
        let lines: Vec<f32> = (0..1024)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) as f32 - 32768.0
            })
            .collect();
        let mut workspace = Workspace::new();
        let out = imdct.run(lines.first_chunk().expect("1024 lines"), &mut workspace);
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
        is_the_standards(&LONG);
        is_the_standards(&SHORT);
    }
}
