use super::columns::{RowsError, columns_of};
use super::spectra::{Spectra, SpectraWork};
use super::window::hann;
use super::{Columns, Framing, MelFilters, MelNorm, MelScale, Padding, Signal};

/// Whisper's rate, in Hz.
const SAMPLE_RATE: f64 = 16_000.0;
/// Samples of a frame: 25 ms.
const N_FFT: usize = 400;
/// Samples from frame to frame: 10 ms.
const HOP: usize = 160;
/// Zeros that faster-whisper puts behind the signal.
const ZEROS_BEHIND: usize = 160;
/// Power below which nothing is told apart.
const FLOOR: f64 = 1e-10;
/// Decades kept below the loudest value.
const DECADES: f32 = 8.0;

/// The logarithmic mel spectrogram that Whisper's models read, as faster-whisper 1.2.1 computes it, but in double precision:
/// faster-whisper's own single precision is up to 6e-6 away from it on speech.
///
/// A signal has a column for every whole hop, and one more: the last frame, which only zeros would be new in, is left out.
pub struct WhisperLogMel {
    spectra: Spectra,
    filters: MelFilters,
}

/// Memory that a thread computes a [`WhisperLogMel`] in.
pub struct WhisperWork {
    spectra: SpectraWork,
    power: Vec<f64>,
}

impl WhisperLogMel {
    /// With 80 or 128 mels, as the model has them.
    pub fn new(mels: usize) -> Self {
        let framing = Framing { length: N_FFT, hop: HOP, padding: Padding::Reflect };
        // There the window and the filters are 32-bit values.
        let window = hann(N_FFT, N_FFT).into_iter().map(|value| f64::from(value as f32));
        let spectra = Spectra::new(framing, window.collect());
        let band = (0.0, SAMPLE_RATE / 2.0);
        let filters = MelFilters::new(SAMPLE_RATE, N_FFT, mels, band, MelScale::Slaney, MelNorm::Slaney);
        Self { spectra, filters }
    }

    /// Bounds values from below, by the loudest of the whole matrix, and scales them: the last step.
    pub fn normalise(values: &mut [f32], loudest: f32) {
        let floor = loudest - DECADES;
        values.iter_mut().for_each(|value| *value = (value.max(floor) + 4.0) / 4.0);
    }
}

impl Columns for WhisperLogMel {
    type Work = WhisperWork;

    fn rows(&self) -> usize {
        self.filters.count()
    }

    fn work(&self) -> WhisperWork {
        WhisperWork { spectra: self.spectra.work(), power: vec![0.0; self.spectra.bins()] }
    }

    /// Common logarithms, before `normalise`.
    fn fill(
        &self,
        work: &mut WhisperWork,
        signal: Signal<'_>,
        first: usize,
        rows: &mut [&mut [f32]],
    ) -> Result<(), RowsError> {
        let columns = columns_of(rows, self.rows())?;
        let signal = signal.lengthened(ZEROS_BEHIND);
        let WhisperWork { spectra, power } = work;
        for column in 0..columns {
            let spectrum = self.spectra.spectrum(spectra, signal, first + column);
            power.iter_mut().zip(spectrum).for_each(|(power, value)| *power = value.norm_sqr());
            for (row, energy) in rows.iter_mut().zip(self.filters.exact_energies(power)) {
                row[column] = energy.max(FLOOR).log10() as f32;
            }
        }
        Ok(())
    }
}
