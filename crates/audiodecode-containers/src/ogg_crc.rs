/// CRC-32 of an Ogg page (RFC 3533, 6): polynomial 0x04c11db7, not reflected, over the page with its checksum field zero.
pub(crate) fn page_checksum(page: &[u8]) -> u32 {
    let (head, rest) = page.split_at(page.len().min(22));
    let field = rest.len().min(4);
    update(update(update(0, head), &[0; 4][..field]), &rest[field..])
}

/// Bytes of each of two stretches whose checksums are calculated side by side: one alone waits for its own look-ups.
const LANE: usize = 512;

fn update(mut crc: u32, bytes: &[u8]) -> u32 {
    let (pairs, rest) = bytes.as_chunks::<{ 2 * LANE }>();
    for pair in pairs {
        let (first, second) = pair.split_at(LANE);
        let (mut left, mut right) = (crc, 0);
        for (first, second) in first.as_chunks::<16>().0.iter().zip(second.as_chunks::<16>().0) {
            left = sixteen(left, first);
            right = sixteen(right, second);
        }
        let [a, b, c, d] = left.to_be_bytes().map(usize::from);
        crc = BEHIND_LANE[0][a] ^ BEHIND_LANE[1][b] ^ BEHIND_LANE[2][c] ^ BEHIND_LANE[3][d] ^ right;
    }
    let (chunks, rest) = rest.as_chunks::<16>();
    let crc = chunks.iter().fold(crc, sixteen);
    rest.iter().fold(crc, |crc, &byte| crc << 8 ^ CRC[0][usize::from((crc >> 24) as u8 ^ byte)])
}

#[inline(always)]
fn sixteen(crc: u32, bytes: &[u8; 16]) -> u32 {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
    let [w, x, y, z] = crc.to_be_bytes();
    // All but the first four are independent of the checksum so far, so that the processor can look them up ahead.
    let near = CRC[11][usize::from(e)]
        ^ CRC[10][usize::from(f)]
        ^ CRC[9][usize::from(g)]
        ^ CRC[8][usize::from(h)]
        ^ CRC[7][usize::from(i)]
        ^ CRC[6][usize::from(j)]
        ^ CRC[5][usize::from(k)]
        ^ CRC[4][usize::from(l)]
        ^ CRC[3][usize::from(m)]
        ^ CRC[2][usize::from(n)]
        ^ CRC[1][usize::from(o)]
        ^ CRC[0][usize::from(p)];
    let far = (CRC[15][usize::from(a ^ w)] ^ CRC[14][usize::from(b ^ x)])
        ^ (CRC[13][usize::from(c ^ y)] ^ CRC[12][usize::from(d ^ z)]);
    near ^ far
}

/// `CRC[n][byte]`: the checksum of a byte with n zero bytes behind it, so that sixteen bytes are looked up at once.
static CRC: [[u32; 256]; 16] = {
    let mut tables = [[0u32; 256]; 16];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < 16 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before << 8 ^ tables[0][(before >> 24) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
};

/// What the bytes of a checksum, the highest one first, have become behind a lane of zeros.
static BEHIND_LANE: [[u32; 256]; 4] = {
    let mut tables = [[0u32; 256]; 4];
    let mut bit = 0;
    while bit < 32 {
        let mut crc = 1u32 << bit;
        let mut zeros = 0;
        while zeros < LANE {
            crc = crc << 8 ^ CRC[0][(crc >> 24) as usize];
            zeros += 1;
        }
        // Checksums of sums are sums of checksums.
        let (table, flag) = (3 - bit / 8, 1 << (bit % 8));
        let mut byte = flag;
        while byte < 256 {
            if byte & flag != 0 {
                tables[table][byte] ^= crc;
            }
            byte += 1;
        }
        bit += 1;
    }
    tables
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_polynomial_comes_out() {
        // The same polynomial from all ones is CRC-32/MPEG-2 in the catalogue of parametrised CRC algorithms.
        assert_eq!(update(0xffff_ffff, b"123456789"), 0x0376_e6e7);
    }

    #[test]
    fn many_bytes_at_once_and_one_at_a_time_agree() {
        let bytes: Vec<u8> = (0..3100u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for length in [0, 1, 15, 16, 17, 31, 100, 1023, 1024, 1025, 2048, 3100] {
            let slow = bytes[..length].iter().fold(0x1234_5678, |crc, &byte| update(crc, &[byte]));
            assert_eq!(update(0x1234_5678, &bytes[..length]), slow, "{length} bytes");
        }
    }
}
