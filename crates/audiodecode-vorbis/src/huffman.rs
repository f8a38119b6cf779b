use crate::bits::BitReader;
use crate::error::HeaderError;
use crate::limits::Limits;

/// Finds which codeword comes next: by its first bits in one table, by some more in a second one, and only the longest ones by
/// a search.
#[derive(Debug)]
pub(crate) struct Huffman {
    /// The first table, and behind it the second ones.
    slots: Vec<Slot>,
    mask: u64,
    first_bits: u32,
    longest: u32,
    /// Codewords too long for both tables, in order, with length and symbol.
    long: Vec<(u32, u8, u32)>,
}

/// The length in the low 6 bits, and the symbol above. Lengths from `LINK` on lead to a second table of that many bits less
/// `LINK`, whose place is where the symbol would be.
type Slot = u32;

const FIRST_BITS: u32 = 10;
const SECOND_BITS: u32 = 10;
const LINK: u32 = 32;
/// The codeword has to be searched.
const SEARCH: Slot = 63;
const LENGTH_MASK: u32 = 63;

impl Huffman {
    /// For codewords as [`crate::codewords::assign_codewords`] gives them, with lengths and symbols.
    pub(crate) fn new(codewords: &[(u32, u8, u32)], limits: &mut Limits) -> Result<Self, HeaderError> {
        let longest = codewords.iter().map(|codeword| u32::from(codeword.1)).max().unwrap_or(0);
        let first_bits = longest.clamp(1, FIRST_BITS);
        let first_size = 1usize << first_bits;
        limits.take_slots(first_size as u64)?;
        let mut slots = vec![SEARCH; first_size];
        let mut depths = vec![0u32; first_size];
        for &(code, length, _) in codewords {
            let prefix = (code.reverse_bits() as usize) & (first_size - 1);
            if let Some(depth) = depths.get_mut(prefix) {
                *depth = (*depth).max(u32::from(length));
            }
        }
        for (prefix, &depth) in depths.iter().enumerate() {
            if depth > first_bits {
                let bits = (depth - first_bits).min(SECOND_BITS);
                limits.take_slots(1 << bits)?;
                slots[prefix] = (slots.len() as u32) << 6 | (LINK + bits);
                slots.resize(slots.len() + (1 << bits), SEARCH);
            }
        }
        let mut long = Vec::new();
        for &(code, length, symbol) in codewords {
            let (bits, length_bits) = (code.reverse_bits() as usize, u32::from(length));
            let slot = symbol << 6 | length_bits;
            if length_bits <= first_bits {
                slots[..first_size].iter_mut().skip(bits).step_by(1 << length_bits).for_each(|s| *s = slot);
                continue;
            }
            let link = slots[bits & (first_size - 1)];
            let (at, table_bits) = ((link >> 6) as usize, (link & LENGTH_MASK) - LINK);
            if length_bits > first_bits + table_bits {
                long.push((code, length, symbol));
                continue;
            }
            let table = &mut slots[at..at + (1 << table_bits)];
            let rest = table.iter_mut().skip(bits >> first_bits);
            rest.step_by(1 << (length_bits - first_bits)).for_each(|s| *s = slot);
        }
        if let [(_, 1, symbol)] = codewords {
            // The only entry of a book has both bits (errata of 2015).
            slots.fill(symbol << 6 | 1);
        }
        long.sort_unstable();
        Ok(Self { slots, mask: first_size as u64 - 1, first_bits, longest, long })
    }

    /// The symbol of the next codeword; `None` at the end of the packet.
    #[inline(always)]
    pub(crate) fn read(&self, bits: &mut BitReader<'_>) -> Option<u32> {
        bits.fill();
        self.read_ready(bits)
    }

    /// Whether four codewords never take more bits than are ready after [`BitReader::fill_up`].
    pub(crate) fn four_fit(&self) -> bool {
        self.longest <= 14
    }

    /// The same when the bits are ready.
    #[inline(always)]
    pub(crate) fn read_ready(&self, bits: &mut BitReader<'_>) -> Option<u32> {
        let mut slot = *self.slots.get((bits.peek() & self.mask) as usize)?;
        if slot & LENGTH_MASK > LINK {
            slot = self.find_long(slot, bits.peek())?;
        }
        bits.consume(slot & LENGTH_MASK);
        if bits.ended() { None } else { Some(slot >> 6) }
    }

