use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use crate::filter::{FILTER_LENGTH, responses};
use crate::segments::{Segment, Segments};

/// What two rates need and all channels and resamplers of them share: the transforms and the filter's spectrum.
///
/// Two segments are resampled at once, as real and imaginary part of one complex signal. The filter's impulse response is real,
/// so the parts do not mix, and the complex transform is the cheapest that two real signals can have.
pub(crate) struct Convolver {
    segments: Segments,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    /// The filter at the frequencies 0, 1, 2 … of the shorter transform, below its Nyquist frequency; with the transforms'
    /// scale.
    rising: Vec<f32>,
    /// The same at …, −2, −1.
    falling: Vec<f32>,
}

/// Memory that a [`Convolver`] works in.
pub(crate) struct Workspace {
    input: Vec<Complex<f32>>,
    output: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl Convolver {
    pub(crate) fn new(segments: Segments) -> Self {
        let (input, output) = (segments.input.points(), segments.output.points());
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(input), planner.plan_fft_inverse(output));
        let points = input.min(output);
        let rising = responses(points, points.div_ceil(2), 1.0 / input as f64);
        let falling = rising.iter().skip(1).rev().copied().collect();
        Self { segments, forward, inverse, rising, falling }
    }

    pub(crate) fn segments(&self) -> &Segments {
        &self.segments
    }

    /// Output frames by which the output lags behind: half the filter, so that each one has all that it depends on.
    pub(crate) fn delay(&self) -> usize {
        let Segments { input, output } = &self.segments;
        (FILTER_LENGTH / 2 * output.hop).div_ceil(input.hop.min(output.hop))
    }

    pub(crate) fn workspace(&self) -> Workspace {
        let scratch = self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len());
        let zeros = |length| vec![Complex::default(); length];
        Workspace {
            input: zeros(self.segments.input.points()),
            output: zeros(self.segments.output.points()),
            scratch: zeros(scratch),
        }
    }

    /// Resamples two segments, given as the overlap with what came before them and their hops.
    pub(crate) fn convolve(&self, work: &mut Workspace, overlap: &[f32], hops: &[f32], output: &mut [f32]) {
        load(&mut work.input, overlap, hops, self.segments.input);
        self.forward.process_with_scratch(&mut work.input, &mut work.scratch);
        self.filter(&work.input, &mut work.output);
        self.inverse.process_with_scratch(&mut work.output, &mut work.scratch);
        // What lies before wraps around the transform's end: it is what the last segments have given already.
        let Segment { overlap, hop } = self.segments.output;
        let (first, second) = output.split_at_mut(hop);
        let valid = work.output.iter().skip(overlap - self.delay());
        for ((point, first), second) in valid.zip(first).zip(second) {
            (*first, *second) = (point.re, point.im);
        }
    }

    /// Cuts the spectrum off at the lower Nyquist frequency, or continues it with zeros, and multiplies it with the filter's.
    fn filter(&self, from: &[Complex<f32>], to: &mut [Complex<f32>]) {
        multiply(to, from, &self.rising);
        let (from_end, to_end) = (from.len() - self.falling.len(), to.len() - self.falling.len());
        to[self.rising.len()..to_end].fill(Complex::default());
        multiply(&mut to[to_end..], &from[from_end..], &self.falling);
    }
}

/// The first segment becomes the real part, and the second one, a hop later, the imaginary part.
fn load(points: &mut [Complex<f32>], overlap: &[f32], hops: &[f32], segment: Segment) {
    let (first, second) = hops.split_at(segment.hop);
    let (before, after) = points.split_at_mut(segment.overlap);
    join(before, overlap, &first[segment.hop - segment.overlap..]);
    join(after, first, second);
}

fn join(points: &mut [Complex<f32>], re: &[f32], im: &[f32]) {
    for ((point, re), im) in points.iter_mut().zip(re).zip(im) {
        *point = Complex::new(*re, *im);
    }
}

fn multiply(to: &mut [Complex<f32>], from: &[Complex<f32>], by: &[f32]) {
    for ((to, from), by) in to.iter_mut().zip(from).zip(by) {
        *to = from * by;
    }
}
