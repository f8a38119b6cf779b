//! Activations in 8-bit numbers.

/// Rows of activations: each block of a row has a scale of its own.
pub(crate) struct QuantisedRows<'a> {
    /// `[rows][columns]`
    pub(crate) values: &'a [i8],
    /// `[rows][columns / block]`
    pub(crate) scales: &'a [f32],
    /// 128 times the sum of each block, which weights that are stored 128 too large add to a product.
    pub(crate) surplus: &'a [i32],
}

/// Quantises one row: the scale of a block is its largest size over 127, ties go to even.
#[inline(always)]
pub(crate) fn quantise_row(
    row: &[f32],
    block: usize,
    values: &mut [i8],
    scales: &mut [f32],
    surplus: &mut [i32],
) {
    let blocks = row.chunks_exact(block).zip(values.chunks_exact_mut(block));
    for ((numbers, values), (scale, surplus)) in blocks.zip(scales.iter_mut().zip(surplus)) {
        let mut most = [0f32; 16];
        for chunk in numbers.chunks_exact(16) {
            for (most, number) in most.iter_mut().zip(chunk) {
                *most = if number.abs() > *most { number.abs() } else { *most };
            }
        }
        let size = most.iter().fold(0f32, |most, each| if *each > most { *each } else { most });
        *scale = size / 127.0;
        let factor = if size > 0.0 { 127.0 / size } else { 0.0 };
        let mut sum = 0;
        for (value, number) in values.iter_mut().zip(numbers) {
            // Adding 1.5 × 2^23 leaves no room for a fraction; the whole number is in the lowest bits.
            let shifted = number * factor + 12_582_912.0;
            let whole = shifted.to_bits() as i8;
            *value = whole;
            sum += i32::from(whole);
        }
        *surplus = 128 * sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_times_scale_are_the_numbers_to_half_a_step() {
        let row: Vec<f32> = (0..256).map(|index| ((index * 37 % 101) as f32 - 50.0) * 0.013).collect();
        let (mut values, mut scales, mut surplus) = (vec![0; 256], vec![0.0; 2], vec![0; 2]);
        quantise_row(&row, 128, &mut values, &mut scales, &mut surplus);
        for (index, (number, value)) in row.iter().zip(&values).enumerate() {
            let scale = scales[index / 128];
            assert!((number - f32::from(*value) * scale).abs() <= scale * 0.5001);
        }
        assert!(values.iter().any(|value| value.unsigned_abs() == 127));
        assert_eq!(surplus[0], 128 * values[..128].iter().map(|value| i32::from(*value)).sum::<i32>());
    }

    #[test]
    fn a_block_of_zeros_stays_one() {
        let (mut values, mut scales, mut surplus) = (vec![1; 64], vec![1.0; 1], vec![1; 1]);
        quantise_row(&[0.0; 64], 64, &mut values, &mut scales, &mut surplus);
        assert!(values.iter().all(|value| *value == 0));
        assert_eq!((scales[0], surplus[0]), (0.0, 0));
    }
}
