use rustfft::num_complex::Complex;

use super::real_fft::{FftWork, RealFft};
use super::{Framing, Signal};

/// Spectra of the frames of a signal, in double precision.
pub(super) struct Spectra {
    framing: Framing,
    fft: RealFft,
}

/// Memory that a thread works in.
pub(super) struct SpectraWork {
    fft: FftWork,
    padded: Vec<f32>,
}

impl Spectra {
    /// Frames under a window of their length.
    pub(super) fn new(framing: Framing, window: Vec<f64>) -> Self {
        Self { framing, fft: RealFft::new(window) }
    }

    pub(super) fn bins(&self) -> usize {
        self.fft.bins()
    }

    pub(super) fn work(&self) -> SpectraWork {
        SpectraWork { fft: self.fft.work(), padded: Vec::new() }
    }

    /// The spectrum of a frame.
    pub(super) fn spectrum<'a>(
        &self,
        work: &'a mut SpectraWork,
        signal: Signal<'_>,
        frame: usize,
    ) -> &'a [Complex<f64>] {
        let samples = self.framing.frame(signal, frame, &mut work.padded);
        self.fft.transform(&mut work.fft, samples)
    }
}
