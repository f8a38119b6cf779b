use audiodecode_widest::widest;

use super::columns::{RowsError, columns_of};
use super::decibels::Decibels;
use super::mel_filters::PADDING;
use super::power_spectrum::{PowerSpectrum, PowerWork};
use super::window::hann;
use super::{Columns, Framing, MelFilters, Signal};

/// Frames whose values are written, and made decibels of, together.
pub(super) const LANES: usize = 8;

/// One number of each of these frames.
pub(super) type Lanes = [f32; LANES];

/// A mel spectrogram, in decibels when asked for.
pub struct Mel {
    framing: Framing,
    spectrum: PowerSpectrum,
    filters: MelFilters,
    power: f32,
    decibels: Option<Decibels>,
}

/// Memory that a thread computes a [`Mel`] in.
pub struct MelWork {
    spectrum: PowerWork,
    padded: Vec<f32>,
    power: Vec<f32>,
    energies: Vec<Lanes>,
}

impl Mel {
    /// Magnitudes to the `power`, through filters for the framing's length, under a Hann window of `window` samples.
    pub fn new(framing: Framing, window: usize, filters: MelFilters, power: f32) -> Self {
        let spectrum = PowerSpectrum::new(&hann(window, framing.length));
        Self { framing, spectrum, filters, power, decibels: None }
    }

    /// The same in decibels, not bounded yet: see [`Decibels`].
    #[must_use]
    pub fn in_decibels(self, decibels: Decibels) -> Self {
        Self { decibels: Some(decibels), ..self }
    }
}

impl Columns for Mel {
    type Work = MelWork;

    fn rows(&self) -> usize {
        self.filters.count()
    }

    fn work(&self) -> MelWork {
        MelWork {
            spectrum: self.spectrum.work(),
            padded: Vec::new(),
            power: vec![0.0; self.spectrum.bins() + PADDING],
            energies: vec![[0.0; LANES]; self.filters.count()],
        }
    }

    fn fill(
        &self,
        work: &mut MelWork,
        signal: Signal<'_>,
        first: usize,
        rows: &mut [&mut [f32]],
    ) -> Result<(), RowsError> {
        let columns = columns_of(rows, self.rows())?;
        for start in (0..columns).step_by(LANES) {
            let count = LANES.min(columns - start);
            fill_energies(self, work, signal, first + start, count);
            for (row, energies) in rows.iter_mut().zip(&work.energies) {
                row[start..start + count].copy_from_slice(&energies[..count]);
            }
        }
        Ok(())
    }
}

widest! {
    /// Computes what all filters let through of the frames from `first` on.
    fn fill_energies(mel: &Mel, work: &mut MelWork, signal: Signal<'_>, first: usize, count: usize) {
        any: Mel::fill_energies, avx2: Mel::fill_energies
    }
}

impl Mel {
    #[inline(always)]
    fn fill_energies(&self, work: &mut MelWork, signal: Signal<'_>, first: usize, count: usize) {
        let MelWork { spectrum, padded, power, energies } = work;
        for (lane, number) in (first..first + count).enumerate() {
            let frame = self.framing.frame(signal, number, padded);
            self.spectrum.compute(spectrum, frame, power);
            raise(power, self.power);
            self.filters.energies(power, |filter, energy| energies[filter][lane] = energy);
        }
        if let Some(decibels) = &self.decibels {
            energies.iter_mut().for_each(|energies| decibels.convert(energies));
        }
    }
}

/// From squared magnitudes to magnitudes to the `power`.
#[inline(always)]
fn raise(values: &mut [f32], power: f32) {
    if power == 1.0 {
        values.iter_mut().for_each(|value| *value = value.sqrt());
    } else if power != 2.0 {
        values.iter_mut().for_each(|value| *value = value.powf(power / 2.0));
    }
}
