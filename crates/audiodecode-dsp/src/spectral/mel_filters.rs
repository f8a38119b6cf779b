use super::MelScale;
use super::mel::{LANES, Lanes};

/// How the triangles of a filter bank are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MelNorm {
    /// To equal areas: 2 ÷ width in Hz.
    Slaney,
    /// Not at all: every peak would be 1.
    None,
}

/// Triangular filters whose corners are equally far apart on a mel scale. Of each only the bins are kept where it is not zero.
#[derive(Clone, Debug)]
pub struct MelFilters {
    filters: Vec<Filter>,
}

#[derive(Clone, Debug)]
struct Filter {
    first_bin: usize,
    weights: Vec<f32>,
}

impl MelFilters {
    /// `count` filters over the bins of a transform of `n_fft` samples, from `low` to `high` Hz, in the 32-bit values that
    /// librosa has.
    pub fn new(
        sample_rate: f64,
        n_fft: usize,
        count: usize,
        (low, high): (f64, f64),
        scale: MelScale,
        norm: MelNorm,
    ) -> Self {
        let (low, high) = (scale.from_hz(low), scale.from_hz(high));
        let step = (high - low) / (count + 1) as f64;
        let corners: Vec<f64> =
            (0..count + 2).map(|corner| scale.to_hz(low + step * corner as f64)).collect();
        let bins = n_fft / 2 + 1;
        let hz = |bin: usize| bin as f64 * sample_rate / n_fft as f64;
        let filter = |corners: &[f64]| {
            let &[from, peak, to] = corners else { return Filter { first_bin: 0, weights: Vec::new() } };
            let gain = if norm == MelNorm::Slaney { 2.0 / (to - from) } else { 1.0 };
            let weight = |bin: usize| {
                let rising = (hz(bin) - from) / (peak - from);
                let falling = (to - hz(bin)) / (to - peak);
                (rising.min(falling).max(0.0) as f32 as f64 * gain) as f32
            };
            let is_set = |&bin: &usize| weight(bin) > 0.0;
            let first_bin = (0..bins).find(is_set).unwrap_or(0);
            let end = (first_bin..bins).rev().find(is_set).map_or(first_bin, |last| last + 1);
            Filter { first_bin, weights: (first_bin..end).map(weight).collect() }
        };
        Self { filters: corners.windows(3).map(filter).collect() }
    }

    /// Number of filters.
    pub fn count(&self) -> usize {
        self.filters.len()
    }

    /// Numbers of the filters between whose corners there is no bin: their rows are zero.
    pub fn empty(&self) -> impl Iterator<Item = usize> {
        self.filters
            .iter()
            .enumerate()
            .filter(|(_, filter)| filter.weights.is_empty())
            .map(|(index, _)| index)
    }

    /// What every filter lets through of a frame's spectrum, into one lane.
    pub(super) fn apply(&self, power: &[f32], energies: &mut [Lanes], lane: usize) {
        for (filter, energies) in self.filters.iter().zip(energies) {
            energies[lane] = filter.energy(power);
        }
    }

    /// The same in double precision, one after the other.
    pub(super) fn energies(&self, power: &[f64]) -> impl Iterator<Item = f64> {
        self.filters.iter().map(|filter| {
            let bins = power.iter().skip(filter.first_bin);
            filter.weights.iter().zip(bins).map(|(&weight, power)| f64::from(weight) * power).sum()
        })
    }
}

impl Filter {
    fn energy(&self, power: &[f32]) -> f32 {
        let power = &power[self.first_bin..self.first_bin + self.weights.len()];
        let ((weights, last_weights), (powers, last_powers)) =
            (self.weights.as_chunks::<LANES>(), power.as_chunks::<LANES>());
        let mut sums = [0.0; LANES];
        for (weights, powers) in weights.iter().zip(powers) {
            for (sum, (weight, power)) in sums.iter_mut().zip(weights.iter().zip(powers)) {
                *sum += weight * power;
            }
        }
        let rest: f32 = last_weights.iter().zip(last_powers).map(|(weight, power)| weight * power).sum();
        let [a, b, c, d, e, f, g, h] = sums;
        ((a + e) + (c + g)) + ((b + f) + (d + h)) + rest
    }
}
