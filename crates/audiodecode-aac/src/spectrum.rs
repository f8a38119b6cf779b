mod pairs;
mod quads;

use std::sync::LazyLock;

use self::pairs::Pairs;
use self::quads::Quads;
use crate::bit_reader::BitReader;
use crate::huffman_tables as tables;
use crate::ics_info::IcsInfo;
use crate::sections::{RESERVED, ZERO};

/// Lines of a block.
pub(crate) type Spectrum = [f32; 1024];

/// Codebooks 1 to 4 and 5 to 11, in that order.
static CODEBOOKS: LazyLock<([Quads; 4], [Pairs; 7])> = LazyLock::new(|| {
    let quads = [
        Quads::signed(&tables::SPECTRUM_1),
        Quads::signed(&tables::SPECTRUM_2),
        Quads::unsigned(&tables::SPECTRUM_3),
        Quads::unsigned(&tables::SPECTRUM_4),
    ];
    let pairs = [
        Pairs::signed(&tables::SPECTRUM_5),
        Pairs::signed(&tables::SPECTRUM_6),
        Pairs::unsigned(&tables::SPECTRUM_7, 8),
        Pairs::unsigned(&tables::SPECTRUM_8, 8),
        Pairs::unsigned(&tables::SPECTRUM_9, 13),
        Pairs::unsigned(&tables::SPECTRUM_10, 13),
        Pairs::unsigned(&tables::SPECTRUM_11, 17),
    ];
    (quads, pairs)
});

/// `spectral_data`, scaled by the bands' gains. Lines of bands without codewords stay as they are.
pub(crate) fn read_spectrum(
    reader: &mut BitReader<'_>,
    info: &IcsInfo,
    codebooks: &[u8],
    gains: &[f32],
    spectrum: &mut Spectrum,
) -> Result<(), &'static str> {
    let (quads, pairs) = &*CODEBOOKS;
    info.bands().try_for_each(|band| {
        let (Some(&codebook), Some(&gain)) = (codebooks.get(band.index), gains.get(band.index)) else {
            return Ok(());
        };
        if codebook == ZERO || codebook >= RESERVED {
            // Zero, noise and intensity have no codewords.
            return Ok(());
        }
        band.windows().try_for_each(|lines| {
            let Some(lines) = spectrum.get_mut(lines) else { return Ok(()) };
            match codebook {
                1 => quads[0].read_signed(reader, lines, gain),
                2 => quads[1].read_signed(reader, lines, gain),
                3 => quads[2].read_unsigned(reader, lines, gain),
                4 => quads[3].read_unsigned(reader, lines, gain),
                5 => pairs[0].read_signed(reader, lines, gain),
                6 => pairs[1].read_signed(reader, lines, gain),
                7 => pairs[2].read_unsigned(reader, lines, gain),
                8 => pairs[3].read_unsigned(reader, lines, gain),
                9 => pairs[4].read_unsigned(reader, lines, gain),
                10 => pairs[5].read_unsigned(reader, lines, gain),
                _ => return pairs[6].read_escaped(reader, lines, gain),
            }
            Ok(())
        })
    })?;
    reader.check()
}
