use std::sync::LazyLock;

use super::cursor::Cursor;
use super::huffman_tables::{self as tables, Table};

/// Codewords up to this length take one look into a table.
const FIRST_BITS: usize = 10;
/// In an entry: bits to skip, signs included.
const SKIP: u16 = 0x1f;
/// In an entry: one unit for each value that is an escape.
const ESCAPE: u16 = 0x20;

/// A Huffman codebook of the spectrum or of the scale factors, that knows how much to skip after each codeword.
pub(super) struct Codebook {
    /// By the next bits; 0 where the codeword is longer.
    first: Vec<u16>,
    /// By the codeword's rank among all, shortest and then smallest first.
    entries: Vec<u16>,
    /// For each length from 1 bit up: smallest codeword, how many there are, and rank of the smallest.
    lengths: Vec<(u32, u32, u32)>,
    /// Values in a codeword.
    pub(super) dimension: usize,
}

/// Codebook 0 is that of the scale factors, 1 to 11 are those of the spectrum.
static CODEBOOKS: LazyLock<[Codebook; 12]> = LazyLock::new(|| {
    [
        Codebook::new(&tables::SCALE_FACTORS, 1, None),
        Codebook::new(&tables::SPECTRUM_1, 4, None),
        Codebook::new(&tables::SPECTRUM_2, 4, None),
        Codebook::new(&tables::SPECTRUM_3, 4, Some(3)),
        Codebook::new(&tables::SPECTRUM_4, 4, Some(3)),
        Codebook::new(&tables::SPECTRUM_5, 2, None),
        Codebook::new(&tables::SPECTRUM_6, 2, None),
        Codebook::new(&tables::SPECTRUM_7, 2, Some(8)),
        Codebook::new(&tables::SPECTRUM_8, 2, Some(8)),
        Codebook::new(&tables::SPECTRUM_9, 2, Some(13)),
        Codebook::new(&tables::SPECTRUM_10, 2, Some(13)),
        Codebook::new(&tables::SPECTRUM_11, 2, Some(17)),
    ]
});

/// All of them.
pub(super) fn codebooks() -> &'static [Codebook; 12] {
    &CODEBOOKS
}

impl Codebook {
    /// `unsigned` is the number of magnitudes of one value where a sign bit follows for every one that is not zero.
    fn new(table: &Table, dimension: usize, unsigned: Option<u16>) -> Self {
        let mut book = Self {
            first: vec![0; 1 << FIRST_BITS],
            entries: Vec::with_capacity(table.indices.len()),
            lengths: Vec::with_capacity(table.lengths.len()),
            dimension,
        };
        let (mut codeword, mut rank) = (0u32, 0u32);
        for (length, &count) in (1usize..).zip(table.lengths) {
            codeword <<= 1;
            book.lengths.push((codeword, u32::from(count), rank));
            for &index in table.indices.iter().skip(rank as usize).take(usize::from(count)) {
                let entry = length as u16 + unsigned.map_or(0, |modulus| after(index, dimension, modulus));
                book.entries.push(entry);
                if let Some(free) = FIRST_BITS.checked_sub(length) {
                    let from = (codeword as usize) << free;
                    book.first.iter_mut().skip(from).take(1 << free).for_each(|slot| *slot = entry);
                }
                codeword += 1;
                rank += 1;
            }
        }
        book
    }

    /// Goes past `count` codewords with their signs and escapes. `None` at an escape longer than any value.
    #[inline]
    pub(super) fn skip(&self, cursor: &mut Cursor<'_>, count: usize) -> Option<()> {
        for _ in 0..count {
            let bits = cursor.peek();
            let mut entry = self.first.get((bits >> (32 - FIRST_BITS)) as usize).copied().unwrap_or(0);
            if entry == 0 {
                entry = self.long(bits)?;
            }
            cursor.skip(usize::from(entry & SKIP));
            if entry >= ESCAPE {
                for _ in 0..entry / ESCAPE {
                    skip_escape(cursor)?;
                }
            }
        }
        cursor.within()
    }

    fn long(&self, bits: u32) -> Option<u16> {
        let lengths = (1u32..).zip(&self.lengths).skip(FIRST_BITS);
        for (length, &(smallest, count, rank)) in lengths {
            let beyond = (bits >> (32 - length)).wrapping_sub(smallest);
            if beyond < count {
                return self.entries.get((rank + beyond) as usize).copied();
            }
        }
        None
    }
}

/// What follows the codeword of this index: sign bits, and escapes where the largest magnitude stands for one (codebook 11).
fn after(index: u16, dimension: usize, modulus: u16) -> u16 {
    let mut rest = index;
    let mut sum = 0;
    for _ in 0..dimension {
        let value = rest % modulus;
        rest /= modulus;
        sum += u16::from(value != 0) + if value == 16 { ESCAPE } else { 0 };
    }
    sum
}

/// Ones, a zero, and four bits more than there were ones (ISO/IEC 14496-3, 4.6.3.3); a value has 13 bits at most.
fn skip_escape(cursor: &mut Cursor<'_>) -> Option<()> {
    let ones = cursor.peek().leading_ones() as usize;
    cursor.skip(2 * ones + 5);
    (ones <= 8).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sequence_of_bits_is_a_codeword() {
        // Kraft's sum of a complete code is one; a wrong number in a table would break it.
        for book in codebooks() {
            let longest = book.lengths.len();
            let sum: u64 =
                (1usize..).zip(&book.lengths).map(|(n, length)| u64::from(length.1) << (longest - n)).sum();
            assert_eq!(sum, 1 << longest);
        }
    }

    #[test]
    fn codewords_are_followed_by_their_signs_and_escapes() {
        // Codebook 11: (16, 16) is 00100, then two signs and two escapes, here 0 0000 and 10 00000.
        let bits = "00100".to_owned() + "01" + "00000" + "1000000" + "0000";
        let ends = |book: usize, bits: &str| {
            let padded = format!("{bits:0<64}");
            let bytes: Vec<u8> =
                (0..8).map(|n| u8::from_str_radix(&padded[n * 8..n * 8 + 8], 2).expect("bits")).collect();
            let mut cursor = Cursor::new(&bytes);
            codebooks()[book].skip(&mut cursor, 1).map(|()| 64 - cursor.left())
        };
        assert_eq!(ends(11, &bits), Some(5 + 2 + 5 + 7));
        // Codebook 1 has its signs inside: 0 is (0, 0, 0, 0), 10000 is (1, 0, 0, 0) or alike.
        assert_eq!(ends(1, "0"), Some(1));
        assert_eq!(ends(1, "10000"), Some(5));
        // Codebook 3: 16 ones are (2, 0, 2, 2), 1110100 is (1, 1, 1, 1).
        assert_eq!(ends(3, "1111111111111111"), Some(16 + 3));
        assert_eq!(ends(3, "1110100"), Some(7 + 4));
        // Scale factors: the longest codes have 19 bits.
        assert_eq!(ends(0, "1111111111111111111"), Some(19));
    }
}
