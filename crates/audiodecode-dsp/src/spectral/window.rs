use std::f64::consts::TAU;

/// A periodic Hann window of `length` samples in the middle of a frame, zeros around it, as librosa and SciPy have it
/// (`get_window('hann', length, fftbins=True)`). Longer than the frame it is cut to it.
pub(super) fn hann(length: usize, frame: usize) -> Vec<f64> {
    let length = length.min(frame);
    let before = (frame - length) / 2;
    let mut window = vec![0.0; frame];
    for (sample, place) in window.iter_mut().skip(before).take(length).enumerate() {
        *place = 0.5 - 0.5 * (TAU * sample as f64 / length as f64).cos();
    }
    // A window of one sample is that sample.
    if length == 1 {
        window.iter_mut().skip(before).take(1).for_each(|sample| *sample = 1.0);
    }
    window
}

#[cfg(test)]
mod tests {
    use super::hann;

    fn rounded(length: usize, frame: usize) -> Vec<f64> {
        hann(length, frame).iter().map(|value| (value * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn it_begins_with_zero_and_would_end_with_zero_one_sample_later() {
        assert_eq!(rounded(4, 4), [0.0, 0.5, 1.0, 0.5]);
        assert_eq!(rounded(5, 5), [0.0, 0.345_492, 0.904_508, 0.904_508, 0.345_492]);
        assert_eq!(rounded(1, 1), [1.0]);
    }

    #[test]
    fn a_short_window_lies_in_the_middle_of_the_frame() {
        assert_eq!(rounded(4, 8), [0.0, 0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 0.0]);
        assert_eq!(rounded(2, 5), [0.0, 0.0, 1.0, 0.0, 0.0]);
    }
}
