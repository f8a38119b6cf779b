/// Left and right from magnitude and angle, in place (4.3.5).
pub(crate) fn uncouple(magnitudes: &mut [f32], angles: &mut [f32]) {
    for (magnitude, angle) in magnitudes.iter_mut().zip(angles) {
        (*magnitude, *angle) = uncoupled(*magnitude, *angle);
    }
}

/// The four cases of the specification without a branch: the angle counts with the magnitude's sign, and a positive one is taken
/// from the second channel, a negative one from the first.
#[inline(always)]
pub(crate) fn uncoupled(magnitude: f32, angle: f32) -> (f32, f32) {
    let flip = if magnitude > 0.0 { 0 } else { 0x8000_0000 };
    let signed = |value: f32| f32::from_bits(value.to_bits() ^ flip);
    let (positive, negative) = if angle > 0.0 { (angle, 0.0) } else { (0.0, angle) };
    (magnitude + signed(negative), magnitude - signed(positive))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_signs_give_what_the_specification_says() {
        for magnitude in [-2.5f32, -1.0, -0.0, 0.0, 1.0, 3.0] {
            for angle in [-4.0f32, -1.0, -0.0, 0.0, 0.5, 2.0] {
                let expected = match (magnitude > 0.0, angle > 0.0) {
                    (true, true) => (magnitude, magnitude - angle),
                    (true, false) => (magnitude + angle, magnitude),
                    (false, true) => (magnitude, magnitude + angle),
                    (false, false) => (magnitude - angle, magnitude),
                };
                assert_eq!(uncoupled(magnitude, angle), expected, "{magnitude}, {angle}");
            }
        }
    }
}
