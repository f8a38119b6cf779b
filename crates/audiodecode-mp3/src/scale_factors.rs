use crate::Header;
use crate::band_layout::BandLayout;
use crate::bit_reader::BitReader;
use crate::side_info::{Block, ChannelInfo};

/// Most bands a granule has.
pub(crate) const MAX_BANDS: usize = 39;

/// What stands for a direction that means "not intensity": 7 in MPEG-1, the largest value of its width in MPEG-2.
pub(crate) const NO_DIRECTION: u8 = u8::MAX;

/// Bits of the lower and upper bands by `scalefac_compress` (ISO/IEC 11172-3 §2.4.2.7).
const WIDTHS: [(u32, u32); 16] = [
    (0, 0),
    (0, 1),
    (0, 2),
    (0, 3),
    (3, 0),
    (1, 1),
    (1, 2),
    (1, 3),
    (2, 1),
    (2, 2),
    (2, 3),
    (3, 1),
    (3, 2),
    (3, 3),
    (4, 2),
    (4, 3),
];

/// First bands of the four groups that granules can share.
const SHARED_GROUPS: [usize; 5] = [0, 6, 11, 16, 21];

/// Bands of each of the four widths in MPEG-2, by table and kind of block (ISO/IEC 13818-3 §2.4.3.2).
const LOW_RATE_COUNTS: [[[usize; 4]; 3]; 6] = [
    [[6, 5, 5, 5], [9, 9, 9, 9], [6, 9, 9, 9]],
    [[6, 5, 7, 3], [9, 9, 12, 6], [6, 9, 12, 6]],
    [[11, 10, 0, 0], [18, 18, 0, 0], [15, 18, 0, 0]],
    [[7, 7, 7, 0], [12, 12, 12, 0], [6, 15, 12, 0]],
    [[6, 6, 6, 3], [12, 9, 9, 6], [6, 12, 9, 6]],
    [[8, 8, 5, 0], [15, 12, 9, 0], [6, 18, 9, 0]],
];

/// Added to the upper long bands when `preflag` is set (ISO/IEC 11172-3 Table B.6).
const PRETAB: [u8; 22] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0];

/// The scale factors of one granule of one channel as they are coded, in the order of the bands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScaleFactors {
    pub(crate) values: [u8; MAX_BANDS],
    /// Directions where the channel is the right one of an intensity pair: the same values, [`NO_DIRECTION`] where they mean that.
    pub(crate) directions: [u8; MAX_BANDS],
}

impl ScaleFactors {
    pub(crate) const NONE: Self = Self { values: [0; MAX_BANDS], directions: [0; MAX_BANDS] };

    /// Reads them. `shared` says which groups stay those of the first granule.
    pub(crate) fn read(
        &mut self,
        reader: &mut BitReader<'_>,
        header: Header,
        info: &ChannelInfo,
        shared: [bool; 4],
        right_of_intensity: bool,
    ) {
        if header.is_mpeg1() {
            self.read_mpeg1(reader, info, shared);
        } else {
            self.read_low_rate(reader, info, right_of_intensity);
        }
    }

    fn read_mpeg1(&mut self, reader: &mut BitReader<'_>, info: &ChannelInfo, shared: [bool; 4]) {
        let (low, high) = WIDTHS.get(info.scale_factor_compress as usize).copied().unwrap_or((0, 0));
        let direction = |value: u8| if value >= 7 { NO_DIRECTION } else { value };
        match info.block {
            Block::Long(_) | Block::LongMixed(_) | Block::None => {
                for (group, shared) in shared.into_iter().enumerate() {
                    if !shared {
                        let width = if group < 2 { low } else { high };
                        self.fill(reader, SHARED_GROUPS[group]..SHARED_GROUPS[group + 1], width, direction);
                    }
                }
                self.clear_from(21);
            }
            Block::Short => {
                self.fill(reader, 0..18, low, direction);
                self.fill(reader, 18..36, high, direction);
                self.clear_from(36);
            }
            Block::Mixed => {
                self.fill(reader, 0..17, low, direction);
                self.fill(reader, 17..35, high, direction);
                self.clear_from(35);
            }
        }
    }

