use std::ops::Range;
use std::sync::LazyLock;

use audiodecode_widest::widest;

use crate::band_layout::{BandLayout, LINES};
use crate::bit_reader::BitReader;
use crate::huffman::{CODES, EXTRA_BITS, PairTable};
use crate::side_info::ChannelInfo;

/// The largest value: 15 and 13 extra bits.
const LARGEST: usize = 15 + (1 << 13) - 1;

/// n^(4/3), the standard's quantiser (ISO/IEC 11172-3 §2.4.3.4).
static POWERS: LazyLock<Box<[f32; LARGEST + 1]>> = LazyLock::new(|| {
    let mut powers = Box::new([0.0; LARGEST + 1]);
    for (value, power) in powers.iter_mut().enumerate() {
        *power = (value as f64).powf(4.0 / 3.0) as f32;
    }
    powers
});

/// Lines of one granule of one channel, in order of frequency or, in short blocks, in the order in which they are coded.
pub(crate) type Spectrum = [f32; LINES];

widest! {
    /// Decodes the lines behind the scale factors, up to `end` in bits, and returns how many there are; zeros are behind them. Those
    /// from line `most` on, an even number, are left out.
    ///
    /// Bits that contradict `end` give some lines or other, never more than there are.
    pub(crate) fn decode_spectrum(
        reader: &mut BitReader<'_>,
        info: &ChannelInfo,
        end: usize,
        gains: &[f32],
        layout: &BandLayout,
        most: usize,
        lines: &mut Spectrum,
    ) -> usize {
        any: decode_spectrum_by, avx2: decode_spectrum_by
    }
}

#[inline(always)]
fn decode_spectrum_by(
    reader: &mut BitReader<'_>,
    info: &ChannelInfo,
    end: usize,
    gains: &[f32],
    layout: &BandLayout,
    most: usize,
    lines: &mut Spectrum,
) -> usize {
    let mut start = 0;
    let pair_lines = info.pair_lines.min(most);
    for (region, table) in info.tables.into_iter().enumerate() {
        let stop = info.region_ends.get(region).copied().unwrap_or(LINES).min(pair_lines);
        if start < stop
            && let Some(lines) = lines.get_mut(start..stop)
        {
            decode_pairs(reader, table, lines);
            start = stop;
        }
    }
    let count = decode_quads(reader, info.quads_b, end, lines, start..most);
    if let Some(rest) = lines.get_mut(count..) {
        rest.fill(0.0);
    }
    scale(lines, count, gains, layout);
    count
}

#[inline(always)]
fn decode_pairs(reader: &mut BitReader<'_>, select: usize, lines: &mut [f32]) {
    let Some(table) = CODES.pair_table(select) else {
        lines.fill(0.0);
        return;
    };
    let extra = EXTRA_BITS.get(select).copied().unwrap_or(0);
    if extra > 0 {
        return decode_large_pairs(reader, table, extra, lines);
    }
    let powers: &[f32; 16] = POWERS.first_chunk().unwrap_or(&[0.0; 16]);
    // A word has at most 19 bits and 2 signs: two of them fit into what is valid after one refill.
    let (twice, once) = lines.as_chunks_mut::<4>();
    let mut local = *reader;
    for [a, b, c, d] in twice {
        local.refill();
        [*a, *b] = pair(&mut local, table, powers);
        [*c, *d] = pair(&mut local, table, powers);
    }
    if let [a, b, ..] = once {
        local.refill();
        [*a, *b] = pair(&mut local, table, powers);
    }
    *reader = local;
}

#[inline(always)]
fn pair(reader: &mut BitReader<'_>, table: &PairTable, powers: &[f32; 16]) -> [f32; 2] {
    let bits = reader.peek();
    let entry = table.look_up(bits);
    reader.skip(entry & 63);
    let signs = bits << (entry >> 6 & 63);
    let x = powers[(entry >> 12 & 15) as usize];
    let y = powers[(entry >> 16 & 15) as usize];
    [signed(x, signs), signed(y, signs << (entry >> 20 & 1))]
}

