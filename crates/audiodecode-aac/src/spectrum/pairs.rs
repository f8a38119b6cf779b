use crate::bit_reader::BitReader;
use crate::huffman::{Follow, Huffman};
use crate::huffman_tables::Table;
use crate::quantizer::{inverse, magnitudes};

/// A codebook of two lines at a time.
pub(super) struct Pairs {
    huffman: Huffman,
    /// Inversely quantised lines by the standard's index, filled up so that no index lies beyond.
    values: Box<[[f32; 2]; 512]>,
    /// All magnitudes, for escapes.
    magnitudes: &'static [f32],
}

/// Set in [`Follow::extra`] when the first value is not zero, so that the second one's sign comes one bit later.
const FIRST_HAS_SIGN: u32 = 1;
/// Set when the first value, or the second one, is written out behind the signs (codebook 11).
const FIRST_ESCAPES: u32 = 2;
const SECOND_ESCAPES: u32 = 4;
/// The magnitude that stands for an escape.
const ESCAPE: u16 = 16;

const SIGN: u32 = 1 << 31;

impl Pairs {
    /// Values from -4 to 4.
    pub(super) fn signed(table: &Table) -> Self {
        Self::new(Huffman::new(table, |_| Follow::default()), 9, -4)
    }

    /// So many magnitudes, with a sign behind the codeword for each that is not zero.
    pub(super) fn unsigned(table: &Table, modulus: u16) -> Self {
        let huffman = Huffman::new(table, |index| {
            let (first, second) = (index / modulus, index % modulus);
            let flag = |set: bool, flag: u32| if set { flag as u8 } else { 0 };
            Follow {
                signs: u8::from(first != 0) + u8::from(second != 0),
                extra: flag(first != 0, FIRST_HAS_SIGN)
                    | flag(first == ESCAPE, FIRST_ESCAPES)
                    | flag(second == ESCAPE, SECOND_ESCAPES),
            }
        });
        Self::new(huffman, modulus, 0)
    }

    fn new(huffman: Huffman, modulus: u16, least: i32) -> Self {
        let values = Box::new(std::array::from_fn(|index| {
            let index = if index < usize::from(modulus * modulus) { index as u16 } else { 0 };
            [index / modulus, index % modulus]
                .map(|digit| inverse(f64::from(i32::from(digit) + least)) as f32)
        }));
        Self { huffman, values, magnitudes: magnitudes() }
    }

    pub(super) fn read_signed(&self, reader: &mut BitReader<'_>, lines: &mut [f32], gain: f32) {
        let mut local = *reader;
        for four in lines.as_chunks_mut::<4>().0 {
            local.refill();
            // Two codewords have 26 bits at most.
            for pair in four.as_chunks_mut::<2>().0 {
                let entry = self.huffman.find(local.window());
                local.skip(entry.skip());
                *pair = self.values[entry.index()].map(|value| value * gain);
            }
        }
        *reader = local;
    }

    pub(super) fn read_unsigned(&self, reader: &mut BitReader<'_>, lines: &mut [f32], gain: f32) {
        let mut local = *reader;
        for four in lines.as_chunks_mut::<4>().0 {
            local.refill();
            // Two codewords with their signs have 34 bits at most.
            for pair in four.as_chunks_mut::<2>().0 {
                let entry = self.huffman.find(local.window());
                *pair = signed(self.values[entry.index()], gain, signs(local, entry.length(), entry.extra()));
                local.skip(entry.skip());
            }
        }
        *reader = local;
    }

    pub(super) fn read_escaped(
        &self,
        reader: &mut BitReader<'_>,
        lines: &mut [f32],
        gain: f32,
    ) -> Result<(), &'static str> {
        let mut local = *reader;
        for pair in lines.as_chunks_mut::<2>().0 {
            local.refill();
            let entry = self.huffman.find(local.window());
            let signs = signs(local, entry.length(), entry.extra());
            local.skip(entry.skip());
            let mut values = self.values[entry.index()];
            if entry.extra() > FIRST_HAS_SIGN {
                self.read_escapes(&mut local, entry.extra(), &mut values)?;
            }
            *pair = signed(values, gain, signs);
        }
        *reader = local;
        Ok(())
    }

    /// Ones, a zero, and four bits more than there were ones: what is to be added to the highest of that many bits
    /// (ISO/IEC 14496-3, 4.6.3.3).
    #[inline(never)]
    fn read_escapes(
        &self,
        reader: &mut BitReader<'_>,
        extra: u32,
        values: &mut [f32; 2],
    ) -> Result<(), &'static str> {
        reader.refill();
        for (value, flag) in values.iter_mut().zip([FIRST_ESCAPES, SECOND_ESCAPES]) {
            if extra & flag == 0 {
                continue;
            }
            let bits = reader.window().leading_ones() + 4;
            // Two escapes of 21 bits are in the window.
            if bits > 12 {
                return Err("a value is out of range");
            }
            reader.skip(bits - 3);
            let magnitude = 1 << bits | reader.window() >> (64 - bits);
            reader.skip(bits);
            *value = self.magnitudes.get(magnitude as usize).copied().unwrap_or_default();
        }
        Ok(())
    }
}

/// The sign bits of both values; where a value is zero, whatever comes there.
#[inline(always)]
fn signs(reader: BitReader<'_>, length: u32, extra: u32) -> [u32; 2] {
    let first = reader.window() << length;
    let second = first << (extra & FIRST_HAS_SIGN);
    [(first >> 32) as u32 & SIGN, (second >> 32) as u32 & SIGN]
}

#[inline(always)]
fn signed(values: [f32; 2], gain: f32, signs: [u32; 2]) -> [f32; 2] {
    [0, 1].map(|n| f32::from_bits((values[n] * gain).to_bits() ^ signs[n]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::huffman_tables::SPECTRUM_11;
    use crate::quantizer::LARGEST;

    /// Reads two lines of a gain of 0.5 by codebook 11.
    fn read(bits: &str) -> Result<[f32; 2], &'static str> {
        let padded = format!("{bits:0<64}");
        let bytes: Vec<u8> =
            (0..8).map(|n| u8::from_str_radix(&padded[n * 8..n * 8 + 8], 2).expect("bits")).collect();
        let (mut reader, mut lines) = (BitReader::new(&bytes), [0.0; 2]);
        Pairs::unsigned(&SPECTRUM_11, 17).read_escaped(&mut reader, &mut lines, 0.5)?;
        assert_eq!(reader.left(), 64 - bits.replace(' ', "").len() as i64);
        Ok(lines)
    }

    #[test]
    fn escapes_reach_as_far_as_thirteen_bits_and_no_further() {
        let line = |x: f64| inverse(x) as f32 * 0.5;
        // The codeword of (16, 16), two signs, and 16 and 32.
        assert_eq!(read("0010001000001000000"), Ok([line(16.0), line(-32.0)]));
        let longest = "11111111".to_owned() + "0" + "111111111111";
        assert_eq!(read(&format!("0010010{longest}00101")), Ok([line(-(LARGEST as f64)), line(21.0)]));
        let too_long = "111111111".to_owned() + "0" + "0000000000000";
        assert!(read(&format!("0010010{too_long}00101")).is_err());
        assert!(read(&format!("001001000101{too_long}")).is_err());
    }
}