    fn read_low_rate(&mut self, reader: &mut BitReader<'_>, info: &ChannelInfo, right_of_intensity: bool) {
        let (table, widths) = low_rate_widths(info.scale_factor_compress, right_of_intensity);
        let kind = match info.block {
            Block::Long(_) | Block::LongMixed(_) | Block::None => 0,
            Block::Short => 1,
            Block::Mixed => 2,
        };
        let mut band = 0;
        for (count, width) in LOW_RATE_COUNTS[table][kind].into_iter().zip(widths) {
            let most = (1_u16 << width) - 1;
            let direction = |value: u8| {
                if width > 0 && u16::from(value) == most { NO_DIRECTION } else { value }
            };
            self.fill(reader, band..band + count, width, direction);
            band += count;
        }
        self.clear_from(band);
    }

    fn fill(
        &mut self,
        reader: &mut BitReader<'_>,
        bands: std::ops::Range<usize>,
        width: u32,
        direction: impl Fn(u8) -> u8,
    ) {
        for band in bands {
            let value = reader.take(width) as u8;
            if let (Some(to), Some(towards)) = (self.values.get_mut(band), self.directions.get_mut(band)) {
                *to = value;
                *towards = direction(value);
            }
        }
    }

    fn clear_from(&mut self, band: usize) {
        self.values.iter_mut().skip(band).for_each(|value| *value = 0);
        self.directions.iter_mut().skip(band).for_each(|value| *value = 0);
    }

    /// What the lines of every band are multiplied by (ISO/IEC 11172-3 §2.4.3.4), times 2^(`quarters` / 4).
    pub(crate) fn gains(&self, info: &ChannelInfo, layout: &BandLayout, quarters: i32) -> [f32; MAX_BANDS] {
        let mut gains = [0.0; MAX_BANDS];
        let step = if info.coarse { 4 } else { 2 };
        // The standard's 210, as pairs are scaled to full scale and not to 16 bits.
        let gain = info.global_gain - 210 + quarters;
        for (band, (to, &value)) in gains.iter_mut().zip(&self.values).take(layout.count).enumerate() {
            let (emphasis, lowered) = if band < layout.long {
                (if info.preflag { PRETAB.get(band).copied().unwrap_or(0) } else { 0 }, 0)
            } else {
                let window = (band - layout.long) % 3;
                (0, 8 * i32::from(info.subblock_gain[window]))
            };
            *to = power_of_2(gain - lowered - step * (i32::from(value) + i32::from(emphasis)));
        }
        gains
    }
}

/// 2^(quarters / 4), the power of two exact.
pub(crate) fn power_of_2(quarters: i32) -> f32 {
    const ROOTS: [f32; 4] = [1.0, 1.189_207_1, std::f32::consts::SQRT_2, 1.681_792_8];
    let exponent = (quarters >> 2).clamp(-126, 127);
    let whole = f32::from_bits(((exponent + 127) as u32) << 23);
    whole * ROOTS[(quarters & 3) as usize]
}

/// Which table of counts holds and how wide the four groups are.
fn low_rate_widths(compress: u32, right_of_intensity: bool) -> (usize, [u32; 4]) {
    if right_of_intensity {
        return match compress >> 1 {
            c @ 0..180 => (3, [c / 36, c % 36 / 6, c % 6, 0]),
            c @ 180..244 => (4, [(c - 180) >> 4, (c - 180) >> 2 & 3, (c - 180) & 3, 0]),
            c => (5, [(c - 244) / 3, (c - 244) % 3, 0, 0]),
        };
    }
    match compress {
        c @ 0..400 => (0, [(c >> 4) / 5, (c >> 4) % 5, c >> 2 & 3, c & 3]),
        c @ 400..500 => (1, [((c - 400) >> 2) / 5, ((c - 400) >> 2) % 5, c & 3, 0]),
        c => (2, [(c - 500) / 3, (c - 500) % 3, 0, 0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_exact_and_their_roots_rounded_once() {
        for quarters in -400..180_i32 {
            let expected = 2_f64.powf(f64::from(quarters) / 4.0).max(f64::from(f32::MIN_POSITIVE));
            let error = f64::from(power_of_2(quarters)) / expected - 1.0;
            assert!(error.abs() < 6e-8, "{quarters}: {error:e}");
        }
    }
}
