use std::sync::LazyLock;

use crate::bit_reader::BitReader;
use crate::huffman::{Follow, Huffman};
use crate::huffman_tables::SCALE_FACTORS;
use crate::ics_info::MAX_BANDS;
use crate::quantizer::gain;
use crate::sections::{INTENSITY, INTENSITY_OUT_OF_PHASE, NOISE, ZERO};

static CODEBOOK: LazyLock<Huffman> = LazyLock::new(|| Huffman::new(&SCALE_FACTORS, |_| Follow::default()));

/// The gain of every band: of its lines, of its noise, or of the left channel's lines where there is intensity stereo.
pub(crate) type Gains = [f32; MAX_BANDS];

/// What separates noise energies from the global gain (`NOISE_OFFSET`), and half of what 9 bits can hold.
const NOISE_OFFSET: i32 = 90 + 256;

/// `scale_factor_data` (ISO/IEC 14496-3, 4.6.2.3.2, 4.6.8.2.3 and 4.6.13.3): three lines of differences, woven into each other.
pub(crate) fn read_scale_factors(
    reader: &mut BitReader<'_>,
    global_gain: i32,
    codebooks: &[u8],
    gains: &mut Gains,
) -> Result<(), &'static str> {
    let book = &*CODEBOOK;
    let (mut scale_factor, mut intensity, mut noise) = (global_gain, 0, None);
    for (gain_of, &codebook) in gains.iter_mut().zip(codebooks) {
        let found = match codebook {
            ZERO => Some(0.0),
            INTENSITY | INTENSITY_OUT_OF_PHASE => {
                intensity += difference(reader, book);
                gain(-intensity)
            }
            NOISE => {
                let energy = match noise {
                    Some(before) => before + difference(reader, book),
                    None => global_gain - NOISE_OFFSET + reader.read(9) as i32,
                };
                noise = Some(energy);
                gain(energy)
            }
            _ => {
                scale_factor += difference(reader, book);
                // Lines of gain 1 have a scale factor of 100 (`SF_OFFSET`).
                gain(scale_factor - 100)
            }
        };
        *gain_of = found.ok_or("a scale factor is out of range")?;
    }
    reader.check()
}

fn difference(reader: &mut BitReader<'_>, book: &Huffman) -> i32 {
    reader.refill();
    let entry = book.find(reader.window());
    reader.skip(entry.skip());
    entry.index() as i32 - 60
}
