/// Derivative of a row over its columns: of the polynomial of degree `order` that fits the `width` values around each (Savitzky
/// and Golay 1964). It has the same derivative of that order everywhere, so that the values at the ends are those of the
/// first and the last whole neighbourhood.
#[derive(Clone, Debug)]
pub struct Delta {
    weights: Vec<f64>,
}

impl Delta {
    /// `width` is odd and above `order`.
    pub fn new(width: usize, order: usize) -> Self {
        let middle = (width / 2) as f64;
        let places: Vec<f64> = (0..width).map(|place| place as f64 - middle).collect();
        let energy = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
        // Gram's polynomials with a leading coefficient of 1, by their recurrence: the fit's own leading coefficient is the
        // projection on the last one, and the derivative is that times the factorial of the degree.
        let (mut before, mut polynomial) = (vec![0.0; width], vec![1.0; width]);
        let mut factorial = 1.0;
        for degree in 1..=order {
            let ratio = if degree == 1 { 0.0 } else { energy(&polynomial) / energy(&before) };
            let next = |((place, now), before): ((&f64, &f64), &f64)| place * now - ratio * before;
            let next = places.iter().zip(&polynomial).zip(&before).map(next).collect();
            before = std::mem::replace(&mut polynomial, next);
            factorial *= degree as f64;
        }
        let scale = factorial / energy(&polynomial);
        Self { weights: polynomial.into_iter().map(|value| value * scale).collect() }
    }

    /// Computes a row. Rows shorter than the width stay as they are.
    pub fn fill(&self, row: &[f32], derivative: &mut [f32]) {
        let half = self.weights.len() / 2;
        let neighbourhoods = row.windows(self.weights.len());
        let (mut first, mut last) = (None, None);
        for (values, place) in neighbourhoods.zip(derivative.iter_mut().skip(half)) {
            let sum: f64 =
                values.iter().zip(&self.weights).map(|(&value, weight)| f64::from(value) * weight).sum();
            *place = sum as f32;
            first = first.or(Some(*place));
            last = Some(*place);
        }
        if let (Some(first), Some(last)) = (first, last) {
            derivative.iter_mut().take(half).for_each(|value| *value = first);
            derivative.iter_mut().rev().take(half).for_each(|value| *value = last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Delta;

    fn delta(width: usize, order: usize, row: &[f32]) -> Vec<f32> {
        let mut derivative = vec![f32::NAN; row.len()];
        Delta::new(width, order).fill(row, &mut derivative);
        derivative
    }

    #[test]
    fn the_derivative_of_a_polynomial_is_exact_to_its_ends() {
        let line: Vec<f32> = (0..20).map(|t| 3.0 * t as f32 - 5.0).collect();
        assert!(delta(9, 1, &line).iter().all(|value| (value - 3.0).abs() < 1e-5));
        let parabola: Vec<f32> = (0..20).map(|t| 2.0 * (t * t) as f32 - t as f32).collect();
        assert!(delta(7, 2, &parabola).iter().all(|value| (value - 4.0).abs() < 1e-4));
        let cubic: Vec<f32> = (0..20).map(|t| (t * t * t) as f32).collect();
        assert!(delta(9, 3, &cubic).iter().all(|value| (value - 6.0).abs() < 1e-2));
    }

    /// scipy.signal.savgol_filter([1, 4, 9, 1, 0, 2], 5, 1, deriv=1), which librosa.feature.delta calls.
    #[test]
    fn the_ends_have_the_derivative_of_the_nearest_whole_neighbourhood() {
        let ours = delta(5, 1, &[1.0, 4.0, 9.0, 1.0, 0.0, 2.0]);
        let expected = [-0.5, -0.5, -0.5, -1.3, -1.3, -1.3];
        assert!(ours.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{ours:?}");
    }
}
