use std::sync::LazyLock;

use crate::huffman_tables::{
    PairCode, QUADS_A, QUADS_B, TABLE_1, TABLE_2, TABLE_3, TABLE_5, TABLE_6, TABLE_7, TABLE_8, TABLE_9,
    TABLE_10, TABLE_11, TABLE_12, TABLE_13, TABLE_15, TABLE_16, TABLE_24,
};

/// Bits that the first look-up of a pair sees. Longer words are rare enough for a second one.
pub(crate) const FIRST_BITS: u32 = 10;
/// Bits that the second one sees: the longest word has 19.
const SECOND_BITS: u32 = 9;

/// Bits behind the values by which a value of 15 or more is larger, by table (ISO/IEC 11172-3 Table B.7).
pub(crate) const EXTRA_BITS: [u32; 32] =
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13];

/// The codes of all tables, laid out for decoding.
pub(crate) struct Codes {
    pairs: [Box<PairTable>; 15],
    /// By `count1table_select`.
    pub(crate) quads: [Box<QuadTable>; 2],
}

/// One code of pairs. A word's entry holds, from the lowest bit: 6 bits of length with signs, 6 bits without them, x, y (4 bits
/// each), and whether x is not zero.
pub(crate) struct PairTable {
    pub(crate) first: [u32; 1 << FIRST_BITS],
    /// For words that begin alike, by the bits behind the first ones. `first` says where: 31 set, the rest is a place.
    second: Vec<u32>,
}

/// One code of quadruples, signs included: the length in 4 bits, then twice four bits: which are not zero, which are negative.
pub(crate) type QuadTable = [u16; 1 << 10];

const IN_SECOND: u32 = 1 << 31;

pub(crate) static CODES: LazyLock<Codes> = LazyLock::new(|| Codes {
    pairs: [
        pair_table(&TABLE_1),
        pair_table(&TABLE_2),
        pair_table(&TABLE_3),
        pair_table(&TABLE_5),
        pair_table(&TABLE_6),
        pair_table(&TABLE_7),
        pair_table(&TABLE_8),
        pair_table(&TABLE_9),
        pair_table(&TABLE_10),
        pair_table(&TABLE_11),
        pair_table(&TABLE_12),
        pair_table(&TABLE_13),
        pair_table(&TABLE_15),
        pair_table(&TABLE_16),
        pair_table(&TABLE_24),
    ],
    quads: [quad_table(&QUADS_A), quad_table(&QUADS_B)],
});

impl Codes {
    /// The code that `table_select` means; `None` for 0, which codes zeros in no bits, and for 4 and 14, which do not exist.
    pub(crate) fn pair_table(&self, select: usize) -> Option<&PairTable> {
        let at = match select {
            1..=3 => select - 1,
            5..=13 => select - 2,
            15 => 12,
            16..=23 => 13,
            24..=31 => 14,
            _ => return None,
        };
        self.pairs.get(at).map(|table| &**table)
    }
}

impl PairTable {
    /// The entry of the word that these left-aligned bits begin with.
    #[inline(always)]
    pub(crate) fn look_up(&self, bits: u64) -> u32 {
        let entry = self.first[(bits >> (64 - FIRST_BITS)) as usize];
        if entry & IN_SECOND == 0 { entry } else { self.look_up_long(entry, bits) }
    }

    #[cold]
    #[inline(never)]
    fn look_up_long(&self, entry: u32, bits: u64) -> u32 {
        let rest = (bits << FIRST_BITS >> (64 - SECOND_BITS)) as usize;
        self.second.get((entry & !IN_SECOND) as usize + rest).copied().unwrap_or(0)
    }
}

