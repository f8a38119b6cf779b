use crate::bit_reader::BitReader;
use crate::huffman::{Follow, Huffman};
use crate::huffman_tables::Table;
use crate::quantizer::inverse;

/// A codebook of four lines at a time.
pub(super) struct Quads {
    huffman: Huffman,
    /// Inversely quantised lines by the standard's index, filled up so that no index lies beyond.
    values: Box<[[f32; 4]; 128]>,
}

/// Which of four values the next four bits are the signs of, by `values not zero << 4 | bits`: the first value on top in both.
static SIGNED: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (there, mut bits, mut signs) = (at >> 4, at & 15, 0u8);
        let mut value = 0;
        while value < 4 {
            signs <<= 1;
            if there >> (3 - value) & 1 == 1 {
                signs |= (bits >> 3 & 1) as u8;
                bits <<= 1;
            }
            value += 1;
        }
        table[at] = signs;
        at += 1;
    }
    table
};

/// Sign bits of four floats.
static SIGN_BITS: [[u32; 4]; 16] = {
    let mut table = [[0; 4]; 16];
    let mut at = 0;
    while at < 16 {
        let mut value = 0;
        while value < 4 {
            table[at][value] = ((at as u32) >> (3 - value) & 1) << 31;
            value += 1;
        }
        at += 1;
    }
    table
};

impl Quads {
    /// Values from -1 to 1.
    pub(super) fn signed(table: &Table) -> Self {
        Self { huffman: Huffman::new(table, |_| Follow::default()), values: values(-1) }
    }

    /// Magnitudes from 0 to 2, with a sign behind the codeword for each that is not zero.
    pub(super) fn unsigned(table: &Table) -> Self {
        let huffman = Huffman::new(table, |index| {
            let there = digits(index).iter().fold(0, |bits, &digit| bits << 1 | u8::from(digit != 0));
            Follow { signs: there.count_ones() as u8, extra: there }
        });
        Self { huffman, values: values(0) }
    }

    pub(super) fn read_signed(&self, reader: &mut BitReader<'_>, lines: &mut [f32], gain: f32) {
        self.read(reader, lines, |book, reader| book.next_signed(reader, gain));
    }

    pub(super) fn read_unsigned(&self, reader: &mut BitReader<'_>, lines: &mut [f32], gain: f32) {
        self.read(reader, lines, |book, reader| book.next_unsigned(reader, gain));
    }

    #[inline(always)]
    fn read(
        &self,
        reader: &mut BitReader<'_>,
        lines: &mut [f32],
        next: impl Fn(&Self, &mut BitReader<'_>) -> [f32; 4],
    ) {
        let mut local = *reader;
        let (eights, rest) = lines.as_chunks_mut::<8>();
        for eight in eights {
            local.refill();
            // Two codewords with their signs have 40 bits at most.
            for four in eight.as_chunks_mut::<4>().0 {
                *four = next(self, &mut local);
            }
        }
        if let Some(four) = rest.first_chunk_mut::<4>() {
            local.refill();
            *four = next(self, &mut local);
        }
        *reader = local;
    }

    #[inline(always)]
    fn next_signed(&self, reader: &mut BitReader<'_>, gain: f32) -> [f32; 4] {
        let entry = self.huffman.find(reader.window());
        reader.skip(entry.skip());
        self.values[entry.index() & 127].map(|value| value * gain)
    }

    #[inline(always)]
    fn next_unsigned(&self, reader: &mut BitReader<'_>, gain: f32) -> [f32; 4] {
        let entry = self.huffman.find(reader.window());
        let next = (reader.window() << entry.length() >> 60) as usize;
        reader.skip(entry.skip());
        let signs = SIGN_BITS[usize::from(SIGNED[(entry.extra() as usize & 15) << 4 | next]) & 15];
        let values = &self.values[entry.index() & 127];
        std::array::from_fn(|n| f32::from_bits((values[n] * gain).to_bits() ^ signs[n]))
    }
}

/// The four digits of an index to the base of 3, as ISO/IEC 14496-3, 4.6.3.3 takes it apart.
fn digits(index: u16) -> [u16; 4] {
    [index / 27, index / 9 % 3, index / 3 % 3, index % 3]
}

fn values(least: i32) -> Box<[[f32; 4]; 128]> {
    Box::new(std::array::from_fn(|index| {
        // Indices end at 80.
        let index = if index < 81 { index as u16 } else { 0 };
        digits(index).map(|digit| inverse(f64::from(i32::from(digit) + least)) as f32)
    }))
}
