use crate::huffman_tables::Table;

/// Codewords up to this length take one look into a table. Longer ones are rare by construction, and small tables stay in the
/// nearest cache.
const FIRST_BITS: u32 = 9;

/// What a codeword stands for, and how much there is to skip.
///
/// Five bits each of what to skip (signs included) and of the codeword's own length, then nine bits of the standard's index, then
/// what the codebook wants to know. Nothing to skip marks an entry that leads to a second table: the next five bits are how
/// many bits to look that up by, the rest is where it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry(u32);

impl Entry {
    fn new(length: u32, index: u16, follow: Follow) -> Self {
        let signs = u32::from(follow.signs);
        Self((length + signs) | length << 5 | u32::from(index) << 10 | u32::from(follow.extra) << 19)
    }

    /// Bits of the codeword and the signs behind it.
    #[inline(always)]
    pub(crate) fn skip(self) -> u32 {
        self.0 & 31
    }

    /// Bits of the codeword.
    #[inline(always)]
    pub(crate) fn length(self) -> u32 {
        self.0 >> 5 & 31
    }

    /// The standard's index.
    #[inline(always)]
    pub(crate) fn index(self) -> usize {
        (self.0 >> 10 & 511) as usize
    }

    /// What [`Follow::extra`] was.
    #[inline(always)]
    pub(crate) fn extra(self) -> u32 {
        self.0 >> 19
    }
}

/// What a codebook's owner knows about an index.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Follow {
    /// Sign bits behind the codeword.
    pub(crate) signs: u8,
    /// Anything.
    pub(crate) extra: u8,
}

/// A Huffman codebook that is looked up by the bits to come.
#[derive(Debug)]
pub(crate) struct Huffman {
    first: Box<[Entry; 1 << FIRST_BITS]>,
    second: Vec<Entry>,
}

impl Huffman {
    /// A codebook of the standard; `follow` tells what comes with each index.
    pub(crate) fn new(table: &Table, follow: impl Fn(u16) -> Follow) -> Self {
        let codewords = codewords(table);
        let mut book = Self { first: Box::new([Entry::default(); 1 << FIRST_BITS]), second: Vec::new() };
        // Longest codeword behind each beginning, so that a second table is made once and large enough.
        let mut longest = [0; 1 << FIRST_BITS];
        for &(codeword, length, _) in &codewords {
            if length > FIRST_BITS {
                longest[(codeword >> (length - FIRST_BITS)) as usize] = length - FIRST_BITS;
            }
        }
        for (codeword, length, index) in codewords {
            let entry = Entry::new(length, index, follow(index));
            let (slots, at, width) = if length <= FIRST_BITS {
                (&mut book.first[..], codeword, FIRST_BITS - length)
            } else {
                let rest = length - FIRST_BITS;
                let begin = (codeword >> rest) as usize;
                let bits = longest[begin];
                if book.first[begin] == Entry::default() {
                    book.first[begin] = Entry(bits << 5 | (book.second.len() as u32) << 10);
                    book.second.resize(book.second.len() + (1 << bits), Entry::default());
                }
                let from = (book.first[begin].0 >> 10) as usize;
                (&mut book.second[from..], codeword & ((1 << rest) - 1), bits - rest)
            };
            slots[(at as usize) << width..][..1 << width].fill(entry);
        }
        book
    }

    /// The entry of the codeword that the window, of which at least 19 bits are valid, begins with.
    #[inline(always)]
    pub(crate) fn find(&self, window: u64) -> Entry {
        let entry = self.first[(window >> (64 - FIRST_BITS)) as usize];
        if entry.skip() == 0 { self.find_long(window, entry) } else { entry }
    }

    #[inline(never)]
    fn find_long(&self, window: u64, entry: Entry) -> Entry {
        let rest = (window << FIRST_BITS >> 1) >> (63 - entry.length());
        self.second.get((entry.0 >> 10) as usize + rest as usize).copied().unwrap_or_default()
    }
}

/// Codeword, length and index, shortest and then smallest codeword first.
fn codewords(table: &Table) -> Vec<(u32, u32, u16)> {
    let mut codeword = 0u32;
    let mut indices = table.indices.iter();
    let mut found = Vec::with_capacity(table.indices.len());
    for (length, &count) in (1u32..).zip(table.lengths) {
        codeword <<= 1;
        for &index in indices.by_ref().take(usize::from(count)) {
            found.push((codeword, length, index));
            codeword += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::huffman_tables as tables;

    const ALL: [&Table; 12] = [
        &tables::SCALE_FACTORS,
        &tables::SPECTRUM_1,
        &tables::SPECTRUM_2,
        &tables::SPECTRUM_3,
        &tables::SPECTRUM_4,
        &tables::SPECTRUM_5,
        &tables::SPECTRUM_6,
        &tables::SPECTRUM_7,
        &tables::SPECTRUM_8,
        &tables::SPECTRUM_9,
        &tables::SPECTRUM_10,
        &tables::SPECTRUM_11,
    ];

    #[test]
    fn every_sequence_of_bits_is_a_codeword() {
        // Kraft's sum of a complete code is one; a wrong number in a table would break it.
        for table in ALL {
            let sum: u32 = codewords(table).iter().map(|&(_, length, _)| 1 << (19 - length)).sum();
            assert_eq!(sum, 1 << 19);
        }
    }

    #[test]
    fn every_index_is_there_once() {
        for table in ALL {
            let mut indices = table.indices.to_vec();
            indices.sort_unstable();
            assert!(indices.iter().copied().eq(0..table.indices.len() as u16));
        }
    }

    #[test]
    fn every_codeword_is_found_whatever_comes_behind_it() {
        for table in ALL {
            let book =
                Huffman::new(table, |index| Follow { signs: (index % 5) as u8, extra: (index % 31) as u8 });
            for (codeword, length, index) in codewords(table) {
                for behind in [0, u64::MAX, 0x5555_5555_5555_5555] {
                    let entry = book.find(u64::from(codeword) << (64 - length) | behind >> length);
                    assert_eq!((entry.length(), entry.index()), (length, usize::from(index)));
                    assert_eq!(entry.skip(), length + u32::from(index % 5));
                    assert_eq!(entry.extra(), u32::from(index % 31));
                }
            }
        }
    }
}
