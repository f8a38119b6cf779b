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
    /// Of each of these frames the real parts, one frame behind the other.
    re: Vec<f32>,
    im: Vec<f32>,
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
        let values = vec![0.0; LANES * self.0.bins()];
        StftWork { spectra: self.0.work(), re: values.clone(), im: values }
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
        let StftWork { spectra, re, im } = work;
        let bins = self.0.bins();
        for start in (0..columns).step_by(LANES) {
            let count = LANES.min(columns - start);
            let frames = first + start..first + start + count;
            for ((frame, re), im) in frames.zip(re.chunks_exact_mut(bins)).zip(im.chunks_exact_mut(bins)) {
                let spectrum = self.0.spectrum(spectra, signal, frame);
                for ((value, re), im) in spectrum.iter().zip(re).zip(im) {
                    (*re, *im) = (value.re as f32, value.im as f32);
                }
            }
            for (rows, values) in [(&mut *re_rows, &*re), (&mut *im_rows, &*im)] {
                for (bin, row) in rows.iter_mut().enumerate() {
                    let places = &mut row[start..start + count];
                    places
                        .iter_mut()
                        .zip(values[bin..].iter().step_by(bins))
                        .for_each(|(to, from)| *to = *from);
                }
            }
        }
        Ok(())
    }
}
