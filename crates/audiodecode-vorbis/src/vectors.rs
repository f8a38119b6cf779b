use crate::bits::BitReader;
use crate::error::HeaderError;
use crate::limits::Limits;

/// Greatest number in a codebook's vectors. Real ones stay below 2¹⁵ or so; with this, floors below 2²⁰, couplings 32 deep, eight
/// stages of a residue and the transform, no sample leaves the range of single precision.
const MOST: f32 = (1u64 << 50) as f32;

/// Multiplicands of a codebook's vectors (3.2.1) and how to make numbers of them.
#[derive(Debug)]
pub(crate) struct Vectors {
    multiplicands: Vec<u16>,
    minimum: f32,
    delta: f32,
    /// Each number is the difference to the one before.
    sequence: bool,
    /// For the lattice of lookup type 1, how many values there are in a dimension.
    lattice: Option<usize>,
    dimensions: usize,
}

impl Vectors {
    /// Reads them; `None` for a book without.
    pub(crate) fn read(
        bits: &mut BitReader<'_>,
        entries: usize,
        dimensions: usize,
        limits: &mut Limits,
    ) -> Result<Option<Self>, HeaderError> {
        let lookup = bits.read(4)?;
        if lookup == 0 {
            return Ok(None);
        }
        let (minimum, delta) = (unpack_float(bits.read(32)?), unpack_float(bits.read(32)?));
        let value_bits = bits.read(4)? + 1;
        let sequence = bits.flag()?;
        let all = entries as u64 * dimensions as u64;
        let (count, lattice) = match lookup {
            1 => {
                let side = lookup1_values(entries as u64, dimensions);
                (side, Some(side as usize))
            }
            2 => (all, None),
            _ => return Err(HeaderError::Invalid("a Vorbis codebook has an unknown kind of vectors")),
        };
        if bits.left() < count.saturating_mul(u64::from(value_bits)) {
            return Err(HeaderError::Truncated);
        }
        limits.take_values(all)?;
        let multiplicands =
            (0..count).map(|_| bits.read(value_bits).map(|value| value as u16)).collect::<Result<_, _>>()?;
        Ok(Some(Self { multiplicands, minimum, delta, sequence, lattice, dimensions }))
    }

    /// Appends the vector of an entry.
    pub(crate) fn append(&self, entry: usize, out: &mut Vec<f32>) {
        let (mut last, mut rest) = (0.0, entry);
        for dimension in 0..self.dimensions {
            let index = match self.lattice {
                Some(side) => {
                    let digit = rest % side.max(1);
                    rest /= side.max(1);
                    digit
                }
                None => entry * self.dimensions + dimension,
            };
            let multiplicand = self.multiplicands.get(index).copied().unwrap_or(0);
            let value = (f32::from(multiplicand) * self.delta + self.minimum + last).clamp(-MOST, MOST);
            if self.sequence {
                last = value;
            }
            out.push(value);
        }
    }
}

/// A number as headers pack it: mantissa, exponent and sign (9.2.2).
fn unpack_float(packed: u32) -> f32 {
    let (mantissa, exponent) = (f64::from(packed & 0x1f_ffff), (packed >> 21 & 0x3ff) as i32);
    let value = ((mantissa * 2f64.powi(exponent - 788)) as f32).min(MOST);
    if packed >> 31 != 0 { -value } else { value }
}

/// The greatest number whose power of so many dimensions is no more than the entries (9.2.3).
fn lookup1_values(entries: u64, dimensions: usize) -> u64 {
    let fits = |side: u64| {
        let power = (0..dimensions)
            .try_fold(1u64, |power, _| power.checked_mul(side).filter(|&power| power <= entries));
        power.is_some()
    };
    // Halving the interval that it lies in; 0 to any power fits.
    let (mut low, mut high) = (0, entries + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_of_the_lattice_is_the_greatest_that_fits() {
        for entries in 0..700u64 {
            for dimensions in 1..9usize {
                let side = lookup1_values(entries, dimensions);
                assert!(
                    side.pow(dimensions as u32) <= entries && (side + 1).pow(dimensions as u32) > entries
                );
            }
        }
        assert_eq!([lookup1_values(6561, 8), lookup1_values(6560, 8), lookup1_values(1, 65_535)], [3, 2, 1]);
    }

    #[test]
    fn packed_floats_have_mantissa_exponent_and_sign() {
        assert_eq!(unpack_float(788 << 21 | 5), 5.0);
        assert_eq!(unpack_float(1 << 31 | 787 << 21 | 5), -2.5);
        assert_eq!(unpack_float(768 << 21 | 0x10_0000), 1.0);
    }

    #[test]
    fn a_lattice_counts_its_first_dimension_fastest() {
        let lattice = |sequence| Vectors {
            multiplicands: vec![0, 1, 3],
            minimum: -1.0,
            delta: 2.0,
            sequence,
            lattice: Some(3),
            dimensions: 2,
        };
        let mut out = Vec::new();
        lattice(false).append(5, &mut out);
        lattice(true).append(5, &mut out);
        assert_eq!(out, [5.0, 1.0, 5.0, 6.0]);
    }

    #[test]
    fn numbers_beyond_reason_stay_finite_and_so_do_their_sums() {
        let most = (1u64 << 50) as f32;
        assert_eq!([unpack_float(1023 << 21 | 1), unpack_float(u32::MAX)], [most, -most]);
        let vectors = Vectors {
            multiplicands: vec![0, 65_535],
            minimum: -most,
            delta: most,
            sequence: true,
            lattice: None,
            dimensions: 2,
        };
        let mut out = Vec::new();
        vectors.append(0, &mut out);
        assert_eq!(out, [-most, most]);
    }

    #[test]
    fn listed_vectors_are_those_of_their_entry() {
        let list = Vectors {
            multiplicands: vec![0, 1, 2, 3, 4, 5],
            minimum: 0.5,
            delta: 1.0,
            sequence: false,
            lattice: None,
            dimensions: 2,
        };
        let mut out = Vec::new();
        list.append(2, &mut out);
        assert_eq!(out, [4.5, 5.5]);
    }
}
