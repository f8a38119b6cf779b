use super::real_fft::{FftWork, RealFft};
use super::{Framing, Signal};

/// Windowed frames and their spectra, transformed in double precision.
pub(super) struct Spectra {
    framing: Framing,
    window: Vec<f64>,
    fft: RealFft<f64>,
}

/// Memory that a thread works in.
pub(super) struct SpectraWork {
    fft: FftWork<f64>,
    padded: Vec<f32>,
}

impl Spectra {
    /// Frames under a window of their length.
    pub(super) fn new(framing: Framing, window: Vec<f64>) -> Self {
        Self { framing, window, fft: RealFft::new(framing.length) }
    }

    pub(super) fn framing(&self) -> &Framing {
        &self.framing
    }

    pub(super) fn bins(&self) -> usize {
        self.fft.bins()
    }

    pub(super) fn work(&self) -> SpectraWork {
        SpectraWork { fft: self.fft.work(), padded: Vec::new() }
    }

    /// Gives real and imaginary part of every bin of a frame.
    pub(super) fn spectrum(
        &self,
        work: &mut SpectraWork,
        signal: Signal<'_>,
        frame: usize,
        mut give: impl FnMut(usize, f64, f64),
    ) {
        let samples = self.framing.frame(signal, frame, &mut work.padded);
        let windowed = samples.iter().zip(&self.window).map(|(&sample, window)| f64::from(sample) * window);
        self.fft.transform(&mut work.fft, windowed, |bin, value| give(bin, value.re, value.im));
    }
}
