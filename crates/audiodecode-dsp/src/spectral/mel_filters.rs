use super::MelScale;

/// How the triangles of a filter bank are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MelNorm {
    /// To equal areas: 2 ÷ width in Hz.
    Slaney,
    /// Not at all: every peak would be 1.
    None,
}

/// Weights that are applied side by side.
const LANES: usize = 8;

/// Zeros that a single-precision spectrum needs behind its last bin.
pub(super) const PADDING: usize = LANES - 1;

/// Triangular filters whose corners are equally far apart on a mel scale. Of each only the bins are kept where it is not zero.
#[derive(Clone, Debug)]
pub struct MelFilters {
    filters: Vec<Filter>,
}

#[derive(Clone, Debug)]
struct Filter {
    first_bin: usize,
    /// Zeros behind the last weight fill its group up.
    weights: Vec<[f32; LANES]>,
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
        // One bin more to either side than there can be inside, for rounding. `as` saturates.
        let bin_of = |hz: f64| (hz * n_fft as f64 / sample_rate) as usize;
        let filter = |corners: &[f64]| {
            let &[from, peak, to] = corners else { return Filter::new(0, &[]) };
            let gain = if norm == MelNorm::Slaney { 2.0 / (to - from) } else { 1.0 };
            let weight = |bin: usize| {
                let rising = (hz(bin) - from) / (peak - from);
                let falling = (to - hz(bin)) / (to - peak);
                (f64::from(rising.min(falling).max(0.0) as f32) * gain) as f32
            };
            let first = bin_of(from).min(bins);
            let weights: Vec<f32> = (first..bins.min(bin_of(to) + 2)).map(weight).collect();
            let skipped = weights.iter().take_while(|weight| **weight <= 0.0).count();
            let after = weights.iter().rposition(|weight| *weight > 0.0).map_or(skipped, |last| last + 1);
            Filter::new(first + skipped, &weights[skipped..after])
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

    /// Tells what every filter lets through of a power spectrum that has `PADDING` zeros behind it.
    #[inline(always)]
    pub(super) fn energies(&self, power: &[f32], mut tell: impl FnMut(usize, f32)) {
        for (index, filter) in self.filters.iter().enumerate() {
            let (powers, _) = power.get(filter.first_bin..).unwrap_or_default().as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for (weights, powers) in filter.weights.iter().zip(powers) {
                for ((sum, weight), power) in sums.iter_mut().zip(weights).zip(powers) {
                    *sum += weight * power;
                }
            }
            let [a, b, c, d, e, f, g, h] = sums;
            tell(index, ((a + e) + (c + g)) + ((b + f) + (d + h)));
        }
    }

    /// The same in double precision, one after the other.
    pub(super) fn exact_energies<'a>(&'a self, power: &'a [f64]) -> impl Iterator<Item = f64> {
        self.filters.iter().map(|filter| {
            let bins = power.iter().skip(filter.first_bin);
            filter
                .weights
                .as_flattened()
                .iter()
                .zip(bins)
                .map(|(&weight, power)| f64::from(weight) * power)
                .sum()
        })
    }
}

impl Filter {
    fn new(first_bin: usize, weights: &[f32]) -> Self {
        let group = |weights: &[f32]| std::array::from_fn(|lane| weights.get(lane).copied().unwrap_or(0.0));
        Self { first_bin, weights: weights.chunks(LANES).map(group).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All weights, filter by filter.
    fn dense(filters: &MelFilters, bins: usize) -> Vec<Vec<f32>> {
        let row = |number: usize| {
            let one = |bin: usize| {
                let mut power = vec![0.0; bins + PADDING];
                power[bin] = 1.0;
                energies(filters, &power)[number]
            };
            (0..bins).map(one).collect()
        };
        (0..filters.count()).map(row).collect()
    }

    fn energies(filters: &MelFilters, power: &[f32]) -> Vec<f32> {
        let mut all = vec![f32::NAN; filters.count()];
        filters.energies(power, |filter, energy| all[filter] = energy);
        all
    }

    #[test]
    fn a_filter_of_equal_area_weighs_two_over_its_width() {
        let filters = MelFilters::new(16_000.0, 8_000, 10, (0.0, 8_000.0), MelScale::Slaney, MelNorm::Slaney);
        // Bins are 2 Hz apart.
        for row in dense(&filters, 4_001) {
            let area: f32 = row.iter().map(|weight| weight * 2.0).sum();
            assert!((area - 1.0).abs() < 1e-3, "{area}");
        }
    }

    #[test]
    fn without_a_norm_neighbours_add_up_to_one() {
        let filters = MelFilters::new(22_050.0, 2_048, 40, (0.0, 11_025.0), MelScale::Htk, MelNorm::None);
        let rows = dense(&filters, 1_025);
        // Between the peaks of the first and the last filter.
        for bin in 10..900 {
            let sum: f32 = rows.iter().map(|row| row[bin]).sum();
            assert!((sum - 1.0).abs() < 1e-6, "bin {bin}: {sum}");
        }
    }

    #[test]
    fn filters_between_two_bins_are_empty() {
        let filters = MelFilters::new(16_000.0, 256, 100, (0.0, 8_000.0), MelScale::Slaney, MelNorm::Slaney);
        let empty: Vec<usize> = filters.empty().collect();
        let rows = dense(&filters, 129);
        assert!(!empty.is_empty());
        for (number, row) in rows.iter().enumerate() {
            assert_eq!(row.iter().all(|weight| *weight == 0.0), empty.contains(&number), "{number}");
        }
    }

    #[test]
    fn double_precision_lets_the_same_through() {
        let filters = MelFilters::new(16_000.0, 400, 80, (0.0, 8_000.0), MelScale::Slaney, MelNorm::Slaney);
        let power: Vec<f32> = crate::noise::noise(201, 3).into_iter().chain([0.0; PADDING]).collect();
        let exact: Vec<f64> = power.iter().copied().map(f64::from).collect();
        for (single, double) in energies(&filters, &power).into_iter().zip(filters.exact_energies(&exact)) {
            assert!((f64::from(single) - double).abs() < 1e-7);
        }
    }
}
