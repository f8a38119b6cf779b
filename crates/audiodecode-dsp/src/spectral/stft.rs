use super::columns::{RowsError, columns_of};
use super::spectra::{Spectra, SpectraWork};
use super::window::hann;
use super::{Columns, Framing, Signal};

/// The short-time Fourier transform: rows of real parts, then as many of imaginary parts. In double precision, as SciPy has it for
/// librosa, so that the values are the same in nearly every bit.
pub struct Stft(Spectra);

/// Memory that a thread computes an [`Stft`] in.
pub struct StftWork(SpectraWork);

impl Stft {
    /// Under a Hann window of `window` samples.
    pub fn new(framing: Framing, window: usize) -> Self {
        Self(Spectra::new(framing, hann(window, framing.length)))
    }
}

impl Columns for Stft {
    type Work = StftWork;

    fn rows(&self) -> usize {
        2 * self.0.bins()
    }

    fn columns(&self, samples: usize) -> usize {
        self.0.framing().frames(samples)
    }

    fn work(&self) -> StftWork {
        StftWork(self.0.work())
    }

    fn fill(
        &self,
        work: &mut StftWork,
        signal: Signal<'_>,
        first: usize,
        rows: &mut [&mut [f32]],
    ) -> Result<(), RowsError> {
        let columns = columns_of(rows, self.rows())?;
        let (re_rows, im_rows) = rows.split_at_mut(self.0.bins());
        for column in 0..columns {
            self.0.spectrum(&mut work.0, signal, first + column, |bin, re, im| {
                re_rows[bin][column] = re as f32;
                im_rows[bin][column] = im as f32;
            });
        }
        Ok(())
    }
}
