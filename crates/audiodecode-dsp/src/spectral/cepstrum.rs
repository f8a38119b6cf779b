use std::f64::consts::PI;

use audiodecode_widest::widest;

use super::columns::{RowsError, columns_of};

/// Columns that are transformed side by side.
const LANES: usize = 8;

/// Terms of a sum that are added up before they meet the others.
const SUMMED_TOGETHER: usize = 12;

/// The first coefficients of the cosine transform (type II, orthonormal) of every column of a matrix: of a log-mel spectrogram
/// they are the MFCC.
#[derive(Clone, Debug)]
pub struct Cepstrum {
    inputs: usize,
    /// For every coefficient the weights of the inputs.
    weights: Vec<Vec<f32>>,
}

impl Cepstrum {
    /// `coefficients` of columns of `inputs` values, weighted by a lifter (Juang, Rabiner and Wilpon 1987) unless it is 0.
    pub fn new(inputs: usize, coefficients: usize, lifter: f64) -> Self {
        // Their angles are whole parts of the circle, each taken once.
        let circle = 4 * inputs.max(1);
        let cosines: Vec<f64> =
            (0..circle).map(|part| (2.0 * PI * part as f64 / circle as f64).cos()).collect();
        let weights = |coefficient: usize| {
            let norm = if coefficient == 0 { 1.0 } else { 2.0 } / inputs as f64;
            let lift = (PI * (coefficient + 1) as f64 / lifter).sin() * lifter / 2.0;
            let gain = norm.sqrt() * if lifter == 0.0 { 1.0 } else { 1.0 + lift };
            let cosine = |input: usize| cosines[coefficient * (2 * input + 1) % circle];
            (0..inputs).map(|input| (gain * cosine(input)) as f32).collect()
        };
        Self { inputs, weights: (0..coefficients).map(weights).collect() }
    }

    /// Computes the columns from `first` on, as many as every one of `rows` is long, of a row-major matrix of `columns` columns.
    pub fn fill(
        &self,
        matrix: &[f32],
        columns: usize,
        first: usize,
        rows: &mut [&mut [f32]],
    ) -> Result<(), RowsError> {
        let count = columns_of(rows, self.weights.len())?;
        if matrix.len() != self.inputs * columns || first + count > columns {
            return Err(RowsError);
        }
        let mut inputs = vec![[0.0; LANES]; self.inputs];
        let mut sums = vec![[0.0; LANES]; self.weights.len()];
        for start in (0..count).step_by(LANES) {
            let width = LANES.min(count - start);
            for (lanes, input) in inputs.iter_mut().zip(matrix.chunks_exact(columns)) {
                lanes[..width].copy_from_slice(&input[first + start..first + start + width]);
            }
            transform(&self.weights, &inputs, &mut sums);
            for (row, sums) in rows.iter_mut().zip(&sums) {
                row[start..start + width].copy_from_slice(&sums[..width]);
            }
        }
        Ok(())
    }
}

widest! {
    fn transform(weights: &[Vec<f32>], inputs: &[[f32; LANES]], sums: &mut [[f32; LANES]]) {
        any: transform_lanes, avx2: transform_lanes
    }
}

#[inline(always)]
fn transform_lanes(weights: &[Vec<f32>], inputs: &[[f32; LANES]], sums: &mut [[f32; LANES]]) {
    for (weights, sums) in weights.iter().zip(sums) {
        *sums = weighted_sums(weights, inputs);
    }
}

/// Sums of parts first, whose rounding is less than that of one long sum.
#[inline(always)]
fn weighted_sums(weights: &[f32], inputs: &[[f32; LANES]]) -> [f32; LANES] {
    let mut totals = [0.0; LANES];
    for (weights, inputs) in weights.chunks(SUMMED_TOGETHER).zip(inputs.chunks(SUMMED_TOGETHER)) {
        let mut sums = [0.0; LANES];
        for (weight, values) in weights.iter().zip(inputs) {
            sums = std::array::from_fn(|lane| sums[lane] + weight * values[lane]);
        }
        totals = std::array::from_fn(|lane| totals[lane] + sums[lane]);
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::Cepstrum;

    fn transformed(lifter: f64, column: &[f32], coefficients: usize) -> Vec<f32> {
        let mut values = vec![f32::NAN; coefficients];
        let mut rows: Vec<&mut [f32]> = values.chunks_mut(1).collect();
        Cepstrum::new(column.len(), coefficients, lifter).fill(column, 1, 0, &mut rows).unwrap();
        values
    }

    /// scipy.fft.dct([1, 2, 3, 5], norm='ortho').
    #[test]
    fn it_is_the_orthonormal_cosine_transform() {
        let expected = [5.5, -2.883_724, 0.5, -0.429_110_7];
        for (ours, theirs) in transformed(0.0, &[1.0, 2.0, 3.0, 5.0], 4).into_iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-5, "{ours} {theirs}");
        }
    }

    #[test]
    fn a_lifter_weights_the_coefficients() {
        let (plain, lifted) =
            (transformed(0.0, &[1.0, 2.0, 3.0, 5.0], 3), transformed(22.0, &[1.0, 2.0, 3.0, 5.0], 3));
        for (index, (plain, lifted)) in plain.into_iter().zip(lifted).enumerate() {
            let weight = 1.0 + 11.0 * (std::f32::consts::PI * (index + 1) as f32 / 22.0).sin();
            assert!((lifted - plain * weight).abs() < 1e-4);
        }
    }

    #[test]
    fn columns_are_transformed_each_by_itself() {
        let matrix = [1.0, 10.0, 100.0, 2.0, 20.0, 200.0];
        let mut values = [0.0; 4];
        let mut rows: Vec<&mut [f32]> = values.chunks_mut(2).collect();
        Cepstrum::new(2, 2, 0.0).fill(&matrix, 3, 1, &mut rows).unwrap();
        for (column, scale) in [10.0, 100.0].into_iter().enumerate() {
            for (row, expected) in transformed(0.0, &[scale, 2.0 * scale], 2).into_iter().enumerate() {
                assert_eq!(rows[row][column], expected);
            }
        }
        assert!(Cepstrum::new(2, 2, 0.0).fill(&matrix, 3, 2, &mut rows).is_err());
    }
}
