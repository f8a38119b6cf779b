//! The checksum of Ogg pages (RFC 3533), eight bytes at a time, since every page of a file is checked before it is decoded.

/// Most significant bit first.
const POLYNOMIAL: u32 = 0x04C1_1DB7;

/// `TABLES[n][byte]`: what a byte does to the checksum when `n` more follow it.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ POLYNOMIAL } else { crc << 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut after = 1;
    while after < 8 {
        byte = 0;
        while byte < 256 {
            let crc = tables[after - 1][byte];
            tables[after][byte] = crc << 8 ^ tables[0][(crc >> 24) as usize];
            byte += 1;
        }
        after += 1;
    }
    tables
}

/// Whether a whole page is what was written. The checksum counts as zero where it stands.
pub(crate) fn has_valid_checksum(page: &[u8]) -> bool {
    let (Some(head), Some(stated), Some(body)) =
        (page.get(..22), page.get(22..).and_then(|rest| rest.first_chunk::<4>()), page.get(26..))
    else {
        return false;
    };
    update(update(update(0, head), &[0; 4]), body) == u32::from_le_bytes(*stated)
}

fn update(mut crc: u32, bytes: &[u8]) -> u32 {
    let (eights, rest) = bytes.as_chunks::<8>();
    for &[a, b, c, d, e, f, g, h] in eights {
        let [a, b, c, d] = (crc ^ u32::from_be_bytes([a, b, c, d])).to_be_bytes();
        let entries = [a, b, c, d, e, f, g, h].into_iter().rev().zip(&TABLES);
        crc = entries.fold(0, |crc, (byte, table)| crc ^ table[usize::from(byte)]);
    }
    rest.iter().fold(crc, |crc, &byte| crc << 8 ^ TABLES[0][usize::from((crc >> 24) as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition: a bit at a time.
    fn slow(bytes: &[u8]) -> u32 {
        bytes.iter().fold(0u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte) << 24, |crc, _| {
                if crc & 0x8000_0000 != 0 { crc << 1 ^ POLYNOMIAL } else { crc << 1 }
            })
        })
    }

    #[test]
    fn any_number_of_bytes_gives_what_the_definition_gives() {
        let bytes: Vec<u8> = (0..100u32).map(|i| (i * i * 7 + 3) as u8).collect();
        for length in 0..bytes.len() {
            assert_eq!(update(0, &bytes[..length]), slow(&bytes[..length]), "{length}");
        }
        // The check value of this polynomial without inversions (CRC-32/MPEG-2 starts at ones, this one at zero).
        assert_eq!(update(0, b"123456789"), 0x89A1_897F);
    }
}
