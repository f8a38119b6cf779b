use super::columns::{RowsError, columns_of};
use super::spectra::{Spectra, SpectraWork};
use super::window::hann;
use super::{Columns, Framing, Signal};

/// The short-time Fourier transform: rows of real parts, then as many of imaginary parts. In double precision, as SciPy has it for
/// librosa, so that the values are the same in nearly every bit.
pub struct Stft(Spectra);

/// Frames whose values are written together: a cache line of each row.
const LANES: usize = 16;

/// Memory that a thread computes an [`Stft`] in.
pub struct StftWork {
    spectra: SpectraWork,
    /// Of each bin the real parts, and the imaginary parts.
    values: Vec<[[f32; LANES]; 2]>,
}

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

    fn work(&self) -> StftWork {
        StftWork { spectra: self.0.work(), values: vec![[[0.0; LANES]; 2]; self.0.bins()] }
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
        let StftWork { spectra, values } = work;
        for start in (0..columns).step_by(LANES) {
            let count = LANES.min(columns - start);
            for (lane, frame) in (first + start..first + start + count).enumerate() {
                let spectrum = self.0.spectrum(spectra, signal, frame);
                for ([re, im], value) in values.iter_mut().zip(spectrum) {
                    (re[lane], im[lane]) = (value.re as f32, value.im as f32);
                }
            }
            for ((re_row, im_row), [re, im]) in re_rows.iter_mut().zip(im_rows.iter_mut()).zip(&*values) {
                re_row[start..start + count].copy_from_slice(&re[..count]);
                im_row[start..start + count].copy_from_slice(&im[..count]);
            }
        }
        Ok(())
    }
}
