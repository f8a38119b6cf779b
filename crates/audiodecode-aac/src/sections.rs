use crate::bit_reader::BitReader;
use crate::ics_info::{IcsInfo, MAX_BANDS};

/// Codebook numbers that stand for no codewords (ISO/IEC 14496-3, table 4.151).
pub(crate) const ZERO: u8 = 0;
pub(crate) const RESERVED: u8 = 12;
pub(crate) const NOISE: u8 = 13;
pub(crate) const INTENSITY_OUT_OF_PHASE: u8 = 14;
pub(crate) const INTENSITY: u8 = 15;

/// The codebook of every band, in the order of [`IcsInfo::bands`].
pub(crate) type Codebooks = [u8; MAX_BANDS];

/// `section_data`: runs of bands that share a codebook.
pub(crate) fn read_sections(
    reader: &mut BitReader<'_>,
    info: &IcsInfo,
    codebooks: &mut Codebooks,
) -> Result<(), &'static str> {
    let width = if info.is_long() { 5 } else { 3 };
    let escape = (1 << width) - 1;
    for group in codebooks.chunks_mut(info.max_sfb.max(1)).take(info.groups) {
        let mut from = 0;
        while from < info.max_sfb {
            let codebook = reader.read(4) as u8;
            let mut to = from;
            loop {
                let more = reader.read(width);
                to += more as usize;
                if more != escape || to > info.max_sfb {
                    break;
                }
            }
            // A section may be empty, so that only the packet's end ends a run of them.
            reader.check()?;
            if codebook == RESERVED {
                return Err("a reserved codebook is used");
            }
            group.get_mut(from..to).ok_or("a section is longer than the spectrum")?.fill(codebook);
            from = to;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bands::Bands;
    use crate::ics_info::WindowSequence;

    fn read(bits: &str, info: &IcsInfo) -> Result<Codebooks, &'static str> {
        let padded = format!("{bits:0<width$}", width = bits.len().next_multiple_of(8));
        let byte = |at: usize| u8::from_str_radix(&padded[at..at + 8], 2).expect("bits");
        let bytes: Vec<u8> = (0..padded.len()).step_by(8).map(byte).collect();
        let mut codebooks = [ZERO; MAX_BANDS];
        read_sections(&mut BitReader::new(&bytes), info, &mut codebooks).map(|()| codebooks)
    }

    #[test]
    fn sections_fill_the_bands_of_every_group() {
        let long = IcsInfo { max_sfb: 40, ..IcsInfo::silent(Bands::at(44_100)) };
        // 31 and 2 of codebook 7, none of 3, 7 of 15.
        let found = read("01111111100010001100000111100111", &long).expect("sections");
        assert_eq!((&found[..33], &found[33..40]), (&[7; 33][..], &[15; 7][..]));
        // Two groups of 3 bands: 1 and 2 in the first, 3 in the second.
        let mut short = IcsInfo { max_sfb: 3, groups: 2, ..long };
        short.sequence = WindowSequence::EightShort;
        let found = read("000100100100100101011", &short).expect("sections");
        assert_eq!(found[..6], [1, 2, 2, 5, 5, 5]);
    }

    #[test]
    fn reserved_endless_and_overlong_sections_are_refused() {
        let info = IcsInfo { max_sfb: 40, ..IcsInfo::silent(Bands::at(44_100)) };
        // 31 and 9 of codebook 11, and of 12.
        assert!(read("10111111101001", &info).is_ok());
        assert!(read("11001111101001", &info).is_err());
        assert!(read(&"000100000".repeat(1000), &info).is_err());
        assert!(read("00011111101010", &info).is_err());
    }
}