    #[inline]
    fn find_long(&self, link: Slot, next: u64) -> Option<Slot> {
        if link != SEARCH {
            let within = next >> self.first_bits & ((1 << ((link & LENGTH_MASK) - LINK)) - 1);
            let slot = *self.slots.get((link >> 6) as usize + within as usize)?;
            if slot != SEARCH {
                return Some(slot);
            }
        }
        self.search(next)
    }

    #[cold]
    #[inline(never)]
    fn search(&self, next: u64) -> Option<Slot> {
        let next = (next as u32).reverse_bits();
        let behind = self.long.partition_point(|&(code, ..)| code <= next);
        let (code, length, symbol) = *self.long.get(behind.checked_sub(1)?)?;
        (u64::from(next ^ code) >> (32 - u32::from(length)) == 0).then_some(symbol << 6 | u32::from(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codewords::assign_codewords;

    fn huffman(lengths: &[u8]) -> (Huffman, Vec<(u32, u8, u32)>) {
        let codes = assign_codewords(lengths).expect("codewords");
        let codewords: Vec<_> = codes
            .iter()
            .zip(lengths)
            .zip(0..)
            .map(|((&code, &length), symbol)| (code, length, symbol))
            .collect();
        (Huffman::new(&codewords, &mut Limits::default()).expect("tables"), codewords)
    }

    /// Packs codewords, their first bit first.
    fn pack(codewords: &[(u32, u8, u32)]) -> Vec<u8> {
        let bits: Vec<u8> = codewords
            .iter()
            .flat_map(|&(code, length, _)| (0..length).map(move |bit| (code >> (31 - bit) & 1) as u8))
            .collect();
        bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |value, bit| value << 1 | bit)).collect()
    }

    #[test]
    fn codewords_of_every_length_are_read_back() {
        let comb: Vec<u8> = (1..=32).chain([32]).collect();
        let flat = vec![12; 4096];
        let mixed: Vec<u8> =
            [vec![2; 3], vec![11; 256], vec![14; 512], vec![24; 1 << 10], vec![17; 4094]].concat();
        // What is left of the unit interval, at the longest length.
        let used: f64 = mixed.iter().map(|&length| 0.5f64.powi(i32::from(length))).sum();
        let mixed = [mixed, vec![24; ((1.0 - used) * f64::from(1 << 24)) as usize]].concat();
        for lengths in [vec![1, 1], vec![2, 4, 4, 4, 4, 2, 3, 3], comb, flat, mixed] {
            let (huffman, mut codewords) = huffman(&lengths);
            // By turns from both ends.
            let count = codewords.len();
            (0..count / 2).step_by(2).for_each(|index| codewords.swap(index, count - 1 - index));
            codewords.truncate(20_000);
            let bytes = pack(&codewords);
            let mut bits = BitReader::new(&bytes);
            for &(code, length, symbol) in &codewords {
                assert_eq!(huffman.read(&mut bits), Some(symbol), "{code:032b} of {length}");
            }
            assert!(bits.left() < 8);
        }
    }

    #[test]
    fn a_codeword_cut_off_is_the_end() {
        let (huffman, codewords) = huffman(&[vec![1], vec![12; 2048]].concat());
        let bytes = pack(&codewords[2000..2002]);
        let mut bits = BitReader::new(&bytes[..2]);
        assert_eq!((huffman.read(&mut bits), huffman.read(&mut bits)), (Some(2000), None));
        assert_eq!(huffman.read(&mut bits), None);
    }

    #[test]
    fn both_bits_stand_for_a_single_entry_and_none_for_no_entry() {
        let (single, _) = huffman(&[1]);
        let mut bits = BitReader::new(&[0b10]);
        assert_eq!([single.read(&mut bits), single.read(&mut bits)], [Some(0), Some(0)]);
        assert_eq!(bits.left(), 6);
        let (empty, _) = huffman(&[]);
        assert_eq!(empty.read(&mut BitReader::new(&[0, 0, 0, 0, 0])), None);
    }

    #[test]
    fn tables_beyond_reason_are_refused() {
        // Under each of 512 prefixes of nine bits hangs a comb down to the longest codewords.
        let lengths: Vec<u8> = (0..1024).flat_map(|_| (11..=31).chain([31])).collect();
        let codes = assign_codewords(&lengths).expect("codewords");
        let codewords: Vec<_> =
            codes.iter().zip(&lengths).map(|(&code, &length)| (code, length, 0)).collect();
        let mut limits = Limits::default();
        let made: Vec<_> = (0..8).map(|_| Huffman::new(&codewords, &mut limits).map(drop)).collect();
        assert!(made[0].is_ok() && made[7].is_err());
    }
}