fn pair_table<const COUNT: usize>(code: &PairCode<COUNT>) -> Box<PairTable> {
    let side = COUNT.isqrt();
    let mut table = Box::new(PairTable { first: [0; 1 << FIRST_BITS], second: Vec::new() });
    for (at, (&length, &word)) in code.lengths.iter().zip(&code.words).enumerate() {
        let (length, word) = (u32::from(length), u32::from(word));
        let (x, y) = ((at / side) as u32, (at % side) as u32);
        let signs = u32::from(x > 0) + u32::from(y > 0);
        let entry = (length + signs) | length << 6 | x << 12 | y << 16 | u32::from(x > 0) << 20;
        if length <= FIRST_BITS {
            let start = (word << (FIRST_BITS - length)) as usize;
            table
                .first
                .iter_mut()
                .skip(start)
                .take(1 << (FIRST_BITS - length))
                .for_each(|slot| *slot = entry);
            continue;
        }
        let slot = &mut table.first[(word >> (length - FIRST_BITS)) as usize];
        if *slot & IN_SECOND == 0 {
            *slot = IN_SECOND | table.second.len() as u32;
            table.second.resize(table.second.len() + (1 << SECOND_BITS), 0);
        }
        let free = FIRST_BITS + SECOND_BITS - length;
        let rest = word & ((1 << (length - FIRST_BITS)) - 1);
        let start = ((*slot & !IN_SECOND) + (rest << free)) as usize;
        table.second.iter_mut().skip(start).take(1 << free).for_each(|slot| *slot = entry);
    }
    table
}

fn quad_table(code: &PairCode<16>) -> Box<QuadTable> {
    let mut table = Box::new([0; 1 << 10]);
    for (values, (&length, &word)) in code.lengths.iter().zip(&code.words).enumerate() {
        let count = values.count_ones();
        let free = 10 - u32::from(length) - count;
        for signs in 0..1_u32 << count {
            let start = (((u32::from(word) << count) | signs) << free) as usize;
            let entry =
                (u32::from(length) + count) as u16 | (values as u16) << 4 | spread(signs, values as u32) << 8;
            table.iter_mut().skip(start).take(1 << free).for_each(|slot| *slot = entry);
        }
    }
    table
}

/// Puts sign bits, the first one highest, where the bits of `values` are.
fn spread(signs: u32, values: u32) -> u16 {
    let mut left = values.count_ones();
    let mut result = 0;
    for bit in (0..4).rev() {
        if values >> bit & 1 == 1 {
            left -= 1;
            result |= ((signs >> left & 1) as u16) << bit;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_words<const COUNT: usize>(select: usize, code: &PairCode<COUNT>) {
        let table = CODES.pair_table(select).unwrap();
        let side = COUNT.isqrt();
        for (at, (&length, &word)) in code.lengths.iter().zip(&code.words).enumerate() {
            for rest in [0, u64::MAX] {
                let bits = u64::from(word) << (64 - length) | rest >> length;
                let entry = table.look_up(bits);
                assert_eq!(entry >> 6 & 63, u32::from(length), "table {select}");
                assert_eq!((entry >> 12 & 15, entry >> 16 & 15), ((at / side) as u32, (at % side) as u32));
            }
        }
    }

    #[test]
    fn every_word_is_found_whatever_follows_it() {
        assert_words(1, &TABLE_1);
        assert_words(7, &TABLE_7);
        assert_words(13, &TABLE_13);
        assert_words(15, &TABLE_15);
        assert_words(20, &TABLE_16);
        assert_words(31, &TABLE_24);
    }

    #[test]
    fn every_code_is_complete_so_that_no_bits_are_without_a_word() {
        for select in (0..32).filter(|select| ![0, 4, 14].contains(select)) {
            let table = CODES.pair_table(select).unwrap();
            for bits in 0..1_u64 << 19 {
                assert_ne!(table.look_up(bits << 45) & 63, 0, "table {select}");
            }
        }
        assert!(CODES.quads.iter().all(|table| table.iter().all(|entry| entry & 15 > 0)));
    }

    #[test]
    fn signs_of_quadruples_follow_the_word_in_the_order_of_the_values() {
        // In table A the word of (0, 1, 0, 1) is 000101; a sign for each of both follows.
        let entry = CODES.quads[0][0b00_0101_0100];
        assert_eq!((entry & 15, entry >> 4 & 15, entry >> 8), (8, 0b0101, 0b0001));
    }
}