/// The value, negative when the highest bit is set.
#[inline(always)]
fn signed(value: f32, bits: u64) -> f32 {
    f32::from_bits(value.to_bits() | (bits >> 32) as u32 & 0x8000_0000)
}

/// Pairs of a table whose 15 is continued by extra bits.
#[inline(always)]
fn decode_large_pairs(reader: &mut BitReader<'_>, table: &PairTable, extra: u32, lines: &mut [f32]) {
    let powers: &[f32; LARGEST + 1] = &POWERS;
    let (pairs, _) = lines.as_chunks_mut::<2>();
    let mut local = *reader;
    for [to_x, to_y] in pairs {
        local.refill();
        let bits = local.peek();
        let entry = table.look_up(bits);
        let (x, y) = ((entry >> 12 & 15) as usize, (entry >> 16 & 15) as usize);
        if x < 15 && y < 15 {
            local.skip(entry & 63);
            let signs = bits << (entry >> 6 & 63);
            *to_x = signed(powers[x], signs);
            *to_y = signed(powers[y], signs << (entry >> 20 & 1));
        } else {
            // At most 17 bits of word, 26 extra ones and 2 signs.
            local.skip(entry >> 6 & 63);
            *to_x = large(&mut local, x, extra, powers);
            *to_y = large(&mut local, y, extra, powers);
        }
    }
    *reader = local;
}

#[inline]
fn large(reader: &mut BitReader<'_>, value: usize, extra: u32, powers: &[f32; LARGEST + 1]) -> f32 {
    let mut value = value;
    if value == 15 {
        value += (reader.peek() >> (64 - extra)) as usize;
        reader.skip(extra);
    }
    let result = signed(powers.get(value).copied().unwrap_or(0.0), reader.peek());
    reader.skip(u32::from(value > 0));
    result
}

/// The values of a quadruple by its two masks: the lower bits say which are not zero, the upper ones which are negative.
static QUADS: [[f32; 4]; 256] = {
    let mut all = [[0.0; 4]; 256];
    let mut masks = 0;
    while masks < 256 {
        let mut value = 0;
        while value < 4 {
            if masks << value & 0b1000 != 0 {
                all[masks][value] = if masks << value & 0b1000_0000 != 0 { -1.0 } else { 1.0 };
            }
            value += 1;
        }
        masks += 1;
    }
    all
};

/// Decodes quadruples into these lines until the bits or the lines end, and returns the line behind them.
#[inline(always)]
fn decode_quads(
    reader: &mut BitReader<'_>,
    second_code: bool,
    end: usize,
    lines: &mut Spectrum,
    into: Range<usize>,
) -> usize {
    let table = &*CODES.quads[usize::from(second_code)];
    let mut line = into.start;
    let mut local = *reader;
    for to in lines.get_mut(into).unwrap_or_default().chunks_mut(4) {
        if local.position() >= end {
            break;
        }
        local.refill();
        let entry = table[(local.peek() >> 54) as usize];
        local.skip(u32::from(entry & 15));
        // What reaches beyond the end is stuffing.
        if local.position() > end {
            break;
        }
        let values = &QUADS[usize::from(entry >> 4 & 0xFF)];
        line += to.len();
        if let Some(to) = to.first_chunk_mut() {
            *to = *values;
        } else {
            to.copy_from_slice(&values[..to.len()]);
        }
    }
    *reader = local;
    line
}

/// Multiplies the lines of every band.
#[inline(always)]
fn scale(lines: &mut Spectrum, count: usize, gains: &[f32], layout: &BandLayout) {
    let mut rest = lines.get_mut(..count).unwrap_or_default();
    for (&width, &gain) in layout.widths().iter().zip(gains) {
        let (band, behind) = rest.split_at_mut(rest.len().min(usize::from(width)));
        if band.is_empty() {
            break;
        }
        band.iter_mut().for_each(|line| *line *= gain);
        rest = behind;
    }
}
