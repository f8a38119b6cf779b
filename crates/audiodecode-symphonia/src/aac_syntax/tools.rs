//! What lies between a channel's sections and its spectrum.

use super::codebook::codebooks;
use super::cursor::Cursor;
use super::ics_info::IcsInfo;
use super::sections::{NOISE, Sections, ZERO};

/// `scale_factor_data`: a codeword for every band that is not zero; the first one of noise is 9 plain bits.
pub(super) fn skip_scale_factors(cursor: &mut Cursor<'_>, sections: &Sections) -> Option<()> {
    let [scale_factors, ..] = codebooks();
    let mut noise_met = false;
    for section in sections.iter().filter(|section| section.codebook != ZERO) {
        let mut count = usize::from(section.to - section.from);
        if section.codebook == NOISE && !std::mem::replace(&mut noise_met, true) {
            cursor.skip(9);
            count -= 1;
        }
        scale_factors.skip(cursor, count)?;
    }
    Some(())
}

/// `pulse_data`. Pulses beyond the transmitted bands are refused: how loud they are would depend on earlier packets.
pub(super) fn skip_pulses(cursor: &mut Cursor<'_>, info: &IcsInfo) -> Option<()> {
    if !cursor.flag()? {
        return Some(());
    }
    let count = cursor.read(2)? as usize + 1;
    let first = cursor.read(6)? as usize;
    let mut line = info.offset(first);
    for _ in 0..count {
        line += cursor.read(9)? as usize >> 4;
    }
    (info.long && first < info.max_sfb && line < info.offset(info.max_sfb)).then_some(())
}

/// `tns_data`, as far as AAC-LC allows it.
pub(super) fn skip_tns(cursor: &mut Cursor<'_>, info: &IcsInfo) -> Option<()> {
    if !cursor.flag()? {
        return Some(());
    }
    // Bits of the filter count, a filter's length and its order; and the highest order.
    let (windows, filter_bits, length_bits, order_bits, most) =
        if info.long { (1, 2, 6, 5, 12) } else { (8, 1, 4, 3, 7) };
    for _ in 0..windows {
        let filters = cursor.read(filter_bits)?;
        let resolution = if filters > 0 { 3 + cursor.read(1)? } else { 3 };
        for _ in 0..filters {
            cursor.read(length_bits)?;
            let order = cursor.read(order_bits)?;
            if order > most {
                return None;
            }
            if order > 0 {
                let _direction = cursor.read(1)?;
                let compressed = cursor.read(1)?;
                cursor.skip((order * (resolution - compressed)) as usize);
            }
        }
    }
    cursor.within()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aac_syntax::bands::bands;

    #[test]
    fn pulses_stay_within_the_transmitted_bands() {
        // At 44.1 kHz, 10 bands end at line 40: one pulse from band 9, line 36.
        let pulse = |offset: u32| {
            let bits: u32 = 1 << 31 | 9 << 23 | offset << 18;
            let info = IcsInfo::read(&mut Cursor::new(&[0b0000_0010, 0b1000_0000]), bands(4)?)?;
            assert_eq!(info.max_sfb, 10);
            skip_pulses(&mut Cursor::new(&bits.to_be_bytes()), &info)
        };
        assert_eq!(pulse(3), Some(()));
        assert_eq!(pulse(4), None);
    }
}
