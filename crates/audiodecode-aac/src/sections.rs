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
