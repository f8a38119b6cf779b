//! Tables that depend on options alone, kept for the calls that come with the same ones: for short files they take as long as a second of
//! audio does.

use std::sync::{Arc, Mutex, PoisonError};

use audiodecode_dsp::{Cepstrum, Framing, Mel};

use crate::options::{NativeDecibels, NativeFrames, NativeMel};

/// Sets of options whose tables are kept.
const MOST_KEPT: usize = 4;
/// Longest frames whose tables are kept, 200 kB of them.
const LONGEST_KEPT: u32 = 8192;

/// Weights of the largest cosine transform that is kept.
const LARGEST_KEPT: usize = 1 << 16;

/// A spectrogram, and how many of its filters have no bin.
pub(crate) struct PreparedMel {
    pub(crate) spectrogram: Mel,
    pub(crate) empty: u32,
}

/// All that a spectrogram depends on, numbers by their bits.
#[derive(Clone, PartialEq)]
struct MelKey {
    framing: Framing,
    window: u32,
    mels: u32,
    numbers: [u64; 4],
    switches: [bool; 2],
    decibels: Option<[u64; 2]>,
}

static MELS: Recent<MelKey, PreparedMel> = Recent::new();
static CEPSTRA: Recent<[u64; 3], Cepstrum> = Recent::new();

/// The spectrogram of these options, in decibels when they are given.
pub(crate) fn prepared_mel(
    mel: &NativeMel,
    frames: &NativeFrames,
    decibels: Option<&NativeDecibels>,
) -> Arc<PreparedMel> {
    let make = || {
        let (spectrogram, empty) = mel.spectrogram(frames);
        let spectrogram = match decibels {
            Some(decibels) => spectrogram.in_decibels(decibels.scale()),
            None => spectrogram,
        };
        PreparedMel { spectrogram, empty }
    };
    if frames.n_fft > LONGEST_KEPT {
        return Arc::new(make());
    }
    let key = MelKey {
        framing: frames.framing(),
        window: frames.win_length,
        mels: mel.n_mels,
        numbers: [mel.sample_rate, mel.f_min, mel.f_max, mel.power].map(f64::to_bits),
        switches: [mel.htk, mel.slaney_norm],
        decibels: decibels.map(|decibels| [decibels.reference, decibels.amin].map(f64::to_bits)),
    };
    MELS.get_or(key, make)
}

/// The cosine transform of so many mels.
pub(crate) fn prepared_cepstrum(mels: usize, coefficients: usize, lifter: f64) -> Arc<Cepstrum> {
    if mels * coefficients > LARGEST_KEPT {
        return Arc::new(Cepstrum::new(mels, coefficients, lifter));
    }
    let key = [mels as u64, coefficients as u64, lifter.to_bits()];
    CEPSTRA.get_or(key, || Cepstrum::new(mels, coefficients, lifter))
}

/// What was made last, the latest first.
struct Recent<Key, Value> {
    kept: Mutex<Vec<(Key, Arc<Value>)>>,
}

impl<Key: PartialEq, Value> Recent<Key, Value> {
    const fn new() -> Self {
        Self { kept: Mutex::new(Vec::new()) }
    }

    /// What was made for this key, or what `make` gives. Two that ask at once may both make it.
    fn get_or(&self, key: Key, make: impl FnOnce() -> Value) -> Arc<Value> {
        if let Some(found) = self.find(&key) {
            return found;
        }
        let made = Arc::new(make());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (key, Arc::clone(&made)));
        kept.truncate(MOST_KEPT);
        made
    }

    fn find(&self, key: &Key) -> Option<Arc<Value>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(other, _)| other == key)?;
        kept[..=at].rotate_right(1);
        kept.first().map(|(_, value)| Arc::clone(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_lately_is_made_once_and_no_more_is_kept_than_allowed() {
        let recent: Recent<usize, usize> = Recent::new();
        let mut made = Vec::new();
        let mut ask = |key: usize| {
            let found = *recent.get_or(key, || {
                made.push(key);
                key * 10
            });
            assert_eq!(found, key * 10);
        };
        // The first is used again, so that the second is the oldest when there is one too many.
        for key in [0, 1, 2, 3, 0, 4, 0, 2, 3, 4, 1] {
            ask(key);
        }
        assert_eq!(made, [0, 1, 2, 3, 4, 1]);
        assert_eq!(recent.kept.lock().unwrap().len(), MOST_KEPT);
    }
}
