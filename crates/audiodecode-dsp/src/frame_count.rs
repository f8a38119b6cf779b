/// Where input frame `frame` lies at the output rate: ceil(frame · out / in), exactly.
///
/// Also the length of a resampled signal of `frame` frames, since output frame k lies at input time k · in / out and is
/// kept while that is before the end. A range [a, b) therefore gives the output frames
/// `resampled_frame(a)..resampled_frame(b)`, and consecutive ranges neither overlap nor leave a gap.
/// Saturates at `u64::MAX`; rates of 0 count as 1.
#[must_use]
pub fn resampled_frame(frame: u64, input_rate: u32, output_rate: u32) -> u64 {
    let scaled = u128::from(frame) * u128::from(output_rate.max(1));
    u64::try_from(scaled.div_ceil(u128::from(input_rate.max(1)))).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::resampled_frame;

    #[test]
    fn rounds_up_to_the_last_frame_before_the_end() {
        assert_eq!(resampled_frame(0, 44_100, 16_000), 0);
        assert_eq!(resampled_frame(1, 44_100, 16_000), 1);
        assert_eq!(resampled_frame(441, 44_100, 16_000), 160);
        assert_eq!(resampled_frame(442, 44_100, 16_000), 161);
        assert_eq!(resampled_frame(26_460_000, 44_100, 16_000), 9_600_000);
        assert_eq!(resampled_frame(1, 8_000, 44_100), 6);
    }

    #[test]
    fn is_exact_where_floating_point_is_not() {
        // 2^60 · 3 has no room in u64, and 2^60 + 1 none in f64.
        assert_eq!(resampled_frame((1 << 60) + 1, 16_000, 48_000), 3 * ((1 << 60) + 1));
        assert_eq!(resampled_frame(u64::MAX, 44_100, 44_100), u64::MAX);
        assert_eq!(resampled_frame(u64::MAX, 1, 192_000), u64::MAX);
    }
}
