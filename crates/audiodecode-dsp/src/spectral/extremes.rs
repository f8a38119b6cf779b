/// Numbers that are looked at side by side.
const LANES: usize = 8;

/// The largest of the values; negative infinity when there is none.
pub fn loudest(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut largest = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (largest, value) in largest.iter_mut().zip(chunk) {
            *largest = if value > largest { *value } else { *largest };
        }
    }
    largest.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max)
}

/// Place of the first value that is infinite or no number.
pub fn first_not_finite(values: &[f32]) -> Option<usize> {
    let (chunks, rest) = values.as_chunks::<LANES>();
    // Zero times anything finite is zero, and times everything else no number.
    let mut zeros = [0.0; LANES];
    for chunk in chunks {
        zeros.iter_mut().zip(chunk).for_each(|(zero, value)| *zero += value * 0.0);
    }
    if zeros.iter().chain(rest).all(|value| value.is_finite()) {
        return None;
    }
    values.iter().position(|value| !value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{first_not_finite, loudest};

    #[test]
    fn the_loudest_is_found_wherever_it_is() {
        for place in 0..20 {
            let mut values = vec![-3.0; 20];
            values[place] = -1.0;
            assert_eq!(loudest(&values), -1.0);
        }
        assert_eq!(loudest(&[]), f32::NEG_INFINITY);
    }

    #[test]
    fn what_is_not_finite_is_found_wherever_it_is() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for place in 0..20 {
                let mut values = vec![f32::MAX; 20];
                assert_eq!(first_not_finite(&values), None);
                values[place] = bad;
                assert_eq!(first_not_finite(&values), Some(place));
            }
        }
        assert_eq!(first_not_finite(&[]), None);
    }
}
