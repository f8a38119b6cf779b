use std::f32::consts::LN_2;

use super::mel::{LANES, Lanes};

/// Powers in decibels, as librosa's `power_to_db` gives them.
#[derive(Clone, Copy, Debug)]
pub struct Decibels {
    amin: f32,
    reference: f32,
}

/// Decibels of a power by a factor of e.
const PER_NEPER: f32 = 10.0 / std::f32::consts::LN_10;

impl Decibels {
    /// Above `reference`, and of no less than `amin`.
    pub fn new(reference: f64, amin: f64) -> Self {
        // Denormal numbers have no exponent of their own.
        let least = (amin as f32).max(f32::MIN_POSITIVE);
        Self { amin: least, reference: (10.0 * amin.max(reference.abs()).log10()) as f32 }
    }

    /// Bounds values from below.
    pub fn bound(values: &mut [f32], floor: f32) {
        values.iter_mut().for_each(|value| *value = value.max(floor));
    }

    #[inline(always)]
    pub(super) fn convert(&self, powers: &mut Lanes) {
        for power in powers.iter_mut() {
            // Not `max`, which looks for NaN: there is none.
            *power = if *power > self.amin { *power } else { self.amin };
        }
        let logarithms = natural_logarithms(powers);
        for (power, logarithm) in powers.iter_mut().zip(logarithms) {
            *power = PER_NEPER * logarithm - self.reference;
        }
    }
}

/// Natural logarithms of normal positive numbers, side by side, to about an ulp: the polynomial of Cephes' `logf` (Moshier).
#[inline(always)]
fn natural_logarithms(values: &Lanes) -> Lanes {
    const POLYNOMIAL: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    /// The first bits of the logarithm of 2, whose multiples are exact, and the rest.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    /// The bits of √½.
    const SQRT_HALF: u32 = 0x3f35_04f3;
    const { assert!((LN_2_HIGH + LN_2_LOW - LN_2).abs() < 1e-7) };
    // Step by step for all, which compilers make vectors of.
    let bits = values.map(|value| value.to_bits().wrapping_sub(SQRT_HALF) as i32);
    let exponents = bits.map(|bits| (bits >> 23) as f32);
    // Mantissas between √½ and √2, so that they are near 1.
    let rests = bits.map(|bits| f32::from_bits((bits as u32 & 0x007f_ffff) + SQRT_HALF) - 1.0);
    let mut sums = [0.0; LANES];
    for coefficient in POLYNOMIAL {
        sums = std::array::from_fn(|lane| sums[lane] * rests[lane] + coefficient);
    }
    std::array::from_fn(|lane| {
        let (rest, exponent) = (rests[lane], exponents[lane]);
        let square = rest * rest;
        rest + (sums[lane] * rest * square + exponent * LN_2_LOW - 0.5 * square) + exponent * LN_2_HIGH
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_from_the_smallest_to_the_largest_number() {
        let mut value = f32::MIN_POSITIVE;
        while value < f32::MAX / 1.01 {
            let [ours, ..] = natural_logarithms(&[value; LANES]);
            let exact = f64::from(value).ln();
            assert!(
                (f64::from(ours) - exact).abs() <= 1.2e-7 * exact.abs().max(0.5),
                "{value}: {ours} {exact}"
            );
            value *= 1.003;
        }
        assert_eq!(natural_logarithms(&[1.0; LANES]), [0.0; LANES]);
        assert!(natural_logarithms(&[f32::MAX; LANES])[0] > 88.7);
    }

    #[test]
    fn powers_are_told_from_the_reference_and_not_below_the_least() {
        let mut powers = [1.0, 10.0, 100.0, 1e-9, 1e-10, 1e-11, 0.0, 0.5];
        Decibels::new(10.0, 1e-10).convert(&mut powers);
        let expected = [-10.0, 0.0, 10.0, -100.0, -110.0, -110.0, -110.0, -13.010_3];
        assert!(powers.iter().zip(expected).all(|(ours, right)| (ours - right).abs() < 2e-5), "{powers:?}");
    }
}
